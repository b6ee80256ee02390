/** Changes before they are told: their order, and one change that stands in several logs. */
import { TICKS_PER_SECOND } from "../../../base/time.ts";
import { byCodeUnits } from "../../../base/text.ts";
import type { Change } from "../../../model/aftermath.ts";

/** One cmdlet stands in several logs, each of which writes its own second. */
const SAME_WITHIN = 2n * TICKS_PER_SECOND;

/** A change that somebody made, before it is told. */
export interface Changed extends Change {
  /** The log that has it. */
  readonly channel: string;
}

/** Orders changes by time, then by what and where: no two of one order differ in nothing. */
export function byChange(a: Changed, b: Changed): number {
  if (a.ticks !== b.ticks) return a.ticks < b.ticks ? -1 : 1;
  return (
    byCodeUnits(a.what, b.what) ||
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(a.by, b.by) ||
    byCodeUnits(a.channel, b.channel) ||
    byCodeUnits(a.at.key, b.at.key)
  );
}

/** One change that several logs tell in the same words, once: as the first of them has it. */
export function joinLogs(changes: readonly Changed[]): readonly Changed[] {
  const told = new Map<string, Changed>();
  return changes.filter((change) => {
    const key = JSON.stringify([change.host, change.what]);
    const known = told.get(key);
    if (
      known !== undefined &&
      known.channel !== change.channel &&
      change.ticks - known.ticks <= SAME_WITHIN
    )
      return false;
    told.set(key, change);
    return true;
  });
}
