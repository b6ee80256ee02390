/**
 * When each request was received: `[10/Oct/2000:13:55:36 -0700]`, whole seconds with the offset of the server's zone.
 * No string is made here; what is no time leaves the row undated. Spec: Apache mod_log_config, %t.
 */
import { UNDATED } from "../../../base/time.ts";
import {
  type Day,
  MILLIS_MAX,
  MILLIS_MIN,
  dayMillis,
  monthAt,
  noDay,
  putTicks,
  timeAt,
  twoDigits,
} from "../time/byte-time.ts";
import { COLUMNS, Column } from "./layout.ts";
import type { Rows } from "./scan.ts";

const PLUS = 43;
const DASH = 45;
const BLANK = 32;
const MINUTE = 60_000;

/** Ticks of all rows into `ticks`, less the skew; UNDATED where a time is none. */
export function stampRows(
  bytes: Uint8Array,
  rows: Rows,
  skewMillis: number,
  ticks: BigInt64Array,
): void {
  const halves = new Int32Array(ticks.buffer, ticks.byteOffset, ticks.length * 2);
  const skew = Math.round(skewMillis);
  const day = noDay();
  for (let row = 0; row < rows.length; row++) {
    const at = rows.edges[(row * COLUMNS + Column.time) * 2] ?? 0;
    const wall = dayMillisAt(bytes, at + 1, day) + timeAt(bytes, at + 13, at + 21);
    const millis = wall - zoneAt(bytes, at + 21) - skew;
    // Written so that NaN, which is no time, fails it too.
    if (millis >= MILLIS_MIN && millis <= MILLIS_MAX) putTicks(halves, row, millis);
    else ticks[row] = UNDATED;
  }
}

/** First millisecond of the day `10/Oct/2000`; NaN where it is none. */
function dayMillisAt(bytes: Uint8Array, at: number, day: Day): number {
  const date = twoDigits(bytes, at);
  const century = twoDigits(bytes, at + 7);
  const decade = twoDigits(bytes, at + 9);
  if (date < 1 || century < 0 || decade < 0) return Number.NaN;
  return dayMillis(day, century * 100 + decade, monthAt(bytes, at + 3), date);
}

/** Milliseconds that ` -0700` is ahead of UTC; NaN where it is none. */
function zoneAt(bytes: Uint8Array, at: number): number {
  const sign = bytes[at + 1];
  const hours = twoDigits(bytes, at + 2);
  const minutes = twoDigits(bytes, at + 4);
  const isZone = bytes[at] === BLANK && (sign === PLUS || sign === DASH);
  if (!isZone || hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return Number.NaN;
  return (sign === DASH ? -1 : 1) * (hours * 60 + minutes) * MINUTE;
}
