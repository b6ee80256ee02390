/** Something that a named person must answer: a view that groups detections (decisions 3). */
import type { Ticks } from "../base/time.ts";
import type { FindingAnswer } from "./answer.ts";
import type { DetectionId, Level } from "./detection.ts";
import type { EventReference } from "./event.ts";

/** How what stands in a finding came together, or what it is about. */
export const FINDING_KINDS = [
  "rule",
  "streak",
  "silence",
  "protection",
  "exclusion",
  "patch",
  "analytic",
  "canary",
  "delivery",
] as const;

/** One of FINDING_KINDS. */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What a finding counts, besides its detections; only what it can tell: `{ files: 54, shells: 11 }`. */
export type FindingCounts = Readonly<Record<string, number>>;

export interface Finding {
  readonly kind: FindingKind;
  /** Which question it belongs to: what defences saw, or what was installed. */
  readonly question: "answered" | "patched";
  /** Of the first detection in the group, or of what it is about; stays when the group grows. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly counts: FindingCounts;
  readonly host: string;
  readonly rule: string;
  readonly firstSeen: bigint;
  readonly lastSeen: bigint;
  readonly detections: readonly DetectionId[];
  /** A few of the records behind it, the earliest first. */
  readonly examples: readonly EventReference[];
  /** Why these detections stand together. */
  readonly why: string;
}

/** open: nobody took it; taken: somebody did; answered: a person's answer covers all of it; reopened: it no longer does. */
export const FINDING_STATES = ["open", "taken", "answered", "reopened"] as const;

/** One of FINDING_STATES. */
export type FindingState = (typeof FINDING_STATES)[number];

/** A finding with what people did about it: the fold of the journal over what a run found. */
export interface StandingFinding extends Finding {
  readonly state: FindingState;
  /** Who took it, or answered it; null: nobody. */
  readonly owner: string | null;
  /** When a run journalled it first. */
  readonly opened: Ticks | null;
  /** By when it is to be answered (knowledge/escalation.json, by level); null where it is answered. */
  readonly due: Ticks | null;
  /** The answer that stands; null where none does. */
  readonly answer: FindingAnswer | null;
  /** Why it is in this state, in a sentence, where that is not plain: what a new run brought, why an answer does not count. */
  readonly stateWhy: string;
}
