/**
 * Rows of a CSV table as offsets, many at a time, and record by record whatever needs more care: other numbers of cells,
 * quotes that do not close, bytes that are no UTF-8. Refuses UTF-16, which table/reading.ts reads. Spec: RFC 4180.
 */
import { Buffer, isAscii, isUtf8 } from "node:buffer";
import type { Source } from "../../../base/source.ts";
import { recordEnd, recordsOf } from "../csv/grammar.ts";
import { type LineShape, type RowStarts, makeRowStarts, scanRows } from "../csv/scan.ts";
import type { Range } from "../format.ts";
import { LINE_BYTES_MAX } from "../text/line-reading.ts";
import { countLineFeeds } from "../text/lines.ts";
import type { CsvLayout } from "./layout.ts";
import { type TableRecord, csvRecord } from "./reading.ts";
import type { TextView } from "./text-view.ts";

const LINE_FEED = 10;
/** Bytes read at a time: they stay near the processor while they are looked at more than once. */
const WINDOW_BYTES = 524_288;
/** A byte order mark at the start of a cell would be lost with it. */
const MARK = Buffer.of(0xef, 0xbb, 0xbf);
/** Unlike any first byte of a row. */
const NONE = -1;

/** Plain rows of one window; valid until the next step. */
export interface PlainRows {
  readonly kind: "rows";
  readonly bytes: Uint8Array;
  /** The byte of the source at which the bytes begin. */
  readonly base: number;
  readonly rows: RowStarts;
  /** The line that the rows' line counts start from. */
  readonly line: number;
}

/** A part of a table. */
export type Stretch = PlainRows | { readonly kind: "record"; readonly record: TableRecord };

/** One pass over the records that begin in a range; `view` is of UTF-8. About 450 MB/s. */
export class Stretches {
  readonly #view: TextView;
  readonly #layout: CsvLayout;
  readonly #range: Range;
  readonly #shape: LineShape;
  readonly #rows: RowStarts;
  /** Where the next record begins. */
  #position: number;
  #line: number;

  constructor(view: TextView, layout: CsvLayout, range: Range) {
    this.#view = view;
    this.#layout = layout;
    this.#range = range;
    const { names, delimiter } = layout;
    const apart = { delimiter, oddA: NONE, oddB: NONE };
    this.#shape = { columns: names.length, ...apart, isOverLines: true };
    this.#rows = makeRowStarts(range.end - range.start);
    this.#position = range.start;
    this.#line = range.line;
  }

  *all(): Generator<Stretch> {
    const { end } = this.#range;
    const { units } = this.#view;
    while (this.#position < end) {
      const base = this.#position;
      const until = Math.min(base + WINDOW_BYTES, end);
      yield* this.#window(units.read(base, until), base);
      // What fills a window, and what nothing ends.
      if (this.#position < until && (this.#position === base || until === end))
        yield* this.#large(units);
    }
  }

  /** The records that end within the window. */
  *#window(bytes: Uint8Array, base: number): Generator<Stretch> {
    const whole = bytes.lastIndexOf(LINE_FEED) + 1;
    for (let at = 0; at < whole; ) {
      if (bytes[at] === LINE_FEED) {
        at++;
        this.#line++;
      } else {
        const next = base + at > this.#layout.header ? this.#scan(bytes, at, whole) : at;
        if (next > at) {
          yield* this.#plain(bytes, base);
          this.#line += this.#rows.nextLine;
          at = next;
        } else {
          const found = recordEnd(bytes, at, this.#layout.delimiter);
          if (found < 0) break;
          yield* this.#record(bytes.subarray(at, found), base + at);
          this.#line += countLineFeeds(bytes.subarray(at, found)) + 1;
          at = found + 1;
        }
      }
      this.#position = base + at;
    }
  }

  #scan(bytes: Uint8Array, at: number, whole: number): number {
    this.#rows.length = 0;
    return scanRows(bytes, at, whole, this.#shape, this.#rows, 0);
  }

  /** The rows as they are; one by one where their bytes are of an older code page, which holds for a record as a whole. */
  *#plain(bytes: Uint8Array, base: number): Generator<Stretch> {
    const rows = this.#rows;
    const line = this.#line;
    const stride = this.#shape.columns + 1;
    const { starts, lines, length } = rows;
    if (isWellFormed(bytes.subarray(starts[0] ?? 0, starts[length * stride - 1] ?? 0))) {
      yield { kind: "rows", bytes, base, rows, line };
      return;
    }
    for (let row = 0; row < length; row++) {
      const start = starts[row * stride] ?? 0;
      const end = (starts[row * stride + stride - 1] ?? 0) - 1;
      yield* this.#record(bytes.subarray(start, end), base + start, line + (lines[row] ?? 0));
    }
  }

  *#record(bytes: Uint8Array, offset: number, number = this.#line): Generator<Stretch> {
    const isLong = bytes.length > LINE_BYTES_MAX;
    const record = csvRecord(this.#view, this.#layout, {
      bytes: isLong ? null : bytes,
      offset,
      sizeBytes: bytes.length + 1,
      number,
      isClosed: true,
    });
    if (record !== null) yield { kind: "record", record };
  }

  /** One record that is larger than a window, or that ends with the range. */
  *#large(units: Source): Generator<Stretch> {
    const range = { ...this.#range, start: this.#position, line: this.#line };
    const records = recordsOf(units, range, this.#layout.delimiter);
    const first = records.next();
    if (first.done !== true) {
      const record = csvRecord(this.#view, this.#layout, first.value);
      if (record !== null) yield { kind: "record", record };
    }
    const second = records.next();
    this.#position = second.done === true ? this.#range.end : second.value.offset;
    if (second.done !== true) this.#line = second.value.number;
  }
}

/** Whether each cell by itself is read as the record would be. */
function isWellFormed(bytes: Uint8Array): boolean {
  if (isAscii(bytes)) return true;
  return isUtf8(bytes) && !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(MARK);
}
