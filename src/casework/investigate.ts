/**
 * The main job: evidence in, sealed; inputs sealed; one pass; the run journalled; the answers.
 * A replay starts from the vault alone and takes the same way.
 */
import { utf8 } from "../base/bytes.ts";
import { Fault } from "../base/fault.ts";
import { canonicalJson } from "../base/text.ts";
import { known } from "../base/assert.ts";
import { type Ticks, toTicks } from "../base/time.ts";
import type { Dossier } from "../model/dossier.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Detection } from "../model/detection.ts";
import type { Finding } from "../model/finding.ts";
import {
  NO_HISTORY,
  answerAnswered,
  isCanary,
  standFindings,
} from "../questions/answered/index.ts";
import { answerCause, causeOf } from "../questions/cause/index.ts";
import { type AnalysisInput, analyse } from "./analyse.ts";
import { attackDetections, unseenIn } from "./canaries.ts";
import { NO_CASE_FILE, parseCaseFile } from "./case-file.ts";
import { catalogueObjects } from "./catalogues.ts";
import { type ClaimsFile, sealClaims } from "./claims.ts";
import { checkManifests, tellManifests } from "./collect/check-manifests.ts";
import { conclude } from "./conclude.ts";
import { defenceFindings } from "./defences.ts";
import { wasDestroyedSince } from "./custody/destruction.ts";
import { detectedIn } from "./detected.ts";
import { type Derived, keepDerived, takeDerived } from "./derived.ts";
import {
  type Run,
  inputText,
  lastRun,
  packRules,
  runBody,
  sealInput,
  unpackPasswords,
  unpackRules,
} from "./inputs.ts";
import { findingsHash, marksOf } from "./finding-marks.ts";
import { openedIn } from "./findings/standing.ts";
import { logsOf } from "./logs/index.ts";
import { type Knowledge, OWN_RULES, loadKnowledge, programVersion } from "./knowledge.ts";
import { lawsFor } from "./laws.ts";
import type { Pace } from "./pace.ts";
import { patchesOfRun } from "./patches.ts";
import { vaultPlans } from "./plan-cache.ts";
import {
  type RuleFile,
  planRuleFiles,
  readRuleFiles,
  ruleAccount,
  withPlaceholders,
} from "./rules.ts";
import { takeIn } from "./take-in.ts";
import { trafficFindingsOf } from "./traffic.ts";
import { workerFindingsOf } from "./worker.ts";
import type { Vault } from "./vault/index.ts";

/** What a person asks for. */
export interface Request {
  readonly paths: readonly string[];
  readonly by: string;
  /** Null: those of the last run, or our own alone. */
  readonly rules: readonly RuleFile[] | null;
  /** What the modifier `expand` puts into rules; null or absent: that of the last run, or nothing. */
  readonly placeholders?: RuleFile | null;
  /** Text of the case file; null: that of the last run, or none. */
  readonly caseFile: string | null;
  readonly asOf: Ticks;
  readonly from: Ticks | null;
  readonly to: Ticks | null;
  /** Leaves the files where they are, hashed, instead of copying them (docs/design/by-reference.md). */
  readonly byReference: boolean;
  /** Passwords of archives; null: those of the last run, or none. */
  readonly passwords: readonly string[] | null;
  /** Files of claims; null: those of the last run, or none. */
  readonly claims: readonly ClaimsFile[] | null;
  /** How many threads read; absent: two where it pays. */
  readonly workers?: number;
  /** Told, a line each, what a person wants to know before the end. */
  readonly notice?: (line: string) => void;
  /** Told as of when a run over the same evidence finds more; null: never. */
  readonly onDue?: (due: bigint | null) => void;
}

/** Refuses a case file that cannot be used, before anything is made or taken in. Faults: case-file-invalid. */
export function checkCaseFile(text: string, knowledge = loadKnowledge()): void {
  lawsFor(knowledge.laws, parseCaseFile(text).jurisdictions);
}

/** Takes in, analyses, journals the run, concludes. Faults: usage where the window is empty, and those of taking in. */
export async function investigate(vault: Vault, request: Request, pace: Pace): Promise<Dossier> {
  const { by, asOf, from, to } = request;
  if (from !== null && to !== null && from >= to) {
    throw new Fault("usage", "the window ends before it begins", "--from is earlier than --to");
  }
  const knowledge = loadKnowledge();
  if (request.caseFile !== null) checkCaseFile(request.caseFile, knowledge);
  const before = lastRun(vault);
  const taken = await takeIn(vault, request, pace);
  const rules = await rulesOf(vault, request, before, pace);
  const run: Omit<Run, "findings"> = {
    program: programVersion(),
    knowledge: knowledge.hash,
    asOf,
    from,
    to,
    rules: typeof rules === "string" ? rules : sealInput(vault, "rules", packRules(rules), by),
    caseFile:
      request.caseFile === null
        ? (before?.caseFile ?? null)
        : sealInput(vault, "case-file", utf8(request.caseFile), by),
    passwords: passwordsOf(vault, request, before),
    claims:
      request.claims === null ? (before?.claims ?? null) : sealClaims(vault, request.claims, by),
    catalogues: catalogueObjects(vault),
    stopped: before?.stopped ?? [],
    logs: logsOf(vault).map(({ hash, sizeBytes }) => ({ hash, sizeBytes })),
    entries: vault.entries().length,
    passedOver: joined(before?.passedOver ?? [], taken.passedOver),
    duplicates: joined(before?.duplicates ?? [], taken.duplicates),
  };
  const derived = await derive(vault, run, knowledge, pace, request);
  const { findings } = derived;
  const whole: Run = {
    ...run,
    stopped: derived.analysis.stopped,
    findings: findingsHash(findings),
    marks: marksOf(findings),
  };
  vault.act({ kind: "run", by, body: runBody(whole), sealed: null });
  keepDerived(vault, { run: whole, program: run.program, knowledge: knowledge.hash, ...derived });
  for (const line of tellManifests(checkManifests(vault, whole))) request.notice?.(line);
  request.onDue?.(derived.analysis.correlationsDue);
  return conclude({ vault, asOf, knowledge, run: whole, ...derived });
}

/** Rule files to seal, or the object of those sealed with the last run. */
async function rulesOf(
  vault: Vault,
  { rules, placeholders = null }: Request,
  before: Run | null,
  pace: Pace,
): Promise<readonly RuleFile[] | string> {
  if (rules === null && placeholders === null && before !== null) return before.rules;
  const sealed = before === null ? [] : unpackRules(vault, before.rules);
  const files = rules ?? (before === null ? await readRuleFiles([OWN_RULES], pace) : sealed);
  const own = sealed.find(({ kind }) => kind === "placeholders") ?? null;
  return withPlaceholders(files, placeholders ?? own);
}

/** The sealed passwords given now, or those of the last run. */
function passwordsOf(vault: Vault, { passwords, by }: Request, before: Run | null): string | null {
  if (passwords === null) return before?.passwords ?? null;
  return sealInput(vault, "passwords", utf8(canonicalJson(passwords)), by);
}

/** Both lists, each path once. */
function joined<T extends { readonly path: string }>(old: readonly T[], fresh: readonly T[]): T[] {
  return [...new Map([...old, ...fresh].map((item) => [item.path, item])).values()];
}

/** The dossier of the last run: from what was derived, or anew from the vault where that is gone. */
export async function dossierOf(vault: Vault, asOf: Ticks | null, pace: Pace): Promise<Dossier> {
  const { run, knowledge, derived } = await derivedNow(vault, pace);
  return conclude({ vault, run, asOf: asOf ?? momentOf(run), knowledge, ...derived });
}

function momentOf({ asOf }: Pick<Run, "asOf">): Ticks {
  return known(toTicks(asOf), "a run's as-of time is a real time");
}

/** The findings of the last run, before anybody's acts, and the knowledge of this program. Faults: not-found where nothing was investigated. */
export async function findingsNow(
  vault: Vault,
  pace: Pace,
): Promise<{ readonly findings: readonly Finding[]; readonly knowledge: Knowledge }> {
  const { derived, knowledge } = await derivedNow(vault, pace);
  return { findings: derived.findings, knowledge };
}

/** What the last run derived. Faults: not-found; vault-damaged where the evidence gives other findings than the journal says. */
export async function derivedNow(vault: Vault, pace: Pace) {
  const run = lastRun(vault);
  if (run === null) {
    throw new Fault(
      "not-found",
      "nothing was investigated in this vault",
      "breakwater investigate",
    );
  }
  const knowledge = loadKnowledge();
  const program = programVersion();
  let derived = takeDerived(vault, run, program, knowledge.hash);
  if (derived === null) {
    derived = await derive(vault, run, knowledge, pace);
    keepDerived(vault, { run, program, knowledge: knowledge.hash, ...derived });
  }
  const same = run.program === program && run.knowledge === knowledge.hash;
  const index = vault.entries().findLastIndex(({ kind }) => kind === "run");
  const whole = !wasDestroyedSince(vault.entries(), index);
  if (same && whole && findingsHash(derived.findings) !== run.findings) {
    throw new Fault(
      "vault-damaged",
      "the evidence gives other findings than the journal says of this run",
      "run breakwater verify; then investigate again",
    );
  }
  return { run, knowledge, derived };
}

/** Says what the decisive sources alone give, while the rest is read. */
function tellFirst(
  notice: (line: string) => void,
  caseFile: CaseFile,
  knowledge: Knowledge,
  asOf: Ticks,
  attacksAmong: (detections: readonly Detection[]) => readonly Detection[],
): AnalysisInput["onFirst"] {
  return (analysis, { readBytes, totalBytes }) => {
    const { detections, coverage } = analysis;
    const share = `${Math.round((100 * readBytes) / totalBytes)} %`;
    const grouped = detectedIn(analysis, { caseFile, knowledge, asOf, opened: [] });
    const findings = standFindings(grouped, NO_HISTORY, knowledge.answerHours);
    const cause = causeOf({ detections: attacksAmong(detections), coverage, caseFile });
    notice(`first answers, from ${share} of the evidence; the rest is being read:`);
    notice(`  ${answerAnswered(findings, coverage, asOf).headline}`);
    notice(`  ${answerCause(cause, coverage).headline}`);
  };
}

async function derive(
  vault: Vault,
  run: Omit<Run, "findings">,
  knowledge: Knowledge,
  pace: Pace,
  { notice, workers }: Pick<Request, "notice" | "workers"> = {},
): Promise<Derived> {
  const caseFile =
    run.caseFile === null ? NO_CASE_FILE : parseCaseFile(inputText(vault, run.caseFile));
  const files = unpackRules(vault, run.rules);
  const planned = await planRuleFiles(files, knowledge.logSources, pace, vaultPlans(vault));
  const { plan } = planned;
  const { from, to, entries, passedOver, stopped } = run;
  const input = {
    vault,
    caseFile,
    knowledge,
    planned,
    terms: { program: programVersion(), knowledge: knowledge.hash, rules: run.rules, from, to },
    asOf: momentOf(run),
    passwords: unpackPasswords(vault, run.passwords),
    stopped,
    entries,
    logs: new Map(run.logs.map(({ hash, sizeBytes }) => [hash, sizeBytes])),
    passedOver,
    workers: workers ?? null,
    onFirst:
      notice === undefined
        ? undefined
        : tellFirst(notice, caseFile, knowledge, momentOf(run), (detections) =>
            attackDetections(vault, run, detections),
          ),
  };
  const analysis = await analyse(input, pace);
  const patches = patchesOfRun({ vault, run, caseFile, knowledge, analysis }, run.asOf);
  const watchesCanaries = plan.bound.some(({ rule }) => isCanary(rule));
  const opened = [...openedIn(vault, run.entries).keys()];
  const terms = { caseFile, knowledge, asOf: momentOf(run), opened };
  const findings = [
    ...detectedIn(analysis, terms),
    ...defenceFindings({ run, caseFile, knowledge, analysis }),
    ...trafficFindingsOf({ caseFile, analysis }, run),
    ...workerFindingsOf({ caseFile, knowledge, analysis }, run),
    ...unseenIn({ vault, run, caseFile, analysis, watchesCanaries }),
    ...patches.findings,
  ];
  const rules = ruleAccount(files, plan, analysis.carried);
  return { caseFile, analysis, findings, rules, watchesCanaries };
}
