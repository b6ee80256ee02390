/** Something that a named person must answer: a view that groups detections (decisions 3). */
import type { DetectionId, Level } from "./detection.ts";
import type { EventReference } from "./event.ts";

export interface Finding {
  /** Which question it belongs to: what defences saw, or what was installed. */
  readonly question: "answered" | "patched";
  /** Of the first detection in the group, or of what it is about; stays when the group grows. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  /** No act of answering exists yet in this version: every finding is open. */
  readonly state: "open";
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
