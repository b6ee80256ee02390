/**
 * The answer to "How did they get in?", in sentences that a lawyer can read, each leading to its records.
 * Refuses to say more than the records show: a "no" names its coverage, a date names what keeps it open.
 */
import { UNDATED, readableSpan, readableTime, toTicks } from "../../base/time.ts";
import { callSource, count, list, overCoverage, spell } from "../../engines/wording/index.ts";
import type { Aftermath } from "../../model/aftermath.ts";
import type {
  Cause,
  FirstExploitation,
  Ladder,
  LadderStep,
  Rung,
  Unjudged,
} from "../../model/cause.ts";
import type { Coverage, SourceCoverage } from "../../model/coverage.ts";
import type { Answer, Statement } from "../../model/dossier.ts";
import { NOT_OF_A_HOST } from "../../model/evidence.ts";
import { tellAftermaths, unknownAftermaths } from "./aftermath/words.ts";
import { tellChains } from "./chains/tell-chains.ts";
import { isWitness } from "./first-exploitation.ts";

/** Hosts, gaps, clearings and missing logs that are told one by one; further ones are counted. */
const TOLD_MAX = 12;

const RUNG_WORDS: Readonly<Record<Rung, string>> = {
  probed: "probed",
  reached: "reached the back end",
  executed: "executed",
  used: "used",
};

/** Words the cause, over the coverage that it was found in. */
export function answerCause(
  cause: Cause,
  coverage: Coverage,
  aftermaths: readonly Aftermath[] = [],
): Answer {
  const exploited = new Set(cause.first.map(({ host }) => host));
  const open = new Set(cause.unjudged.map(({ host }) => host));
  const statements = [
    ...cause.first.flatMap(tellFirst),
    ...tellAftermaths(aftermaths),
    ...tellChains(cause.chains),
    ...cause.ladders.filter(({ host }) => !exploited.has(host)).flatMap(tellLadder),
    ...tellUnjudged(cause.unjudged),
    ...tellAbsence(coverage.sources.filter(({ host }) => !exploited.has(host) && !open.has(host))),
    ...tellCleared(coverage),
    ...cause.ownTests.map(tellTest),
  ];
  return {
    question: "cause",
    asked: "How did they get in, when, and what did they do?",
    state: coverage.sources.length === 0 ? "not-yet" : "partly",
    headline: headlineOf(cause, coverage),
    statements,
    unknown: [
      ...openQuestions(cause, coverage),
      ...unknownAftermaths(aftermaths),
      ...cause.limits,
      ...coverage.limits,
    ],
  };
}

function headlineOf({ first, unjudged }: Cause, { sources }: Coverage): string {
  if (sources.length === 0)
    return "Not yet answered: no usable record of any log is here, so nothing can be said for or against an intrusion.";
  const [earliest, ...others] = first.toSorted((a, b) => (a.at.first < b.at.first ? -1 : 1));
  if (earliest === undefined) return headlineWithout(unjudged, sources.some(isWitness));
  const { host, at, hiddenBy, earlier } = earliest;
  const ticks = toTicks(at.first);
  const open = [
    ...(earlier.length > 0 ? ["earlier traces that got less far"] : []),
    ...(hiddenBy.length > 0
      ? [count(hiddenBy.length, "hole in the logs", "holes in the logs")]
      : []),
  ];
  const date = ticks === null ? "an unknown day" : readableTime(ticks);
  const doubt =
    open.length === 0 ? "" : ` The date is not settled: ${list(open)} before it stand against it.`;
  const more =
    others.length === 0
      ? ""
      : ` ${count(others.length, "further host follows", "further hosts follow")} below.`;
  return `Exploitation is first seen on ${callHost(host)} on ${date} (${RUNG_WORDS[at.rung]}).${doubt}${more} No root cause is named yet.`;
}

/** Without a dated exploitation: nothing found, or grave detections that nobody has judged. */
function headlineWithout(unjudged: readonly Unjudged[], witnessed: boolean): string {
  if (unjudged.length === 0 && !witnessed)
    return "Not yet answered: no log is here in which exploitation would show.";
  if (unjudged.length === 0)
    return "No finding of exploitation in the logs at hand, as far as the rules know it. Where the logs have holes, and what was not looked for, is listed below.";
  const detections = unjudged.reduce((sum, own) => sum + own.detections, 0);
  return `Not told yet: no rule that dates an exploitation matched, but ${count(detections, "detection")} of level high or critical on ${count(unjudged.length, "host")} may belong to an intrusion, and nobody has judged them.`;
}

function spanOf({ first, last, digits }: Unjudged): string {
  if (first === UNDATED) return "at a time that the records do not tell";
  return `from ${spell(first, digits)} to ${spell(last, digits)}`;
}

function tellUnjudged(unjudged: readonly Unjudged[]): Statement[] {
  const statements = unjudged.slice(0, TOLD_MAX).map((own): Statement => {
    const [first = "", ...others] = own.titles;
    const more = others.length === 0 ? "" : ` and ${count(others.length, "other rule")}`;
    return {
      text: `${callHost(own.host)}: ${count(own.detections, "detection")} of level high or critical (${spell(first)}${more}), ${spanOf(own)}: whether they belong to an intrusion, a person must say.`,
      basis: "derived",
      at: own.at,
    };
  });
  const rest = unjudged.slice(TOLD_MAX);
  if (rest.length > 0)
    statements.push({
      text: `${count(rest.length, "further host")} ${rest.length === 1 ? "has" : "have"} such detections; the findings list them.`,
      basis: "derived",
      at: rest.flatMap(({ at }) => at.slice(0, 1)).slice(0, 5),
    });
  return statements;
}

function tellFirst(first: FirstExploitation): Statement[] {
  const { host, at, over, hiddenBy, earlier } = first;
  const statements: Statement[] = [
    {
      text: `On ${callHost(host)} exploitation is first seen (${RUNG_WORDS[at.rung]}) at ${spell(at.first, at.digits)}, ${overCoverage(over)}.`,
      basis: "derived",
      at: at.at,
    },
    ...earlier.map((step) => tellEarlier(host, step, at.first)),
  ];
  for (const { host: of, channel, gap } of hiddenBy.slice(0, TOLD_MAX))
    statements.push({
      text: `An earlier one could be hidden: ${callSource({ host: of, channel })} shows nothing from ${spell(gap.from)} to ${spell(gap.to)} (${gap.why}).`,
      basis: "unknown",
      at: [gap.before, gap.after],
    });
  if (hiddenBy.length > TOLD_MAX)
    statements.push({
      text: `${count(hiddenBy.length - TOLD_MAX, "further hole")} in logs of ${callHost(host)} could hide an earlier one; the coverage lists them.`,
      basis: "unknown",
      at: [],
    });
  return statements;
}

function tellEarlier(host: string, step: LadderStep, first: bigint): Statement {
  return {
    text: `${count(step.count, "earlier trace")} on ${callHost(host)} got less far (${RUNG_WORDS[step.rung]}), the first ${readableSpan(first - step.first)} before, at ${spell(step.first, step.digits)}: whether the intrusion began then is contested.`,
    basis: "derived",
    at: step.at,
  };
}

function tellLadder({ host, steps }: Ladder): Statement[] {
  return steps.map((step) => ({
    text: `${callHost(host)}: ${count(step.count, "request or record", "requests or records")} (${RUNG_WORDS[step.rung]}), from ${spell(step.first, step.digits)} to ${spell(step.last, step.digits)}; none shows more on this host.`,
    basis: "derived",
    at: step.at,
  }));
}

/** The "no" of each host, over the logs that could have shown exploitation; hosts without such a log say so. */
function tellAbsence(sources: readonly SourceCoverage[]): Statement[] {
  const hosts = [...Map.groupBy(sources, ({ host }) => host)];
  const seeing = hosts.flatMap(([host, own]) => {
    const witnesses = own.filter(isWitness);
    return witnesses.length === 0 ? [] : [{ host, witnesses }];
  });
  const statements = seeing
    .slice(0, TOLD_MAX)
    .map(({ host, witnesses }) => tellNo(host, witnesses));
  const rest = seeing.slice(TOLD_MAX);
  if (rest.length > 0)
    statements.push(
      tellNo(
        count(rest.length, "further host"),
        rest.flatMap(({ witnesses }) => witnesses),
      ),
    );
  const blind = hosts.filter(
    ([, own]) => !own.some(isWitness) && own.some(({ format }) => !NOT_OF_A_HOST.has(format)),
  ).length;
  if (blind > 0)
    statements.push({
      text: `For ${count(blind, "host")} no log is here in which exploitation would show: nothing is said of ${blind === 1 ? "it" : "them"}.`,
      basis: "unknown",
      at: [],
    });
  return statements;
}

function tellNo(host: string, witnesses: readonly SourceCoverage[]): Statement {
  return {
    text: `No finding of exploitation on ${callHost(host)}, ${overCoverage(witnesses)}; the rules that ran decide what could be found.`,
    basis: "derived",
    at: witnesses.slice(0, 3).flatMap(({ firstAt, lastAt }) => [firstAt, lastAt]),
  };
}

function tellCleared({ cleared }: Coverage): Statement[] {
  const statements: Statement[] = cleared.slice(0, TOLD_MAX).map((clearing) => ({
    text: `The log ${spell(clearing.log)} of ${callHost(clearing.host)} was cleared at ${spell(clearing.ticks, clearing.digits)} by ${spell(clearing.by)}.`,
    basis: "observed",
    at: [clearing.at],
  }));
  if (cleared.length > TOLD_MAX)
    statements.push({
      text: `Logs were cleared ${count(cleared.length - TOLD_MAX, "further time")}; the coverage lists them.`,
      basis: "observed",
      at: cleared.slice(TOLD_MAX, TOLD_MAX + 5).map(({ at }) => at),
    });
  return statements;
}

function tellTest({
  who,
  host,
  first,
  digits,
  last,
  count: records,
  byTime,
  at,
}: Cause["ownTests"][number]): Statement {
  const timed =
    byTime === 0
      ? ""
      : ` ${count(byTime, "of them names", "of them name")} no client and ${byTime === 1 ? "follows" : "follow"} the test's requests within minutes, while nobody else was seen there.`;
  return {
    text: `${count(records, "record")} on ${callHost(host)} from ${spell(first, digits)} to ${spell(last, digits)} belong to a test that the case file states (${spell(who)}); they are left out of the ladder and of the dates above, and stand among the findings.${timed}`,
    basis: "claimed",
    at,
  };
}

function openQuestions(cause: Cause, { sources, expected }: Coverage): string[] {
  const missing = expected
    .slice(0, TOLD_MAX)
    .map(({ host, what, why }) => `${callHost(host)}, not here: ${what}. ${why}`);
  if (expected.length > TOLD_MAX)
    missing.push(
      `${count(expected.length - TOLD_MAX, "further kind")} of evidence that hosts usually have: not here; the coverage lists them.`,
    );
  const dated = sources.filter(({ events, undated }) => events > undated);
  const earliest = dated.reduce<SourceCoverage | null>(
    (a, b) => (a === null || b.first < a.first ? b : a),
    null,
  );
  if (earliest !== null)
    missing.push(
      `Anything before ${spell(earliest.first)}: no log reaches further back. Backups and older copies of the logs would tell.`,
    );
  missing.push(
    "Use of valid accounts: a stolen password, or staff beyond their task, looks like work and is not looked for here. Sign-in records, mailbox audits and the people themselves would tell.",
  );
  if (cause.first.length > 0)
    missing.push(
      "The root cause, and what was taken. Builds and dates of updates on the servers, commands run by the web server, and bytes sent to the attacker's sessions would tell.",
    );
  return missing;
}

function callHost(host: string): string {
  return callSource({ host, channel: "" });
}
