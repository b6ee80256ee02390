/**
 * Dates and times as programs print them for people, into ISO 8601 that a Clock reads. Refuses to guess: of two numbers that
 * could each be the month it tells both, and month names that are not English are no date. Spec: docs/formats/table.md.
 */
import { formatTicks, parseTime, ticksFromFiletime, ticksFromMillis } from "../../../base/time.ts";

/** A date whose text is understood, but for which of two numbers is the month. */
export type DateText =
  /** ISO 8601; with a zone where the text had one. */
  { readonly kind: "told"; readonly iso: string } | OpenDate;

/** Two numbers before a year, each 1 to 31: which one is the month, day-order.ts decides. */
export interface OpenDate {
  readonly kind: "open";
  readonly first: number;
  readonly second: number;
  readonly year: number;
  /** `T04:12:33.5Z`, or "" where only the day was written. */
  readonly rest: string;
  /** Between the numbers: `/`, `.` or `-`. */
  readonly separator: string;
}

/** Longer texts are no dates: bounds the work on hostile cells. */
const CHARS_MAX = 64;

/** ISO 8601 whose time of day is one; the day is looked at by itself. */
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)? ?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?$/;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const NUMBERS = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d\d)(?:[ ,T]+(\S.*))?$/;
const YEAR_FIRST = /^(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?:[ ,T]+(\S.*))?$/;
/** `13 Aug 2021 04:12`, `13-Aug-21`, `Fri, 13 August 2021 04:12:33 +0000`. */
const DAY_MONTH =
  /^(?:[A-Za-z]{3,9},? +)?(\d{1,2})[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4}|\d\d)(?:[ ,@]+(\S.*))?$/;
/** `Aug 13, 2021 4:12 AM`, `Friday, August 13, 2021 4:12:33 AM`, `Aug 13, 2021 @ 04:12:33.000`. */
const MONTH_DAY =
  /^(?:[A-Za-z]{3,9},? +)?([A-Za-z]{3,9})\.? +(\d{1,2}),? +(\d{4})(?:[ ,@]+(\S.*))?$/;
/** `Fri Aug 13 04:12:33 2021`, as ctime(3) prints, with or without a zone before the year. */
const CTIME = /^[A-Za-z]{3} +([A-Za-z]{3}) +(\d{1,2}) +(\d\d:\d\d:\d\d)( [A-Z]{1,3})? +(\d{4})$/;
/** `20210813` as Windows writes installation dates; `-041233` may follow, or `041233.000000+060` as CIM has it. */
const COMPACT =
  /^(\d{4})(\d\d)(\d\d)(?:-(\d\d)(\d\d)(\d\d)|(\d\d)(\d\d)(\d\d)\.(\d{6})([+-]\d{3}))?$/;
/** What ConvertTo-Json of Windows PowerShell makes of a date: milliseconds since 1970 UTC. */
const JSON_DATE = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/;
/** A FILETIME as 16 hexadecimal digits, as QuickFixEngineering gives it on some systems; begins with 01 from 1829 to 2057. */
const HEX_FILETIME = /^01[0-9a-f]{14}$/i;
const CLOCK =
  /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,:](\d{1,9}))?)? ?([ap]\.?m\.?)? ?(z|utc|gmt|[+-]\d\d(?::?\d\d)?)?$/i;

/** Reads a date or a date with a time; null where the text is none. */
export function parseDateText(text: string): DateText | null {
  if (text.length > CHARS_MAX) return null;
  const iso = ISO.exec(text);
  if (iso !== null)
    return isDay(Number(iso[1]), Number(iso[2]), Number(iso[3]))
      ? { kind: "told", iso: text }
      : null;
  const plain = text
    // Blanks that newer runtimes put before AM, and marks of direction that a console export carries.
    .replace(/[\u00a0\u202f]/g, " ")
    .replace(/[\u200e\u200f]/g, "")
    .trim();
  return (
    openDate(plain) ?? told(yearFirst(plain) ?? named(plain) ?? compact(plain) ?? counted(plain))
  );
}

function openDate(text: string): OpenDate | null {
  const [, first = "", separator = "", second = "", year = "", clock] = NUMBERS.exec(text) ?? [];
  const rest = clock === undefined ? "" : clockOf(clock);
  if (year === "" || rest === null) return null;
  const numbers = { first: Number(first), second: Number(second), year: fullYear(year) };
  return numbers.first > 31 || numbers.second > 31
    ? null
    : { kind: "open", ...numbers, rest, separator };
}

/** The ISO text where it is a real time. */
function told(iso: string | null): DateText | null {
  return iso === null || parseTime(iso) === null ? null : { kind: "told", iso };
}

function yearFirst(text: string): string | null {
  const [, year = "", , month = "", day = "", clock] = YEAR_FIRST.exec(text) ?? [];
  return year === "" ? null : isoOf(Number(year), Number(month), Number(day), clock);
}

function named(text: string): string | null {
  const dayMonth = DAY_MONTH.exec(text);
  if (dayMonth !== null) {
    const [, day = "", month = "", year = "", clock] = dayMonth;
    return isoOf(fullYear(year), monthOf(month), Number(day), clock);
  }
  const monthDay = MONTH_DAY.exec(text);
  if (monthDay !== null) {
    const [, month = "", day = "", year = "", clock] = monthDay;
    return isoOf(Number(year), monthOf(month), Number(day), clock);
  }
  const [, month = "", day = "", clock = "", zone = "", year = ""] = CTIME.exec(text) ?? [];
  return year === "" ? null : isoOf(Number(year), monthOf(month), Number(day), clock + zone);
}

function compact(text: string): string | null {
  const parts = COMPACT.exec(text);
  if (parts === null) return null;
  const [, year = "", month = "", day = "", hour, minute = "", second = "", ...cim] = parts;
  const date = `${year}-${month}-${day}`;
  if (hour !== undefined) return `${date}T${hour}:${minute}:${second}`;
  const [cimHour, cimMinute = "", cimSecond = "", micros = "", east = ""] = cim;
  if (cimHour === undefined) return date;
  const minutes = Math.abs(Number(east));
  const zone = `${east[0] ?? "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${date}T${cimHour}:${cimMinute}:${cimSecond}.${micros}${zone}`;
}

function counted(text: string): string | null {
  const millis = JSON_DATE.exec(text)?.[1];
  const ticks =
    millis !== undefined
      ? ticksFromMillis(Number(millis))
      : HEX_FILETIME.test(text)
        ? ticksFromFiletime(BigInt(`0x${text}`))
        : null;
  return ticks === null ? null : formatTicks(ticks, millis === undefined ? 7 : 3);
}

/** Whether there is such a day. */
export function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (isLeap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1));
}

/** ISO 8601 of numbers that may be no real date; null where the time of day is none. */
export function isoOf(year: number, month: number, day: number, clock?: string): string | null {
  const rest = clock === undefined ? "" : clockOf(clock);
  return rest === null ? null : `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}${rest}`;
}

/** `4:12:33.5 PM +0100` as `T16:12:33.5+01:00`; null where it is no time of day. */
function clockOf(text: string): string | null {
  const match = CLOCK.exec(text.trim());
  if (match === null) return null;
  const [, hour = "", minute = "", second = "00", fraction, half, zone = ""] = match;
  const hours = half === undefined ? Number(hour) : hourOf(Number(hour), half);
  if (hours === null || hours > 23 || minute > "59" || second > "59") return null;
  const decimals = fraction === undefined ? "" : `.${fraction}`;
  return `T${two(hours)}:${minute}:${second}${decimals}${zoneOf(zone)}`;
}

function hourOf(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase().startsWith("p") ? 12 : 0);
}

function zoneOf(zone: string): string {
  if (zone === "") return "";
  return /[+-]/.test(zone) ? (zone.length === 3 ? `${zone}:00` : zone) : "Z";
}

/** Two digits: 70 to 99 are of the last century (POSIX says 69, which no log of ours can mean). */
function fullYear(year: string): number {
  if (year.length === 4) return Number(year);
  return Number(year) + (Number(year) < 70 ? 2000 : 1900);
}

/** 1 to 12 by an English name or its first three letters; 0 where it is none. */
function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}
