/**
 * One host as a drawing: the builds that were seen, and below them, update by update, how long the host lacked it against what the
 * public knew. Shape and hatching carry the meaning, never colour alone; the lists below say the same in words.
 */
import { type Day, dayOfTicks, formatDay } from "../../base/day.ts";
import { TICKS_PER_DAY } from "../../base/time.ts";
import type { Exposure, PatchItem } from "../../model/patch.ts";
import { axisOver, type Axis } from "./axis.ts";
import {
  buildLanes,
  buildsText,
  daysOfBuild,
  heightOf,
  type SeenBuild,
  seenBuilds,
} from "./build-lanes.ts";
import { axisMarks, drawing, LANE_LEFT, LANE_RIGHT, laneLabel } from "./drawing.ts";
import { EXPOSURE_KEY, exposureMark, type MarkKind, marksOf } from "./exposure-marks.ts";
import { LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { dayText, daysText, exploitedText, fullName, shownName } from "./patch-words.ts";
import type { ShownHost } from "./patch-shown.ts";
import { counted } from "./words.ts";

const ROW_HEIGHT = 44;
/** Room that a number of days needs to be written into a bar, in drawing units. */
const LABEL_WIDTH = 84;
const MARK_STEP = 10;

/** What the rows of a strip are: updates that are not fixed, then those that came late. */
export function stripItems({ unfixed, late }: ShownHost): readonly PatchItem[] {
  return [...unfixed.map(({ item }) => item), ...late].slice(0, LIMITS.patchItems);
}

/** The drawing of one host; null where nothing of it has a day. The first one of a page brings the hatchings and the key of all. */
export function exposureStrip(shown: ShownHost, asOf: Day, isFirst: boolean): SafeHtml | null {
  const { host, anchor } = shown;
  const items = stripItems(shown);
  const builds = seenBuilds(host.spans);
  const days = [
    ...builds.flatMap(daysOfBuild),
    ...items.flatMap((item) => daysOf(item, asOf)),
  ].filter((day) => day !== null);
  if (days.length === 0) return null;
  const axis = axisOver([...days, asOf].map(ticksOf), ticksOf(asOf), LANE_LEFT, LANE_RIGHT);
  if (axis === null) return null;
  const top = heightOf(builds);
  const height = top + items.length * ROW_HEIGHT + 26;
  const rows = items.map((item, at) => rowOf(axis, item, asOf, top + at * ROW_HEIGHT));
  const title = `${shownName(host)}: builds and exposure`;
  return drawing({
    id: `${anchor}-drawing`,
    title,
    description: describe(shown, builds, items, axis),
    height,
    inner: html`${isFirst ? PATTERNS : null}${axisMarks(axis, height - 22)}${buildLanes(axis, builds)}${rows}`,
    key: isFirst ? EXPOSURE_KEY : null,
  });
}

function ticksOf(day: Day): bigint {
  return BigInt(day) * TICKS_PER_DAY;
}

function daysOf({ exposure, released, known }: PatchItem, asOf: Day): readonly (Day | null)[] {
  const ends = exposure === null ? [] : [exposure.from, ...(exposure.to ?? [])];
  return [...ends, released, ...known.map(({ day }) => day).filter((day) => day <= asOf)];
}

function describe(
  { host, late }: ShownHost,
  builds: readonly SeenBuild[],
  items: readonly PatchItem[],
  axis: Axis,
): string {
  const undated = host.spans.filter(({ first }) => first === null).length;
  const open = items.filter(({ verdict }) => verdict !== "fixed");
  const longest = open.toSorted(longestFirst)[0];
  const longestText =
    longest === undefined || longest.exposure === null
      ? null
      : `The longest open: ${fullName(longest)}, ${daysText(longest.exposure.daysMin, longest.exposure.daysMax)}.`;
  const parts = [
    `${dayOf(axis.from)} to ${dayOf(axis.to)}: ${buildsText(builds)}; ${counted(open.length, "update")} not shown to be fixed${late.length === 0 ? "" : `, ${late.length} fixed late`}.`,
    longestText,
    undated === 0
      ? null
      : `${counted(undated, "observation")} without a day ${undated === 1 ? "is" : "are"} not drawn.`,
    axis.outside === 0
      ? null
      : `${counted(axis.outside, "day")} before 1990 or after the day for which this is told, drawn at the edge.`,
    "The lists below say the same.",
  ];
  return parts.filter((part) => part !== null).join(" ");
}

function dayOf(ticks: bigint): string {
  return dayText(dayOfTicks(ticks));
}

/** By the days that are sure, then by those that are possible. */
function longestFirst({ exposure: a }: PatchItem, { exposure: b }: PatchItem): number {
  return (b?.daysMin ?? 0) - (a?.daysMin ?? 0) || (b?.daysMax ?? 0) - (a?.daysMax ?? 0);
}

/** One update: its marks above, the exposure as a bar, and under the bar the days after exploitation had begun. */
function rowOf(axis: Axis, item: PatchItem, asOf: Day, top: number): SafeHtml {
  const { verdict, rank, exposure } = item;
  const bar = exposure === null ? null : exposureBar(axis, exposure, top + 16);
  const base = top + ROW_HEIGHT - 4;
  return html`${laneLabel(fullName(item), top + 22, `${verdict}, ${rank}`)}<line class="grid" x1="0" x2="${LANE_RIGHT}" y1="${base}" y2="${base}"/>${bar}${marksIn(axis, item, asOf, top + 8)}`;
}

function exposureBar(axis: Axis, exposure: Exposure, y: number): SafeHtml {
  const { from, to, daysMin, daysMax } = exposure;
  const sure = to === null ? from + daysMin : to[0];
  const possible = Math.max(sure, to === null ? from + daysMax : to[1]);
  const place = (day: number) => axis.x(BigInt(Math.round(day)) * TICKS_PER_DAY);
  const rect = (kind: string, start: number, end: number, at: number, height: number) => {
    const width = tenths(place(end) - place(start));
    return width <= 0
      ? null
      : html`<rect class="${kind}" x="${place(start)}" y="${at}" width="${width}" height="${height}"/>`;
  };
  const days = daysText(daysMin, daysMax);
  const room = place(sure) - place(from);
  const label =
    room < LABEL_WIDTH
      ? null
      : html`<text class="bar-label" x="${place(from) + 6}" y="${y + 10}">${days}</text>`;
  const used = exposure.exploitedDaysMax > 0;
  const tip = `${days} from ${formatDay(from)}${used ? `; ${exploitedText(exposure)} after exploitation had begun` : ""}`;
  return html`<g>${rect("open-possible", sure, possible, y, 13)}${rect("open-sure", from, sure, y, 13)}${label}${rect("used-possible", possible - exposure.exploitedDaysMax, possible, y + 15.5, 2)}${rect("used-sure", sure - exposure.exploitedDaysMin, sure, y + 14.5, 4)}<title>${tip}</title></g>`;
}

/** Marks in order of their day; those that would cover each other stand side by side. */
function marksIn(axis: Axis, item: PatchItem, asOf: Day, y: number): SafeHtml {
  let reached = Number.NEGATIVE_INFINITY;
  const marks = marksOf(item, asOf).map(({ kind, day, tip }) => {
    const x = Math.max(axis.x(ticksOf(day)), reached + MARK_STEP);
    reached = x;
    return { kind, tip, x };
  });
  // At the right edge there is no room to the right: the row moves back as one.
  const back = Math.max(0, reached - LANE_RIGHT - 8);
  return html`${marks.map(({ kind, tip, x }: { kind: MarkKind; tip: string; x: number }) => exposureMark(kind, tenths(x - back), y, tip))}`;
}

function tenths(length: number): number {
  return Math.round(length * 10) / 10;
}

const PATTERNS: SafeHtml = html`<defs><pattern id="hatch-seen" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="5" height="5"/><path class="hatch-seen" d="M0 0V5"/></pattern><pattern id="hatch-open" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="ground" width="6" height="6"/><path class="hatch-open" d="M0 0V6"/></pattern></defs>`;
