/** One product on one host, with all that is said of it. Refuses what is of a later day than the one that is asked about. */
import { type Day, dayOfTicks } from "../../base/day.ts";
import { UNDATED, TICKS_PER_DAY } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import type { VulnerabilityId } from "../../model/catalogue.ts";
import type { Claim } from "../../model/claim.ts";
import type { EventReference } from "../../model/event.ts";
import type { Observation } from "../../model/observation.ts";
import type { ReleaseBook } from "./release-book.ts";
import { type SeenBuild, type Standing, lastSeenBy, seenBuild, standingOn } from "./sightline.ts";
import type { PatchTerms } from "./terms.ts";

/** Claims, and those that name an update by what they call it, in capitals. */
export interface HostClaims {
  readonly all: readonly Claim[];
  readonly named: ReadonlyMap<string, readonly Claim[]>;
}

/** One product on one host. */
export interface HostCase {
  readonly host: string;
  readonly book: ReleaseBook;
  readonly seen: readonly SeenBuild[];
  readonly standing: Standing;
  /** Those for this host, and those for none in particular; none that were made after the as-of day. */
  readonly claims: readonly HostClaims[];
  /** Observations that name an update by number. */
  readonly lists: readonly Observation[];
  readonly configured: ReadonlySet<VulnerabilityId>;
  /** Product and name, a line each, of updates that some host may have: a claim without a host may be meant for that one. */
  readonly mayHold: ReadonlySet<string>;
  readonly terms: PatchTerms;
  readonly asOf: Day;
  /** Ticks of the deciding observation; null: undated, or none. */
  readonly observedAt: bigint | null;
  readonly at: readonly EventReference[];
}

/** What a case is made from. */
export type HostMatter = Omit<HostCase, "seen" | "standing" | "observedAt" | "at">;

/** The case of a product on a host from the observations of its builds, in whatever order. */
export function makeHostCase(matter: HostMatter, observations: readonly Observation[]): HostCase {
  const { book, asOf } = matter;
  const seen = observations
    .flatMap((observation) => seenBuild(book, observation, asOf) ?? [])
    .sort(bySighting);
  const standing = standingOn(seen, asOf) ?? NOWHERE;
  const at = standing.by.slice(0, PLACES_MAX).map(({ observation }) => observation.last.at);
  return { ...matter, seen, standing, observedAt: observedAt(standing, asOf), at };
}

const PLACES_MAX = 3;

/** Nothing was seen up to the day. */
export const NOWHERE: Standing = {
  points: [],
  strength: "weak",
  revisionStrength: "none",
  by: [],
  day: null,
  revisionDay: null,
  notAfter: null,
  newerWeak: null,
};

/** The build as the deciding observation writes it; "" where nothing shows one. */
export function buildText({ by }: Standing): string {
  return by[0]?.observation.build?.text ?? "";
}

/** When the deciding observation was made; a day that lies within its sightings is told as its beginning. */
function observedAt({ by }: Standing, asOf: Day): bigint | null {
  const [first] = by;
  const day = first === undefined ? null : lastSeenBy(first, asOf);
  if (first === undefined || day === null) return null;
  const { last } = first.observation;
  return dayOfTicks(last.ticks) === day ? last.ticks : BigInt(day) * TICKS_PER_DAY;
}

/** Claims by what they call an update. */
export function indexClaims(all: readonly Claim[]): HostClaims {
  return {
    all,
    named: Map.groupBy(
      all.filter(({ kb }) => kb !== ""),
      ({ kb }) => kb.toUpperCase(),
    ),
  };
}

/** Whether an observation without a build is of the day or before; undated it counts, as nothing says otherwise. */
export function isBy({ first }: Observation, asOf: Day): boolean {
  if (first.ticks === UNDATED) return true;
  const day = dayOfTicks(first.ticks);
  return day !== null && day <= asOf;
}

/** The highest build first, then as observations stand. */
function bySighting(a: SeenBuild, b: SeenBuild): number {
  return (
    b.point.third - a.point.third ||
    (b.point.fourth ?? -1) - (a.point.fourth ?? -1) ||
    byObservation(a.observation, b.observation)
  );
}

/** The latest first, then by what tells them apart: the order in which evidence was read decides nothing. */
export function byObservation(a: Observation, b: Observation): number {
  return (
    byTicks(b.last.ticks, a.last.ticks) ||
    byTicks(b.first.ticks, a.first.ticks) ||
    byCodeUnits(a.kind, b.kind) ||
    byCodeUnits(a.source, b.source) ||
    byCodeUnits(a.product, b.product) ||
    byCodeUnits(a.build?.text ?? "", b.build?.text ?? "") ||
    byCodeUnits(a.kb, b.kb) ||
    byCodeUnits(a.last.at.key, b.last.at.key)
  );
}

function byTicks(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Claims in the order in which they were made; undated ones last, then as they stand in their files. */
export function byMaking(a: Claim, b: Claim): number {
  if (a.at !== b.at) {
    if (a.at === null) return 1;
    if (b.at === null) return -1;
    return byTicks(a.at, b.at);
  }
  return (
    byCodeUnits(a.file, b.file) ||
    a.offset - b.offset ||
    byCodeUnits(a.record, b.record) ||
    byCodeUnits(a.kb, b.kb) ||
    byCodeUnits(a.claim, b.claim) ||
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(a.product, b.product)
  );
}
