/**
 * Values that print as ASCII, written digit by digit into bytes: no string is made on the way.
 * Each function writes at `at` of `out`, and gives the byte after; a value of n bytes prints as at most 3n + 32.
 * Formats: [MS-DTYP] 2.3.3 FILETIME, 2.3.4 GUID, 2.3.13 SYSTEMTIME, 2.4.2.1 SID.
 */
import { utf8 } from "../../../base/bytes.ts";

const ZERO = 0x30;
const HYPHEN = 0x2d;
const COLON = 0x3a;
const LOWER_DIGITS = utf8("0123456789abcdef");
const UPPER_DIGITS = utf8("0123456789ABCDEF");

/** An integer of up to 2^53, with its sign. */
export function putInteger(out: Uint8Array, at: number, value: number): number {
  if (value < 0) {
    out[at] = HYPHEN;
    return putInteger(out, at + 1, -value);
  }
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits++;
  return putPadded(out, at, value, digits);
}

/** Exactly `digits` decimal digits, zeros in front. */
function putPadded(out: Uint8Array, at: number, value: number, digits: number): number {
  if (value > 0x7fff_ffff) {
    // In two parts, so that the digits come from integers: a division of doubles costs several times as much.
    const upper = Math.floor(value / 100_000);
    putPadded(out, at, upper, digits - 5);
    return putPadded(out, at + digits - 5, value - upper * 100_000, 5);
  }
  let rest = value | 0;
  for (let to = at + digits - 1; to >= at; to--) {
    const tenth = (rest / 10) | 0;
    out[to] = ZERO + (rest - tenth * 10);
    rest = tenth;
  }
  return at + digits;
}

/** `0x` and lower-case digits, no zeros in front, of a number given in halves. */
export function putHex(out: Uint8Array, at: number, low: number, high: number): number {
  out[at] = ZERO;
  out[at + 1] = 0x78;
  let digits = high === 0 ? hexDigits(low) : 8 + hexDigits(high);
  const end = at + 2 + digits;
  for (let shift = 0, to = end - 1; digits > 0; digits--, to--, shift += 4) {
    const half = shift < 32 ? low : high;
    out[to] = LOWER_DIGITS[(half >>> (shift & 31)) & 15] ?? 0;
  }
  return end;
}

function hexDigits(value: number): number {
  return value === 0 ? 1 : 8 - (Math.clz32(value) >>> 2);
}

/** Upper-case digits, two a byte; `out` must have room for them all. */
export function putBinary(
  out: Uint8Array,
  at: number,
  view: DataView,
  from: number,
  size: number,
): number {
  let to = at;
  for (let index = from; index < from + size; index++) to = putByte(out, to, view.getUint8(index));
  return to;
}

function putByte(out: Uint8Array, at: number, byte: number): number {
  out[at] = UPPER_DIGITS[byte >>> 4] ?? 0;
  out[at + 1] = UPPER_DIGITS[byte & 15] ?? 0;
  return at + 2;
}

/** Bytes of a GUID in the order in which they print: the first three groups are stored low byte first. */
const GUID_ORDER = Uint8Array.of(3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15);
/** 1 where a hyphen follows the byte. */
const GUID_HYPHEN = Uint8Array.of(0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0);

/** `{UPPERCASE}`. */
export function putGuid(out: Uint8Array, at: number, view: DataView, from: number): number {
  out[at] = 0x7b;
  let to = at + 1;
  for (let index = 0; index < 16; index++) {
    to = putByte(out, to, view.getUint8(from + (GUID_ORDER[index] ?? 0)));
    if (GUID_HYPHEN[index] === 1) out[to++] = HYPHEN;
  }
  out[to] = 0x7d;
  return to + 1;
}

/** Bytes that the SID at `at` takes, by its count of parts; more than `available` where it is cut. */
export function sidSize(view: DataView, at: number, available: number): number {
  return available < 8 ? available + 1 : 8 + 4 * view.getUint8(at + 1);
}

/** `S-1-5-…`; an authority beyond 32 bits prints in hexadecimal. The caller has compared its size. */
export function putSid(out: Uint8Array, at: number, view: DataView, from: number): number {
  out[at] = 0x53;
  out[at + 1] = HYPHEN;
  let to = putInteger(out, at + 2, view.getUint8(from));
  out[to++] = HYPHEN;
  const high = view.getUint16(from + 2, false);
  const low = view.getUint32(from + 4, false);
  if (high === 0) to = putInteger(out, to, low);
  else {
    out[to] = ZERO;
    out[to + 1] = 0x78;
    to = putBinary(out, to + 2, view, from + 2, 6);
  }
  for (let part = 0; part < view.getUint8(from + 1); part++) {
    out[to++] = HYPHEN;
    to = putInteger(out, to, view.getUint32(from + 8 + part * 4, true));
  }
  return to;
}

const HIGH_UNIT = 4_294_967_296;
const TICKS_PER_DAY = 864_000_000_000;
const TICKS_PER_SECOND = 10_000_000;
const MILLIS_PER_DAY = 86_400_000;
/** Days from 1601-01-01 to 1970-01-01. */
const EPOCH_DAYS = 134_774;

/** Rows of a log follow each other: what is the same for seven minutes, and for a day, is worked out once. */
let lastHigh = -1;
let highDays = 0;
let highTicks = 0;
let lastDay = -1;
let dateLength = 0;
const date = new Uint8Array(16);

/**
 * ISO 8601 in UTC with all seven digits, of a FILETIME in halves.
 * Every FILETIME prints: Windows writes its highest for "never", which lies in the year 30828.
 */
export function putFiletime(out: Uint8Array, at: number, low: number, high: number): number {
  if (high !== lastHigh) {
    // high * 2^32 is exact in a double, and so is a remainder; only the quotient needs rounding.
    const whole = high * HIGH_UNIT;
    highTicks = whole % TICKS_PER_DAY;
    highDays = Math.round((whole - highTicks) / TICKS_PER_DAY);
    lastHigh = high;
  }
  const carries = highTicks + low >= TICKS_PER_DAY;
  const day = carries ? highDays + 1 : highDays;
  if (day !== lastDay) setDate(day);
  for (let index = 0; index < dateLength; index++) out[at + index] = date[index] ?? 0;
  const ticks = carries ? highTicks + low - TICKS_PER_DAY : highTicks + low;
  const seconds = Math.floor(ticks / TICKS_PER_SECOND);
  const to = putClock(out, at + dateLength, seconds);
  out[to] = 0x2e;
  const end = putPadded(out, to + 1, ticks - seconds * TICKS_PER_SECOND, 7);
  out[end] = 0x5a;
  return end + 1;
}

/** Makes `date` that of a day since 1601. */
function setDate(day: number): void {
  const time = new Date((day - EPOCH_DAYS) * MILLIS_PER_DAY);
  const [month, inMonth] = [time.getUTCMonth() + 1, time.getUTCDate()];
  dateLength = putDate(date, 0, time.getUTCFullYear(), month, inMonth);
  lastDay = day;
}

function putDate(out: Uint8Array, at: number, year: number, month: number, day: number): number {
  let to = year > 9999 ? putInteger(out, at, year) : putPadded(out, at, year, 4);
  out[to++] = HYPHEN;
  to = putPadded(out, to, month, 2);
  out[to++] = HYPHEN;
  to = putPadded(out, to, day, 2);
  out[to] = 0x54;
  return to + 1;
}

function putClock(out: Uint8Array, at: number, seconds: number): number {
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  putPadded(out, at, hours, 2);
  out[at + 2] = COLON;
  putPadded(out, at + 3, minutes - hours * 60, 2);
  out[at + 5] = COLON;
  return putPadded(out, at + 6, seconds - minutes * 60, 2);
}

/** Whether the SYSTEMTIME is a time at all; what is not is shown as its bytes. */
export function isSystemtime(view: DataView, from: number): boolean {
  const within = (index: number, least: number, most: number): boolean => {
    const part = view.getUint16(from + index * 2, true);
    return part >= least && part <= most;
  };
  const date = within(0, 1601, 9999) && within(1, 1, 12) && within(3, 1, 31);
  return date && within(4, 0, 23) && within(5, 0, 59) && within(6, 0, 59) && within(7, 0, 999);
}

/** ISO 8601 in UTC with the three digits that a SYSTEMTIME has. */
export function putSystemtime(out: Uint8Array, at: number, view: DataView, from: number): number {
  const part = (index: number): number => view.getUint16(from + index * 2, true);
  let to = putDate(out, at, part(0), part(1), part(3));
  to = putClock(out, to, part(4) * 3_600 + part(5) * 60 + part(6));
  out[to] = 0x2e;
  to = putPadded(out, to + 1, part(7), 3);
  out[to] = 0x5a;
  return to + 1;
}
