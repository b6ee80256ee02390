/**
 * Reads access logs in NCSA's forms: windows of bytes in, batches of rows out, memory flat with size. Plain lines run
 * through scan.ts; what is none is taken one line at a time here. Refuses lines beyond the limit. Spec: docs/formats/ncsa.md.
 */
import { concatBytes } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Range, Reader } from "../format.ts";
import { lineAfter, wholeRange } from "../text/line-reading.ts";
import { lineRanges } from "../text/lines.ts";
import { NcsaBatch } from "./batch.ts";
import { LINE_BYTES_MAX } from "./layout.ts";
import { ROWS_MAX, type Rows, makeRows, scanRows } from "./scan.ts";
import { stampRows } from "./stamp.ts";

/** Bytes read at a time: thousands of lines, or several of the longest. */
const WINDOW_BYTES = 8 * LINE_BYTES_MAX;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const LINE_END = Uint8Array.of(LINE_FEED);
const MARK = [0xef, 0xbb, 0xbf];

/** Reads access logs. */
export const ncsaReader: Reader = {
  *read(source, setting, range = wholeRange(source)) {
    yield* new Reading(source, setting, range).pieces();
  },
  ranges: (source, rangeBytes, after) => lineRanges(source, rangeBytes, after),
  // Each line states its zone by a number: a zone of the case file would be in its way.
  assumptions: (_, setting) => assumptionsOfSetting({ ...setting, zone: null }, false),
};

/** One pass over one range of a file. */
class Reading {
  readonly #source: Source;
  readonly #setting: Setting;
  readonly #range: Range;
  readonly #rows: Rows;
  readonly #ticks = new BigInt64Array(ROWS_MAX);
  readonly #offsets = new Float64Array(ROWS_MAX);
  #flaws: Flaw[] = [];
  /** Byte of the file that the next window starts at, and the number of the line there. */
  #position: number;
  #line: number;

  constructor(source: Source, setting: Setting, range: Range) {
    this.#source = source;
    this.#setting = setting;
    this.#range = range;
    this.#position = range.start;
    this.#line = range.line;
    this.#rows = makeRows(range.end - range.start);
  }

  *pieces(): Generator<Piece> {
    const { start, end } = this.#range;
    if (start === 0 && end >= MARK.length && isMark(this.#source.read(0, MARK.length)))
      this.#position = MARK.length;
    while (this.#position < end) {
      const stop = Math.min(this.#position + WINDOW_BYTES, end);
      yield* this.#window(this.#source.read(this.#position, stop), stop === end);
      yield* this.#told();
    }
  }

  /** All lines that end in this window, and the last one of the range; leaves #position at what is still to be read. */
  *#window(bytes: Uint8Array, isLast: boolean): Generator<Piece> {
    const base = this.#position;
    const whole = bytes.lastIndexOf(LINE_FEED) + 1;
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] === LINE_FEED) {
        this.#line++;
        at++;
        continue;
      }
      const next = scanRows(bytes, at, whole, this.#rows);
      if (next > at) {
        yield* this.#batch(bytes, base);
        yield* this.#told();
        at = next;
        continue;
      }
      const found = bytes.indexOf(LINE_FEED, at);
      const stop = found < 0 ? bytes.length : found;
      if (stop - at >= LINE_BYTES_MAX) {
        at = this.#passLong(base + at, found < 0 ? base + bytes.length : base + found) - base;
        break;
      }
      if (found < 0 && !isLast) break;
      yield* this.#oddLine(bytes.subarray(at, stop), base + at, found >= 0);
      at = found < 0 ? stop : stop + 1;
      if (this.#flaws.length >= ROWS_MAX) yield* this.#told();
    }
    this.#position = base + at;
  }

  /** The rows that were scanned; their lines are counted. */
  *#batch(bytes: Uint8Array, base: number): Generator<Piece> {
    const rows = this.#rows;
    for (let row = 0; row < rows.length; row++) this.#offsets[row] = base + (rows.starts[row] ?? 0);
    stampRows(bytes, rows, this.#setting.skewMillis, this.#ticks);
    const { length } = rows;
    yield new NcsaBatch({
      setting: this.#setting,
      bytes,
      rows,
      line: this.#line,
      ticks: this.#ticks,
      offsets: this.#offsets,
    });
    this.#line += length;
    rows.length = 0;
  }

  /** A line that is no plain row: behind NULs, without its end, blank, or a flaw. */
  *#oddLine(line: Uint8Array, offset: number, isEnded: boolean): Generator<Piece> {
    const text = line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
    // A server that dies leaves a block of NULs; what is written next stands right behind it.
    const from = text.lastIndexOf(0) + 1;
    if (from > 0)
      this.#flaw(offset, "NUL bytes", "lines of text", `${from} bytes, with what is among them`);
    const rest = text.subarray(from);
    if (rest.length > 0) {
      const ended = concatBytes([rest, LINE_END]);
      scanRows(ended, 0, ended.length, this.#rows);
      if (this.#rows.length > 0) {
        yield* this.#batch(ended, offset + from);
        if (!isEnded) return;
        this.#line--;
      } else if (isEnded)
        this.#flaw(
          offset + from,
          "access line",
          "client, time, request, status",
          `${rest.length} bytes`,
        );
      else this.#flaw(offset + from, "line cut short", "a line end", `${rest.length} bytes`);
    }
    this.#line++;
  }

  /** To the line after one beyond the limit, whose first line feed is at `from` or behind it. */
  #passLong(offset: number, from: number): number {
    const { end } = this.#range;
    const next = lineAfter(this.#source, from, end);
    this.#flaw(
      offset,
      "line longer than the limit",
      `${LINE_BYTES_MAX} bytes`,
      `${next - offset} bytes`,
    );
    this.#line++;
    return next;
  }

  *#told(): Generator<Piece> {
    const flaws = this.#flaws;
    this.#flaws = [];
    yield* flaws;
  }

  #flaw(offset: number, what: string, need: string, have: string): void {
    this.#flaws.push({ kind: "flaw", place: this.#setting.place, offset, what, need, have });
  }
}

function isMark(head: Uint8Array): boolean {
  return MARK.every((byte, at) => head[at] === byte);
}
