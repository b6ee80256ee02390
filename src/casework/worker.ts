/** Commands under a web server's worker, of a run. Refuses findings that lie wholly outside the window that was asked for. */
import type { CaseFile } from "../model/case-file.ts";
import type { Finding } from "../model/finding.ts";
import { workerFindings } from "../questions/answered/index.ts";
import type { Analysis } from "./analyse.ts";
import type { Run } from "./inputs.ts";
import type { Knowledge } from "./knowledge.ts";

/** What a run derived, and what is known besides. */
export interface WorkerMatter {
  readonly caseFile: CaseFile;
  readonly knowledge: Pick<Knowledge, "worker">;
  readonly analysis: Pick<Analysis, "starts">;
}

/** The findings of all hosts. */
export function workerFindingsOf(
  { caseFile, knowledge, analysis }: WorkerMatter,
  { from, to }: Pick<Run, "from" | "to">,
): readonly Finding[] {
  return workerFindings(analysis.starts, knowledge.worker, caseFile.hosts).filter(
    ({ firstSeen, lastSeen }) =>
      (from === null || lastSeen >= from) && (to === null || firstSeen < to),
  );
}
