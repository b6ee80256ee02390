/** Rule files: found below the paths that were given, read, planned against the log sources that we can read. */
import {
  type Matcher,
  type Plan,
  createMatcher,
  parseRules,
  planRules,
} from "../engines/sigma/index.ts";
import type { LogSources } from "../engines/sigma/index.ts";
import { byCodeUnits } from "../base/text.ts";
import type { RuleAccount } from "../model/dossier.ts";
import { readText, walk } from "./disk.ts";
import type { Pace } from "./pace.ts";

/** One rule file as given; an input of a run, sealed with it. */
export interface RuleFile {
  readonly file: string;
  readonly text: string;
}

const RULE_BYTES_MAX = 1 << 20;

/** Every .yml and .yaml below the paths, except tests that lie beside our own rules. */
export async function readRuleFiles(paths: readonly string[], pace: Pace): Promise<RuleFile[]> {
  const found = walk(paths).files.filter(
    ({ path }) => /\.ya?ml$/i.test(path) && !/[\\/]rules[\\/]tests[\\/]/.test(path),
  );
  pace.start("reading rules", found.length, "files");
  const files: RuleFile[] = [];
  for (const { path } of found) {
    files.push({ file: path, text: readText(path, RULE_BYTES_MAX) });
    pace.add(1);
    await pace.breathe();
  }
  return files;
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
