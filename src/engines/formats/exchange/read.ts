/**
 * Reads Exchange's logs: windows of bytes in, batches of rows out, memory flat with size. Plain rows run through
 * csv/scan.ts; everything else is taken one line at a time here. Refuses cells with a line end in them, which Exchange
 * writes as `\r` and `\n`: a line is a row, whatever stands before it. Sources: docs/formats/exchange.md.
 */
import { concatBytes, sameBytes } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import { NO_EVIDENCE, type Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { type Day, noDay } from "../time/byte-time.ts";
import { CsvBatch } from "../csv/batch.ts";
import { COLUMNS_MAX, cellsOf, isLeftOpen } from "../csv/grammar.ts";
import { makeRowStarts, ROWS_MAX, type RowStarts, rowsThatFit, scanRows } from "../csv/scan.ts";
import { decodeText } from "../text/encoding.ts";
import type { Range, Reader } from "../format.ts";
import {
  LINE_BYTES_MAX,
  WINDOW_BYTES,
  lineAfter,
  tooLong,
  wholeRange,
} from "../text/line-reading.ts";
import { copying, lineRanges } from "../text/lines.ts";
import { type WallClock, wallClock } from "../time/wall-clock.ts";
import { assumptionsOf } from "./assumptions.ts";
import { beyondOf } from "./beyond.ts";
import {
  directiveOf,
  govern,
  governByNames,
  type Governing,
  headerBehind,
  headerOf,
  isNames,
  type Layout,
  takeHeader,
  unGoverned,
} from "./layout.ts";
import { follow } from "./sessions.ts";
import { stampRows } from "./stamp.ts";

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const HASH = 35;
const NONE = -1;
const LINE_END = Uint8Array.of(LINE_FEED);
const BOM_BYTES = 3;
/** Exchange writes milliseconds. */
const DIGITS = 3;

/** Reads Exchange's logs. */
export const exchangeReader: Reader = {
  *read(source, setting, range = wholeRange(source)) {
    yield* new Reading(source, setting, range).pieces();
  },
  ranges: (source, rangeBytes, after) => lineRanges(source, rangeBytes, after, headerAfter),
  assumptions: assumptionsOf,
};

/** The header behind a part: from its directives, or by reading its rows where they have a say. */
function headerAfter(source: Source, part: Range, bytes: Uint8Array | null): string {
  const told = bytes === null ? null : headerBehind(part.header, bytes);
  return told ?? new Reading(source, UNSET, part).lastHeader();
}

/** Directives mean the same whatever the case file says. */
const UNSET: Setting = {
  place: { evidence: NO_EVIDENCE, member: "", file: "" },
  host: null,
  zone: null,
  skewMillis: 0,
};

/** One pass over one range of a file. */
class Reading {
  readonly #source: Source;
  readonly #setting: Setting;
  readonly #range: Range;
  readonly #clock: WallClock;
  readonly #governing: Governing = unGoverned();
  readonly #day: Day = noDay();
  readonly #rows: RowStarts;
  readonly #ticks: BigInt64Array;
  readonly #offsets: Float64Array;
  readonly #states: Int16Array;
  #flaws: Flaw[] = [];
  /** Byte of the file that the next window starts at: the start of a line. */
  #position: number;
  /** Number of the line that is read next, and of the line that the batch in the making counts from. */
  #line: number;
  #batchLine = 1;

  /** A `clock` that goes on from here afterwards; by default one that asks for what stands before the range. */
  constructor(source: Source, setting: Setting, range: Range, clock: WallClock | null = null) {
    const recall = () => {
      const before = { ...wholeRange(source), end: range.start };
      new Reading(source, setting, before, this.#clock).lastHeader();
    };
    // The clock may read the lines before the range while a window is in use.
    this.#source = setting.zone === null || range.start === 0 ? source : copying(source);
    this.#setting = setting;
    this.#range = range;
    this.#position = range.start;
    this.#line = range.line;
    this.#rows = makeRowStarts(range.end - range.start);
    const { length } = this.#rows.lines;
    this.#ticks = new BigInt64Array(length);
    this.#offsets = new Float64Array(length);
    this.#states = new Int16Array(length);
    this.#clock = clock ?? wallClock(setting.zone, setting.skewMillis, recall);
    takeHeader(this.#governing, range.header);
  }

  *pieces(): Generator<Piece> {
    const { end } = this.#range;
    while (this.#position < end) {
      const stop = Math.min(this.#position + WINDOW_BYTES, end);
      yield* this.#window(this.#source.read(this.#position, stop), stop === end);
    }
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
      at = this.#passBlank(bytes, at);
      at = this.#scan(bytes, at, whole, HASH);
      if (this.#isFull()) {
        yield* this.#flush(bytes, base);
        continue;
      }
      if (at === bytes.length) break;
      const found = bytes.indexOf(LINE_FEED, at);
      const stop = found < 0 ? bytes.length : found;
      if (stop - at > LINE_BYTES_MAX) {
        yield* this.#flush(bytes, base);
        at = this.#passLong(base, at, found);
      } else if (found >= 0) {
        yield* this.#oddLine(bytes, at, stop, base);
        at = stop + 1;
        if (this.#flaws.length >= ROWS_MAX) yield* this.#flush(bytes, base);
      } else if (last) {
        yield* this.#flush(bytes, base);
        yield* this.#cutLine(bytes.subarray(at, stop), base + at);
        at = stop;
      } else break;
    }
    yield* this.#flush(bytes, base);
    this.#position = base + at;
  }

  /** Past empty lines, however many there are. */
  #passBlank(bytes: Uint8Array, at: number): number {
    let next = at;
    for (; bytes[next] === LINE_FEED; next++) this.#line++;
    return next;
  }

  /** Plain rows from `at` into the batch; where they end. With NONE for `odd` no line is told from a row. */
  #scan(bytes: Uint8Array, at: number, whole: number, odd: number): number {
    const { layout } = this.#governing;
    if (layout === null) return at;
    if (this.#rows.length === 0) this.#batchLine = this.#line;
    const before = this.#rows.length;
    const shape = odd === HASH ? layout.shape : { ...layout.shape, oddA: NONE, oddB: NONE };
    const end = scanRows(bytes, at, whole, shape, this.#rows, this.#line - this.#batchLine);
    this.#line += this.#rows.length - before;
    return end;
  }

  #isFull(): boolean {
    const { layout } = this.#governing;
    return layout !== null && this.#rows.length === rowsThatFit(this.#rows, layout.shape.columns);
  }

  /** The rows so far as one batch, then the flaws met among them. */
  *#flush(bytes: Uint8Array, base: number): Generator<Piece> {
    const { layout, sessions } = this.#governing;
    const rows = this.#rows;
    if (layout !== null && rows.length > 0) {
      const stride = layout.shape.columns + 1;
      for (let row = 0; row < rows.length; row++)
        this.#offsets[row] = base + (rows.starts[row * stride] ?? 0);
      const { host, place, zone, skewMillis } = this.#setting;
      stampRows(bytes, rows, layout, this.#clock, skewMillis, this.#day, this.#ticks);
      if (layout.smtp !== null) this.#follow(bytes, layout);
      const beyond = beyondOf(layout, host, { states: this.#states, tls: sessions.tls });
      yield new CsvBatch({
        format: "exchange",
        place,
        columns: layout.columns,
        beyond,
        bytes,
        rows,
        line: this.#batchLine,
        ticks: this.#ticks,
        offsets: this.#offsets,
        digits: DIGITS,
        zoneAssumed: zone,
      });
      rows.length = 0;
    }
    if (this.#flaws.length === 0) return;
    const flaws = this.#flaws;
    this.#flaws = [];
    yield* flaws;
  }

  /** The state of the session of each row, in their order. */
  #follow(bytes: Uint8Array, { smtp, shape }: Layout): void {
    if (smtp === null) return;
    const { starts, length } = this.#rows;
    const { sessions } = this.#governing;
    for (let row = 0; row < length; row++) {
      const first = row * (shape.columns + 1);
      const start = (column: number) => starts[first + column] ?? 0;
      const end = (column: number) => start(column + 1) - 1;
      this.#states[row] = follow(sessions, {
        bytes,
        session: decodeText(bytes.subarray(start(smtp.session), end(smtp.session))),
        event: end(smtp.event) > start(smtp.event) ? (bytes[start(smtp.event)] ?? 0) : 0,
        from: start(smtp.data),
        to: Math.max(end(smtp.data), end(smtp.context)),
      });
    }
  }

  /** A line bytes[at..stop) that is no plain row: blank, a directive or comment, names again, or a flaw. */
  *#oddLine(bytes: Uint8Array, at: number, stop: number, base: number): Generator<Piece> {
    const end = stop > at && bytes[stop - 1] === CARRIAGE_RETURN ? stop - 1 : stop;
    const from = this.#textFrom(bytes, at, end, base);
    const line = bytes.subarray(from, end);
    const { layout } = this.#governing;
    if (from < end && bytes[from] === HASH) {
      yield* this.#directive(line, bytes, base + from, base);
    } else if (from < end && layout === null) {
      if (!governByNames(this.#governing, line)) this.#noRow(line, base + from);
    } else if (from < end && layout !== null && !sameBytes(line, layout.header) && !isNames(line)) {
      // A row that counts its line by itself.
      if (this.#scan(bytes, from, stop + 1, NONE) > from) return;
      this.#noRow(line, base + from);
    }
    this.#line++;
  }

  /** Where the text of a line begins: behind NULs, which are a flaw, and behind a byte order mark. */
  #textFrom(bytes: Uint8Array, at: number, end: number, base: number): number {
    let from = at;
    while (from < end && bytes[from] === 0) from++;
    if (from > at) this.#flaw(base + at, "NUL bytes", "lines of text", `${from - at} bytes`);
    return isBom(bytes, from) ? Math.min(from + BOM_BYTES, end) : from;
  }

  *#directive(line: Uint8Array, bytes: Uint8Array, offset: number, base: number): Generator<Piece> {
    const directive = directiveOf(decodeText(line));
    if (directive === null) return;
    if (directive.name === "fields" || directive.name === "log-type")
      yield* this.#flush(bytes, base);
    if (govern(this.#governing, directive)) return;
    const count = cellsOf(line)?.length ?? 0;
    this.#flaw(offset, "#Fields", `2 to ${COLUMNS_MAX} names`, `${count}`);
  }

  /** Text that no line end follows: a row if all its cells are there. */
  *#cutLine(text: Uint8Array, offset: number): Generator<Piece> {
    const { layout } = this.#governing;
    const isNames = layout !== null && sameBytes(text, layout.header.subarray(0, text.length));
    if (layout !== null && !isNames && text[0] !== HASH) {
      const ended = concatBytes([text, LINE_END]);
      this.#scan(ended, 0, ended.length, NONE);
      if (this.#rows.length === 1) {
        yield* this.#flush(ended, offset);
        return;
      }
    }
    this.#flaw(offset, "line cut short", "a line end", `${text.length} bytes`);
  }

  #noRow(line: Uint8Array, offset: number): void {
    const { layout } = this.#governing;
    if (layout === null) {
      this.#flaw(offset, "row before any #Fields", "names of the columns", `${line.length} bytes`);
    } else if (line.includes(0)) {
      this.#flaw(
        offset,
        "NUL bytes",
        "lines of text",
        `a line of ${line.length} bytes with NULs in it`,
      );
    } else {
      const cells = cellsOf(line)?.length;
      const need = "a quote that closes before a comma or the line end";
      if (cells === undefined || isLeftOpen(line)) this.#flaw(offset, "quote", need, "another");
      else this.#flaw(offset, "number of columns", `${layout.shape.columns}`, `${cells}`);
    }
  }

  /** To the end of a line beyond the limit, however far it reaches. May read; the window is stale then. */
  #passLong(base: number, at: number, found: number): number {
    const end =
      found < 0
        ? lineAfter(this.#source, base + at + LINE_BYTES_MAX, this.#range.end) - base
        : found + 1;
    const { what, need, have } = tooLong(end - at);
    this.#flaw(base + at, what, need, have);
    this.#line++;
    return end;
  }

  #flaw(offset: number, what: string, need: string, have: string): void {
    this.#flaws.push({ kind: "flaw", place: this.#setting.place, offset, what, need, have });
  }
}

function isBom(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
}
