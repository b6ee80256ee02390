/**
 * The evidence of a vault, folded from its journal, and its bytes wherever they are held.
 * Refuses to open what was destroyed: its account stays, its content does not.
 */
import { z } from "zod";
import { known } from "../base/assert.ts";
import { Fault } from "../base/fault.ts";
import { ticksFromMillis } from "../base/time.ts";
import type { JournalEntry } from "../model/act.ts";
import type { Evidence, EvidenceHash, Holding } from "../model/evidence.ts";
import { type FileSource, fileSource } from "./file-source.ts";
import type { Vault } from "./vault/index.ts";

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

/** Evidence in the order in which it was taken in, as far as the first `entries` of the journal tell. */
export function evidenceOf(vault: Vault, entries = Number.POSITIVE_INFINITY): readonly Evidence[] {
  return vault
    .entries()
    .slice(0, entries)
    .filter(({ kind }) => kind === "evidence-sealed" || kind === "evidence-referenced")
    .map((entry) => evidenceIn(vault, entry));
}

function evidenceIn(vault: Vault, entry: JournalEntry): Evidence {
  const body = BODY.parse(vault.readBody(entry));
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

/** The bytes of an evidence; the caller closes it. Faults: vault-damaged, not-readable, not-found where it is gone. */
export function openEvidence(vault: Vault, { holding }: Evidence): FileSource {
  switch (holding.kind) {
    case "sealed":
      return vault.openObject(holding.object);
    case "referenced":
      return fileSource(holding.path);
    case "log":
    case "destroyed":
      throw new Fault("not-found", "this evidence was destroyed", "its certificate says by whom");
  }
}

/** The brand's one constructor: 64 lower-case hexadecimal digits. */
export function evidenceHash(text: string): EvidenceHash {
  return text as EvidenceHash;
}
