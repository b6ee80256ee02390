/**
 * Evidence that is not here and does not wait (docs/design/dying-evidence.md): for each kind that a host has, what of the window is
 * missing, how long a record lasts, and so the hour at which it is deleted. What the files at hand show goes before what is usual.
 * Refuses to promise: every hour says what it rests on, and what nobody can tell has none.
 */
import { parseTime, TICKS_PER_DAY, TICKS_PER_HOUR, UNDATED } from "../../base/time.ts";
import type { Cause } from "../../model/cause.ts";
import type { Coverage, Rotation, SourceCoverage } from "../../model/coverage.ts";
import type { IncidentEvent } from "../../model/duty.ts";
import {
  type DyingEvidence,
  type DyingSource,
  type DyingState,
  DYING_STATES,
  type InterestWindow,
  type MissingStretch,
} from "../../model/dying.ts";
import { byCodeUnits } from "../../base/text.ts";
import { type ExpectedEntry, type ExpectedKnowledge, isSeenIn } from "./coverage-expected.ts";
import { tellDying } from "./dying-words.ts";
import type { Lifetime, Lifetimes } from "./lifetimes.ts";

/** What dying evidence is told from. */
export interface DyingInput {
  readonly coverage: Coverage;
  readonly cause: Cause;
  readonly incident: readonly IncidentEvent[];
  readonly expected: ExpectedKnowledge;
  readonly lifetimes: Lifetimes;
  /** The window that was asked for; null: none was. */
  readonly asked: { readonly from: bigint | null; readonly to: bigint | null } | null;
  readonly asOf: bigint;
}

/** A day before a suspicion is what people ask about first. */
const BEFORE_SUSPICION = TICKS_PER_DAY;
/**
 * A source that is silent for less at an end of the window covers it: for its own longest silence, and an hour at least; a day where
 * it has too few records to tell.
 */
const NEAR_MIN = TICKS_PER_HOUR;
const NEAR_UNTOLD = TICKS_PER_DAY;

/** A log that would have to grow more than so many times over to be full says too little of when that will be. */
const GROWTH_MAX = 4;

/** What of the window of interest is not here, and when it will be gone. */
export function dyingOf(input: DyingInput): DyingEvidence {
  const { asOf, coverage, expected } = input;
  const window = windowOf(input);
  if (window === null) return { asOf, window, sources: [] };
  const hosts = new Map(coverage.expected.map(({ host, id }) => [`${host}\n${id}`, host]));
  const bySource = Map.groupBy(coverage.sources, ({ host }) => host);
  const sources = expected.entries.flatMap((entry) => {
    const lifetime = input.lifetimes.get(entry.id);
    if (lifetime === undefined) return [];
    const here = [...bySource].flatMap(([host, all]) => {
      const own = all.filter((source) => isSeenIn(entry, source));
      return own.length === 0 ? [] : [dyingSource({ entry, lifetime, host, own, window, asOf })];
    });
    const absent = [...hosts].flatMap(([key, host]) =>
      key === `${host}\n${entry.id}`
        ? [dyingSource({ entry, lifetime, host, own: [], window, asOf })]
        : [],
    );
    return [...here, ...absent];
  });
  return { asOf, window, sources: sources.sort(byUrgency) };
}

/** What was asked for, else the first exploitation, else the first suspicion, else all that is here. */
function windowOf({ asked, cause, incident, coverage, asOf }: DyingInput): InterestWindow | null {
  const dated = coverage.sources.filter(({ first }) => first !== UNDATED);
  const [from, to] = [least(dated.map(({ first }) => first)), most(dated.map(({ last }) => last))];
  if (asked !== null && (asked.from !== null || asked.to !== null)) {
    const [begin, end] = [asked.from ?? from ?? asOf, asked.to ?? asOf];
    return { from: begin, to: most([begin, end]) ?? end, why: "as asked for" };
  }
  const exploited = least(cause.first.map(({ at }) => at.first));
  if (exploited !== null) {
    const traces = cause.ladders.flatMap(({ steps }) => steps.map(({ last }) => last));
    const last = most([exploited, ...traces]) ?? exploited;
    return {
      from: exploited,
      to: last,
      why: "from the first exploitation to the last trace of one",
    };
  }
  const suspected = least(incident.filter(({ kind }) => kind === "suspected").map(({ at }) => at));
  if (suspected !== null)
    return {
      from: suspected - BEFORE_SUSPICION,
      to: suspected,
      why: "the day before the first suspicion",
    };
  if (from === null || to === null) return null;
  return { from, to, why: "all that the evidence covers" };
}

interface Judging {
  readonly entry: ExpectedEntry;
  readonly lifetime: Lifetime;
  readonly host: string;
  /** Its sources that are here. */
  readonly own: readonly SourceCoverage[];
  readonly window: InterestWindow;
  readonly asOf: bigint;
}

function dyingSource({ entry, lifetime, host, own, window, asOf }: Judging): DyingSource {
  const oldest = own
    .filter(({ first }) => first !== UNDATED)
    .reduce<SourceCoverage | null>((a, b) => (a === null || b.first < a.first ? b : a), null);
  // A state, or a file that is whole, has no stretches: it is here or it is not.
  const isOne = lifetime.keeps.kind === "state" || lifetime.keeps.kind === "file";
  const missing = isOne && own.length > 0 ? [] : missingOf(own, window);
  const { keeps, basis, measured } = keepsOf(own, lifetime);
  const [first, last] = [missing[0], missing.at(-1)];
  const dies = (made: bigint): bigint | null =>
    keeps === null ? null : made + earlierKeeps(lifetime, made, keeps, basis);
  const begins = first === undefined ? null : dies(first.from);
  const gone = last === undefined ? null : dies(last.to);
  const state = stateOf(lifetime, { missing, begins, gone, asOf });
  const judged = {
    entry,
    lifetime,
    state,
    missing,
    keeps,
    basis,
    begins,
    gone,
    measured,
    here: own.length > 0,
    untold: own.length > 0 && own.every(({ rhythm }) => rhythm === null),
  };
  return {
    evidence: entry.id,
    host,
    what: entry.what,
    state,
    rank: lifetime.rank,
    decides: lifetime.decides,
    oldest: oldest?.first ?? UNDATED,
    oldestAt: oldest?.firstAt ?? null,
    missing,
    keeps,
    basis,
    begins,
    gone,
    why: tellDying(judged),
    source: lifetime.source,
    confidence: lifetime.confidence,
  };
}

/** The stretches of the window that no source of this kind covers; what they do not tell apart counts as covered. */
function missingOf(
  own: readonly SourceCoverage[],
  { from, to: until }: InterestWindow,
): MissingStretch[] {
  // One moment is a window too.
  const to = until > from ? until : from + 1n;
  const covered = own
    .filter(({ first }) => first !== UNDATED)
    .flatMap(coveredBy)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  if (covered.length === 0) return [{ from, to }];
  const missing: MissingStretch[] = [];
  let reached = from;
  for (const stretch of covered) {
    const end = stretch.from < to ? stretch.from : to;
    if (end > reached) missing.push({ from: reached, to: end });
    if (stretch.to > reached) reached = stretch.to;
  }
  if (reached < to) missing.push({ from: reached, to });
  return missing;
}

/** From the first record to the last without the holes; a silence that is normal at either end belongs to it. */
function coveredBy({ first, last, gaps, rhythm }: SourceCoverage): MissingStretch[] {
  const near = rhythm === null ? NEAR_UNTOLD : rhythm > NEAR_MIN ? rhythm : NEAR_MIN;
  const stretches: MissingStretch[] = [];
  let begin = first - near;
  for (const { from, to } of gaps) {
    if (from > begin) stretches.push({ from: begin, to: from });
    begin = to;
  }
  return [...stretches, { from: begin, to: last + near }];
}

interface Keeping {
  readonly keeps: bigint | null;
  readonly basis: DyingSource["basis"];
  /** The rotation that was measured, where one decides. */
  readonly measured: Rotation | null;
}

/** How long a record lasts: measured where a log overwrites itself or grows towards its limit, else as stated. */
function keepsOf(own: readonly SourceCoverage[], { keeps }: Lifetime): Keeping {
  switch (keeps.kind) {
    case "days":
      return { keeps: BigInt(keeps.days) * TICKS_PER_DAY, basis: "stated", measured: null };
    case "size": {
      const measured = own.map(({ rotation }) => rotation).find((each) => each !== null) ?? null;
      if (measured === null || measured.kind === "rolled") break;
      const full = measured.kind === "overwritten" ? 1 : keeps.limitBytes / measured.sizeBytes;
      if (full > GROWTH_MAX) break;
      const ticks = Math.round(Number(measured.holds) * Math.max(1, full));
      return { keeps: BigInt(ticks), basis: "measured", measured };
    }
    case "disk":
    case "file":
    case "state":
    case "never":
      break;
  }
  return { keeps: null, basis: "unknown", measured: null };
}

/** What was made under an earlier setting lasts as long as that setting said. */
function earlierKeeps({ keeps }: Lifetime, made: bigint, usual: bigint, basis: string): bigint {
  if (keeps.kind !== "days" || basis !== "stated") return usual;
  const earlier = keeps.earlier.find(({ before }) => made < (parseTime(before)?.ticks ?? 0n));
  return earlier === undefined ? usual : BigInt(earlier.days) * TICKS_PER_DAY;
}

function stateOf(
  { keeps }: Lifetime,
  {
    missing,
    begins,
    gone,
    asOf,
  }: Pick<DyingSource, "missing" | "begins" | "gone"> & { asOf: bigint },
): DyingState {
  if (keeps.kind === "never") return "never";
  if (missing.length === 0) return "held";
  if (begins === null || gone === null) return "open";
  return asOf >= gone ? "gone" : asOf >= begins ? "going" : "waiting";
}

function byUrgency(a: DyingSource, b: DyingSource): number {
  return (
    DYING_STATES.indexOf(a.state) - DYING_STATES.indexOf(b.state) ||
    a.rank - b.rank ||
    byTicks(a.begins, b.begins) ||
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(a.evidence, b.evidence)
  );
}

function byTicks(a: bigint | null, b: bigint | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function least(values: readonly bigint[]): bigint | null {
  return values.reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null);
}

function most(values: readonly bigint[]): bigint | null {
  return values.reduce<bigint | null>((a, b) => (a === null || b > a ? b : a), null);
}
