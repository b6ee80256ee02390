/**
 * Filter documents: what whoever runs rules knows of his own house, joined to their conditions before they are bound
 * (Sigma filters specification 2.0.0; `any`, `all` and names as in pySigma). Refuses one that names no rules or no condition.
 */
import { fieldsOf, idOf, readDetecting, readLogSource, referenceOf, titleOf } from "./document.ts";
import { Refused } from "./refused.ts";
import type { Filter, LogSource, Rule } from "./rule.ts";
import type { SelectionReader } from "./selections.ts";
import type { YamlMap, YamlNode } from "./yaml.ts";

/** Reads a filter document. Throws Refused with the line of what is not right. */
export function readFilter(file: string, document: YamlMap, reader: SelectionReader): Filter {
  const title = titleOf(document);
  if (title === "") throw new Refused(document.line, "a filter without a title");
  const filter = document.entries.get("filter");
  if (filter?.kind !== "map")
    throw new Refused(filter?.line ?? document.line, "a filter that is not a map");
  const rules = filter.entries.get("rules");
  if (rules === undefined) throw new Refused(filter.line, "a filter without `rules`");
  const { condition, selections } = readDetecting(filter, reader, ["rules"]);
  return {
    kind: "filter",
    file,
    line: document.line,
    id: idOf(document, "filter"),
    title,
    rules: readReferences(rules),
    logSource: readLogSource(document),
    condition,
    selections,
  };
}

function readReferences(rules: YamlNode): readonly string[] | null {
  if (rules.kind === "scalar" && /^(?:any|all)$/i.test(rules.text)) return null;
  const items = rules.kind === "list" ? rules.items : [rules];
  if (items.length === 0) throw new Refused(rules.line, "a filter with an empty list of rules");
  return items.map((item) => {
    if (item.kind === "scalar" && item.text !== "") return referenceOf(item.text);
    throw new Refused(item.line, "a filter whose `rules` are not ids, names or `any`");
  });
}

/** Rules with their filters, and what became of each filter. */
export interface Filtered {
  /** The rules, in their order. */
  readonly rules: readonly Rule[];
  readonly fates: ReadonlyMap<Filter, FilterFate>;
}

/** What a filter did. */
export interface FilterFate {
  /** Ids of the rules that it changed, in the order of the rules. */
  readonly changed: readonly string[];
  /** What it names and no rule is called, or whose rule has another log source. */
  readonly missed: readonly string[];
}

/** Joins to each rule the filters that are for it, in their order. */
export function applyFilters(rules: readonly Rule[], filters: readonly Filter[]): Filtered {
  const filtersOf = new Map<Rule, Filter[]>();
  const fates = new Map<Filter, FilterFate>();
  for (const filter of filters) {
    const wanted = new Set(filter.rules);
    const missed = new Set(filter.rules);
    const changed: string[] = [];
    for (const rule of rules) {
      const called = [rule.id, rule.name].filter((name) => name !== null && wanted.has(name));
      if (filter.rules !== null && called.length === 0) continue;
      if (!takesIn(filter.logSource, rule.logSource)) continue;
      for (const name of called) missed.delete(name ?? "");
      changed.push(rule.id);
      filtersOf.set(rule, [...(filtersOf.get(rule) ?? []), filter]);
    }
    fates.set(filter, { changed, missed: [...missed] });
  }
  return { rules: rules.map((rule) => withFilters(rule, filtersOf.get(rule) ?? [])), fates };
}

/** Whether a log source is the other, or leaves open what the other states. */
function takesIn(wide: LogSource, narrow: LogSource): boolean {
  return (["product", "category", "service"] as const).every(
    (part) => wide[part] === null || wide[part] === narrow[part],
  );
}

function withFilters(rule: Rule, filters: readonly Filter[]): Rule {
  if (filters.length === 0) return rule;
  const conditions = filters.map(({ condition }) => condition);
  return {
    ...rule,
    filters,
    condition: { kind: "and", parts: [rule.condition, ...conditions] },
    reads: [...new Set([...rule.reads, ...conditions.flatMap(fieldsOf)])],
  };
}
