/**
 * Text whose records may take several lines, in UTF-8 or, as Windows writes much of it, in UTF-16LE. Refuses UTF-16BE.
 * A range ends before a line that opens a record whatever stands before it, so that no record is cut in two.
 */
import { Buffer, isAscii } from "node:buffer";
import type { Source } from "../../base/source.ts";
import type { FieldValue, Piece } from "../../model/event.ts";
import type { FormatId, Setting } from "../../model/evidence.ts";
import { decodeText } from "./encoding.ts";
import type { Range } from "./format.ts";
import { linesOf, tooLong, wholeRange } from "./line-reading.ts";
import { copying } from "./lines.ts";
import { type DecodedRow, Rows } from "./rows.ts";

/** How the text of a file lies in bytes. */
export interface TextForm {
  /** Bytes of a unit: one of UTF-8, two of UTF-16LE. */
  readonly unitBytes: 1 | 2;
  /** Length of the byte order mark; 0 where there is none. */
  readonly markBytes: number;
}

/** One line, decoded, with nothing of its end. */
export interface TextLine {
  readonly text: string;
  /** Its first byte in the source. */
  readonly offset: number;
  /** With its line feed. */
  readonly sizeBytes: number;
  /** From 1. */
  readonly number: number;
  /** False: nothing ends it, so that it may have been cut. */
  readonly isEnded: boolean;
}

/** What makes rows of lines, in file order: `end` comes last, and where a line could not be read. */
export interface LineTaker {
  take(line: TextLine): void;
  end(): void;
}

/** A row whose fields are read when they are asked for first: most rows are only counted and dated. */
export function lazyRow(
  row: Omit<DecodedRow, "fields">,
  read: () => ReadonlyMap<string, FieldValue>,
): DecodedRow {
  let fields: ReadonlyMap<string, FieldValue> | null = null;
  return {
    ...row,
    get fields() {
      fields ??= read();
      return fields;
    },
  };
}

/** The form of a text by its first bytes: a byte order mark, or a zero behind its first character. */
export function textFormOf(head: Uint8Array): TextForm {
  if (head[0] === 0xff && head[1] === 0xfe) return { unitBytes: 2, markBytes: 2 };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    return { unitBytes: 1, markBytes: 3 };
  const isWide = head.length >= 4 && head[0] !== 0 && head[1] === 0 && head[3] === 0;
  return { unitBytes: isWide ? 2 : 1, markBytes: 0 };
}

/** The first lines of a head without their ends, blank ones left out; `linesMax` at the most. */
export function headLines(head: Uint8Array, linesMax: number): readonly string[] {
  const { unitBytes, markBytes } = textFormOf(head);
  const text = decoded(head.subarray(markBytes), unitBytes);
  const lines = text.split("\n", linesMax * 4).map((line) => line.trimEnd());
  return lines.filter((line) => line !== "").slice(0, linesMax);
}

/** Reads a range of records; what could not be read is a flaw here, the rest is up to the taker. */
export function* readRecords(
  format: FormatId,
  source: Source,
  setting: Setting,
  range: Range,
  makeTaker: (rows: Rows) => LineTaker,
): Generator<Piece> {
  const rows = new Rows(format, setting.place);
  const taker = makeTaker(rows);
  const form = formOf(source);
  for (const line of linesOf(source, withoutMark(range, form), form.unitBytes)) {
    const { bytes, offset, sizeBytes, number } = line;
    if (bytes === null) {
      taker.end();
      rows.flaw(offset, tooLong(sizeBytes));
    } else {
      const text = decoded(bytes, form.unitBytes).trimEnd();
      const isEnded = sizeBytes > bytes.length;
      if (text !== "") taker.take({ text, offset, sizeBytes, number, isEnded });
      if (bytes.length % form.unitBytes !== 0) {
        const need = { need: "two bytes a character", have: "one" };
        rows.flaw(offset + bytes.length - 1, { what: "half a character", ...need });
      }
    }
    if (rows.isFull) yield* rows.pieces();
  }
  taker.end();
  yield* rows.pieces();
}

/**
 * Reader.ranges of such a format. `opens` tells of a line, without its end, whether a record begins with it whatever
 * stands before. Lines are decoded for it, but no row is made.
 */
export function* recordRanges(
  source: Source,
  rangeBytes: number,
  after: Range | null,
  opens: (text: string) => boolean,
): Generator<Range> {
  const end = source.byteLength;
  if (after !== null && after.end >= end) return;
  let range = after === null ? wholeRange(source) : lastOpening(source, after, opens);
  const aim = Math.max(1, rangeBytes);
  // Whoever takes a range may read it before asking for the next.
  for (const opening of openings(copying(source), { ...range, end }, opens, aim)) {
    if (opening.start < range.start + aim) continue;
    yield { ...range, end: opening.start };
    range = opening;
  }
  yield { ...range, end };
}

/** Where to go on in a source that has grown: at the last line of `after` that opens a record. */
function lastOpening(source: Source, after: Range, opens: (text: string) => boolean): Range {
  let last = after;
  for (const opening of openings(source, after, opens, 1)) last = opening;
  return last;
}

/** The places in a range at which records open, `aim` bytes from its start on; a line that may have been cut is none. */
function* openings(
  source: Source,
  range: Range,
  opens: (text: string) => boolean,
  aim: number,
): Generator<Range> {
  const form = formOf(source);
  const { unitBytes } = form;
  const lines = linesOf(source, withoutMark(range, form), unitBytes);
  for (const { bytes, offset, sizeBytes, number } of lines) {
    if (bytes === null || offset < range.start + aim || sizeBytes === bytes.length) continue;
    if (opens(decoded(bytes, unitBytes).trimEnd())) yield { ...range, start: offset, line: number };
  }
}

/** Enough to tell the form; read at once, because a source may reuse its bytes. */
function formOf(source: Source): TextForm {
  return textFormOf(source.read(0, Math.min(source.byteLength, 4)));
}

function withoutMark(range: Range, { markBytes }: TextForm): Range {
  return range.start === 0 ? { ...range, start: Math.min(markBytes, range.end) } : range;
}

function decoded(bytes: Uint8Array, unitBytes: 1 | 2): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (unitBytes === 2) return buffer.toString("utf16le");
  // Mostly ASCII, which needs no check for what is no UTF-8.
  return isAscii(buffer) ? buffer.toString("latin1") : decodeText(bytes);
}
