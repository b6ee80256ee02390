/**
 * Reads IIS logs: windows of bytes in, batches of rows out, memory flat with size. Plain rows run through scan.ts;
 * everything else (directives, blank lines, NUL blocks, lines that are no row) is taken one line at a time here.
 * Refuses quoted values and tabs between columns, which IIS never writes. Spec: see card.ts.
 */
import { Buffer } from "node:buffer";
import { concatBytes } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import { NO_EVIDENCE, type Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import type { Range, Reader } from "../format.ts";
import { copying, lineRanges } from "../text/lines.ts";
import { type WallClock, wallClock } from "../time/wall-clock.ts";
import { assumptionsOf } from "./assumptions.ts";
import { IisBatch, type LogFile, siteOfPath } from "./batch.ts";
import {
  countsDays,
  govern,
  type Governing,
  headerBehind,
  headerOf,
  takeHeader,
} from "./header.ts";
import { COLUMNS_MAX, LINE_BYTES_MAX, directiveOf, fieldNamesOf } from "./layout.ts";
import { ROWS_MAX, type Rows, makeRows, rowsThatFit, scanRows } from "./scan.ts";
import { makeCalendar, stampRows } from "./stamp.ts";

/** Bytes read at a time: thousands of lines, or several of the longest. */
const WINDOW_BYTES = 8 * LINE_BYTES_MAX;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const HASH = 35;
const LINE_END = Uint8Array.of(LINE_FEED);
const BOM_BYTES = 3;

/** Reads IIS logs in W3C Extended format. */
export const iisReader: Reader = {
  *read(source, setting, range = wholeOf(source)) {
    yield* new Reading(source, setting, range).pieces();
  },
  ranges: (source, rangeBytes, after) => lineRanges(source, rangeBytes, after, headerAfter),
  assumptions: assumptionsOf,
};

function wholeOf(source: Source): Range {
  return { start: 0, end: source.byteLength, line: 1, header: "" };
}

/** The header behind a part: from its directives, or by reading its rows where they have a say. */
function headerAfter(source: Source, part: Range, bytes: Uint8Array | null): string {
  const from = part.start === 0 && bytes !== null && isBom(bytes) ? BOM_BYTES : 0;
  const told = bytes === null ? null : headerBehind(part.header, bytes.subarray(from));
  return told ?? new Reading(source, UNSET, part).lastHeader();
}

/** Directives mean the same whatever the case file says. */
const UNSET: Setting = {
  place: { evidence: NO_EVIDENCE, member: "", file: "" },
  host: null,
  zone: null,
  skewMillis: 0,
};

/** A line with NULs in it: where the first byte is that was lost, and how many there are. */
interface Damage {
  readonly offset: number;
  nulBytes: number;
  textBytes: number;
}

/** One pass over one range of a file. */
class Reading {
  readonly #source: Source;
  readonly #file: LogFile;
  readonly #range: Range;
  readonly #clock: WallClock;
  readonly #governing: Governing;
  readonly #rows: Rows;
  readonly #ticks = new BigInt64Array(ROWS_MAX);
  readonly #offsets = new Float64Array(ROWS_MAX);
  #flaws: Flaw[] = [];
  /** What the line that is being read has lost so far. */
  #damage: Damage | null = null;
  /** Byte of the file that the next window starts at: the start of a line, or what follows NULs. */
  #position: number;
  /** Number of the line that is read next, and of the line that the batch in the making counts from. */
  #line: number;
  #batchLine = 1;

  /** A `clock` that goes on from here afterwards; by default one that asks for what stands before the range. */
  constructor(source: Source, setting: Setting, range: Range, clock: WallClock | null = null) {
    const recall = () => {
      const before = { ...wholeOf(source), end: range.start };
      new Reading(source, setting, before, this.#clock).lastHeader();
    };
    // The clock may read the lines before the range while a window is in use.
    this.#source = setting.zone === null || range.start === 0 ? source : copying(source);
    this.#range = range;
    this.#position = range.start;
    this.#line = range.line;
    this.#rows = makeRows(range.end - range.start);
    this.#file = { setting, folderSite: siteOfPath(setting.place.file) };
    this.#clock = clock ?? wallClock(setting.zone, setting.skewMillis, recall);
    this.#governing = { layout: null, calendar: makeCalendar(this.#clock) };
    takeHeader(this.#governing, range.header);
  }

  *pieces(): Generator<Piece> {
    const { start, end } = this.#range;
    if (start === 0 && end >= BOM_BYTES && isBom(this.#source.read(0, BOM_BYTES)))
      this.#position = BOM_BYTES;
    while (this.#position < end) {
      const stop = Math.min(this.#position + WINDOW_BYTES, end);
      yield* this.#window(this.#source.read(this.#position, stop), stop === end);
    }
    this.#endLine();
    yield* this.#flaws;
  }

  /** Reads to the end, and gives the header for what follows. */
  lastHeader(): string {
    const pieces = this.pieces();
    while (pieces.next().done !== true);
    return headerOf(this.#governing);
  }

  /** All lines that end in this window; leaves #position at the first byte that is still to be read. */
  *#window(bytes: Uint8Array, last: boolean): Generator<Piece> {
    const base = this.#position;
    const whole = bytes.lastIndexOf(LINE_FEED) + 1;
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] === LINE_FEED) {
        this.#endLine();
        this.#line++;
        at++;
        continue;
      }
      if (this.#damage === null) at = this.#scan(bytes, at, whole);
      if (this.#isFull()) {
        yield* this.#flush(bytes, base);
        continue;
      }
      if (at === bytes.length) break;
      const stop = endOfOdd(bytes, at);
      if (stop - at === LINE_BYTES_MAX) {
        yield* this.#flush(bytes, base);
        at = this.#passLong(bytes, at, base);
      } else if (bytes[stop] === 0) {
        yield* this.#flush(bytes, base);
        yield* this.#text(bytes.subarray(at, stop), base + at, true);
        at = this.#passNuls(bytes, stop, base);
      } else if (bytes[stop] === LINE_FEED) {
        yield* this.#oddLine(bytes, at, stop, base);
        at = stop;
      } else if (last) {
        yield* this.#flush(bytes, base);
        yield* this.#text(bytes.subarray(at, stop), base + at, false);
        at = stop;
      } else break;
    }
    yield* this.#flush(bytes, base);
    this.#position = base + at;
  }

  /** Plain rows from `at` into the batch; where they end. */
  #scan(bytes: Uint8Array, at: number, whole: number): number {
    const { layout } = this.#governing;
    if (layout === null) return at;
    if (this.#rows.length === 0) this.#batchLine = this.#line;
    const before = this.#rows.length;
    const columns = layout.names.length;
    const end = scanRows(bytes, at, whole, columns, this.#rows, this.#line - this.#batchLine);
    this.#line += this.#rows.length - before;
    return end;
  }

  #isFull(): boolean {
    const { layout } = this.#governing;
    return layout !== null && this.#rows.length === rowsThatFit(this.#rows, layout.names.length);
  }

  /** The rows so far as one batch, then the flaws met among them. */
  *#flush(bytes: Uint8Array, base: number): Generator<Piece> {
    const { layout, calendar } = this.#governing;
    if (layout !== null && this.#rows.length > 0) {
      const stride = layout.names.length + 1;
      for (let row = 0; row < this.#rows.length; row++)
        this.#offsets[row] = base + (this.#rows.starts[row * stride] ?? 0);
      stampRows(bytes, this.#rows, layout, calendar, this.#ticks);
      yield new IisBatch({
        file: this.#file,
        layout,
        bytes,
        rows: this.#rows,
        line: this.#batchLine,
        ticks: this.#ticks,
        offsets: this.#offsets,
      });
      this.#rows.length = 0;
    }
    if (this.#flaws.length === 0) return;
    const flaws = this.#flaws;
    this.#flaws = [];
    yield* flaws;
  }

  /** A line bytes[at..stop) that is no plain row: blank, a directive or comment, or a flaw. */
  *#oddLine(bytes: Uint8Array, at: number, stop: number, base: number): Generator<Piece> {
    const end = stop > at && bytes[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
    if (end === at) return;
    if (bytes[at] === HASH) yield* this.#directive(bytes, at, end, base);
    else if (this.#damage === null) this.#noRow(bytes.subarray(at, end), base + at);
    else yield* this.#text(bytes.subarray(at, end), base + at, true);
  }

  *#directive(bytes: Uint8Array, at: number, end: number, base: number): Generator<Piece> {
    const directive = directiveOf(Buffer.from(bytes.subarray(at, end)).toString("utf8"));
    if (directive === null) return;
    const { name, text } = directive;
    if (name === "fields" || (name === "date" && countsDays(this.#governing.layout)))
      yield* this.#flush(bytes, base);
    if (govern(this.#governing, directive)) return;
    const have = `${fieldNamesOf(text).length} names`;
    this.#flaw(base + at, "#Fields", `2 to ${COLUMNS_MAX} names`, have);
  }

  /** Text that no line end follows, or NULs precede: a row if all its columns are there. */
  *#text(text: Uint8Array, offset: number, damaged: boolean): Generator<Piece> {
    const columns = this.#governing.layout?.names.length ?? Number.POSITIVE_INFINITY;
    // Columns have blanks between them: what is shorter is not worth a copy.
    if (text.length >= columns - 1) {
      const ended = concatBytes([text, LINE_END]);
      this.#scan(ended, 0, ended.length);
      if (this.#rows.length === 1) {
        yield* this.#flush(ended, offset);
        this.#line--;
        return;
      }
    }
    if (damaged || this.#damage !== null) this.#lose(offset, 0, text.length);
    else this.#flaw(offset, "line cut short", "a line end", `${text.length} bytes`);
  }

  #noRow(line: Uint8Array, offset: number): void {
    const { layout } = this.#governing;
    if (layout === null) {
      this.#flaw(offset, "row before any #Fields", "names of the columns", `${line.length} bytes`);
      return;
    }
    const columns = line.reduce((count, byte) => count + (byte === BLANK ? 1 : 0), 1);
    this.#flaw(offset, "number of columns", `${layout.names.length}`, `${columns}`);
  }

  /** Past a NUL block, however far it reaches. Reads; the window is stale. */
  #passNuls(bytes: Uint8Array, at: number, base: number): number {
    const end = this.#find(pastNuls, bytes, at, base);
    this.#lose(base + at, end - at, 0);
    return end;
  }

  /** To the end of a line beyond the limit, however far it reaches. Reads; the window is stale. */
  #passLong(bytes: Uint8Array, at: number, base: number): number {
    const end = this.#find(pastLine, bytes, at, base);
    if (this.#damage === null)
      this.#flaw(
        base + at,
        "line longer than the limit",
        `${LINE_BYTES_MAX} bytes`,
        `${end - at} bytes`,
      );
    else this.#lose(base + at, 0, end - at);
    this.#endLine();
    this.#line++;
    return end;
  }

  /** What `find` finds from bytes[at] on, in this window or behind it; else the end of the range. */
  #find(
    find: (bytes: Uint8Array, at: number) => number,
    bytes: Uint8Array,
    at: number,
    base: number,
  ): number {
    const { end } = this.#range;
    const here = find(bytes, at);
    if (here >= 0) return here;
    for (let from = base + bytes.length; from < end; from += WINDOW_BYTES) {
      const found = find(this.#source.read(from, Math.min(from + WINDOW_BYTES, end)), 0);
      if (found >= 0) return from - base + found;
    }
    return end - base;
  }

  #lose(offset: number, nulBytes: number, textBytes: number): void {
    if (nulBytes + textBytes === 0) return;
    this.#damage ??= { offset, nulBytes: 0, textBytes: 0 };
    this.#damage.nulBytes += nulBytes;
    this.#damage.textBytes += textBytes;
  }

  /** However many NULs a line has in it: one flaw. */
  #endLine(): void {
    if (this.#damage === null) return;
    const { offset, nulBytes, textBytes } = this.#damage;
    const text = textBytes === 0 ? "" : `, and ${textBytes} of text beside them`;
    this.#flaw(offset, "NUL bytes", "lines of text", `${nulBytes} bytes${text}`);
    this.#damage = null;
  }

  #flaw(offset: number, what: string, need: string, have: string): void {
    this.#flaws.push({ kind: "flaw", place: this.#file.setting.place, offset, what, need, have });
  }
}

function isBom(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
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
