/**
 * Times of ClamAV's logs, read from their bytes: `Sat Aug 14 03:12:07 2021 -> ` before a line, also behind the level, and
 * `2021:08:14 03:12:07` in a summary. They have no zone. Refuses what is no real day or time of day: such a row is undated. Spec: docs/formats/clamav.md.
 */
import { utf8 } from "../../../base/bytes.ts";
import { hasShape, isDigit, shapeOf } from "../text/byte-shape.ts";
import { type Day, dayMillis, monthAt, timeAt, twoDigits } from "../time/byte-time.ts";
import { beginsWith } from "../text/text-lines.ts";

const LEVELS = ["WARNING: ", "ERROR: "].map(utf8);
const DAY = shapeOf("Aaa Aaa ");
const CLOCK = shapeOf(" 00:00:00 0000 -> ");
const SUMMARY_TIME = shapeOf("0000:00:00 00:00:00");
const BLANK = 32;
const ZERO = 48;

/** Where the weekday of a line's time stands; -1 where the line has no time, or one of a month that is none. */
export function stampAt(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (const level of LEVELS) if (beginsWith(bytes, from, to, level)) at = from + level.length;
  if (!hasShape(bytes, at, to, DAY) || monthAt(bytes, at + 4) === 0) return -1;
  return hasShape(bytes, clockAt(bytes, at), to, CLOCK) ? at : -1;
}

/** The wall clock of the time whose weekday stands at `at`; NaN where it is none. */
export function stampWallMillis(bytes: Uint8Array, at: number, day: Day): number {
  const clock = clockAt(bytes, at);
  const tens = isDigit(bytes[clock - 2]) ? (bytes[clock - 2] ?? 0) - ZERO : 0;
  const date = tens * 10 + (bytes[clock - 1] ?? 0) - ZERO;
  const year = twoDigits(bytes, clock + 10) * 100 + twoDigits(bytes, clock + 12);
  return dayMillis(day, year, monthAt(bytes, at + 4), date) + timeAt(bytes, clock + 1, clock + 9);
}

/** Where the time starts that a line of a summary says after `lead`; -1 where it says something else. */
export function summaryTimeAt(
  bytes: Uint8Array,
  from: number,
  to: number,
  lead: Uint8Array,
): number {
  if (!beginsWith(bytes, from, to, lead)) return -1;
  let at = from + lead.length;
  while (bytes[at] === BLANK) at++;
  return to - at === SUMMARY_TIME.length && hasShape(bytes, at, to, SUMMARY_TIME) ? at : -1;
}

/** The wall clock of a summary's time at `at`, `2021:08:14 03:12:07`; NaN where it is none. */
export function summaryWallMillis(bytes: Uint8Array, at: number, day: Day): number {
  const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
  const first = dayMillis(day, year, twoDigits(bytes, at + 5), twoDigits(bytes, at + 8));
  return first + timeAt(bytes, at + 11, at + 19);
}

/** The blank before the time of day: one blank or two stand before the day of the month, which has one digit or two. */
function clockAt(bytes: Uint8Array, at: number): number {
  let date = at + DAY.length;
  if (bytes[date] === BLANK) date++;
  if (!isDigit(bytes[date])) return date;
  return isDigit(bytes[date + 1]) ? date + 2 : date + 1;
}
