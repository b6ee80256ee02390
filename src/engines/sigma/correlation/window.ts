/**
 * What was found of one correlation, in columns: its members, group by group, and the windows over them that hold. A million members are
 * a few typed arrays, not objects.
 */
import type { PlannedCorrelation } from "./plan.ts";

/** The windows of one correlation that hold: all where another correlation reads them, otherwise those that are told. */
export interface Windows {
  readonly planned: PlannedCorrelation;
  /** What was looked at, group by group and in each by time; the following columns are by place in it. */
  readonly members: Members;
  /** Of each window its first and last member, and its group. */
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly group: readonly number[];
  /** The windows that are told: in each group the first that holds, then the first that shares nothing with the one before. */
  readonly told: readonly number[];
  /** Numbers of the texts that a group has in common, as many as `group-by` has names. */
  readonly groupTexts: readonly (readonly number[])[];
  /** How many members of no group there were, and the rank of the first; -1: none. */
  readonly ungrouped: number;
  readonly firstUngrouped: number;
  /** As of when the first window is whole that would hold but is still open; null: there is none. */
  readonly due: bigint | null;
}

/** Detections of rules, and windows of correlations, as members of groups. */
export interface Members {
  /** Rank of the detection; of a window, of its last. */
  readonly rank: Uint32Array;
  /** The place of its rule in the correlation's list. */
  readonly position: Uint8Array;
  /** The window of the correlation at that position; -1: a detection of a rule. */
  readonly window: Int32Array;
}
