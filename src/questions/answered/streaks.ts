/**
 * Verdicts as findings: each is in one from the first day, by host and kind of threat; the second unique (path, threat) within
 * seven days makes a streak of the host, which has all of them, whatever the gap (decisions 3). A pure function of its detections,
 * in any order. Refuses to count a test file, a stated test or an unwanted program as part of an attack; each has its own finding.
 */
import { TICKS_PER_DAY, type Ticks, UNDATED, isPlausible, readableTime } from "../../base/time.ts";
import { count, nameHosts, spell } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import { type Detection, type DetectionId } from "../../model/detection.ts";
import type { EventReference } from "../../model/event.ts";
import type { Finding, FindingCounts } from "../../model/finding.ts";
import { byTime, byWeight, groupFindings, higherLevel, oldestOf } from "./findings.ts";
import { type FileTeller, countVerdicts, tellFiles, threatOf } from "./streaks-files.ts";
import {
  actorWords,
  inFiles,
  onHost,
  outcomeWords,
  sentence,
  upperFirst,
} from "./streaks-words.ts";
import {
  TEST_FAMILY,
  type ThreatKnowledge,
  UNWANTED_FAMILY,
  classOf,
  familyNamed,
} from "./threats.ts";
import { isVerdict } from "./verdicts.ts";

/** What verdicts are grouped with. */
export interface StreakTerms {
  readonly knowledge: ThreatKnowledge;
  readonly hosts: readonly CaseHost[];
  /** By their one name, with what says that each is a server (serversOf). */
  readonly servers: ReadonlyMap<string, string>;
  /** Detections that are a stated test's, and whose test it was. */
  readonly tests: ReadonlyMap<DetectionId, string>;
  /** The client addresses that used pages among these files of a host, as its web logs tell; absent: nobody looked. */
  readonly clientsOf?: (host: string, paths: readonly string[]) => readonly string[];
  /** The day for which it is told how long this has stood. */
  readonly asOf: Ticks;
  /** Ids of findings that were told before, the oldest first: they stay. */
  readonly opened?: readonly string[];
}

/** Two unique (path, threat) on one host within this make a streak. */
const WINDOW = 7n * TICKS_PER_DAY;
const EXAMPLES_MAX = 5;

/** All that detections are findings of: matches of rules and verdicts, each grouped by its own measure; the gravest first. */
export function findDetected(
  detections: readonly Detection[],
  terms: StreakTerms,
): readonly Finding[] {
  const { hosts, opened } = terms;
  const matches = detections.filter((detection) => !isVerdict(detection));
  return [
    ...groupFindings(matches, hosts, opened),
    ...findVerdicts(detections.filter(isVerdict), terms),
  ].sort(byWeight);
}

/** One finding for each streak, and for each (host, kind of threat) outside of one; the gravest first. */
export function findVerdicts(
  verdicts: readonly Detection[],
  terms: StreakTerms,
): readonly Finding[] {
  const unique = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
  const ages = new Map([...(terms.opened ?? [])].map((id, age) => [id, age]));
  const nameOf = nameHosts(terms.hosts, new Set(verdicts.map(({ host }) => host)));
  const byHost = Map.groupBy(unique.values(), ({ host }) => nameOf(host));
  return [...byHost]
    .flatMap(([host, own]) => findingsOf(host, own.sort(byTime), { ...terms, ages }))
    .sort(byWeight);
}

/** The terms, with how old findings are that were told before. */
interface AgedTerms extends StreakTerms {
  readonly ages: ReadonlyMap<string, number>;
}

/** Verdicts that are one finding, in order of time. */
interface Group {
  readonly host: string;
  readonly verdicts: readonly Detection[];
  readonly tell: FileTeller;
  readonly terms: AgedTerms;
}

function findingsOf(host: string, verdicts: readonly Detection[], terms: AgedTerms): Finding[] {
  const tell = tellFiles(verdicts);
  const apart: Detection[] = [];
  const attack: Detection[] = [];
  for (const verdict of verdicts) (isApart(verdict, tell, terms) ? apart : attack).push(verdict);
  const groupOf = (own: readonly Detection[]): Group => ({ host, verdicts: own, tell, terms });
  const isStreak = hasStreak(attack, tell);
  const kinds = Map.groupBy(isStreak ? apart : verdicts, (verdict) => kindOf(verdict, terms));
  const others = [...kinds.values()].flatMap((own) => familyFinding(groupOf(own)) ?? []);
  const streak = isStreak ? streakFinding(groupOf(attack), apart.length) : null;
  return streak === null ? others : [streak, ...others];
}

/** Whether a verdict can be no part of a streak: a test, an alert about no file, an unwanted program where programs lie. */
function isApart(verdict: Detection, tell: FileTeller, { tests, knowledge }: StreakTerms): boolean {
  const family = verdict.fields["family"];
  if (tests.has(verdict.id) || family === TEST_FAMILY || family === knowledge.alertFamily.id)
    return true;
  if (family !== UNWANTED_FAMILY) return false;
  // Nobody installs a program into a folder that the web server serves.
  const inWeb = ({ path }: { readonly path: string }) =>
    ["shell", "compiled"].includes(classOf(path, knowledge));
  return !tell(verdict).some(inWeb);
}

/** Whether two unique (path, threat) stand within the window; verdicts in order of time, undated ones last. */
function hasStreak(verdicts: readonly Detection[], tell: FileTeller): boolean {
  let last: { readonly key: string; readonly ticks: bigint } | null = null;
  let other: bigint | null = null;
  for (const verdict of verdicts) {
    const { ticks } = verdict;
    if (!isPlausible(ticks)) return false;
    for (const { key } of tell(verdict)) {
      // The latest sight of any other file is that of the last one, or what was before it.
      if (last !== null && last.key !== key) other = last.ticks;
      if (other !== null && ticks - other <= WINDOW) return true;
      last = { key, ticks };
    }
  }
  return false;
}

/** What verdicts outside of a streak are grouped by. */
function kindOf(verdict: Detection, { tests, knowledge }: StreakTerms): string {
  const test = tests.get(verdict.id);
  if (test !== undefined) return `test of ${test}`;
  const family = String(verdict.fields["family"]);
  // Alerts have nothing in common but the service that raises them.
  return family === knowledge.alertFamily.id ? `${family} ${threatOf(verdict)}` : family;
}

function familyFinding(group: Group): Finding | null {
  const { host, verdicts, tell, terms } = group;
  const [first] = verdicts;
  if (first === undefined) return null;
  const { knowledge, tests } = terms;
  const family = familyNamed(String(first.fields["family"]), knowledge);
  const test = tests.get(first.id);
  const counts = countVerdicts(verdicts, tell, knowledge);
  const what = family === knowledge.alertFamily ? threatOf(first) : upperFirst(family.text);
  return {
    ...commonOf(group, counts),
    kind: "rule",
    title:
      test === undefined
        ? `${spell(what)}${inFiles(counts)}`
        : `Found in the test of ${spell(test)}${inFiles(counts)}`,
    level: test === undefined ? verdicts.map(({ level }) => level).reduce(higherLevel) : "low",
    rule: `verdict/${test === undefined ? family.id : "stated-test"}`,
    why: sentence([
      `one kind of threat on ${onHost(host)}: ${count(counts["records"] ?? 0, "record")}`,
      test === undefined
        ? null
        : "within minutes of requests of a test that the case file states, and of nobody else's",
      ...outcomeWords(counts),
    ]),
  };
}

function streakFinding(group: Group, apart: number): Finding | null {
  const { host, verdicts, tell, terms } = group;
  const server = terms.servers.get(host);
  const counts = countVerdicts(verdicts, tell, terms.knowledge);
  const common = commonOf(group, counts);
  const paths = new Set(verdicts.flatMap((verdict) => tell(verdict).map(({ path }) => path)));
  const clients = terms.clientsOf?.(host, [...paths]).length ?? 0;
  const days = isPlausible(common.firstSeen)
    ? Number((terms.asOf - common.firstSeen) / TICKS_PER_DAY)
    : null;
  const where = server === undefined ? onHost(host) : `the server ${spell(host)}`;
  return {
    ...common,
    counts: {
      ...counts,
      ...(clients === 0 ? {} : { clients }),
      ...(days === null ? {} : { days: Math.max(0, days) }),
    },
    kind: "streak",
    title: `Streak of verdicts on ${where}${inFiles(counts)}`,
    level:
      server === undefined
        ? verdicts.map(({ level }) => level).reduce(higherLevel, "high")
        : "critical",
    rule: "verdict/streak",
    why: sentence([
      `the antivirus of ${onHost(host)} found one file after another: two within seven days open a streak, which holds all of them whatever the gap`,
      `first ${spell(common.firstSeen)}, last ${spell(common.lastSeen)}, ${count(counts["records"] ?? 0, "record")}`,
      days === null || days < 0
        ? null
        : `as of ${readableTime(terms.asOf)} the first of them is ${count(days, "day")} old`,
      ...outcomeWords(counts),
      actorWords(counts),
      clients === 0
        ? null
        : `the web logs show ${count(clients, "client address", "client addresses")} that used pages among these files`,
      server === undefined
        ? "nothing here says that it is a server"
        : `a server, because ${server}`,
      apart === 0
        ? null
        : `${count(apart, "further verdict")} of test files, stated tests, alerts and unwanted programs ${apart === 1 ? "stands" : "stand"} apart`,
    ]),
  };
}

/** What every finding of verdicts says in the same way. */
function commonOf({ host, verdicts, terms }: Group, counts: FindingCounts) {
  const last = verdicts.findLast(({ ticks }) => isPlausible(ticks));
  const references = new Map<string, EventReference>();
  for (const { at } of verdicts) if (!references.has(at.key)) references.set(at.key, at);
  return {
    question: "answered" as const,
    // There are no findings without verdicts.
    id:
      oldestOf(
        verdicts.map(({ id }) => id),
        terms.ages,
      ) ?? String(verdicts[0]?.id),
    counts,
    host,
    firstSeen: last === undefined ? UNDATED : (verdicts[0]?.ticks ?? UNDATED),
    lastSeen: last?.ticks ?? UNDATED,
    detections: verdicts.map(({ id }) => id),
    examples: [...references.values()].slice(0, EXAMPLES_MAX),
  };
}
