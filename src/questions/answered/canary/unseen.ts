/**
 * The alarm that did not ring: canaries that should have come back and are in nothing that was read. Refuses to judge where the rules, the
 * window or the evidence could not have shown them: that is said, and no finding.
 */
import { byCodeUnits } from "../../../base/text.ts";
import { isPlausible } from "../../../base/time.ts";
import { callSource, count, list, nameHosts, spell } from "../../../engines/wording/index.ts";
import type { Canary } from "../../../model/canary.ts";
import type { CaseHost } from "../../../model/case-file.ts";
import type { Coverage, SourceCoverage } from "../../../model/coverage.ts";
import type { Statement } from "../../../model/dossier.ts";
import type { EventReference } from "../../../model/event.ts";
import { STATE_FORMATS } from "../../../model/evidence.ts";
import type { Finding } from "../../../model/finding.ts";
import { sensorFinding } from "../protection-finding.ts";
import { type NobodysMark, bySetting } from "./sights.ts";

/** What judging takes besides canaries. */
export interface CanaryMatter {
  /** The run's: what was due before it is judged. */
  readonly asOf: bigint;
  /** The window that detections were made in; null leaves a side open. */
  readonly from: bigint | null;
  readonly to: bigint | null;
  readonly hosts: readonly CaseHost[];
  readonly coverage: Pick<Coverage, "sources">;
  /** Whether the file of a record is a log that is being followed while it grows: it reaches to the as-of time, also in silence. */
  readonly isFollowed: (reference: EventReference) => boolean;
  /** Whether any rule about canaries ran. */
  readonly hasRules: boolean;
}

/** seen; waiting: not due yet; missing: the alarm did not ring; unjudged: what was read could not have shown it. */
export interface CanaryJudgement {
  readonly state: "seen" | "waiting" | "missing" | "unjudged";
  /** In words, for those that are missing or not judged; "" for others. */
  readonly why: string;
  /** The host that it was put on, by the words of whoever set it; "" where these name none that was read. */
  readonly host: string;
  /** The last records of the logs that were looked at. */
  readonly at: readonly EventReference[];
}

const NAMED_MAX = 4;

/** What became of one canary, as far as a run can tell. */
export function judgeCanary(canary: Canary, matter: CanaryMatter): CanaryJudgement {
  const { setAt, due, seen } = canary;
  const logs = matter.coverage.sources.filter(({ format }) => !STATE_FORMATS.has(format));
  const nameOf = nameHosts(
    matter.hosts,
    logs.map(({ host }) => host),
  );
  const host = hostIn(canary.where, matter.hosts, new Set(logs.map((log) => nameOf(log.host))));
  const asked = host === "" ? logs : logs.filter((log) => nameOf(log.host) === host);
  const judged = (state: CanaryJudgement["state"], why: string): CanaryJudgement => ({
    state,
    why,
    host,
    at: [],
  });
  if (seen.length > 0) return judged("seen", "");
  if (due > matter.asOf) return judged("waiting", "");
  if (!matter.hasRules)
    return judged("unjudged", "no rule of the run looks for canaries (breakwater.canary)");
  if ((matter.from !== null && matter.from > setAt) || (matter.to !== null && matter.to <= due))
    return judged("unjudged", "the window that was asked for leaves out when it should be seen");
  const reaching = asked
    .map((log) => ({ log, until: matter.isFollowed(log.lastAt) ? matter.asOf : log.last }))
    .filter(({ until }) => isPlausible(until) && until >= setAt)
    .toSorted((a, b) => byEnd(a.log, b.log));
  if (reaching.length === 0) return judged("unjudged", endOf(asked, host));
  const ended = asked.length - reaching.length;
  const named = reaching
    .slice(0, NAMED_MAX)
    .map(({ log, until }) => `${callSource(log)} until ${spell(until)}`);
  if (reaching.length > named.length)
    named.push(count(reaching.length - named.length, "further log"));
  const rest = ended === 0 ? "" : `; ${count(ended, "log ends", "logs end")} before it was set`;
  return {
    ...judged("missing", `looked at: ${list(named)}${rest}`),
    at: reaching.map(({ log }) => log.lastAt),
  };
}

/** One finding for each canary that should have come back and did not. What came back is a finding of its rule. Order decides nothing. */
export function canaryFindings(
  canaries: readonly Canary[],
  matter: CanaryMatter,
): readonly Finding[] {
  return canaries.toSorted(bySetting).flatMap((canary) => {
    const { mark, by, setAt, due } = canary;
    const { state, why, host, at } = judgeCanary(canary, matter);
    if (state !== "missing") return [];
    return [
      sensorFinding({
        kind: "canary",
        rule: "canary/not-seen",
        title: "The alarm did not ring: a canary was set and not seen",
        level: "high",
        host,
        thing: mark,
        marks: [mark],
        firstSeen: setAt,
        lastSeen: due,
        counts: {},
        examples: at,
        why: `${spell(by)} set ${mark} at ${spell(setAt)}${whereWords(canary)}; it should have been seen by ${spell(due)}, and nothing that was read has it: ${why}`,
      }),
    ];
  });
}

/** What is told beside the findings: canaries that came back, those that nobody can judge, and marks that nobody set. */
export function tellCanaries(
  canaries: readonly Canary[],
  nobodys: readonly NobodysMark[],
  matter: CanaryMatter,
): { readonly statements: readonly Statement[]; readonly unknown: readonly string[] } {
  const ordered = canaries.toSorted(bySetting);
  const back = ordered.filter(({ seen }) => seen.length > 0);
  const unknown = ordered.flatMap((canary) => {
    const { state, why } = judgeCanary(canary, matter);
    return state === "unjudged"
      ? [`Whether the alarm would have rung for ${canary.mark}${whereWords(canary)}: ${why}.`]
      : [];
  });
  const statements: Statement[] = [];
  if (back.length > 0)
    statements.push({
      text: `${count(back.length, "canary", "canaries")} of ${canaries.length} that were set came back: what was to be heard there was heard.`,
      basis: "observed",
      at: back.slice(0, NAMED_MAX).flatMap(({ seen }) => seen.slice(0, 1).map(({ at }) => at)),
    });
  if (nobodys.length > 0) {
    const shown = nobodys.slice(0, NAMED_MAX);
    const more = nobodys.length - shown.length;
    const marks = [
      ...shown.map(({ mark, sight }) => `${mark} (${callSource(sight)})`),
      ...(more === 0 ? [] : [`${count(more, "further one")}`]),
    ];
    statements.push({
      text: `Nobody set ${list(marks)} here: the mark of a canary, and of nobody's in this vault.`,
      basis: "observed",
      at: shown.map(({ sight }) => sight.at),
    });
  }
  return { statements, unknown: capped(unknown) };
}

function capped(unknown: readonly string[]): readonly string[] {
  const more = unknown.length - NAMED_MAX;
  return more <= 0
    ? unknown
    : [
        ...unknown.slice(0, NAMED_MAX),
        `The same of ${count(more, "further canary", "further canaries")}.`,
      ];
}

function whereWords({ where }: Canary): string {
  return where === "" ? "" : ` for ${spell(where)}`;
}

/** The one host that was read and whose name, or another name of it, stands in these words. */
function hostIn(where: string, hosts: readonly CaseHost[], read: ReadonlySet<string>): string {
  const split = where.toLowerCase().split(/[\s,;:()"']+/u);
  // The end of a sentence is no part of a name.
  const words = new Set(split.map((word) => word.replace(/\.$/, "")));
  const named = [...read].filter((name) => {
    const known = hosts.find((host) => host.name === name);
    const names = [name, ...(known?.aliases ?? []), ...(known?.addresses ?? [])];
    return name !== "" && names.some((each) => words.has(each.toLowerCase()));
  });
  return named.length === 1 ? (named[0] ?? "") : "";
}

function endOf(logs: readonly SourceCoverage[], host: string): string {
  const dated = logs.filter(({ last }) => isPlausible(last)).toSorted(byEnd);
  const [last] = dated;
  return last === undefined
    ? "no dated log was read"
    : `the evidence${host === "" ? "" : ` of ${spell(host)}`} ends at ${spell(last.last)}, before it was set`;
}

/** The latest end first. */
function byEnd(a: SourceCoverage, b: SourceCoverage): number {
  if (a.last !== b.last) return a.last > b.last ? -1 : 1;
  return byCodeUnits(callSource(a), callSource(b)) || byCodeUnits(a.lastAt.key, b.lastAt.key);
}
