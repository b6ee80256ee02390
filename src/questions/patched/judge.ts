/**
 * What a host's builds say of every fix of its product on a day: states, ranks, and the updates that they belong to. Refuses to
 * let a weak observation decide, and to count a fix as there while its configuration is not seen.
 */
import { known } from "../../base/assert.ts";
import { type Day, formatDay } from "../../base/day.ts";
import {
  type Chain,
  type Release,
  SEVERITIES,
  type Severity,
  type VulnerabilityId,
} from "../../model/catalogue.ts";
import type { FixState, VulnerabilityState } from "../../model/patch.ts";
import { type Fix, type FixOfBuild, type ReleaseBook, fixOf } from "./release-book.ts";
import type { Standing } from "./sightline.ts";

/** The vulnerabilities of one update that share a state on a host. */
export interface JudgedUpdate {
  /** `Apr21SU`, `CU21`. */
  readonly update: string;
  /** The number of the update for the host's own CU, otherwise of the first CU that got it; "" where it has none. */
  readonly kb: string;
  readonly kbs: readonly string[];
  /** What a claim may call it, in capitals; not its numbers where the build has the update, and it does not bring these fixes. */
  readonly names: ReadonlySet<string>;
  /** A security update, not a cumulative one. */
  readonly isSecurity: boolean;
  readonly released: Day;
  readonly state: FixState;
  readonly strength: "strong" | "weak";
  readonly states: readonly VulnerabilityState[];
  readonly fixes: readonly Fix[];
  readonly severity: Severity;
  readonly rank: Severity;
  readonly requires: readonly string[];
}

/** What was observed of configuration: the ids of vulnerabilities whose requirement is met. */
export type Configured = ReadonlySet<VulnerabilityId>;

/** The worst of several ratings; of none: `none`. */
export function worstOf(severities: readonly Severity[]): Severity {
  const worst = Math.max(0, ...severities.map((severity) => SEVERITIES.indexOf(severity)));
  return SEVERITIES[worst] ?? "none";
}

/** Judges every fix that was out on the day. */
export function judge(
  book: ReleaseBook,
  chains: readonly Chain[],
  standing: Standing,
  configured: Configured,
  day: Day,
): readonly JudgedUpdate[] {
  const out = book.fixes.filter(({ first }) => first.latest <= day);
  const decided = out.map((fix) => ({ fix, ...decide(book, fix, standing, configured) }));
  const open = new Set(
    decided.filter(({ state }) => state === "missing").map(({ fix }) => fix.vulnerability.id),
  );
  const severityOf = new Map(
    book.fixes.map(({ vulnerability }) => [vulnerability.id, worstOf(vulnerability.severities)]),
  );
  const groups = new Map<
    string,
    { fix: Fix; strength: "strong" | "weak"; state: VulnerabilityState }[]
  >();
  for (const { fix, state, why, strength } of decided) {
    const { id, alias, requires, epss } = fix.vulnerability;
    const severity = severityOf.get(id) ?? "none";
    const lent = state === "missing" ? lentTo(id, severity, chains, open, severityOf) : null;
    const told: VulnerabilityState = {
      id,
      alias,
      state,
      severity,
      rank: lent?.rank ?? severity,
      lentBy: lent?.by ?? "",
      why,
      requires: requires?.text ?? "",
      disputed: disputeOf(book, fix, standing),
      epss: epss !== null && epss.day <= day ? epss : null,
    };
    const key = `${updateOf(fix)}\n${state}\n${strength}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ fix, strength, state: told }]);
    else group.push({ fix, strength, state: told });
  }
  return [...groups.values()].map((group) => judged(book, group, standing));
}

/** The update that brought a fix first. */
export function updateOf({ firstReleases }: Fix): string {
  const [first] = firstReleases;
  return first === undefined ? "" : nameOf(first);
}

function nameOf({ update, cu, text }: Release): string {
  return update || cu || text;
}

function judged(
  book: ReleaseBook,
  group: readonly {
    readonly fix: Fix;
    readonly strength: "strong" | "weak";
    readonly state: VulnerabilityState;
  }[],
  standing: Standing,
): JudgedUpdate {
  const fixes = group.map(({ fix }) => fix);
  const [first] = group;
  const releases = fixes.flatMap(({ firstReleases }) => firstReleases);
  const [point] = standing.points;
  const own = releases.find(({ build }) => build[2] === point?.third)?.kbs[0];
  const kbs = [...new Set(releases.flatMap((release) => release.kbs))];
  const update = first === undefined ? "" : updateOf(first.fix);
  const state = first?.state.state ?? "unknown";
  const brought = state === "missing" ? installedOf(book, kbs, standing) : null;
  const states = group.map(({ state: told }) =>
    brought === null
      ? told
      : { ...told, why: `${told.why}; ${nameOf(brought)} is there and does not bring it` },
  );
  const names = [...(brought === null ? [...kbs, update] : []), ...states.map(({ id }) => id)];
  return {
    update,
    kb: own ?? kbs[0] ?? "",
    kbs,
    names: new Set(names.map((name) => name.toUpperCase())),
    isSecurity: releases.some(({ kind }) => kind === "SU"),
    released: known(first, "a group holds a fix").fix.first.latest,
    state,
    strength: first?.strength ?? "weak",
    states,
    fixes,
    severity: worstOf(states.map(({ severity }) => severity)),
    rank: worstOf(states.map(({ rank }) => rank)),
    requires: [...new Set(states.map(({ requires }) => requires))].filter((text) => text !== ""),
  };
}

/** The update of these numbers that the build itself shows, though it lacks fixes that the same update has for other CUs. */
function installedOf(
  { units }: ReleaseBook,
  kbs: readonly string[],
  standing: Standing,
): Release | null {
  const { points, revisionStrength } = standing;
  const [point] = points;
  const fourth = revisionStrength === "strong" ? (point?.fourth ?? null) : null;
  if (points.length !== 1 || point === undefined || fourth === null) return null;
  const releases = units.get(point.third)?.releases ?? [];
  return (
    releases.find(
      ({ build, kbs: own }) => build[3] <= fourth && own.some((kb) => kbs.includes(kb)),
    ) ?? null
  );
}

interface Decision extends FixOfBuild {
  readonly strength: "strong" | "weak";
}

function decide(book: ReleaseBook, fix: Fix, standing: Standing, configured: Configured): Decision {
  const built = decideByBuild(book, fix, standing);
  const { id, requires } = fix.vulnerability;
  if (requires === null) return built;
  if (configured.has(id) && (requires.alone || built.state === "fixed"))
    return {
      state: "fixed",
      why: `Seen: ${requires.text}`,
      strength: requires.alone ? "strong" : built.strength,
    };
  if (built.state === "unknown" || configured.has(id)) return built;
  if (built.state === "missing")
    return requires.alone
      ? {
          ...built,
          why: `${built.why}; ${requires.text} would close it too, and nothing here shows it`,
        }
      : built;
  return {
    state: "unknown",
    why: `${built.why}; it also needs ${requires.text}, which nothing here shows`,
    strength: built.strength,
  };
}

function decideByBuild(book: ReleaseBook, fix: Fix, standing: Standing): Decision {
  const { points, strength, revisionStrength, newerWeak } = standing;
  const states = points.map(({ third, fourth }) =>
    fixOf(book, fix, { third, fourth: revisionStrength === "strong" ? fourth : null }),
  );
  const [first] = states;
  if (first === undefined) return { state: "unknown", why: "Nothing shows a build", strength };
  if (states.some(({ state }) => state !== first.state))
    return {
      state: "unknown",
      why: "Observations contradict each other, and this fix is in only one of the builds",
      strength,
    };
  const [point] = points;
  if (
    first.state === "unknown" &&
    revisionStrength === "weak" &&
    points.length === 1 &&
    point !== undefined
  )
    return point.fourth === null
      ? { ...first, strength }
      : byWeakNumber(fixOf(book, fix, point), first);
  if (first.state !== "missing") return { ...first, strength };
  if (newerWeak !== null && fixOf(book, fix, newerWeak.point).state === "fixed")
    return {
      state: "unknown",
      why: `${first.why}; but ${newerWeak.observation.source} shows a higher number later`,
      strength: "weak",
    };
  return { ...seenMissing(book, fix, standing, first.why), strength };
}

/** The newest observation stands until another one shows more; where it is older than the update, or has no time, that is said. */
function seenMissing(book: ReleaseBook, fix: Fix, standing: Standing, why: string): FixOfBuild {
  const { points, day, revisionDay, notAfter } = standing;
  const isByUnit = points.every(
    ({ third }) => fixOf(book, fix, { third, fourth: null }).state === "missing",
  );
  const seenOn = (isByUnit ? day : revisionDay) ?? notAfter;
  const released = formatDay(fix.first.latest);
  if (seenOn !== null && seenOn < fix.first.latest)
    return {
      state: "missing",
      why: `${why}; seen last on ${formatDay(seenOn)}, before the update came out on ${released}: a file version of a later day would tell whether it came since`,
    };
  const undated =
    day === null
      ? "; the record has no time, and is taken for one of the day that is asked about"
      : "";
  return { state: "missing", why: `${why}${undated}` };
}

/** A number that a log states was there; a lower one than expected proves nothing, since an update leaves parts as they are. */
function byWeakNumber(said: FixOfBuild, unknown: FixOfBuild): Decision {
  if (said.state === "fixed") return { ...said, strength: "weak" };
  if (said.state === "unknown") return { ...said, strength: "weak" };
  return {
    state: "unknown",
    why: `${unknown.why}: the logs show a lower one, which a security update may leave as it is`,
    strength: "weak",
  };
}

/** The rank that a chain lends: only where every other link is open on this host on this day. */
function lentTo(
  id: VulnerabilityId,
  severity: Severity,
  chains: readonly Chain[],
  open: ReadonlySet<VulnerabilityId>,
  severityOf: ReadonlyMap<VulnerabilityId, Severity>,
): { readonly rank: Severity; readonly by: string } | null {
  let lent: { rank: Severity; by: string } | null = null;
  for (const { name, links } of chains) {
    if (!links.includes(id) || !links.every((link) => link === id || open.has(link))) continue;
    const rank = worstOf(links.map((link) => severityOf.get(link) ?? "none"));
    const over = lent?.rank ?? severity;
    if (SEVERITIES.indexOf(rank) > SEVERITIES.indexOf(over)) lent = { rank, by: name };
  }
  return lent;
}

/** One source takes the build for fixed, and the maker's record does not: shown beside the state, never counted. */
function disputeOf({ units }: ReleaseBook, fix: Fix, { points }: Standing): string {
  const { id } = fix.vulnerability;
  for (const { third, fourth } of points) {
    const releases = units.get(third)?.releases ?? [];
    const held = releases.filter(({ build }) => fourth === null || build[3] <= fourth);
    const dispute = held
      .flatMap(({ disputes }) => disputes)
      .find(({ fixes }) => fixes.includes(id));
    if (dispute !== undefined)
      return `${dispute.claimedBy.join(", ")} takes it for fixed; ${dispute.against}`;
  }
  return "";
}
