/** Rows of exported Windows events, already parsed: one window of lines at a time (docs/formats/windows-json.md). */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { type Batch, type FieldValue, putDecodedFields } from "../../../model/event.ts";
import type { Place, Setting } from "../../../model/evidence.ts";
import type { WindowsEvent } from "./dialect.ts";
import type { Moment } from "./moment.ts";

/** One line that is an event. */
export interface Row {
  readonly offset: number;
  readonly line: number;
  readonly event: WindowsEvent;
  readonly moment: Moment;
}

/** Rows of one window. */
export class WindowsJsonBatch implements Batch {
  readonly kind = "batch";
  readonly format = "windows-json";
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly offsets: Float64Array;
  readonly #setting: Setting;
  readonly #rows: readonly Row[];

  constructor(setting: Setting, rows: readonly Row[]) {
    this.#setting = setting;
    this.#rows = rows;
    this.place = setting.place;
    this.length = rows.length;
    this.ticks = BigInt64Array.from(rows, ({ moment }) => moment.ticks);
    this.offsets = Float64Array.from(rows, ({ offset }) => offset);
    this.digits = rows.reduce((most, { moment }) => Math.max(most, moment.digits), 0);
    const stated = rows.every(({ moment }) => moment.zoned);
    this.zoneAssumed = stated ? null : (setting.zone ?? "UTC");
  }

  /** The record id of the log that the event came from; the line where the export left it out. */
  record(row: number): string {
    const line = this.#rows[row];
    if (line === undefined) return "";
    return line.event.recordId === "" ? String(line.line) : line.event.recordId;
  }

  host(row: number): string {
    return this.#setting.host ?? this.#event(row)?.computer ?? "";
  }

  channel(row: number): string {
    return this.#event(row)?.channel ?? "";
  }

  eventId(row: number): number {
    return this.#event(row)?.eventId ?? -1;
  }

  provider(row: number): string {
    return this.#event(row)?.provider ?? "";
  }

  field(row: number, name: string): FieldValue | undefined {
    return this.#event(row)?.fields.get(name);
  }

  names(row: number): readonly string[] {
    return [...(this.#event(row)?.fields.keys() ?? [])];
  }

  putFields(row: number, out: JsonBytes): void {
    putDecodedFields(this, row, out);
  }

  #event(row: number): WindowsEvent | undefined {
    return this.#rows[row]?.event;
  }
}
