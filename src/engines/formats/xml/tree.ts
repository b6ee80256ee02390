/**
 * XML text from evidence into a tree, within limits. Refuses an inner document type, entities other than XML's own five
 * and character references (so nothing is expanded or fetched), and whatever is not well formed. Names keep their
 * prefix. Spec: https://www.w3.org/TR/xml/.
 */
import type { NotRead } from "../json/json-value.ts";

/** One element. Its text is that of all its own text parts together. */
export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** How much of XML a text may use. */
export interface XmlRules {
  readonly charsMax: number;
  readonly depthMax: number;
  readonly elementsMax: number;
  readonly attributesMax: number;
  /** True: no CDATA, no document type, and no instruction behind the declaration. */
  readonly isBare: boolean;
}

/** What files of one element, and single records of large ones, stay far below. */
export const FRAGMENT_RULES: XmlRules = {
  charsMax: 4_194_304,
  depthMax: 64,
  elementsMax: 131_072,
  attributesMax: 256,
  isBare: false,
};

/** The root element that an XML text holds, or why it holds none. Never throws because of content. */
export function parseXml(
  text: string,
  rules: XmlRules,
): { readonly kind: "element"; readonly element: XmlElement } | NotRead {
  if (text.length > rules.charsMax)
    return not(`at most ${rules.charsMax} characters`, `${text.length}`);
  try {
    return { kind: "element", element: new Scanner(text, rules).document() };
  } catch (thrown) {
    if (!(thrown instanceof Malformed)) throw thrown;
    return not("well-formed XML without a document type of its own", thrown.message);
  }
}

function not(need: string, have: string): NotRead {
  return { kind: "not", what: "XML", need, have };
}

/** The value of an attribute; "" where it has none of that name. */
export function attributeOf(element: XmlElement, name: string): string {
  return element.attributes.find(([known]) => known === name)?.[1] ?? "";
}

/** The first child of that name, or null. */
export function childOf(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((child) => child.name === name) ?? null;
}

/** All children of that name. */
export function childrenNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text below a path of names, without blanks at its ends; "" where the path leads nowhere. */
export function textIn(element: XmlElement, ...path: readonly string[]): string {
  let at: XmlElement | null = element;
  for (const name of path) at = at === null ? null : childOf(at, name);
  return at?.text.trim() ?? "";
}

/** Ends a scan; never leaves this file. */
class Malformed extends Error {}

/** An element that is still open. */
interface OpenElement extends XmlElement {
  readonly children: OpenElement[];
  text: string;
}

const NAME = /[\p{L}_:][\p{L}\p{N}_.:·-]*/uy;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);
const CDATA = "<![CDATA[";

/** One pass over a text; the open elements are a list, so depth is no recursion. */
class Scanner {
  readonly #text: string;
  readonly #rules: XmlRules;
  #at = 0;
  #elements = 0;

  constructor(text: string, rules: XmlRules) {
    this.#text = text;
    this.#rules = rules;
  }

  document(): XmlElement {
    this.#prolog();
    const open: OpenElement[] = [];
    for (;;) {
      const parent = open.at(-1);
      if (parent !== undefined) parent.text += this.#content();
      if (this.#is("</")) {
        const closed = this.#close(open);
        if (open.length === 0) return this.#ended(closed);
      } else if (parent !== undefined && !this.#rules.isBare && this.#is(CDATA)) {
        parent.text += this.#section();
      } else if (!this.#isPassed()) {
        const { element, isEmpty } = this.#open();
        parent?.children.push(element);
        if (!isEmpty) open.push(element);
        else if (parent === undefined) return this.#ended(element);
        if (open.length > this.#rules.depthMax)
          throw new Malformed(`more than ${this.#rules.depthMax} levels`);
      }
    }
  }

  /** What may stand before the root: a declaration, and a document type that says no more than where it is. */
  #prolog(): void {
    if (this.#text.startsWith("\ufeff")) this.#at = 1;
    this.#blanks();
    if (this.#is("<?xml")) this.#past("?>");
    this.#blanks();
    while (this.#isPassed()) this.#blanks();
    if (this.#rules.isBare || !this.#is("<!DOCTYPE")) return;
    const from = this.#at;
    this.#past(">");
    if (this.#text.slice(from, this.#at).includes("["))
      throw new Malformed("a document type of its own");
    this.#blanks();
    while (this.#isPassed()) this.#blanks();
  }

  /** Passes a comment, and an instruction where the rules let it be. */
  #isPassed(): boolean {
    if (this.#is("<!--")) this.#past("-->");
    else if (!this.#rules.isBare && this.#is("<?")) this.#past("?>");
    else return false;
    return true;
  }

  /** The root, where nothing but what may be passed stands behind it. */
  #ended(root: XmlElement): XmlElement {
    this.#blanks();
    while (this.#isPassed()) this.#blanks();
    if (this.#at < this.#text.length) throw new Malformed("something behind the end");
    return root;
  }

  #is(mark: string): boolean {
    return this.#text.startsWith(mark, this.#at);
  }

  /** Text up to the next markup. */
  #content(): string {
    const end = this.#text.indexOf("<", this.#at);
    if (end < 0) throw new Malformed("no end tag");
    const text = this.#resolved(this.#text.slice(this.#at, end));
    this.#at = end;
    return text;
  }

  #section(): string {
    const from = this.#at + CDATA.length;
    this.#past("]]>");
    return this.#text.slice(from, this.#at - 3);
  }

  #open(): { readonly element: OpenElement; readonly isEmpty: boolean } {
    const second = this.#text.charCodeAt(this.#at + 1);
    if (!this.#is("<")) throw new Malformed("no start tag");
    if (second === 0x21 || second === 0x3f)
      throw new Malformed("a document type or an instruction");
    if (++this.#elements > this.#rules.elementsMax)
      throw new Malformed(`more than ${this.#rules.elementsMax} elements`);
    this.#at++;
    const name = this.#name();
    const attributes: [string, string][] = [];
    for (;;) {
      const hadBlank = this.#blanks();
      const isEmpty = this.#is("/>");
      if (isEmpty || this.#is(">")) {
        this.#at += isEmpty ? 2 : 1;
        return { element: { name, attributes, children: [], text: "" }, isEmpty };
      }
      if (!hadBlank || attributes.length >= this.#rules.attributesMax)
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

  #close(open: OpenElement[]): XmlElement {
    this.#at += 2;
    const name = this.#name();
    this.#blanks();
    const closed = open.pop();
    if (this.#text[this.#at++] !== ">" || closed?.name !== name)
      throw new Malformed("another end tag");
    return closed;
  }

  #name(): string {
    const end = asciiNameEnd(this.#text, this.#at);
    if (end > this.#at) {
      const name = this.#text.slice(this.#at, end);
      this.#at = end;
      return name;
    }
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) throw new Malformed("no name");
    this.#at += name.length;
    return name;
  }

  #blanks(): boolean {
    const from = this.#at;
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#at > from;
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

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** The end of a name of ASCII letters, digits and marks; `from` where there is none or one with other letters. */
function asciiNameEnd(text: string, from: number): number {
  let at = from;
  for (; ; at++) {
    const unit = text.charCodeAt(at);
    const isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
    if (isLetter || unit === 0x3a || unit === 0x5f) continue;
    // Digits, the dot and the hyphen stand in a name, not at its start.
    if (at > from && ((unit >= 0x30 && unit <= 0x39) || unit === 0x2d || unit === 0x2e)) continue;
    return unit >= 0x80 ? from : at;
  }
}

/** The character of `#10` or `#x41`; null where it is none. */
function characterOf(reference: string): string | null {
  const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(reference) ?? [];
  const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal ?? Number.NaN);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : null;
}
