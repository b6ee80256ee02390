/**
 * A file of placeholders: what a house puts for `%Administrators%` in rules with the modifier `expand` (Sigma modifier
 * appendix 2.1.0). One map in YAML, from each name to its values. Refuses whatever else it holds, with its line.
 */
import { Refused } from "./refused.ts";
import { type YamlNode, readDocuments } from "./yaml.ts";

/** The values of each placeholder by its name, without the percent signs; as rules write values, wildcards and all. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

/** No file was given: every rule with a placeholder is refused. */
export const NO_PLACEHOLDERS: Placeholders = new Map();

/** What is wrong with a file of placeholders. */
export interface PlaceholderTrouble {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** Reads a file of placeholders. Never throws because of the text. */
export function parsePlaceholders(text: string): Placeholders | PlaceholderTrouble {
  try {
    return readPlaceholders(readDocuments(text));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { line: error.line, reason: error.message };
  }
}

function readPlaceholders([document, second]: readonly YamlNode[]): Placeholders {
  if (document?.kind !== "map")
    throw new Refused(document?.line ?? 1, "no map of placeholders to their values");
  if (second !== undefined) throw new Refused(second.line, "a second document");
  const placeholders = new Map<string, readonly string[]>();
  for (const [written, node] of document.entries) {
    const name = written.replace(/^%(.*)%$/s, "$1");
    if (name === "" || name.includes("%")) throw new Refused(node.line, `the name '${written}'`);
    if (placeholders.has(name)) throw new Refused(node.line, `the placeholder '${name}' twice`);
    placeholders.set(name, valuesOf(name, node));
  }
  return placeholders;
}

function valuesOf(name: string, node: YamlNode): readonly string[] {
  const items = node.kind === "list" ? node.items : [node];
  if (items.length === 0) throw new Refused(node.line, `the placeholder '${name}' without a value`);
  return items.map((item) => {
    if (item.kind === "scalar" && item.type !== "null") return item.text;
    throw new Refused(item.line, `the placeholder '${name}' with a value that is no text`);
  });
}
