/**
 * What a run derived, kept so that a dossier need not read all evidence again. Disposable: anything that does not
 * fit (another version, other knowledge, a damaged file) is left aside, and the run is replayed.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "../base/text.ts";
import { isSoundStore } from "../engines/store/index.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { RuleAccount } from "../model/dossier.ts";
import type { Finding } from "../model/finding.ts";
import type { Detection } from "../model/detection.ts";
import { shelfOf } from "./analyse.ts";
import type { Analysis } from "./analysis.ts";
import { storeFolder } from "./event-store.ts";
import { type Run, runBody } from "./inputs.ts";
import { type Mac, keepValue, takeValue } from "./kept-file.ts";
import { takePortion } from "./reading/portion.ts";
import { KeptDetections, OF_RULE_IN_RUN_MAX } from "./reading/kept-detections.ts";
import type { Vault } from "./vault/index.ts";

/** All that a conclusion needs besides the vault. */
export interface Derived {
  readonly caseFile: CaseFile;
  readonly analysis: Analysis;
  /** The detections in groups, as the run's hash has them. */
  readonly findings: readonly Finding[];
  readonly rules: RuleAccount;
  /** Whether any rule that looks for canaries ran. */
  readonly watchesCanaries: boolean;
}

/** Raised with every change of what is kept, so that no version reads what another wrote. */
const LAYOUT = 10;

/** What made it: a later version derives anew, and then keeps its own. */
interface By {
  readonly layout: number;
  readonly run: Run;
  readonly program: string;
  readonly knowledge: string;
}
type Kept = Derived & Omit<By, "layout">;

const FILE = "analysis.bin";

/** Writes the derived values of a run beside the event store. */
export function keepDerived(vault: Vault, derived: Kept): void {
  mkdirSync(vault.derivedFolder, { recursive: true, mode: 0o700 });
  const { run, program, knowledge, analysis, caseFile, findings, rules, watchesCanaries } = derived;
  keepValue(pathOf(vault), macOf(vault), {
    layout: LAYOUT,
    run,
    program,
    knowledge,
    // The portions hold the detections of rules already: hundreds of thousands are not written twice.
    derived: {
      caseFile,
      analysis: {
        ...analysis,
        detections: analysis.detections.filter(({ correlated }) => correlated !== undefined),
      },
      findings,
      rules,
      watchesCanaries,
    },
  });
}

/** The derived values of this run by this program and knowledge, or null where they must be made again. */
export function takeDerived(
  vault: Vault,
  run: Run,
  program: string,
  knowledge: string,
): Derived | null {
  const kept = takeDerivedBeside(vault, run, program, knowledge);
  if (kept === null) return null;
  const { analysis } = kept;
  const ofRules = detectionsOf(vault, analysis.portions);
  if (ofRules === null) return null;
  const detections = [...ofRules, ...analysis.detections];
  return { ...kept, analysis: { ...analysis, detections } };
}

/** The same without the detections of single rules, which lie with the portions: for whoever asks the events themselves. */
export function takeDerivedBeside(
  vault: Vault,
  run: Run,
  program: string,
  knowledge: string,
): Derived | null {
  const kept = isSoundStore(storeFolder(vault)) ? readKept(vault) : null;
  if (
    kept === null ||
    kept.layout !== LAYOUT ||
    kept.program !== program ||
    kept.knowledge !== knowledge
  )
    return null;
  return canonicalJson(runBody(kept.run)) === canonicalJson(runBody(run)) ? kept.derived : null;
}

/** The detections of these portions; null where one of them is gone. */
function detectionsOf(vault: Vault, portions: readonly string[]): readonly Detection[] | null {
  const detections = new KeptDetections(OF_RULE_IN_RUN_MAX);
  for (const key of portions) {
    const portion = takePortion(shelfOf(vault), key);
    if (portion === null) return null;
    for (const detection of portion.detections) detections.add(detection);
  }
  return detections.kept;
}

function readKept(vault: Vault): (By & { readonly derived: Derived }) | null {
  return takeValue(pathOf(vault), macOf(vault));
}

function pathOf(vault: Vault): string {
  return join(vault.derivedFolder, FILE);
}

function macOf(vault: Vault): Mac {
  return (sha256) => vault.mac(sha256);
}
