/**
 * When each row's request began. IIS logs the END of a request, in whole seconds (`date`, `time`), and how long it
 * took, in milliseconds (`time-taken`). No string is made here; what is no time leaves the row undated.
 */
import { UNDATED } from "../../../base/time.ts";
import type { WallClock } from "../wall-clock.ts";
import type { Layout } from "./layout.ts";
import type { Rows } from "./scan.ts";

const DAY = 86_400_000;
/** time-taken is a 32-bit count of milliseconds. */
const TAKEN_MAX = 0xffff_ffff;
/** The years that Ticks hold (base/time.ts). */
const MILLIS_MIN = Date.UTC(1601, 0, 1);
const MILLIS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** `yyyy-mm-dd`, and `yyyy-mm-dd hh:mm:ss`. */
const DATE_CHARS = 10;
const DIRECTIVE_CHARS = 19;
const ZERO = 48;
const DASH = 45;
const COLON = 58;

/** What one file's rows have in common when they are dated; lives as long as the reading of the file. */
export interface Calendar {
  readonly clock: WallClock;
  /** The day that was worked out last, as yyyymmdd, and its first millisecond. */
  day: number;
  dayMillis: number;
  /** Day of the last `#Date` directive, for logs without a `date` column; NaN where there was none. */
  directiveMillis: number;
  /** Time of day of the row before, where the days come from `#Date`: midnight shows as a fall. */
  lastTime: number;
}

/** A calendar that has seen nothing yet. */
export function makeCalendar(clock: WallClock): Calendar {
  return { clock, day: -1, dayMillis: Number.NaN, directiveMillis: Number.NaN, lastTime: 0 };
}

/** Takes over the day of a `#Date` directive (`2021-08-12 00:00:04`); rows go on from its time. */
export function setDirectiveTime(calendar: Calendar, text: string): void {
  const bytes = new TextEncoder().encode(text.slice(0, DIRECTIVE_CHARS));
  calendar.directiveMillis = dayAt(calendar, bytes, 0, Math.min(bytes.length, DATE_CHARS));
  calendar.lastTime = timeAt(bytes, DATE_CHARS + 1, bytes.length) || 0;
}

/** The text of a `#Date` directive from which the rows would go on in the same way; null where no row has a day. */
export function directiveTimeOf({ directiveMillis, lastTime }: Calendar): string | null {
  if (Number.isNaN(directiveMillis)) return null;
  const iso = new Date(directiveMillis + lastTime).toISOString();
  return iso.slice(0, DIRECTIVE_CHARS).replace("T", " ");
}

/**
 * Ticks of the first `rows.length` rows into `ticks`: end minus time-taken, UNDATED where date or time is none.
 * About 3 GB/s of log text.
 */
export function stampRows(
  bytes: Uint8Array,
  rows: Rows,
  layout: Layout,
  calendar: Calendar,
  ticks: BigInt64Array,
): void {
  const stride = layout.names.length + 1;
  // In halves: a BigInt for each row costs more than all the rest.
  const halves = new Int32Array(ticks.buffer, ticks.byteOffset, ticks.length * 2);
  for (let row = 0; row < rows.length; row++) {
    const end = wallMillisAt(bytes, rows.starts, row * stride, layout, calendar);
    const start = calendar.clock(end) - takenAt(bytes, rows.starts, row * stride, layout);
    // Written so that NaN, which is no time, fails it too.
    if (start >= MILLIS_MIN && start <= MILLIS_MAX) putTicks(halves, row, start);
    else ticks[row] = UNDATED;
  }
}

/** Ticks of whole milliseconds, exact: both products stay below 2^53. */
function putTicks(halves: Int32Array, row: number, millis: number): void {
  const high = Math.floor(millis / TWO_20);
  // Ticks are high * 2^20 + low; the lower 12 bits of `high` reach into the lower half.
  const highTicks = high * TICKS_A_MILLISECOND;
  const upper = Math.floor(highTicks / TWO_12);
  const low =
    (highTicks - upper * TWO_12) * TWO_20 + (millis - high * TWO_20) * TICKS_A_MILLISECOND;
  const carry = Math.floor(low / TWO_32);
  halves[row * 2] = low - carry * TWO_32;
  halves[row * 2 + 1] = upper + carry;
}

const TICKS_A_MILLISECOND = 10_000;
const TWO_12 = 4_096;
const TWO_20 = 1_048_576;
const TWO_32 = 4_294_967_296;

/** Milliseconds that the request of a row took, 0 where the row does not say. */
export function takenAt(
  bytes: Uint8Array,
  starts: Int32Array,
  first: number,
  layout: Layout,
): number {
  if (layout.taken < 0) return 0;
  const from = starts[first + layout.taken] ?? 0;
  const to = (starts[first + layout.taken + 1] ?? 0) - 1;
  if (to <= from || to - from > 10) return 0;
  let taken = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return 0;
    taken = taken * 10 + digit;
  }
  return taken <= TAKEN_MAX ? taken : 0;
}

/** The logged end of a row's request as wall-clock milliseconds; NaN where it is none. */
function wallMillisAt(
  bytes: Uint8Array,
  starts: Int32Array,
  first: number,
  layout: Layout,
  calendar: Calendar,
): number {
  if (layout.time < 0) return Number.NaN;
  const timeStart = starts[first + layout.time] ?? 0;
  const time = timeAt(bytes, timeStart, (starts[first + layout.time + 1] ?? 0) - 1);
  if (layout.date < 0) {
    // Without a date column the day is the directive's, and a fall by half a day is a midnight.
    if (time < calendar.lastTime - DAY / 2) passMidnight(calendar);
    if (!Number.isNaN(time)) calendar.lastTime = time;
    return calendar.directiveMillis + time;
  }
  const dateStart = starts[first + layout.date] ?? 0;
  return dayAt(calendar, bytes, dateStart, (starts[first + layout.date + 1] ?? 0) - 1) + time;
}

/** The next day; after the last that can be written there is none. */
function passMidnight(calendar: Calendar): void {
  const next = calendar.directiveMillis + DAY;
  calendar.directiveMillis = next <= MILLIS_MAX ? next : Number.NaN;
}

/** Milliseconds of `hh:mm:ss` in bytes[from..to), NaN where they are anything else. */
function timeAt(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 8 || bytes[from + 2] !== COLON || bytes[from + 5] !== COLON) return Number.NaN;
  const hour = twoDigits(bytes, from);
  const minute = twoDigits(bytes, from + 3);
  const second = twoDigits(bytes, from + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** First millisecond of the day `yyyy-mm-dd` in bytes[from..to), NaN where they are anything else. */
function dayAt(calendar: Calendar, bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 10 || bytes[from + 4] !== DASH || bytes[from + 7] !== DASH) return Number.NaN;
  const century = twoDigits(bytes, from);
  const decade = twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const date = twoDigits(bytes, from + 8);
  if (century < 0 || decade < 0 || month < 1 || date < 1) return Number.NaN;
  const year = century * 100 + decade;
  const day = year * 10_000 + month * 100 + date;
  if (day === calendar.day) return calendar.dayMillis;
  const millis = Date.UTC(year, month - 1, date);
  calendar.day = day;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, and lets 31 April be 1 May.
  const real = year >= 1601 && month <= 12 && new Date(millis).getUTCDate() === date;
  calendar.dayMillis = real ? millis : Number.NaN;
  return calendar.dayMillis;
}

/** The number of two ASCII digits, or -1. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}
