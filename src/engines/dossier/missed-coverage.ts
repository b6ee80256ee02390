/**
 * On which days of the calendar logs are missing, so that "nothing seen" is not read as "nothing there". Counts logs alone: states of
 * things have no days. Refuses to hatch every day because a log begins late: such logs are named instead.
 */
import { type Day, dayOfTicks } from "../../base/day.ts";
import { isPlausible, TICKS_PER_DAY } from "../../base/time.ts";
import type { Gap, SourceCoverage } from "../../model/coverage.ts";
import { STATE_FORMATS } from "../../model/evidence.ts";

/** What a day lacks: a log that should speak is silent, or no log reaches the day at all; null: neither. */
export type Lack = "hole" | "no-log" | null;

/** A log and the days that are told of it. */
export interface LogDays {
  readonly log: string;
  readonly from: Day;
  readonly to: Day;
}

/** What the calendar knows of the logs behind it. */
export interface MissingLogs {
  readonly lackOn: (day: Day) => Lack;
  /** Silences within the calendar, the earliest first. */
  readonly holes: readonly LogDays[];
  /** Logs that begin only after its first day, if they reach it at all, the earliest first; `to`: their last day. */
  readonly late: readonly LogDays[];
}

/** Half a day of silence is the day's. */
const HALF_DAY = TICKS_PER_DAY / 2n;

/** What is missing between two days, both included. */
export function missingLogs(
  sources: readonly SourceCoverage[],
  from: Day,
  until: Day,
): MissingLogs {
  const logs = sources.filter(
    ({ format, first, last }) =>
      !STATE_FORMATS.has(format) && isPlausible(first) && isPlausible(last),
  );
  const reaches = logs.flatMap((log) => daysOf(log, log.first, log.last));
  const holes = logs
    .flatMap((log) => log.gaps.flatMap((gap) => holeOf(log, gap)))
    .filter((hole) => hole.from <= until && hole.to >= from)
    .sort(byDays);
  const reached = countDays(reaches, from, until);
  const silent = countDays(holes, from, until);
  return {
    lackOn: (day) => lackOf(reached[day - from] ?? 0, silent[day - from] ?? 0),
    holes,
    late: reaches.filter((each) => each.from > from).sort(byDays),
  };
}

/** `reached`: logs between whose first and last record the day lies; a silent one of them says nothing of it. */
function lackOf(reached: number, silent: number): Lack {
  return reached <= silent ? "no-log" : silent > 0 ? "hole" : null;
}

function daysOf({ host, channel, format }: SourceCoverage, first: bigint, last: bigint): LogDays[] {
  const [from, to] = [dayOfTicks(first), dayOfTicks(last)];
  const log = `${host} ${channel === "" ? format : channel}`.trim();
  return from === null || to === null || to < from ? [] : [{ log, from, to }];
}

/** A log that was emptied begins late, as far as it is here. */
function holeOf(log: SourceCoverage, { kind, from, to }: Gap): LogDays[] {
  if (kind === "not-reaching-back" || from < log.first) return [];
  return daysOf(log, from + HALF_DAY, to - HALF_DAY);
}

/** By day from the first one on: how many of the stretches hold it. */
function countDays(stretches: readonly LogDays[], from: Day, until: Day): Int32Array {
  const counts = new Int32Array(until - from + 2);
  const add = (day: number, by: number) => {
    const place = Math.min(Math.max(day - from, 0), until - from + 1);
    counts[place] = (counts[place] ?? 0) + by;
  };
  for (const stretch of stretches) {
    if (stretch.from > until || stretch.to < from) continue;
    add(stretch.from, 1);
    add(stretch.to + 1, -1);
  }
  for (let at = 1; at < counts.length; at++) counts[at] = (counts[at] ?? 0) + (counts[at - 1] ?? 0);
  return counts;
}

function byDays(a: LogDays, b: LogDays): number {
  return a.from - b.from || a.to - b.to || (a.log < b.log ? -1 : 1);
}
