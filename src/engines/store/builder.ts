/**
 * Rows of one place, gathered until they fill a block.
 * Hot: about 1.2 µs a row of IIS, packing included, beyond what the batch itself takes to decode its fields
 * (bench/store.bench.ts); the values of a row become one JSON array by one call of the runtime.
 */
import { UNDATED } from "../../base/time.ts";
import type { Batch, FieldValue } from "../../model/event.ts";
import { type Head, ROWS_MAX } from "./columns.ts";

/** A body of this size closes its block: hostile rows of megabytes must not pile up 4,096 deep. */
const BODY_BYTES_FULL = 1 << 20;
/** Longer lists of hosts, channels or event ids would make the manifest as large as the events. */
const LISTED_MAX = 16;

/** Gives numbers to texts in the order in which they come. */
class Interned {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  #lastText: string | null = null;
  #last = 0;

  numberOf(text: string): number {
    // One row is mostly like the one before; comparing saves hashing.
    if (text === this.#lastText) return this.#last;
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    this.#lastText = text;
    this.#last = number;
    return number;
  }

  clear(): void {
    this.texts.length = 0;
    this.#numbers.clear();
    this.#lastText = null;
  }
}

/** A step in the tree of field names: the path from the root is the shape of a row. */
class Shape {
  /** Its number in the block; -1 while no row ends here. */
  number = -1;
  #lastName = "";
  #last: Shape | null = null;
  #next: Map<string, Shape> | null = null;

  after(name: string): Shape {
    if (this.#last !== null && this.#lastName === name) return this.#last;
    this.#next ??= new Map();
    let next = this.#next.get(name);
    if (next === undefined) {
      next = new Shape();
      this.#next.set(name, next);
    }
    this.#lastName = name;
    this.#last = next;
    return next;
  }
}

/** The statistics by which a query passes over a block. */
export interface Extent {
  readonly undated: number;
  readonly ticksMin: bigint;
  readonly ticksMax: bigint;
  readonly offsetMin: number;
  readonly offsetMax: number;
  readonly hosts: string[] | null;
  readonly channels: string[] | null;
  readonly eventIds: number[] | null;
}

/** Gathers the columns of one block; `clear` starts the next with the same memory. */
export class BlockBuilder {
  rows = 0;
  readonly #ticks = new BigInt64Array(ROWS_MAX);
  readonly #offsets = new Float64Array(ROWS_MAX);
  readonly #eventIds = new Float64Array(ROWS_MAX);
  readonly #ends = new Uint32Array(ROWS_MAX);
  readonly #hosts = new Uint16Array(ROWS_MAX);
  readonly #channels = new Uint16Array(ROWS_MAX);
  readonly #providers = new Uint16Array(ROWS_MAX);
  readonly #shapes = new Uint16Array(ROWS_MAX);
  readonly #hostNames = new Interned();
  readonly #channelNames = new Interned();
  readonly #providerNames = new Interned();
  #shapeNames: string[][] = [];
  #root = new Shape();
  #body = Buffer.allocUnsafe(BODY_BYTES_FULL + (1 << 16));
  #bodyBytes = 0;
  readonly #values: FieldValue[] = [];

  /** Whether the next row belongs into a new block. */
  get full(): boolean {
    return this.rows === ROWS_MAX || this.#bodyBytes >= BODY_BYTES_FULL;
  }

  /** Takes one row; the caller keeps to one place and asks `full` before. */
  add(batch: Batch, row: number): void {
    const at = this.rows;
    this.#ticks[at] = batch.ticks[row] ?? UNDATED;
    this.#offsets[at] = batch.offsets[row] ?? 0;
    this.#eventIds[at] = batch.eventId(row);
    this.#hosts[at] = this.#hostNames.numberOf(batch.host(row));
    this.#channels[at] = this.#channelNames.numberOf(batch.channel(row));
    this.#providers[at] = this.#providerNames.numberOf(batch.provider(row));
    this.#shapes[at] = this.#addValues(batch, row);
    this.#ends[at] = this.#bodyBytes;
    this.rows++;
  }

  /** The columns, for encodeHead; valid until `clear`. */
  head(): Head {
    return {
      ticks: this.#ticks,
      offsets: this.#offsets,
      eventIds: this.#eventIds,
      ends: this.#ends,
      hosts: this.#hosts,
      channels: this.#channels,
      providers: this.#providers,
      shapes: this.#shapes,
      names: {
        hosts: this.#hostNames.texts,
        channels: this.#channelNames.texts,
        providers: this.#providerNames.texts,
        shapes: this.#shapeNames,
      },
    };
  }

  /** The bytes of the body; valid until the next row. */
  body(): Uint8Array {
    return this.#body.subarray(0, this.#bodyBytes);
  }

  extent(): Extent {
    let undated = 0;
    let [ticksMin, ticksMax] = [0n, 0n];
    let [offsetMin, offsetMax] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < this.rows; at++) {
      const offset = this.#offsets[at] ?? 0;
      if (offset < offsetMin) offsetMin = offset;
      if (offset > offsetMax) offsetMax = offset;
      const ticks = this.#ticks[at] ?? UNDATED;
      if (ticks === UNDATED) {
        undated++;
        continue;
      }
      const first = at === undated;
      if (first || ticks < ticksMin) ticksMin = ticks;
      if (first || ticks > ticksMax) ticksMax = ticks;
    }
    return {
      undated,
      ticksMin,
      ticksMax,
      offsetMin,
      offsetMax,
      hosts: listed(this.#hostNames.texts),
      channels: listed(this.#channelNames.texts),
      eventIds: listed([...new Set(this.#eventIds.subarray(0, this.rows))]),
    };
  }

  clear(): void {
    this.rows = 0;
    this.#bodyBytes = 0;
    this.#hostNames.clear();
    this.#channelNames.clear();
    this.#providerNames.clear();
    this.#shapeNames = [];
    this.#root = new Shape();
  }

  /** Writes the row's label and values to the body and returns the number of its shape. */
  #addValues(batch: Batch, row: number): number {
    const values = this.#values;
    values.length = 0;
    values.push(batch.record(row));
    let shape = this.#root;
    const names = batch.names(row);
    for (let at = 0; at < names.length; at++) {
      const name = names[at] ?? "";
      const value = batch.field(row, name);
      if (value === undefined) continue;
      values.push(typeof value === "string" ? value : storable(value));
      shape = shape.after(name);
    }
    this.#write(JSON.stringify(values));
    if (shape.number < 0) {
      const present = names.filter((name) => batch.field(row, name) !== undefined);
      shape.number = this.#shapeNames.push(present) - 1;
    }
    return shape.number;
  }

  #write(text: string): void {
    // A UTF-16 unit takes at most three bytes in UTF-8.
    const need = this.#bodyBytes + text.length * 3;
    if (need > this.#body.length) {
      const grown = Buffer.allocUnsafe(need);
      this.#body.copy(grown, 0, 0, this.#bodyBytes);
      this.#body = grown;
    }
    this.#bodyBytes += this.#body.write(text, this.#bodyBytes);
  }
}

function listed<T>(values: readonly T[]): T[] | null {
  return values.length <= LISTED_MAX && !values.some(Number.isNaN) ? [...values] : null;
}

/** The value as JSON can carry it: NaN and the infinities become texts (docs/formats/event.md). */
function storable(value: FieldValue): FieldValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : `${value}`;
  return Array.isArray(value) ? value.map(storable) : value;
}
