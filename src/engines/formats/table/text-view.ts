/**
 * Text in UTF-8 or UTF-16 as one byte a unit, so that the marks of CSV and JSON, which are all ASCII, are found alike in
 * both, and every place leads back to its byte. Refuses UTF-16 without its byte order mark. Spec: Unicode 15, section 3.10.
 */
import { utf8 } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import { decodeText } from "../text/encoding.ts";
import type { Range } from "../format.ts";
import { FORM_BYTES, type Form, decoded, formOf, narrowed } from "../text/wide-text.ts";

/** A source of text. */
export interface TextView {
  /** Its units: bytes of UTF-8, or one byte for each unit of UTF-16 (wide-text.ts). */
  readonly units: Source;
  readonly unitBytes: 1 | 2;
  /** The unit at which its text begins: after the byte order mark. */
  readonly start: number;
  /** A range of bytes as a range of units. */
  rangeOf(range: Range): Range;
  /** The byte of the source at which a unit stands. */
  offsetOf(unit: number): number;
  /** The text between two units. */
  textOf(start: number, end: number): string;
  /** The text of units that were read from `start` on, as bytes that decodeText knows. */
  bytesOf(units: Uint8Array, start: number): Uint8Array;
  /** Bytes at the end that are no whole unit. */
  readonly restBytes: number;
}

/** Looks at a source as text, by its byte order mark; without one it is UTF-8, or the code page that decodeText knows. */
export function viewText(source: Source): TextView {
  const form = formOf(source.read(0, Math.min(FORM_BYTES, source.byteLength)));
  if (form.unitBytes === 2 && form.markBytes > 0) return wideView(source, form);
  const start = form.markBytes;
  return {
    units: source,
    unitBytes: 1,
    start,
    rangeOf: (range) => ({ ...range, start: Math.max(start, range.start) }),
    offsetOf: (unit) => unit,
    textOf: (from, to) => decodeText(source.read(from, to)),
    bytesOf: (units) => units,
    restBytes: 0,
  };
}

/** UTF-16. Unit 0 is the byte order mark. */
function wideView(source: Source, form: Form): TextView {
  const textOf = (start: number, end: number) => decoded(source.read(start * 2, end * 2), form);
  return {
    units: {
      byteLength: Math.floor(source.byteLength / 2),
      read: (start, end) => narrowed(source.read(start * 2, end * 2), form),
    },
    unitBytes: 2,
    start: 1,
    rangeOf: ({ start, end, ...range }) => {
      const units = { start: Math.max(1, Math.ceil(start / 2)), end: Math.floor(end / 2) };
      return { ...range, ...units };
    },
    offsetOf: (unit) => unit * 2,
    textOf,
    bytesOf: (units, start) => utf8(textOf(start, start + units.length)),
    restBytes: source.byteLength % 2,
  };
}
