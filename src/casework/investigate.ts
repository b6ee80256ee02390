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
import { type Knowledge, loadKnowledge, programVersion } from "./knowledge.ts";
import type { Pace } from "./pace.ts";
import { type RuleFile, planRuleFiles, ruleAccount } from "./rules.ts";
import { takeIn } from "./take-in.ts";
import type { Vault } from "./vault/index.ts";

/** What a person asks for. */
export interface Request {
  readonly paths: readonly string[];
  readonly by: string;
  readonly rules: readonly RuleFile[];
  /** Text of the case file, or null. */
  readonly caseFile: string | null;
  readonly asOf: Ticks;
  readonly from: Ticks | null;
  readonly to: Ticks | null;
}

/** Takes in, analyses, journals the run, concludes. */
export async function investigate(vault: Vault, request: Request, pace: Pace): Promise<Dossier> {
  // Read before anything is taken in: a case file with a mistake costs nothing.
  if (request.caseFile !== null) parseCaseFile(request.caseFile);
  const knowledge = loadKnowledge();
  const taken = await takeIn(vault, request.paths, request.by, pace);
  const { by, asOf, from, to } = request;
  const run: Omit<Run, "findings"> = {
    program: programVersion(),
    knowledge: knowledge.hash,
    asOf,
    from,
    to,
    rules: sealInput(vault, "rules", packRules(request.rules), by),
    caseFile:
      request.caseFile === null ? null : sealInput(vault, "case-file", utf8(request.caseFile), by),
    passedOver: taken.passedOver,
    duplicates: taken.duplicates,
  };
  const derived = await derive(vault, run, knowledge, pace);
  const findings = findingsHash(derived);
  vault.act({ kind: "run", by, body: runBody({ ...run, findings }), sealed: null });
  keepDerived(vault, { run: { ...run, findings }, ...derived });
  return conclude({ vault, asOf, knowledge, run: { ...run, findings }, ...derived });
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
  let derived = takeDerived(vault, run, programVersion(), knowledge.hash);
  if (derived === null) {
    derived = await derive(vault, run, knowledge, pace);
    keepDerived(vault, { run, ...derived });
  }
  const moment = asOf ?? known(toTicks(run.asOf), "a run's as-of time is a real time");
  return conclude({ vault, run, asOf: moment, knowledge, ...derived });
}

async function derive(vault: Vault, run: Omit<Run, "findings">, knowledge: Knowledge, pace: Pace) {
  const caseFile =
    run.caseFile === null ? NO_CASE_FILE : parseCaseFile(inputText(vault, run.caseFile));
  const files = unpackRules(vault, run.rules);
  const { plan, matcher } = await planRuleFiles(files, knowledge.logSources, pace);
  const { from, to, passedOver } = run;
  const input = { vault, caseFile, knowledge, matcher, from, to, passedOver };
  const analysis = await analyse(input, pace);
  return { caseFile, analysis, rules: ruleAccount(files.length, plan) };
}

/** SHA-256 over the findings in canonical JSON, ticks as digits. */
export function findingsHash({ analysis, caseFile }: Derived): string {
  const findings = groupFindings(analysis.detections, caseFile.hosts).map((finding) => ({
    ...finding,
    firstSeen: String(finding.firstSeen),
    lastSeen: String(finding.lastSeen),
  }));
  return createHash("sha256").update(canonicalJson(findings)).digest("hex");
}
