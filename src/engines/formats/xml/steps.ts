/**
 * A walk through a large XML document whose records lie deeper than below the root: elements that hold records are entered, all
 * others come whole. Refuses an element longer than a limit, and says so. Spec: https://www.w3.org/TR/xml/.
 */
import type { Source } from "../../../base/source.ts";
import { headOf } from "../format.ts";
import type { NotRead } from "../json/json-value.ts";
import { type XmlEncoding, decodeXml, xmlEncodingOf } from "./encoding.ts";
import { type Markup, MarkupScan } from "./markup.ts";
import { FRAGMENT_RULES, type XmlElement, parseXml } from "./tree.ts";

/** A step of the walk: an element entered (its start tag alone), left, or read whole; or a place that is no XML. */
export type XmlStep =
  | { readonly kind: "enter"; readonly element: XmlElement; readonly offset: number }
  | { readonly kind: "leave"; readonly name: string }
  | {
      readonly kind: "whole";
      readonly element: XmlElement;
      readonly offset: number;
      readonly sizeBytes: number;
    }
  | (NotRead & { readonly offset: number });

const ELEMENT_BYTES_MAX = 4_194_304;
const NAME_BYTES = 256;

/** Walks a document; the root is always entered. A document that is cut says so last. About 20 MB/s; most of it is tree.ts. */
export function* xmlSteps(
  source: Source,
  isEntered: (name: string) => boolean,
): Generator<XmlStep> {
  const walk = new Walk(source);
  const entered: string[] = [];
  for (let at = 0; ; ) {
    const markup = walk.next(at);
    if (markup === null || markup.end < 0) {
      const offset = Math.min(
        markup?.start ?? source.byteLength,
        Math.max(0, source.byteLength - 1),
      );
      return yield trouble(offset, "the end of the root", "no end");
    }
    at = markup.end;
    if (markup.kind === "other") {
      if (walk.isInnerType(markup))
        return yield trouble(markup.start, "no document type of its own", "one");
    } else if (markup.kind === "end") {
      const name = entered.pop();
      if (name === undefined || name !== walk.nameOf(markup))
        return yield trouble(markup.start, `the end of ${name ?? "nothing"}`, "another end tag");
      yield { kind: "leave", name };
      if (entered.length > 0) continue;
      const rest = walk.text(at);
      if (rest >= 0) yield trouble(rest, "nothing behind the end of the root", "more");
      return;
    } else {
      const name = walk.nameOf(markup);
      const isOpen = markup.kind === "start" && (entered.length === 0 || isEntered(name));
      if (isOpen && entered.length >= FRAGMENT_RULES.depthMax)
        return yield trouble(markup.start, `at most ${FRAGMENT_RULES.depthMax} levels`, "more");
      const end = isOpen ? at : walk.endOf(markup);
      if (end < 0) return yield trouble(markup.start, "the end of the root", "no end");
      yield walk.element(markup, end, isOpen);
      if (isOpen) entered.push(name);
      else if (entered.length === 0) return;
      at = end;
    }
  }
}

function trouble(offset: number, need: string, have: string): XmlStep {
  return { kind: "not", what: "XML", need, have, offset };
}

/** Markup of one source, and the elements that it bounds. */
class Walk {
  readonly #scan: MarkupScan;
  readonly #encoding: XmlEncoding;
  readonly #size: number;

  constructor(source: Source) {
    this.#encoding = xmlEncodingOf(headOf(source));
    this.#scan = new MarkupScan(source, this.#encoding);
    this.#size = source.byteLength;
  }

  next(at: number): Markup | null {
    return this.#scan.next(at);
  }

  /** The first byte of anything but blanks and NULs from `at` on, or -1. */
  text(at: number): number {
    return this.#scan.text(at, this.#size);
  }

  nameOf({ start, end }: Markup): string {
    const tag = this.#decode(start, Math.min(end, start + NAME_BYTES));
    return /^<\/?([^\s/>]+)/.exec(tag)?.[1] ?? "";
  }

  isInnerType({ start, end }: Markup): boolean {
    const text = this.#decode(start, Math.min(end, start + ELEMENT_BYTES_MAX));
    return text.startsWith("<!DOCTYPE") && text.includes("[");
  }

  /** Behind the end of the element that the markup begins; -1 where it does not end. */
  endOf(first: Markup): number {
    if (first.kind === "empty") return first.end;
    let depth = 1;
    for (let at = first.end; depth > 0; ) {
      const markup = this.#scan.next(at);
      if (markup === null || markup.end < 0) return -1;
      at = markup.end;
      if (markup.kind === "start") depth++;
      if (markup.kind === "end" && --depth === 0) return at;
    }
    return -1;
  }

  element({ start, end: tagEnd, kind }: Markup, end: number, isOpen: boolean): XmlStep {
    const sizeBytes = end - start;
    if (sizeBytes > ELEMENT_BYTES_MAX) {
      const need = `${ELEMENT_BYTES_MAX} bytes`;
      const what = "element longer than the limit";
      return { kind: "not", what, need, have: `${sizeBytes} bytes`, offset: start };
    }
    const text = this.#decode(start, isOpen ? tagEnd : end);
    const parsed = parseXml(
      isOpen && kind !== "empty" ? `${text.slice(0, -1)}/>` : text,
      FRAGMENT_RULES,
    );
    if (parsed.kind === "not") return { ...parsed, offset: start };
    const { element } = parsed;
    return isOpen
      ? { kind: "enter", element, offset: start }
      : { kind: "whole", element, offset: start, sizeBytes };
  }

  #decode(start: number, end: number): string {
    return decodeXml(this.#scan.bytes(start, end), this.#encoding);
  }
}
