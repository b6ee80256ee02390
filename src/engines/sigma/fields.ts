/**
 * A field of a row as rules name it, and its value as rules compare it: text without trailing blanks.
 * Every Sigma reference runner cuts the trailing blanks of event data; five official tests depend on it.
 */
import { UNDATED, formatTicks, toTicks } from "../../base/time.ts";
import type { Batch, FieldValue } from "../../model/event.ts";
import type { ValueTest } from "./rule.ts";

/** How to get one field of a row. */
export type FieldReader = (batch: Batch, row: number) => FieldValue | undefined;

/** Names that Sigma gives to what a batch keeps in columns (rules specification, "Field Usage"). */
export const COLUMNS: ReadonlyMap<string, FieldReader> = new Map<string, FieldReader>([
  ["EventID", (batch, row) => numbered(batch.eventId(row))],
  ["Channel", (batch, row) => named(batch.channel(row))],
  ["Computer", (batch, row) => named(batch.host(row))],
  ["Provider_Name", (batch, row) => named(batch.provider(row))],
  ["@timestamp", (batch, row) => timed(batch, row)],
]);

/** Fields in which logs write when the event happened; its own time is the same in all of them, and in UTC. */
const OWN_TIMES: ReadonlySet<string> = new Set([
  "@timestamp",
  "TimeCreated",
  "TimeCreated_SystemTime",
  "SystemTime",
  "timestamp",
  "date",
  "time",
]);

/** The field that is read for tests on the field of this name: for parts of the event's own time, that time. */
export function fieldOfTest(name: string, tests: readonly ValueTest[]): string {
  const onTime = tests.some((test) => test.kind === "number" && test.part !== null);
  return onTime && OWN_TIMES.has(name) ? "@timestamp" : name;
}

function numbered(id: number): number | undefined {
  return id < 0 ? undefined : id;
}

function timed(batch: Batch, row: number): string | undefined {
  const ticks = toTicks(batch.ticks[row] ?? UNDATED);
  return ticks === null ? undefined : formatTicks(ticks, batch.digits);
}

function named(text: string): string | undefined {
  return text === "" ? undefined : text;
}

/** What two fields say together, by name: `UrlStem ? UrlQuery`. Names of fields have no blanks. */
const JOINED = /^(\S+) (\S) (\S+)$/;

/** The fields of the source that stand behind a name: two where it joins them. */
export function partsOfName(name: string): readonly string[] {
  const [, left, , right] = JOINED.exec(name) ?? [];
  return left === undefined || right === undefined ? [name] : [left, right];
}

/** Whether a name means one field of the source and nothing else: no column, no two fields joined. */
export function isSourceField(name: string): boolean {
  return !COLUMNS.has(name) && !JOINED.test(name);
}

/**
 * The reader of a field: a column where the row has one under this name, the source's own field otherwise. Of a joined
 * name both texts with the mark between them, once; one of them where the other is missing.
 */
export function fieldReader(name: string): FieldReader {
  const [, left, mark, right] = JOINED.exec(name) ?? [];
  if (left !== undefined && mark !== undefined && right !== undefined)
    return joinedReader(fieldReader(left), mark, fieldReader(right));
  const column = COLUMNS.get(name);
  if (column === undefined) return (batch, row) => batch.field(row, name);
  return (batch, row) => column(batch, row) ?? batch.field(row, name);
}

function joinedReader(readLeft: FieldReader, mark: string, readRight: FieldReader): FieldReader {
  return (batch, row) => {
    const left = readLeft(batch, row) ?? "";
    const right = readRight(batch, row) ?? "";
    if (left === "" && right === "") return undefined;
    if (left === "" || right === "") return left === "" ? right : left;
    const tail = String(right);
    return tail.startsWith(mark) ? `${String(left)}${tail}` : `${String(left)}${mark}${tail}`;
  };
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

/** A text as it is compared: without trailing blanks, and without its case unless it is `cased`. */
export function folded(text: string, cased: boolean): string {
  const trimmed = text.trimEnd();
  return cased ? trimmed : foldCase(trimmed);
}
