/**
 * What the witnesses of a check cover of the time since a break-in, and what they do not. Refuses to take a log that shows a part of
 * such changes, or one whose auditing nothing proves, for a witness of their absence.
 */
import { TICKS_PER_DAY, UNDATED, isPlausible } from "../../../base/time.ts";
import { byCodeUnits } from "../../../base/text.ts";
import { callSource, count, spell } from "../../../engines/wording/index.ts";
import type { SourceCoverage } from "../../../model/coverage.ts";
import { NOT_OF_A_HOST, STATE_FORMATS } from "../../../model/evidence.ts";
import type { On, Witness } from "./terms.ts";

/** A stretch of time. */
export interface Stretch {
  readonly from: bigint;
  readonly to: bigint;
}

/** A stretch in which no witness would have shown a change, and why. */
export interface Hole extends Stretch {
  readonly why: string;
}

/** What a check could look at. */
export interface Cover {
  /** Sources in which such changes show, each in words with its holes. */
  readonly over: readonly string[];
  /** Whether any of them would show all such changes. */
  readonly isWitnessed: boolean;
  /** What those do not cover, in order of time; all of the time where there is none. */
  readonly holes: readonly Hole[];
}

/** What is covered is asked about. */
export interface CoverMatter {
  readonly host: string;
  /** From the first exploitation to the end of the evidence. */
  readonly time: Stretch;
  readonly sources: readonly SourceCoverage[];
  /** Hosts of a role, as the case file states them. */
  readonly hostsOf: (role: string) => readonly string[];
  /** The one name of a host. */
  readonly nameOf: (host: string) => string;
  /** Whether a source has any record of such a change: its auditing was on. */
  readonly isAudited: (source: SourceCoverage) => boolean;
  /** Since when auditing in a source is off, in whole or in part; null where nothing says so. */
  readonly turnedOffAt: (source: SourceCoverage) => bigint | null;
}

/** Sources that one check names; the rest are counted. */
const NAMED_MAX = 12;
const HOLES_NAMED_MAX = 3;

/** Whether a record of `host` counts for a sign or a witness of the host that was broken into. */
export function countsOn(on: On, host: string, broken: string): boolean {
  switch (on) {
    case "anywhere":
      return true;
    case "host":
      return host === broken;
    case "others":
      return host !== broken && host !== "";
  }
}

/** The end of what is known of a host: its last record in a log. Null where it has none. */
export function endOf(
  sources: readonly SourceCoverage[],
  host: string,
  nameOf: CoverMatter["nameOf"],
): bigint | null {
  return sources
    .filter((source) => nameOf(source.host) === host && isLog(source) && isPlausible(source.last))
    .reduce<bigint | null>((end, { last }) => (end === null || last > end ? last : end), null);
}

function isLog({ format }: SourceCoverage): boolean {
  return !STATE_FORMATS.has(format) && !NOT_OF_A_HOST.has(format);
}

/** What the witnesses cover of the time that is asked about. */
export function coverOf(witnesses: readonly Witness[], matter: CoverMatter): Cover {
  const { host, time, sources, nameOf } = matter;
  const seen = sources
    .toSorted((a, b) => byCodeUnits(keyOf(a), keyOf(b)))
    .flatMap((source) => {
      const fitting = witnesses.filter(
        ({ formats, channels, on }) =>
          formats.includes(source.format) &&
          channels.some((name) => name.toLowerCase() === source.channel.toLowerCase()) &&
          countsOn(on, nameOf(source.host), host),
      );
      if (fitting.length === 0) return [];
      const audited = fitting.some(
        ({ shows }) => shows === "all" || (shows === "if-audited" && matter.isAudited(source)),
      );
      const each = fitting.find(({ each: role }) => role !== undefined)?.each ?? null;
      const holes = holesOf(source, time, matter.turnedOffAt(source));
      const proves = audited && source.events > source.undated;
      return [{ source, holes, proves, each, shows: fitting[0]?.shows ?? "some" }];
    });
  const proving = seen.filter(({ proves }) => proves);
  const together = [...Map.groupBy(proving, ({ each }) => each)].flatMap(([role, own]) =>
    role === null ? own.map(({ holes }) => holes) : [holesOfEach(role, own, matter)],
  );
  return {
    over: overOf(
      seen.map(({ source, holes, proves, shows }) => tell(source, holes, proves, shows)),
    ),
    isWitnessed: proving.length > 0,
    holes: together.reduce(commonHoles, [{ ...time, why: "" }]),
  };
}

function keyOf({ host, channel, format }: SourceCoverage): string {
  return JSON.stringify([host, channel, format]);
}

/** What one source does not cover of a stretch, joined and in order of time. */
function holesOf(
  source: SourceCoverage,
  { from, to }: Stretch,
  turnedOffAt: bigint | null,
): readonly Hole[] {
  const { first, last, rhythm, gaps, format } = source;
  const name = callSource(source);
  if (last === UNDATED || !isPlausible(last)) return [{ from, to, why: `${name} has no times` }];
  const holes: Hole[] = [];
  // A state tells of all the time before it was copied.
  if (!STATE_FORMATS.has(format)) {
    if (first > from) holes.push({ from, to: first, why: `${name} begins later` });
    for (const gap of gaps)
      holes.push({ from: gap.from, to: gap.to, why: `${name}: ${GAP_WORDS[gap.kind]}` });
  }
  // Logs of a host are copied one after the other: an end is a hole where it is a day early, and longer than the log is ever quiet.
  if (to - last > later(rhythm ?? 0n, TICKS_PER_DAY))
    holes.push({ from: last, to, why: `${name} ends earlier` });
  if (turnedOffAt !== null)
    holes.push({ from: turnedOffAt, to, why: `${name}: auditing was turned off, or a part of it` });
  return holes
    .map((hole) => ({ ...hole, from: later(hole.from, from), to: earlier(hole.to, to) }))
    .filter((hole) => hole.from < hole.to)
    .sort(byStart)
    .reduce<Hole[]>(joinNext, []);
}

/** What hosts of one role do not cover together: a hole of any of them, and all of the time of one whose log is not here. */
function holesOfEach(
  role: string,
  seen: readonly { readonly source: SourceCoverage; readonly holes: readonly Hole[] }[],
  { time, nameOf, hostsOf }: CoverMatter,
): readonly Hole[] {
  const byHost = Map.groupBy(seen, ({ source }) => nameOf(source.host));
  const missing = hostsOf(role)
    .filter((host) => !byHost.has(host))
    .map((host) => ({
      ...time,
      why: `no such log of ${callSource({ host, channel: "" })} is here`,
    }));
  const own = [...byHost.values()].flatMap((sources) =>
    sources.map(({ holes }) => holes).reduce(commonHoles),
  );
  return [...missing, ...own].sort(byStart).reduce<Hole[]>(joinNext, []);
}

function byStart(a: Hole, b: Hole): number {
  return a.from < b.from ? -1 : a.from > b.from ? 1 : byCodeUnits(a.why, b.why);
}

const GAP_WORDS = {
  quiet: "nothing against its own rhythm",
  cleared: "emptied",
  "not-reaching-back": "begins later",
} as const;

/** Holes of one source that touch are one. */
function joinNext(joined: Hole[], hole: Hole): Hole[] {
  const last = joined.at(-1);
  if (last === undefined || hole.from > last.to) return [...joined, hole];
  const why = last.why === hole.why ? last.why : `${last.why}; ${hole.why}`;
  return [...joined.slice(0, -1), { from: last.from, to: later(last.to, hole.to), why }];
}

/** What neither of two sources covers. */
function commonHoles(a: readonly Hole[], b: readonly Hole[]): readonly Hole[] {
  const common: Hole[] = [];
  let [left, right] = [0, 0];
  for (;;) {
    const [x, y] = [a[left], b[right]];
    if (x === undefined || y === undefined) return common;
    const [from, to] = [later(x.from, y.from), earlier(x.to, y.to)];
    const why = x.why === "" || x.why === y.why ? y.why : `${x.why}; ${y.why}`;
    if (from < to) common.push({ from, to, why });
    if (x.to < y.to) left++;
    else right++;
  }
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function earlier(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function tell(
  source: SourceCoverage,
  holes: readonly Hole[],
  proves: boolean,
  shows: Witness["shows"],
): string {
  const { first, last, events, undated, format } = source;
  const span =
    events === undated
      ? "without times"
      : STATE_FORMATS.has(format)
        ? `as it stood at ${spell(last)}`
        : `from ${spell(first)} to ${spell(last)}`;
  const named = holes
    .slice(0, HOLES_NAMED_MAX)
    .map(({ from, to }) => `nothing from ${spell(from)} to ${spell(to)}`);
  const more =
    holes.length > named.length ? [count(holes.length - named.length, "further hole")] : [];
  const missing = STATE_FORMATS.has(format) || holes.length === 0 ? [] : [...named, ...more];
  const weak = proves
    ? []
    : [
        shows === "if-audited"
          ? "nothing shows that it is audited"
          : "shows a part of such changes",
      ];
  const remarks = [...missing, ...weak];
  return `${callSource(source)} ${span}${remarks.length === 0 ? "" : ` (${remarks.join("; ")})`}`;
}

function overOf(told: readonly string[]): readonly string[] {
  return told.length <= NAMED_MAX
    ? told
    : [...told.slice(0, NAMED_MAX), count(told.length - NAMED_MAX, "further source")];
}
