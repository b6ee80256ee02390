/**
 * Which of two numbers is the day: `03/04/2021` is 3 April or 4 March. The dates of the file decide where one of them reads
 * only one way, else the case file, the order of the file, and at last what the format usually writes. Refuses to
 * decide in silence: the reading is an Assumption that shows the other one. Spec: docs/formats/table.md.
 */
import { parseTime, readableTime } from "../../../base/time.ts";
import type { Assumption, DayOrder, Setting } from "../../../model/evidence.ts";
import { type OpenDate, isDay, isoOf, parseDateText } from "./date-text.ts";

/** How many first bytes of a source are looked at: fixed, so that every range of it decides alike. */
export const DAY_ORDER_BYTES = 4_194_304;

/** What holds where the file does not tell: the usual writing of the format, and how that is known. */
export interface UsualOrder {
  readonly order: DayOrder;
  readonly why: string;
}

/** How the dates of one file are read. */
export interface DayReading {
  readonly order: DayOrder;
  /** What decided, in words. */
  readonly why: string;
  /** A date of the file, both readings of which are possible where there is one; null: the file has no such dates. */
  readonly example: string | null;
}

/** A date under a reading: ISO 8601; a date that only the other reading allows; or none. */
export type DateRead =
  | { readonly kind: "read"; readonly iso: string }
  | { readonly kind: "contradicts" }
  | { readonly kind: "none" };

/** Decides by the dates of the file's first bytes, in file order; texts that are no such dates do not matter. */
export function decideDayOrder(
  texts: Iterable<string>,
  usual: UsualOrder,
  setting: Pick<Setting, "dayOrder">,
): DayReading {
  const seen = survey(texts);
  const example = seen.open ?? seen["day-first"].example ?? seen["month-first"].example;
  return { ...orderOf(seen, usual, setting.dayOrder ?? null), example };
}

/** Reads one date, and the time of day behind it. */
export function readDateText(text: string, order: DayOrder): DateRead {
  const date = parseDateText(text);
  if (date === null) return { kind: "none" };
  if (date.kind === "told") return { kind: "read", iso: date.iso };
  const iso = isoUnder(date, order);
  if (iso !== null) return { kind: "read", iso };
  return isoUnder(date, otherOf(order)) === null ? { kind: "none" } : { kind: "contradicts" };
}

/** The reading as something taken for granted; null where the file has no date that needs it. */
export function dayOrderAssumption(file: string, reading: DayReading): Assumption | null {
  const { order, why, example } = reading;
  const date = example === null ? null : parseDateText(example);
  if (example === null || date?.kind !== "open") return null;
  const read = dayUnder(date, order) ?? "none";
  const other = dayUnder(date, otherOf(order));
  const beside = other === null ? "" : `; the other reading is ${other}`;
  return { file, what: "day-order", value: `${order}: ${example} is ${read}${beside}`, why };
}

/** Why a date was left undated, in the words of a flaw. */
export function contradiction(
  text: string,
  { order }: DayReading,
): { readonly what: string; readonly need: string; readonly have: string } {
  return { what: "date", need: `a ${order} date, as the file's others`, have: text };
}

/** What the numeric dates of a file say together. */
interface Survey {
  /** The first date that has two readings. */
  open: string | null;
  readonly "day-first": Sighting;
  readonly "month-first": Sighting;
  /** Whether the texts themselves ascend or descend: a file sorted as text says nothing about time. */
  readonly texts: Trend<string>;
  separator: string;
}

/** What speaks for one order. */
interface Sighting {
  /** Dates that only this order can read. */
  count: number;
  example: string | null;
  readonly times: Trend<number>;
}

function survey(texts: Iterable<string>): Survey {
  const seen: Survey = {
    open: null,
    "day-first": { count: 0, example: null, times: new Trend() },
    "month-first": { count: 0, example: null, times: new Trend() },
    texts: new Trend(),
    separator: "",
  };
  for (const text of texts) {
    const date = parseDateText(text);
    if (date?.kind === "open") note(seen, date, shownDate(text));
  }
  return seen;
}

function note(seen: Survey, date: OpenDate, shown: string): void {
  const asDayFirst = dayNumber(date, "day-first");
  const asMonthFirst = dayNumber(date, "month-first");
  if (asDayFirst === null && asMonthFirst === null) return;
  seen.separator ||= date.separator;
  if (asDayFirst !== null && asMonthFirst !== null) {
    if (asDayFirst !== asMonthFirst) seen.open ??= shown;
    seen["day-first"].times.add(asDayFirst);
    seen["month-first"].times.add(asMonthFirst);
    seen.texts.add(shown);
  } else {
    const only = seen[asDayFirst !== null ? "day-first" : "month-first"];
    only.count++;
    only.example ??= shown;
  }
}

function orderOf(
  seen: Survey,
  usual: UsualOrder,
  stated: DayOrder | null,
): Pick<DayReading, "order" | "why"> {
  return (
    orderByNumbers(seen) ??
    (stated === null ? null : { order: stated, why: "the case file says so for this file" }) ??
    orderByTrend(seen) ??
    (seen.separator === "." && usual.order === "month-first"
      ? { order: "day-first", why: "nothing in the file decides; with dots the day stands first" }
      : { order: usual.order, why: `nothing in the file decides; ${usual.why}` })
  );
}

/** By numbers over 12. Where some speak for either order the more count; the others are left undated. */
function orderByNumbers(seen: Survey): Pick<DayReading, "order" | "why"> | null {
  const byCount = (order: DayOrder) => seen[order].count;
  if (byCount("day-first") + byCount("month-first") === 0) return null;
  const order = byCount("day-first") >= byCount("month-first") ? "day-first" : "month-first";
  const against = byCount(otherOf(order));
  const others = against === 0 ? "" : `; dates that say the contrary: ${against}`;
  return { order, why: `decided by ${seen[order].example ?? ""}, which has one reading${others}` };
}

/** Logs are written in the order of time: where only one reading keeps it, that one is meant. */
function orderByTrend(seen: Survey): Pick<DayReading, "order" | "why"> | null {
  if (seen.texts.isOrdered) return null;
  const isDayFirst = seen["day-first"].times.isOrdered;
  if (isDayFirst === seen["month-first"].times.isOrdered) return null;
  const order = isDayFirst ? "day-first" : "month-first";
  return { order, why: "decided by the order of its rows: only so do their dates never turn back" };
}

/** Fewer different dates than this can be in order by chance. */
const STEPS_MIN = 3;

/** Whether values only ever rise, or only ever fall. */
class Trend<T extends string | number> {
  #last: T | null = null;
  #rises = 0;
  #falls = 0;

  add(value: T): void {
    if (this.#last !== null && value > this.#last) this.#rises++;
    if (this.#last !== null && value < this.#last) this.#falls++;
    this.#last = value;
  }

  get isOrdered(): boolean {
    const isOneWay = this.#rises === 0 || this.#falls === 0;
    return isOneWay && this.#rises + this.#falls >= STEPS_MIN;
  }
}

/** The date without its time of day. */
function shownDate(text: string): string {
  return text.trim().split(/[\s,T]/, 1)[0] ?? "";
}

/** Day and month under an order; null where there is no such day. */
function dayAndMonth(
  { first, second, year }: OpenDate,
  order: DayOrder,
): { readonly day: number; readonly month: number } | null {
  const day = order === "day-first" ? first : second;
  const month = order === "day-first" ? second : first;
  return isDay(year, month, day) ? { day, month } : null;
}

function isoUnder(date: OpenDate, order: DayOrder): string | null {
  const read = dayAndMonth(date, order);
  return read === null ? null : `${isoOf(date.year, read.month, read.day) ?? ""}${date.rest}`;
}

/** A number that grows with the day. */
function dayNumber(date: OpenDate, order: DayOrder): number | null {
  const read = dayAndMonth(date, order);
  return read === null ? null : (date.year * 12 + read.month) * 31 + read.day;
}

/** `3 April 2021`. */
function dayUnder(date: OpenDate, order: DayOrder): string | null {
  const iso = isoUnder({ ...date, rest: "" }, order);
  const read = iso === null ? null : parseTime(iso);
  return read === null ? null : (readableTime(read.ticks).split(",", 1)[0] ?? null);
}

function otherOf(order: DayOrder): DayOrder {
  return order === "day-first" ? "month-first" : "day-first";
}
