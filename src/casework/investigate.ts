/**
 * The main job: evidence in, sealed; inputs sealed; one pass; the run journalled; the answers.
 * A replay starts from the vault alone and takes the same way.
 */
import { createHash } from "node:crypto";
import { utf8 } from "../base/bytes.ts";
import { Fault } from "../base/fault.ts";
import { canonicalJson } from "../base/text.ts";
import { known } from "../base/assert.ts";
import { type Ticks, toTicks } from "../base/time.ts";
import type { Dossier } from "../model/dossier.ts";
import type { Finding } from "../model/finding.ts";
import { groupFindings } from "../questions/answered/index.ts";
import { analyse } from "./analyse.ts";
import { NO_CASE_FILE, parseCaseFile } from "./case-file.ts";
import { conclude } from "./conclude.ts";
import { type Derived, keepDerived, takeDerived } from "./derived.ts";
import {
  type Run,
  inputText,
  lastRun,
  packRules,
  runBody,
  sealInput,
  unpackRules,
} from "./inputs.ts";
import { type Knowledge, OWN_RULES, loadKnowledge, programVersion } from "./knowledge.ts";
import { lawsFor } from "./laws.ts";
import type { Pace } from "./pace.ts";
import { type RuleFile, planRuleFiles, readRuleFiles, ruleAccount } from "./rules.ts";
import { takeIn } from "./take-in.ts";
import type { Vault } from "./vault/index.ts";

/** What a person asks for. */
export interface Request {
  readonly paths: readonly string[];
  readonly by: string;
  /** Null: those of the last run, or our own alone. */
  readonly rules: readonly RuleFile[] | null;
  /** Text of the case file; null: that of the last run, or none. */
  readonly caseFile: string | null;
  readonly asOf: Ticks;
  readonly from: Ticks | null;
  readonly to: Ticks | null;
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
  const taken = await takeIn(vault, request.paths, by, pace);
  const rules = await rulesOf(request, before, pace);
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
    entries: vault.entries().length,
    passedOver: joined(before?.passedOver ?? [], taken.passedOver),
    duplicates: joined(before?.duplicates ?? [], taken.duplicates),
  };
  const derived = await derive(vault, run, knowledge, pace);
  const whole: Run = { ...run, findings: findingsHash(derived.findings) };
  vault.act({ kind: "run", by, body: runBody(whole), sealed: null });
  keepDerived(vault, { run: whole, ...derived });
  return conclude({ vault, asOf, knowledge, run: whole, ...derived });
}

/** Rule files to seal, or the object of those sealed with the last run. */
async function rulesOf(
  { rules }: Request,
  before: Run | null,
  pace: Pace,
): Promise<readonly RuleFile[] | string> {
  return rules ?? before?.rules ?? (await readRuleFiles([OWN_RULES], pace));
}

/** Both lists, each path once. */
function joined<T extends { readonly path: string }>(old: readonly T[], fresh: readonly T[]): T[] {
  return [...new Map([...old, ...fresh].map((item) => [item.path, item])).values()];
}

/** The dossier of the last run: from what was derived, or anew from the vault where that is gone. */
export async function dossierOf(vault: Vault, asOf: Ticks | null, pace: Pace): Promise<Dossier> {
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
    keepDerived(vault, { run, ...derived });
  }
  const same = run.program === program && run.knowledge === knowledge.hash;
  if (same && findingsHash(derived.findings) !== run.findings) {
    throw new Fault(
      "vault-damaged",
      "the evidence gives other findings than the journal says of this run",
      "run breakwater verify; then investigate again",
    );
  }
  const moment = asOf ?? known(toTicks(run.asOf), "a run's as-of time is a real time");
  return conclude({ vault, run, asOf: moment, knowledge, ...derived });
}

async function derive(
  vault: Vault,
  run: Omit<Run, "findings">,
  knowledge: Knowledge,
  pace: Pace,
): Promise<Derived> {
  const caseFile =
    run.caseFile === null ? NO_CASE_FILE : parseCaseFile(inputText(vault, run.caseFile));
  const files = unpackRules(vault, run.rules);
  const { plan, matcher } = await planRuleFiles(files, knowledge.logSources, pace);
  const { from, to, entries, passedOver } = run;
  const input = { vault, caseFile, knowledge, matcher, from, to, entries, passedOver };
  const analysis = await analyse(input, pace);
  const findings = groupFindings(analysis.detections, caseFile.hosts);
  return { caseFile, analysis, findings, rules: ruleAccount(files.length, plan) };
}

/** SHA-256 over the findings in canonical JSON, ticks as digits. */
function findingsHash(findings: readonly Finding[]): string {
  const printed = findings.map((finding) => ({
    ...finding,
    firstSeen: String(finding.firstSeen),
    lastSeen: String(finding.lastSeen),
  }));
  return createHash("sha256").update(canonicalJson(printed)).digest("hex");
}
