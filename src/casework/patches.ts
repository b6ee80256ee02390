/** What became of every fix, straight from files and without a vault: for `patches`. Refuses to keep anything. */
import { known } from "../base/assert.ts";
import { dayOfTicks } from "../base/day.ts";
import { type Ticks, formatTicks } from "../base/time.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { CataloguePart } from "../model/catalogue.ts";
import { NOT_OF_A_HOST } from "../model/evidence.ts";
import type { Flaw } from "../model/flaw.ts";
import type { PatchReport } from "../model/patch.ts";
import {
  type PatchTerms,
  createObservations,
  mergeCatalogues,
  patchFindings,
  reportPatches,
} from "../questions/patched/index.ts";
import type { Analysis } from "./analysis.ts";
import { cataloguesOf } from "./catalogues.ts";
import { type ClaimsFile, claimsOf, parsedClaims } from "./claims.ts";
import type { Run } from "./inputs.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Pace } from "./pace.ts";
import { type FilesAsked, readFiles } from "./read-files.ts";
import type { Vault } from "./vault/index.ts";

/** What a run derived, and the inputs that it names: all that the question of updates takes. */
export interface PatchMatter {
  readonly vault: Vault;
  readonly run: Pick<Run, "claims" | "catalogues">;
  readonly caseFile: CaseFile;
  readonly knowledge: Knowledge;
  readonly analysis: Pick<Analysis, "observations" | "coverage">;
}

/** The report of a run for a moment, with what its findings need. */
export function patchesOfRun(matter: PatchMatter, asOf: bigint) {
  const { vault, run, caseFile, knowledge, analysis } = matter;
  const claims = claimsOf(vault, run.claims);
  const added = cataloguesOf(vault, run.catalogues).map(({ part }) => part);
  const catalogue = mergeCatalogues([...knowledge.catalogue(), ...added]);
  const terms = termsOf(knowledge.patchTerms, caseFile);
  const report = reportPatches({
    catalogue,
    observations: analysis.observations.observations,
    claims: claims.claims,
    hosts: caseFile.hosts,
    seenHosts: analysis.coverage.sources
      .filter(({ format }) => !NOT_OF_A_HOST.has(format))
      .map(({ host }) => host),
    terms,
    asOf: known(dayOfTicks(asOf), "a run's as-of time falls on a day"),
  });
  return { report, claims, findings: patchFindings(report, catalogue.sources, terms) };
}

/** The deadlines of the case file where it states any. */
function termsOf(terms: PatchTerms, { patching }: CaseFile): PatchTerms {
  if (patching === null) return terms;
  const source = "the case file";
  const { days, urgentDays } = patching;
  const own = [
    { when: "always" as const, days },
    { when: "urgent" as const, days: urgentDays },
  ].flatMap(({ when, days: allowed }) =>
    allowed === null
      ? []
      : [
          {
            id: when,
            text: `within ${allowed} days, as the case file states`,
            days: allowed,
            when,
            source,
            confidence: "stated" as const,
          },
        ],
  );
  return { ...terms, deadlines: own };
}

/** What is asked, and of which files. */
export interface PatchesAsked extends FilesAsked {
  readonly knowledge: Knowledge;
  readonly claims: readonly ClaimsFile[];
  /** Catalogues besides those of the program. */
  readonly catalogues: readonly CataloguePart[];
  readonly asOf: Ticks;
}

/** The answer, what could not be read, and the totals for people. */
export interface PatchesFound {
  readonly report: PatchReport;
  readonly flaws: readonly Flaw[];
  readonly flawsTotal: number;
  readonly totals: readonly string[];
}

const FLAWS_MAX = 1_000;

/** Reads the files and answers. Faults: not-found; usage where the as-of time is no day. */
export async function patchesIn(asked: PatchesAsked, pace: Pace): Promise<PatchesFound> {
  const { knowledge, asOf, caseFile } = asked;
  const day = known(dayOfTicks(asOf), "ticks of the years 1601 to 9999 fall on a day");
  const collector = createObservations();
  const seenHosts = new Set<string>();
  const claims = parsedClaims(asked.claims);
  const flaws: Flaw[] = [...claims.flaws];
  let flawsTotal = flaws.length;
  const totals = await readFiles(asked, pace, (piece) => {
    if (piece.kind === "flaw") {
      flawsTotal++;
      if (flaws.length < FLAWS_MAX) flaws.push(piece);
      return;
    }
    collector.add(piece);
    if (!NOT_OF_A_HOST.has(piece.format) && piece.length > 0) seenHosts.add(piece.host(0));
  });
  const { strengths, catalogue, patchTerms } = knowledge;
  const { observations, limits } = collector.finish({
    strengths,
    hosts: caseFile.hosts,
    changedAt: () => null,
  });
  const report = reportPatches({
    catalogue: mergeCatalogues([...catalogue(), ...asked.catalogues]),
    observations,
    claims: claims.claims,
    hosts: caseFile.hosts,
    seenHosts: [...seenHosts],
    terms: termsOf(patchTerms, caseFile),
    asOf: day,
  });
  const assumed = claims.assumptions.map(
    ({ what, value, why }) => `assumed ${what} ${value}: ${why}`,
  );
  return {
    report: { ...report, unknown: [...report.unknown, ...limits] },
    flaws,
    flawsTotal,
    totals: [...assumed, ...totals, `as of ${formatTicks(asOf, 0).slice(0, 10)}`],
  };
}
