/** Commands under a web server's worker, of a run. Refuses findings that lie wholly outside the window that was asked for. */
import type { CaseFile } from "../model/case-file.ts";
import type { Finding } from "../model/finding.ts";
import { workerFindings } from "../questions/answered/index.ts";
import type { Analysis } from "./analysis.ts";
import { liesWithin } from "./finding-window.ts";
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
  window: Pick<Run, "from" | "to">,
): readonly Finding[] {
  return workerFindings(analysis.starts, knowledge.worker, caseFile.hosts).filter(
    liesWithin(window),
  );
}
