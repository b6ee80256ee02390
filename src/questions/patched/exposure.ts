/**
 * The time during which a host lacked a fix that existed, as far as days on which it was seen tell; and what the public could know
 * of it on which day. Refuses to fill a gap: between two sightings the change may have come on any day.
 */
import { known } from "../../base/assert.ts";
import { type Day, formatDay, toDay } from "../../base/day.ts";
import { byCodeUnits } from "../../base/text.ts";
import { TICKS_PER_DAY } from "../../base/time.ts";
import type { Vulnerability } from "../../model/catalogue.ts";
import { MAY_STAY_BEHIND } from "../../model/observation.ts";
import type { Exposure, PublicFact } from "../../model/patch.ts";
import type { Fix } from "./release-book.ts";
import { type SeenBuild, earliestOf, firstSeenFrom, lastSeenBy } from "./sightline.ts";

/** What the sightings of a host say of the fixes of an update up to a day. */
export interface Sightline {
  /** The last day on which one was surely missing, and the first from then on on which it was there. */
  readonly lastMissing: Day | null;
  readonly firstFixed: Day | null;
  readonly missingBy: SeenBuild | null;
  readonly fixedBy: SeenBuild | null;
  /** It was there before it was missing: the build went back. Since this day; null: never. */
  readonly reopened: Day | null;
}

/** Follows the fixes of one update: missing as long as one of them was. */
export function follow(fixes: readonly Fix[], seen: readonly SeenBuild[], asOf: Day): Sightline {
  let whole: Sightline = NEVER;
  for (const { at } of fixes) {
    const line = followFix(at, seen, asOf);
    const isLonger = (line.lastMissing ?? -Infinity) > (whole.lastMissing ?? -Infinity);
    const isLater = (line.firstFixed ?? -Infinity) > (whole.firstFixed ?? -Infinity);
    whole = {
      lastMissing: isLonger ? line.lastMissing : whole.lastMissing,
      missingBy: isLonger ? line.missingBy : whole.missingBy,
      firstFixed: isLater ? line.firstFixed : whole.firstFixed,
      fixedBy: isLater ? line.fixedBy : whole.fixedBy,
      reopened: earliestOf([line.reopened, whole.reopened]),
    };
  }
  return whole;
}

const NEVER: Sightline = {
  lastMissing: null,
  firstFixed: null,
  missingBy: null,
  fixedBy: null,
  reopened: null,
};

/** Of one fix; every fix of every host comes here, so nothing is allocated but the answer: about 20 M sightings/s. */
function followFix(fix: number, seen: readonly SeenBuild[], asOf: Day): Sightline {
  let fixedSince: Day | null = null;
  for (const { states, first } of seen)
    if (
      states[fix] === "fixed" &&
      first !== null &&
      first <= asOf &&
      (fixedSince === null || first < fixedSince)
    )
      fixedSince = first;
  let lastMissing: Day | null = null;
  let missingBy: SeenBuild | null = null;
  for (const each of seen) {
    if (each.states[fix] !== "missing" || each.lastBy === null) continue;
    const last = lastProving(each, each.lastBy, fixedSince);
    if (last === null || (lastMissing !== null && last < lastMissing)) continue;
    if (
      last === lastMissing &&
      missingBy !== null &&
      lastMoment(missingBy, last) >= lastMoment(each, last)
    )
      continue;
    lastMissing = last;
    missingBy = each;
  }
  let firstFixed: Day | null = null;
  let fixedBy: SeenBuild | null = null;
  for (const each of seen) {
    if (each.states[fix] !== "fixed" || each.first === null) continue;
    const first = lastMissing === null ? each.first : firstSeenFrom(each, lastMissing);
    if (first === null || first > asOf || (firstFixed !== null && first > firstFixed)) continue;
    if (
      first === firstFixed &&
      fixedBy !== null &&
      firstMoment(fixedBy, first) <= firstMoment(each, first)
    )
      continue;
    firstFixed = first;
    fixedBy = each;
  }
  const isBack = lastMissing !== null && fixedSince !== null && fixedSince < lastMissing;
  const reopened = isBack ? reopenedSince(fix, seen, fixedSince, asOf) : null;
  return { lastMissing, firstFixed, missingBy, fixedBy, reopened };
}

/** A folder that an update left behind shows an old build: once a newer one was seen it proves nothing. */
function lastProving(each: SeenBuild, lastBy: Day, fixedSince: Day | null): Day | null {
  if (!MAY_STAY_BEHIND.has(each.observation.kind) || fixedSince === null || lastBy < fixedSince)
    return lastBy;
  const before = toDay(fixedSince - 1);
  return before === null ? null : lastSeenBy(each, before);
}

/** The first day after it was there on which it was missing again. */
function reopenedSince(
  fix: number,
  seen: readonly SeenBuild[],
  fixedSince: Day | null,
  asOf: Day,
): Day | null {
  const after = fixedSince === null ? null : toDay(fixedSince + 1);
  if (after === null) return null;
  const again = seen.filter(
    ({ states, observation }) =>
      states[fix] === "missing" && !MAY_STAY_BEHIND.has(observation.kind),
  );
  const days = again.map((each) => firstSeenFrom(each, after));
  return earliestOf(days.filter((day) => day !== null && day <= asOf));
}

/** The latest moment of a day at which it was surely seen: what is known of a day between is no more than the day. */
export function lastMoment({ observation, last }: SeenBuild, day: Day): bigint {
  return last === day ? observation.last.ticks : BigInt(day) * TICKS_PER_DAY;
}

/** The moment of a day by which it surely had been seen. */
export function firstMoment({ observation, first }: SeenBuild, day: Day): bigint {
  return first === day ? observation.first.ticks : BigInt(day + 1) * TICKS_PER_DAY - 1n;
}

/** What every host shares that an update's window is measured on. */
export interface Course {
  /** The first day on which the fix existed. */
  readonly from: Day;
  /** Since when it was used, surely and perhaps; infinite where nobody says so by the as-of day. */
  readonly surelyUsed: number;
  readonly perhapsUsed: number;
  readonly daysWithoutFix: number;
}

/** The course of what an update fixes, as far as it was known by a day. */
export function courseOf(fixes: readonly Fix[], asOf: Day): Course {
  const used = fixes.map(({ vulnerability }) => exploitedSince(vulnerability, asOf));
  return {
    from: known(fixes[0], "an update fixes something").first.latest,
    surelyUsed: minimum(used.map(({ latest: at }) => at)),
    perhapsUsed: minimum(used.map(({ earliest: at }) => at)),
    daysWithoutFix: Math.max(0, ...fixes.map(withoutFix)),
  };
}

/** The exposure of a host to a fix that was missing at some time; null where it never was, or still is not known. */
export function exposureOf(
  course: Course,
  line: Sightline,
  isOpen: boolean,
  asOf: Day,
): Exposure | null {
  const { lastMissing, firstFixed, reopened } = line;
  const from = reopened ?? course.from;
  // Seen without it before it existed, and never with it since: nothing is known of its time.
  const isUnknown = lastMissing === null || (lastMissing < from && firstFixed === null);
  if (!isOpen && isUnknown) return null;
  const sureEnd = Math.max(from, lastMissing ?? from);
  const closed = isOpen ? null : firstFixed;
  const lastEnd = Math.max(from, closed ?? asOf);
  return {
    from,
    to:
      closed === null
        ? null
        : [lastMissing === null || lastMissing < from ? from : lastMissing, closed],
    daysMin: sureEnd - from,
    daysMax: lastEnd - from,
    exploitedDaysMin: Math.max(0, sureEnd - Math.max(from, course.surelyUsed)),
    exploitedDaysMax: Math.max(0, lastEnd - Math.max(from, course.perhapsUsed)),
    daysWithoutFix: course.daysWithoutFix,
  };
}

/** Since when it was used, at the earliest and at the latest; infinite where nobody says so by that day. */
export function exploitedSince(
  { exploitations, kev }: Vulnerability,
  asOf: Day,
): { readonly earliest: number; readonly latest: number } {
  const told = exploitations.filter(({ latest: at }) => at <= asOf);
  const begun = exploitations.filter((each) => (each.earliest ?? each.latest) <= asOf);
  const listed = kev !== null && kev.added <= asOf ? [kev.added] : [];
  return {
    earliest: minimum([...begun.map((each) => each.earliest ?? each.latest), ...listed]),
    latest: minimum([...told.map((each) => each.latest), ...listed]),
  };
}

/** Days between the first sign of it in public or in use and the first fix. */
function withoutFix({ vulnerability, first }: Fix): number {
  const { published, exploitations } = vulnerability;
  const begun = minimum([
    ...(published === null ? [] : [published]),
    ...exploitations.map(({ latest: at }) => at),
  ]);
  return Number.isFinite(begun) ? Math.max(0, first.latest - begun) : 0;
}

/** What the public could know of these fixes up to a day, in the order of days. */
export function publicFacts(fixes: readonly Fix[], update: string, asOf: Day): PublicFact[] {
  const releases = [...new Set(fixes.map(({ first }) => first.latest))].map(
    (day): PublicFact => ({ day, what: "fix released", text: update }),
  );
  const facts = [...releases, ...fixes.flatMap(({ vulnerability }) => factsOf(vulnerability))];
  return inOrder(facts.filter(({ day }) => day <= asOf));
}

/** What the public could know of one vulnerability, besides its fixes. */
export function factsOf({ id, published, exploitations, kev }: Vulnerability): PublicFact[] {
  return [
    ...(published === null ? [] : [{ day: published, what: "published", text: id } as const]),
    ...exploitations.map(
      ({ reported, latest: used, source }) =>
        ({
          day: reported,
          what: "exploitation reported",
          text: `${id}: used by ${formatDay(used)} (${source})`,
        }) as const,
    ),
    ...(kev === null ? [] : [{ day: kev.added, what: "listed as exploited", text: id } as const]),
  ];
}

/** Facts in the order of their days. */
export function inOrder(facts: readonly PublicFact[]): PublicFact[] {
  return facts.toSorted((a, b) => a.day - b.day || byCodeUnits(a.text, b.text));
}

function minimum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}
