/**
 * An event as columns: the schema of every segment. Times are ticks, null where there is none; `source` and `offset`
 * are the key of the event; `fields` is one JSON object a row; `event_id` is -1 where the source has none.
 */
import type { JsonBytes } from "../../base/json-bytes.ts";
import type { Batch } from "../../model/event.ts";
import { sourceOf } from "./order.ts";
import {
  type Column,
  DictionaryColumn,
  GROUP_ROWS_MAX,
  LongColumn,
  TextColumn,
} from "./parquet/columns.ts";
import type { Group } from "./segment.ts";
import { putText, storedText } from "./text.ts";
import { NO_TICKS } from "./segment.ts";

/** Texts of one row group may take this much: hostile rows of megabytes must not pile up 32,768 deep. */
const TEXT_BYTES_FULL = 1 << 24;

/** The columns of one row group, filled from batches. */
export class EventColumns {
  rows = 0;
  #textBytes = 0;
  readonly #ticks = new LongColumn({ name: "ticks", type: "int64", nullable: true });
  readonly #offset = new LongColumn({ name: "offset", type: "int64", nullable: false });
  readonly #source = textColumn("source");
  readonly #evidence = textColumn("evidence");
  readonly #member = textColumn("member");
  readonly #file = textColumn("file");
  readonly #format = textColumn("format");
  readonly #digits = numberColumn("digits");
  readonly #zoneAssumed = textColumn("zone_assumed", true);
  readonly #host = textColumn("host");
  readonly #channel = textColumn("channel");
  readonly #provider = textColumn("provider");
  readonly #eventId = numberColumn("event_id");
  readonly #record = new TextColumn("record");
  readonly #fields = new TextColumn("fields");

  /** In the order in which they lie: what a page is chosen by first, what is widest last. */
  readonly columns: readonly Column[] = [
    this.#ticks,
    this.#offset,
    this.#source,
    this.#evidence,
    this.#member,
    this.#file,
    this.#format,
    this.#digits,
    this.#zoneAssumed,
    this.#host,
    this.#channel,
    this.#provider,
    this.#eventId,
    this.#record,
    this.#fields,
  ];

  /** Whether the next row belongs into another group. */
  get full(): boolean {
    return this.rows === GROUP_ROWS_MAX || this.#textBytes >= TEXT_BYTES_FULL;
  }

  /** Takes rows from `from` on until the group is full or the batch at its end; where it stopped. */
  add(batch: Batch, from: number): number {
    const to = this.#addFields(batch, from);
    this.#ticks.addLongs(batch.ticks, from, to);
    this.#offset.addNumbers(batch.offsets, from, to);
    this.#addReading(batch, to - from);
    for (let row = from; row < to; row++) {
      this.#host.add(batch.host(row));
      this.#channel.add(batch.channel(row));
      this.#provider.add(batch.provider(row));
      this.#eventId.add(batch.eventId(row));
    }
    this.rows += to - from;
    return to;
  }

  /** What the manifest keeps of the group. */
  group(): Group {
    const ticks = this.#ticks.range();
    const offsets = this.#offset.range();
    return {
      rows: this.rows,
      undated: this.#ticks.nulls,
      ticksMin: ticks?.min ?? NO_TICKS.ticksMin,
      ticksMax: ticks?.max ?? NO_TICKS.ticksMax,
      offsetMin: Number(offsets?.min ?? 0n),
      offsetMax: Number(offsets?.max ?? 0n),
    };
  }

  /** After the group was written: the columns have emptied themselves. */
  clear(): void {
    this.rows = 0;
    this.#textBytes = 0;
  }

  /** The widest columns, which decide when the group is full. */
  #addFields(batch: Batch, from: number): number {
    const to = Math.min(batch.length, from + GROUP_ROWS_MAX - this.rows);
    const fields = this.#fields;
    const record = this.#record;
    for (let row = from; row < to; row++) {
      if (this.#textBytes >= TEXT_BYTES_FULL) return row;
      fields.open();
      batch.putFields(row, fields.out);
      record.open();
      putText(batch.record(row), record.out);
      this.#textBytes += fields.close() + record.close();
    }
    return to;
  }

  /** What all rows of a batch share. */
  #addReading(batch: Batch, rows: number): void {
    const { place } = batch;
    this.#source.fill(sourceOf(place), rows);
    this.#evidence.fill(place.evidence, rows);
    this.#member.fill(place.member, rows);
    this.#file.fill(place.file, rows);
    this.#format.fill(batch.format, rows);
    this.#digits.fill(batch.digits, rows);
    this.#zoneAssumed.fill(batch.zoneAssumed, rows);
  }
}

function textColumn(name: string, nullable = false): DictionaryColumn<string> {
  return new DictionaryColumn({ name, type: "text", nullable }, (value: string, out: JsonBytes) => {
    const start = out.length;
    out.reserve(4);
    out.length += 4;
    out.put(storedText(value));
    out.view.setUint32(start, out.length - start - 4, true);
  });
}

function numberColumn(name: string): DictionaryColumn<number> {
  return new DictionaryColumn({ name, type: "int32", nullable: false }, (value, out) => {
    out.reserve(4);
    out.view.setInt32(out.length, value, true);
    out.length += 4;
  });
}
