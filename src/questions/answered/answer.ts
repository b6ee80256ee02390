/**
 * The answer to "What did our defences see, and who answered?". What was seen is told; who answered is not known,
 * because nobody's answers are recorded in this version: so the question is never more than partly answered.
 */
import { readableTime, toTicks } from "../../base/time.ts";
import { callSource, count, list, overCoverage, spell } from "../../engines/wording/index.ts";
import type { Coverage, SourceCoverage } from "../../model/coverage.ts";
import { LEVELS } from "../../model/detection.ts";
import type { Answer, Statement } from "../../model/dossier.ts";
import { type FormatId, NOT_OF_A_HOST } from "../../model/evidence.ts";
import type { Finding } from "../../model/finding.ts";

/** Findings that have a sentence of their own; the rest are counted by level. */
const TOLD_MAX = 20;
const GAPS_TOLD_MAX = 12;

/** Logs in which an antivirus of the host itself reports. */
const ANTIVIRUS = /^Microsoft-Windows-Windows Defender\/Operational$/i;

/** Files in which only an antivirus writes. */
const ANTIVIRUS_FORMATS: ReadonlySet<FormatId> = new Set(["clamav", "mplog"]);

/** Words the findings, over the coverage that they were made from. */
export function answerAnswered(findings: readonly Finding[], coverage: Coverage): Answer {
  const { sources } = coverage;
  const antivirus = sources.filter(({ channel }) => ANTIVIRUS.test(channel));
  return {
    question: "answered",
    asked: "What did our defences see, and who answered?",
    state: sources.length === 0 ? "not-yet" : "partly",
    headline: headlineOf(findings, sources),
    statements: [
      ...findings.slice(0, TOLD_MAX).map(tellFinding),
      ...tellRest(findings.slice(TOLD_MAX)),
      ...(findings.length === 0 && sources.length > 0 ? [tellNone(sources)] : []),
      ...silentSensors(antivirus),
    ],
    unknown: [
      "Who answered any of this, when and how: no answer of a person is recorded in this version. Tickets, mails and the history of the antivirus console would tell.",
      ...unseenHosts(sources, antivirus),
    ],
  };
}

function headlineOf(findings: readonly Finding[], sources: readonly SourceCoverage[]): string {
  if (sources.length === 0)
    return "Not yet answered: no log has been read, so it is unknown what the defences saw.";
  const unanswered = "No answer by a named person is recorded.";
  if (findings.length === 0)
    return `The rules and sensors found nothing in the logs at hand. ${unanswered}`;
  const hosts = new Set(findings.map(({ host }) => host)).size;
  const detections = findings.reduce((sum, finding) => sum + finding.detections.length, 0);
  const dated = findings.filter(({ firstSeen }) => toTicks(firstSeen) !== null);
  const first = dated.reduce<bigint | null>(
    (a, { firstSeen }) => (a === null || firstSeen < a ? firstSeen : a),
    null,
  );
  const since = first === null ? null : toTicks(first);
  const from = since === null ? "" : `, the first on ${readableTime(since)}`;
  return `${count(findings.length, "finding")} from ${count(detections, "detection")} on ${count(hosts, "host")}${from}, all of them open. ${unanswered}`;
}

function tellFinding(finding: Finding): Statement {
  const { level, title, host, firstSeen, lastSeen, detections, examples } = finding;
  const seen =
    firstSeen === lastSeen
      ? `at ${spell(firstSeen)}`
      : `from ${spell(firstSeen)} to ${spell(lastSeen)}`;
  return {
    text: `${spell(title)} (${level}) on ${callSource({ host, channel: "" })}: ${count(detections.length, "detection")} ${seen}; open.`,
    basis: "derived",
    at: examples,
  };
}

function tellRest(rest: readonly Finding[]): Statement[] {
  if (rest.length === 0) return [];
  const levels = LEVELS.toReversed().flatMap((level) => {
    const number = rest.filter((finding) => finding.level === level).length;
    return number === 0 ? [] : [`${number} ${level}`];
  });
  return [
    {
      text: `${count(rest.length, "further finding")} (${list(levels)}) are listed with the findings; all are open.`,
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

/** A sensor that falls silent is told like something that it saw. */
function silentSensors(antivirus: readonly SourceCoverage[]): Statement[] {
  return antivirus
    .flatMap((source) => source.gaps.map((gap) => ({ source, gap })))
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
