/**
 * The answer to "What did our defences see, and who answered?". What was seen is told; who answered is not known,
 * because nobody's answers are recorded in this version: so the question is never more than partly answered.
 */
import { TICKS_PER_DAY, type Ticks, readableTime, toTicks } from "../../base/time.ts";
import { callSource, count, list, overCoverage, spell } from "../../engines/wording/index.ts";
import type { Coverage, SourceCoverage } from "../../model/coverage.ts";
import { LEVELS } from "../../model/detection.ts";
import type { Answer, Statement } from "../../model/dossier.ts";
import { type FormatId, NOT_OF_A_HOST } from "../../model/evidence.ts";
import type { FindingKind, StandingFinding } from "../../model/finding.ts";
import type { ToldMissed } from "./missed/tell-missed.ts";

/** Findings that have a sentence of their own; the rest are counted by level. */
const TOLD_MAX = 20;
const GAPS_TOLD_MAX = 12;

/** Logs in which an antivirus of the host itself reports. */
const ANTIVIRUS = /^Microsoft-Windows-Windows Defender\/Operational$/i;

/** Files in which only an antivirus writes. */
const ANTIVIRUS_FORMATS: ReadonlySet<FormatId> = new Set(["clamav", "mplog"]);

/** What is told of the defences beside the findings about them. */
export interface ToldOfDefences {
  /** The calendar of missed signals in words (tellMissed): they come first. */
  readonly missed?: ToldMissed;
  readonly statements: readonly Statement[];
  readonly unknown: readonly string[];
}

const NOTHING_TOLD: ToldOfDefences = { statements: [], unknown: [] };

/** Words the findings, over the coverage that they were made from. */
export function answerAnswered(
  findings: readonly StandingFinding[],
  coverage: Coverage,
  asOf: Ticks,
  told: ToldOfDefences = NOTHING_TOLD,
): Answer {
  const { sources } = coverage;
  const antivirus = sources.filter(({ channel }) => ANTIVIRUS.test(channel));
  return {
    question: "answered",
    asked: "What did our defences see, and who answered?",
    state: stateOf(findings, sources),
    headline: headlineOf(findings, sources, asOf, told.missed?.headline ?? ""),
    statements: [
      ...(told.missed?.statements ?? []),
      ...findings.slice(0, TOLD_MAX).map((finding) => tellFinding(finding, asOf)),
      ...tellRest(findings.slice(TOLD_MAX)),
      ...(findings.length === 0 && sources.length > 0 ? [tellNone(sources)] : []),
      ...lateSensors(antivirus),
      ...told.statements,
    ],
    unknown: [
      ...(findings.some(isOpen)
        ? [
            "Whether anybody answered the open ones elsewhere: no answer is recorded here. Tickets, mails and the history of the antivirus console would tell.",
          ]
        : []),
      ...unseenHosts(sources, antivirus),
      ...told.unknown,
    ],
  };
}

/** Answered is this question only where every finding has the answer of a named person. */
function stateOf(
  findings: readonly StandingFinding[],
  sources: readonly SourceCoverage[],
): Answer["state"] {
  if (sources.length === 0) return "not-yet";
  return findings.length > 0 && !findings.some(isOpen) ? "answered" : "partly";
}

function isOpen({ state }: StandingFinding): boolean {
  return state !== "answered";
}

function headlineOf(
  findings: readonly StandingFinding[],
  sources: readonly SourceCoverage[],
  asOf: Ticks,
  missed: string,
): string {
  if (sources.length === 0)
    return "Not yet answered: no log has been read, so it is unknown what the defences saw.";
  if (findings.length === 0) return "The rules and sensors found nothing in the logs at hand.";
  // Days can be recounted; detections count one record as often as rules match it.
  if (missed !== "")
    return `${missed} ${count(findings.length, "finding")}. ${openWords(findings)}.`;
  // Messages that failed are of no host.
  const hosts = new Set(findings.filter(({ kind }) => kind !== "delivery").map(({ host }) => host))
    .size;
  // Silences, signs and exclusions are findings of their own, and no detections.
  const detecting = findings.filter(({ kind }) => kind === "rule" || kind === "streak");
  const detections = detecting.reduce((sum, finding) => sum + finding.detections.length, 0);
  const since = firstOf(findings);
  const from = since === null ? "" : `, the first on ${readableTime(since)}`;
  return `${count(findings.length, "finding")} from ${count(detections, "detection")} on ${count(hosts, "host")}${from}. ${answeredWords(findings, asOf)}`;
}

function answeredWords(findings: readonly StandingFinding[], asOf: Ticks): string {
  const since = firstOf(findings.filter(isOpen));
  const age = since === null ? "" : ` for up to ${count(daysBetween(since, asOf), "day")}`;
  return `${openWords(findings)}${age}.`;
}

function openWords(findings: readonly StandingFinding[]): string {
  const open = findings.filter(isOpen).length;
  if (open === 0) return "All of them are answered by named persons";
  return open === findings.length
    ? "None of them is answered by a named person"
    : `${count(open, "of them is", "of them are")} not answered by a named person`;
}

function firstOf(findings: readonly StandingFinding[]): Ticks | null {
  const dated = findings.flatMap(({ firstSeen }) => toTicks(firstSeen) ?? []);
  return dated.reduce<Ticks | null>((a, b) => (a === null || b < a ? b : a), null);
}

function daysBetween(from: bigint, to: bigint): number {
  return Math.max(0, Number((to - from) / TICKS_PER_DAY));
}

function tellFinding(finding: StandingFinding, asOf: Ticks): Statement {
  const { kind, level, title, host, why, examples } = finding;
  const what = OF_DEFENCES.has(kind) ? why : detectionsOf(finding);
  const where = kind === "delivery" ? "" : ` on ${callSource({ host, channel: "" })}`;
  return {
    text: `${spell(title)} (${level})${where}: ${what}; ${standsAs(finding, asOf)}.`,
    basis: "derived",
    at: examples,
  };
}

function detectionsOf({ firstSeen, lastSeen, detections }: StandingFinding): string {
  const seen =
    firstSeen === lastSeen
      ? `at ${spell(firstSeen)}`
      : `from ${spell(firstSeen)} to ${spell(lastSeen)}`;
  return `${count(detections.length, "detection")} ${seen}`;
}

/** Findings about the defences themselves: their reason says more than their number. */
const OF_DEFENCES: ReadonlySet<FindingKind> = new Set([
  "silence",
  "protection",
  "exclusion",
  "canary",
  "delivery",
]);

function standsAs(
  { state, answer, owner, firstSeen, stateWhy }: StandingFinding,
  asOf: Ticks,
): string {
  if (answer !== null)
    return `answered by ${spell(answer.by)} on ${readableTime(answer.at)}: ${answer.determination.replaceAll("-", " ")}`;
  const who = owner === null ? "" : `, taken by ${spell(owner)}`;
  const why = stateWhy === "" ? "" : ` (${spell(stateWhy)})`;
  const since = toTicks(firstSeen);
  const age =
    since === null ? "" : `, answered by nobody for ${count(daysBetween(since, asOf), "day")}`;
  return `${state}${who}${age}${why}`;
}

function tellRest(rest: readonly StandingFinding[]): Statement[] {
  if (rest.length === 0) return [];
  const levels = LEVELS.toReversed().flatMap((level) => {
    const number = rest.filter((finding) => finding.level === level).length;
    return number === 0 ? [] : [`${number} ${level}`];
  });
  return [
    {
      text: `${count(rest.length, "further finding")} (${list(levels)}) are listed with the findings.`,
      basis: "derived",
      at: rest.slice(0, 5).flatMap(({ examples }) => examples.slice(0, 1)),
    },
  ];
}

function tellNone(sources: readonly SourceCoverage[]): Statement {
  return {
    text: `No finding ${overCoverage(sources)}; the rules that ran decide what could be found.`,
    basis: "derived",
    at: sources.slice(0, 3).flatMap(({ firstAt, lastAt }) => [firstAt, lastAt]),
  };
}

/** A sensor whose log begins late; one that falls silent has a finding. */
function lateSensors(antivirus: readonly SourceCoverage[]): Statement[] {
  return antivirus
    .flatMap((source) => source.gaps.map((gap) => ({ source, gap })))
    .filter(({ gap }) => gap.kind === "not-reaching-back")
    .slice(0, GAPS_TOLD_MAX)
    .map(({ source, gap }) => ({
      text: `The antivirus log of ${callSource({ host: source.host, channel: "" })} says nothing from ${spell(gap.from)} to ${spell(gap.to)}: ${gap.why}.`,
      basis: "observed",
      at: [gap.before, gap.after],
    }));
}

/** So many hosts are named one by one; more are counted. */
const HOSTS_NAMED_MAX = 4;

function unseenHosts(
  sources: readonly SourceCoverage[],
  antivirus: readonly SourceCoverage[],
): string[] {
  const ofAntivirus = sources.filter(({ format }) => ANTIVIRUS_FORMATS.has(format));
  const watched = new Set([...antivirus, ...ofAntivirus].map(({ host }) => host));
  const computers = sources.filter(({ format }) => !NOT_OF_A_HOST.has(format));
  const unseen = new Set(computers.map(({ host }) => host).filter((host) => !watched.has(host)));
  const named = [...unseen].every((host) => host !== "") && unseen.size <= HOSTS_NAMED_MAX;
  const hosts = named ? list([...unseen].map((host) => spell(host))) : count(unseen.size, "host");
  return unseen.size === 0
    ? []
    : [
        `What the antivirus of ${hosts} saw: no antivirus log of ${unseen.size === 1 ? "it" : "theirs"} is here. The Microsoft-Windows-Windows Defender/Operational log, or the antivirus console, would tell.`,
      ];
}
