/**
 * What to do next on a host, as of a day: which cumulative update, which security update, which configuration, and what each closes.
 * Refuses to name what was not out yet.
 */
import { type Day, formatDay } from "../../base/day.ts";
import type { Release } from "../../model/catalogue.ts";
import type { NextStep } from "../../model/patch.ts";
import type { JudgedUpdate } from "./judge.ts";
import { type Fix, type ReleaseBook, fixOf } from "./release-book.ts";
import type { Standing } from "./sightline.ts";

/** The shortest way to a build with every fix that was out; null where nothing is open, or nothing is left to install. */
export function nextStepOf(
  book: ReleaseBook,
  standing: Standing,
  judged: readonly JudgedUpdate[],
  day: Day,
): NextStep | null {
  const open = judged.filter(({ state }) => state !== "fixed").flatMap(({ fixes }) => fixes);
  const target = open.length === 0 ? null : targetOf(book, standing, day);
  if (target === null) return null;
  const [point] = standing.points;
  const held = open.filter((fix) => holds(book, fix, target));
  const isNewest =
    point !== undefined &&
    point.third === target.build[2] &&
    point.fourth !== null &&
    point.fourth >= target.build[3];
  // A build that closes nothing is not worth the trouble.
  const isThere = isNewest || held.length === 0;
  const byConfiguration = open.filter((fix) => fix.vulnerability.requires?.alone === true);
  const needs = [
    ...new Set([...held.filter((fix) => fix.vulnerability.requires !== null), ...byConfiguration]),
  ];
  const closes = held
    .filter((fix) => !needs.includes(fix))
    .map(({ vulnerability }) => vulnerability.id);
  if (isThere && needs.length === 0) return null;
  const isOtherUnit = point?.third !== target.build[2];
  return {
    cu: isThere || !isOtherUnit ? "" : target.cu,
    update: isThere ? "" : target.update,
    build: isThere ? "" : target.text,
    kbs: isThere ? [] : target.kbs,
    closes,
    configuration: configurationOf(needs),
    why: isThere
      ? `${isNewest ? "The newest build is there" : "No newer build closes it"}; what is left is configuration.`
      : `${whyOf(book, standing, target, isOtherUnit)}${endOf(book, day)}`,
  };
}

/** The newest build of the host's own CU where the newest updates were made for it too; otherwise the newest of all. */
function targetOf(book: ReleaseBook, { points }: Standing, day: Day): Release | null {
  const out = book.releases.filter(({ released }) => released.latest <= day);
  const newest = out.at(-1);
  if (newest === undefined) return null;
  const third = points[0]?.third;
  const own = out.filter(({ build }) => build[2] === third).at(-1);
  const isServed =
    own !== undefined &&
    (own.update === newest.update || own.released.latest >= newest.released.latest) &&
    own.update !== "";
  return isServed ? own : newest;
}

function holds(book: ReleaseBook, fix: Fix, { build }: Release): boolean {
  return fixOf(book, fix, { third: build[2], fourth: build[3] }).state === "fixed";
}

function configurationOf(needs: readonly Fix[]): NextStep["configuration"] {
  const texts = new Map<string, Fix[]>();
  for (const fix of needs) {
    const text = fix.vulnerability.requires?.text ?? "";
    texts.set(text, [...(texts.get(text) ?? []), fix]);
  }
  return [...texts].map(([text, fixes]) => ({
    text,
    closes: fixes.map(({ vulnerability }) => vulnerability.id),
  }));
}

function whyOf(
  { product, units }: ReleaseBook,
  { points }: Standing,
  target: Release,
  isOtherUnit: boolean,
): string {
  const name = units.get(points[0]?.third ?? -1)?.name ?? "This build";
  if (!isOtherUnit) return `${target.update} is the newest update for ${name}.`;
  const top = target.update === "" ? "" : ` with ${target.update}`;
  return `${name} gets no update any more: ${target.cu}${top} is the newest of ${product.name}.`;
}

/** A product without support gets no fix for what is found next. */
function endOf({ product }: ReleaseBook, day: Day): string {
  const { name, supportEnds } = product;
  return supportEnds === null || supportEnds >= day
    ? ""
    : ` ${name} itself has had no updates for everybody since ${formatDay(supportEnds)}: a product with support is the step after that.`;
}
