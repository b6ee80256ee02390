/**
 * The XML of one Windows event, as Windows and libevtx print it, into the sections that sections.ts reads. Refuses a
 * document type, entities other than XML's own five and character references (so nothing is expanded or fetched),
 * processing instructions behind the start, and whatever is not well formed. Spec: https://www.w3.org/TR/xml/.
 */
import { DEPTH_MAX, type Json, type JsonObject, type NotRead, isObject } from "../json-value.ts";
import type { WindowsEvent } from "./event.ts";
import { readSections, sectionsOf } from "./sections.ts";

/** A Windows event is at most 64 KiB of binary XML: as text a few times that. */
export const XML_CHARS_MAX = 1_048_576;
const NODES_MAX = 8_192;
const ATTRIBUTES_MAX = 64;

/** The event that an XML text holds, or why it holds none. Never throws because of content. */
export function readEventXml(
  text: string,
): { readonly kind: "event"; readonly event: WindowsEvent } | NotRead {
  if (text.length > XML_CHARS_MAX)
    return not(`at most ${XML_CHARS_MAX} characters`, `${text.length}`);
  let root: Element;
  try {
    root = new Scanner(text).document();
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    return not("well-formed XML without a document type", thrown.message);
  }
  const sections = root.name === "Event" ? sectionsOf(objectFrom(root)) : null;
  return sections === null
    ? not("an Event with EventID and Channel", "another element")
    : { kind: "event", event: readSections(sections) };
}

function not(need: string, have: string): NotRead {
  return { kind: "not", what: "event XML", need, have };
}

/** Ends a scan; never leaves this file. */
class Malformed extends Error {}

interface Element {
  readonly name: string;
  readonly attributes: readonly (readonly [string, string])[];
  readonly children: Element[];
  text: string;
}

/** An element in the shape of evtx_dump: attributes below `#attributes`, elements of one name as a list. */
function jsonFrom(element: Element): Json {
  if (element.attributes.length === 0 && element.children.length === 0) return element.text;
  return objectFrom(element);
}

function objectFrom({ attributes, children, text }: Element): JsonObject {
  const members = new Map<string, Json[]>();
  for (const child of children) {
    const value = jsonFrom(child);
    const known = members.get(child.name);
    if (known === undefined) members.set(child.name, [value]);
    else known.push(value);
  }
  const entries: [string, Json][] = [...members].map(([name, values]) => {
    // EventData's list stays one where it has one item; anywhere else a lone element is a value.
    const [only = ""] = values;
    return [name, values.length === 1 && (name !== "Data" || isObject(only)) ? only : values];
  });
  if (attributes.length > 0) entries.push(["#attributes", Object.fromEntries(attributes)]);
  if (children.length === 0 && text !== "") entries.push(["#text", text]);
  // A name such as __proto__ is a name here: fromEntries defines it and sets no prototype.
  return Object.fromEntries(entries);
}

const NAME = /[A-Za-z_][\w.:-]*/y;
const BLANKS = /[ \t\r\n]*/y;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** One pass over a text; the open elements are a list, so depth is no recursion. */
class Scanner {
  readonly #text: string;
  #at = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Element {
    this.#blanks();
    if (this.#text.startsWith("<?xml", this.#at)) this.#past("?>");
    this.#blanks();
    const open: Element[] = [];
    for (;;) {
      const parent = open.at(-1);
      if (parent !== undefined) parent.text += this.#content();
      if (this.#text.startsWith("</", this.#at)) {
        const closed = this.#close(open);
        if (open.length > 0) continue;
        this.#blanks();
        if (this.#at < this.#text.length) throw new Malformed("something behind the end");
        return closed;
      }
      if (this.#text.startsWith("<!--", this.#at)) {
        this.#past("-->");
        if (parent === undefined) this.#blanks();
        continue;
      }
      const { element, isEmpty } = this.#open();
      parent?.children.push(element);
      if (!isEmpty) open.push(element);
      else if (parent === undefined) throw new Malformed("an empty element alone");
      if (open.length > DEPTH_MAX) throw new Malformed(`more than ${DEPTH_MAX} levels`);
    }
  }

  /** Text up to the next markup. */
  #content(): string {
    const end = this.#text.indexOf("<", this.#at);
    if (end < 0) throw new Malformed("no end tag");
    const text = this.#resolved(this.#text.slice(this.#at, end));
    this.#at = end;
    return text;
  }

  #open(): { readonly element: Element; readonly isEmpty: boolean } {
    if (this.#text[this.#at] !== "<") throw new Malformed("no start tag");
    if (/^<[!?]/.test(this.#text.slice(this.#at, this.#at + 2)))
      throw new Malformed("a document type or an instruction");
    if (++this.#nodes > NODES_MAX) throw new Malformed(`more than ${NODES_MAX} elements`);
    this.#at++;
    const name = this.#name();
    const attributes: [string, string][] = [];
    for (;;) {
      const hadBlank = this.#blanks();
      const next = this.#text[this.#at];
      const isEmpty = next === "/" && this.#text[this.#at + 1] === ">";
      if (next === ">" || isEmpty) {
        this.#at += isEmpty ? 2 : 1;
        return { element: { name, attributes, children: [], text: "" }, isEmpty };
      }
      if (!hadBlank || attributes.length >= ATTRIBUTES_MAX)
        throw new Malformed("no end of a start tag");
      attributes.push(this.#attribute());
    }
  }

  #attribute(): [string, string] {
    const name = this.#name();
    this.#blanks();
    if (this.#text[this.#at++] !== "=") throw new Malformed("an attribute without a value");
    this.#blanks();
    const quote = this.#text[this.#at++];
    const end = quote === '"' || quote === "'" ? this.#text.indexOf(quote, this.#at) : -1;
    if (end < 0) throw new Malformed("a value without quotes");
    const value = this.#text.slice(this.#at, end);
    if (value.includes("<")) throw new Malformed("a start tag in a value");
    this.#at = end + 1;
    return [name, this.#resolved(value)];
  }

  #close(open: Element[]): Element {
    this.#at += 2;
    const name = this.#name();
    this.#blanks();
    const closed = open.pop();
    if (this.#text[this.#at++] !== ">" || closed?.name !== name)
      throw new Malformed("another end tag");
    return closed;
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) throw new Malformed("no name");
    this.#at += name.length;
    return name;
  }

  #blanks(): boolean {
    BLANKS.lastIndex = this.#at;
    const size = BLANKS.exec(this.#text)?.[0].length ?? 0;
    this.#at += size;
    return size > 0;
  }

  #past(mark: string): void {
    const end = this.#text.indexOf(mark, this.#at);
    if (end < 0) throw new Malformed(`no ${mark}`);
    this.#at = end + mark.length;
  }

  #resolved(text: string): string {
    if (!text.includes("&")) return text;
    return text.replaceAll(/&([^;&]{0,10});?/g, (whole, reference: string) => {
      const known = ENTITIES.get(reference) ?? characterOf(reference);
      if (known === null || !whole.endsWith(";")) throw new Malformed("an entity of its own");
      return known;
    });
  }
}

/** The character of `#10` or `#x41`; null where it is none. */
function characterOf(reference: string): string | null {
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(reference) ?? [];
  const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal ?? Number.NaN);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
}
