/**
 * One pass over all sealed evidence of a vault: events into the store, rows past the rules, coverage counted.
 * Reads nothing but the vault and what is handed down, so a replay gives the same (decisions 7).
 */
import { join } from "node:path";
import { UNDATED } from "../base/time.ts";
import { createStore } from "../engines/store/index.ts";
import { detectionOf, type Matcher } from "../engines/sigma/index.ts";
import type { CaseFile } from "../model/case-file.ts";
import type { Coverage } from "../model/coverage.ts";
import type { Detection } from "../model/detection.ts";
import type { EvidenceAccount } from "../model/dossier.ts";
import type { Batch, Piece } from "../model/event.ts";
import type { Evidence, Place, Setting } from "../model/evidence.ts";
import type { Flaw } from "../model/flaw.ts";
import { createCoverage } from "../questions/cause/index.ts";
import { settingFor } from "./case-file.ts";
import type { PassedOver } from "./disk.ts";
import type { Knowledge } from "./knowledge.ts";
import type { Pace } from "./pace.ts";
import { notTakenIn, readEvidence } from "./read-evidence.ts";
import { evidenceOf, openEvidence } from "./evidence.ts";
import type { Vault } from "./vault/index.ts";

/** What the evidence holds, before any question is put to it. */
export interface Analysis {
  readonly accounts: readonly EvidenceAccount[];
  /** The first FLAWS_MAX of them; the total is exact. */
  readonly flaws: readonly Flaw[];
  readonly flawsTotal: number;
  readonly detections: readonly Detection[];
  readonly coverage: Coverage;
}

/** What one pass works with. */
export interface AnalysisInput {
  readonly vault: Vault;
  readonly caseFile: CaseFile;
  readonly knowledge: Knowledge;
  readonly matcher: Matcher;
  /** Detections outside [from, to) are not made; coverage and the store always see everything. */
  readonly from: bigint | null;
  readonly to: bigint | null;
  /** Length of the journal up to which evidence is read: a run's own. */
  readonly entries: number;
  /** What lay below the given paths and could not be taken in: a flaw each. */
  readonly passedOver: readonly PassedOver[];
}

/** Flaws beyond this many are counted and not listed: a damaged disk image has millions. */
const FLAWS_MAX = 20_000;

/** The folder of the event store inside a vault. */
export function storeFolder(vault: Vault): string {
  return join(vault.derivedFolder, "events");
}

/** Reads every evidence of the vault once. Replaces what an earlier pass derived. */
export async function analyse(input: AnalysisInput, pace: Pace): Promise<Analysis> {
  const { vault, caseFile, knowledge, passedOver } = input;
  const evidence = evidenceOf(vault, input.entries);
  const coverage = createCoverage();
  const store = createStore(storeFolder(vault));
  const detections: Detection[] = [];
  const flaws: Flaw[] = passedOver.slice(0, FLAWS_MAX).map(notTakenIn);
  const accounts: EvidenceAccount[] = [];
  let flawsTotal = passedOver.length;
  const visit = (piece: Piece) => {
    if (piece.kind === "flaw") {
      flawsTotal++;
      if (flaws.length < FLAWS_MAX) flaws.push(piece);
      return;
    }
    store.append(piece);
    coverage.add(piece);
    detect(input, piece, detections);
  };
  pace.start(
    "reading evidence",
    evidence.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  for (const item of evidence) {
    const setting = settingFor(caseFile, placeOf(item));
    accounts.push(await account(vault, item, setting, pace, visit));
  }
  store.finish();
  return {
    accounts,
    flaws,
    flawsTotal,
    detections,
    coverage: coverage.finish(knowledge.expected, caseFile.hosts),
  };
}

async function account(
  vault: Vault,
  evidence: Evidence,
  setting: Setting,
  pace: Pace,
  visit: (piece: Piece) => void,
): Promise<EvidenceAccount> {
  const source = openEvidence(vault, evidence);
  const reading = await readEvidence(source, setting, pace, visit).finally(() => source.close());
  return {
    evidence,
    member: "",
    intake: reading.format === null ? "unread" : "read",
    format: reading.format,
    events: reading.events,
    flaws: reading.flaws,
    assumptions: reading.assumptions,
  };
}

function detect(input: AnalysisInput, batch: Batch, detections: Detection[]): void {
  const { matcher, from, to } = input;
  matcher.match(batch, (row, rule) => {
    const ticks = batch.ticks[row] ?? 0n;
    // What has no time is never outside: it would be gone in silence.
    const dated = ticks !== UNDATED;
    if (dated && ((from !== null && ticks < from) || (to !== null && ticks >= to))) return;
    detections.push(detectionOf(rule, batch, row));
  });
}

/** The place of a whole evidence: no member. */
export function placeOf(evidence: Evidence): Place {
  return { evidence: evidence.hash, member: "", file: evidence.file };
}
