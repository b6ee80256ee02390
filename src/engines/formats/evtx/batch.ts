/**
 * The rows of one chunk: time and offset of each at once, everything else decoded when asked for.
 * Refuses nothing: what could not be opened has no fields, and the reader has said so in a Flaw.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import type { Batch, FieldValue, Span } from "../../../model/event.ts";
import type { Place } from "../../../model/evidence.ts";
import type { Chunk } from "./chunk.ts";
import { type WideNeedle, hasWide } from "../text/byte-search.ts";
import { decode, isOmitted, placeText } from "./decode.ts";
import { fillFragment } from "./fill.ts";
import { compileJson, putConstants, putFields } from "./json.ts";
import { EXPANSION_BYTES_MAX, RECORD_BODY, RECORD_ID, RECORD_SIZE, ValueType } from "./layout.ts";
import { EMPTY_PLAN, NO_TEMPLATE, type Plan, planOf } from "./plan.ts";
import { printXml } from "./print.ts";
import type { Row } from "./row.ts";
import { textOf } from "./slot.ts";
import type { Node } from "./tree.ts";

/** What the walk of a chunk found: columns, one entry a row. */
export interface Columns {
  readonly length: number;
  readonly ticks: BigInt64Array;
  /** Byte of each record in the source. */
  readonly offsets: Float64Array;
  /** Byte of each record in its chunk. */
  readonly starts: Uint32Array;
  /** Rows from this one on are not decoded: their templates expand to more than the limit. */
  readonly decodable: number;
  /** Trees by row, where the walk had to build them; the limit of what a chunk expands to is theirs together. */
  readonly trees: ReadonlyMap<number, readonly Node[]>;
}

/** Rows of a chunk; besides what every batch can do, whole trees and JSON straight from bytes. */
export class EvtxBatch implements Batch {
  readonly kind = "batch";
  readonly format = "evtx";
  readonly digits = 7;
  readonly zoneAssumed = null;
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly offsets: Float64Array;
  readonly #columns: Columns;
  readonly #chunk: Chunk;
  readonly #row: Row;
  readonly #host: string;
  /** Kept, NaN until asked for: one look after another asks all rows, and to open each again costs more than the look. */
  #eventIds: Float64Array | null = null;
  /** Plans of rows of unusual shape, made once: one look after another asks for them. Bounded as their trees are. */
  readonly #unusual = new Map<number, Plan>();
  #at = -1;
  #plan: Plan | null = null;

  /** `row` is lent: no other batch may use it while this one is valid. `host` stands where a record names none. */
  constructor(place: Place, columns: Columns, chunk: Chunk, row: Row, host: string) {
    this.place = place;
    this.length = columns.length;
    this.ticks = columns.ticks;
    this.offsets = columns.offsets;
    this.#columns = columns;
    this.#chunk = chunk;
    this.#row = row;
    this.#host = host;
  }

  /** The event's own id, by which people know it; exported logs number their records anew. */
  record(row: number): string {
    this.#open(row);
    const { template } = this.#row.outer;
    const own = this.#row.outer.startOf(template?.recordValue ?? -1, ValueType.uint64, 8);
    if (own >= 0) return this.#idAt(own);
    const named = this.#systemText(row, "EventRecordID");
    return named === "" ? this.#idAt((this.#columns.starts[row] ?? 0) + RECORD_ID) : named;
  }

  #idAt(at: number): string {
    const { view } = this.#chunk.bytes;
    const high = view.getUint32(at + 4, true);
    if (high === 0) return String(view.getUint32(at, true));
    return view.getBigUint64(at, true).toString();
  }

  host(row: number): string {
    const host = this.#systemText(row, "Computer");
    return host === "" ? this.#host : host;
  }

  channel(row: number): string {
    return this.#systemText(row, "Channel");
  }

  eventId(row: number): number {
    this.#eventIds ??= new Float64Array(this.length).fill(Number.NaN);
    const known = this.#eventIds[row] ?? Number.NaN;
    if (!Number.isNaN(known)) return known;
    const id = this.#system(row, "EventID");
    // As elsewhere: a number that no 32 bits hold is none. Stored, it would become another.
    return (this.#eventIds[row] = typeof id === "number" && (id | 0) === id ? id : -1);
  }

  provider(row: number): string {
    return this.#systemText(row, "Provider_Name");
  }

  field(row: number, name: string): FieldValue | undefined {
    const slot = this.#planOf(row).byName.get(name);
    return slot === undefined ? undefined : decode(this.#row, slot);
  }

  span(row: number, name: string, into: Span): boolean {
    const slot = this.#planOf(row).byName.get(name);
    return slot?.kind === "value" && placeText(this.#row, slot, into);
  }

  names(row: number): readonly string[] {
    const { omittable, slots, names, present } = this.#planOf(row);
    let mask = 0;
    let bit = 1;
    for (const at of omittable) {
      const slot = slots[at];
      if (slot?.kind === "value" && !isOmitted(this.#row, slot)) mask += bit;
      bit *= 2;
    }
    const known = present.get(mask);
    if (known !== undefined) return known;
    const there = names.filter((_, at) => {
      const slot = slots[at];
      return slot?.kind !== "value" || !isOmitted(this.#row, slot);
    });
    if (omittable.length < MASKS_MAX) present.set(mask, there);
    return there;
  }

  /** The bytes of JSON.stringify, at several times its speed. */
  putFields(row: number, out: JsonBytes): void {
    const plan = this.#planOf(row);
    // A plan for one row alone is not worth compiling.
    if (plan.embedded === NO_TEMPLATE) return putConstants(out, plan, this.#row);
    plan.json ??= compileJson(plan);
    putFields(out, plan.json, this.#row);
  }

  /** Whether the word stands anywhere in the chunk, as UTF-16: about 10 microseconds. */
  mentions(word: WideNeedle): boolean {
    return hasWide(this.#chunk.bytes.buffer, word);
  }

  /** The whole record as a tree, for printing; empty where the record cannot be read. */
  tree(row: number): readonly Node[] {
    if (row >= this.#columns.decodable) return [];
    const known = this.#columns.trees.get(row);
    if (known !== undefined) return known;
    // Every row may expand on its own here: the walk has counted them together before.
    this.#chunk.expansionLeft = EXPANSION_BYTES_MAX;
    const [at, end] = this.#range(row);
    const filled = fillFragment(this.#chunk, at, end);
    return "content" in filled ? filled.content : [];
  }

  /** The whole record as an XML document, as Windows shows it. */
  xml(row: number): string {
    return printXml(this.tree(row));
  }

  /** A field of System: no tree is built for it where the record's own template is a usual one. */
  #system(row: number, name: string): FieldValue | undefined {
    this.#open(row);
    const slot = (this.#row.systemPlan() ?? this.#planOf(row)).byName.get(name);
    return slot === undefined ? undefined : decode(this.#row, slot);
  }

  #systemText(row: number, name: string): string {
    const value = this.#system(row, name);
    return value === undefined ? "" : textOf(value);
  }

  #range(row: number): readonly [at: number, end: number] {
    const start = this.#columns.starts[row] ?? 0;
    const size = this.#chunk.bytes.view.getUint32(start + RECORD_SIZE, true);
    return [start + RECORD_BODY, start + size - 4];
  }

  /** Makes `row` the opened one; the fields of one row are usually asked for together. */
  #open(row: number): void {
    if (row === this.#at) return;
    this.#at = row;
    this.#plan = null;
    if (row >= this.#columns.decodable) return this.#row.close();
    const [at, end] = this.#range(row);
    this.#row.open(this.#chunk, at, end);
  }

  #planOf(row: number): Plan {
    this.#open(row);
    this.#plan ??= this.#makePlan(row);
    return this.#plan;
  }

  #makePlan(row: number): Plan {
    switch (this.#row.shape) {
      case "unreadable":
        return EMPTY_PLAN;
      case "tree":
        return this.#planOfTree(row);
      case "usual": {
        const plan = this.#row.plan();
        return plan?.fixed === true ? plan : this.#planOfTree(row);
      }
    }
  }

  #planOfTree(row: number): Plan {
    const known = this.#unusual.get(row);
    if (known !== undefined) return known;
    const made = planOf(this.tree(row), null);
    this.#unusual.set(row, made);
    return made;
  }
}

/** So many bits fit in a mask exactly, with room; templates with more omittable fields are not remembered. */
const MASKS_MAX = 16;
