/**
 * The evidence of a vault, folded from its journal, and its bytes wherever they are held.
 * Refuses to open what was destroyed: its account stays, its content does not.
 */
import { z } from "zod";
import { known } from "../base/assert.ts";
import { Fault } from "../base/fault.ts";
import { ticksFromMillis } from "../base/time.ts";
import type { JournalEntry } from "../model/act.ts";
import type { Evidence, Holding } from "../model/evidence.ts";
import { bodyOf } from "./bodies.ts";
import { evidenceHash } from "./evidence-hash.ts";
import { type FileSource, fileSource, isUnreadable } from "./file-source.ts";
import { knownLogs, openLog } from "./logs/index.ts";
import { type Vault, destroyedObjects } from "./vault/index.ts";

export { evidenceHash } from "./evidence-hash.ts";

/** The body of an `evidence-sealed` act, and with `path` of an `evidence-referenced` one. */
const BODY = z.object({
  hash: z.string(),
  file: z.string(),
  sizeBytes: z.number(),
  by: z.string(),
  modifiedMillis: z.number().nullable(),
  path: z.string().optional(),
});
export type EvidenceBody = z.infer<typeof BODY>;

/**
 * Evidence in the order in which it was taken in, as far as the first `entries` of the journal tell; a growing log is as long as it
 * is committed now.
 */
export function evidenceOf(vault: Vault, entries = Number.POSITIVE_INFINITY): readonly Evidence[] {
  return evidenceActs(vault, entries).map(({ evidence }) => evidence);
}

/** An evidence with the act that took it in, and the objects that hold its bytes, or held them. */
export interface EvidenceAct {
  readonly entry: JournalEntry;
  readonly evidence: Evidence;
  readonly objects: readonly string[];
}

/** Evidence as in evidenceOf, each with its act. What was destroyed is so for every run, earlier ones too. */
export function evidenceActs(
  vault: Vault,
  entries = Number.POSITIVE_INFINITY,
): readonly EvidenceAct[] {
  const destroyed = destroyedObjects(vault.entries());
  const complete = vault
    .entries()
    .slice(0, entries)
    .filter(({ kind }) => kind === "evidence-sealed" || kind === "evidence-referenced")
    .map((entry) => ({ entry, evidence: evidenceIn(vault, entry) }));
  return [...relocated(complete), ...knownLogs(vault, entries)]
    .sort((left, right) => left.entry.index - right.entry.index)
    .map(({ entry, evidence }) => {
      const objects = objectsOf(evidence.holding);
      const end = objects.map((object) => destroyed.get(object)).find((act) => act !== undefined);
      if (end === undefined) return { entry, evidence, objects };
      return {
        entry,
        evidence: { ...evidence, holding: { kind: "destroyed", at: end.time } },
        objects,
      };
    });
}

interface TakenAct {
  readonly entry: JournalEntry;
  readonly evidence: Evidence;
}

/** Evidence by reference that was found again elsewhere is one evidence: taken in when it first was, lying where it was last. */
function relocated(acts: readonly TakenAct[]): readonly TakenAct[] {
  const byHash = new Map<string, TakenAct>();
  const distinct = new Map<number, TakenAct>();
  for (const act of acts) {
    const { hash, holding } = act.evidence;
    const first = holding.kind === "referenced" ? byHash.get(hash) : undefined;
    const now = first === undefined ? act : { ...first, evidence: { ...first.evidence, holding } };
    distinct.set(now.entry.index, now);
    if (holding.kind === "referenced") byHash.set(hash, now);
  }
  return [...distinct.values()];
}

/** The sealed objects of a holding. */
function objectsOf(holding: Holding): readonly string[] {
  switch (holding.kind) {
    case "sealed":
      return [holding.object];
    case "log":
      return holding.segments;
    case "referenced":
    case "destroyed":
      return [];
  }
}

function evidenceIn(vault: Vault, entry: JournalEntry): Evidence {
  const body = bodyOf(vault, entry, BODY);
  return {
    hash: evidenceHash(body.hash),
    file: body.file,
    sizeBytes: body.sizeBytes,
    holding: holdingOf(entry, body),
    takenAt: entry.time,
    by: body.by,
    modifiedAt: body.modifiedMillis === null ? null : ticksFromMillis(body.modifiedMillis),
  };
}

function holdingOf(entry: JournalEntry, { path }: EvidenceBody): Holding {
  if (path !== undefined) return { kind: "referenced", path };
  return {
    kind: "sealed",
    object: known(entry.sealed, "an evidence act names its object").object,
  };
}

/** Whether evidence by reference is no longer where it lay, or not as long: it may be handed in again from elsewhere. */
export function isGone({ holding, sizeBytes }: Evidence): boolean {
  if (holding.kind !== "referenced") return false;
  try {
    const source = fileSource(holding.path);
    source.close();
    return source.byteLength !== sizeBytes;
  } catch (error) {
    if (isUnreadable(error)) return true;
    throw error;
  }
}

/**
 * The bytes of an evidence; the caller closes it. Of a growing log the first `evidence.sizeBytes`, however far it has grown since:
 * a run states how much of it was read. Faults: vault-damaged, not-readable, not-found where it is gone.
 */
export function openEvidence(vault: Vault, evidence: Evidence): FileSource {
  const { hash, holding, sizeBytes } = evidence;
  switch (holding.kind) {
    case "sealed":
      return vault.openObject(holding.object);
    case "referenced":
      return fileSource(holding.path);
    case "log":
      return openLog(vault, hash, sizeBytes);
    case "destroyed":
      throw new Fault("not-found", "this evidence was destroyed", "its certificate says by whom");
  }
}
