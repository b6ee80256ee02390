/**
 * Logs that somebody emptied, as the event log service itself records it: event 1102 in Security, 104 in System
 * (who did it, and for 104 which log, stand in its UserData). Refuses to guess at clearings that left no such event.
 */
import { TICKS_PER_HOUR, UNDATED } from "../../base/time.ts";
import type { Gap, LogCleared, SourceCoverage } from "../../model/coverage.ts";
import { type Batch, referenceOf } from "../../model/event.ts";
import { spell } from "../../engines/wording/index.ts";

/** Whether rows of this channel can tell of a clearing at all: asked before any row is decoded. */
export function tellsOfClearing(batch: Batch, channel: string): boolean {
  return batch.format !== "iis" && (channel === "Security" || channel === "System");
}

/** The clearing that this row tells of, or null. */
export function clearedBy(batch: Batch, row: number, channel: string): LogCleared | null {
  const eventId = batch.eventId(row);
  if (eventId !== (channel === "Security" ? 1102 : 104)) return null;
  // Other providers use the number 104 as well; an export that names no provider is believed.
  const provider = batch.provider(row);
  if (provider !== "" && !/eventlog$/i.test(provider)) return null;
  const log = channel === "Security" ? channel : (textOf(batch, row, "Channel") ?? channel);
  const user = textOf(batch, row, "SubjectUserName") ?? "an unnamed account";
  const domain = textOf(batch, row, "SubjectDomainName");
  return {
    host: batch.host(row),
    log,
    ticks: batch.ticks[row] ?? UNDATED,
    digits: batch.digits,
    by: domain === null ? user : `${domain}\\${user}`,
    at: referenceOf(batch, row),
  };
}

function textOf(batch: Batch, row: number, name: string): string | null {
  const value = batch.field(row, name);
  return typeof value === "string" && value !== "" ? value : null;
}

/**
 * The source with what its clearings took: from its last record before, where an older copy of the log is here,
 * otherwise from where other logs of the host begin, until the clearing. A quiet gap that a clearing ends is one of these.
 */
export function withCleared(
  source: SourceCoverage,
  clearings: readonly LogCleared[],
  others: readonly SourceCoverage[],
  lastBefore: (ticks: bigint) => { ticks: bigint; at: SourceCoverage["lastAt"] } | null,
): SourceCoverage {
  const made: Gap[] = [];
  for (const cleared of clearings) {
    if (cleared.ticks === UNDATED) continue;
    const earlier = others.find((other) => other.first !== UNDATED && other.first < cleared.ticks);
    const start =
      lastBefore(cleared.ticks) ??
      (earlier === undefined ? null : { ticks: earlier.first, at: earlier.firstAt });
    // Within the hour nothing is told apart: an archived copy that reaches up to the clearing leaves no gap.
    if (start === null || cleared.ticks - start.ticks <= TICKS_PER_HOUR) continue;
    made.push({
      from: start.ticks,
      to: cleared.ticks,
      kind: "cleared",
      why: `the log was cleared at ${spell(cleared.ticks)} by ${spell(cleared.by)}; what it held before is gone`,
      before: start.at,
      after: cleared.at,
    });
  }
  const kept = source.gaps.filter(
    (gap) => !made.some(({ from, to }) => gap.from < to && from < gap.to),
  );
  const gaps = [...kept, ...made].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return { ...source, gaps };
}
