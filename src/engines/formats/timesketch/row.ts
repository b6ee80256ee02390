/**
 * One event of a Timesketch timeline, from a line of JSON or a record of CSV: the columns that Timesketch asks for, what
 * our own printer added, and what plaso put there. Refuses objects without message and time. Spec: docs/formats/timesketch.md.
 */
import { UNDATED, toTicks } from "../../../base/time.ts";
import type { FieldValue } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import {
  type Json,
  fieldValueOf,
  isList,
  isObject,
  parseJson,
  stringOf,
} from "../json/json-value.ts";
import type { Line, ReadRow } from "../text/line-reading.ts";
import type { Clock } from "../time/moment.ts";
import { plasoRow } from "../plaso/read.ts";
import type { DecodedRow } from "../rows.ts";
import { type Values, add, isSystem } from "../windows-event/event.ts";

/** The columns of one event by name. */
export type Columns = ReadonlyMap<string, Json>;

/** Whether these names make a Timesketch event. */
export function isTimesketch(names: Pick<ReadonlySet<string>, "has">): boolean {
  return (
    names.has("message") &&
    names.has("timestamp_desc") &&
    (names.has("datetime") || names.has("timestamp"))
  );
}

/** Makes rows of events, in file order, under what the case file says about the file. */
export function makeRows(
  setting: Setting,
  clock: Clock,
): (columns: Columns, line: Line, refuse: Parameters<ReadRow>[2]) => DecodedRow {
  return (columns, line, refuse) => {
    if (isPlasoRecord(columns)) return plasoRow(Object.fromEntries(columns), line, setting, refuse);
    const row = isOurs(columns)
      ? ourRow(columns, line, setting)
      : foreignRow(columns, line, setting);
    return { ...row, ...timeOf(columns, clock, setting, row) };
  };
}

/** A record of a Windows event log that came by way of plaso. */
function isPlasoRecord(columns: Columns): boolean {
  return columns.get("data_type") === "windows:evtx:record";
}

/** Whether src/engines/print wrote it: then it says where the event was first read. */
function isOurs(columns: Columns): boolean {
  return (
    /^[0-9a-f]{64}$/.test(stringOf(columns.get("evidence"))) &&
    ["source", "file", "record", "offset"].every((name) => columns.has(name))
  );
}

/** Columns that are not fields of the event: its time, and what a batch keeps apart. */
const OUR_COLUMNS = new Set(
  "datetime host channel event_id provider zone_assumed fields".split(" "),
);

type Undated = Omit<DecodedRow, "ticks" | "digits">;

function ourRow(columns: Columns, line: Line, setting: Setting): DecodedRow {
  const fields: Values = new Map();
  // As CSV the fields stand in one cell, with their types; they come before what was added to them.
  const packed = parseJson(stringOf(columns.get("fields")));
  if (packed.kind === "value" && isObject(packed.value))
    for (const [name, value] of Object.entries(packed.value)) fields.set(name, exactly(value));
  for (const [name, value] of columns) {
    if (OUR_COLUMNS.has(name)) continue;
    // A field of the event's own under such a name stands in the packed cell; the reference then gives way.
    fields.set(
      fields.has(name) ? `timesketch_${name}` : name,
      name === "offset" ? Number(value) : exactly(value),
    );
  }
  const zone = stringOf(columns.get("zone_assumed"));
  return dated({
    offset: line.offset,
    record: String(line.number),
    zoneAssumed: zone === "" ? null : zone,
    host: setting.host ?? stringOf(columns.get("host")),
    channel: stringOf(columns.get("channel")),
    eventId: eventIdOf(columns.get("event_id")),
    provider: stringOf(columns.get("provider")),
    fields,
  });
}

/** What others call the host, the log, the event id and the provider, the better name first. */
const HOSTS = ["host", "hostname", "computer_name", "Computer", "computer"];
const CHANNELS = ["channel", "Channel"];
const EVENT_IDS = ["event_id", "event_identifier", "EventID", "EventId"];
const PROVIDERS = ["provider", "Provider_Name", "source_name", "Provider"];

function foreignRow(columns: Columns, line: Line, setting: Setting): DecodedRow {
  const fields: Values = new Map();
  for (const [name, value] of columns) if (name !== "datetime") add(fields, name, value);
  const first = (names: readonly string[]) =>
    names.map((name) => columns.get(name)).find((value) => value !== undefined && value !== "");
  const channel = stringOf(first(CHANNELS));
  const id = first(EVENT_IDS);
  return dated({
    offset: line.offset,
    record: String(line.number),
    zoneAssumed: null,
    host: setting.host ?? stringOf(first(HOSTS)),
    channel,
    // Without its log a number says nothing.
    eventId: channel !== "" && isSystem(id, channel) ? eventIdOf(id) : -1,
    provider: stringOf(first(PROVIDERS)),
    fields,
  });
}

function dated(row: Undated): DecodedRow {
  return { ...row, ticks: UNDATED, digits: 0 };
}

/** What our own printer wrote comes back as it was: blanks at the end were taken off, or kept, by the first reader. */
function exactly(value: Json): FieldValue {
  if (isList(value)) return value.map(exactly);
  return typeof value === "string" ? value : fieldValueOf(value);
}

function eventIdOf(value: Json | undefined): number {
  const text = textOf(value);
  return /^\d{1,5}$/.test(text) ? Number(text) : -1;
}

function textOf(value: Json | undefined): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "";
}

/** `datetime` is what people read; `timestamp`, microseconds since 1970, counts where that is missing or no time. */
function timeOf(
  columns: Columns,
  clock: Clock,
  setting: Setting,
  row: DecodedRow,
): Pick<DecodedRow, "ticks" | "digits" | "zoneAssumed"> {
  if (columns.get("timestamp_desc") === "Not a time") {
    return { ticks: UNDATED, digits: 0, zoneAssumed: null };
  }
  const moment = clock(stringOf(columns.get("datetime")));
  if (moment.ticks !== UNDATED) {
    const zoneAssumed = moment.zoned ? row.zoneAssumed : (setting.zone ?? "UTC");
    return { ticks: moment.ticks, digits: moment.digits, zoneAssumed };
  }
  const digits = /^-?\d{1,17}$/.exec(textOf(columns.get("timestamp")))?.[0];
  if (digits === undefined) return { ticks: UNDATED, digits: 0, zoneAssumed: null };
  const ticks = toTicks(BigInt(digits) * 10n - BigInt(Math.round(setting.skewMillis)) * 10_000n);
  return { ticks: ticks ?? UNDATED, digits: ticks === null ? 0 : 6, zoneAssumed: null };
}
