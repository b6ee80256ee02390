/**
 * The last run done again from the vault alone. The same program and knowledge give the same findings, byte for byte;
 * another version's differ, and how they differ is an act of its own (docs/design/inputs-and-runs.md).
 */
import { z } from "zod";
import type { Finding } from "../model/finding.ts";
import { bodyOf } from "./bodies.ts";
import { differenceOf, findingsHash, marksOf } from "./finding-marks.ts";
import { type Run, lastRun } from "./inputs.ts";
import { dossierOf, findingsNow } from "./investigate.ts";
import { loadKnowledge, programVersion } from "./knowledge.ts";
import type { Pace } from "./pace.ts";
import { REFERENCED_CHANGED } from "./reading/units.ts";
import type { Vault } from "./vault/index.ts";

/** The body of a `run-replayed` act. */
const BODY = z.object({
  /** Journal index of the run. */
  run: z.number().int(),
  program: z.string(),
  knowledge: z.string(),
  findings: z.string(),
  /** Ids of findings; null where the run kept no marks of its own. */
  difference: z
    .object({
      added: z.array(z.string()),
      removed: z.array(z.string()),
      changed: z.array(z.string()),
    })
    .nullable(),
});

/** What a replay came to. */
export interface Replay extends z.infer<typeof BODY> {
  /** Whether program and knowledge are those of the run. */
  readonly sameVersion: boolean;
  /** Whether the findings are byte-identical to those of the run. */
  readonly identical: boolean;
  /** Labels of evidence by reference that is gone or has changed: read by the run, not by the replay. */
  readonly gone: readonly string[];
}

/**
 * Rebuilds what the last run derived and holds its findings against the journal; null where nothing was investigated.
 * What another version finds is journalled once. Faults: vault-damaged where the same version finds anything else.
 */
export async function rebuildDerived(vault: Vault, by: string, pace: Pace): Promise<Replay | null> {
  const run = lastRun(vault);
  if (run === null) return null;
  const { flaws } = await dossierOf(vault, null, pace);
  const { findings } = await findingsNow(vault, pace);
  const gone = flaws.filter(({ what }) => what === REFERENCED_CHANGED);
  const replay = replayOf(vault, run, findings);
  if (!replay.sameVersion && !isJournalled(vault, replay)) {
    const { sameVersion: _, identical: __, ...body } = replay;
    vault.act({ kind: "run-replayed", by, body, sealed: null });
  }
  return { ...replay, gone: gone.map(({ place }) => place.file) };
}

function replayOf(vault: Vault, run: Run, found: readonly Finding[]): Omit<Replay, "gone"> {
  const index = vault.entries().findLastIndex(({ kind }) => kind === "run");
  const program = programVersion();
  const knowledge = loadKnowledge().hash;
  const findings = findingsHash(found);
  return {
    run: index,
    program,
    knowledge,
    findings,
    difference: run.marks === undefined ? null : differenceOf(run.marks, marksOf(found)),
    sameVersion: run.program === program && run.knowledge === knowledge,
    identical: run.findings === findings,
  };
}

/** Whether this version's replay of this run is in the journal already. */
function isJournalled(
  vault: Vault,
  { run, program, knowledge, findings }: z.infer<typeof BODY>,
): boolean {
  return vault.entries().some((entry) => {
    if (entry.kind !== "run-replayed") return false;
    const body = bodyOf(vault, entry, BODY);
    const same = body.run === run && body.program === program;
    return same && body.knowledge === knowledge && body.findings === findings;
  });
}
