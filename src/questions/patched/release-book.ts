/**
 * The releases of one product, looked up by build: what a build holds of each fix. Refuses what no source says: within a
 * cumulative update (CU) numbers are compared, across them only release and order count (docs/design/patched.md).
 */
import { known } from "../../base/assert.ts";
import { type Day, formatDay } from "../../base/day.ts";
import type {
  Catalogue,
  DayRange,
  Product,
  Release,
  Vulnerability,
  VulnerabilityId,
} from "../../model/catalogue.ts";
import type { Strength } from "../../model/observation.ts";
import type { FixState } from "../../model/patch.ts";

/** A build up to its CU, and its last number where that is known. */
export interface BuildPoint {
  /** The third number: of one CU all builds share it. */
  readonly third: number;
  /** Null: unknown; anything from the CU itself to its newest update. */
  readonly fourth: number | null;
}

/** What a build says of one fix. */
export interface FixOfBuild {
  readonly state: FixState;
  readonly why: string;
}

/** One vulnerability as the product's releases fix it. */
export interface Fix {
  /** Its place among the fixes of the book. */
  readonly at: number;
  readonly vulnerability: Vulnerability;
  /** The day on which the first release with the fix came out. */
  readonly first: DayRange;
  /** The releases of that day. */
  readonly firstReleases: readonly Release[];
  /** The lowest last number that holds the fix, by CU. */
  readonly lowest: ReadonlyMap<number, number>;
  readonly thirdMin: number;
  readonly thirdMax: number;
  /** What builds were found to say of it: thousands of hosts share a few builds. */
  readonly remembered: Map<string, FixOfBuild>;
}

/** One CU and its updates, the lowest build first. */
export interface CumulativeUpdate {
  readonly third: number;
  readonly name: string;
  readonly released: DayRange;
  readonly releases: readonly Release[];
}

/** All that a catalogue says of one product. */
export interface ReleaseBook {
  readonly product: Product;
  readonly fixes: readonly Fix[];
  /** By third number, ascending. */
  readonly units: ReadonlyMap<number, CumulativeUpdate>;
  /** The days on which a fix was first out, ascending: between two of them nothing changes. */
  readonly days: readonly Day[];
  /** All releases, the lowest build first. */
  readonly releases: readonly Release[];
  /** What sightings of a build were found to say, a state for each fix. */
  readonly remembered: Map<string, readonly FixState[]>;
}

/** The books of a catalogue by the names of its products. */
export function makeBooks(catalogue: Catalogue): ReadonlyMap<string, ReleaseBook> {
  return new Map(catalogue.products.map((product) => [product.name, makeBook(catalogue, product)]));
}

function makeBook({ releases, vulnerabilities }: Catalogue, product: Product): ReleaseBook {
  const own = releases.filter((release) => release.product === product.name);
  const byFix = new Map<VulnerabilityId, Release[]>();
  for (const release of own)
    for (const id of release.fixes) {
      const fixing = byFix.get(id);
      if (fixing === undefined) byFix.set(id, [release]);
      else fixing.push(release);
    }
  const fixed = [...byFix].flatMap(([id, fixing]) => {
    const vulnerability = vulnerabilities.get(id);
    return vulnerability === undefined ? [] : [{ vulnerability, fixing }];
  });
  const thirds = [...new Set(own.map(({ build }) => build[2]))].sort((a, b) => a - b);
  const units = thirds.map((third) => makeUnit(third, own));
  const fixes = fixed.map(({ vulnerability, fixing }, at) => makeFix(vulnerability, fixing, at));
  return {
    product,
    fixes,
    days: [...new Set(fixes.map(({ first }) => first.latest))].sort((a, b) => a - b),
    units: new Map(units.map((unit) => [unit.third, unit])),
    releases: units.flatMap(({ releases: ofUnit }) => ofUnit),
    remembered: new Map(),
  };
}

function makeFix(vulnerability: Vulnerability, fixing: readonly Release[], at: number): Fix {
  const first = fixing.reduce((a, b) => (b.released.latest < a.released.latest ? b : a));
  const lowest = new Map<number, number>();
  for (const { build } of fixing)
    lowest.set(build[2], Math.min(build[3], lowest.get(build[2]) ?? build[3]));
  return {
    at,
    vulnerability,
    first: first.released,
    firstReleases: fixing.filter(({ released }) => released.latest === first.released.latest),
    lowest,
    thirdMin: Math.min(...lowest.keys()),
    thirdMax: Math.max(...lowest.keys()),
    remembered: new Map(),
  };
}

function makeUnit(third: number, own: readonly Release[]): CumulativeUpdate {
  const releases = own.filter(({ build }) => build[2] === third);
  const first = known(releases[0], "a unit is made from its releases");
  const named = releases.find(({ kind }) => kind === "CU") ?? first;
  return { third, name: named.cu || named.text, released: named.released, releases };
}

/** How many of the book's days lie up to a day; of no day: none is ruled out. */
export function daysUpTo({ days }: ReleaseBook, day: Day | null): number {
  if (day === null) return days.length;
  const later = days.findIndex((each) => each > day);
  return later < 0 ? days.length : later;
}

/** What a build says of a fix; the same for every day, since a build does not change. */
export function fixOf(book: ReleaseBook, fix: Fix, point: BuildPoint): FixOfBuild {
  const key = `${point.third}.${point.fourth ?? ""}`;
  const remembered = fix.remembered.get(key);
  if (remembered !== undefined) return remembered;
  const found = findOut(book, fix, point);
  if (fix.remembered.size < REMEMBERED_MAX) fix.remembered.set(key, found);
  return found;
}

/** Builds that a forged log names must not fill the memory. */
const REMEMBERED_MAX = 4_096;

/**
 * What a sighting of a build says of every fix of the book, by their places. A last number that is only weak may show a fix, never
 * the lack of one.
 */
export function statesOf(
  book: ReleaseBook,
  { third, fourth }: BuildPoint,
  strength: Strength,
  revisionStrength: Strength,
): readonly FixState[] {
  const key = `${third}.${fourth ?? ""} ${strength} ${revisionStrength}`;
  const remembered = book.remembered.get(key);
  if (remembered !== undefined) return remembered;
  const states = book.fixes.map((fix): FixState => {
    if (strength !== "strong") return "unknown";
    const proven = revisionStrength === "strong" ? fourth : null;
    const { state } = fixOf(book, fix, { third, fourth: proven });
    if (state !== "unknown" || revisionStrength !== "weak") return state;
    return fixOf(book, fix, { third, fourth }).state === "fixed" ? "fixed" : "unknown";
  });
  if (book.remembered.size < REMEMBERED_MAX) book.remembered.set(key, states);
  return states;
}

function findOut(book: ReleaseBook, fix: Fix, { third, fourth }: BuildPoint): FixOfBuild {
  if (fourth !== null) return stateAt(book, fix, third, fourth);
  const unit = book.units.get(third);
  const steps = unit?.releases.map(({ build }) => build[3]) ?? [0];
  const states = steps.map((step) => stateAt(book, fix, third, step));
  const [first = stateAt(book, fix, third, 0)] = states;
  if (states.every(({ state }) => state === first.state)) return first;
  return {
    state: "unknown",
    why: `Within ${unit?.name ?? third} the last number of the build decides, and it is not known`,
  };
}

function stateAt(book: ReleaseBook, fix: Fix, third: number, fourth: number): FixOfBuild {
  const lowest = fix.lowest.get(third);
  const unit = book.units.get(third);
  return lowest === undefined || unit === undefined
    ? stateOfUnit(fix, third, unit)
    : stateWithin(fix, unit, fourth, lowest);
}

/** A CU that has updates with this fix: numbers decide. */
function stateWithin(fix: Fix, unit: CumulativeUpdate, fourth: number, lowest: number): FixOfBuild {
  const { id } = fix.vulnerability;
  const fixing = unit.releases.find(({ build }) => build[3] === lowest);
  const boundary = `${fixing?.text ?? lowest}${fixing?.update ? ` (${fixing.update})` : ""}`;
  const below = unit.releases.filter(({ build }) => build[3] <= fourth);
  if (fourth < lowest) {
    const unsettled = below.find((release) => release.unsettled?.fixes.includes(id));
    if (unsettled?.unsettled)
      return {
        state: "unknown",
        why: `Sources disagree on this build: ${unsettled.unsettled.why}`,
      };
    return {
      state: "missing",
      why: `Below ${boundary}, the first build of ${unit.name} with the fix`,
    };
  }
  const governing = below.at(-1);
  if (governing !== undefined && !governing.impliesEarlier && !governing.fixes.includes(id))
    return {
      state: "unknown",
      why: `${governing.update} for ${unit.name} was made for a CU out of support and holds only what it names: its number does not prove that ${boundary} was installed before it`,
    };
  return {
    state: "fixed",
    why: `At or above ${boundary}, the first build of ${unit.name} with the fix`,
  };
}

/** A CU that never got an update with this fix: its age decides. */
function stateOfUnit(fix: Fix, third: number, unit: CumulativeUpdate | undefined): FixOfBuild {
  if (third < fix.thirdMin)
    return {
      state: "missing",
      why: "Older than every cumulative update that the fix was made for",
    };
  if (unit === undefined)
    return { state: "unknown", why: "No catalogue here knows the cumulative update of this build" };
  const released = formatDay(unit.released.latest);
  if (third > fix.thirdMax)
    return {
      state: "fixed",
      why: `${unit.name} is newer than every cumulative update that the maker lists as affected`,
    };
  if (unit.released.latest < fix.first.earliest)
    return {
      state: "missing",
      why: `${unit.name} was released on ${released}, before the fix, and no update of it brings the fix`,
    };
  return {
    state: "fixed",
    why: `${unit.name}, released on ${released}, came after the fix and holds it`,
  };
}
