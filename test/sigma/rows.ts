/** Batches from plain objects, so that rules can be tried on events that no file holds. */
import { UNDATED, parseTime } from "../../src/base/time.ts";
import type { Batch, FieldValue, Span } from "../../src/model/event.ts";
import type { EvidenceHash, FormatId } from "../../src/model/evidence.ts";

/** An event as a test writes it. */
export interface PlainEvent {
  readonly channel?: string;
  readonly eventId?: number;
  readonly provider?: string;
  readonly host?: string;
  /** ISO 8601; without it the event is undated. */
  readonly time?: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A batch of these events; offsets are the row numbers. */
export function batchOf(format: FormatId, events: readonly PlainEvent[]): Batch {
  const at = (row: number): PlainEvent => events[row] ?? { fields: {} };
  const evidence = "0".repeat(64) as EvidenceHash;
  return {
    kind: "batch",
    format,
    place: { evidence, member: "", file: "rows" },
    length: events.length,
    ticks: BigInt64Array.from(events, ({ time }) => parseTime(time ?? "")?.ticks ?? UNDATED),
    digits: 7,
    zoneAssumed: null,
    offsets: Float64Array.from(events.keys()),
    record: (row) => String(row + 1),
    host: (row) => at(row).host ?? "",
    channel: (row) => at(row).channel ?? "",
    eventId: (row) => at(row).eventId ?? -1,
    provider: (row) => at(row).provider ?? "",
    field: (row, name) => (Object.hasOwn(at(row).fields, name) ? at(row).fields[name] : undefined),
    names: (row) => Object.keys(at(row).fields),
    putFields: (row, out) => out.put(JSON.stringify(at(row).fields)),
  };
}

/** The same rows, of which texts can be had as bytes as well; in UTF-8 those that have one. */
export function withSpans(batch: Batch, encoding: NonNullable<Span["encoding"]>): Batch {
  return {
    ...batch,
    span(row, name, into) {
      const value = batch.field(row, name);
      if (typeof value !== "string" || (encoding === "utf-8" && !value.isWellFormed()))
        return false;
      const bytes = Buffer.from(value, encoding);
      into.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      into.start = 0;
      into.end = bytes.byteLength;
      into.encoding = encoding;
      return true;
    },
  };
}
