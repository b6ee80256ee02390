/**
 * Times of tables as most of them write them, read from their bytes: ISO 8601, three numbers with a time of day, counts since
 * 1970. Refuses all else, which day-order.ts reads as text; whatever is read here means the same there.
 */
import { wholeNumber } from "../text/byte-number.ts";
import { type Day, dayAt, dayMillis, noDay, timeAt, twoDigits } from "../time/byte-time.ts";
import type { DayReading } from "../time/day-order.ts";

/** A time, and how its text says it; used again for the next. */
export interface UsualTime {
  /** On the clock of the text, or UTC where it names its offset. */
  millis: number;
  /** Ticks beyond the millisecond. */
  ticks: number;
  digits: number;
  zone: "none" | "z" | "offset";
  readonly day: Day;
}

/** No time yet. */
export function noTime(): UsualTime {
  return { millis: Number.NaN, ticks: 0, digits: 0, zone: "none", day: noDay() };
}

const ZERO = 0x30;
const BLANK = 0x20;
const PLUS = 0x2b;
const DASH = 0x2d;
const DOT = 0x2e;
const SLASH = 0x2f;
const COLON = 0x3a;
const LETTER_A = 0x41;
const LETTER_M = 0x4d;
const LETTER_P = 0x50;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const DATE_CHARS = 10;
const CLOCK_CHARS = 19;
const OFFSET_CHARS = 6;
const DECIMALS_MAX = 7;
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Reads `2021-08-13T04:12:33.1234567+01:00`, less of it, or with a blank for the T; false where it is anything else. */
export function readIso(bytes: Uint8Array, from: number, to: number, time: UsualTime): boolean {
  time.ticks = 0;
  time.digits = 0;
  time.zone = "none";
  time.millis = dayAt(time.day, bytes, from, Math.min(to, from + DATE_CHARS));
  if (to - from === DATE_CHARS) return !Number.isNaN(time.millis);
  const middle = bytes[from + DATE_CHARS];
  if (to - from < CLOCK_CHARS || (middle !== LETTER_T && middle !== BLANK)) return false;
  time.millis += timeAt(bytes, from + DATE_CHARS + 1, from + CLOCK_CHARS);
  const behind = readDecimals(bytes, from + CLOCK_CHARS, to, time);
  return behind >= 0 && readZone(bytes, behind, to, time) && !Number.isNaN(time.millis);
}

/** Decimals of the second, if there are any; the byte behind them, or -1 where they are too many or none. */
function readDecimals(bytes: Uint8Array, from: number, to: number, time: UsualTime): number {
  if (from >= to || bytes[from] !== DOT) return from;
  let at = from + 1;
  let count = 0;
  for (; at < to; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    count = count * 10 + digit;
  }
  const digits = at - from - 1;
  if (digits < 1 || digits > DECIMALS_MAX) return -1;
  for (let more = digits; more < DECIMALS_MAX; more++) count *= 10;
  time.millis += Math.floor(count / 10_000);
  time.ticks = count % 10_000;
  time.digits = digits;
  return at;
}

function readZone(bytes: Uint8Array, at: number, to: number, time: UsualTime): boolean {
  if (at === to) return true;
  const sign = bytes[at];
  if (sign === LETTER_Z) {
    time.zone = "z";
    return at + 1 === to;
  }
  if ((sign !== PLUS && sign !== DASH) || to - at !== OFFSET_CHARS || bytes[at + 3] !== COLON)
    return false;
  const hours = twoDigits(bytes, at + 1);
  const minutes = twoDigits(bytes, at + 4);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
  time.millis -= (sign === PLUS ? 1 : -1) * (hours * HOUR + minutes * MINUTE);
  time.zone = "offset";
  return true;
}

/** Reads `13/08/2021 04:12:33`, `8/13/2021 4:12 AM` or the day alone, as the file's dates are read; false for all else. */
export function readNumbers(
  bytes: Uint8Array,
  from: number,
  to: number,
  { order }: Pick<DayReading, "order">,
  time: UsualTime,
): boolean {
  const second = behindNumber(bytes, from);
  const separator = bytes[second - 1];
  const year = behindNumber(bytes, second);
  if (separator !== SLASH && separator !== DOT && separator !== DASH) return false;
  if (bytes[year - 1] !== separator || year + 4 > to) return false;
  const one = numberAt(bytes, from, second - 1);
  const two = numberAt(bytes, second, year - 1);
  const century = twoDigits(bytes, year);
  const decade = twoDigits(bytes, year + 2);
  if (one < 0 || two < 0 || century < 0 || decade < 0) return false;
  const [date, month] = order === "day-first" ? [one, two] : [two, one];
  time.ticks = 0;
  time.digits = 0;
  time.zone = "none";
  time.millis = dayMillis(time.day, century * 100 + decade, month, date);
  const clock = year + 4 === to ? 0 : clockAt(bytes, year + 4, to);
  time.millis += clock;
  return !Number.isNaN(time.millis);
}

/** The byte behind one or two digits and what follows them. */
function behindNumber(bytes: Uint8Array, from: number): number {
  return from + (isDigit(bytes, from + 1) ? 3 : 2);
}

/** One or two digits. */
function numberAt(bytes: Uint8Array, from: number, to: number): number {
  if (to - from === 2) return twoDigits(bytes, from);
  return isDigit(bytes, from) ? (bytes[from] ?? 0) - ZERO : -1;
}

function isDigit(bytes: Uint8Array, at: number): boolean {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit >= 0 && digit <= 9;
}

/** Milliseconds of ` 4:12:33 AM`, with or without seconds and halves of the day; NaN where it is anything else. */
function clockAt(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== BLANK) return Number.NaN;
  const minutes = behindNumber(bytes, from + 1);
  let hour = numberAt(bytes, from + 1, minutes - 1);
  const minute = twoDigits(bytes, minutes);
  let at = minutes + 2;
  if (bytes[minutes - 1] !== COLON || hour < 0 || minute < 0 || minute > 59 || at > to)
    return Number.NaN;
  let second = 0;
  if (at + 3 <= to && bytes[at] === COLON) {
    second = twoDigits(bytes, at + 1);
    at += 3;
  }
  if (at + 3 === to && bytes[at] === BLANK && bytes[at + 2] === LETTER_M) {
    const half = bytes[at + 1];
    if ((half !== LETTER_A && half !== LETTER_P) || hour < 1 || hour > 12) return Number.NaN;
    hour = (hour % 12) + (half === LETTER_P ? 12 : 0);
    at += 3;
  }
  if (at !== to || hour > 23 || second < 0 || second > 59) return Number.NaN;
  return hour * HOUR + minute * MINUTE + second * 1000;
}

/** Reads a whole count since 1970, each of so many milliseconds; false for all else. */
export function readCount(
  bytes: Uint8Array,
  from: number,
  to: number,
  unitMillis: 1 | 1000,
  time: UsualTime,
): boolean {
  const count = wholeNumber(bytes, from, to);
  if (count < 0) return false;
  time.millis = count * unitMillis;
  time.ticks = 0;
  time.digits = unitMillis === 1 ? 3 : 0;
  time.zone = "z";
  return true;
}
