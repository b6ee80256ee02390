/**
 * Times of logs read from their bytes and kept as ticks, without a string or a BigInt between. Refuses what is no real
 * day or time of day; zones are the caller's.
 */
import { utf8 } from "../../../base/bytes.ts";

/** The years that Ticks hold (base/time.ts), in milliseconds since 1970. */
export const MILLIS_MIN: number = Date.UTC(1601, 0, 1);
export const MILLIS_MAX: number = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const ZERO = 48;
const DASH = 45;
const COLON = 58;

/** The day that was worked out last: rows of a log mostly share it. */
export interface Day {
  /** As yyyymmdd. */
  day: number;
  /** Its first millisecond, NaN where it is none. */
  dayMillis: number;
}

/** No day yet. */
export function noDay(): Day {
  return { day: -1, dayMillis: Number.NaN };
}

/**
 * Puts the ticks of whole milliseconds, and `ticks` beyond them, into a row of a column given as halves, exact: both
 * products stay below 2^53.
 */
export function putTicks(halves: Int32Array, row: number, millis: number, ticks = 0): void {
  const high = Math.floor(millis / TWO_20);
  // Ticks are high * 2^20 + low; the lower 12 bits of `high` reach into the lower half.
  const highTicks = high * TICKS_A_MILLISECOND;
  const upper = Math.floor(highTicks / TWO_12);
  const low =
    (highTicks - upper * TWO_12) * TWO_20 + (millis - high * TWO_20) * TICKS_A_MILLISECOND + ticks;
  const carry = Math.floor(low / TWO_32);
  halves[row * 2] = low - carry * TWO_32;
  halves[row * 2 + 1] = upper + carry;
}

const TICKS_A_MILLISECOND = 10_000;
const TWO_12 = 4_096;
const TWO_20 = 1_048_576;
const TWO_32 = 4_294_967_296;

/** Milliseconds of `hh:mm:ss` in bytes[from..to), NaN where they are anything else. */
export function timeAt(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 8 || bytes[from + 2] !== COLON || bytes[from + 5] !== COLON) return Number.NaN;
  const hour = twoDigits(bytes, from);
  const minute = twoDigits(bytes, from + 3);
  const second = twoDigits(bytes, from + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return Number.NaN;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** First millisecond of the day `yyyy-mm-dd` in bytes[from..to), NaN where they are anything else. */
export function dayAt(last: Day, bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 10 || bytes[from + 4] !== DASH || bytes[from + 7] !== DASH) return Number.NaN;
  const century = twoDigits(bytes, from);
  const decade = twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const date = twoDigits(bytes, from + 8);
  if (century < 0 || decade < 0 || month < 1 || date < 1) return Number.NaN;
  return dayMillis(last, century * 100 + decade, month, date);
}

/** First millisecond of a day; NaN where the calendar has none. Months count from 1. */
export function dayMillis(last: Day, year: number, month: number, date: number): number {
  const day = year * 10_000 + month * 100 + date;
  if (day === last.day) return last.dayMillis;
  const millis = Date.UTC(year, month - 1, date);
  last.day = day;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, and lets 31 April be 1 May.
  const real = year >= 1601 && month >= 1 && month <= 12 && new Date(millis).getUTCDate() === date;
  last.dayMillis = real ? millis : Number.NaN;
  return last.dayMillis;
}

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
/** The month of its three letters as one number. */
const MONTH_OF: ReadonlyMap<number, number> = new Map(
  Array.from({ length: 12 }, (_, month) => [lettersAt(utf8(MONTHS), month * 3), month + 1]),
);

/** The month, from 1, that begins with the three letters at `at`; 0 where none does. */
export function monthAt(bytes: Uint8Array, at: number): number {
  return MONTH_OF.get(lettersAt(bytes, at)) ?? 0;
}

function lettersAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

/** The number of two ASCII digits, or -1. */
export function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}
