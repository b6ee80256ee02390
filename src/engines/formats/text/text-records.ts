/**
 * Text whose records may take several lines, in UTF-8 or, as Windows writes much of it, in UTF-16LE. Refuses UTF-16BE.
 * A range ends before a line that opens a record whatever stands before it, so that no record is cut in two.
 */
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import type { Range } from "../format.ts";
import { tooLong, wholeRange } from "./line-reading.ts";
import { TextLines } from "./text-lines.ts";
import { type TextFormat, TextRows } from "./text-rows.ts";

/** What makes rows of lines, in file order: `end` comes last, and where a line could not be read. */
export interface LineTaker {
  /** The line under the cursor; at most one line is kept of it. */
  take(line: TextLines): void;
  end(): void;
}

/** Tells by its bytes whether a record begins with the line under the cursor. */
export type Opens = (line: TextLines) => boolean;

/** Reads a range of records; what could not be read is a flaw here, the rest is up to the taker. */
export function* readRecords(
  format: TextFormat,
  source: Source,
  setting: Setting,
  range: Range,
  makeTaker: (rows: TextRows) => LineTaker,
): Generator<Piece> {
  const rows = new TextRows(format, setting, range.end - range.start);
  const taker = makeTaker(rows);
  const lines = new TextLines(source, range);
  while (lines.fill(rows)) {
    while (lines.next()) {
      if (lines.tooLongBytes === 0) taker.take(lines);
      else {
        taker.end();
        rows.flaw(lines.offset, tooLong(lines.tooLongBytes));
      }
      if (rows.isFull) yield* rows.pieces(lines);
    }
    // Before the window is read over.
    yield* rows.pieces(lines);
  }
  const { halfAt } = lines;
  if (halfAt >= 0)
    rows.flaw(halfAt, { what: "half a character", need: "two bytes a character", have: "one" });
  taker.end();
  yield* rows.pieces(lines);
}

/** Reader.ranges of such a format. No row is made for it, and no line decoded: about 1 GB/s. */
export function* recordRanges(
  source: Source,
  rangeBytes: number,
  after: Range | null,
  opens: Opens,
): Generator<Range> {
  const end = source.byteLength;
  if (after !== null && after.end >= end) return;
  let range = after === null ? wholeRange(source) : lastOpening(source, after, opens);
  const aim = Math.max(1, rangeBytes);
  for (const opening of openings(source, { ...range, end }, opens, aim)) {
    if (opening.start < range.start + aim) continue;
    yield { ...range, end: opening.start };
    range = opening;
  }
  yield { ...range, end };
}

/** Where to go on in a source that has grown: at the last line of `after` that opens a record. */
function lastOpening(source: Source, after: Range, opens: Opens): Range {
  let last = after;
  for (const opening of openings(source, after, opens, 1)) last = opening;
  return last;
}

/** The places in a range at which records open, `aim` bytes from its start on; a line that may have been cut is none. */
function* openings(source: Source, range: Range, opens: Opens, aim: number): Generator<Range> {
  const lines = new TextLines(source, range);
  while (lines.fill())
    while (lines.next()) {
      const { offset, number, isEnded, tooLongBytes } = lines;
      if (offset < range.start + aim || !isEnded || tooLongBytes > 0 || !opens(lines)) continue;
      yield { ...range, start: offset, line: number };
    }
}
