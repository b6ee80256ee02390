/**
 * Text in UTF-8 or UTF-16 as one byte a unit, so that the marks of CSV and JSON, which are all ASCII, are found alike in
 * both, and every place leads back to its byte. Refuses UTF-16 without its byte order mark. Spec: Unicode 15, section 3.10.
 */
import { utf8 } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import { decodeText } from "../encoding.ts";
import type { Range } from "../format.ts";

/** A source of text. */
export interface TextView {
  /** Its units: bytes of UTF-8, or one byte for each unit of UTF-16, where OTHER stands for what is not ASCII. */
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

/** Stands for a unit of UTF-16 beyond ASCII: no mark of any grammar. */
const OTHER = 0xff;

/** Looks at a source as text, by its byte order mark; without one it is UTF-8, or the code page that decodeText knows. */
export function viewText(source: Source): TextView {
  const mark = source.read(0, Math.min(3, source.byteLength));
  const [first, second, third] = mark;
  if (first === 0xff && second === 0xfe) return wideView(source, 0, "utf-16le");
  if (first === 0xfe && second === 0xff) return wideView(source, 1, "utf-16be");
  const start = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
  return {
    units: source,
    unitBytes: 1,
    start,
    rangeOf: (range) => ({ ...range, start: Math.max(start, range.start) }),
    offsetOf: (unit) => unit,
    textOf: (start, end) => decodeText(source.read(start, end)),
    bytesOf: (units) => units,
    restBytes: 0,
  };
}

/** UTF-16, whose low byte is the `low`th of two. Unit 0 is the byte order mark. */
function wideView(source: Source, low: number, encoding: string): TextView {
  const decoder = new TextDecoder(encoding);
  const textOf = (start: number, end: number) => decoder.decode(source.read(start * 2, end * 2));
  return {
    units: {
      byteLength: Math.floor(source.byteLength / 2),
      read: (start, end) => narrowed(source.read(start * 2, end * 2), low),
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

/** About 500 MB/s of UTF-16. */
function narrowed(wide: Uint8Array, low: number): Uint8Array {
  const units = new Uint8Array(wide.length / 2);
  for (let unit = 0; unit < units.length; unit++) {
    const byte = wide[unit * 2 + low] ?? 0;
    units[unit] = wide[unit * 2 + 1 - low] === 0 && byte < 0x80 ? byte : OTHER;
  }
  return units;
}
