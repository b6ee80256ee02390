/** What the evidence covers: every "not seen" is said over this, and never over more. */
import type { EventReference } from "./event.ts";
import type { FormatId } from "./evidence.ts";

/** One source: a channel or site of one host in one format. */
export interface SourceCoverage {
  readonly host: string;
  readonly format: FormatId;
  readonly channel: string;
  readonly events: number;
  readonly undated: number;
  readonly first: bigint;
  readonly last: bigint;
  readonly firstAt: EventReference;
  readonly lastAt: EventReference;
  /** The longest quiet stretch that is normal for this source, in ticks; null where there is too little to tell. */
  readonly rhythm: bigint | null;
  readonly gaps: readonly Gap[];
}

/** A stretch in which a source says nothing although it should. */
export interface Gap {
  readonly from: bigint;
  readonly to: bigint;
  /**
   * quiet: against its own rhythm, as when whole log files are absent; cleared: the log was emptied;
   * not-reaching-back: other logs of the host begin earlier.
   */
  readonly kind: "quiet" | "cleared" | "not-reaching-back";
  /** How the stretch compares with the rhythm, in words. */
  readonly why: string;
  readonly before: EventReference;
  readonly after: EventReference;
}

/** A log that somebody emptied: Security 1102, System 104. */
export interface LogCleared {
  readonly host: string;
  readonly log: string;
  readonly ticks: bigint;
  readonly digits: number;
  readonly by: string;
  readonly at: EventReference;
}

/** Evidence that a responder would expect of this host and that is not here. */
export interface Expected {
  readonly host: string;
  readonly what: string;
  /** What it would decide, and where it lies or why it may be gone. */
  readonly why: string;
}

export interface Coverage {
  readonly sources: readonly SourceCoverage[];
  readonly cleared: readonly LogCleared[];
  readonly expected: readonly Expected[];
  /** What was counted or told less finely than asked because a limit was reached, in sentences. */
  readonly limits: readonly string[];
}
