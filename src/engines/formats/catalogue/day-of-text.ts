/**
 * Days as catalogues write them. Refuses to guess which of two numbers is the month in silence: the reading of the file is
 * told as one of the part's limits.
 */
import { type Day, dayOfTicks } from "../../../base/day.ts";
import { parseTime } from "../../../base/time.ts";
import {
  type DayReading,
  dayOrderAssumption,
  decideDayOrder,
  readDateText,
} from "../time/day-order.ts";

/** The day in UTC of an ISO 8601 date or time; null where the text is none. */
export function dayOfIso(text: string): Day | null {
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? parseTime(text) : null;
  return time === null ? null : dayOfTicks(time.ticks);
}

/** How the dates of one file are read. */
export interface Dates {
  /** Null where the text is no date, or only the reading that the file excludes makes it one. */
  dayOf(text: string): Day | null;
  /** What was taken for granted, in a sentence; none where every date reads only one way. */
  readonly assumed: readonly string[];
}

/** The dates of a file of an American maker, where nothing in the file tells otherwise. */
export function datesOf(texts: Iterable<string>): Dates {
  const usual = { order: "month-first", why: "its maker writes the month first" } as const;
  const reading: DayReading = decideDayOrder(texts, usual, {});
  const assumption = dayOrderAssumption("", reading);
  return {
    dayOf(text) {
      const read = readDateText(text, reading.order);
      const time = read.kind === "read" ? parseTime(read.iso) : null;
      return time === null ? null : dayOfTicks(time.ticks);
    },
    assumed: assumption === null ? [] : [`Dates are read ${assumption.value} (${assumption.why}).`],
  };
}
