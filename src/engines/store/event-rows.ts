/** Rows of DuckDB as events: parsed at the edge, since what DuckDB gives has no type of ours. */
import type { DuckDBValue } from "@duckdb/node-api";
import { assert } from "../../base/assert.ts";
import { UNDATED } from "../../base/time.ts";
import { type Event, eventKey, type FieldValue } from "../../model/event.ts";
import type { EvidenceHash, FormatId, Place } from "../../model/evidence.ts";
import type { DatabaseRow } from "./database.ts";
import { sql } from "./sql.ts";
import { textOf } from "./text.ts";

/** What `eventOfRow` needs of a row, in its order. */
export const EVENT_COLUMNS = sql`ticks, "offset", evidence, member, file, format, digits, zone_assumed,
  host, channel, provider, event_id, record, fields`;

/** The event of a row of EVENT_COLUMNS. */
export function eventOfRow(row: DatabaseRow): Event {
  const [ticks, offset, evidence, member, file, format, digits, zone, ...rest] = row;
  const [host, channel, provider, eventId, record, fields] = rest;
  const place: Place = {
    evidence: asEvidence(asText(evidence)),
    member: asText(member),
    file: asText(file),
  };
  const at = asNumber(offset);
  return {
    key: eventKey(place, at),
    ticks: ticks === null ? UNDATED : asLong(ticks),
    digits: asNumber(digits),
    zoneAssumed: zone === null ? null : asText(zone),
    format: asFormat(asText(format)),
    place,
    record: asText(record),
    offset: at,
    host: asText(host),
    channel: asText(channel),
    eventId: asNumber(eventId),
    provider: asText(provider),
    fields: fieldsOf(asText(fields)),
  };
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

// The two brands below were given when the row was written, by who could know.

function asEvidence(text: string): EvidenceHash {
  return text as EvidenceHash;
}

function asFormat(text: string): FormatId {
  return text as FormatId;
}

/** An object without a prototype, so that a field named `__proto__` is one like any other. */
function fieldsOf(json: string): Readonly<Record<string, FieldValue>> {
  const parsed: Readonly<Record<string, FieldValue>> = JSON.parse(json);
  const fields: Record<string, FieldValue> = Object.create(null);
  for (const [name, value] of Object.entries(parsed)) fields[name] = value;
  return fields;
}
