/**
 * A field of a row as rules name it, and its value as rules compare it: text without trailing blanks.
 * Every Sigma reference runner cuts the trailing blanks of event data; five official tests depend on it.
 */
import type { Batch, FieldValue } from "../../model/event.ts";

/** How to get one field of a row. */
export type FieldReader = (batch: Batch, row: number) => FieldValue | undefined;

/** Names that Sigma gives to what a batch keeps in columns (rules specification, "Field Usage"). */
const COLUMNS: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
  ["EventID", (batch, row) => numbered(batch.eventId(row))],
  ["Channel", (batch, row) => named(batch.channel(row))],
  ["Computer", (batch, row) => named(batch.host(row))],
  ["Provider_Name", (batch, row) => named(batch.provider(row))],
]);

function numbered(id: number): number | undefined {
  return id < 0 ? undefined : id;
}

function named(text: string): string | undefined {
  return text === "" ? undefined : text;
}

/** The reader of a field: a column where the row has one under this name, the source's own field otherwise. */
export function fieldReader(name: string): FieldReader {
  const column = COLUMNS.get(name);
  if (column === undefined) return (batch, row) => batch.field(row, name);
  return (batch, row) => column(batch, row) ?? batch.field(row, name);
}

/** Everything in a row that a keyword may stand in. */
export const readWhole: FieldReader = (batch, row) => {
  const values: FieldValue[] = [batch.provider(row), batch.channel(row), batch.host(row)];
  for (const name of batch.names(row)) values.push(batch.field(row, name) ?? null);
  return values;
};

/** A value as it is compared; undefined where the field is missing. Lists keep their items side by side. */
export type Reading = string | null | undefined | readonly (string | null)[];

/** Brings a decoded value to the form that tests look at; `cased` keeps upper and lower case. */
export function readingOf(value: FieldValue | undefined, cased: boolean): Reading {
  if (value === undefined || value === null) return value;
  if (typeof value === "string") return folded(value, cased);
  if (typeof value !== "object") return folded(String(value), cased);
  const items: (string | null)[] = [];
  gather(value, cased, items);
  return items;
}

function gather(values: readonly FieldValue[], cased: boolean, into: (string | null)[]): void {
  for (const value of values) {
    const reading = readingOf(value, cased);
    if (typeof reading === "object" && reading !== null) into.push(...reading);
    else into.push(reading ?? null);
  }
}

/** Text without its case: both the rule's and the event's go through here. */
export function foldCase(text: string): string {
  // Lower case of a sigma depends on what follows it, so a literal and the same letters in a longer text would differ.
  return text.toLowerCase().replaceAll("\u03c2", "\u03c3");
}

function folded(text: string, cased: boolean): string {
  const trimmed = text.trimEnd();
  return cased ? trimmed : foldCase(trimmed);
}
