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
  /** How it forgets, as far as its files show; null where they show nothing. */
  readonly rotation: Rotation | null;
}

/** How a source makes room for what is new, measured on the files at hand. */
export interface Rotation {
  /**
   * rolled: files that follow one another; overwritten: within one file of fixed size the newest records replace the oldest;
   * growing: such a file that is not full yet.
   */
  readonly kind: "rolled" | "overwritten" | "growing";
  /** What ends a file of a rolled source: its size, the clock, or neither that can be told. */
  readonly by: "size" | "time" | "unclear";
  /** Evidence files, or members, that hold records of it; at least so many where `more`. */
  readonly files: number;
  readonly more: boolean;
  /** The length of time that one file holds, of a rolled source the middle one of all; in ticks. */
  readonly holds: bigint;
  /** The size of that file up to its last record. */
  readonly sizeBytes: number;
  /** How it was told, in words. */
  readonly why: string;
  readonly oldest: EventReference;
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
  /** Its id in knowledge/expected-evidence.json. */
  readonly id: string;
  readonly host: string;
  readonly what: string;
  /** What it would decide, and where it lies or why it may be gone. */
  readonly why: string;
}

/** A source by name, without its coverage. */
export interface SourceName {
  readonly format: FormatId;
  readonly channel: string;
}

/** How far the clocks of two sources of one host are apart: estimated, shown, and never corrected in silence. */
export interface SkewEstimate {
  readonly ahead: SourceName;
  /** What it is held against; null: when its own files were last changed. */
  readonly against: SourceName | null;
  /** How far `ahead` is ahead: the middle of all differences, never negative. */
  readonly aheadMillis: number;
  /** Half of all differences lie within so much of one another. */
  readonly spreadMillis: number;
  /** Happenings that stand in both, as far as they were compared. */
  readonly joins: number;
  /** What the case file states of each and readers have taken off already; 0 where it states nothing. */
  readonly statedMillis: number;
  readonly statedAgainstMillis: number;
  /** What a person can put into the case file if the clock of `ahead` was wrong; null where there is nothing to mend. */
  readonly line: string | null;
  /** One happening as both sources have it. */
  readonly at: readonly EventReference[];
}

/** The clocks of one host's sources, held against each other. */
export interface HostSkew {
  readonly host: string;
  readonly estimates: readonly SkewEstimate[];
  /** Sources that nothing here joins with another one: their clocks are taken as they are. */
  readonly unjoined: number;
}

/** A clock that was set, as Windows records it: Security 4616, or Kernel-General 1 in System. */
export interface ClockChange {
  readonly host: string;
  readonly ticks: bigint;
  readonly digits: number;
  /** The clock before and after; forward where `to` is later. */
  readonly from: bigint;
  readonly to: bigint;
  readonly by: string;
  readonly at: EventReference;
}

export interface Coverage {
  readonly sources: readonly SourceCoverage[];
  readonly cleared: readonly LogCleared[];
  readonly skews: readonly HostSkew[];
  readonly clockChanges: readonly ClockChange[];
  readonly expected: readonly Expected[];
  /** What was counted or told less finely than asked because a limit was reached, in sentences. */
  readonly limits: readonly string[];
}
