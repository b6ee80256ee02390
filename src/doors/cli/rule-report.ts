/** How a rule set stands, as lines for people. */
import type { RuleAccount } from "../../model/dossier.ts";
import { plain } from "./terminal.ts";

const REASONS_MAX = 12;

/** Files, rules, what runs, and the most frequent reasons for the rest. */
export function ruleLines(
  { files, rules, run, refused }: RuleAccount,
  max = REASONS_MAX,
): readonly string[] {
  const left = refused.slice(max).reduce((sum, { count }) => sum + count, 0);
  return [
    `rules: ${files} files, ${rules} rules, ${run} run, ${rules - run} do not`,
    ...refused
      .slice(0, max)
      .map(({ reason, count }) => `  ${String(count).padStart(5)}  ${plain(reason)}`),
    ...(left > 0
      ? [`  ${String(left).padStart(5)}  for other reasons (breakwater rules check)`]
      : []),
  ];
}
