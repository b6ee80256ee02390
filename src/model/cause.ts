/** What happened, in order, and how far each step got. */
import type { Level } from "./detection.ts";
import type { EventReference } from "./event.ts";
import type { Gap, SourceCoverage } from "./coverage.ts";

/** How far an attack on a web-facing server got; each rung needs evidence of its own. */
export const RUNGS = ["probed", "reached", "executed", "used"] as const;
export type Rung = (typeof RUNGS)[number];

/** One line of the timeline: an event, or several that say the same. */
export interface TimelineEntry {
  readonly ticks: bigint;
  readonly digits: number;
  readonly host: string;
  readonly what: string;
  readonly level: Level;
  readonly rung: Rung | null;
  /** Times seen from `ticks` until `until`. */
  readonly count: number;
  readonly until: bigint;
  readonly at: readonly EventReference[];
}

/** The first sight of each rung on one host. */
export interface Ladder {
  readonly host: string;
  readonly steps: readonly LadderStep[];
}

export interface LadderStep {
  readonly rung: Rung;
  readonly first: bigint;
  readonly digits: number;
  readonly last: bigint;
  /** Requests or records that carry it; one request in two logs counts once. */
  readonly count: number;
  /** What joins the first of them to another source, where no rule but the join shows this rung. */
  readonly joinedBy?: string;
  readonly at: readonly EventReference[];
}

/** One way in, followed from source to source: requests, a cmdlet, a file, a page, each joined to the one before by what both name. */
export interface Chain {
  readonly host: string;
  /** In order of time, each rung at least once where it is shown. */
  readonly links: readonly ChainLink[];
}

export interface ChainLink {
  readonly rung: Rung;
  /** Where it shows: `front end`, `HttpProxy`, `back end`, `cmdlet`, `file`, `page`, `process`. */
  readonly where: string;
  /** In a few words, with what names it: `POST /autodiscover/…`, `New-MailboxExportRequest to …`. */
  readonly what: string;
  readonly ticks: bigint;
  readonly digits: number;
  readonly last: bigint;
  /** Requests or records. */
  readonly count: number;
  /** What joins it to an earlier link: `request id 1f0c…`, `page fpyn.aspx`, `account and 40 seconds`; "" for the first. */
  readonly joinedBy: string;
  readonly at: readonly EventReference[];
}

/** The earliest proven exploitation, or why there is none; gaps that could hide an earlier one. */
export interface FirstExploitation {
  readonly host: string;
  readonly at: LadderStep;
  /** Coverage that could have shown an earlier one, and its holes before `at`. */
  readonly over: readonly SourceCoverage[];
  readonly hiddenBy: readonly HidingGap[];
  /** Earlier traces that reached a lower rung: why the date may be contested. */
  readonly earlier: readonly LadderStep[];
}

export interface HidingGap {
  readonly host: string;
  readonly channel: string;
  readonly gap: Gap;
}

/** Grave detections of one host by rules that state no rung: whether they belong to an intrusion, a person must say. */
export interface Unjudged {
  readonly host: string;
  /** Detections of level high or critical. */
  readonly detections: number;
  /** Titles of the rules, each once, the gravest and earliest first. */
  readonly titles: readonly string[];
  readonly first: bigint;
  readonly digits: number;
  readonly last: bigint;
  readonly at: readonly EventReference[];
}

/** Traces of a test that the case file states: left out of every ladder, shown apart. */
export interface OwnTest {
  readonly who: string;
  readonly host: string;
  readonly first: bigint;
  readonly digits: number;
  readonly last: bigint;
  /** Records that a rule matched; one record counts once. */
  readonly count: number;
  /** How many of them name no client and belong to the test by the time alone. */
  readonly byTime: number;
  readonly at: readonly EventReference[];
}

export interface Cause {
  readonly timeline: readonly TimelineEntry[];
  readonly ladders: readonly Ladder[];
  /** The gravest and earliest first. */
  readonly chains: readonly Chain[];
  readonly first: readonly FirstExploitation[];
  readonly unjudged: readonly Unjudged[];
  readonly ownTests: readonly OwnTest[];
  /** What was left out or grouped because a limit was reached, in sentences. */
  readonly limits: readonly string[];
}
