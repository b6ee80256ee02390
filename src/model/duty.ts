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
  readonly confidence: Confidence;
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
  readonly jurisdiction: string;
  readonly duty: string;
  readonly title: string;
  readonly cite: string;
  readonly confidence: Confidence;
  readonly standard: string;
  readonly state: ClockState;
  readonly startedBy: IncidentEvent | null;
  readonly due: Ticks | null;
  readonly metBy: IncidentEvent | null;
  /** Acts that changed the start later on: append-only, the earliest statement rules. */
  readonly disputed: readonly IncidentEvent[];
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
