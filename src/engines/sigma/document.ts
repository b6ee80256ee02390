/**
 * What rules and filters have in common once their YAML is read: texts, the log source, selections with a condition.
 * Refuses a document that lacks them, or whose detection is not one (Sigma rules specification 2.1.0, "Detection").
 */
import { createHash } from "node:crypto";
import { shorten } from "../../base/text.ts";
import { join, readCondition } from "./condition.ts";
import { Refused } from "./refused.ts";
import { namesOfTest } from "./rewrite.ts";
import type { Expression, LogSource } from "./rule.ts";
import type { SelectionReader } from "./selections.ts";
import type { YamlMap, YamlNode } from "./yaml.ts";

/** What a document asks of an event: its selections by name, joined by its condition. */
export interface Detecting {
  readonly condition: Expression;
  /** The parts of the condition that have a name of their own; the same objects as in it. */
  readonly selections: ReadonlyMap<string, Expression>;
}

/** Reads a `detection`, or a `filter`; `beside` are its keys that are neither selections nor the condition. Refuses one without a condition. */
export function readDetecting(
  detection: YamlMap,
  reader: SelectionReader,
  beside: readonly string[] = [],
): Detecting {
  const selections = new Map<string, Expression>();
  for (const [name, node] of detection.entries) {
    if (name === "timeframe") throw new Refused(node.line, "`timeframe` in the detection");
    if (name !== "condition" && !beside.includes(name)) selections.set(name, reader.read(node));
  }
  const condition = detection.entries.get("condition");
  if (condition === undefined) throw new Refused(detection.line, "a detection without a condition");
  return { condition: readConditions(condition, selections), selections };
}

/** Several conditions are joined by OR. */
function readConditions(
  condition: YamlNode,
  selections: ReadonlyMap<string, Expression>,
): Expression {
  const conditions = condition.kind === "list" ? condition.items : [condition];
  if (conditions.length === 0) throw new Refused(condition.line, "an empty list of conditions");
  return join(
    "or",
    conditions.map((item) => {
      if (item.kind !== "scalar") throw new Refused(item.line, "a condition that is not text");
      return readCondition(item.text, selections, item.line);
    }),
  );
}

/** The log source of a document. Refuses one that is missing or names nothing. */
export function readLogSource(document: YamlMap): LogSource {
  const node = document.entries.get("logsource");
  if (node === undefined) throw new Refused(document.line, "a document without a log source");
  if (node.kind !== "map") throw new Refused(node.line, "a log source that is not a map");
  const part = (key: string): string | null => {
    const stated = node.entries.get(key);
    // Left out, it would be open, and the rule would run on every product.
    if (stated !== undefined && stated.kind !== "scalar")
      throw new Refused(stated.line, `a log source whose ${key} is not a word`);
    return text(node, key).trim().toLowerCase().replace(/\s+/g, "_") || null;
  };
  const source = { product: part("product"), category: part("category"), service: part("service") };
  if (Object.values(source).every((value) => value === null)) {
    throw new Refused(node.line, "a log source that names nothing");
  }
  return source;
}

/** The longest title of the specification; no id is longer. */
export const TITLE_CHARS_MAX = 256;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A rule's id or name as it is compared: a UUID says the same in capitals. */
export function referenceOf(text: string): string {
  return UUID.test(text) ? text.toLowerCase() : text;
}

/** The title, cut where it is longer than the specification allows; "" where there is none. */
export function titleOf(document: YamlMap): string {
  return shorten(text(document, "title"), TITLE_CHARS_MAX);
}

/** The id as it is compared, cut like a title; a document without one is known by its title and what it asks. */
export function idOf(document: YamlMap, detection: "detection" | "filter" | "correlation"): string {
  const id = referenceOf(text(document, "id"));
  if (id.length > TITLE_CHARS_MAX)
    throw new Refused(document.line, `an id of more than ${TITLE_CHARS_MAX} characters`);
  return id || madeUpId(document, detection);
}

/** The id is optional in the specification. */
function madeUpId(document: YamlMap, detection: "detection" | "filter" | "correlation"): string {
  const parts = ["title", "logsource", detection].map((key) => document.entries.get(key));
  return createHash("sha256").update(JSON.stringify(parts, meaning)).digest("hex").slice(0, 32);
}

/** For JSON: maps as pairs, and no lines, so that moving a rule in its file leaves its id. */
function meaning(key: string, value: unknown): unknown {
  if (key === "line") return undefined;
  return value instanceof Map ? [...value] : value;
}

/** A scalar entry as text; "" where it is missing or no scalar. */
export function text(map: YamlMap, key: string): string {
  const node = map.entries.get(key);
  return node?.kind === "scalar" ? node.text : "";
}

/** A list of scalars, or one scalar, as texts; what is neither says nothing about events and is left out. */
export function texts(map: YamlMap, key: string): string[] {
  const node = map.entries.get(key);
  const items = node?.kind === "list" ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item) => (item.kind === "scalar" && item.text !== "" ? [item.text] : []));
}

/** Every field that an expression looks at, in the order of the rule. */
export function fieldsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.flatMap(fieldsOf);
    case "not":
      return fieldsOf(expression.part);
    case "field":
      return [...namesOfTest(expression)];
  }
}
