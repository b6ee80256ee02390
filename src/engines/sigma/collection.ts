/**
 * Rule collections, the older way to write several rules in one file (Sigma specification 1.0.2, "Rule Collection"):
 * `action: global` goes into every rule that follows until `reset`, `repeat` is the rule before with changes.
 * Refuses unknown actions, a repetition of nothing, and collections that grow beyond a limit.
 */
import { Refused } from "./refused.ts";
import type { YamlMap, YamlNode } from "./yaml.ts";

/** Entries put into rules of one file, those of maps within them too. */
const ENTRIES_MAX = 100_000;

/** The documents of a file with each `action` carried out: the rules that are meant, or what is wrong in their place. */
export function carryOut(documents: readonly YamlNode[]): readonly (YamlNode | Refused)[] {
  const collection = new Collection();
  return documents.flatMap((document): readonly (YamlNode | Refused)[] => {
    try {
      return collection.add(document);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return [error];
    }
  });
}

/** Kinds of documents that came later, and take no part in collections. */
const APART: readonly string[] = ["correlation", "filter"];

class Collection {
  #global: YamlMap | null = null;
  #previous: YamlMap | null = null;
  /** How many rules have each id. */
  readonly #taken = new Map<string, number>();
  #entriesLeft = ENTRIES_MAX;

  /** The rule that a document comes to; none where it only says something about others. */
  add(document: YamlNode): readonly YamlNode[] {
    if (document.kind !== "map" || APART.some((key) => document.entries.has(key)))
      return [document];
    const action = document.entries.get("action");
    if (action === undefined) {
      const rule = this.#global === null ? document : this.#merged(document, this.#global);
      return [this.#next(rule, this.#global?.entries.has("id") === true)];
    }
    const own = without(document, "action");
    switch (action.kind === "scalar" ? action.text : "") {
      case "global":
        this.#global = this.#global === null ? own : this.#merged(this.#global, own);
        return [];
      case "reset":
        this.#global = null;
        return [];
      case "repeat":
        if (this.#previous === null)
          throw new Refused(action.line, "`action: repeat` without a rule before it");
        return [
          this.#next(
            { ...this.#merged(this.#previous, own), line: own.line },
            !own.entries.has("id"),
          ),
        ];
      default:
        throw new Refused(action.line, "an `action` that is not global, reset or repeat");
    }
  }

  /** Takes note of a rule. Two under one id would be one, so the second that has it from elsewhere is `id-2`. */
  #next(rule: YamlMap, inheritsId: boolean): YamlMap {
    this.#previous = rule;
    const id = rule.entries.get("id");
    if (id?.kind !== "scalar") return rule;
    const count = (this.#taken.get(id.text) ?? 0) + 1;
    this.#taken.set(id.text, count);
    if (!inheritsId || count === 1) return rule;
    const entries = new Map(rule.entries).set("id", { ...id, text: `${id.text}-${count}` });
    return { ...rule, entries };
  }

  /** The first with what the second says: maps within maps are joined, everything else is replaced. */
  #merged(map: YamlMap, changes: YamlMap): YamlMap {
    this.#entriesLeft -= map.entries.size + changes.entries.size;
    if (this.#entriesLeft < 0)
      throw new Refused(changes.line, `a rule collection of more than ${ENTRIES_MAX} entries`);
    const entries = new Map(map.entries);
    for (const [key, value] of changes.entries) {
      const old = entries.get(key);
      const both = old?.kind === "map" && value.kind === "map";
      entries.set(key, both ? this.#merged(old, value) : value);
    }
    return { ...map, entries };
  }
}

function without(map: YamlMap, key: string): YamlMap {
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}
