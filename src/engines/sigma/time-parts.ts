/**
 * The part of a time that a rule asks for (Sigma modifier appendix 2.1.0, "Time Modifiers"): in UTC; weeks by ISO 8601.
 * Refuses texts that are no ISO 8601 date or time; one without a zone is taken as UTC.
 */
import { parseTime, millisFromTicks } from "../../base/time.ts";
import type { TimePart } from "./rule.ts";

/** The least and the greatest number of each part. */
export const TIME_PARTS: Readonly<Record<TimePart, readonly [number, number]>> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [1601, 9999],
};

const DAY_MILLIS = 86_400_000;

/** The part of a time that is given as text; null where it is no time. */
export function readTimePart(text: string, part: TimePart): number | null {
  const time = parseTime(text);
  if (time === null) return null;
  const date = new Date(millisFromTicks(time.ticks));
  switch (part) {
    case "minute":
      return date.getUTCMinutes();
    case "hour":
      return date.getUTCHours();
    case "day":
      return date.getUTCDate();
    case "week":
      return weekOf(date);
    case "month":
      return date.getUTCMonth() + 1;
    case "year":
      return date.getUTCFullYear();
  }
}

/** A week belongs to the year in which its Thursday lies, and the first week is that of the first Thursday. */
function weekOf(date: Date): number {
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(date.getTime() + (3 - weekday) * DAY_MILLIS);
  const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return Math.floor((thursday.getTime() - firstDay) / (7 * DAY_MILLIS)) + 1;
}
