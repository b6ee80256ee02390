/**
 * Times of acts that go back: somebody set the clock of a machine. Said, never mended: the order of acts is proven by the tree,
 * their times are what a clock said.
 */
import { TICKS_PER_SECOND, type Ticks, formatTicks, readableSpan } from "../../base/time.ts";
import type { JournalEntry } from "../../model/act.ts";

/** A line for people where acts are dated before the act before them; null where times only rise. */
export function timesGoBack(entries: readonly JournalEntry[]): string | null {
  const places = entries.flatMap((entry, at) => {
    const before = entries[at - 1];
    return before !== undefined && entry.time < before.time ? [{ entry, before }] : [];
  });
  const [first] = places;
  if (first === undefined) return null;
  const { entry, before } = first;
  const more = places.length === 1 ? "" : `, and ${places.length - 1} more likewise`;
  return `times: act ${entry.index} is dated ${spanOf(before.time - entry.time)} before act ${before.index}${more}: a clock was set back; the order of acts is proven, their times are what the clock said`;
}

/** A line for people where the clock is behind the last act; null where it is not. */
export function clockBehind(entries: readonly JournalEntry[], now: Ticks): string | null {
  const last = entries.at(-1);
  if (last === undefined || now >= last.time) return null;
  return `the clock of this machine is ${spanOf(last.time - now)} behind the last act, which is of ${formatTicks(last.time, 0)}; what is recorded now keeps its place, and is dated by this clock`;
}

/** What a time server corrects is shorter than any minute. */
function spanOf(span: bigint): string {
  const seconds = span / TICKS_PER_SECOND;
  if (seconds >= 60n) return readableSpan(span);
  return seconds === 0n ? "less than a second" : `${seconds} seconds`;
}
