/**
 * The builds that a host showed over time, a lane for each: solid where the whole build is proven, hatched where a part of it is, or
 * where something only speaks of it. Builds that differ in zeros alone are one.
 */
import { type Day, formatDay } from "../../base/day.ts";
import { TICKS_PER_DAY } from "../../base/time.ts";
import type { BuildSpan } from "../../model/patch.ts";
import type { Axis } from "./axis.ts";
import { laneLabel } from "./drawing.ts";
import { LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { counted, grouped } from "./words.ts";

const LANE_HEIGHT = 24;
const LABELS_TOP = 8;

/** One build, and the stretches of time in which it was seen. */
export interface SeenBuild {
  readonly name: string;
  readonly spans: readonly DatedSpan[];
}

interface DatedSpan {
  readonly first: Day;
  readonly last: Day;
  readonly isStrong: boolean;
}

/** The builds with a day, the first seen first. */
export function seenBuilds(spans: readonly BuildSpan[]): readonly SeenBuild[] {
  const dated = spans.flatMap(({ build, first, last, strength, revisionStrength }) => {
    const isStrong = strength === "strong" && revisionStrength === "strong";
    const name = build.numbers === null ? build.text : build.numbers.join(".");
    return first === null ? [] : [{ name, first, last: last ?? first, isStrong }];
  });
  const byName = Map.groupBy(dated, ({ name }) => name);
  return [...byName].map(([name, own]) => ({
    name,
    // What is strong is drawn over what is weak.
    spans: own.toSorted((a, b) => Number(a.isStrong) - Number(b.isStrong)),
  }));
}

/** The days on which a build was seen first and last, source by source. */
export function daysOfBuild({ spans }: SeenBuild): readonly Day[] {
  return spans.flatMap(({ first, last }) => [first, last]);
}

/** How high the lanes are, in drawing units. */
export function heightOf(builds: readonly SeenBuild[]): number {
  const lanes = Math.min(builds.length, LIMITS.patchBuilds);
  return lanes === 0 ? 0 : lanes * LANE_HEIGHT + LABELS_TOP;
}

/** The lanes from the top of a drawing. */
export function buildLanes(axis: Axis, builds: readonly SeenBuild[]): SafeHtml {
  const lanes = builds.slice(0, LIMITS.patchBuilds).map(({ name, spans }, at) => {
    const top = at * LANE_HEIGHT;
    const bars = spans
      .slice(-LIMITS.patchDetails)
      .map((span) => barOf(axis, name, span, top + LABELS_TOP));
    return html`${laneLabel(`build ${name}`, top + 18)}${bars}`;
  });
  return html`${lanes}`;
}

function barOf(
  axis: Axis,
  name: string,
  { first, last, isStrong }: DatedSpan,
  y: number,
): SafeHtml {
  const x = axis.x(BigInt(first) * TICKS_PER_DAY);
  const end = axis.x(BigInt(last) * TICKS_PER_DAY);
  const width = Math.max(4, Math.round((end - x) * 10) / 10);
  const seen = isStrong ? "strong" : "weak";
  const tip = `${name}, ${formatDay(first)} to ${formatDay(last)}, ${seen}`;
  return html`<rect class="seen-${seen}" x="${x}" y="${isStrong ? y : y + 2}" width="${width}" height="${isStrong ? 13 : 9}"><title>${tip}</title></rect>`;
}

/** `2 builds seen`, and how many of them are not drawn. */
export function buildsText(builds: readonly SeenBuild[]): string {
  if (builds.length === 0) return "no build seen on a day";
  const more = builds.length - LIMITS.patchBuilds;
  return `${counted(builds.length, "build")} seen${more > 0 ? `, ${grouped(more)} of them not drawn` : ""}`;
}
