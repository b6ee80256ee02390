/** Evidence that is not here and does not wait: how long it lasts where it lies, and when it will be gone. */
import type { EventReference } from "./event.ts";

/**
 * going: some of it is gone already; waiting: all of it can still be had, until a known hour; open: nobody can tell how long; gone: by
 * its lifetime; never: not recorded at all; held: all of the window is here.
 */
export const DYING_STATES = ["going", "waiting", "open", "gone", "never", "held"] as const;
export type DyingState = (typeof DYING_STATES)[number];

/** The time that is asked about, and where it was taken from. */
export interface InterestWindow {
  readonly from: bigint;
  readonly to: bigint;
  /** `as asked for`, `from the first exploitation to the last trace`, … */
  readonly why: string;
}

/** A stretch of the window that is not here. */
export interface MissingStretch {
  readonly from: bigint;
  readonly to: bigint;
}

/** One kind of evidence of one host, held against the window. */
export interface DyingSource {
  /** Its id in knowledge/expected-evidence.json. */
  readonly evidence: string;
  readonly host: string;
  readonly what: string;
  readonly state: DyingState;
  /** 1 decides most. */
  readonly rank: number;
  readonly decides: string;
  /** The oldest record that is here; UNDATED and null where none is. */
  readonly oldest: bigint;
  readonly oldestAt: EventReference | null;
  readonly missing: readonly MissingStretch[];
  /** How long a record lasts, in ticks; null where nobody can tell. */
  readonly keeps: bigint | null;
  /** measured: on the files at hand; stated: by knowledge/lifetimes.json; unknown: neither. */
  readonly basis: "measured" | "stated" | "unknown";
  /** When the first missing record is deleted, and the last one. */
  readonly begins: bigint | null;
  readonly gone: bigint | null;
  /** All of this in sentences, with what is doubtful about it. */
  readonly why: string;
  readonly source: string;
  readonly confidence: "documented" | "practice";
}

/** What will be gone, as of a moment: what can still be had first, then by how much it would decide. */
export interface DyingEvidence {
  readonly asOf: bigint;
  readonly window: InterestWindow | null;
  readonly sources: readonly DyingSource[];
}
