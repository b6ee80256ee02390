/**
 * Takes evidence into the vault: each file sealed as it was received, each once, with who handed it in.
 * Refuses nothing for its content; what cannot be opened at all is told, and the rest goes on.
 */
import { createHash } from "node:crypto";
import type { Source } from "../base/source.ts";
import type { EvidenceHash } from "../model/evidence.ts";
import { type FoundFile, type PassedOver, walk } from "./disk.ts";
import { type EvidenceBody, evidenceHash, evidenceOf } from "./evidence.ts";
import { fileSource, isUnreadable } from "./file-source.ts";
import type { Pace } from "./pace.ts";
import type { Act, Sealed, Vault } from "./vault/index.ts";

/** What came of the files below the given paths. */
export interface TakenIn {
  /** Files whose bytes the vault already holds: stored once, named here. */
  readonly duplicates: readonly Duplicate[];
  readonly passedOver: readonly PassedOver[];
}

/** A file that is the same as one already held. */
export interface Duplicate {
  readonly path: string;
  readonly hash: EvidenceHash;
}

/** Acts are signed in groups, at the latest after this much new evidence: what is acknowledged is kept. */
const GROUP_BYTES = 64 << 20;
const GROUP_FILES = 64;
/** Large enough for the speed of the disk, small enough to stop within a moment. */
const BLOCK_BYTES = 4 << 20;

/** Seals every file below the paths that the vault does not hold yet. */
export async function takeIn(
  vault: Vault,
  paths: readonly string[],
  by: string,
  pace: Pace,
): Promise<TakenIn> {
  const { files, passedOver } = walk(paths);
  pace.start(
    "sealing",
    files.reduce((sum, file) => sum + file.sizeBytes, 0),
  );
  const held = heldBy(vault);
  const unreadable: PassedOver[] = [];
  const duplicates: Duplicate[] = [];
  let group: Act[] = [];
  let groupBytes = 0;
  const commit = () => {
    vault.acts(group);
    group = [];
    groupBytes = 0;
  };
  for (const file of files) {
    const taken = await sealFile(vault, file, held, pace).catch((error: unknown) => {
      if (!isUnreadable(error)) throw error;
      unreadable.push({ path: file.path, why: error.message });
      return null;
    });
    if (taken === null) continue;
    if ("path" in taken) {
      duplicates.push(taken);
      continue;
    }
    held.sizes.add(taken.sizeBytes);
    held.files.set(evidenceHash(taken.sha256), file.path);
    group.push(evidenceAct(taken, file, by));
    groupBytes += taken.sizeBytes;
    if (group.length >= GROUP_FILES || groupBytes >= GROUP_BYTES) commit();
  }
  if (group.length > 0) commit();
  return { duplicates, passedOver: [...passedOver, ...unreadable] };
}

/** Seals a file, unless its bytes are held already: a duplicate under another name, null under the same. */
async function sealFile(
  vault: Vault,
  file: FoundFile,
  held: Held,
  pace: Pace,
): Promise<Sealed | Duplicate | null> {
  const source = fileSource(file.path);
  try {
    if (held.sizes.has(source.byteLength)) {
      const hash = evidenceHash(await hashOf(source, pace));
      const name = held.files.get(hash);
      if (name !== undefined) return name === file.path ? null : { path: file.path, hash };
    }
    return await vault.sealStream(blocksOf(source, pace));
  } finally {
    source.close();
  }
}

/** What the vault holds, by length and by content. */
interface Held {
  readonly sizes: Set<number>;
  /** The name under which these bytes were taken in: the same file again is nothing new. */
  readonly files: Map<EvidenceHash, string>;
}

/** The bytes of a source in blocks, giving way between them. */
async function* blocksOf(source: Source, pace: Pace): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.byteLength; at += BLOCK_BYTES) {
    const end = Math.min(source.byteLength, at + BLOCK_BYTES);
    yield source.read(at, end);
    pace.add(end - at);
    await pace.breathe();
  }
}

/** SHA-256 of a whole source, hexadecimal. */
export async function hashOf(source: Source, pace: Pace): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of blocksOf(source, pace)) hash.update(block);
  return hash.digest("hex");
}

function heldBy(vault: Vault): Held {
  const evidence = evidenceOf(vault);
  return {
    sizes: new Set(evidence.map(({ sizeBytes }) => sizeBytes)),
    files: new Map(evidence.map(({ hash, file }) => [hash, file])),
  };
}

function evidenceAct(sealed: Sealed, file: FoundFile, by: string): Act {
  const body: EvidenceBody = {
    hash: sealed.sha256,
    file: file.path,
    sizeBytes: sealed.sizeBytes,
    by,
    modifiedMillis: file.modifiedMillis,
  };
  return { kind: "evidence-sealed", by, body, sealed: sealed.reference };
}
