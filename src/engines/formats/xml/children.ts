/**
 * The children of an XML document's root, one after the other: documents far larger than memory (Export-Clixml, scans,
 * audit exports) are lists. Refuses a child longer than a limit, and says so. Spec: https://www.w3.org/TR/xml/.
 */
import type { Source } from "../../../base/source.ts";
import { type Range, headOf } from "../format.ts";
import type { NotRead } from "../json/json-value.ts";
import { type XmlEncoding, decodeXml, markBytes, xmlEncodingOf } from "./encoding.ts";
import { type Markup, MarkupScan } from "./markup.ts";
import { FRAGMENT_RULES, type XmlElement, parseXml } from "./tree.ts";

/** A document whose root has been found. */
export interface XmlDocument {
  readonly kind: "document";
  readonly encoding: XmlEncoding;
  /** Name and attributes of the root; without its children. */
  readonly root: XmlElement;
  /** The first byte behind the root's start tag. */
  readonly contentAt: number;
  /** False: no end tag of a root is expected, as in a file of several documents one after the other. */
  readonly isClosed: boolean;
}

/** A child of the root, or a place that is none; `sizeBytes` in the source. */
export type XmlChild =
  | {
      readonly kind: "child";
      readonly offset: number;
      readonly sizeBytes: number;
      readonly element: XmlElement;
      /** The comment that stands before it, without blanks at its ends; "" where none does. */
      readonly comment: string;
    }
  | (NotRead & { readonly offset: number; readonly sizeBytes: number });

const CHILD_BYTES_MAX = 4_194_304;

/** Finds the root of a document; what is wrong with the start is told in the words of a flaw at byte 0. */
export function openXml(source: Source): XmlDocument | NotRead {
  const encoding = xmlEncodingOf(headOf(source));
  const scan = new MarkupScan(source, encoding);
  for (let at = 0; ; ) {
    const markup = scan.next(at);
    if (markup === null || markup.end < 0 || markup.kind === "end") return not("no root element");
    at = markup.end;
    if (markup.kind === "other") {
      const text = decodeXml(
        scan.bytes(markup.start, Math.min(at, markup.start + 65_536)),
        encoding,
      );
      if (text.startsWith("<!DOCTYPE") && text.includes("["))
        return not("a document type of its own");
      continue;
    }
    const tag = decodeXml(scan.bytes(markup.start, at), encoding);
    const parsed = parseXml(
      markup.kind === "empty" ? tag : `${tag.slice(0, -1)}/>`,
      FRAGMENT_RULES,
    );
    if (parsed.kind === "not") return parsed;
    // An empty root has no content: nothing is looked for behind it.
    const contentAt = markup.kind === "empty" ? source.byteLength : at;
    return { kind: "document", encoding, root: parsed.element, contentAt, isClosed: true };
  }
}

/** The document whose children are those of a file without one root: XML documents one after the other. */
export function unrooted(head: Uint8Array): XmlDocument {
  const root = { name: "", attributes: [], children: [], text: "" };
  const [encoding, contentAt] = [xmlEncodingOf(head), markBytes(head)];
  return { kind: "document", encoding, root, contentAt, isClosed: false };
}

function not(have: string): NotRead {
  return { kind: "not", what: "XML", need: "a root element", have };
}

/** The children of the root that begin in the range, each a tree of its own. About 40 MB/s; half of it is tree.ts. */
export function* xmlChildren(
  source: Source,
  document: XmlDocument,
  range: Pick<Range, "start" | "end">,
): Generator<XmlChild> {
  const { encoding, contentAt } = document;
  const scan = new MarkupScan(source, encoding);
  for (const span of spansOf(document, scan, Math.max(range.start, contentAt))) {
    if (span.start >= range.end) return;
    const sizeBytes = span.end - span.start;
    const place = { offset: span.start, sizeBytes };
    if (span.kind === "trouble") {
      yield { kind: "not", what: "XML", need: span.need, have: span.have, ...place };
    } else if (sizeBytes > CHILD_BYTES_MAX) {
      const what = "element longer than the limit";
      yield {
        kind: "not",
        what,
        need: `${CHILD_BYTES_MAX} bytes`,
        have: `${sizeBytes} bytes`,
        ...place,
      };
    } else {
      const text = decodeXml(scan.bytes(span.start, span.end), encoding);
      const parsed = parseXml(text, FRAGMENT_RULES);
      if (parsed.kind === "not") yield { ...parsed, ...place };
      else yield { kind: "child", element: parsed.element, comment: span.comment, ...place };
    }
  }
}

/** Reader.ranges of a format whose records are the children of the root. A source that has grown is read anew. */
export function* xmlRanges(
  source: Source,
  rangeBytes: number,
  after: Range | null,
  open: (source: Source) => XmlDocument | NotRead = openXml,
): Generator<Range> {
  const size = source.byteLength;
  if (after !== null && after.end >= size) return;
  let start = 0;
  const document = size > rangeBytes ? open(source) : null;
  if (document?.kind === "document") {
    const scan = new MarkupScan(source, document.encoding);
    for (const span of spansOf(document, scan, document.contentAt)) {
      if (span.kind !== "child" || span.end - start < rangeBytes || span.end >= size) continue;
      yield { start, end: span.end, line: 0, header: "" };
      start = span.end;
    }
  }
  if (start < size || size === 0) yield { start, end: size, line: 0, header: "" };
}

/** A child, or what stands where one should. */
type Span =
  | {
      readonly kind: "child";
      readonly start: number;
      readonly end: number;
      readonly comment: string;
    }
  | {
      readonly kind: "trouble";
      readonly start: number;
      readonly end: number;
      readonly need: string;
      readonly have: string;
    };

/** Children and troubles from `from` on, which is outside of every child. A document that does not end says so last. */
function* spansOf(document: XmlDocument, scan: MarkupScan, from: number): Generator<Span> {
  const size = scan.sizeBytes;
  let [depth, childAt, at, comment] = [0, from, from, ""];
  let hasChild = from > document.contentAt;
  while (at < size) {
    const markup: Markup | null = scan.next(at);
    const next = markup?.start ?? size;
    const text = depth === 0 ? scan.text(at, next) : -1;
    if (text >= 0) yield trouble(text, next, "only elements below the root", "text");
    if (markup === null && depth === 0 && hasChild && !document.isClosed) return;
    if (markup === null || markup.end < 0) {
      const start = depth > 0 ? childAt : Math.min(next, size - 1);
      return yield trouble(start, size, "the end of an element", "no end");
    }
    at = markup.end;
    if (markup.kind === "other") {
      if (depth === 0) comment = commentOf(scan, markup, document.encoding) ?? comment;
      continue;
    }
    if (depth === 0) childAt = markup.start;
    if (markup.kind === "start") depth++;
    else if (markup.kind === "end" && --depth < 0) {
      const rest = document.isClosed ? scan.text(at, size) : markup.start;
      if (rest >= 0) yield trouble(rest, size, "nothing behind the end of the root", "more");
      return;
    }
    if (depth > 0) continue;
    yield { kind: "child", start: childAt, end: at, comment };
    hasChild = true;
    comment = "";
  }
  if (size > 0 && (depth > 0 || document.isClosed || !hasChild))
    yield trouble(depth > 0 ? childAt : size - 1, size, "the end of the root", "no end");
}

const COMMENT_BYTES_MAX = 4_096;

/** The text of a comment; null where it is other markup or far too long for a name. */
function commentOf(scan: MarkupScan, markup: Markup, encoding: XmlEncoding): string | null {
  if (markup.end - markup.start > COMMENT_BYTES_MAX) return null;
  const text = decodeXml(scan.bytes(markup.start, markup.end), encoding);
  return text.startsWith("<!--") ? text.slice(4, -3).trim() : null;
}

function trouble(start: number, end: number, need: string, have: string): Span {
  return { kind: "trouble", start, end, need, have };
}
