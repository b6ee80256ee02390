/** How far an intruder got, and what was left behind: the changes of a run, held against what casework knows of hosts and tests. */
import type { Aftermath } from "../model/aftermath.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Cause } from "../model/cause.ts";
import { aftermathsOf, testsOf } from "../questions/cause/index.ts";
import type { Analysis } from "./analyse.ts";
import type { Knowledge } from "./knowledge.ts";

/** What a run derived, and what is known besides. */
export interface AftermathGiven {
  readonly analysis: Pick<Analysis, "changes" | "coverage" | "detections">;
  readonly caseFile: CaseFile;
  readonly knowledge: Pick<Knowledge, "aftermath">;
}

/** One for each host that somebody broke into. */
export function aftermathsIn(
  { analysis, caseFile, knowledge }: AftermathGiven,
  cause: Cause,
): readonly Aftermath[] {
  const { changes, coverage, detections } = analysis;
  const tests = testsOf({ detections, caseFile });
  return aftermathsOf({
    cause,
    coverage,
    changes,
    detections,
    tests,
    caseFile,
    terms: knowledge.aftermath,
  });
}
