/**
 * A rule file to rules and refusals (Sigma rules specification 2.1.0). Refuses by name, with file and line,
 * every document that would not run exactly as it is written: correlations, filters, unknown modifiers.
 */
import { createHash } from "node:crypto";
import { LEVELS, type Level } from "../../model/detection.ts";
import { join, readCondition } from "./condition.ts";
import { Refused } from "./refused.ts";
import type { Expression, LogSource, ParsedRule, Refusal, Rule } from "./rule.ts";
import { readSelection } from "./selections.ts";
import { type YamlMap, type YamlNode, readDocuments } from "./yaml.ts";

/** Every document of a file, in order; never throws because of the text. `file` is a label for people. */
export function parseRules(file: string, text: string): readonly ParsedRule[] {
  try {
    return readDocuments(text).map((document) => parseDocument(file, document));
  } catch (error) {
    return [refusal(file, null, error)];
  }
}

function parseDocument(file: string, document: YamlNode): ParsedRule {
  if (document.kind !== "map") {
    return refusal(file, null, new Refused(document.line, "a document that is not a rule"));
  }
  try {
    return readRule(file, document);
  } catch (error) {
    return refusal(file, document, error);
  }
}

function refusal(file: string, document: YamlMap | null, error: unknown): Refusal {
  if (!(error instanceof Refused)) throw error;
  const [id, title] = ["id", "title"].map((key) => (document === null ? "" : text(document, key)));
  return {
    kind: "refusal",
    file,
    line: error.line,
    id: id === undefined || id === "" ? null : id,
    title: title === undefined || title === "" ? null : title,
    reason: error.message,
  };
}

/** Kinds of documents that are no rules, by the key that gives them away. */
const OTHER_KINDS: readonly (readonly [string, string])[] = [
  ["correlation", "correlation rules"],
  ["filter", "filter documents"],
  ["action", "rule collections (`action`)"],
];

function readRule(file: string, document: YamlMap): Rule {
  for (const [key, what] of OTHER_KINDS) {
    const found = document.entries.get(key);
    if (found !== undefined) throw new Refused(found.line, what);
  }
  const title = text(document, "title");
  if (title === "") throw new Refused(document.line, "a rule without a title");
  const condition = readDetection(document);
  return {
    kind: "rule",
    file,
    line: document.line,
    id: text(document, "id") || madeUpId(document),
    title,
    description: text(document, "description"),
    level: readLevel(document),
    status: text(document, "status"),
    tags: texts(document, "tags"),
    references: texts(document, "references"),
    falsePositives: texts(document, "falsepositives"),
    logSource: readLogSource(document),
    condition,
    reads: [...new Set([...fieldsOf(condition), ...texts(document, "fields").map(unspaced)])],
  };
}

function readDetection(document: YamlMap): Expression {
  const detection = document.entries.get("detection");
  if (detection?.kind !== "map") throw new Refused(document.line, "a rule without a detection");
  const selections = new Map<string, Expression>();
  for (const [name, node] of detection.entries) {
    if (name === "timeframe") throw new Refused(node.line, "`timeframe` in the detection");
    if (name !== "condition") selections.set(name, readSelection(node));
  }
  const condition = detection.entries.get("condition");
  if (condition === undefined) throw new Refused(detection.line, "a detection without a condition");
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

function readLogSource(document: YamlMap): LogSource {
  const node = document.entries.get("logsource");
  if (node?.kind !== "map") throw new Refused(document.line, "a rule without a log source");
  const part = (key: string): string | null =>
    text(node, key).trim().toLowerCase().replace(/\s+/g, "_") || null;
  const source = { product: part("product"), category: part("category"), service: part("service") };
  if (Object.values(source).every((value) => value === null)) {
    throw new Refused(node.line, "a log source that names nothing");
  }
  return source;
}

/** A rule that states no level claims nothing: informational. */
function readLevel(document: YamlMap): Level {
  const stated = text(document, "level").toLowerCase() || "informational";
  const level = LEVELS.find((name) => name === stated);
  if (level === undefined) {
    const line = document.entries.get("level")?.line ?? document.line;
    throw new Refused(line, `the level '${stated}'`);
  }
  return level;
}

/** The id is optional in the specification: a rule without one is known by its title and detection. */
function madeUpId(document: YamlMap): string {
  const parts = ["title", "logsource", "detection"].map((key) => document.entries.get(key));
  return createHash("sha256").update(JSON.stringify(parts, meaning)).digest("hex").slice(0, 32);
}

/** For JSON: maps as pairs, and no lines, so that moving a rule in its file leaves its id. */
function meaning(key: string, value: unknown): unknown {
  if (key === "line") return undefined;
  return value instanceof Map ? [...value] : value;
}

/** A scalar entry as text; "" where it is missing or no scalar. */
function text(map: YamlMap, key: string): string {
  const node = map.entries.get(key);
  return node?.kind === "scalar" ? node.text : "";
}

/** A list of scalars, or one scalar, as texts; what is neither says nothing about events and is left out. */
function texts(map: YamlMap, key: string): string[] {
  const node = map.entries.get(key);
  const items = node?.kind === "list" ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item) => (item.kind === "scalar" && item.text !== "" ? [item.text] : []));
}

function unspaced(name: string): string {
  return name.replace(/\s+/g, "");
}

/** Every field that an expression looks at, in the order of the rule. */
function fieldsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "and":
    case "or":
      return expression.parts.flatMap(fieldsOf);
    case "not":
      return fieldsOf(expression.part);
    case "field":
      return [...expression.fields];
  }
}
