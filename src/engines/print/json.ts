/**
 * The parts of an event as JSON (RFC 8259, docs/formats/event.md). Refuses nothing: every FieldValue has a
 * text. A finished line goes through inertJson before anybody sees it.
 */
import { formatTicks, toTicks } from "../../base/time.ts";
import type { FieldValue } from "../../model/event.ts";

const INTEGER = /^(?:0|[1-9]\d{0,15})$/;

/** A text as JSON. */
export function printText(text: string): string {
  return JSON.stringify(text);
}

/** A decoded value as JSON. NaN and the infinities, which JSON lacks, are texts of that name. */
export function printValue(value: FieldValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return printText(value);
  if (typeof value === "number") return Number.isFinite(value) ? `${value}` : `"${value}"`;
  if (typeof value === "boolean") return value ? "true" : "false";
  return `[${value.map(printValue).join(",")}]`;
}

/** Fields as a JSON object, in the order of the source. */
export function printFields(fields: Readonly<Record<string, FieldValue>>): string {
  let pairs = "";
  for (const name of Object.keys(fields))
    pairs += `${pairs === "" ? "" : ","}${printText(name)}:${printValue(fields[name] ?? null)}`;
  return `{${pairs}}`;
}

/** The name of a record: a number where it is one that JSON carries exactly, otherwise a text. */
export function printRecord(record: string): string {
  return INTEGER.test(record) && Number.isSafeInteger(Number(record)) ? record : printText(record);
}

/** A time in UTC with the digits of its source, or null where the row is undated. */
export function printTime(ticks: bigint, digits: number): string {
  const time = toTicks(ticks);
  return time === null ? "null" : `"${formatTicks(time, digits)}"`;
}

/** A name, or null where the source gives none: unknown is a value, and no empty text. */
export function printName(name: string): string {
  return name === "" ? "null" : printText(name);
}
