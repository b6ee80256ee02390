/** One match of a rule, or a verdict of an antivirus. Its identity does not depend on the run. */
import type { EventReference, FieldValue } from "./event.ts";

/** How grave a match is, the least grave first (Sigma specification, level). */
export const LEVELS = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof LEVELS)[number];

/** hash(rule id, event key), 32 hexadecimal digits (decisions 3). An answer covers these. */
export type DetectionId = string & { readonly __brand: "DetectionId" };

export interface Detection {
  readonly id: DetectionId;
  /** The rule's own id. */
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  readonly tags: readonly string[];
  readonly ticks: bigint;
  readonly digits: number;
  readonly host: string;
  readonly channel: string;
  readonly at: EventReference;
  /** What the source calls the record in the whole world; absent where it has no such name. Two exports of one log repeat it. */
  readonly recordId?: string;
  /** The fields that the rule looked at, as found. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}
