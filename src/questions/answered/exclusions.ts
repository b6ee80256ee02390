/**
 * Exclusions from Defender's scanning, judged by what the vendor advised on the day on which they stood. What was advised then is no
 * finding, and is told; what stayed after the advice was withdrawn is one from that day. Refuses to date what no record dates.
 */
import { type Day, dayOfTicks, formatDay } from "../../base/day.ts";
import { byCodeUnits } from "../../base/text.ts";
import { TICKS_PER_DAY, UNDATED, isPlausible } from "../../base/time.ts";
import type { Sign, SignsState } from "../../engines/lookout/index.ts";
import { callSource, count, list, nameHosts, spell } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { Coverage } from "../../model/coverage.ts";
import type { Level } from "../../model/detection.ts";
import type { Statement } from "../../model/dossier.ts";
import type { EventReference } from "../../model/event.ts";
import type { Finding } from "../../model/finding.ts";
import { type Advice, adviceOn } from "./exclusions-advice.ts";
import { ADDED, REMOVED, STANDS, exclusionOf } from "./exclusions-rows.ts";
import { type ExclusionKind, plainExclusion } from "./exclusions-spelling.ts";
import type { AdvicePeriod, ExclusionTerms } from "./exclusions-terms.ts";
import { byTicks, graver, sensorFinding } from "./protection-finding.ts";

const NAMED_MAX = 8;

/** What judging takes besides signs. */
export interface ExclusionMatter {
  readonly terms: ExclusionTerms;
  /** Those of the case file. */
  readonly hosts: readonly CaseHost[];
  /** Until when each log reaches: an exclusion that nobody took back stood as long. */
  readonly coverage: Pick<Coverage, "sources">;
}

/** One exclusion of one host, with what is said of it. */
export interface JudgedExclusion {
  readonly host: string;
  readonly kind: ExclusionKind;
  /** As it was written where it was seen first. */
  readonly value: string;
  readonly plain: string;
  /** From when until when it stood at least; both UNDATED where no record dates it. */
  readonly first: bigint;
  readonly last: bigint;
  readonly wasRemoved: boolean;
  readonly at: readonly EventReference[];
  readonly judgement: Judgement;
}

/** withdrawn: no longer advised, from `since`; never: by nobody; unknown: not among what is advised. */
export type Objection =
  | { readonly kind: "withdrawn"; readonly level: Level; readonly since: bigint; readonly day: Day }
  | { readonly kind: "never" | "unknown"; readonly level: Level; readonly why: string };

/** advised: on every day on which it stood; undated: advised once, and nobody knows the day. */
export type Judgement =
  | { readonly kind: "advised" | "undated"; readonly periods: readonly AdvicePeriod[] }
  | Objection;

/** Judges every exclusion that the evidence shows. Order decides nothing. */
export function judgeExclusions(
  { signs }: SignsState,
  matter: ExclusionMatter,
): readonly JudgedExclusion[] {
  const own = signs.filter(({ sign }) => sign === ADDED || sign === REMOVED || sign === STANDS);
  const { sources } = matter.coverage;
  const nameOf = nameHosts(
    matter.hosts,
    [...own, ...sources].map(({ host }) => host),
  );
  const ends = new Map<string, bigint>();
  for (const { host, channel, last } of sources) {
    const log = JSON.stringify([nameOf(host), channel]);
    if (isPlausible(last) && last > (ends.get(log) ?? UNDATED)) ends.set(log, last);
  }
  const alike = Map.groupBy(own, ({ host, of }) => {
    const { kind, value } = exclusionOf(of);
    return JSON.stringify([nameOf(host), kind, plainExclusion(kind, value)]);
  });
  return [...alike.values()]
    .flatMap((same) => judged(same, nameOf, ends, matter.terms))
    .sort(
      (a, b) =>
        byCodeUnits(a.host, b.host) || byCodeUnits(a.kind, b.kind) || byCodeUnits(a.plain, b.plain),
    );
}

function judged(
  same: readonly Sign[],
  nameOf: (host: string) => string,
  ends: ReadonlyMap<string, bigint>,
  terms: ExclusionTerms,
): JudgedExclusion[] {
  const ordered = same.toSorted(
    (a, b) =>
      byTicks(a.first, b.first) || byCodeUnits(a.at.key, b.at.key) || byCodeUnits(a.of, b.of),
  );
  const standing = ordered.filter(({ sign }) => sign !== REMOVED);
  const dated = (standing.length > 0 ? standing : ordered).filter(({ first }) => first !== UNDATED);
  const [shown] = dated.length > 0 ? dated : ordered;
  if (shown === undefined) return [];
  const seen = dated.map(({ last }) => last).reduce((a, b) => (b > a ? b : a), UNDATED);
  const removed = ordered.filter(({ sign, first }) => sign === REMOVED && first >= seen).at(-1);
  const host = nameOf(shown.host);
  const reach = dated
    .map(({ channel }) => ends.get(JSON.stringify([host, channel])) ?? UNDATED)
    .reduce((a, b) => (b > a ? b : a), seen);
  const { kind, value } = exclusionOf(shown.of);
  const [first, last] = [dated[0]?.first ?? UNDATED, removed?.first ?? reach];
  const judgement = judge(adviceOn(kind, value, terms), first, last, terms);
  const at = ordered.map((sign) => sign.at);
  const plain = plainExclusion(kind, value);
  return [
    { host, kind, value, plain, first, last, wasRemoved: removed !== undefined, at, judgement },
  ];
}

function judge(advice: Advice, first: bigint, last: bigint, terms: ExclusionTerms): Judgement {
  switch (advice.kind) {
    case "never":
      return advice;
    case "unknown":
      return {
        kind: "unknown",
        level: terms.others,
        why: "not among what the vendor of Exchange advises; whoever made it must say why",
      };
    case "advised": {
      const { periods } = advice;
      const [from, to] = [dayOfTicks(first), dayOfTicks(last)];
      if (first === UNDATED || from === null || to === null)
        return { kind: isAlways(periods) ? "advised" : "undated", periods };
      const day = firstOutside(periods, from, to);
      if (day === null) return { kind: "advised", periods };
      const start = BigInt(day) * TICKS_PER_DAY;
      return {
        kind: "withdrawn",
        level: terms.withdrawn,
        since: start > first ? start : first,
        day,
      };
    }
  }
}

function isAlways(periods: readonly AdvicePeriod[]): boolean {
  return periods.some(({ from, until }) => from === null && until === null);
}

/** The first day from `from` to `to` that lies in no period; null where all do. Periods stand in order of time. */
function firstOutside(periods: readonly AdvicePeriod[], from: Day, to: Day): Day | null {
  let day = from;
  for (const period of periods) {
    if (period.from !== null && day < period.from) break;
    if (period.until === null) return null;
    if (day < period.until) day = period.until;
  }
  return day <= to ? day : null;
}

const TITLES = {
  never: "Defender does not scan what nobody should exclude",
  unknown: "Defender does not scan what the vendor does not advise to exclude",
  withdrawn: "Defender does not scan what the vendor no longer advises to exclude",
} as const;

/** One finding for each host and judgement. */
export function exclusionFindings(exclusions: readonly JudgedExclusion[]): readonly Finding[] {
  const groups = Map.groupBy(exclusions, ({ host, judgement }) => `${judgement.kind}\n${host}`);
  return [...groups.values()].flatMap(findingOf).sort((a, b) => byCodeUnits(a.id, b.id));
}

function findingOf(group: readonly JudgedExclusion[]): Finding[] {
  const told = group.flatMap((exclusion) => {
    const judgement = objectionOf(exclusion.judgement);
    return judgement === null ? [] : [{ exclusion, judgement }];
  });
  const [one] = told;
  if (one === undefined) return [];
  const { kind } = one.judgement;
  const starts = told
    .map(({ exclusion, judgement }) =>
      judgement.kind === "withdrawn" ? judgement.since : exclusion.first,
    )
    .filter((ticks) => ticks !== UNDATED)
    .sort(byTicks);
  const ends = told.map(({ exclusion }) => exclusion.last).sort(byTicks);
  const more = told.length > NAMED_MAX ? [count(told.length - NAMED_MAX, "further exclusion")] : [];
  return [
    sensorFinding({
      kind: "exclusion",
      rule: `exclusion/${kind}`,
      title: TITLES[kind],
      level: told.map(({ judgement }) => judgement.level).reduce(graver),
      host: one.exclusion.host,
      thing: "",
      marks: told.map(({ exclusion }) => `${exclusion.kind} ${exclusion.plain}`),
      firstSeen: starts[0] ?? UNDATED,
      lastSeen: starts.length === 0 ? UNDATED : (ends.at(-1) ?? UNDATED),
      counts: { exclusions: told.length },
      examples: told.flatMap(({ exclusion }) => exclusion.at.slice(0, 2)),
      why: [
        ...told
          .slice(0, NAMED_MAX)
          .map(({ exclusion, judgement }) => reasonOf(exclusion, judgement)),
        ...more,
      ].join("; "),
    }),
  ];
}

function objectionOf(judgement: Judgement): Objection | null {
  return "level" in judgement ? judgement : null;
}

function reasonOf(exclusion: JudgedExclusion, judgement: Objection): string {
  const why =
    judgement.kind === "withdrawn"
      ? `not advised from ${formatDay(judgement.day)} on`
      : judgement.why;
  return `${callExclusion(exclusion)} (${why}), ${whenOf(exclusion)}`;
}

function callExclusion({ kind, value }: Pick<JudgedExclusion, "kind" | "value">): string {
  return `the ${kind === "extension" ? "file type" : kind} ${spell(value)}`;
}

function whenOf({ first, last, wasRemoved }: JudgedExclusion): string {
  if (first === UNDATED) return "undated";
  if (wasRemoved)
    return first === last
      ? `taken back at ${spell(last)}`
      : `there from ${spell(first)} until it was taken back at ${spell(last)}`;
  return first === last
    ? `there at ${spell(first)}`
    : `there from ${spell(first)}, and not taken back by ${spell(last)}`;
}

/** What was advised on the days on which it stood, and what nobody can date: told, because it is no finding. */
export function tellExclusions(exclusions: readonly JudgedExclusion[]): readonly Statement[] {
  const hosts = Map.groupBy(exclusions, ({ host, judgement }) => `${judgement.kind}\n${host}`);
  return [...hosts.values()].flatMap((group) => {
    const kind = group[0]?.judgement.kind;
    if (kind !== "advised" && kind !== "undated") return [];
    const named = group
      .slice(0, NAMED_MAX)
      .map(
        (exclusion) =>
          `${callExclusion(exclusion)} (${whenOf(exclusion)}${untilOf(exclusion.judgement)})`,
      );
    const more = group.length > NAMED_MAX ? [count(group.length - NAMED_MAX, "further one")] : [];
    const host = callSource({ host: group[0]?.host ?? "", channel: "" });
    const why =
      kind === "advised"
        ? "as the vendor of Exchange advised on the days on which it is seen, so this is no finding"
        : "as the vendor of Exchange advised for a time; no record dates it, so whether it was advised then is unknown";
    return [
      {
        text: `Defender on ${host} does not scan ${list([...named, ...more])}: ${why}.`,
        basis: "observed" as const,
        at: group.flatMap(({ at }) => at.slice(0, 1)).slice(0, NAMED_MAX),
      },
    ];
  });
}

function untilOf(judgement: Judgement): string {
  if (!("periods" in judgement)) return "";
  const end = judgement.periods[0]?.until ?? null;
  return end === null ? "" : `; advised until ${formatDay(end)}`;
}
