/**
 * What records show of installed software, each with the strength that its kind can have: the counterpart of a claim.
 * Per host, never per farm; what a record cannot tell stays unknown.
 */
import type { EventReference } from "./event.ts";

/** Where a build or an update was seen. The first ones look at the software itself, the last ones at what speaks of it. */
export const OBSERVATION_KINDS = [
  "file-version",
  "exported-manifest",
  "owa-header",
  "owa-path",
  "server-log",
  "setup-log",
  "configuration",
  "registry-key",
  "update-history",
  "wsus",
  "dashboard",
  "hotfix-list",
  "offered-update",
  "banner",
] as const;

/** One of OBSERVATION_KINDS. */
export type ObservationKind = (typeof OBSERVATION_KINDS)[number];

/** Kinds that may show a build long after it was replaced: the folders of earlier builds stay behind after an update. */
export const MAY_STAY_BEHIND: ReadonlySet<ObservationKind> = new Set(["owa-path"]);

/** How much an observation proves: strong decides, weak supports, none says nothing either way. */
export type Strength = "strong" | "weak" | "none";

/** A build as written, and its numbers where it has three or four: `15.01.2375.007` is [15, 1, 2375, 7]. */
export interface Build {
  readonly text: string;
  /** Null where the text is no build; then nothing may be compared with it. */
  readonly numbers: readonly number[] | null;
}

/** One record in which something was seen. */
export interface Sighting {
  /** UNDATED where the record has no time. Of a list of updates: when the update says that it was installed. */
  readonly ticks: bigint;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly at: EventReference;
}

/** The same thing seen in one source of one host, however often. */
export interface Observation {
  /** As the case names it; "" where neither evidence nor case file does. */
  readonly host: string;
  /** Where the record names no host: the folder whose only named host it is taken for (or that it lies in, if none is). Otherwise "". */
  readonly hostAssumedFrom: string;
  /** `Exchange Server`, `Windows`, or as its own list names it. */
  readonly product: string;
  /** Null where only an update is named. */
  readonly build: Build | null;
  /** `KB5001779`, or "". */
  readonly kb: string;
  readonly kind: ObservationKind;
  /** Of the build up to its third number (the cumulative update), or of the update that is named. */
  readonly strength: Strength;
  /** Of the fourth number (the security update). */
  readonly revisionStrength: Strength;
  /** The log or list it was seen in. */
  readonly source: string;
  /** Why it has this strength, in one sentence (knowledge/observations.json). */
  readonly basis: string;
  /** The earliest dated record, and the latest; the same one where there is one, or none has a time. */
  readonly first: Sighting;
  readonly last: Sighting;
  /** Days since 1970 UTC on which it was seen, ascending: between two builds, on which days each one was there. */
  readonly days: readonly number[];
  readonly records: number;
  /** The last change of the file, where no record has a time: it was so on or before then. Null where nobody knows. */
  readonly notAfter: bigint | null;
}

/** What was observed, and what a limit left out, in sentences. */
export interface Observations {
  readonly observations: readonly Observation[];
  readonly limits: readonly string[];
}
