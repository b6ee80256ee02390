/**
 * When each row's request began. IIS logs the END of a request, in whole seconds (`date`, `time`), and how long it
 * took, in milliseconds (`time-taken`). No string is made here; what is no time leaves the row undated.
 */
import { UNDATED } from "../../../base/time.ts";
import {
  type Day,
  dayAt,
  MILLIS_MAX,
  MILLIS_MIN,
  noDay,
  putTicks,
  timeAt,
} from "../time/byte-time.ts";
import type { WallClock } from "../time/wall-clock.ts";
import type { Layout } from "./layout.ts";
import type { Rows } from "./scan.ts";

const DAY = 86_400_000;
/** time-taken is a 32-bit count of milliseconds. */
const TAKEN_MAX = 0xffff_ffff;
/** `yyyy-mm-dd`, and `yyyy-mm-dd hh:mm:ss`. */
const DATE_CHARS = 10;
const DIRECTIVE_CHARS = 19;
const ZERO = 48;

/** What one file's rows have in common when they are dated; lives as long as the reading of the file. */
export interface Calendar {
  readonly clock: WallClock;
  readonly day: Day;
  /** Day of the last `#Date` directive, for logs without a `date` column; NaN where there was none. */
  directiveMillis: number;
  /** Time of day of the row before, where the days come from `#Date`: midnight shows as a fall. */
  lastTime: number;
}

/** A calendar that has seen nothing yet. */
export function makeCalendar(clock: WallClock): Calendar {
  return { clock, day: noDay(), directiveMillis: Number.NaN, lastTime: 0 };
}

/** Takes over the day of a `#Date` directive (`2021-08-12 00:00:04`); rows go on from its time. */
export function setDirectiveTime(calendar: Calendar, text: string): void {
  const bytes = new TextEncoder().encode(text.slice(0, DIRECTIVE_CHARS));
  calendar.directiveMillis = dayAt(calendar.day, bytes, 0, Math.min(bytes.length, DATE_CHARS));
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
  return dayAt(calendar.day, bytes, dateStart, (starts[first + layout.date + 1] ?? 0) - 1) + time;
}

/** The next day; after the last that can be written there is none. */
function passMidnight(calendar: Calendar): void {
  const next = calendar.directiveMillis + DAY;
  calendar.directiveMillis = next <= MILLIS_MAX ? next : Number.NaN;
}
