/**
 * Clocks that somebody or something set, as Windows records it: event 4616 in Security, event 1 of Kernel-General in System.
 * Refuses to tell the small steps by which a time service keeps a clock right.
 */
import { parseTime, TICKS_PER_SECOND, UNDATED } from "../../base/time.ts";
import type { ClockChange } from "../../model/coverage.ts";
import { type Batch, referenceOf } from "../../model/event.ts";

/** Shorter jumps are the work of a time service, several a day. */
const JUMP_MIN = 2n * TICKS_PER_SECOND;

/** The change of a clock that this row of Security or System tells of, or null. */
export function clockChangedBy(batch: Batch, row: number, channel: string): ClockChange | null {
  const eventId = batch.eventId(row);
  if (eventId !== (channel === "Security" ? 4616 : 1)) return null;
  if (channel === "System" && !/kernel-general$/i.test(batch.provider(row))) return null;
  const from = timeIn(batch, row, channel === "Security" ? "PreviousTime" : "OldTime");
  const to = timeIn(batch, row, "NewTime");
  if (from === null || to === null) return null;
  const jump = to > from ? to - from : from - to;
  if (jump < JUMP_MIN) return null;
  return {
    host: batch.host(row),
    ticks: batch.ticks[row] ?? UNDATED,
    digits: batch.digits,
    from,
    to,
    by: whoSet(batch, row),
    at: referenceOf(batch, row),
  };
}

function timeIn(batch: Batch, row: number, name: string): bigint | null {
  const value = batch.field(row, name);
  return typeof value === "string" ? (parseTime(value)?.ticks ?? null) : null;
}

/** 4616 names a process and an account; Kernel-General neither, in its oldest form. */
function whoSet(batch: Batch, row: number): string {
  const named = ["ProcessName", "SubjectUserName"]
    .map((name) => batch.field(row, name))
    .filter((value) => typeof value === "string" && value !== "" && value !== "-");
  return named.join(", ");
}
