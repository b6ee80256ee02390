/**
 * Days and hours of the sample: the half-year it covers, and how busy a clinic is at each minute.
 * Refuses daylight-saving subtleties within a day: each day has the offset of its own noon.
 */
import { zoneOffsetMillis } from "../base/time.ts";

/** Lengths of time are in milliseconds. */
export const SECOND = 1000;
/** 60 seconds. */
export const MINUTE = 60 * SECOND;
/** 60 minutes. */
export const HOUR = 60 * MINUTE;
/** 24 hours. */
export const DAY = 24 * HOUR;

/** Where the clinic is. */
export const ZONE = "Europe/Guernsey";
/** Days are whole days since 1970 in UTC; the sample has 1 June to 15 December 2021. */
export const FIRST_DAY = Date.UTC(2021, 5, 1) / DAY;
/** The last day that the logs cover. */
export const LAST_DAY = Date.UTC(2021, 11, 15) / DAY;
/** The morning on which the evidence was copied. */
export const COLLECTED_AT = Date.UTC(2021, 11, 16, 9, 30);

/** Milliseconds UTC of a day and month of 2021. */
export function on(month: number, day: number, hour = 0, minute = 0): number {
  return Date.UTC(2021, month - 1, day, hour, minute);
}

/** The day that an instant lies in. */
export function dayOf(millis: number): number {
  return Math.floor(millis / DAY);
}

/** `2021-08-13` of a day. */
export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** `210813` of a day, as IIS names its files. */
export function stampOf(day: number): string {
  return dateOf(day).replaceAll("-", "").slice(2);
}

/** ISO 8601 with milliseconds. */
export function isoOf(millis: number): string {
  return new Date(millis).toISOString();
}

const BANK_HOLIDAYS = new Set([on(8, 30) / DAY, on(12, 27) / DAY, on(12, 28) / DAY]);

/** Monday to Friday, and no bank holiday. */
export function isWorkday(day: number): boolean {
  const weekday = (day + 4) % 7;
  return weekday !== 0 && weekday !== 6 && !BANK_HOLIDAYS.has(day);
}

/** Share of the busiest hour's work, by hour of local time. */
const HOURS = [
  0.02, 0.01, 0.01, 0.01, 0.02, 0.04, 0.1, 0.3, 0.85, 1, 1, 0.95, 0.7, 0.75, 0.95, 0.95, 0.9, 0.6,
  0.25, 0.14, 0.12, 0.1, 0.07, 0.04,
];
const SATURDAY = 0.16;
const SUNDAY = 0.08;

/** How busy people are in each UTC hour of the day, 1 being the busiest hour of a workday. */
export function rhythmOf(day: number): Float64Array {
  const offsetHours = Math.round(zoneOffsetMillis(ZONE, day * DAY + DAY / 2) / HOUR);
  const share = isWorkday(day) ? 1 : (day + 4) % 7 === 6 ? SATURDAY : SUNDAY;
  return Float64Array.from(
    { length: 24 },
    (_, hour) => share * (HOURS[(hour + offsetHours) % 24] ?? 0),
  );
}
