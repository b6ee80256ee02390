/**
 * Rules held against the log sources that we can read: which run and where, which cannot and why.
 * Refuses a second rule with the same id: two rules under one id would give two detections one identity.
 */
import { known } from "../../base/assert.ts";
import { type CorrelationPlan, planCorrelations } from "./correlation/plan.ts";
import { type FilterFate, applyFilters } from "./filter.ts";
import { describe, findTargets, type LogSources, type Target } from "./log-sources.ts";
import { bindRule } from "./rewrite.ts";
import type { Filter, ParsedRule, Refusal, Rule } from "./rule.ts";

/**
 * How one document of the rule files stands. Refused: we cannot run it. Not applicable: nothing here to run it on.
 * Filter: no rule of its own; it changed those.
 */
export type RuleState =
  | { readonly state: "run"; readonly filters: readonly string[] }
  | { readonly state: "refused" | "not-applicable"; readonly reason: string }
  | ({ readonly state: "filter" } & FilterFate);

/** One document and its state; every document that was given has one. */
export type Account = RuleState & {
  readonly file: string;
  readonly line: number;
  /** "" where the document has none. */
  readonly id: string;
  readonly title: string;
  readonly kind: ParsedRule["kind"];
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
  /** Every rule that was not refused, by its own names of fields, with its filters. */
  readonly rules: readonly Rule[];
  /** What is computed from detections once they are all there. */
  readonly correlations: CorrelationPlan;
}

/** Plans every document, in the order given. */
export function planRules(parsed: readonly ParsedRule[], sources: LogSources): Plan {
  const taken = firstsById(parsed);
  const firsts = [...taken.values()];
  const { rules, fates } = applyFilters(
    firsts.filter((one) => one.kind === "rule"),
    firsts.filter((one) => one.kind === "filter"),
  );
  const bound: BoundRule[] = [];
  const stateOf = new Map<string, RuleState>();
  for (const rule of rules) {
    const places = bindEverywhere(rule, sources);
    if (typeof places === "string") {
      stateOf.set(rule.id, { state: "not-applicable", reason: places });
      continue;
    }
    bound.push(...places);
    stateOf.set(rule.id, { state: "run", filters: rule.filters.map(({ id }) => id) });
  }
  for (const [filter, fate] of fates) stateOf.set(filter.id, fateState(filter, fate));
  const { plan: correlations, standings } = planCorrelations(
    firsts.filter((one) => one.kind === "correlation"),
    rules,
    parsed.filter((one) => one.kind === "refusal"),
    stateOf,
  );
  for (const [id, standing] of standings)
    stateOf.set(id, standing.state === "run" ? { state: "run", filters: [] } : standing);
  const accounts = parsed.map((one): Account => {
    const { file, line } = one;
    const about = { file, line, id: one.id ?? "", title: one.title ?? "", kind: one.kind };
    if (one.kind === "refusal") return { ...about, state: "refused", reason: one.reason };
    const first = known(taken.get(one.id), "every document that is none refused was taken");
    if (first !== one) {
      const reason = `the id ${one.id} is taken by ${first.file}:${first.line}`;
      return { ...about, state: "refused", reason };
    }
    return { ...about, ...known(stateOf.get(one.id), "every document that was taken has a state") };
  });
  return { accounts, bound, rules, correlations };
}

type Taken = Exclude<ParsedRule, Refusal>;

/** Of each id the document that has it first. */
function firstsById(parsed: readonly ParsedRule[]): ReadonlyMap<string, Taken> {
  const taken = new Map<string, Taken>();
  for (const one of parsed)
    if (one.kind !== "refusal" && !taken.has(one.id)) taken.set(one.id, one);
  return taken;
}

function fateState({ rules, logSource }: Filter, fate: FilterFate): RuleState {
  if (fate.changed.length > 0) return { state: "filter", ...fate };
  const which = rules === null ? "rule" : "rule that it names";
  const reason = `a filter that fits no ${which}, with log source ${describe(logSource)}`;
  return { state: "not-applicable", reason };
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
