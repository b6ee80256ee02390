/**
 * The way through a change journal: records, the zeros of its sparse start and of its pages' ends, and damage. Each step
 * depends on nothing before it, so a reading may begin at any. Spec: layout.ts.
 */
import { Buffer } from "node:buffer";
import { copyOf } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import {
  USN_BYTES_MAX,
  USN_BYTES_MIN,
  USN_EXTENTS,
  USN_EXTENT_BYTES,
  USN_LAYOUTS,
  USN_MAJOR,
  USN_MINOR,
} from "./layout.ts";

/** Records begin at multiples of this. */
const ALIGNMENT = 8;
const WINDOW_BYTES = 1_048_576;
const ZEROS = Buffer.alloc(65_536);

/** Steps over a source: `kind` and [start, end) tell the last one. About 10 GB/s over zeros, 500 MB/s over records. */
export class UsnWalk {
  readonly #source: Source;
  readonly #size: number;
  kind: "record" | "zeros" | "damage" = "zeros";
  start = 0;
  end: number;
  /** What was read, owned by whoever keeps it: the walk takes a new one for what comes next. */
  window: Buffer = Buffer.alloc(0);
  windowAt = 0;

  /** `from` is a multiple of 8. */
  constructor(source: Source, from: number, size: number = source.byteLength) {
    this.#source = source;
    this.#size = size;
    this.end = from;
  }

  /** Makes the next step; false at the end. */
  next(): boolean {
    this.start = this.end;
    if (this.start >= this.#size) return false;
    this.#fill();
    const at = this.start - this.windowAt;
    const size = recordBytes(this.window, at);
    if (size > 0) {
      this.kind = "record";
      this.end = this.start + size;
    } else if (isZero(this.window, at, Math.min(at + ALIGNMENT, this.window.length))) {
      this.kind = "zeros";
      this.end = this.#endOfZeros();
    } else {
      this.kind = "damage";
      this.end = this.#endOfDamage(at);
    }
    return true;
  }

  /** Makes sure that a page and a whole record behind it are in the window, as far as the source has them. */
  #fill(): void {
    const needed = Math.min(this.start + 2 * USN_BYTES_MAX, this.#size);
    if (this.start >= this.windowAt && needed <= this.windowAt + this.window.length) return;
    const until = Math.min(this.start + WINDOW_BYTES, this.#size);
    this.window = Buffer.from(copyOf(this.#source.read(this.start, until)).buffer);
    this.windowAt = this.start;
  }

  #endOfZeros(): number {
    let at = this.start;
    while (at < this.#size) {
      const until = Math.min(at + ZEROS.length, this.#size);
      // Zeros are not kept: whoever holds the window has no use for them.
      const bytes = this.#source.read(at, until);
      if (ZEROS.compare(bytes, 0, bytes.length, 0, bytes.length) !== 0) {
        const first = bytes.findIndex((byte) => byte !== 0);
        return at + first - (first % ALIGNMENT);
      }
      at = until;
    }
    return this.#size;
  }

  /** Up to the next record, or the end of the page of the journal. */
  #endOfDamage(at: number): number {
    const page = this.start - (this.start % USN_BYTES_MAX) + USN_BYTES_MAX;
    const until = Math.min(page - this.windowAt, this.window.length);
    for (let next = at + ALIGNMENT; next < until; next += ALIGNMENT)
      if (recordBytes(this.window, next) > 0) return this.windowAt + next;
    return this.windowAt + until;
  }
}

/** The size of the whole record at `at`, or 0 where there is none. */
export function recordBytes(bytes: Buffer, at: number): number {
  if (at + USN_BYTES_MIN > bytes.length) return 0;
  const size = bytes.readUInt32LE(at);
  if (size < USN_BYTES_MIN || size > USN_BYTES_MAX || size % ALIGNMENT !== 0) return 0;
  const layout = USN_LAYOUTS.get(bytes.readUInt16LE(at + USN_MAJOR));
  if (layout === undefined || bytes.readUInt16LE(at + USN_MINOR) !== 0) return 0;
  if (size < layout.fixedBytes || at + size > bytes.length) return 0;
  // The USN of a record is its place in the journal.
  if (bytes.readUInt32LE(at + layout.usn) % ALIGNMENT !== 0) return 0;
  if (layout.time < 0) {
    const extents =
      bytes.readUInt16LE(at + USN_EXTENTS) * bytes.readUInt16LE(at + USN_EXTENT_BYTES);
    return layout.fixedBytes + extents <= size ? size : 0;
  }
  const nameBytes = bytes.readUInt16LE(at + layout.nameSize);
  const nameOffset = bytes.readUInt16LE(at + layout.nameOffset);
  const isNamed = nameBytes % 2 === 0 && nameOffset >= layout.fixedBytes;
  return isNamed && nameOffset + nameBytes <= size ? size : 0;
}

/** A start may be cut: within so many bytes the first whole record has to come. */
const CUT_BYTES_MAX = 2 * USN_BYTES_MAX;
/** So many records in a row are no chance. */
const ROW_ENOUGH = 3;

/** Whether these first bytes are of a change journal. */
export function isUsnHead(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const nonZero = bytes.findIndex((byte) => byte !== 0);
  if (nonZero < 0) return false;
  const first = nonZero - (nonZero % ALIGNMENT);
  const until = Math.min(first + CUT_BYTES_MAX, bytes.length);
  for (let at = first; at < until; at += ALIGNMENT) {
    let [next, count] = [at, 0];
    for (let size = recordBytes(bytes, next); size > 0; size = recordBytes(bytes, next)) {
      next += size;
      count++;
    }
    // A journal of one or two records has nothing else in it.
    const isAll = count > 0 && at === first && isZero(bytes, next, bytes.length);
    if (count >= ROW_ENOUGH || isAll) return true;
  }
  return false;
}

function isZero(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
}
