/**
 * The timeline as drawings: all of it by host, and a close-up of the gravest hour or so, because an attack of
 * four minutes is one dot among months. The table beside them holds every entry.
 */
import { shorten, visible } from "../../base/text.ts";
import { TICKS_PER_HOUR, TICKS_PER_SECOND } from "../../base/time.ts";
import type { TimelineEntry } from "../../model/cause.ts";
import { axisOver, type Axis } from "./axis.ts";
import {
  axisMarks,
  drawing,
  LANE_LEFT,
  LANE_RIGHT,
  laneLabel,
  MARK_KEY,
  rungMark,
} from "./drawing.ts";
import { LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { counted, isoTime, longTime } from "./words.ts";

const LANE_HEIGHT = 62;
const STACK_MAX = 5;
const STACK_STEP = 9;
/** Entries closer together than this belong to one stretch of activity. */
const STRETCH_GAP = TICKS_PER_HOUR;
const CLOSE_UP_ENTRIES_MIN = 3;
/** A close-up shows at most this share of the whole; otherwise it would show nothing new. */
const CLOSE_UP_SHARE = 30n;

/** The whole timeline, and its close-up where one tells more. */
export function timelineDrawings(
  entries: readonly TimelineEntry[],
  asOf: bigint,
): readonly SafeHtml[] {
  const axis = axisFor(entries, asOf);
  if (axis === null) return [];
  const all = lanes("timeline-drawing", "Timeline by host", entries, axis, MARK_KEY);
  const stretch = gravestStretch(entries);
  const near = axisFor(stretch, asOf);
  const tells =
    stretch.length >= CLOSE_UP_ENTRIES_MIN &&
    near !== null &&
    near.to - near.from > TICKS_PER_SECOND &&
    (near.to - near.from) * CLOSE_UP_SHARE < axis.to - axis.from;
  return tells
    ? [all, lanes("close-up", "Close-up of the gravest stretch", stretch, near, null)]
    : [all];
}

function axisFor(entries: readonly TimelineEntry[], asOf: bigint): Axis | null {
  return axisOver(
    entries.map((entry) => entry.ticks),
    asOf,
    LANE_LEFT,
    LANE_RIGHT,
  );
}

/** The run of entries in which most was executed or used; entries come in order of time. */
function gravestStretch(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const stretches: TimelineEntry[][] = [];
  let before: bigint | null = null;
  for (const entry of entries) {
    const follows = before !== null && entry.ticks - before <= STRETCH_GAP;
    if (follows) stretches.at(-1)?.push(entry);
    else stretches.push([entry]);
    before = entry.ticks;
  }
  const weights = stretches.map((stretch) => ({ stretch, weight: weightOf(stretch) }));
  return weights.toSorted((a, b) => b.weight - a.weight)[0]?.stretch ?? [];
}

function weightOf(stretch: readonly TimelineEntry[]): number {
  const proven = stretch.filter(({ rung }) => rung === "executed" || rung === "used").length;
  return proven * 1000 + Math.min(stretch.length, 999);
}

function lanes(
  id: string,
  title: string,
  entries: readonly TimelineEntry[],
  axis: Axis,
  key: SafeHtml | null,
): SafeHtml {
  const byHost = Map.groupBy(entries, (entry) => entry.host);
  const hosts = [...byHost].slice(0, LIMITS.lanes);
  const height = hosts.length * LANE_HEIGHT + 30;
  const hidden = byHost.size - hosts.length;
  const parts = [
    `${title}: ${counted(entries.length, "entry")} on ${counted(byHost.size, "host")}, ${longTime(axis.from)} to ${longTime(axis.to)}.`,
    hidden === 0 ? null : `${counted(hidden, "further host")} only in the table.`,
    axis.outside === 0
      ? null
      : `${counted(axis.outside, "entry")} before 1990 or after the day for which this is told, at the edge.`,
  ];
  return drawing({
    id,
    title,
    description: parts.filter((part) => part !== null).join(" "),
    height,
    inner: html`${axisMarks(axis, height - 24)}${hosts.map(([host, own], lane) => laneOf(axis, host, own, lane))}`,
    key,
  });
}

function laneOf(
  axis: Axis,
  host: string,
  entries: readonly TimelineEntry[],
  lane: number,
): SafeHtml {
  const base = lane * LANE_HEIGHT + LANE_HEIGHT - 6;
  const stacked = new Map<number, number>();
  const marks = entries.map((entry) => {
    const x = axis.x(entry.ticks);
    const bucket = Math.round(x / STACK_STEP);
    const above = stacked.get(bucket) ?? 0;
    stacked.set(bucket, above + 1);
    const y = base - 9 - Math.min(above, STACK_MAX - 1) * STACK_STEP;
    const tip = `${isoTime(entry.ticks, entry.digits)} ${shorten(visible(entry.what), 120)}`;
    return rungMark(entry.rung, entry.level, x, y, tip);
  });
  return html`${laneLabel(host, base - 5)}<line class="lane" x1="${LANE_LEFT}" x2="${LANE_RIGHT}" y1="${base}" y2="${base}"/>${marks}`;
}
