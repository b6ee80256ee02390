/**
 * YAML text to trees that know their lines (YAML 1.2.2, core schema, read by js-yaml's event parser).
 * Refuses what a rule has no use for and what hides bombs: tags, merge keys, duplicate keys, recursion,
 * trees that grow beyond a limit when their aliases are followed. Scalars keep their text; dates are text.
 */
import { EVENT_ID, type Event, SCALAR_STYLE, getScalarValue, parseEvents } from "js-yaml";
import { compareDecimals, readDecimal } from "./decimal.ts";
import { Refused } from "./refused.ts";

/** A node of a document; `line` is where it starts, from 1. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

/** A single value. */
export interface YamlScalar {
  readonly kind: "scalar";
  readonly line: number;
  readonly type: "text" | "number" | "boolean" | "null";
  /** As it is compared: numbers in plain decimals, `true` or `false`, "" for null. */
  readonly text: string;
}

/** Values in order. */
export interface YamlList {
  readonly kind: "list";
  readonly line: number;
  readonly items: readonly YamlNode[];
}

/** Values by their keys, in the order of the text; keys are text. */
export interface YamlMap {
  readonly kind: "map";
  readonly line: number;
  readonly entries: ReadonlyMap<string, YamlNode>;
}

const CHARS_MAX = 1 << 20;
const DEPTH_MAX = 32;
/** Nodes of one document, each counted as often as aliases repeat it. */
const NODES_MAX = 50_000;
const DOCUMENTS_MAX = 10_000;

/** The documents of a text. Throws Refused where the text is not YAML, or not YAML that rules are written in. */
export function readDocuments(text: string): readonly YamlNode[] {
  if (text.length > CHARS_MAX) throw new Refused(1, `longer than ${CHARS_MAX} characters`);
  const events = eventsOf(text);
  return new TreeBuilder(text, events).documents();
}

function eventsOf(text: string): Event[] {
  try {
    return parseEvents(text, { maxDepth: DEPTH_MAX });
  } catch (error) {
    const { line, reason } = describe(error);
    throw new Refused(line, `not YAML: ${reason}`);
  }
}

/** What js-yaml says about a syntax error, in one line. */
function describe(error: unknown): { line: number; reason: string } {
  if (!(error instanceof Error)) return { line: 1, reason: "unknown" };
  const mark = "mark" in error ? error.mark : null;
  const inMark = typeof mark === "object" && mark !== null && "line" in mark ? mark.line : 0;
  const reason = "reason" in error ? String(error.reason) : error.message;
  return { line: typeof inMark === "number" ? inMark + 1 : 1, reason };
}

interface Built {
  readonly node: YamlNode;
  /** Nodes below and including it, aliases followed. */
  readonly size: number;
}

/** Builds trees from the flat event stream; one instance reads one text once. */
class TreeBuilder {
  readonly #text: string;
  readonly #events: readonly Event[];
  #at = 0;
  /** 0 until somebody asks. */
  #line = 0;
  /** Where the line behind the current one starts. */
  #nextLine = 0;
  /** An anchor whose node is still being built is null: an alias to it would be recursion. */
  #anchors = new Map<string, Built | null>();

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  documents(): YamlNode[] {
    const documents: YamlNode[] = [];
    for (; this.#at < this.#events.length; this.#at++) {
      const event = this.#events[this.#at];
      if (event?.type !== EVENT_ID.DOCUMENT) continue;
      this.#anchors = new Map();
      this.#at++;
      if (this.#events[this.#at]?.type === EVENT_ID.POP) continue;
      const { node } = this.#node();
      // Nothing between two `---`, or behind the last.
      if (node.kind === "scalar" && node.type === "null") continue;
      documents.push(node);
      if (documents.length > DOCUMENTS_MAX)
        throw new Refused(node.line, `more than ${DOCUMENTS_MAX} documents`);
    }
    return documents;
  }

  /** The node that starts at the current event; leaves the cursor on its last event's successor. */
  #node(): Built {
    const event = this.#events[this.#at++];
    switch (event?.type) {
      case EVENT_ID.SCALAR: {
        const line = this.#lineAt(event.valueStart);
        const tag = this.#span(event.tagStart, event.tagEnd);
        if (tag !== "" && tag !== "!!str") throw new Refused(line, "YAML tags");
        const value = getScalarValue(this.#text, event);
        const plain = event.style === SCALAR_STYLE.PLAIN && tag === "";
        return this.#keep(event, { node: scalar(line, value, plain), size: 1 });
      }
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING: {
        const line = this.#lineAt(event.start);
        if (event.tagStart >= 0) throw new Refused(line, "YAML tags");
        const anchor = this.#span(event.anchorStart, event.anchorEnd);
        if (anchor !== "") this.#anchors.set(anchor, null);
        const built = event.type === EVENT_ID.SEQUENCE ? this.#list(line) : this.#map(line);
        if (built.size > NODES_MAX) throw new Refused(line, `more than ${NODES_MAX} YAML nodes`);
        return this.#keep(event, built);
      }
      case EVENT_ID.ALIAS: {
        const built = this.#anchors.get(this.#span(event.anchorStart, event.anchorEnd));
        if (built === undefined) throw new Refused(this.#line, "an alias without its anchor");
        if (built === null) throw new Refused(this.#line, "an alias inside its own anchor");
        return built;
      }
      case EVENT_ID.DOCUMENT:
      case EVENT_ID.POP:
      case undefined:
        throw new Refused(this.#line, "not YAML: a node is missing");
    }
  }

  #list(line: number): Built {
    const items: YamlNode[] = [];
    let size = 1;
    while (this.#events[this.#at]?.type !== EVENT_ID.POP) {
      const item = this.#node();
      size += item.size;
      items.push(item.node);
    }
    this.#at++;
    return { node: { kind: "list", line, items }, size };
  }

  #map(line: number): Built {
    const entries = new Map<string, YamlNode>();
    let size = 1;
    while (this.#events[this.#at]?.type !== EVENT_ID.POP) {
      const key = this.#node().node;
      if (key.kind !== "scalar") throw new Refused(key.line, "a key that is not a scalar");
      if (key.text === "<<") throw new Refused(key.line, "YAML merge keys");
      if (entries.has(key.text)) throw new Refused(key.line, `the key '${key.text}' twice`);
      const value = this.#node();
      size += value.size + 1;
      entries.set(key.text, value.node);
    }
    this.#at++;
    return { node: { kind: "map", line, entries }, size };
  }

  #keep(event: { anchorStart: number; anchorEnd: number }, built: Built): Built {
    const anchor = this.#span(event.anchorStart, event.anchorEnd);
    if (anchor !== "") this.#anchors.set(anchor, built);
    return built;
  }

  #span(start: number, end: number): string {
    return start < 0 ? "" : this.#text.slice(start, end);
  }

  /** Events come in the order of the text, so the count of lines only moves forward. */
  #lineAt(offset: number): number {
    while (this.#nextLine <= offset) {
      this.#line++;
      LINE_BREAK.lastIndex = this.#nextLine;
      const isLast = LINE_BREAK.exec(this.#text) === null;
      this.#nextLine = isLast ? Number.POSITIVE_INFINITY : LINE_BREAK.lastIndex;
    }
    return this.#line;
  }
}

/** YAML 1.2.2, 5.4. */
const LINE_BREAK = /\r\n?|\n/g;

const NULL = /^(?:~|null|Null|NULL|)$/;
const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;
const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Resolves a plain scalar by the core schema (YAML 1.2.2, 10.3.2); anything quoted is text. */
function scalar(line: number, value: string, plain: boolean): YamlScalar {
  const made = (type: YamlScalar["type"], text: string): YamlScalar => ({
    kind: "scalar",
    line,
    type,
    text,
  });
  if (!plain) return made("text", value);
  if (NULL.test(value)) return made("null", "");
  if (BOOLEAN.test(value)) return made("boolean", value.toLowerCase());
  if (INTEGER.test(value)) return made("number", BigInt(value.replace(/^\+/, "")).toString());
  if (FLOAT.test(value)) return made("number", printed(value));
  return made("text", value);
}

/** A decimal as events print it, unless that would be another number. */
function printed(value: string): string {
  const text = String(Number(value));
  const [exact, rounded] = [readDecimal(value), readDecimal(text)];
  const same = exact !== null && rounded !== null && compareDecimals(exact, rounded) === 0;
  return same ? text : value;
}
