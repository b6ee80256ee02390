/**
 * The proof that a vault's journal holds an entry, as data that anybody can check with SHA-256 and Ed25519
 * (docs/formats/journal.md): the entry, its way up the tree, the signed checkpoint, and the public key that the
 * vault's id is the hash of.
 */
import { existsSync } from "node:fs";
import { z } from "zod";
import { fromHex, sameBytes, toHex } from "../base/bytes.ts";
import {
  type Checkpoint,
  formatEntry,
  leafHash,
  originOf,
  parseCheckpoint,
  parseEntry,
  verifyCheckpoint,
  verifyInclusion,
} from "../engines/journal/index.ts";
import type { ActKind, JournalEntry } from "../model/act.ts";
import { readText } from "./disk.ts";
import { type Vault, vaultIdOf } from "./vault/index.ts";

const PROOF = z.object({
  entry: z.string(),
  path: z.array(z.string()),
  checkpoint: z.string(),
  publicKey: z.string(),
});
type Proof = z.infer<typeof PROOF>;

/** What stands in a proof's file, to be judged by verifyProof; null where there is none. */
export function readProof(path: string): unknown {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The proof for one acknowledged entry under the last checkpoint. */
export function proveEntry(vault: Vault, entry: JournalEntry): Proof {
  return {
    entry: formatEntry(entry),
    path: vault.inclusionPath(entry.index).map(toHex),
    checkpoint: vault.checkpoint().text,
    publicKey: toHex(vault.publicKey),
  };
}

/** What a proof has to show. */
export interface Shown {
  readonly vault: string;
  readonly subject: string;
  /** What the subject is the hash of, in a word; absent: a manifest. */
  readonly named?: string;
  readonly kind: ActKind;
  /** Text of a checkpoint kept elsewhere; null: not compared. */
  readonly checkpoint: string | null;
}

/** What is wrong with a proof, or null and what it shows. Never throws on what a stranger sends. */
export function verifyProof(
  proof: unknown,
  expected: Shown,
): {
  readonly trouble: string | null;
  readonly shown: string;
  readonly unchecked: readonly string[];
} {
  const parsed = PROOF.safeParse(proof);
  const trouble = parsed.success ? troubleOf(parsed.data, expected) : "it is missing or no proof";
  return {
    trouble,
    shown: `the journal of vault ${expected.vault} names this ${expected.named ?? "manifest"}, under a signed checkpoint`,
    unchecked: parsed.success ? incomparable(parsed.data, expected) : [],
  };
}

function troubleOf(proof: Proof, expected: Shown): string | null {
  const key = fromHex(proof.publicKey);
  if (key === null || vaultIdOf(key) !== expected.vault) return "its key is not that of the vault";
  const checkpoint = parseCheckpoint(proof.checkpoint);
  if (checkpoint === null || !verifyCheckpoint(checkpoint, originOf(expected.vault), key)) {
    return "its checkpoint is not signed by the vault";
  }
  const entry = parseEntry(proof.entry);
  if (entry === null) return "its entry is no journal entry";
  const path = proof.path.map((text) => fromHex(text) ?? new Uint8Array());
  const { size, root } = checkpoint;
  if (!verifyInclusion(leafHash(proof.entry), entry.index, size, path, root)) {
    return "its entry does not lead to the signed root";
  }
  if (entry.kind !== expected.kind) return `its entry is of the kind ${entry.kind}`;
  if (entry.subject !== expected.subject)
    return `its entry names another ${expected.named ?? "manifest"}`;
  return expected.checkpoint === null ? null : keptTrouble(expected.checkpoint, checkpoint, key);
}

/** One size can have one root only: anything else is a journal that was told in two ways. */
function keptTrouble(text: string, checkpoint: Checkpoint, key: Uint8Array): string | null {
  const kept = parseCheckpoint(text);
  if (kept === null || !verifyCheckpoint(kept, checkpoint.origin, key)) {
    return "the checkpoint to compare with is not of this vault";
  }
  return kept.size === checkpoint.size && !sameBytes(kept.root, checkpoint.root)
    ? "the checkpoint to compare with has another root for the same size"
    : null;
}

/** Checkpoints of two sizes say nothing of each other without the journal between them. */
function incomparable(proof: Proof, { checkpoint }: Shown): readonly string[] {
  const kept = checkpoint === null ? null : parseCheckpoint(checkpoint);
  const own = parseCheckpoint(proof.checkpoint);
  return kept === null || own === null || kept.size === own.size
    ? []
    : [
        `the given checkpoint: it is of ${kept.size} entries and that of the proof of ${own.size}; verify the vault with it`,
      ];
}
