/**
 * What was made of a field's value, kept by the value's bytes: the next row with the same bytes costs a comparison, and no string is made.
 * Refuses to grow: each value has one place, and whoever comes to it later takes it over. What is long is made anew each time.
 */
import { type Batch, emptySpan, type FieldValue, type Span } from "../../model/event.ts";

/** Places for values: a power of two. More clients than this are there at times, but not row by row. */
const PLACES = 4_096;
const BYTES_MAX = 512;
/** Values lie close together, so that those of every row stay in the processor's cache; a full pool is begun anew. */
const POOL_BYTES = 262_144;
/** The golden ratio of 2^32: multiplying by it spreads what differs. */
const SPREAD = 0x9e3779b1;

/** What `make` gives for one field of one format and channel; `make` must depend on nothing but the value. */
export class Remembered<V extends NonNullable<unknown> | null> {
  readonly #name: string;
  readonly #make: (value: FieldValue | undefined) => V;
  readonly #span = emptySpan();
  readonly #pool = new DataView(new ArrayBuffer(POOL_BYTES));
  /** Byte of the pool from which on nothing is kept. */
  #free = 0;
  /** By place: where its value's bytes start in the pool, and how many they are. */
  readonly #starts = new Uint32Array(PLACES);
  readonly #sizes = new Uint16Array(PLACES);
  readonly #made = Array.from<V | undefined>({ length: PLACES });
  /** Of batches that cannot say where a value stands. */
  readonly #byText = new Map<string, V>();

  constructor(name: string, make: (value: FieldValue | undefined) => V) {
    this.#name = name;
    this.#make = make;
  }

  /** What was made of the row's field: 10 to 40 ns where it was seen before. */
  of(batch: Batch, row: number): V {
    const span = this.#span;
    const isThere = batch.span?.(row, this.#name, span) === true;
    if (!isThere) return this.#ofText(batch.field(row, this.#name));
    const size = span.end - span.start;
    if (size > BYTES_MAX) return this.#make(batch.field(row, this.#name));
    const place = placeOf(span);
    const made = this.#made[place];
    const isKnown = made !== undefined && this.#sizes[place] === size;
    if (isKnown && isSame(this.#pool, this.#starts[place] ?? 0, span)) return made;
    return this.#keep(place, this.#make(batch.field(row, this.#name)));
  }

  #keep(place: number, made: V): V {
    const { view, start, end } = this.#span;
    const size = end - start;
    if (this.#free + size > POOL_BYTES) {
      this.#made.fill(undefined);
      this.#free = 0;
    }
    for (let at = 0; at < size; at++)
      this.#pool.setUint8(this.#free + at, view.getUint8(start + at));
    this.#starts[place] = this.#free;
    this.#sizes[place] = size;
    this.#made[place] = made;
    this.#free += size;
    return made;
  }

  #ofText(value: FieldValue | undefined): V {
    if (typeof value !== "string" || value.length > BYTES_MAX) return this.#make(value);
    const known = this.#byText.get(value);
    if (known !== undefined) return known;
    const made = this.#make(value);
    if (this.#byText.size >= PLACES) this.#byText.clear();
    this.#byText.set(value, made);
    return made;
  }
}

/** Four bytes at a step, since each step waits for the one before. */
function placeOf({ view, start, end }: Span): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), SPREAD);
  for (; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), SPREAD);
  hash ^= hash >>> 16;
  return (hash ^ (hash >>> 8)) & (PLACES - 1);
}

function isSame(pool: DataView, from: number, { view, start, end }: Span): boolean {
  const size = end - start;
  let at = 0;
  for (; at + 4 <= size; at += 4)
    if (pool.getInt32(from + at, true) !== view.getInt32(start + at, true)) return false;
  for (; at < size; at++) if (pool.getUint8(from + at) !== view.getUint8(start + at)) return false;
  return true;
}
