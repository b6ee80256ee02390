/** For every day from the first sign to the discovery: what was visible, in which tool, and who answered. */
import type { Day } from "../base/day.ts";
import type { Ticks } from "../base/time.ts";
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
  /** Who would have shown it to a person: `Defender`, `IIS log`, `MSExchange Management log`. */
  readonly tool: string;
  readonly host: string;
  readonly what: string;
  readonly level: Level;
  /** Detections of that day; copies of a record count once. */
  readonly count: number;
  /** The finding that they stand in. */
  readonly finding: string;
  /** Who answered for them and when; null: nobody did. */
  readonly answered: { readonly by: string; readonly at: Ticks } | null;
  readonly at: readonly EventReference[];
}
