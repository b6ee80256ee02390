/** How far an intruder got, and what was left behind: the changes of a run, held against what casework knows of hosts and tests. */
import type { Aftermath } from "../model/aftermath.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Cause } from "../model/cause.ts";
import type { DetectionId } from "../model/detection.ts";
import { aftermathsOf } from "../questions/cause/index.ts";
import type { Analysis } from "./analysis.ts";
import type { Knowledge } from "./knowledge.ts";

/** What a run derived, and what is known besides. */
export interface AftermathGiven {
  readonly analysis: Pick<Analysis, "changes" | "coverage" | "detections" | "signs">;
  readonly caseFile: CaseFile;
  readonly knowledge: Pick<Knowledge, "aftermath">;
  /** Whose stated test a detection is (testsOf). */
  readonly tests: ReadonlyMap<DetectionId, string>;
}

/** One for each host that somebody broke into. */
export function aftermathsIn(
  { analysis, caseFile, knowledge, tests }: AftermathGiven,
  cause: Cause,
): readonly Aftermath[] {
  const { changes, coverage, detections, signs } = analysis;
  return aftermathsOf({
    cause,
    coverage,
    changes,
    signs,
    detections,
    tests,
    caseFile,
    terms: knowledge.aftermath,
  });
}
