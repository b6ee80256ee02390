/** What a named person decided about a finding, and what of it was looked at. An answer covers detections, never a finding. */
import type { Ticks } from "../base/time.ts";

/**
 * malicious: an attack; benign: what was found is there and is allowed; false-alarm: it is not there; test: own or contracted;
 * fixed: mended, for findings about updates and protection; accepted: it stays, by decision of the one who answers;
 * unknown: nobody could tell, which answers nothing.
 */
export const DETERMINATIONS = [
  "malicious",
  "benign",
  "false-alarm",
  "test",
  "fixed",
  "accepted",
  "unknown",
] as const;

/** One of DETERMINATIONS. */
export type Determination = (typeof DETERMINATIONS)[number];

/** What a person has looked at: a quarantine is a beginning, not an end. */
export const CHECKS = ["scope", "entry", "persistence"] as const;

/** What came of looking; `not-looked-at` is said, never left out. */
export const CHECK_RESULTS = ["clean", "found", "not-looked-at"] as const;
export type Checked = Readonly<Record<(typeof CHECKS)[number], (typeof CHECK_RESULTS)[number]>>;

/** One answer, as it was recorded. */
export interface FindingAnswer {
  readonly determination: Determination;
  readonly reason: string;
  readonly by: string;
  readonly at: Ticks;
  readonly checked: Checked;
  /** Evidence that it rests on, as named: hashes, records, tickets. */
  readonly evidence: readonly string[];
  /** What it covers: ids of detections, or the mark of a finding without any. */
  readonly covers: readonly string[];
}

/** One act of a person on a finding, as the journal has it. */
export type FindingAct =
  | { readonly kind: "taken"; readonly finding: string; readonly by: string; readonly at: Ticks }
  | {
      readonly kind: "reopened";
      readonly finding: string;
      readonly by: string;
      readonly at: Ticks;
      readonly reason: string;
    }
  | { readonly kind: "answered"; readonly finding: string; readonly answer: FindingAnswer };
