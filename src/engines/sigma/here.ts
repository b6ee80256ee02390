/**
 * Which planned rules had something to run on: each place that a rule is bound to, held against what the logs at hand
 * carried. Refuses to blame a rule: where a log declares no columns, every field may have been there.
 */
import type { CarriedLog, CarriedState } from "./carried.ts";
import { evaluate } from "./compile.ts";
import { COLUMNS, partsOfName } from "./fields.ts";
import { type Target, describe } from "./log-sources.ts";
import type { BoundRule, Plan } from "./plan.ts";
import { rewrite } from "./rewrite.ts";
import type { Rule } from "./rule.ts";

/** Why a rule that runs had nothing here to run on. */
export interface NotHere {
  readonly rule: Rule;
  /** Without what the rule is about, so that rules can be counted by it. */
  readonly reason: string;
  /** The evidence that would make it applicable, for people. */
  readonly needs: string;
}

/** Every rule of the plan that none of these logs could match, in the order of the plan. */
export function findNotHere(plan: Plan, carried: CarriedState): readonly NotHere[] {
  const placesOf = Map.groupBy(plan.bound, ({ rule }) => rule.id);
  const logsOf = new Map<Target, readonly CarriedLog[]>();
  const logs = (target: Target): readonly CarriedLog[] => {
    const known = logsOf.get(target) ?? carried.filter((log) => holds(log, target));
    logsOf.set(target, known);
    return known;
  };
  return plan.rules.flatMap((rule) => {
    const places = placesOf.get(rule.id);
    const missing = places === undefined ? null : missingOf(places, logs);
    return missing === null ? [] : [{ rule, ...missing }];
  });
}

/** Whether events of the target may be in the log. */
function holds(log: CarriedLog, target: Target): boolean {
  const { channel, eventIds } = log;
  return (
    target.formats.includes(log.format) &&
    (channel === null || target.channels === null || target.channels.includes(channel)) &&
    (eventIds === null ||
      target.eventIds === null ||
      target.eventIds.some((id) => eventIds.includes(id)))
  );
}

/** What keeps a rule from every log; null where one of them may match. */
function missingOf(
  places: readonly BoundRule[],
  logsOf: (target: Target) => readonly CarriedLog[],
): Pick<NotHere, "reason" | "needs"> | null {
  const absent = new Set<string>();
  const without = new Set<string>();
  const titles = new Set<string>();
  for (const { rule, target } of places) {
    for (const title of target.titles) titles.add(title);
    for (const log of logsOf(target)) {
      const lacks = fieldsLacked(rule, log);
      if (lacks === null) return null;
      for (const field of lacks) absent.add(field);
      for (const title of target.titles) without.add(title);
    }
  }
  const [first] = places;
  const source = first === undefined ? "" : describe(first.rule.logSource);
  if (without.size > 0) {
    const fields = [...absent].join(", ");
    const needs = `${[...without].join(", or ")} with ${fields}`;
    return { reason: `no log of ${source} here carries ${fields}`, needs };
  }
  return { reason: `no log of ${source} is here`, needs: [...titles].join(", or ") };
}

/** The fields without which the rule cannot hold in a log, where it lacks them; null where it may hold. */
function fieldsLacked({ condition }: Rule, { fields }: CarriedLog): readonly string[] | null {
  if (fields === null) return null;
  const carried = new Set(fields);
  const absent = new Set<string>();
  const rest = rewrite(condition, (test) => {
    const isThere = (name: string): boolean =>
      partsOfName(name).some((part) => COLUMNS.has(part) || carried.has(part));
    if (test.fields.length === 0 || test.fields.some(isThere)) return test;
    for (const name of test.fields.flatMap(partsOfName)) absent.add(name);
    return evaluate(test, undefined);
  });
  return rest === false ? [...absent] : null;
}
