/**
 * One row of a table as an event: its time, its host, its columns under their own names, and what the table says of them
 * in common names. Refuses to lose a row for its time: what is no date leaves it undated, with a flaw.
 */
import { UNDATED, formatTicks, ticksFromFiletime, toTicks } from "../../../base/time.ts";
import type { FieldValue } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { type DayReading, contradiction, readDateText } from "../time/day-order.ts";
import { type Json, type NotRead, fieldValueOf } from "../json/json-value.ts";
import type { Clock } from "../time/moment.ts";
import type { DecodedRow } from "../rows.ts";
import type { Columns } from "./columns.ts";
import { type Table, fold } from "./table.ts";

/** Where a row stands. */
export interface RowPlace {
  readonly offset: number;
  readonly record: string;
}

/** What makes rows of one file, in file order. */
export type MakeRow = (
  columns: Columns,
  place: RowPlace,
  refuse: (why: Omit<NotRead, "kind">) => void,
) => DecodedRow;

/** How dates of one file are read. */
export interface Dating {
  readonly setting: Setting;
  readonly clock: Clock;
  readonly order: DayReading;
}

/** The table of a row with these names: one for a whole CSV; a file of JSON may hold several of one product. */
export type TableOf = (names: readonly string[]) => Table;

/** Which column holds what, for one list of names. */
export interface Plan {
  readonly table: Table;
  readonly constants: readonly (readonly [name: string, value: string])[];
  /** Names as fields: without blanks; null for a name that came before. */
  readonly fields: readonly (string | null)[];
  readonly time: readonly number[];
  readonly clock: readonly number[];
  readonly host: readonly number[];
  readonly also: readonly (readonly [name: string, columns: readonly number[]])[];
}

/** Rows of JSON differ in their names; so many kinds of rows are remembered. */
const PLANS_MAX = 256;

/** Makes rows, each of the table that its names tell. */
export function makeRows(tableOf: TableOf, dating: Dating): MakeRow {
  const planOf = remember((names) => makePlan(tableOf(names), names));
  return ({ names, values }, { offset, record }, refuse) => {
    const plan = planOf(names);
    const { channel, provider } = plan.table;
    const moment = momentOf(timeText(plan, values), plan.table, dating, refuse);
    const host = dating.setting.host ?? hostOf(textOf(firstOf(plan.host, values)));
    return new TableRow(
      { offset, record, ...moment, host, channel, eventId: -1, provider },
      plan,
      values,
    );
  };
}

/** A row whose fields are gathered when somebody asks for the first of them. */
class TableRow implements DecodedRow {
  readonly offset: number;
  readonly record: string;
  readonly ticks: bigint;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly host: string;
  readonly channel: string;
  readonly eventId: number;
  readonly provider: string;
  readonly #plan: Plan;
  readonly #values: readonly Json[];
  #fields: ReadonlyMap<string, FieldValue> | null = null;

  constructor(row: Omit<DecodedRow, "fields">, plan: Plan, values: readonly Json[]) {
    this.offset = row.offset;
    this.record = row.record;
    this.ticks = row.ticks;
    this.digits = row.digits;
    this.zoneAssumed = row.zoneAssumed;
    this.host = row.host;
    this.channel = row.channel;
    this.eventId = row.eventId;
    this.provider = row.provider;
    this.#plan = plan;
    this.#values = values;
  }

  get fields(): ReadonlyMap<string, FieldValue> {
    this.#fields ??= fieldsOf(this.#plan, this.#values);
    return this.#fields;
  }
}

function fieldsOf(plan: Plan, values: readonly Json[]): ReadonlyMap<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  for (const [column, name] of plan.fields.entries()) {
    const value = values[column] ?? "";
    // An empty cell is a column that the row lacks: CSV has no other way to say so.
    if (name !== null && value !== "") fields.set(name, fieldValueOf(value));
  }
  for (const [name, columns] of plan.also) {
    const value = firstOf(columns, values);
    if (value !== "") addCommon(fields, name, fieldValueOf(value));
  }
  for (const [name, value] of plan.constants) addCommon(fields, name, value);
  return fields;
}

/** The common field; a column of the same name that says something else keeps its value under another name. */
function addCommon(fields: Map<string, FieldValue>, name: string, value: FieldValue): void {
  const own = fields.get(name);
  if (own !== undefined && own !== value) fields.set(`table_${name}`, own);
  fields.set(name, value);
}

/** The plan of rows with these names. */
export function makePlan(table: Table, names: readonly string[]): Plan {
  const folded = names.map(fold);
  const indexes = (wanted: readonly string[]) =>
    wanted.map((name) => folded.indexOf(fold(name))).filter((column) => column >= 0);
  const bare = names.map((name) => name.replaceAll(/\s+/g, ""));
  const fields = bare.map((name, column) =>
    name === "" || bare.indexOf(name) !== column ? null : name,
  );
  const also = Object.entries(table.also).map(
    ([name, columns]) => [name, indexes(columns)] as const,
  );
  return {
    table,
    constants: Object.entries(table.constants),
    fields,
    time: indexes(table.time?.columns ?? []),
    clock: indexes(table.time?.clock === undefined ? [] : [table.time.clock]),
    host: indexes(table.host),
    // A column that is called so itself says nothing more.
    also: also.filter(
      ([name, columns]) => columns.length !== 1 || fields[columns[0] ?? -1] !== name,
    ),
  };
}

/** The texts of a row's time, as they stand, for who decides on the order of their days. */
export function makeTimeTexts(tableOf: TableOf): (columns: Columns) => string {
  const planOf = remember((names) => makePlan(tableOf(names), names));
  return ({ names, values }) => timeText(planOf(names), values);
}

/** The last plan is asked for again mostly: CSV has one. */
function remember(make: (names: readonly string[]) => Plan): (names: readonly string[]) => Plan {
  const plans = new Map<string, Plan>();
  let last: readonly string[] = [];
  let lastPlan = make(last);
  return (names) => {
    if (names === last) return lastPlan;
    const key = names.join("\u0000");
    const plan = plans.get(key) ?? make(names);
    if (plans.size < PLANS_MAX) plans.set(key, plan);
    last = names;
    lastPlan = plan;
    return plan;
  };
}

function firstOf(columns: readonly number[], values: readonly Json[]): Json {
  for (const column of columns) {
    const value = values[column] ?? "";
    if (value !== "") return value;
  }
  return "";
}

function textOf(value: Json): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function timeText(plan: Plan, values: readonly Json[]): string {
  return timeOf(textOf(firstOf(plan.time, values)), textOf(firstOf(plan.clock, values)));
}

/** The text of a time, whose time of day may stand in a column of its own. */
export function timeOf(day: string, clock: string): string {
  const isWhole = day.trim() === "" || clock.trim() === "";
  return isWhole ? day.trim() : `${day.trim()} ${clock.trim()}`;
}

/** A host by the text of its column. `MX1 (15.01.2106.002)` is how Exchange names the server that wrote an entry. */
export function hostOf(text: string): string {
  const end = text.indexOf(" (");
  return (end < 0 ? text : text.slice(0, end)).trim();
}

/** When a row happened. */
export type Dated = Pick<DecodedRow, "ticks" | "digits" | "zoneAssumed">;
const NO_DATE: Dated = { ticks: UNDATED, digits: 0, zoneAssumed: null };

/** The time that a text says; why it is none goes to `refuse`. An empty text is no time, and no flaw. */
export function momentOf(
  text: string,
  table: Table,
  { setting, clock, order }: Dating,
  refuse: (why: Omit<NotRead, "kind">) => void,
): Dated {
  if (text === "") return NO_DATE;
  const iso = isoOf(text, table, order);
  if (iso === null) {
    const isDate = readDateText(text, order.order).kind === "contradicts";
    refuse(isDate ? contradiction(text, order) : { what: "time", need: "a date", have: text });
    return NO_DATE;
  }
  const { ticks, digits, zoned } = clock(iso);
  if (ticks === UNDATED) {
    refuse({ what: "time", need: "a year from 1601 to 9999", have: text });
    return NO_DATE;
  }
  return { ticks, digits, zoneAssumed: zoned ? null : (setting.zone ?? "UTC") };
}

/** The time as ISO 8601; null where it is none, or reads only the other way round. */
export function isoOf(
  text: string,
  { time }: Table,
  { order }: Pick<DayReading, "order">,
): string | null {
  const counted = time === null ? null : countedTime(text, time.written);
  if (counted !== null) return counted;
  const read = readDateText(text, order);
  if (read.kind !== "read") return null;
  return time?.zone === "utc" && !ZONED.test(read.iso) ? `${read.iso}Z` : read.iso;
}

/** A bare date ends like an offset; a time of day with one does not. */
const ZONED = /(?:Z|:\d\d(?:[.,]\d{1,9})? ?[+-]\d\d:?\d\d)$/;
/** Decimals of the second that one unit stands for: digits are counted as text, because a double has no exact ticks. */
const DECIMALS = { "epoch-seconds": 0, "epoch-millis": 3, filetime: 7 } as const;
const COUNT = /^(\d{1,18})(?:\.(\d{1,9}))?$/;

function countedTime(text: string, written: NonNullable<Table["time"]>["written"]): string | null {
  if (written === "text") return null;
  const [, whole = "", fraction = ""] = COUNT.exec(text) ?? [];
  if (whole === "") return null;
  const decimals = DECIMALS[written];
  const rest = 7 - decimals;
  const count = BigInt(whole + fraction.slice(0, rest).padEnd(rest, "0"));
  const ticks = written === "filetime" ? ticksFromFiletime(count) : toTicks(count);
  return ticks === null ? null : formatTicks(ticks, Math.min(decimals + fraction.length, 7));
}
