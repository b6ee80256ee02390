/** The five answers and all they rest on, as one value that engines/dossier turns into files. */
import type { Ticks } from "../base/time.ts";
import type { Aftermath } from "./aftermath.ts";
import type { Canary } from "./canary.ts";
import type { Cause } from "./cause.ts";
import type { Claim } from "./claim.ts";
import type { Observation } from "./observation.ts";
import type { PatchReport } from "./patch.ts";
import type { Containment } from "./containment.ts";
import type { Coverage } from "./coverage.ts";
import type { Clock, IncidentEvent } from "./duty.ts";
import type { DyingEvidence } from "./dying.ts";
import type { Delivery } from "./escalation.ts";
import type { Event, EventReference } from "./event.ts";
import type { Assumption, ContainerId, Evidence, FormatId, Intake } from "./evidence.ts";
import type { StandingFinding } from "./finding.ts";
import type { Flaw } from "./flaw.ts";
import type { MissedSignals } from "./missed-signals.ts";
import type { Taking } from "./taking.ts";

/**
 * What a statement rests on: a record shows it (observed), it follows from records by a stated rule
 * (derived), somebody says it (claimed), or nothing tells (unknown).
 */
export type Basis = "observed" | "derived" | "claimed" | "unknown";

/** One sentence of the dossier and the records that it leads to. */
export interface Statement {
  readonly text: string;
  readonly basis: Basis;
  readonly at: readonly EventReference[];
}

/** answered: on the evidence at hand; partly: some of it is; not-yet: this version or case has nothing for it. */
export type AnswerState = "answered" | "partly" | "not-yet";

export interface Answer {
  readonly question: "patched" | "answered" | "cause" | "people" | "duties";
  /** The question as a board asks it. */
  readonly asked: string;
  readonly state: AnswerState;
  /** The answer in one or two sentences. */
  readonly headline: string;
  readonly statements: readonly Statement[];
  /** What is not known, and what would tell. */
  readonly unknown: readonly string[];
}

/** One evidence with what came of it. */
export interface EvidenceAccount {
  readonly evidence: Evidence;
  /** Path of a member inside the evidence; "" for the evidence itself. */
  readonly member: string;
  readonly intake: Intake;
  readonly format: FormatId | ContainerId | null;
  readonly events: number;
  /** Exact number of flaws, also where not all of them are listed. */
  readonly flaws: number;
  readonly assumptions: readonly Assumption[];
}

/** A rule set as it ran: what was given, what ran, what was refused and why. */
export interface RuleAccount {
  readonly files: number;
  readonly rules: number;
  readonly run: number;
  readonly refused: readonly RulesNotRun[];
  /** Documents that changed rules: filters, no rules of their own. */
  readonly filters: number;
  /** Of the rules that ran those that could match nothing here: their log is not in the evidence, or lacks a column. */
  readonly notHere: readonly RulesNotHere[];
}

/** Documents that did not run, for one reason: we cannot run them, or nothing that is read here could hold their events. */
export interface RulesNotRun {
  readonly state: "refused" | "not-applicable";
  readonly reason: string;
  readonly count: number;
}

/** Rules that had nothing to run on, for one reason. */
export interface RulesNotHere {
  readonly reason: string;
  /** The evidence that would make them applicable. */
  readonly needs: string;
  readonly count: number;
}

export interface Dossier {
  readonly caseName: string;
  readonly synthetic: boolean;
  /** The moment that clocks and ages are told for. */
  readonly asOf: Ticks;
  readonly program: string;
  /** Detections were made only in [from, to); null: over all time. A side that is null is open. */
  readonly window: { readonly from: Ticks | null; readonly to: Ticks | null } | null;
  readonly vault: { readonly id: string; readonly entries: number; readonly checkpoint: string };
  readonly answers: readonly Answer[];
  readonly evidence: readonly EvidenceAccount[];
  /** What people say about hosts and updates. */
  readonly claims: readonly Claim[];
  /** What records show of installed software. */
  readonly observations: readonly Observation[];
  /** What became of every fix on every host: claims held against observations. */
  readonly patches: PatchReport;
  readonly flaws: readonly Flaw[];
  readonly flawsTotal: number;
  readonly rules: RuleAccount;
  readonly findings: readonly StandingFinding[];
  readonly detectionsTotal: number;
  readonly cause: Cause;
  readonly coverage: Coverage;
  /** null: no sign of an intrusion. */
  readonly missed: MissedSignals | null;
  /** What can have left, by address of an intruder, the most bytes first. */
  readonly takings: readonly Taking[];
  /** Of each host that somebody broke into: how far, and what was left behind. */
  readonly aftermaths: readonly Aftermath[];
  readonly containment: readonly Containment[];
  readonly canaries: readonly Canary[];
  /** Messages about findings that nobody answered, in order of time. */
  readonly deliveries: readonly Delivery[];
  readonly incident: readonly IncidentEvent[];
  readonly clocks: readonly Clock[];
  /** What is not here and will be gone, as of `asOf`. */
  readonly dying: DyingEvidence;
  /** Every record that any statement leads to, decoded whole. */
  readonly records: readonly Event[];
}
