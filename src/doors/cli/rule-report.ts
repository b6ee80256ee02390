/** How a rule set stands, as lines for people. */
import type { RuleAccount } from "../../model/dossier.ts";
import { plain } from "./terminal.ts";

const REASONS_MAX = 12;

/** Files, rules, what runs, and the most frequent reasons for the rest. */
export function ruleLines(account: RuleAccount, max = REASONS_MAX): readonly string[] {
  const { files, rules, run, refused, filters } = account;
  return [
    `rules: ${files} files, ${rules} rules, ${run} run, ${rules - run} do not`,
    ...(filters > 0 ? [`filters: ${filters}`] : []),
    ...reasonLines(refused, max),
    ...notHereLines(account, max),
  ];
}

/** The rules that ran and had nothing here to run on, by reason, with what would help. */
export function notHereLines({ notHere }: RuleAccount, max: number): readonly string[] {
  if (notHere.length === 0) return [];
  const total = notHere.reduce((sum, { count }) => sum + count, 0);
  const told = notHere.map(({ reason, needs, count }) => ({
    reason: `${reason}; needed: ${needs}`,
    count,
  }));
  return [`not applicable to this evidence: ${total}`, ...reasonLines(told, max)];
}

/** Reasons with how many rules each stops. */
export function reasonLines(
  reasons: readonly { readonly reason: string; readonly count: number }[],
  max: number,
): readonly string[] {
  const left = reasons.slice(max).reduce((sum, { count }) => sum + count, 0);
  const line = (count: number, text: string) => `  ${String(count).padStart(5)}  ${text}`;
  return [
    ...reasons.slice(0, max).map(({ reason, count }) => line(count, plain(reason))),
    ...(left > 0 ? [line(left, "for other reasons (breakwater rules check)")] : []),
  ];
}
