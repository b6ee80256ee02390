/**
 * Rows of the store as a batch again, so that whoever read the evidence row by row can read what was kept of it the same way. Fields are
 * decoded when asked for. Refuses to answer in silence what the store was never given: such a row is lacking.
 */
import type { DuckDBValue } from "@duckdb/node-api";
import type { JsonBytes } from "../../base/json-bytes.ts";
import type { Batch, FieldValue, Unlisted } from "../../model/event.ts";
import type { FormatId, Place } from "../../model/evidence.ts";
import type { DatabaseColumns } from "./database.ts";
import {
  asNumber,
  asText,
  Column,
  fieldsOf,
  formatOf,
  placeOf,
  ticksOf,
  zoneOf,
} from "./event-rows.ts";

/** What readers answer besides the fields that they list; the formats' room knows. */
export type UnlistedOf = (format: FormatId) => Unlisted;

/** Rows of one place that follow each other in the timeline. */
export class KeptBatch implements Batch {
  readonly kind = "batch";
  readonly format: FormatId;
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly offsets: Float64Array;
  readonly #columns: DatabaseColumns;
  readonly #first: number;
  readonly #unlisted: Unlisted;
  readonly #lacking = new Set<number>();
  #row = -1;
  #fields: Readonly<Record<string, FieldValue>> = {};
  #names: readonly string[] | null = null;

  /** The rows [first, end) of EVENT_COLUMNS, alike in all that a batch has once. */
  constructor(columns: DatabaseColumns, first: number, end: number, unlistedOf: UnlistedOf) {
    this.#columns = columns;
    this.#first = first;
    const row = columns.map((column) => column[first] ?? null);
    this.format = formatOf(row);
    this.place = placeOf(row);
    this.length = end - first;
    this.digits = asNumber(row[Column.digits]);
    this.zoneAssumed = zoneOf(row);
    this.ticks = new BigInt64Array(this.length);
    this.offsets = new Float64Array(this.length);
    for (let at = 0; at < this.length; at++) {
      this.ticks[at] = ticksOf(this.#value(at, Column.ticks));
      this.offsets[at] = asNumber(this.#value(at, Column.offset));
    }
    this.#unlisted = unlistedOf(this.format);
  }

  record(row: number): string {
    return this.#text(row, Column.record);
  }

  host(row: number): string {
    return this.#text(row, Column.host);
  }

  channel(row: number): string {
    return this.#text(row, Column.channel);
  }

  eventId(row: number): number {
    return asNumber(this.#value(row, Column.eventId));
  }

  provider(row: number): string {
    return this.#text(row, Column.provider);
  }

  field(row: number, name: string): FieldValue | undefined {
    const fields = this.#fieldsOf(row);
    const own = fields[name];
    if (own !== undefined) return own;
    if (this.#unlisted.isLost?.(name, this.#namesOf(row)) === true) this.#lacking.add(row);
    return this.#unlisted.answer(name, (other) => fields[other]);
  }

  names(row: number): readonly string[] {
    this.#fieldsOf(row);
    return this.#namesOf(row);
  }

  putFields(row: number, out: JsonBytes): void {
    out.put(this.#text(row, Column.fields));
  }

  /** Whether something was asked of the row that may stand in the evidence, and was not kept: what came of it does not count. */
  isLacking(row: number): boolean {
    return this.#lacking.has(row);
  }

  #text(row: number, column: number): string {
    return asText(this.#value(row, column));
  }

  #value(row: number, column: number): DuckDBValue | undefined {
    return this.#columns[column]?.[this.#first + row];
  }

  #fieldsOf(row: number): Readonly<Record<string, FieldValue>> {
    if (row !== this.#row) {
      this.#row = row;
      this.#fields = fieldsOf(this.#text(row, Column.fields));
      this.#names = null;
    }
    return this.#fields;
  }

  #namesOf(row: number): readonly string[] {
    return (this.#names ??= Object.keys(this.#fieldsOf(row)));
  }
}

/** Rows in batches: those that follow each other and are alike in place, format, precision and zone. */
export function batchesOf(columns: DatabaseColumns, unlistedOf: UnlistedOf): readonly KeptBatch[] {
  const batches: KeptBatch[] = [];
  const shared = SHARED.map((column) => columns[column] ?? []);
  const length = shared[0]?.length ?? 0;
  let first = 0;
  for (let at = 1; at <= length; at++) {
    const [one, other] = [first, at];
    if (at < length && shared.every((column) => column[one] === column[other])) continue;
    batches.push(new KeptBatch(columns, first, at, unlistedOf));
    first = at;
  }
  return batches;
}

const SHARED = [
  Column.evidence,
  Column.member,
  Column.file,
  Column.format,
  Column.digits,
  Column.zoneAssumed,
];
