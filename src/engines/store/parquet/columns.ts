/**
 * Columns that gather the rows of one row group and become its pages; `finish` starts the next with the same memory.
 * Hot: columns of numbers are copied whole, text goes from bytes to bytes. Spec: parquet-format, Encodings.md.
 */
import { JsonBytes } from "../../../base/json-bytes.ts";
import { bitsFor, putHybrid } from "./hybrid.ts";
import { type Codec, type ColumnShape, ENCODING, type Page, type Statistics } from "./layout.ts";
import { pageOf } from "./page.ts";

/** Rows that a row group can hold. */
export const GROUP_ROWS_MAX = 32_768;
/** A page of text closes at this size: what a reader unpacks to see one row. Smaller ones pack half as fast. */
const PAGE_BYTES_FULL = 1 << 20;
/** A column's memory is given back after a text that made it larger than this. */
const KEPT_BYTES_MAX = 1 << 22;
/** A smaller dictionary, with its numbers, stays as it is: packing it would cost more than all of its rows. */
const PACKED_BYTES_MIN = 4096;
/** Longer values are not told as smallest or largest of their column. */
const TOLD_BYTES_MAX = 256;

/** What a column gives for a row group: a dictionary first where it has one. */
export interface ColumnPages {
  readonly codec: Codec;
  readonly pages: readonly Page[];
  readonly encodings: readonly number[];
  readonly statistics: Statistics;
}

/** A column of a row group in the making. */
export interface Column {
  readonly shape: ColumnShape;
  finish(): ColumnPages;
}

/** Text, each value as it is: for columns whose values differ from row to row. */
export class TextColumn implements Column {
  readonly shape: ColumnShape;
  /** Where the value between `open` and `close` is put. */
  out = new JsonBytes();
  #start = 0;
  #values = 0;
  #pages: Page[] = [];

  constructor(name: string) {
    this.shape = { name, type: "text", nullable: false };
  }

  /** Begins a value. */
  open(): void {
    this.out.reserve(4);
    this.out.length += 4;
    this.#start = this.out.length;
  }

  /** Ends it, and tells how many bytes it has. */
  close(): number {
    const sizeBytes = this.out.length - this.#start;
    this.out.view.setUint32(this.#start - 4, sizeBytes, true);
    this.#values++;
    if (this.out.length >= PAGE_BYTES_FULL) this.#closePage();
    return sizeBytes;
  }

  finish(): ColumnPages {
    if (this.#values > 0) this.#closePage();
    const pages = this.#pages;
    this.#pages = [];
    const statistics = { nulls: 0, range: null };
    return { codec: "zstd", pages, encodings: [ENCODING.plain], statistics };
  }

  #closePage(): void {
    this.#pages.push(pageOf("data", this.#values, ENCODING.plain, this.out.written(), "zstd"));
    this.#values = 0;
    this.out.length = 0;
    if (this.out.bytes.length > KEPT_BYTES_MAX) this.out = new JsonBytes();
  }
}

/** Few values, many rows: each value once, and its number in each row. Null is a value of its own. */
export class DictionaryColumn<T extends string | number> implements Column {
  readonly shape: ColumnShape;
  readonly #put: (value: T, out: JsonBytes) => void;
  readonly #numbers = new Uint16Array(GROUP_ROWS_MAX);
  readonly #numberOf = new Map<T, number>();
  /** 1 where the row has a value. */
  readonly #present = new Uint16Array(GROUP_ROWS_MAX);
  #rows = 0;
  #values = 0;
  #last: T | null = null;
  #lastNumber = 0;

  constructor(shape: ColumnShape, put: (value: T, out: JsonBytes) => void) {
    this.shape = shape;
    this.#put = put;
  }

  /** Gives this value to the next row; null only where the column may have none. */
  add(value: T | null): void {
    this.#present[this.#rows++] = value === null ? 0 : 1;
    if (value === null) return;
    // One row is mostly like the one before; comparing saves hashing.
    if (value !== this.#last) {
      let number = this.#numberOf.get(value);
      if (number === undefined) {
        number = this.#numberOf.size;
        this.#numberOf.set(value, number);
      }
      this.#last = value;
      this.#lastNumber = number;
    }
    this.#numbers[this.#values++] = this.#lastNumber;
  }

  /** Gives this value to the next rows. */
  fill(value: T | null, rows: number): void {
    if (rows === 0) return;
    this.add(value);
    this.#present.fill(value === null ? 0 : 1, this.#rows, this.#rows + rows - 1);
    this.#rows += rows - 1;
    if (value === null) return;
    this.#numbers.fill(this.#lastNumber, this.#values, this.#values + rows - 1);
    this.#values += rows - 1;
  }

  finish(): ColumnPages {
    const entries = new JsonBytes();
    const encoded: Uint8Array[] = [];
    for (const value of this.#numberOf.keys()) {
      const start = entries.length;
      this.#put(value, entries);
      encoded.push(Buffer.from(entries.bytes.subarray(start, entries.length)));
    }
    const raw = new JsonBytes();
    if (this.shape.nullable) putLevels(this.#present, this.#rows, raw);
    const bits = bitsFor(this.#numberOf.size - 1);
    raw.reserve(1);
    raw.bytes[raw.length++] = bits;
    putHybrid(this.#numbers, this.#values, bits, raw);
    const codec = entries.length + raw.length < PACKED_BYTES_MIN ? "none" : "zstd";
    const pages = [
      pageOf("dictionary", encoded.length, ENCODING.plain, entries.written(), codec),
      pageOf("data", this.#rows, ENCODING.rleDictionary, raw.written(), codec),
    ];
    const nulls = this.#rows - this.#values;
    const range = this.shape.type === "text" ? textRange(encoded) : null;
    this.#clear();
    return {
      codec,
      pages,
      encodings: [ENCODING.plain, ENCODING.rle, ENCODING.rleDictionary],
      statistics: { nulls, range },
    };
  }

  #clear(): void {
    this.#numberOf.clear();
    this.#last = null;
    this.#rows = 0;
    this.#values = 0;
  }
}

/** Smallest and largest of PLAIN texts, without their lengths; by bytes, as the specification orders text. */
function textRange(encoded: readonly Uint8Array[]): Statistics["range"] {
  const texts = encoded.map((bytes) => bytes.subarray(4)).sort((a, b) => Buffer.compare(a, b));
  const [min, max] = [texts[0], texts.at(-1)];
  if (min === undefined || max === undefined) return null;
  return min.length > TOLD_BYTES_MAX || max.length > TOLD_BYTES_MAX ? null : { min, max };
}

/** Whole numbers of 64 bits, in two halves; those of a row that has none are left out. */
export class LongColumn implements Column {
  readonly shape: ColumnShape;
  readonly #longs = new BigInt64Array(GROUP_ROWS_MAX);
  /** The same memory, the lower half first: a bigint a row would cost more than all the rest. */
  readonly #halves = new Int32Array(this.#longs.buffer);
  readonly #present = new Uint16Array(GROUP_ROWS_MAX);
  #rows = 0;
  #values = 0;
  /** Positions of the smallest and the largest value. */
  #min = 0;
  #max = 0;

  constructor(shape: ColumnShape) {
    this.shape = shape;
  }

  /** The range of the values so far; null where there are none. */
  range(): { readonly min: bigint; readonly max: bigint } | null {
    if (this.#values === 0) return null;
    return { min: this.#longs[this.#min] ?? 0n, max: this.#longs[this.#max] ?? 0n };
  }

  /** Rows that have no value so far. */
  get nulls(): number {
    return this.#rows - this.#values;
  }

  /** Takes [from, to) of a column; a row that holds -2^63 has no value. */
  addLongs(column: BigInt64Array, from: number, to: number): void {
    this.#longs.set(column.subarray(from, to), this.#values);
    const end = this.#values + to - from;
    for (let at = this.#values; at < end; at++) {
      const high = this.#halves[at * 2 + 1] ?? 0;
      const low = this.#halves[at * 2] ?? 0;
      const isNull = high === -0x8000_0000 && low === 0;
      this.#present[this.#rows++] = isNull ? 0 : 1;
      if (!isNull) this.#keep(low, high);
    }
  }

  /** Takes [from, to) of a column of whole numbers below 2^53. */
  addNumbers(column: Float64Array, from: number, to: number): void {
    this.#present.fill(1, this.#rows, this.#rows + to - from);
    this.#rows += to - from;
    for (let at = from; at < to; at++) {
      const value = column[at] ?? 0;
      // The bit operation takes the lower half of any whole number.
      this.#keep(value | 0, Math.floor(value / 0x1_0000_0000));
    }
  }

  #keep(low: number, high: number): void {
    const at = this.#values++;
    this.#halves[at * 2] = low;
    this.#halves[at * 2 + 1] = high;
    if (at === 0) this.#min = this.#max = 0;
    else if (this.#isBelow(at, this.#min)) this.#min = at;
    else if (this.#isBelow(this.#max, at)) this.#max = at;
  }

  #isBelow(left: number, right: number): boolean {
    const [high, other] = [this.#halves[left * 2 + 1] ?? 0, this.#halves[right * 2 + 1] ?? 0];
    if (high !== other) return high < other;
    return (this.#halves[left * 2] ?? 0) >>> 0 < (this.#halves[right * 2] ?? 0) >>> 0;
  }

  finish(): ColumnPages {
    const raw = new JsonBytes();
    if (this.shape.nullable) putLevels(this.#present, this.#rows, raw);
    const values = Buffer.from(this.#longs.buffer, 0, this.#values * 8);
    const all = Buffer.concat([raw.written(), values]);
    const page = pageOf("data", this.#rows, ENCODING.plain, all, "zstd");
    const long = (at: number) => Buffer.from(values.subarray(at * 8, at * 8 + 8));
    const range = this.#values === 0 ? null : { min: long(this.#min), max: long(this.#max) };
    const statistics = { nulls: this.nulls, range };
    this.#rows = 0;
    this.#values = 0;
    return { codec: "zstd", pages: [page], encodings: [ENCODING.plain, ENCODING.rle], statistics };
  }
}

/** Definition levels of a page: which rows have a value, after the length of that. */
function putLevels(present: Uint16Array, rows: number, out: JsonBytes): void {
  const start = out.length;
  out.reserve(4);
  out.length += 4;
  putHybrid(present, rows, 1, out);
  out.view.setUint32(start, out.length - start - 4, true);
}
