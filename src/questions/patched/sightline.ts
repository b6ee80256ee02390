/**
 * One product on one host over time: which builds were seen when, and which of them counts on a day. Refuses to average or to
 * guess: two that contradict each other both count, and what only one of them says is unknown.
 */
import { type Day, dayOfTicks, toDay } from "../../base/day.ts";
import { UNDATED } from "../../base/time.ts";
import { MAY_STAY_BEHIND, type Observation, type Strength } from "../../model/observation.ts";
import type { FixState } from "../../model/patch.ts";
import { type BuildPoint, type ReleaseBook, statesOf } from "./release-book.ts";

/** An observation whose build belongs to the product. */
export interface SeenBuild {
  readonly observation: Observation;
  readonly point: BuildPoint;
  readonly first: Day | null;
  readonly last: Day | null;
  /** The last day on which it was seen up to the one that is asked about; null: only later, or undated. */
  readonly lastBy: Day | null;
  /** What it says by itself of every fix of the book. */
  readonly states: readonly FixState[];
}

/** What counts on a day. */
export interface Standing {
  /** One; several where strong observations contradict each other. */
  readonly points: readonly BuildPoint[];
  /** Of the build up to its CU; weak: only weak observations are there. */
  readonly strength: "strong" | "weak";
  /** Of the last number; of several points the weakest. */
  readonly revisionStrength: Strength;
  /** Those that were decided by, the deciding one first. */
  readonly by: readonly SeenBuild[];
  /** The latest day up to the asked one on which the CU was seen; null: undated. */
  readonly day: Day | null;
  /** The same of the last number, which may have been proven earlier. */
  readonly revisionDay: Day | null;
  /** Of undated ones: their file was last changed on this day, so they are of then or before; null: nobody knows. */
  readonly notAfter: Day | null;
  /** A weak observation that is newer and shows a higher last number: the strong one may be out of date. */
  readonly newerWeak: SeenBuild | null;
}

/** An observation with a comparable build as a sighting, as of a day; null where it has none, or proves nothing. */
export function seenBuild(
  book: ReleaseBook,
  observation: Observation,
  asOf: Day,
): SeenBuild | null {
  const { build, strength, revisionStrength } = observation;
  const numbers = build?.numbers ?? null;
  if (numbers === null || strength === "none") return null;
  const isDated = observation.first.ticks !== UNDATED;
  const point = { third: numbers[2] ?? 0, fourth: numbers[3] ?? null };
  const [first, last] = isDated
    ? [dayOfTicks(observation.first.ticks), dayOfTicks(observation.last.ticks)]
    : [null, null];
  const states = statesOf(book, point, strength, revisionStrength);
  return {
    observation,
    point,
    first,
    last,
    lastBy: lastSeenBy({ observation, first, last }, asOf),
    states,
  };
}

/** The latest day up to `day` on which it was seen; null where it was seen only later, or is undated. */
export function lastSeenBy(
  { observation, first, last }: Pick<SeenBuild, "observation" | "first" | "last">,
  day: Day,
): Day | null {
  if (first === null || last === null || first > day) return null;
  if (last <= day) return last;
  let latest: number = first;
  for (const seen of observation.days) {
    if (seen > day) break;
    latest = Math.max(latest, seen);
  }
  return toDay(latest);
}

/** The first day on or after `from` on which it was seen; null where there is none. */
export function firstSeenFrom({ observation, first, last }: SeenBuild, from: Day): Day | null {
  if (first === null || last === null || last < from) return null;
  if (first >= from) return first;
  const later = observation.days.find((seen) => seen >= from);
  return later === undefined ? last : toDay(later);
}

/** What counts on a day; null where nothing of that day or before, nor anything undated, shows a build. */
export function standingOn(seen: readonly SeenBuild[], day: Day): Standing | null {
  return standingOf(seen, "strong", day) ?? standingOf(seen, "weak", day);
}

function standingOf(
  seen: readonly SeenBuild[],
  strength: "strong" | "weak",
  day: Day,
): Standing | null {
  const fitting = seen.filter(({ observation }) => observation.strength === strength);
  const dated = fitting
    .map((each) => ({ each, day: lastSeenBy(each, day) }))
    .filter((one) => one.day !== null && !isLeftBehind(one.each, one.day, seen));
  const newest = latestOf(dated.map(({ day: at }) => at));
  const rivals =
    newest === null
      ? fitting.filter(({ first }) => first === null)
      : outlived(dated.filter(({ day: at }) => at === newest).map(({ each }) => each));
  if (rivals.length === 0) return null;
  return withRevision(rivals, strength, seen, newest, day);
}

/** A folder of an earlier build, asked for when a higher build had been seen. */
function isLeftBehind(
  { observation, point }: SeenBuild,
  day: Day,
  seen: readonly SeenBuild[],
): boolean {
  return (
    MAY_STAY_BEHIND.has(observation.kind) &&
    seen.some(
      (other) =>
        other.observation.strength === "strong" &&
        other.first !== null &&
        other.first <= day &&
        isAbove(other.point, point),
    )
  );
}

/** Without those that were seen for the last time before another one of the day was seen for the first time. */
function outlived(ofDay: readonly SeenBuild[]): SeenBuild[] {
  const outlives = (a: SeenBuild, b: SeenBuild) =>
    a.observation.first.ticks > b.observation.last.ticks;
  return ofDay.filter((each) => !ofDay.some((other) => outlives(other, each)));
}

/** A last number that one of them lacks may be anything. */
function isAbove(a: BuildPoint, b: BuildPoint): boolean {
  if (a.third !== b.third) return a.third > b.third;
  return a.fourth !== null && b.fourth !== null && a.fourth > b.fourth;
}

const WEAKEST_FIRST = ["none", "weak", "strong"] as const;

/** The CUs of the rivals, each with the best last number that is known of it. */
function withRevision(
  rivals: readonly SeenBuild[],
  strength: "strong" | "weak",
  seen: readonly SeenBuild[],
  newest: Day | null,
  day: Day,
): Standing {
  const thirds = [...new Set(rivals.map(({ point }) => point.third))];
  const told = thirds.map((third) => revisionOf(third, rivals, seen, day));
  const first = told[0];
  const by = [...new Set([...told.flatMap((revision) => revision.by), ...rivals])];
  const points = told.flatMap(({ fourths }, at) =>
    (fourths.length === 0 ? [null] : fourths).map((fourth) => ({ third: thirds[at] ?? 0, fourth })),
  );
  const proven = told.map((revision) => revision.strength);
  return {
    points,
    strength,
    revisionStrength: WEAKEST_FIRST.find((wanted) => proven.includes(wanted)) ?? "none",
    by,
    day: newest,
    revisionDay: earliestOf(told.map(({ day: at }) => at)),
    notAfter: newest === null ? latestOf(by.map(lastChanged)) : null,
    newerWeak: first?.newerWeak ?? null,
  };
}

function lastChanged({ observation }: SeenBuild): Day | null {
  return observation.notAfter === null ? null : dayOfTicks(observation.notAfter);
}

interface Revision {
  readonly fourths: readonly number[];
  readonly strength: Strength;
  readonly by: readonly SeenBuild[];
  readonly day: Day | null;
  readonly newerWeak: SeenBuild | null;
}

/** The last number of a CU: of the newest observation that proves one, otherwise of the newest that states one. */
function revisionOf(
  third: number,
  rivals: readonly SeenBuild[],
  seen: readonly SeenBuild[],
  day: Day,
): Revision {
  const ofUnit = seen.filter(({ point }) => point.third === third && point.fourth !== null);
  const strong = newestOf(ofUnit, "strong", day);
  const weak = newestOf(ofUnit, "weak", day);
  const [proof] = strong.seen;
  const [hint] = weak.seen;
  if (proof === undefined)
    return {
      fourths: fourthsOf(weak.seen),
      strength: hint === undefined ? "none" : "weak",
      by: weak.seen,
      day: weak.day,
      newerWeak: null,
    };
  const isNewer =
    hint !== undefined &&
    hint.observation.last.ticks > proof.observation.last.ticks &&
    isAbove(hint.point, proof.point);
  const by = strong.seen.filter((each) => rivals.includes(each));
  return {
    fourths: fourthsOf(strong.seen),
    strength: "strong",
    by: by.length > 0 ? by : strong.seen,
    day: strong.day,
    newerWeak: isNewer ? hint : null,
  };
}

function newestOf(
  ofUnit: readonly SeenBuild[],
  strength: Strength,
  day: Day,
): { readonly seen: readonly SeenBuild[]; readonly day: Day | null } {
  const fitting = ofUnit.filter(({ observation }) => observation.revisionStrength === strength);
  const days = fitting.map((each) => lastSeenBy(each, day));
  const newest = latestOf(days);
  const seen =
    newest === null
      ? fitting.filter(({ first }) => first === null)
      : outlived(fitting.filter((_, at) => days[at] === newest));
  return { seen, day: newest };
}

/** The latest of several days; null where there is none. */
export function latestOf(days: readonly (Day | null)[]): Day | null {
  return days.reduce((max, day) => (day !== null && (max === null || day > max) ? day : max), null);
}

/** The earliest of several days; null where there is none. */
export function earliestOf(days: readonly (Day | null)[]): Day | null {
  return days.reduce((min, day) => (day !== null && (min === null || day < min) ? day : min), null);
}

function fourthsOf(seen: readonly SeenBuild[]): number[] {
  return [...new Set(seen.flatMap(({ point }) => (point.fourth === null ? [] : [point.fourth])))];
}
