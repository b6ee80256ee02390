/**
 * A time axis for the drawings. Times before 1990 or well after the as-of time come from clocks that were
 * never set: they are drawn at the edge and counted, so that one of them does not squeeze months into a pixel.
 */
import { millisFromTicks, TICKS_PER_DAY, ticksFromMillis, toTicks } from "../../base/time.ts";

export interface Axis {
  readonly from: bigint;
  readonly to: bigint;
  /** How many of the times lie outside and are drawn at an edge. */
  readonly outside: number;
  readonly marks: readonly { readonly x: number; readonly label: string }[];
  /** Horizontal place of a time, rounded to a tenth; times outside stand at the edge. */
  x(ticks: bigint): number;
}

const EARLIEST = BigInt(Date.UTC(1990, 0, 1)) * 10_000n;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 5, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14].map((days) => days * DAY),
];
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120];
const MARKS_MAX = 9;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The axis over the times, `left` to `right` in drawing units; null where no time can be placed. */
export function axisOver(
  times: readonly bigint[],
  asOf: bigint,
  left: number,
  right: number,
): Axis | null {
  const latest = asOf + TICKS_PER_DAY;
  const inside = times.filter((ticks) => ticks >= EARLIEST && ticks <= latest);
  const first = inside[0];
  if (first === undefined) return null;
  let from = first;
  let to = first;
  for (const ticks of inside) {
    if (ticks < from) from = ticks;
    if (ticks > to) to = ticks;
  }
  if (to === from) to = from + TICKS_PER_DAY;
  const length = Number(to - from);
  const x = (ticks: bigint) => {
    const share = Math.min(1, Math.max(0, Number(ticks - from) / length));
    return Math.round((left + share * (right - left)) * 10) / 10;
  };
  const marks = marksBetween(millis(from), millis(to)).map(({ at, label }) => ({
    x: x(ticksFromMillis(at) ?? from),
    label,
  }));
  return { from, to, outside: times.length - inside.length, marks, x };
}

function millis(ticks: bigint): number {
  const time = toTicks(ticks);
  return time === null ? 0 : millisFromTicks(time);
}

/** Round times between two, at most MARKS_MAX of them. */
function marksBetween(from: number, to: number): { at: number; label: string }[] {
  const step = STEPS.find((length) => (to - from) / length <= MARKS_MAX);
  return step === undefined ? monthMarks(from, to) : evenMarks(from, to, step);
}

function evenMarks(from: number, to: number, step: number) {
  const marks = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step)
    marks.push({ at, label: label(at, step) });
  return marks;
}

function monthMarks(from: number, to: number) {
  const months = (to - from) / (30.4 * DAY);
  const step = MONTH_STEPS.find((length) => months / length <= MARKS_MAX) ?? 1200;
  const start = new Date(from);
  const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
  const marks = [];
  for (let month = Math.ceil(first / step) * step; ; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (at > to) return marks;
    const name = step < 12 ? `${MONTHS[month % 12] ?? ""} ` : "";
    if (at >= from) marks.push({ at, label: `${name}${Math.floor(month / 12)}` });
  }
}

function label(at: number, step: number): string {
  const date = new Date(at);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ""}`;
  if (step >= DAY) return day;
  return step >= MINUTE
    ? `${day} ${date.toISOString().slice(11, 16)}`
    : date.toISOString().slice(11, 19);
}
