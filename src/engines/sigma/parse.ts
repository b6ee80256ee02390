/**
 * A rule file to rules and refusals (Sigma rules specification 2.1.0). Refuses by name, with file and line,
 * every document that would not run exactly as it is written: unknown modifiers, for one.
 */
import { shorten } from "../../base/text.ts";
import { LEVELS, type Level } from "../../model/detection.ts";
import { carryOut } from "./collection.ts";
import { readCorrelation } from "./correlation/read.ts";
import {
  TITLE_CHARS_MAX,
  fieldsOf,
  idOf,
  readDetecting,
  readLogSource,
  referenceOf,
  text,
  texts,
  titleOf,
} from "./document.ts";
import { readFilter } from "./filter.ts";
import { NO_PLACEHOLDERS, type Placeholders } from "./placeholders.ts";
import { Refused } from "./refused.ts";
import type { ParsedRule, Refusal, Rule } from "./rule.ts";
import { SelectionReader } from "./selections.ts";
import { type YamlMap, type YamlNode, readDocuments } from "./yaml.ts";

/**
 * Every document of a file, in order; never throws because of the text. `file` is a label for people; `placeholders` is
 * what the modifier `expand` puts in.
 */
export function parseRules(
  file: string,
  text: string,
  placeholders: Placeholders = NO_PLACEHOLDERS,
): readonly ParsedRule[] {
  const reader = new SelectionReader(placeholders);
  try {
    return carryOut(readDocuments(text)).map((document) =>
      document instanceof Refused
        ? refusal(file, null, document)
        : parseDocument(file, document, reader),
    );
  } catch (error) {
    return [refusal(file, null, error)];
  }
}

function parseDocument(file: string, document: YamlNode, reader: SelectionReader): ParsedRule {
  if (document.kind !== "map") {
    return refusal(file, null, new Refused(document.line, "a document that is not a rule"));
  }
  try {
    if (document.entries.has("correlation")) return readCorrelation(file, document);
    return document.entries.has("filter")
      ? readFilter(file, document, reader)
      : readRule(file, document, reader);
  } catch (error) {
    return refusal(file, document, error);
  }
}

function refusal(file: string, document: YamlMap | null, error: unknown): Refusal {
  if (!(error instanceof Refused)) throw error;
  const id = document === null ? "" : referenceOf(shorten(text(document, "id"), TITLE_CHARS_MAX));
  const title = document === null ? "" : titleOf(document);
  return {
    kind: "refusal",
    file,
    line: error.line,
    id: id || null,
    title: title || null,
    reason: error.message,
  };
}

function readRule(file: string, document: YamlMap, reader: SelectionReader): Rule {
  const taxonomy = document.entries.get("taxonomy");
  if (taxonomy !== undefined && text(document, "taxonomy").toLowerCase() !== "sigma")
    throw new Refused(taxonomy.line, `the taxonomy '${text(document, "taxonomy")}'`);
  const title = titleOf(document);
  if (title === "") throw new Refused(document.line, "a rule without a title");
  const detection = document.entries.get("detection");
  if (detection === undefined) throw new Refused(document.line, "a rule without a detection");
  if (detection.kind !== "map") throw new Refused(detection.line, "a detection that is not a map");
  const { condition, selections } = readDetecting(detection, reader);
  return {
    kind: "rule",
    file,
    line: document.line,
    id: idOf(document, "detection"),
    name: text(document, "name") || null,
    title,
    description: text(document, "description"),
    level: readLevel(document),
    status: text(document, "status"),
    tags: texts(document, "tags"),
    references: texts(document, "references"),
    falsePositives: texts(document, "falsepositives"),
    logSource: readLogSource(document),
    condition,
    selections,
    filters: [],
    reads: [...new Set([...fieldsOf(condition), ...texts(document, "fields").map(unspaced)])],
  };
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

function unspaced(name: string): string {
  return name.replace(/\s+/g, "");
}
