/** The calendar of missed signals of a case: what was detected, held against who answered and when somebody knew. */
import type { Ticks } from "../base/time.ts";
import type { DetectionId } from "../model/detection.ts";
import type { IncidentEvent } from "../model/duty.ts";
import type { StandingFinding } from "../model/finding.ts";
import type { MissedSignals } from "../model/missed-signals.ts";
import { countingAnswers, missedSignals } from "../questions/answered/index.ts";
import type { Derived } from "./derived.ts";
import { findingActs } from "./findings/record.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Vault } from "./vault/index.ts";

/** What the calendar of a case is made from; the detections of `analysis` are those that can be signs of an attack. */
export interface MissedMatter extends Pick<Derived, "analysis"> {
  readonly vault: Vault;
  readonly knowledge: Knowledge;
  readonly asOf: Ticks;
  /** Whose stated test a detection is (testsOf). */
  readonly tests: ReadonlyMap<DetectionId, string>;
}

/** The calendar over the findings as they stand; null where nothing is a sign of an intrusion before the discovery. */
export function missedIn(
  { vault, analysis, knowledge, asOf, tests }: MissedMatter,
  findings: readonly StandingFinding[],
  incident: readonly IncidentEvent[],
): MissedSignals | null {
  const { detections, coverage } = analysis;
  return missedSignals({
    detections,
    findings,
    incident,
    asOf,
    tests,
    answers: countingAnswers(findingActs(vault)),
    sources: coverage.sources,
    tools: knowledge.tools,
  });
}
