/** Rule files: found below the paths that were given, read, planned against the log sources that we can read. */
import {
  type Matcher,
  type Plan,
  createMatcher,
  parseRules,
  planRules,
} from "../engines/sigma/index.ts";
import type { LogSources } from "../engines/sigma/index.ts";
import { join } from "node:path";
import { Fault } from "../base/fault.ts";
import { byCodeUnits } from "../base/text.ts";
import type { RuleAccount } from "../model/dossier.ts";
import { readText, walk } from "./disk.ts";
import { OWN_RULES } from "./knowledge.ts";
import type { Pace } from "./pace.ts";

/** One rule file as given; an input of a run, sealed with it. */
export interface RuleFile {
  readonly file: string;
  readonly text: string;
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

/** Parses and plans. What cannot run is refused by name in the plan's accounts, never half-run. */
export async function planRuleFiles(
  files: readonly RuleFile[],
  logSources: LogSources,
  pace: Pace,
): Promise<{ plan: Plan; matcher: Matcher }> {
  pace.start("parsing rules", files.length, "files");
  const parsed = [];
  for (const { file, text } of files) {
    parsed.push(...parseRules(file, text));
    pace.add(1);
    await pace.breathe();
  }
  const plan = planRules(parsed, logSources);
  return { plan, matcher: createMatcher(plan) };
}

/** How a plan stands, for people: what ran, and what did not with its reasons, most frequent first. */
export function ruleAccount(files: number, plan: Plan): RuleAccount {
  const reasons = new Map<string, number>();
  let run = 0;
  for (const account of plan.accounts) {
    if (account.state === "run") run++;
    else reasons.set(account.reason, (reasons.get(account.reason) ?? 0) + 1);
  }
  const refused = [...reasons]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || byCodeUnits(a.reason, b.reason));
  return { files, rules: plan.accounts.length, run, refused };
}
