/**
 * The header fields of a message or part, from their bytes: unfolded, 8-bit characters as UTF-8 (RFC 6532) or else
 * windows-1252. A line that is no field is passed over, and said. Spec: RFC 5322, section 2.2.
 */
import { Buffer } from "node:buffer";
import { decodeText } from "../text/encoding.ts";
import { HEADERS_MAX, type Header, type Report } from "./layout.ts";

// oxlint-disable-next-line no-control-regex -- ASCII is what this pattern is about
const NOT_ASCII = /[^\u0000-\u007f]/;

/** The fields in a block of whole lines without the empty line behind them; `offset` is where the block stands. */
export function parseHeaders(block: Uint8Array, offset: number, report: Report): readonly Header[] {
  const text = Buffer.from(block.buffer, block.byteOffset, block.length).toString("latin1");
  const headers: Header[] = [];
  let isStrange = false;
  for (let at = 0; at < text.length; ) {
    const end = endOfField(text, at);
    const field = fieldOf(text.slice(at, end));
    if (field === null) {
      if (!isStrange && !isEnvelope(text, at)) {
        const have = JSON.stringify(text.slice(at, Math.min(end, at + 40)).trim());
        report(offset + at, { what: "header line", need: "NAME: VALUE", have });
        isStrange = true;
      }
    } else if (headers.length < HEADERS_MAX) {
      headers.push(field);
    } else {
      const need = `at most ${HEADERS_MAX} fields`;
      report(offset + at, { what: "headers over the limit", need, have: "more" });
      break;
    }
    at = end;
  }
  return headers;
}

/** Behind the last line of the field that begins at `at`: folded lines begin with a blank. */
function endOfField(text: string, at: number): number {
  for (let from = at; ; ) {
    const feed = text.indexOf("\n", from);
    if (feed < 0) return text.length;
    const next = text.charCodeAt(feed + 1);
    if (next !== 32 && next !== 9) return feed + 1;
    from = feed + 1;
  }
}

/** `From ` and `>From ` lines that mail programs left before the headers of a forwarded message. */
function isEnvelope(text: string, at: number): boolean {
  return text.startsWith("From ", at) || text.startsWith(">From ", at);
}

function fieldOf(folded: string): Header | null {
  const colon = folded.indexOf(":");
  if (colon < 1) return null;
  const name = folded.slice(0, colon).trimEnd();
  if (!isFieldName(name)) return null;
  const raw = folded.slice(colon + 1).replaceAll(/\r?\n/g, "");
  const value = NOT_ASCII.test(raw) ? decodeText(Buffer.from(raw, "latin1")) : raw;
  return { name, value: value.trim() };
}

/** Visible ASCII without a colon; at most 100 characters. */
export function isFieldName(name: string): boolean {
  if (name.length < 1 || name.length > 100) return false;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    if (unit < 33 || unit > 126 || unit === 58) return false;
  }
  return true;
}

/** The first value of a field, whatever the case of its name; "" where it is missing. */
export function headerOf(headers: readonly Header[], name: string): string {
  return headers.find((header) => header.name.toLowerCase() === name)?.value ?? "";
}
