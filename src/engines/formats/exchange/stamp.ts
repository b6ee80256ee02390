/**
 * When each row was written: Exchange logs UTC as ISO 8601 with milliseconds. No string is made of such a time; others
 * are read more slowly, and what is no time leaves the row undated.
 */
import {
  TICKS_PER_MILLISECOND,
  UNDATED,
  millisFromTicks,
  parseTime,
  toTicks,
} from "../../../base/time.ts";
import { type Day, dayAt, MILLIS_MAX, MILLIS_MIN, putTicks, timeAt } from "../time/byte-time.ts";
import type { RowStarts } from "../csv/scan.ts";
import { decodeText } from "../text/encoding.ts";
import type { WallClock } from "../time/wall-clock.ts";
import type { Layout } from "./layout.ts";

const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const BLANK = 0x20;
const DOT = 0x2e;
const ZERO = 48;
const DATE_CHARS = 10;
const CLOCK_CHARS = 19;
/** `2021-08-12T09:14:04.123Z`. */
const USUAL_CHARS = 24;
const TIME_CHARS_MAX = 40;
const OFFSET = /[+-]\d\d:?\d\d$/;

/** Ticks of the first `rows.length` rows into `ticks`, UNDATED where there is no time. About 5 GB/s of log. */
export function stampRows(
  bytes: Uint8Array,
  rows: RowStarts,
  layout: Layout,
  clock: WallClock,
  skewMillis: number,
  day: Day,
  ticks: BigInt64Array,
): void {
  const stride = layout.columns.names.length + 1;
  // In halves: a BigInt for each row costs more than all the rest.
  const halves = new Int32Array(ticks.buffer, ticks.byteOffset, ticks.length * 2);
  for (let row = 0; row < rows.length; row++) {
    const slot = row * stride + layout.time;
    const from = layout.time < 0 ? 0 : (rows.starts[slot] ?? 0);
    const to = layout.time < 0 ? 0 : (rows.starts[slot + 1] ?? 0) - 1;
    const wall = usualMillis(bytes, from, to, day);
    const millis = Number.isNaN(wall) ? wall : clock(wall);
    // Written so that NaN, which is no time, fails it too.
    if (millis >= MILLIS_MIN && millis <= MILLIS_MAX) putTicks(halves, row, millis);
    else ticks[row] = Number.isNaN(wall) ? otherTicks(bytes, from, to, clock, skewMillis) : UNDATED;
  }
}

/** Wall-clock milliseconds of a time as Exchange writes it; NaN where it is another. */
function usualMillis(bytes: Uint8Array, from: number, to: number, day: Day): number {
  if (to - from !== USUAL_CHARS || bytes[to - 1] !== LETTER_Z) return Number.NaN;
  const middle = bytes[from + DATE_CHARS];
  if ((middle !== LETTER_T && middle !== BLANK) || bytes[from + CLOCK_CHARS] !== DOT)
    return Number.NaN;
  let fraction = 0;
  for (let at = from + CLOCK_CHARS + 1; at < to - 1; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    fraction = fraction * 10 + digit;
  }
  return (
    dayAt(day, bytes, from, from + DATE_CHARS) +
    timeAt(bytes, from + DATE_CHARS + 1, from + CLOCK_CHARS) +
    fraction
  );
}

/** Ticks of any other ISO 8601. */
function otherTicks(
  bytes: Uint8Array,
  from: number,
  to: number,
  clock: WallClock,
  skewMillis: number,
): bigint {
  if (to - from < DATE_CHARS || to - from > TIME_CHARS_MAX) return UNDATED;
  const text = decodeText(bytes.subarray(from, to)).replaceAll('"', "");
  const read = parseTime(text);
  if (read === null) return UNDATED;
  const wall = millisFromTicks(read.ticks);
  const millis = OFFSET.test(text) ? wall - skewMillis : clock(wall);
  return toTicks(read.ticks + BigInt(Math.round(millis - wall)) * TICKS_PER_MILLISECOND) ?? UNDATED;
}
