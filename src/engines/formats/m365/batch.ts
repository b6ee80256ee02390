/**
 * Records of Microsoft 365 as rows, decoded when asked for: where each stands is known, what it says is not looked at until
 * somebody wants a field. Spec of names, virtual fields and what is answered but not listed: docs/formats/m365.md.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { type Batch, type FieldValue, putDecodedFields } from "../../../model/event.ts";
import type { Place } from "../../../model/evidence.ts";
import { type Fields, fieldsOf, NO_FIELDS } from "./fields.ts";
import { KINDS, type Channel } from "./kinds.ts";
import { type Form, decoded } from "../text/wide-text.ts";

/** Rows of a batch at the most. */
export const ROWS_MAX = 4_096;

/** Where the rows of a batch stand; used again for the next batch. */
export interface Places {
  length: number;
  /** Units of the batch's bytes. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** The value of the id, quotes included; the same place twice where there is none. */
  readonly idStarts: Int32Array;
  readonly idEnds: Int32Array;
  readonly kinds: Uint8Array;
  readonly channels: Channel[];
  /** Number of the record in its file, from 1. */
  readonly ordinals: Float64Array;
  readonly ticks: BigInt64Array;
  readonly digits: Uint8Array;
  readonly offsets: Float64Array;
  /** What an export says beside the record; null where there is nothing. */
  readonly columns: (ReadonlyMap<string, string> | null)[];
  /** 1 where the record is cut behind a value, and lacks its closing brace. */
  readonly cuts: Uint8Array;
}

/** Room for the rows of a batch. */
export function makePlaces(): Places {
  return {
    length: 0,
    starts: new Int32Array(ROWS_MAX),
    ends: new Int32Array(ROWS_MAX),
    idStarts: new Int32Array(ROWS_MAX),
    idEnds: new Int32Array(ROWS_MAX),
    kinds: new Uint8Array(ROWS_MAX),
    channels: [],
    ordinals: new Float64Array(ROWS_MAX),
    ticks: new BigInt64Array(ROWS_MAX),
    digits: new Uint8Array(ROWS_MAX),
    offsets: new Float64Array(ROWS_MAX),
    columns: [],
    cuts: new Uint8Array(ROWS_MAX),
  };
}

/** What a batch is made of. */
export interface BatchParts {
  readonly place: Place;
  readonly host: string;
  readonly places: Places;
  /** Which of the places: all of one precision. */
  readonly first: number;
  readonly last: number;
  /** The bytes of the file that the rows' units stand for. */
  readonly bytes: Uint8Array;
  readonly form: Form;
}

/** Rows that share one window of bytes. */
export class M365Batch implements Batch {
  readonly kind = "batch";
  readonly format = "m365";
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed = null;
  readonly offsets: Float64Array;
  readonly #parts: BatchParts;
  #row = -1;
  #fields: Fields = NO_FIELDS;

  constructor(parts: BatchParts) {
    const { place, places, first, last } = parts;
    this.#parts = parts;
    this.place = place;
    this.length = last + 1 - first;
    this.ticks = places.ticks.subarray(first, last + 1);
    this.offsets = places.offsets.subarray(first, last + 1);
    this.digits = places.digits[first] ?? 0;
  }

  /** The id that the service gave the record; its number in the file where it has none. */
  record(row: number): string {
    const { first, places } = this.#parts;
    const at = first + row;
    const id = this.#text(places.idStarts[at] ?? 0, places.idEnds[at] ?? 0);
    const bare = id.startsWith('"') ? id.slice(1, -1) : id;
    return bare === "" ? String(places.ordinals[at] ?? 0) : bare;
  }

  host(): string {
    return this.#parts.host;
  }

  channel(row: number): string {
    return this.#parts.places.channels[this.#parts.first + row] ?? "";
  }

  eventId(): number {
    return -1;
  }

  provider(): string {
    return "";
  }

  field(row: number, name: string): FieldValue | undefined {
    return this.#decoded(row).get(name);
  }

  names(row: number): readonly string[] {
    return this.#decoded(row).names();
  }

  putFields(row: number, out: JsonBytes): void {
    putDecodedFields(this, row, out);
  }

  #decoded(row: number): Fields {
    if (row !== this.#row) {
      const { starts, ends, cuts, kinds, columns } = this.#parts.places;
      const at = this.#parts.first + row;
      const text = this.#text(starts[at] ?? 0, ends[at] ?? 0);
      const shape = KINDS[kinds[at] ?? 0]?.shape ?? "plain";
      this.#fields = fieldsOf(cuts[at] === 1 ? `${text}}` : text, shape, columns[at] ?? null);
      this.#row = row;
    }
    return this.#fields;
  }

  #text(start: number, end: number): string {
    const { bytes, form } = this.#parts;
    return decoded(bytes.subarray(start * form.unitBytes, end * form.unitBytes), form);
  }
}
