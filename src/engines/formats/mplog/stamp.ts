/**
 * Times of an MPLog, read from its bytes: `2021-08-14T03:12:07.123Z` before a line, `08-14-2021 04:12:07` within a block.
 * Refuses what is no real day or time of day: such a row is undated.
 */
import { isDigit, hasShape, shapeOf } from "../text/byte-shape.ts";
import {
  type Day,
  MILLIS_MAX,
  MILLIS_MIN,
  dayAt,
  dayMillis,
  timeAt,
  twoDigits,
} from "../time/byte-time.ts";
import type { DayOrder } from "../../../model/evidence.ts";
import type { RowTime } from "../text/text-rows.ts";

const STAMP = shapeOf("0000-00-00T00:00:00");
const OFFSET = shapeOf("00:00");
/** The time of a block: which of the first two numbers is the day is another question. */
const LOCAL = shapeOf("00-00-0000 00:00:00");
const DATE_BYTES = 10;
const FRACTION_DIGITS_MAX = 7;
const TICKS_A_MILLISECOND = 10_000;
const MINUTE = 60_000;
const BLANK = 32;
const PLUS = 43;
const DASH = 45;
const DOT = 46;
const ZERO = 48;
const Z = 90;

/** The byte behind the time that a line begins with, where a blank stands; -1 where it begins with none. */
export function stampEnd(bytes: Uint8Array, from: number, to: number): number {
  if (!hasShape(bytes, from, to, STAMP)) return -1;
  let at = from + STAMP.length;
  if (bytes[at] === DOT) {
    const digits = at + 1;
    for (at = digits; isDigit(bytes[at]); at++);
    if (at === digits || at > digits + FRACTION_DIGITS_MAX) return -1;
  }
  const isOffset = bytes[at] === PLUS || bytes[at] === DASH;
  if (bytes[at] === Z) at++;
  else if (isOffset && hasShape(bytes, at + 1, to, OFFSET)) at += 1 + OFFSET.length;
  else return -1;
  return at < to && bytes[at] === BLANK ? at : -1;
}

/** Reads a time from `from` on, which ends at `end` as stampEnd says; the clock was `skew` milliseconds ahead. */
export function readStamp(
  bytes: Uint8Array,
  from: number,
  end: number,
  day: Day,
  skew: number,
  time: RowTime,
): void {
  const seconds = from + STAMP.length;
  const wall =
    dayAt(day, bytes, from, from + DATE_BYTES) + timeAt(bytes, from + DATE_BYTES + 1, seconds);
  let digits = 0;
  let fraction = 0;
  if (bytes[seconds] === DOT)
    for (let at = seconds + 1; isDigit(bytes[at]); at++, digits++)
      fraction = fraction * 10 + (bytes[at] ?? 0) - ZERO;
  for (let digit = digits; digit < FRACTION_DIGITS_MAX; digit++) fraction *= 10;
  const millis = wall + Math.floor(fraction / TICKS_A_MILLISECOND) - zoneMillis(bytes, end);
  // The time must be one before the skew, too. Written so that NaN fails it.
  const isTime = millis >= MILLIS_MIN && millis <= MILLIS_MAX;
  time.millis = isTime ? millis - skew : Number.NaN;
  time.ticks = fraction % TICKS_A_MILLISECOND;
  time.digits = digits;
  time.zoneAssumed = null;
}

/** Milliseconds that the zone before `end` is ahead of UTC; NaN where it is none. */
function zoneMillis(bytes: Uint8Array, end: number): number {
  if (bytes[end - 1] === Z) return 0;
  const sign = bytes[end - OFFSET.length - 1] === DASH ? -1 : 1;
  const hours = twoDigits(bytes, end - OFFSET.length);
  const minutes = twoDigits(bytes, end - 2);
  return hours > 23 || minutes > 59 ? Number.NaN : sign * (hours * 60 + minutes) * MINUTE;
}

/** Whether bytes[from..to) are a time as blocks have it, and nothing else. */
export function isBlockTime(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === LOCAL.length && hasShape(bytes, from, to, LOCAL);
}

/** Where the time of a block starts with which the line ends; -1 where it ends with none. */
export function blockTimeAt(bytes: Uint8Array, from: number, to: number): number {
  const at = to - LOCAL.length;
  return at >= from && hasShape(bytes, at, to, LOCAL) ? at : -1;
}

/** The wall clock of a block's time at `at`; NaN where the order of day and month makes it no real day. */
export function blockWallMillis(bytes: Uint8Array, at: number, day: Day, order: DayOrder): number {
  const [first, second] = [twoDigits(bytes, at), twoDigits(bytes, at + 3)];
  const year = twoDigits(bytes, at + 6) * 100 + twoDigits(bytes, at + 8);
  const [month, date] = order === "month-first" ? [first, second] : [second, first];
  const clock = at + DATE_BYTES + 1;
  return dayMillis(day, year, month, date) + timeAt(bytes, clock, clock + 8);
}
