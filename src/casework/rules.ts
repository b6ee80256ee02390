/** Rule files: found below the paths that were given, read, planned against the log sources that we can read. */
import {
  type CarriedState,
  type LogSources,
  type Matcher,
  NO_PLACEHOLDERS,
  type ParsedRule,
  type Placeholders,
  type Plan,
  createMatcher,
  findNotHere,
  parsePlaceholders,
  parseRules,
  planRules,
} from "../engines/sigma/index.ts";
import { join } from "node:path";
import { Fault } from "../base/fault.ts";
import { byCodeUnits } from "../base/text.ts";
import type { RuleAccount } from "../model/dossier.ts";
import { readText, walk } from "./disk.ts";
import { OWN_RULES } from "./knowledge.ts";
import type { Pace } from "./pace.ts";
import { type PlanCache, PlanPlace, packPlan } from "./plan-cache.ts";

/** One file of a rule set as given: an input of a run, sealed with it. */
export interface RuleFile {
  readonly file: string;
  readonly text: string;
  /** Set for the one file that holds no rules: what the modifier `expand` puts in their place. */
  readonly kind?: "placeholders" | undefined;
}

const RULE_BYTES_MAX = 1 << 20;

/**
 * The rule files named, whatever their ending, and every .yml and .yaml below the folders named. Beside our own rules
 * lie their tests, which are none. Faults: usage where a path gives no rule or holds something that cannot be read:
 * rules that are missing in silence are detections missing in silence.
 */
export async function readRuleFiles(paths: readonly string[], pace: Pace): Promise<RuleFile[]> {
  const found = paths.flatMap(ruleFilesBelow);
  pace.start("reading rules", found.length, "files");
  const files: RuleFile[] = [];
  for (const path of found) {
    files.push({ file: path, text: readText(path, RULE_BYTES_MAX) });
    pace.add(1);
    await pace.breathe();
  }
  return files;
}

/** The file of placeholders. Faults: usage, with the line of what is not right. */
export function readPlaceholderFile(path: string): RuleFile {
  const file: RuleFile = { file: path, text: readText(path, RULE_BYTES_MAX), kind: "placeholders" };
  placeholdersOf([file]);
  return file;
}

/** The rule set with these placeholders instead of its own; null leaves it as it is. */
export function withPlaceholders(
  files: readonly RuleFile[],
  placeholders: RuleFile | null,
): readonly RuleFile[] {
  if (placeholders === null) return files;
  return [...files.filter(({ kind }) => kind !== "placeholders"), placeholders];
}

function placeholdersOf(files: readonly RuleFile[]): Placeholders {
  const found = files.find(({ kind }) => kind === "placeholders");
  if (found === undefined) return NO_PLACEHOLDERS;
  const read = parsePlaceholders(found.text);
  if (!("reason" in read)) return read;
  const hint = "one name a line, with its values: Administrators: [adm_*, root]";
  throw new Fault("usage", `${found.file}:${read.line}: ${read.reason}`, hint);
}

function ruleFilesBelow(path: string): readonly string[] {
  const { files, passedOver } = walk([path]);
  const [first] = passedOver;
  if (first !== undefined) {
    throw new Fault(
      "usage",
      `no rule can be read at ${first.path}: ${first.why}`,
      "name another path",
    );
  }
  const tests = join(OWN_RULES, "tests");
  const found = files
    .map((file) => file.path)
    .filter((file) => file === path || (/\.ya?ml$/i.test(file) && !file.startsWith(tests)));
  if (found.length > 0) return found;
  throw new Fault("usage", `there is no rule below ${path}`, "name a folder that holds .yml files");
}

/** A rule set that is ready for events. */
export interface PlannedRules {
  readonly plan: Plan;
  readonly matcher: Matcher;
  /** The plan as another thread takes it. */
  readonly bytes: () => Uint8Array;
}

/**
 * The plan of a rule set, from the cache where it is there, and kept there otherwise. What cannot run is refused by name in the
 * plan's accounts, never half-run. Faults: usage for placeholders that cannot be read.
 */
export async function planRuleFiles(
  files: readonly RuleFile[],
  logSources: LogSources,
  pace: Pace,
  cache: PlanCache | null,
): Promise<PlannedRules> {
  const mayKeep = cache?.owner === "vault" || files.every(({ kind }) => kind === undefined);
  const place = cache === null || !mayKeep ? null : new PlanPlace(cache, files, logSources);
  const cached = place?.take() ?? null;
  if (cached !== null) {
    const { plan, bytes } = cached;
    return { plan, matcher: createMatcher(plan), bytes: () => bytes };
  }
  const plan = planRules(await parseRuleFiles(files, pace), logSources);
  let packed: Uint8Array | null = null;
  const bytes = () => (packed ??= packPlan(plan));
  place?.keep(bytes());
  return { plan, matcher: createMatcher(plan), bytes };
}

async function parseRuleFiles(
  files: readonly RuleFile[],
  pace: Pace,
): Promise<readonly ParsedRule[]> {
  pace.start("parsing rules", files.length, "files");
  const placeholders = placeholdersOf(files);
  const parsed: ParsedRule[] = [];
  for (const { file, text, kind } of files) {
    if (kind !== "placeholders") parsed.push(...parseRules(file, text, placeholders));
    pace.add(1);
    await pace.breathe();
  }
  return parsed;
}

/**
 * How a rule set stands, for people: what ran, what did not with its reasons, and what ran over nothing here where it is
 * known what the evidence carried; most frequent first.
 */
export function ruleAccount(
  files: readonly RuleFile[],
  plan: Plan,
  carried: CarriedState | null = null,
): RuleAccount {
  const { accounts } = plan;
  const notRun = accounts.flatMap((account) => ("reason" in account ? [account] : []));
  const notHere = carried === null ? [] : findNotHere(plan, carried);
  return {
    files: files.filter(({ kind }) => kind !== "placeholders").length,
    rules: accounts.filter(({ kind }) => kind !== "filter").length,
    run: accounts.filter(({ state }) => state === "run").length,
    filters: accounts.filter(({ state }) => state === "filter").length,
    refused: counted(notRun, ({ state, reason }) => ({ state, reason })),
    notHere: counted(notHere, ({ reason, needs }) => ({ reason, needs })),
  };
}

/** What many have in common, and how many; most frequent first. */
function counted<T, R extends { readonly reason: string }>(
  items: readonly T[],
  common: (item: T) => R,
): (R & { readonly count: number })[] {
  const groups = Map.groupBy(items, (item) => common(item).reason);
  return [...groups.values()]
    .flatMap((group) => group.slice(0, 1).map((item) => ({ ...common(item), count: group.length })))
    .sort((a, b) => b.count - a.count || byCodeUnits(a.reason, b.reason));
}
