/**
 * What became of the defences themselves in a run: silences, sensors turned off, exclusions. Refuses findings that lie wholly outside
 * the window that was asked for.
 */
import type { CaseFile } from "../model/case-file.ts";
import type { Statement } from "../model/dossier.ts";
import type { Finding } from "../model/finding.ts";
import {
  exclusionFindings,
  judgeExclusions,
  protectionFindings,
  signLimits,
  silenceFindings,
  tellExclusions,
} from "../questions/answered/index.ts";
import type { Analysis } from "./analysis.ts";
import { liesWithin } from "./finding-window.ts";
import type { Run } from "./inputs.ts";
import type { Knowledge } from "./knowledge.ts";

/** What a run derived, and what it was asked. */
export interface DefenceMatter {
  readonly run: Pick<Run, "asOf" | "from" | "to" | "logs">;
  readonly caseFile: CaseFile;
  readonly knowledge: Knowledge;
  readonly analysis: Pick<Analysis, "coverage" | "signs">;
}

/** The findings about the defences of all hosts. */
export function defenceFindings(matter: DefenceMatter): readonly Finding[] {
  const { run, caseFile, knowledge, analysis } = matter;
  const followed = new Set(run.logs.map(({ hash }) => hash));
  const silence = silenceFindings(analysis.coverage, {
    terms: knowledge.protection,
    hosts: caseFile.hosts,
    asOf: run.asOf,
    isFollowed: ({ evidence }) => followed.has(evidence),
  });
  const protection = protectionFindings(analysis.signs, knowledge.protection, caseFile.hosts);
  return [...silence, ...protection, ...exclusionFindings(exclusionsOf(matter))].filter(
    liesWithin(run),
  );
}

/** What is told beside the findings: exclusions that are none, and what a limit left out. */
export function toldOfDefences(matter: Omit<DefenceMatter, "run">): {
  readonly statements: readonly Statement[];
  readonly unknown: readonly string[];
} {
  return {
    statements: tellExclusions(exclusionsOf(matter)),
    unknown: signLimits(matter.analysis.signs),
  };
}

function exclusionsOf({ caseFile, knowledge, analysis }: Omit<DefenceMatter, "run">) {
  return judgeExclusions(analysis.signs, {
    terms: knowledge.exclusions,
    hosts: caseFile.hosts,
    coverage: analysis.coverage,
  });
}
