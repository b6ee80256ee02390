/**
 * Calendar days in UTC as a count since 1970-01-01: what releases, notices and deadlines are dated by. Refuses to know a zone:
 * a day of another zone is the caller's to turn into one of UTC.
 */
import { TICKS_PER_DAY, formatTicks, parseTime, ticksFromMillis } from "./time.ts";

/** Whole days since 1970-01-01 UTC. */
export type Day = number & { readonly __brand: "Day" };

const MILLIS = 86_400_000;
/** The years 1601 to 9999, as for ticks. */
const [DAY_MIN, DAY_MAX] = [-134_774, 2_932_896];

/** The count as a Day; null where it is no whole number or lies outside the years 1601 to 9999. */
export function toDay(count: number): Day | null {
  return Number.isInteger(count) && count >= DAY_MIN && count <= DAY_MAX ? (count as Day) : null;
}

/** The day of `2021-04-13`; null where the text is no real date. */
export function parseDay(text: string): Day | null {
  const read = /^\d{4}-\d\d-\d\d$/.test(text) ? parseTime(text) : null;
  return read === null ? null : dayOfTicks(read.ticks);
}

/** The day on which a time falls; null for UNDATED and what is out of range. */
export function dayOfTicks(ticks: bigint): Day | null {
  const floor =
    ticks >= 0n ? ticks / TICKS_PER_DAY : -((-ticks + TICKS_PER_DAY - 1n) / TICKS_PER_DAY);
  return toDay(Number(floor));
}

/** `2021-04-13`. */
export function formatDay(day: Day): string {
  const ticks = ticksFromMillis(day * MILLIS);
  return ticks === null ? "" : formatTicks(ticks, 0).slice(0, 10);
}
