/**
 * The records of one chunk, one after the other: the hot loop of the format. Each is opened as far as is needed
 * to know that it can be read, so that what is wrong is said here and not when somebody asks.
 * Refuses slack: nothing behind the chunk's free space offset is a record.
 */
import { crc32 } from "node:zlib";
import { FILETIME_EPOCH, parseTime, UNDATED } from "../../../base/time.ts";
import type { Columns } from "./batch.ts";
import type { Chunk } from "./chunk.ts";
import type { Trouble } from "./cursor.ts";
import { fillFragment } from "./fill.ts";
import {
  CHUNK_BYTES,
  CHUNK_FIRST_RECORD,
  CHUNK_FLAGS,
  CHUNK_FREE_OFFSET,
  CHUNK_HEADER_CHECKSUM,
  CHUNK_LAST_OFFSET,
  CHUNK_NAME_TABLE,
  CHUNK_RECORDS,
  CHUNK_RECORDS_CHECKSUM,
  EXPANSION_BYTES_MAX,
  FLAG_NO_CHECKSUM,
  RECORD_BODY,
  RECORD_BYTES_MIN,
  RECORD_ID,
  RECORD_MAGIC,
  RECORD_SIZE,
  RECORD_TIME,
  RECORDS_MAX,
} from "./layout.ts";
import type { Row } from "./row.ts";
import { type Node, partsOfSystem } from "./tree.ts";

/** The last tick of the year 9999 as FILETIME. */
const LAST_FILETIME = 2_650_467_743_999_999_999n;
const LAST_HIGH = Number(LAST_FILETIME >> 32n);
/** No FILETIME stands in a record's values; the time was text, and is taken already. No value has offset 0. */
const NO_TIME = -1;
const TAKEN = 0;
const MAGIC = Buffer.from([0x2a, 0x2a, 0, 0]);

/** Walks chunks; its columns are used again for the next one. */
export class Walker {
  readonly #row: Row;
  readonly #ticks = new BigInt64Array(RECORDS_MAX);
  /** The same memory in halves: a BigInt for each row would cost more than the rest of the walk. */
  readonly #halves = new Uint32Array(this.#ticks.buffer);
  readonly #offsets = new Float64Array(RECORDS_MAX);
  readonly #starts = new Uint32Array(RECORDS_MAX);
  readonly #skew: bigint;
  readonly #shiftLow: number;
  readonly #shiftHigh: number;
  readonly troubles: Trouble[] = [];
  /** Trees that the walk had to build to judge their records. */
  readonly #trees = new Map<number, readonly Node[]>();
  #count = 0;
  #decodable = RECORDS_MAX;
  #lastId = -1;

  /** `skewMillis` is taken off every time. */
  constructor(row: Row, skewMillis: number) {
    this.#row = row;
    this.#skew = BigInt(Math.round(skewMillis * 10_000));
    const shift = FILETIME_EPOCH + this.#skew;
    this.#shiftLow = Number(BigInt.asUintN(32, shift));
    this.#shiftHigh = Number(BigInt.asUintN(32, shift >> 32n));
  }

  /** The rows of the chunk whose first byte is `base` of the source. What is wrong stands in `troubles` afterwards. */
  walk(chunk: Chunk, base: number, whole: boolean): Columns {
    this.troubles.length = 0;
    this.#trees.clear();
    this.#count = 0;
    this.#decodable = RECORDS_MAX;
    const { view } = chunk.bytes;
    const sound = this.#checkHeader(chunk);
    this.#lastId = sound ? idAt(view, CHUNK_FIRST_RECORD) - 1 : -1;
    const limit = this.#limitOf(chunk, whole);
    if (whole) this.#checkRecords(chunk, limit);
    let at = CHUNK_RECORDS;
    while (at < limit) {
      const size = sizeOfRecord(view, at, limit);
      if (size === 0) at = this.#passDamage(chunk, at, limit);
      else {
        this.#take(chunk, base, at, size);
        at += size;
      }
    }
    const length = this.#count;
    return {
      length,
      ticks: this.#ticks.subarray(0, length),
      offsets: this.#offsets.subarray(0, length),
      starts: this.#starts,
      decodable: this.#decodable,
      trees: this.#trees,
    };
  }

  #note(offset: number, what: string, need: string, have: string): void {
    this.troubles.push({ offset, what, need, have });
  }

  #checkHeader({ bytes: { view, buffer } }: Chunk): boolean {
    if ((view.getUint32(CHUNK_FLAGS, true) & FLAG_NO_CHECKSUM) !== 0) return true;
    const names = buffer.subarray(CHUNK_NAME_TABLE, CHUNK_RECORDS);
    const sum = crc32(names, crc32(buffer.subarray(0, CHUNK_FLAGS)));
    const stored = view.getUint32(CHUNK_HEADER_CHECKSUM, true);
    if (sum !== stored)
      this.#note(CHUNK_HEADER_CHECKSUM, "chunk header checksum", hex(sum), hex(stored));
    return sum === stored;
  }

  #checkRecords({ bytes: { view, buffer } }: Chunk, limit: number): void {
    if ((view.getUint32(CHUNK_FLAGS, true) & FLAG_NO_CHECKSUM) !== 0) return;
    const sum = crc32(buffer.subarray(CHUNK_RECORDS, limit));
    const stored = view.getUint32(CHUNK_RECORDS_CHECKSUM, true);
    if (sum !== stored)
      this.#note(CHUNK_RECORDS_CHECKSUM, "records checksum", hex(sum), hex(stored));
  }

  /** Where the records end: at the free space, or at the end of a chunk that is cut. */
  #limitOf({ bytes: { view }, length }: Chunk, whole: boolean): number {
    const free = view.getUint32(CHUNK_FREE_OFFSET, true);
    const last = view.getUint32(CHUNK_LAST_OFFSET, true);
    // Whoever moves the free space back hides records without touching one: the header then contradicts itself.
    if (last >= free && free >= CHUNK_RECORDS && last < CHUNK_BYTES)
      this.#note(
        CHUNK_FREE_OFFSET,
        "free space offset",
        `behind the last record at ${last}`,
        `${free}`,
      );
    if (free >= CHUNK_RECORDS && (free <= length || !whole)) return Math.min(free, length);
    const need = `${CHUNK_RECORDS} to ${length}`;
    this.#note(CHUNK_FREE_OFFSET, "free space offset", need, `${free}`);
    return length;
  }

  #take(chunk: Chunk, base: number, at: number, size: number): void {
    const row = this.#count++;
    this.#starts[row] = at;
    this.#offsets[row] = base + at;
    this.#lastId = idAt(chunk.bytes.view, at + RECORD_ID);
    const time = row < this.#decodable ? this.#open(chunk, at, size, row) : NO_TIME;
    if (time < 0) this.#takeTime(chunk.bytes.view, at + RECORD_TIME, row);
    else if (time > 0) this.#takeTime(chunk.bytes.view, time, row);
  }

  /** FILETIME minus the shift, in halves. */
  #takeTime(view: DataView, at: number, row: number): void {
    const low = view.getUint32(at, true);
    const high = view.getUint32(at + 4, true);
    const borrow = low < this.#shiftLow ? 1 : 0;
    this.#halves[row * 2] = low - this.#shiftLow;
    this.#halves[row * 2 + 1] = high - this.#shiftHigh - borrow;
    if (high < LAST_HIGH || view.getBigUint64(at, true) <= LAST_FILETIME) return;
    this.#ticks[row] = UNDATED;
    const have = `FILETIME ${view.getBigUint64(at, true)}`;
    this.#noteIn({ offset: at, what: "time", need: "one before the year 10000", have });
  }

  /**
   * Opens a record and notes what is wrong with it. Gives the byte at which its TimeCreated stands as FILETIME;
   * NO_TIME where the time that the record was written must do, TAKEN where the time was text and is taken.
   */
  #open(chunk: Chunk, at: number, size: number, index: number): number {
    const row = this.#row;
    const end = at + size - 4;
    row.open(chunk, at + RECORD_BODY, end);
    if (row.trouble !== null) this.#noteIn(row.trouble);
    const misfit = row.misfit();
    if (misfit !== null) this.#noteIn(misfit);
    let time = row.timeAt();
    if (row.shape === "usual") chunk.expansionLeft -= row.expandedBytes();
    if (row.shape === "tree" || (time < 0 && row.shape === "usual")) {
      const filled = fillFragment(chunk, at + RECORD_BODY, end);
      if ("trouble" in filled) this.#noteIn(filled.trouble);
      else {
        this.#trees.set(index, filled.content);
        if (time < 0 && this.#takeText(filled.content, index)) time = TAKEN;
      }
    }
    if (chunk.expansionLeft < 0) {
      this.#decodable = index;
      const need = `at most ${EXPANSION_BYTES_MAX} bytes expanded`;
      this.#noteIn({ offset: at, what: "templates of the chunk", need, have: "more" });
    }
    return time;
  }

  /** TimeCreated as text: forwarded events have it so. */
  #takeText(content: readonly Node[], row: number): boolean {
    const [part] = partsOfSystem(content, "TimeCreated", "SystemTime");
    const text = part?.kind === "text" ? part.text : part?.kind === "value" ? part.value : null;
    const time = typeof text === "string" ? parseTime(text) : null;
    if (time === null) return false;
    this.#ticks[row] = time.ticks - this.#skew;
    return true;
  }

  #noteIn(trouble: Trouble): void {
    this.troubles.push({ ...trouble, what: `${trouble.what} (record ${this.#lastId})` });
  }

  /** Notes the damage at `at`; where the records of this chunk go on, or `limit`. */
  #passDamage(chunk: Chunk, at: number, limit: number): number {
    const next = this.#findRecord(chunk, at + 1, limit);
    const have = `${next - at} bytes that are none`;
    this.#note(at, "record", "a record with its size before and after it", have);
    return next;
  }

  /**
   * The next whole record that can be this chunk's: ids go up by one, and a chunk holds at most RECORDS_MAX.
   * Other records there are what an older or newer chunk left in a part of the disk that was written over.
   */
  #findRecord({ bytes: { view, buffer } }: Chunk, from: number, limit: number): number {
    let at = buffer.indexOf(MAGIC, from);
    while (at >= 0 && at < limit) {
      if (sizeOfRecord(view, at, limit) !== 0) {
        const ahead = idAt(view, at + RECORD_ID) - this.#lastId;
        if (this.#lastId < 0 || (ahead > 0 && ahead <= RECORDS_MAX)) return at;
      }
      at = buffer.indexOf(MAGIC, at + 1);
    }
    return limit;
  }
}

/** Size of the record at `at`, or 0 where no whole one stands. */
function sizeOfRecord(view: DataView, at: number, limit: number): number {
  if (at + RECORD_BYTES_MIN > limit || view.getUint32(at, true) !== RECORD_MAGIC) return 0;
  const size = view.getUint32(at + RECORD_SIZE, true);
  if (size < RECORD_BYTES_MIN || at + size > limit) return 0;
  return view.getUint32(at + size - 4, true) === size ? size : 0;
}

/** A record's id; exact to 2^53, which is enough to compare neighbours. */
function idAt(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 4_294_967_296 + view.getUint32(at, true);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}
