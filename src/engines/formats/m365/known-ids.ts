/**
 * Which records of a file have been given already: exports overlap, and pages of a search repeat each other. Holds hashes of
 * ids and contents, never the ids; bounded, and says when it is full. A hash is no proof against who makes two records
 * collide, and such a hand could as well have left the record out.
 */

/** What a record is beside those before. */
export type Sighting = "new" | "again" | "changed" | "full";

/** Ids that are held at the most, in 25 MB: as many records as Purview gives in one export. */
export const IDS_MAX = 1_048_576;
const SLOTS_MIN = 4_096;
/** Two halves of the hash of the id, one of the content, and whether the slot is taken. */
const STRIDE = 3;

/** The ids of one file, as far as it has been read. */
export class KnownIds {
  readonly #idsMax: number;
  #table = new Int32Array(SLOTS_MIN * STRIDE);
  #count = 0;

  /** A smaller bound is for tests. */
  constructor(idsMax: number = IDS_MAX) {
    this.#idsMax = idsMax;
  }

  /** Notes a record by its id and content, both in `bytes`. About 1 GB/s. */
  note(bytes: Uint8Array, idStart: number, idEnd: number, start: number, end: number): Sighting {
    // A slot whose first half is 0 is free.
    const low = hash(bytes, idStart, idEnd, 0x811c_9dc5) || 1;
    const high = hash(bytes, idStart, idEnd, 0x2545_f491);
    const content = hashWords(bytes, start, end);
    const at = this.#find(low, high);
    if (this.#table[at] !== 0) return this.#table[at + 2] === content ? "again" : "changed";
    if (this.#count >= this.#idsMax) return "full";
    this.#table[at] = low;
    this.#table[at + 1] = high;
    this.#table[at + 2] = content;
    this.#count++;
    if (this.#count * 2 * STRIDE > this.#table.length) this.#grow();
    return "new";
  }

  /** The slot of this id, or the free one where it belongs. */
  #find(low: number, high: number): number {
    const slots = this.#table.length / STRIDE;
    for (let slot = (low >>> 0) % slots; ; slot = (slot + 1) % slots) {
      const at = slot * STRIDE;
      const first = this.#table[at];
      if (first === 0 || (first === low && this.#table[at + 1] === high)) return at;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    for (let from = 0; from < old.length; from += STRIDE) {
      const low = old[from] ?? 0;
      if (low === 0) continue;
      const at = this.#find(low, old[from + 1] ?? 0);
      this.#table.set(old.subarray(from, from + STRIDE), at);
    }
  }
}

/** FNV-1a over bytes: an id is short. */
function hash(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let value = seed | 0;
  for (let at = start; at < end; at++) value = Math.imul(value ^ (bytes[at] ?? 0), 0x0100_0193);
  return mixed(value);
}

/** Eight bytes at a time, whatever their place in memory: about 2 GB/s. */
function hashWords(bytes: Uint8Array, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, end - start);
  const words = (end - start) & ~7;
  let left = (end - start) | 0;
  let right = 0x5bd1_e995;
  for (let at = 0; at < words; at += 8) {
    left = Math.imul(left ^ view.getInt32(at, true), 0x85eb_ca6b);
    right = Math.imul(right ^ view.getInt32(at + 4, true), 0xc2b2_ae35);
    // High bits come down: a multiplication only carries upward.
    left ^= left >>> 15;
    right ^= right >>> 13;
  }
  for (let at = words; at < end - start; at++)
    left = Math.imul(left ^ view.getUint8(at), 0x0100_0193);
  return mixed(left ^ Math.imul(mixed(right), 0x9e37_79b1));
}

function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  return once ^ (once >>> 13);
}
