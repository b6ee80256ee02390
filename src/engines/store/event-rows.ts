/** Rows of DuckDB as events: parsed at the edge, since what DuckDB gives has no type of ours. */
import type { DuckDBValue } from "@duckdb/node-api";
import { assert } from "../../base/assert.ts";
import { UNDATED } from "../../base/time.ts";
import { type Event, eventKey, type FieldValue } from "../../model/event.ts";
import type { EvidenceHash, FormatId, Place } from "../../model/evidence.ts";
import type { DatabaseRow } from "./database.ts";
import { sql } from "./sql.ts";
import { textOf } from "./text.ts";

/** What `eventOfRow` and `KeptBatch` need of a row, in its order. */
export const EVENT_COLUMNS = sql`ticks, "offset", evidence, member, file, format, digits, zone_assumed,
  host, channel, provider, event_id, record, fields`;

/** Where each of EVENT_COLUMNS stands. */
export const Column = {
  ticks: 0,
  offset: 1,
  evidence: 2,
  member: 3,
  file: 4,
  format: 5,
  digits: 6,
  zoneAssumed: 7,
  host: 8,
  channel: 9,
  provider: 10,
  eventId: 11,
  record: 12,
  fields: 13,
} as const;

/** The event of a row of EVENT_COLUMNS. */
export function eventOfRow(row: DatabaseRow): Event {
  const place = placeOf(row);
  const at = asNumber(row[Column.offset]);
  return {
    key: eventKey(place, at),
    ticks: ticksOf(row[Column.ticks]),
    digits: asNumber(row[Column.digits]),
    zoneAssumed: zoneOf(row),
    format: formatOf(row),
    place,
    record: asText(row[Column.record]),
    offset: at,
    host: asText(row[Column.host]),
    channel: asText(row[Column.channel]),
    eventId: asNumber(row[Column.eventId]),
    provider: asText(row[Column.provider]),
    fields: fieldsOf(asText(row[Column.fields])),
  };
}

/** The time of a row; UNDATED where it has none. */
export function ticksOf(ticks: DuckDBValue | undefined): bigint {
  return ticks === null ? UNDATED : asLong(ticks);
}

/** The zone that was taken for granted for the row, or null. */
export function zoneOf(row: DatabaseRow): string | null {
  const zone = row[Column.zoneAssumed];
  return zone === null ? null : asText(zone);
}

// The two brands below were given when the row was written, by who could know.

/** The source that the row stands in. */
export function placeOf(row: DatabaseRow): Place {
  return {
    evidence: asText(row[Column.evidence]) as EvidenceHash,
    member: asText(row[Column.member]),
    file: asText(row[Column.file]),
  };
}

/** The format of the row's source. */
export function formatOf(row: DatabaseRow): FormatId {
  return asText(row[Column.format]) as FormatId;
}

/** An object without a prototype, so that a field named `__proto__` is one like any other. */
export function fieldsOf(json: string): Readonly<Record<string, FieldValue>> {
  const parsed: Readonly<Record<string, FieldValue>> = JSON.parse(json);
  const fields: Record<string, FieldValue> = Object.create(null);
  for (const name of Object.keys(parsed)) {
    const value = parsed[name];
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

/** A count or any other whole number below 2^53. */
export function asNumber(value: DuckDBValue | undefined): number {
  return typeof value === "number" ? value : Number(asLong(value));
}

/** A whole number of 64 bits. */
export function asLong(value: DuckDBValue | undefined): bigint {
  assert(typeof value === "bigint", "a column of 64 bits gives a bigint");
  return value;
}

/** A text as it was before it was stored. */
export function asText(value: DuckDBValue | undefined): string {
  assert(typeof value === "string", "a column of text gives a string");
  return textOf(value);
}
