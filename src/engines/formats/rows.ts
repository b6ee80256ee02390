/**
 * Rows of formats whose values are decoded while they are read: gathered into batches, with the flaws between them.
 * A batch ends where the precision or the assumed zone changes, because both hold for a whole batch.
 */
import type { JsonBytes } from "../../base/json-bytes.ts";
import { type Batch, type FieldValue, type Piece, putDecodedFields } from "../../model/event.ts";
import type { FormatId, Place } from "../../model/evidence.ts";
import type { Flaw } from "../../model/flaw.ts";
import type { NotRead } from "./json/json-value.ts";

/** One record, decoded. */
export interface DecodedRow {
  readonly offset: number;
  readonly record: string;
  /** UNDATED where it has no time. */
  readonly ticks: bigint;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly host: string;
  readonly channel: string;
  /** -1 where it has none. */
  readonly eventId: number;
  readonly provider: string;
  /** May be decoded anew each time that it is asked for. */
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** One of them without decoding the others, where that costs less; undefined: ask `fields`. */
  peek?(name: string): FieldValue | undefined;
}

/** What is gathered before it is handed on: bounds the memory of a reading. */
const HELD_BYTES_MAX = 2_097_152;
const HELD_MAX = 8_192;

/** Rows and flaws of one reading, handed on in pieces. */
export class Rows {
  readonly #format: FormatId;
  readonly #place: Place;
  #rows: DecodedRow[] = [];
  #flaws: Flaw[] = [];
  #bytes = 0;
  #ready: Piece[] = [];

  constructor(format: FormatId, place: Place) {
    this.#format = format;
    this.#place = place;
  }

  /** Takes a row that stood in `sizeBytes` bytes of the source. */
  add(row: DecodedRow, sizeBytes: number): void {
    const [first] = this.#rows;
    if (
      first !== undefined &&
      (first.digits !== row.digits || first.zoneAssumed !== row.zoneAssumed)
    )
      this.#close();
    this.#rows.push(row);
    this.#bytes += sizeBytes;
  }

  flaw(offset: number, { what, need, have }: Omit<NotRead, "kind">): void {
    this.#flaws.push({ kind: "flaw", place: this.#place, offset, what, need, have });
  }

  /** Whether it is time to hand on what was gathered. */
  get isFull(): boolean {
    const held = this.#rows.length + this.#flaws.length;
    return held >= HELD_MAX || this.#bytes >= HELD_BYTES_MAX || this.#ready.length > 0;
  }

  /** Hands on what was gathered. */
  *pieces(): Generator<Piece> {
    this.#close();
    yield* this.#ready;
    this.#ready = [];
  }

  #close(): void {
    if (this.#rows.length > 0)
      this.#ready.push(new DecodedBatch(this.#format, this.#place, this.#rows));
    // One by one: a record may bring more flaws than a call takes arguments.
    for (const flaw of this.#flaws) this.#ready.push(flaw);
    this.#rows = [];
    this.#flaws = [];
    this.#bytes = 0;
  }
}

/** Rows that are decoded already. */
class DecodedBatch implements Batch {
  readonly kind = "batch";
  readonly format: FormatId;
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly offsets: Float64Array;
  readonly #rows: readonly DecodedRow[];
  #at = -1;
  #fields: DecodedRow["fields"] | undefined;

  constructor(format: FormatId, place: Place, rows: readonly DecodedRow[]) {
    this.format = format;
    this.place = place;
    this.length = rows.length;
    this.ticks = BigInt64Array.from(rows, ({ ticks }) => ticks);
    this.offsets = Float64Array.from(rows, ({ offset }) => offset);
    this.digits = rows[0]?.digits ?? 0;
    this.zoneAssumed = rows[0]?.zoneAssumed ?? null;
    this.#rows = rows;
  }

  record(row: number): string {
    return this.#rows[row]?.record ?? "";
  }

  host(row: number): string {
    return this.#rows[row]?.host ?? "";
  }

  channel(row: number): string {
    return this.#rows[row]?.channel ?? "";
  }

  eventId(row: number): number {
    return this.#rows[row]?.eventId ?? -1;
  }

  provider(row: number): string {
    return this.#rows[row]?.provider ?? "";
  }

  field(row: number, name: string): FieldValue | undefined {
    return this.#rows[row]?.peek?.(name) ?? this.#fieldsOf(row)?.get(name);
  }

  names(row: number): readonly string[] {
    return [...(this.#fieldsOf(row)?.keys() ?? [])];
  }

  putFields(row: number, out: JsonBytes): void {
    putDecodedFields(this, row, out);
  }

  /** The fields of one row are asked for together; a row that decodes them when asked need not keep them. */
  #fieldsOf(row: number): DecodedRow["fields"] | undefined {
    if (row !== this.#at) {
      this.#at = row;
      this.#fields = this.#rows[row]?.fields;
    }
    return this.#fields;
  }
}
