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
  /** The fields that the rule looked at, and those by which records are joined, as found. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** What a correlation found; absent where one event matched. Its time and place are then those of the first event. */
  readonly correlated?: Correlated;
}

/** Events that together are what a correlation looks for (docs/design/correlations.md). */
export interface Correlated {
  /** Ticks of the last event. */
  readonly until: bigint;
  /** The values that the events have in common, by the names of `group-by`. */
  readonly group: Readonly<Record<string, FieldValue>>;
  /** The events by time, the first of them where they are very many. */
  readonly events: readonly EventReference[];
  readonly eventsTotal: number;
  /** False: there are more. Correlations of correlations are followed only so far into what they refer to. */
  readonly isTotalExact: boolean;
}

/**
 * By what a record is joined to those of other sources, as the sources call it: a request, an account, a file, a process. Every
 * detection keeps these where its record has them, whatever its rule looked at (docs/design/cause.md).
 */
export const JOINING_FIELDS = [
  // The request: its id, its sender, what it asked for, how long it took, and what the back end answered.
  "RequestId",
  "Side",
  "c-ip",
  "ClientIpAddress",
  "cs-method",
  "Method",
  "cs-uri-stem",
  "UrlStem",
  "sc-status",
  "HttpStatus",
  "BackEndStatus",
  "time-taken",
  "TotalRequestTime",
  // The account.
  "RpsCatUser",
  "RpsCatSid",
  "Caller",
  "CallerSid",
  "AuthenticatedUser",
  "ExecutingUserSid",
  // The cmdlet, and the file that it names.
  "Cmdlet",
  "Succeeded",
  "Parameters",
  "Parameters.FilePath",
  "Parameters.RequestFile",
  "Parameters.Identity",
  "Parameters.Mailbox",
  // The file.
  "Path",
  "TargetFilename",
  "ObjectName",
  "RelativeTargetName",
  // The process.
  "Image",
  "NewProcessName",
  "ParentImage",
  "ParentProcessName",
  "ProcessId",
  "NewProcessId",
] as const;
