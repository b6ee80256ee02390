/** Laws as data, what happened as acts, and the clocks that follow (knowledge/laws). */
import type { Ticks } from "../base/time.ts";

/** Statute text read (A), a regulator's or law firm's summary (B), to be checked by counsel (C). */
export type Confidence = "A" | "B" | "C";

export interface Law {
  readonly id: string;
  readonly jurisdiction: string;
  readonly law: string;
  readonly regulator: string;
  readonly channel: string;
  readonly zone: string;
  readonly duties: readonly LawDuty[];
  readonly source: string;
  readonly asOf: string;
}

export interface LawDuty {
  readonly id: string;
  readonly title: string;
  readonly cite: string;
  /** The incident event that starts the clock; null where the duty has no clock. */
  readonly from: IncidentEventKind | null;
  /** Elapsed hours; null where the law only says "as soon as practicable". */
  readonly hours: number | null;
  readonly standard: string;
  /** The incident event that meets it. */
  readonly metBy: IncidentEventKind | null;
  readonly exception: string | null;
  /** What a notice must say; `lateOnly` items only when it is late. */
  readonly content: readonly NoticeItem[];
  /** Whether a first, incomplete notice may be followed up. */
  readonly phased: string | null;
  /** The decision on which the duty hangs; its clock runs from `from` all the same. Null: it always applies. */
  readonly decidedBy: IncidentEventKind | null;
  readonly confidence: Confidence;
  /** Where this duty was read, and the month or day it was known to hold. */
  readonly source: string;
  readonly asOf: string;
}

export interface NoticeItem {
  readonly id: string;
  readonly text: string;
  readonly lateOnly: boolean;
  /** What a first notice writes when the answer is not known yet. */
  readonly ifUnknown: string;
}

/** What people did or decided, each an act by name in the journal. */
export const INCIDENT_EVENTS = [
  "suspected",
  "aware",
  "notified",
  "high-risk-decided",
  "subjects-told",
] as const;
export type IncidentEventKind = (typeof INCIDENT_EVENTS)[number];

export interface IncidentEvent {
  readonly kind: IncidentEventKind;
  /** When it happened, as the person states it. */
  readonly at: Ticks;
  /** When it was recorded. */
  readonly recordedAt: Ticks;
  readonly by: string;
  readonly note: string;
  /** For notified and subjects-told: which law's duty. Null: every law of the case. */
  readonly law: string | null;
}

export type ClockState = "not-started" | "running" | "met" | "met-late" | "overdue" | "no-limit";

/** One duty of one law, held against what was done, as of a moment. */
export interface Clock {
  readonly law: string;
  /** The law's full name, who must be told under it, and how. */
  readonly lawName: string;
  readonly jurisdiction: string;
  readonly regulator: string;
  readonly channel: string;
  /** IANA name of the regulator's zone: times are shown there and in UTC. */
  readonly zone: string;
  readonly duty: string;
  readonly title: string;
  readonly cite: string;
  readonly confidence: Confidence;
  readonly source: string;
  readonly asOf: string;
  readonly standard: string;
  readonly state: ClockState;
  readonly startedBy: IncidentEvent | null;
  readonly due: Ticks | null;
  readonly metBy: IncidentEvent | null;
  /** Acts that changed the start later on: append-only, the earliest statement rules. */
  readonly disputed: readonly IncidentEvent[];
  /** What a reader of this clock must know besides: who may argue what, and why. */
  readonly remarks: readonly string[];
  readonly notice: readonly NoticeLine[];
  readonly exception: string | null;
  readonly phased: string | null;
}

/** One line of a first notice: what is known, or that it will be supplied. */
export interface NoticeLine {
  readonly id: string;
  readonly text: string;
  readonly answer: string;
  readonly known: boolean;
}
