/**
 * A Windows event out of whatever text it was exported to, under the names that EVTX events and Sigma rules use.
 * Refuses to guess between System and data of the same name: windows-names.ts says which counts. Spec: docs/formats/windows-json.md.
 */
import { formatTicks, toTicks } from "../../../base/time.ts";
import type { FieldValue } from "../../../model/event.ts";
import { type Json, fieldValueOf, isScalar } from "../json/json-value.ts";
import { EVENT_DATA, SYSTEM, SYSTEM_FIRST, SYSTEM_NUMBERS } from "../windows-names.ts";

/** One event in the words of its source, together with the names that Sigma rules use. */
export interface WindowsEvent {
  readonly fields: ReadonlyMap<string, FieldValue>;
  readonly channel: string;
  readonly eventId: number;
  readonly provider: string;
  readonly computer: string;
  /** EventRecordID; "" where the export left it out. */
  readonly recordId: string;
  /** The time as text; "" where there is none. */
  readonly time: string;
}

/** Fields while they are gathered. */
export type Values = Map<string, FieldValue>;

const BLANK = /\s/;

/** Blanks go from names, as in every Sigma rule; of a name that comes twice the first counts. */
export function add(values: Values, name: string, value: Json | undefined): void {
  const bare = BLANK.test(name) ? name.replaceAll(/\s+/g, "") : name;
  if (value !== undefined && !values.has(bare)) values.set(bare, fieldValueOf(value));
}

/** System's field: a number where Windows has a number, also where an exporter writes it as text. */
export function addSystem(system: Values, name: string, value: Json | undefined): void {
  const isNumber =
    typeof value === "string" && SYSTEM_NUMBERS.has(name) && /^(?:0|[1-9]\d{0,14})$/.test(value);
  if (value !== null) add(system, name, isNumber ? Number(value) : value);
}

/** The text of a field that is a text or a number; "" otherwise. */
export function textIn(values: Values, name: string): string {
  const value = values.get(name);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** What System says of an event, under the names that Sigma rules use, with all of its fields. */
export function eventFrom(system: Values, fields: Values, time: string): WindowsEvent {
  return {
    fields,
    channel: textIn(system, "Channel"),
    eventId: eventIdOf(textIn(system, "EventID")),
    provider: textIn(system, "Provider_Name"),
    computer: textIn(system, "Computer"),
    recordId: textIn(system, "EventRecordID"),
    time,
  };
}

/** Windows numbers its events with 16 bits; a number that no 32 bits hold is none: stored, it would become another. */
const EVENT_ID_MAX = 2 ** 31 - 1;

/** The event's number; -1 where the text is none. */
function eventIdOf(text: string): number {
  const id = text === "" ? -1 : Number(text);
  return Number.isInteger(id) && id >= 0 && id <= EVENT_ID_MAX ? id : -1;
}

/** Data before System, but for the names that are System's; the lesser gets its section's name before its own. */
export function joined(system: Values, data: Values): Values {
  const fields: Values = new Map();
  for (const [name, value] of system)
    fields.set(data.has(name) && !SYSTEM_FIRST.has(name) ? `${SYSTEM}_${name}` : name, value);
  for (const [name, value] of data)
    fields.set(system.has(name) && SYSTEM_FIRST.has(name) ? `${EVENT_DATA}_${name}` : name, value);
  return fields;
}

/** Whether these two can say which event it is. */
export function isSystem(id: Json | undefined, channel: Json | undefined): boolean {
  if (typeof channel !== "string") return false;
  return typeof id === "string" ? /^\d{1,5}$/.test(id) : Number.isInteger(id) && Number(id) >= 0;
}

/** The first of these that is a text or a number or a truth value. */
export function firstScalar(values: readonly (Json | undefined)[]): Json | undefined {
  return values.find(isScalar);
}

/** .NET's old form of a date in JSON: milliseconds since 1970 UTC. */
const DOT_NET_DATE = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/;

/**
 * The time as text: a text as it is; a number as ISO 8601 in UTC, counted since 1970 in seconds, milliseconds or
 * microseconds, whichever puts it between 1973 and 5138. "" where it is neither.
 */
export function timeTextOf(value: Json | undefined): string {
  if (typeof value === "number") return timeTextOfNumber(String(value));
  if (typeof value !== "string") return "";
  const millis = DOT_NET_DATE.exec(value)?.[1];
  return millis === undefined ? value : isoOf(BigInt(millis) * 10_000n, 3);
}

/** Digits are taken from the text, because a double of seconds has no exact ticks. */
function timeTextOfNumber(text: string): string {
  const [, whole = "", fraction = ""] = /^(\d{1,16})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === "") return "";
  const scale = whole.length <= 11 ? 7 : whole.length <= 14 ? 4 : 1;
  const ticks = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  return isoOf(ticks, Math.min(7 - scale + fraction.length, 7));
}

function isoOf(count: bigint, digits: number): string {
  const ticks = toTicks(count);
  return ticks === null ? "" : formatTicks(ticks, digits);
}
