/**
 * Reads a range of a source whose every line is one record: rows and flaws in file order. Refuses lines beyond a limit
 * without ever holding one; memory is bounded by a window. Lines end with a line feed; the last may lack it.
 */
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { FormatId, Setting } from "../../../model/evidence.ts";
import { decodeText } from "./encoding.ts";
import type { Range } from "../format.ts";
import type { NotRead } from "../json/json-value.ts";
import { copying } from "./lines.ts";
import { type Clock, makeClock } from "../time/moment.ts";
import { type DecodedRow, Rows } from "../rows.ts";
import { type WallClock, wallClock } from "../time/wall-clock.ts";

/** A record of text is far below this: a Windows event is at most 64 KiB of binary XML. */
export const LINE_BYTES_MAX = 1_048_576;
/** Bytes read at a time: a record within the limit always fits. */
export const WINDOW_BYTES: number = 2 * LINE_BYTES_MAX;
const SKIPPED_BYTES = 524288;
const LINE_FEED = 10;

/** One line without its line feed; `bytes` is null where it is longer than the limit. Valid until the next step. */
export interface Line {
  readonly bytes: Uint8Array | null;
  /** Its first byte in the source. */
  readonly offset: number;
  /** With its line feed. */
  readonly sizeBytes: number;
  /** From 1. */
  readonly number: number;
}

/** What a line holds; null where that is no row. What was refused of it goes to `refuse`. `text` has no blanks at its ends. */
export type ReadRow = (
  text: string,
  line: Line,
  refuse: (why: Omit<NotRead, "kind">) => void,
) => DecodedRow | null;

/** The rows and flaws of the lines that begin in the range. */
export function* readLines(
  format: FormatId,
  source: Source,
  setting: Setting,
  range: Range,
  readRow: ReadRow,
): Generator<Piece> {
  const rows = new Rows(format, setting.place);
  for (const line of linesOf(source, range)) {
    if (line.bytes === null) {
      rows.flaw(line.offset, tooLong(line.sizeBytes));
    } else {
      const text = decodeText(line.bytes).trim();
      const row = text === "" ? null : readRow(text, line, (why) => rows.flaw(line.offset, why));
      if (row !== null) rows.add(row, line.sizeBytes);
    }
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

/** The pieces of a range, whose times are read by the clock. */
type Pieces<C> = (source: Source, range: Range, clock: C) => Generator<Piece>;

/**
 * Reads a range of a format whose times need the zone of the case file: in the hour that autumn repeats, the clock asks
 * for what stands before the range, so that where a file was cut does not matter.
 */
export function readByClock(
  source: Source,
  setting: Setting,
  range: Range,
  piecesOf: Pieces<Clock>,
): Iterable<Piece> {
  return readRecalling(source, setting, range, (recall) => makeClock(setting, recall), piecesOf);
}

/** The same for a format that reads its times from bytes: the clock takes milliseconds, and takes the skew off. */
export function readByWallClock(
  source: Source,
  setting: Setting,
  range: Range,
  piecesOf: Pieces<WallClock>,
): Iterable<Piece> {
  const skewMillis = Math.round(setting.skewMillis);
  const clockOf = (recall: () => void) => wallClock(setting.zone, skewMillis, recall);
  return readRecalling(source, setting, range, clockOf, piecesOf);
}

function readRecalling<C>(
  source: Source,
  setting: Setting,
  range: Range,
  clockOf: (recall: () => void) => C,
  piecesOf: Pieces<C>,
): Iterable<Piece> {
  const clock: C = clockOf(() => {
    const before = piecesOf(source, { ...wholeRange(source), end: range.start }, clock);
    while (before.next().done !== true);
  });
  // The clock may read the lines before the range while a window is in use.
  const isAlone = setting.zone === null || range.start === 0;
  return piecesOf(isAlone ? source : copying(source), range, clock);
}

/** A record beyond the limit, in the words of a flaw. */
export function tooLong(sizeBytes: number): Omit<NotRead, "kind"> {
  return {
    what: "line longer than the limit",
    need: `${LINE_BYTES_MAX} bytes`,
    have: `${sizeBytes} bytes`,
  };
}

/** The whole source as one range. */
export function wholeRange(source: Source): Range {
  return { start: 0, end: source.byteLength, line: 1, header: "" };
}

/**
 * The lines in the range, but for empty ones. About 1 GB/s: what is done with them costs far more. With two bytes a unit
 * the text is UTF-16LE, and the range starts at a whole unit.
 */
export function* linesOf(source: Source, range: Range, unitBytes: 1 | 2 = 1): Generator<Line> {
  const { end } = range;
  let { start: position, line: number } = range;
  while (position < end) {
    const until = Math.min(position + WINDOW_BYTES, end);
    const bytes = source.read(position, until);
    let at = 0;
    while (at < bytes.length) {
      const found = lineFeedIn(bytes, at, unitBytes);
      const stop = found < 0 ? bytes.length : found;
      if (found < 0 && until < end && stop - at <= LINE_BYTES_MAX) break;
      const offset = position + at;
      if (stop - at > LINE_BYTES_MAX) {
        const next =
          found < 0
            ? lineAfter(source, position + stop, end, unitBytes)
            : position + stop + unitBytes;
        yield { bytes: null, offset, sizeBytes: next - offset, number: number++ };
        // The window may have been read over: on with a new one.
        at = next - position;
        break;
      }
      if (stop > at) {
        const sizeBytes = Math.min(stop + unitBytes, bytes.length) - at;
        yield { bytes: bytes.subarray(at, stop), offset, sizeBytes, number };
      }
      at = stop + unitBytes;
      number++;
    }
    position = Math.min(position + at, end);
  }
}

/** Where the next line feed begins, at a whole unit from `at` on; -1 where there is none. */
function lineFeedIn(bytes: Uint8Array, at: number, unitBytes: 1 | 2): number {
  let found = bytes.indexOf(LINE_FEED, at);
  if (unitBytes === 1) return found;
  while (found >= 0 && ((found - at) % 2 !== 0 || bytes[found + 1] !== 0))
    found = bytes.indexOf(LINE_FEED, found + 1);
  return found;
}

/** Where the line after the next line feed from `from` on starts, or `end`. */
export function lineAfter(source: Source, from: number, end: number, unitBytes: 1 | 2 = 1): number {
  for (let at = from; at < end; at += SKIPPED_BYTES) {
    const bytes = source.read(at, Math.min(at + SKIPPED_BYTES, end));
    const found = lineFeedIn(bytes, 0, unitBytes);
    if (found >= 0) return at + found + unitBytes;
  }
  return end;
}
