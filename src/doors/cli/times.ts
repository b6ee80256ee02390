/** Times of values that may have none, as commands print them. */
import { formatTicks, toTicks } from "../../base/time.ts";

/** A time in UTC; null where there is none. */
export function timeOrNull(ticks: bigint | null, digits = 0): string | null {
  const real = ticks === null ? null : toTicks(ticks);
  return real === null ? null : formatTicks(real, digits);
}

/** A time in UTC, or that there is none. */
export function timeWords(ticks: bigint, digits = 0): string {
  return timeOrNull(ticks, digits) ?? "undated";
}
