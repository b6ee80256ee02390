/**
 * Claims in YAML: a list of flat maps, or such a list under `claims`. Refuses tags, aliases and anything nested: a claim is
 * one line of one person. Dates stay text. Spec: YAML 1.2.2, read by js-yaml's event parser; docs/formats/claims.md.
 */
import { EVENT_ID, type Event, getScalarValue, parseEvents } from "js-yaml";
import type { Statement } from "./read.ts";

const CHARS_MAX = 1 << 20;
const DEPTH_MAX = 8;

/** How many bytes of the file a part of its text is. */
export type SizeOf = (text: string) => number;

/** The statements of a text that begins at the byte `start`. A text that is no such list is one refused statement. */
export function* readYaml(text: string, start: number, sizeOf: SizeOf): Generator<Statement> {
  if (text.trim() === "") return;
  const events = text.length > CHARS_MAX ? `more than ${CHARS_MAX} characters` : eventsOf(text);
  if (typeof events === "string") {
    const values = {
      what: "claims",
      need: "CSV, JSON or YAML with a column `claim`",
      have: events,
    };
    yield { record: "1", offset: 0, values };
    return;
  }
  yield* new Walk(text, events, start, sizeOf).statements();
}

function eventsOf(text: string): readonly Event[] | string {
  try {
    return parseEvents(text, { maxDepth: DEPTH_MAX });
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : "no YAML";
  }
}

/** Goes through the events of one text once. */
class Walk {
  readonly #text: string;
  readonly #events: readonly Event[];
  #at = 0;
  #line = 1;
  #lineStart = 0;
  /** Up to which character bytes are counted, and how many these are. */
  #counted = 0;
  #bytes: number;
  readonly #sizeOf: SizeOf;

  constructor(text: string, events: readonly Event[], start: number, sizeOf: SizeOf) {
    this.#text = text;
    this.#events = events;
    this.#bytes = start;
    this.#sizeOf = sizeOf;
  }

  *statements(): Generator<Statement> {
    let found = 0;
    for (; this.#at < this.#events.length; ) {
      const event = this.#events[this.#at++];
      // Lists are looked into wherever they stand: at the top, or under a name.
      if (event?.type !== EVENT_ID.SEQUENCE) continue;
      while (this.#events[this.#at]?.type !== EVENT_ID.POP && this.#at < this.#events.length) {
        found++;
        yield this.#item();
      }
      this.#at++;
    }
    if (found === 0) {
      const values = { what: "claims", need: "a list of claims", have: "other YAML" };
      yield { record: "1", offset: 0, values };
    }
  }

  /** The item at the cursor, which is left behind it. */
  #item(): Statement {
    const event = this.#events[this.#at];
    const start = event === undefined ? 0 : startOf(event);
    const place = { record: String(this.#lineAt(start)), offset: this.#byteAt(start) };
    if (event?.type === EVENT_ID.MAPPING) {
      this.#at++;
      const values = this.#map();
      if (values !== null) return { ...place, values };
    } else {
      this.#skip();
    }
    const need = "names with one value each";
    return { ...place, values: { what: "claim", need, have: "something nested, or no map" } };
  }

  /** The values of a flat map; null where one of them is none. */
  #map(): ReadonlyMap<string, string> | null {
    const values = new Map<string, string>();
    let isFlat = true;
    while (this.#events[this.#at]?.type !== EVENT_ID.POP && this.#at < this.#events.length) {
      const name = this.#scalar();
      const value = this.#scalar();
      if (name === null || value === null) isFlat = false;
      else if (!values.has(name)) values.set(name, /^(?:~|null)$/i.test(value) ? "" : value);
    }
    this.#at++;
    return isFlat ? values : null;
  }

  #scalar(): string | null {
    const event = this.#events[this.#at];
    if (event?.type !== EVENT_ID.SCALAR || event.tagStart >= 0) {
      this.#skip();
      return null;
    }
    this.#at++;
    return getScalarValue(this.#text, event);
  }

  /** Past one node and all that is in it. */
  #skip(): void {
    let open = 0;
    do {
      const type = this.#events[this.#at++]?.type;
      if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) open++;
      else if (type === EVENT_ID.POP) open--;
    } while (open > 0 && this.#at < this.#events.length);
  }

  /** Items come in the order of the text, so the count of lines only moves forward. */
  #lineAt(offset: number): number {
    for (;;) {
      const next = this.#text.indexOf("\n", this.#lineStart);
      if (next < 0 || next >= offset) return this.#line;
      this.#line++;
      this.#lineStart = next + 1;
    }
  }

  #byteAt(offset: number): number {
    this.#bytes += this.#sizeOf(this.#text.slice(this.#counted, offset));
    this.#counted = Math.max(this.#counted, offset);
    return this.#bytes;
  }
}

function startOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  return event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING ? event.start : 0;
}
