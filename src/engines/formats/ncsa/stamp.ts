/**
 * When each request was received: `[10/Oct/2000:13:55:36 -0700]`, whole seconds with the offset of the server's zone.
 * No string is made here; what is no time leaves the row undated. Spec: Apache mod_log_config, %t.
 */
import { utf8 } from "../../../base/bytes.ts";
import { UNDATED } from "../../../base/time.ts";
import { MILLIS_MAX, MILLIS_MIN, putTicks, timeAt, twoDigits } from "../byte-time.ts";
import { COLUMNS, Column } from "./layout.ts";
import type { Rows } from "./scan.ts";

const PLUS = 43;
const DASH = 45;
const BLANK = 32;
const MINUTE = 60_000;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
/** The month of its three letters as one number. */
const MONTH_OF: ReadonlyMap<number, number> = new Map(
  MONTHS.map((name, month) => {
    const [first, second, third] = utf8(name);
    return [lettersOf(first, second, third), month];
  }),
);

/** The day that was worked out last: most rows are of the same. */
interface Day {
  /** Day of the month, letters of the month and year, as in the log. */
  date: number;
  letters: number;
  year: number;
  millis: number;
}

/** Ticks of all rows into `ticks`, less the skew; UNDATED where a time is none. */
export function stampRows(
  bytes: Uint8Array,
  rows: Rows,
  skewMillis: number,
  ticks: BigInt64Array,
): void {
  const halves = new Int32Array(ticks.buffer, ticks.byteOffset, ticks.length * 2);
  const skew = Math.round(skewMillis);
  const day: Day = { date: -1, letters: -1, year: -1, millis: Number.NaN };
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
  const letters = lettersOf(bytes[at + 3], bytes[at + 4], bytes[at + 5]);
  const century = twoDigits(bytes, at + 7);
  const decade = twoDigits(bytes, at + 9);
  if (date < 1 || century < 0 || decade < 0) return Number.NaN;
  const year = century * 100 + decade;
  if (date === day.date && letters === day.letters && year === day.year) return day.millis;
  const millis = Date.UTC(year, MONTH_OF.get(letters) ?? Number.NaN, date);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, and lets 31 April be 1 May.
  const isReal = year >= 1601 && new Date(millis).getUTCDate() === date;
  day.date = date;
  day.letters = letters;
  day.year = year;
  day.millis = isReal ? millis : Number.NaN;
  return day.millis;
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

function lettersOf(first = 0, second = 0, third = 0): number {
  return (first << 16) | (second << 8) | third;
}
