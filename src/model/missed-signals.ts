/** For every day from the first sign to the discovery: what was visible, in which tool, and who answered. */
import type { Day } from "../base/day.ts";
import type { Ticks } from "../base/time.ts";
import type { Rung } from "./cause.ts";
import type { Level } from "./detection.ts";
import type { EventReference } from "./event.ts";

/** The calendar of one case. */
export interface MissedSignals {
  /** The day of the first sign. */
  readonly from: Day;
  /** The day on which somebody suspected or knew (an incident event), null where nobody has recorded one: then the as-of day ends it. */
  readonly discovered: Day | null;
  readonly until: Day;
  /** Days on which something was visible, in order; the others between `from` and `until` showed nothing over the evidence at hand. */
  readonly days: readonly SignalDay[];
}

export interface SignalDay {
  readonly day: Day;
  /** The gravest first. */
  readonly signals: readonly Signal[];
}

/** What one tool showed of one kind of thing on one host on one day. */
export interface Signal {
  /** Where a person would have seen it: `Microsoft Defender Antivirus`, `IIS log`, `MSExchange Management log`. */
  readonly tool: string;
  /** Whether the tool says it by itself; false: only somebody who looked would have seen it. */
  readonly alarms: boolean;
  readonly host: string;
  readonly what: string;
  readonly level: Level;
  /** The highest rung of the ladder that its rules name; `probed` is what any server on the internet receives. */
  readonly rung: Rung | null;
  /** Detections of that day; copies of a record count once. */
  readonly count: number;
  /** The finding that they stand in. */
  readonly finding: string;
  /** Who answered for all of them, when, and whether that was before the discovery; null: nobody did. */
  readonly answered: { readonly by: string; readonly at: Ticks; readonly inTime: boolean } | null;
  readonly at: readonly EventReference[];
}
