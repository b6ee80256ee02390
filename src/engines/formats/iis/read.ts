/**
 * Reads IIS logs: windows of bytes in, batches of rows out, memory flat with size. Plain rows run through scan.ts;
 * everything else (directives, blank lines, NUL blocks, lines that are no row) is taken one line at a time here.
 * Refuses quoted values and tabs between columns, which IIS never writes. Spec: see card.ts.
 */
import { Buffer } from "node:buffer";
import { concatBytes } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import type { Reader } from "../format.ts";
import { assumptionsOf } from "./assumptions.ts";
import { IisBatch, type LogFile, siteOfPath } from "./batch.ts";
import { wallClock } from "../wall-clock.ts";
import {
  COLUMNS_MAX,
  LINE_BYTES_MAX,
  type Layout,
  directiveOf,
  fieldNamesOf,
  layoutOf,
} from "./layout.ts";
import { ROWS_MAX, type Rows, makeRows, rowsThatFit, scanRows } from "./scan.ts";
import { type Calendar, makeCalendar, setDirectiveDay, stampRows } from "./stamp.ts";

/** Bytes read at a time: thousands of lines, or several of the longest. */
const WINDOW_BYTES = 8 * LINE_BYTES_MAX;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const HASH = 35;
const LINE_END = Uint8Array.of(LINE_FEED);

/** Reads IIS logs in W3C Extended format. */
export const iisReader: Reader = {
  *read(source, setting) {
    yield* new Reading(source, setting).pieces();
  },
  ranges: (source) => [{ start: 0, end: source.byteLength, line: 1, header: "" }],
  assumptions: assumptionsOf,
};

/** One pass over one file. */
class Reading {
  readonly #source: Source;
  readonly #file: LogFile;
  readonly #calendar: Calendar;
  readonly #rows: Rows;
  readonly #ticks = new BigInt64Array(ROWS_MAX);
  readonly #offsets = new Float64Array(ROWS_MAX);
  #layout: Layout | null = null;
  #flaws: Flaw[] = [];
  /** Byte of the file that the next window starts at: always the start of a line. */
  #position = 0;
  /** Number of the line that is read next, and of the line that the batch in the making counts from. */
  #line = 1;
  #batchLine = 1;

  constructor(source: Source, setting: Setting) {
    this.#source = source;
    this.#rows = makeRows(source.byteLength);
    this.#file = { setting, folderSite: siteOfPath(setting.place.file) };
    this.#calendar = makeCalendar(wallClock(setting.zone, setting.skewMillis));
  }

  *pieces(): Generator<Piece> {
    const { byteLength } = this.#source;
    this.#position = byteLength >= 3 && isBom(this.#source.read(0, 3)) ? 3 : 0;
    while (this.#position < byteLength) {
      const end = Math.min(this.#position + WINDOW_BYTES, byteLength);
      yield* this.#window(this.#source.read(this.#position, end), end === byteLength);
    }
  }

  /** All lines that end in this window; leaves #position at the first byte that is still to be read. */
  *#window(bytes: Uint8Array, last: boolean): Generator<Piece> {
    const base = this.#position;
    const whole = bytes.lastIndexOf(LINE_FEED) + 1;
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] === LINE_FEED) {
        this.#line++;
        at++;
        continue;
      }
      at = this.#scan(bytes, at, whole);
      if (this.#isFull()) {
        yield* this.#flush(bytes, base);
        continue;
      }
      if (at === bytes.length) break;
      const stop = endOfOdd(bytes, at);
      if (stop - at === LINE_BYTES_MAX || (stop === at && bytes[at] === 0)) {
        yield* this.#flush(bytes, base);
        at = this.#skip(bytes, at, base);
      } else if (bytes[stop] === LINE_FEED) {
        yield* this.#oddLine(bytes, at, stop, base);
        at = stop + 1;
        this.#line++;
      } else if (bytes[stop] === 0 || last) {
        yield* this.#flush(bytes, base);
        yield* this.#unended(bytes.subarray(at, stop), base + at);
        at = stop;
      } else break;
    }
    yield* this.#flush(bytes, base);
    this.#position = base + at;
  }

  /** Plain rows from `at` into the batch; where they end. */
  #scan(bytes: Uint8Array, at: number, whole: number): number {
    if (this.#layout === null) return at;
    if (this.#rows.length === 0) this.#batchLine = this.#line;
    const before = this.#rows.length;
    const columns = this.#layout.names.length;
    const end = scanRows(bytes, at, whole, columns, this.#rows, this.#line - this.#batchLine);
    this.#line += this.#rows.length - before;
    return end;
  }

  #isFull(): boolean {
    return (
      this.#layout !== null &&
      this.#rows.length === rowsThatFit(this.#rows, this.#layout.names.length)
    );
  }

  /** The rows so far as one batch, then the flaws met among them. */
  *#flush(bytes: Uint8Array, base: number): Generator<Piece> {
    if (this.#layout !== null && this.#rows.length > 0) {
      const stride = this.#layout.names.length + 1;
      for (let row = 0; row < this.#rows.length; row++)
        this.#offsets[row] = base + (this.#rows.starts[row * stride] ?? 0);
      stampRows(bytes, this.#rows, this.#layout, this.#calendar, this.#ticks);
      yield new IisBatch({
        file: this.#file,
        layout: this.#layout,
        bytes,
        rows: this.#rows,
        line: this.#batchLine,
        ticks: this.#ticks,
        offsets: this.#offsets,
      });
      this.#rows.length = 0;
    }
    const flaws = this.#flaws;
    this.#flaws = [];
    yield* flaws;
  }

  /** A line bytes[at..stop) that is no plain row: blank, a directive or comment, or a flaw. */
  *#oddLine(bytes: Uint8Array, at: number, stop: number, base: number): Generator<Piece> {
    const end = stop > at && bytes[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
    if (end === at) return;
    if (bytes[at] !== HASH) {
      this.#noRow(bytes.subarray(at, end), base + at);
      return;
    }
    const directive = directiveOf(Buffer.from(bytes.subarray(at, end)).toString("utf8"));
    if (directive?.name === "fields") {
      const names = fieldNamesOf(directive.text);
      if (this.#layout !== null && sameNames(names, this.#layout.names)) return;
      yield* this.#flush(bytes, base);
      this.#layout = layoutOf(names);
      if (this.#layout === null)
        this.#flaw(base + at, "#Fields", `2 to ${COLUMNS_MAX} names`, `${names.length} names`);
    } else if (directive?.name === "date" && (this.#layout === null || this.#layout.date < 0)) {
      yield* this.#flush(bytes, base);
      setDirectiveDay(this.#calendar, directive.text);
    }
  }

  /** A line without a line end, at the end of the file or before NUL bytes: a row if all its columns are there. */
  *#unended(line: Uint8Array, offset: number): Generator<Piece> {
    const ended = concatBytes([line, LINE_END]);
    this.#scan(ended, 0, ended.length);
    if (this.#rows.length === 1) {
      yield* this.#flush(ended, offset);
      this.#line--;
    } else this.#flaw(offset, "line cut short", "a line end", `${line.length} bytes`);
  }

  #noRow(line: Uint8Array, offset: number): void {
    if (this.#layout === null) {
      this.#flaw(offset, "row before any #Fields", "names of the columns", `${line.length} bytes`);
      return;
    }
    const columns = line.reduce((count, byte) => count + (byte === BLANK ? 1 : 0), 1);
    this.#flaw(offset, "number of columns", `${this.#layout.names.length}`, `${columns}`);
  }

  /** Past a NUL block or a line beyond the limit, however far it reaches: one flaw. Reads; the window is stale. */
  #skip(bytes: Uint8Array, at: number, base: number): number {
    const isNul = bytes[at] === 0;
    const find = isNul ? pastNuls : pastLine;
    const size = this.#source.byteLength;
    let end = find(bytes, at);
    for (let from = base + bytes.length; end < 0 && from < size; from += WINDOW_BYTES) {
      const found = find(this.#source.read(from, Math.min(from + WINDOW_BYTES, size)), 0);
      if (found >= 0) end = from - base + found;
    }
    if (end < 0) end = size - base;
    const have = `${end - at} bytes`;
    if (isNul) this.#flaw(base + at, "NUL bytes", "lines of text", have);
    else this.#flaw(base + at, "line longer than the limit", `${LINE_BYTES_MAX} bytes`, have);
    if (!isNul) this.#line++;
    return end;
  }

  #flaw(offset: number, what: string, need: string, have: string): void {
    this.#flaws.push({ kind: "flaw", place: this.#file.setting.place, offset, what, need, have });
  }
}

function isBom(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, column) => name === right[column]);
}

/** Where the line at `at` ends: its line feed, a NUL, the limit, or the end of the window. */
function endOfOdd(bytes: Uint8Array, at: number): number {
  const end = Math.min(at + LINE_BYTES_MAX, bytes.length);
  let stop = at;
  while (stop < end && bytes[stop] !== LINE_FEED && bytes[stop] !== 0) stop++;
  return stop;
}

/** The first byte from `at` that is not NUL, or -1. */
function pastNuls(bytes: Uint8Array, at: number): number {
  let end = at;
  while (bytes[end] === 0) end++;
  return end < bytes.length ? end : -1;
}

/** The first byte after the next line feed, or -1. */
function pastLine(bytes: Uint8Array, at: number): number {
  return bytes.indexOf(LINE_FEED, at) + 1 || -1;
}
