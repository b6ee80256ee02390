/**
 * Correlation documents, read and checked (Sigma correlation rules specification 2.1.0; value_median, the units w, M, y and
 * `percentile` as in pySigma 1.5). Refuses by name, with its line, whatever is unknown in one: nothing of it is half-run.
 */
import { LEVELS, type Level } from "../../../model/detection.ts";
import { MILLION, readMillionths } from "./amount.ts";
import {
  type Amount,
  BOUND_OPERATORS,
  type Bound,
  type Bounds,
  type Correlation,
  type WindowTest,
  isAmountWithin,
  isWithinBounds,
} from "./correlation.ts";
import { readPresence } from "./condition.ts";
import { idOf, referenceOf, text, texts, titleOf } from "../document.ts";
import { Refused } from "../refused.ts";
import type { YamlMap, YamlNode, YamlScalar } from "../yaml.ts";

/** Rules of one correlation: each is looked at for every detection. */
const RULES_MAX = 32;
/** Rules of an extended condition in order: every set of them is followed. */
const ORDERED_SET_MAX = 8;
const FIELDS_MAX = 16;
const TICKS_PER_SECOND = 10_000_000;
/** Longer than any evidence. */
const TIMESPAN_TICKS_MAX = 100 * 31_556_952 * TICKS_PER_SECOND;
/** What `value_percentile` means where the document does not say, as in pySigma. */
const PERCENT = 95;

/** What would make another document of it. */
const NOT_BESIDE = ["detection", "filter", "logsource", "action"];
const KEYS = new Set(["type", "rules", "group-by", "timespan", "aliases", "condition", "generate"]);

/** Reads a correlation document. Throws Refused with the line of what is not supported or not right. */
export function readCorrelation(file: string, document: YamlMap): Correlation {
  const title = titleOf(document);
  if (title === "") throw new Refused(document.line, "a correlation without a title");
  for (const key of NOT_BESIDE) {
    const beside = document.entries.get(key);
    if (beside !== undefined) throw new Refused(beside.line, `a correlation beside a \`${key}\``);
  }
  const node = document.entries.get("correlation");
  if (node?.kind !== "map")
    throw new Refused(node?.line ?? document.line, "a correlation that is not a map");
  for (const [key, value] of node.entries)
    if (!KEYS.has(key)) throw new Refused(value.line, `'${key}' in a correlation`);
  const rules = readRules(node);
  const test = readTest(node, rules);
  if (rules.length === 0) throw new Refused(node.line, "a correlation without rules");
  if (rules.length > RULES_MAX) throw new Refused(node.line, `more than ${RULES_MAX} rules`);
  return {
    kind: "correlation",
    file,
    line: document.line,
    id: idOf(document, "correlation"),
    name: text(document, "name") || null,
    title,
    level: readLevel(document),
    tags: texts(document, "tags"),
    rules,
    rulesLine: node.entries.get("rules")?.line ?? node.line,
    groupBy: names(node, "group-by"),
    aliases: readAliases(node),
    timespanTicks: readTimespan(node),
    generate: readGenerate(document, node),
    test,
  };
}

function readRules(node: YamlMap): string[] {
  const rules = names(node, "rules", false);
  const twice = rules.find((rule, at) => rules.indexOf(rule) !== at);
  if (twice === undefined) return rules;
  throw new Refused(node.entries.get("rules")?.line ?? node.line, `the rule '${twice}' twice`);
}

/** A list of scalars, or one; field names lose their blanks as everywhere in Sigma. */
function names(node: YamlMap, key: string, unspaced = true): string[] {
  const found = node.entries.get(key);
  if (found === undefined) return [];
  const items = found.kind === "list" ? found.items : [found];
  if (items.length > Math.max(FIELDS_MAX, RULES_MAX))
    throw new Refused(found.line, `a \`${key}\` that is too long`);
  return items.map((item) => {
    if (item.kind !== "scalar" || item.type === "null" || item.text.trim() === "")
      throw new Refused(item.line, `a \`${key}\` that is no name`);
    return unspaced ? item.text.replace(/\s+/g, "") : referenceOf(item.text);
  });
}

/** A correlation that states no level claims nothing: informational. */
function readLevel(document: YamlMap): Level {
  const stated = text(document, "level").toLowerCase() || "informational";
  const level = LEVELS.find((name) => name === stated);
  if (level !== undefined) return level;
  throw new Refused(document.entries.get("level")?.line ?? document.line, `the level '${stated}'`);
}

/** The specification has `generate` beside `level`, pySigma within the correlation. */
function readGenerate(document: YamlMap, node: YamlMap): boolean {
  const found = node.entries.get("generate") ?? document.entries.get("generate");
  if (found === undefined) return false;
  if (found.kind === "scalar" && found.type === "boolean") return found.text === "true";
  throw new Refused(found.line, "a `generate` that is neither true nor false");
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  // The mean month and year of the Gregorian calendar, as in pySigma.
  M: 2_629_746,
  y: 31_556_952,
};

function readTimespan(node: YamlMap): number {
  const found = node.entries.get("timespan");
  if (found === undefined) throw new Refused(node.line, "a correlation without a timespan");
  const written = found.kind === "scalar" ? found.text : "";
  const [, count = "0", unit = ""] = /^(\d{1,10})([smhdwMy])$/.exec(written) ?? [];
  const ticks = Number(count) * (UNIT_SECONDS[unit] ?? 0) * TICKS_PER_SECOND;
  if (ticks > 0 && ticks <= TIMESPAN_TICKS_MAX) return ticks;
  throw new Refused(found.line, `the timespan '${written}'`);
}

function readAliases(node: YamlMap): Correlation["aliases"] {
  const found = node.entries.get("aliases");
  if (found === undefined) return new Map();
  if (found.kind !== "map") throw new Refused(found.line, "`aliases` that are not a map");
  return new Map(
    [...found.entries].map(([alias, fields]) => {
      if (fields.kind !== "map")
        throw new Refused(fields.line, `the alias '${alias}' is not a map`);
      const byRule = [...fields.entries].map(([rule, field]): [string, string] => {
        if (field.kind !== "scalar" || field.text === "")
          throw new Refused(field.line, `the alias '${alias}' of '${rule}' is no field`);
        return [referenceOf(rule), field.text.replace(/\s+/g, "")];
      });
      return [alias.replace(/\s+/g, ""), new Map(byRule)];
    }),
  );
}

const AMOUNTS: ReadonlyMap<string, Exclude<Amount["kind"], "percentile"> | "percentile"> = new Map([
  ["value_sum", "sum"],
  ["value_avg", "average"],
  ["value_median", "median"],
  ["value_percentile", "percentile"],
]);

/** pySigma has the last two as names of what it makes of a condition in words; in a document they ask for one. */
const TEMPORAL: ReadonlyMap<string, { readonly ordered: boolean; readonly extended: boolean }> =
  new Map([
    ["temporal", { ordered: false, extended: false }],
    ["temporal_ordered", { ordered: true, extended: false }],
    ["temporal_extended", { ordered: false, extended: true }],
    ["temporal_ordered_extended", { ordered: true, extended: true }],
  ]);

/** The type with its condition; adds to `rules` where only the condition names them. */
function readTest(node: YamlMap, rules: string[]): WindowTest {
  const type = node.entries.get("type");
  if (type === undefined) throw new Refused(node.line, "a correlation without a type");
  const name = type.kind === "scalar" ? type.text.toLowerCase() : "";
  const condition = node.entries.get("condition");
  const temporal = TEMPORAL.get(name);
  if (temporal !== undefined) return readTemporal(node, temporal, condition, rules);
  if (condition === undefined) throw new Refused(node.line, "a correlation without a condition");
  if (condition.kind !== "map")
    throw new Refused(condition.line, `a condition of '${name}' that is not a map`);
  if (name === "event_count") {
    const bounds = readBounds(condition, []);
    if (!countsWithin(bounds, 1)) throw new Refused(condition.line, NEVER_HOLDS);
    return { kind: "event-count", bounds };
  }
  const amount = AMOUNTS.get(name);
  if (amount === undefined && name !== "value_count")
    throw new Refused(type.line, `the correlation type '${name}'`);
  const fields = names(condition, "field");
  if (fields.length === 0)
    throw new Refused(condition.line, `a condition of '${name}' without a field`);
  if (fields.length > FIELDS_MAX)
    throw new Refused(condition.line, `more than ${FIELDS_MAX} fields`);
  if (amount === undefined) {
    const bounds = readBounds(condition, ["field"]);
    if (!countsWithin(bounds, 0)) throw new Refused(condition.line, NEVER_HOLDS);
    return { kind: "value-count", fields, bounds };
  }
  const [field = "", second] = fields;
  if (second !== undefined) throw new Refused(condition.line, `'${name}' of several fields`);
  const isPercentile = amount === "percentile";
  const of: Amount = isPercentile
    ? { kind: amount, percent: readPercent(condition) }
    : { kind: amount };
  const bounds = readBounds(condition, isPercentile ? ["field", "percentile"] : ["field"]);
  if (!amountsWithin(bounds)) throw new Refused(condition.line, NEVER_HOLDS);
  return { kind: "amount", of, field, bounds };
}

/** Where nothing happened there is no window: what asks for that alone would be silent for ever. */
const NEVER_HOLDS = "a condition that no window ever meets";

/** Whether a count from `least` on is within the bounds: if any is, then one next to a bound, or the least. */
function countsWithin(bounds: Bounds, least: number): boolean {
  const near = bounds.flatMap(({ value }) => [Math.ceil(value), Math.floor(value) + 1]);
  const below = bounds.map(({ value }) => Math.ceil(value) - 1);
  return [least, ...near, ...below].some(
    (count) => count >= least && isWithinBounds(bounds, count),
  );
}

/** Whether an amount is within the bounds: a bound itself, one between two of them, or one beyond all. */
function amountsWithin(bounds: Bounds): boolean {
  const values = bounds.map(({ millionths }) => millionths).sort((a, b) => (a < b ? -1 : 1));
  const [first = 0n, last = 0n] = [values[0], values.at(-1)];
  const doubled = values.map((value, at) => value + (values[at + 1] ?? value));
  return (
    [...values, first - 1n, last + 1n].some((value) => isAmountWithin(bounds, value, 1n)) ||
    doubled.some((value) => isAmountWithin(bounds, value, 2n))
  );
}

function readTemporal(
  node: YamlMap,
  { ordered, extended }: { readonly ordered: boolean; readonly extended: boolean },
  condition: YamlNode | undefined,
  rules: string[],
): WindowTest {
  if (condition?.kind === "scalar") {
    const open = rules.length === 0;
    const presence = readPresence(condition.text, rules, open, condition.line);
    if (ordered && rules.length > ORDERED_SET_MAX)
      throw new Refused(
        condition.line,
        `more than ${ORDERED_SET_MAX} rules in an ordered condition`,
      );
    return { kind: "presence", ordered, condition: presence };
  }
  if (extended)
    throw new Refused(
      condition?.line ?? node.line,
      "an extended type without a condition in words",
    );
  const all: Bound = {
    operator: "gte",
    value: rules.length,
    millionths: BigInt(rules.length) * MILLION,
  };
  if (condition === undefined) return { kind: "rule-count", ordered, bounds: [all] };
  if (condition.kind !== "map") throw new Refused(condition.line, "a condition that is a list");
  const bounds = readBounds(condition, []);
  if (!rules.some((_, at) => isWithinBounds(bounds, at + 1)))
    throw new Refused(condition.line, `a condition that ${rules.length} rules never meet`);
  return { kind: "rule-count", ordered, bounds };
}

/** One bound or several, which must hold together: that is how the specification writes a range. */
function readBounds(condition: YamlMap, beside: readonly string[]): Bounds {
  const bounds: Bound[] = [];
  for (const [key, node] of condition.entries) {
    if (beside.includes(key)) continue;
    const operator = BOUND_OPERATORS.find((name) => name === key);
    if (operator === undefined) throw new Refused(node.line, `'${key}' in the condition`);
    bounds.push({ operator, ...readNumber(node) });
  }
  if (bounds.length === 0) throw new Refused(condition.line, "a condition without a number");
  return bounds;
}

function readNumber(node: YamlNode): Omit<Bound, "operator"> {
  const written = node.kind === "scalar" ? node.text : "";
  const millionths = readMillionths(written);
  if (millionths === null) throw new Refused(node.line, `'${written}' where a number should stand`);
  return { value: Number(millionths) / Number(MILLION), millionths };
}

function readPercent(condition: YamlMap): number {
  const found: YamlNode | YamlScalar | undefined = condition.entries.get("percentile");
  if (found === undefined) return PERCENT;
  const percent =
    found.kind === "scalar" && /^\d+(?:\.\d+)?$/.test(found.text) ? Number(found.text) : 0;
  if (percent > 0 && percent <= 100) return percent;
  throw new Refused(found.line, "a `percentile` that is not within 0 and 100");
}
