/**
 * The time of a record out of its bytes: ISO 8601 as every service writes it, without a string; all other forms slowly
 * (/Date(…)/ of Windows PowerShell, offsets). What is no time leaves the record undated.
 */
import { Buffer } from "node:buffer";
import { UNDATED, parseTime, toTicks } from "../../../base/time.ts";
import { dayAt, noDay, timeAt } from "../time/byte-time.ts";
import { skewTicks } from "../time/moment.ts";
import { timeTextOf } from "../windows-event/event.ts";

/** A time as it was read; used again for the next. */
export interface Stamp {
  ticks: bigint;
  /** Decimals of the second: 0, 3 or 7. The services cut zeros off the end, so that a log of milliseconds also shows one or two. */
  digits: number;
  /** False: the text named no zone. */
  isZoned: boolean;
}

/** Longer values are no times. */
const CHARS_MAX = 64;
const QUOTE = 34;
const DOT = 46;
const ZERO = 48;
const LETTER_T = 84;
const LETTER_Z = 90;

/** Reads times of one file: days are worked out once. */
export class Stamper {
  readonly stamp: Stamp = { ticks: UNDATED, digits: 0, isZoned: true };
  readonly #skewTicks: bigint;
  readonly #day = noDay();

  /** `skewMillis` is taken off every time. */
  constructor(skewMillis: number) {
    this.#skewTicks = skewTicks({ skewMillis });
  }

  /** Reads the JSON value at bytes[start..end) into `stamp`; false where it is no time. About 10 million a second. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const isRead = this.#readPlain(bytes, start, end) || this.#readText(textAt(bytes, start, end));
    if (isRead && this.#skewTicks !== 0n) {
      const ticks = toTicks(this.stamp.ticks - this.#skewTicks);
      if (ticks === null) return this.forget();
      this.stamp.ticks = ticks;
    }
    return isRead;
  }

  /** Leaves the record undated. */
  forget(): false {
    this.stamp.ticks = UNDATED;
    this.stamp.digits = 0;
    this.stamp.isZoned = true;
    return false;
  }

  /** `"2021-08-12T09:14:04"`, with up to seven decimals, with or without Z. */
  #readPlain(bytes: Uint8Array, start: number, end: number): boolean {
    const at = start + 1;
    if (end - start < 21 || bytes[start] !== QUOTE || bytes[at + 10] !== LETTER_T) return false;
    let stop = end - 1;
    const isZoned = bytes[stop - 1] === LETTER_Z;
    if (isZoned) stop--;
    const decimals = stop - at - 20;
    if (stop !== at + 19 && (bytes[at + 19] !== DOT || decimals < 1 || decimals > 7)) return false;
    const millis = dayAt(this.#day, bytes, at, at + 10) + timeAt(bytes, at + 11, at + 19);
    if (Number.isNaN(millis)) return false;
    let fraction = 0;
    for (let digit = 0; digit < 7; digit++) {
      const value = digit < decimals ? (bytes[at + 20 + digit] ?? 0) - ZERO : 0;
      if (value < 0 || value > 9) return false;
      fraction = fraction * 10 + value;
    }
    this.stamp.ticks = BigInt(millis) * 10_000n + BigInt(fraction);
    this.stamp.digits = decimals <= 0 ? 0 : decimals <= 3 ? 3 : 7;
    this.stamp.isZoned = isZoned;
    return true;
  }

  /** Any other way to write a time. */
  #readText(json: string): boolean {
    const value = valueOf(json);
    const read = parseTime(timeTextOf(value));
    if (read === null) return this.forget();
    this.stamp.ticks = read.ticks;
    this.stamp.digits = read.digits === 0 ? 0 : read.digits <= 3 ? 3 : 7;
    this.stamp.isZoned = read.zoned;
    return true;
  }
}

function textAt(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > CHARS_MAX) return "";
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

/** A text or a number; a value is whole JSON, checked by the scan, or text of a column. */
function valueOf(json: string): string | number | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" || typeof value === "number" ? value : undefined;
  } catch {
    return undefined;
  }
}
