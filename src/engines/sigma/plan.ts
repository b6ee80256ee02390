/**
 * Rules held against the log sources that we can read: which run and where, which cannot and why.
 * Refuses a second rule with the same id: two rules under one id would give two detections one identity.
 */
import { describe, findTargets, type LogSources, type Target } from "./log-sources.ts";
import { bindRule } from "./rewrite.ts";
import type { ParsedRule, Rule } from "./rule.ts";

/** How one document of the rule files stands. Refused: we cannot run it. Not applicable: nothing here to run it on. */
export type RuleState =
  | { readonly state: "run" }
  | { readonly state: "refused" | "not-applicable"; readonly reason: string };

/** One document and its state; every document that was given has one. */
export type Account = RuleState & {
  readonly file: string;
  readonly line: number;
  /** "" where the document has none. */
  readonly id: string;
  readonly title: string;
};

/** A rule in the terms of one place where its events are found. */
export interface BoundRule {
  readonly rule: Rule;
  readonly target: Target;
}

/** What runs where, and how every document stands, in the order given. */
export interface Plan {
  readonly accounts: readonly Account[];
  readonly bound: readonly BoundRule[];
}

/** Plans every document, in the order given. */
export function planRules(rules: readonly ParsedRule[], sources: LogSources): Plan {
  const bound: BoundRule[] = [];
  const firstOf = new Map<string, Rule>();
  const accounts = rules.map((parsed): Account => {
    const { file, line } = parsed;
    const about = { file, line, id: parsed.id ?? "", title: parsed.title ?? "" };
    if (parsed.kind === "refusal") return { ...about, state: "refused", reason: parsed.reason };
    const first = firstOf.get(parsed.id);
    if (first !== undefined) {
      const reason = `the id ${parsed.id} is taken by ${first.file}:${first.line}`;
      return { ...about, state: "refused", reason };
    }
    firstOf.set(parsed.id, parsed);
    const places = bindEverywhere(parsed, sources);
    if (typeof places === "string") return { ...about, state: "not-applicable", reason: places };
    bound.push(...places);
    return { ...about, state: "run" };
  });
  return { accounts, bound };
}

/** The rule at every place of its log source where it can hold, or why there is none. */
function bindEverywhere(rule: Rule, sources: LogSources): readonly BoundRule[] | string {
  const targets = findTargets(sources, rule.logSource);
  if (typeof targets === "string") return targets;
  const places: BoundRule[] = [];
  const absent = new Set<string>();
  for (const target of targets) {
    const made = bindRule(rule, target);
    if ("kind" in made) places.push({ rule: made, target });
    else for (const field of made) absent.add(field);
  }
  if (places.length > 0) return places;
  if (absent.size === 0) return "a condition that never holds";
  return `log source ${describe(rule.logSource)} never carries ${[...absent].join(", ")}`;
}
