/**
 * Takes evidence into the vault: each file sealed as it was received, each once, with who handed it in.
 * Refuses nothing for its content; what cannot be opened at all is told, and the rest goes on.
 */
import { createHash } from "node:crypto";
import { lstatSync, statfsSync } from "node:fs";
import { resolve } from "node:path";
import { Fault } from "../base/fault.ts";
import type { Source } from "../base/source.ts";
import { type DiskImage, headOf, recogniseDiskImage } from "../engines/formats/index.ts";
import type { EvidenceHash } from "../model/evidence.ts";
import { type FoundFile, type PassedOver, walk } from "./disk.ts";
import { type EvidenceBody, evidenceHash, evidenceOf, isGone } from "./evidence.ts";
import { type FileSource, fileSource, isUnreadable } from "./file-source.ts";
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

/** What is to be taken in, and how. */
export interface Intaking {
  readonly paths: readonly string[];
  readonly by: string;
  readonly byReference: boolean;
  readonly notice?: (line: string) => void;
}

/**
 * Seals every file below the paths that the vault does not hold yet; by reference it is hashed and stays where it is.
 * Faults: not-found, disk-full before anything is copied, usage for a disk image that was named.
 */
export async function takeIn(vault: Vault, intaking: Intaking, pace: Pace): Promise<TakenIn> {
  const { paths, byReference } = intaking;
  const { files, passedOver } = walk(paths);
  // A run over logs that have grown names no path, and is made every few seconds.
  if (files.length === 0) return { duplicates: [], passedOver };
  refuseDiskImages(paths);
  const held = heldBy(vault);
  preflight(
    vault,
    files.filter((file) => !held.named.has(nameOf(file))),
    intaking,
  );
  pace.start(
    byReference ? "hashing" : "sealing",
    files.reduce((sum, file) => sum + file.sizeBytes, 0),
  );
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
    const taken = await sealFile(vault, file, { held, byReference }, pace).catch(
      (error: unknown) => {
        if (!isUnreadable(error)) throw error;
        unreadable.push({ path: file.path, why: error.message });
        return null;
      },
    );
    if (taken === null) continue;
    if ("path" in taken) {
      duplicates.push(taken);
      continue;
    }
    held.sizes.add(taken.sizeBytes);
    held.files.set(evidenceHash(taken.sha256), file.path);
    group.push(evidenceAct(taken, file, intaking));
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
  { held, byReference }: { readonly held: Held; readonly byReference: boolean },
  pace: Pace,
): Promise<Taken | Duplicate | null> {
  const source = fileSource(file.path);
  try {
    const image = imageIn(source);
    if (image !== null)
      throw new Fault("not-readable", `a ${image.what}: ${image.hint}`, image.hint);
    if (held.sizes.has(source.byteLength)) {
      const hash = evidenceHash(await hashOf(source, pace));
      const name = held.files.get(hash);
      if (name !== undefined) return name === file.path ? null : { path: file.path, hash };
    }
    if (byReference) {
      return { sha256: await hashOf(source, pace), sizeBytes: source.byteLength, reference: null };
    }
    return await vault.sealStream(blocksOf(source, pace));
  } finally {
    source.close();
  }
}

/** A file taken in; without a sealed object where it stays outside. */
type Taken = Pick<Sealed, "sha256" | "sizeBytes"> & {
  readonly reference: Sealed["reference"] | null;
};

/** Says what will be copied and whether it fits, before the first byte is written. Faults: disk-full. */
function preflight(vault: Vault, files: readonly FoundFile[], intaking: Intaking): void {
  if (files.length === 0) return;
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const { bavail, bsize } = statfsSync(vault.folder);
  const freeBytes = bavail * bsize;
  const what = `${files.length} ${files.length === 1 ? "file" : "files"}, ${gigabytes(sizeBytes)}`;
  const free = `${gigabytes(freeBytes)} free beside the vault`;
  if (intaking.byReference) {
    intaking.notice?.(`staying where they are, hashed: ${what}; ${free}`);
    return;
  }
  intaking.notice?.(`copying into the vault: ${what}; ${free}`);
  if (sizeBytes < freeBytes) return;
  throw new Fault(
    "disk-full",
    `${gigabytes(sizeBytes)} of evidence do not fit: ${free}`,
    "put the vault on a larger disk, or leave the evidence where it is with --by-reference",
  );
}

function gigabytes(sizeBytes: number): string {
  return sizeBytes < 1e8
    ? `${(sizeBytes / 1e6).toFixed(1)} MB`
    : `${(sizeBytes / 1e9).toFixed(1)} GB`;
}

/** A disk image that a person named is theirs to mount; below a folder it is passed over and said. Faults: usage. */
export function refuseDiskImages(paths: readonly string[]): void {
  for (const path of paths) refuseDiskImage(path);
}

function refuseDiskImage(path: string): void {
  if (!lstatSync(path).isFile()) return;
  const source = openOrNull(path);
  if (source === null) return;
  try {
    const image = imageIn(source);
    if (image !== null) throw new Fault("usage", `${path} is a ${image.what}`, image.hint);
  } finally {
    source.close();
  }
}

/** Null where it cannot be read: that is told when it is to be sealed. */
function openOrNull(path: string): FileSource | null {
  try {
    return fileSource(path);
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}

function imageIn(source: Source): DiskImage | null {
  const head = headOf(source);
  return recogniseDiskImage(head, source);
}

/** What the vault holds and can read, by length and by content. */
interface Held {
  readonly sizes: Set<number>;
  /** Names with lengths: what is probably not to be copied again. That it is the same is told by its hash only. */
  readonly named: ReadonlySet<string>;
  /** The name under which these bytes were taken in: the same file again is nothing new. */
  readonly files: Map<EvidenceHash, string>;
}

function nameOf({ path, sizeBytes }: Pick<FoundFile, "path" | "sizeBytes">): string {
  return `${sizeBytes} ${path}`;
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
  const evidence = evidenceOf(vault).filter(
    (held) => held.holding.kind !== "destroyed" && !isGone(held),
  );
  return {
    sizes: new Set(evidence.map(({ sizeBytes }) => sizeBytes)),
    named: new Set(evidence.map(({ file, sizeBytes }) => nameOf({ path: file, sizeBytes }))),
    files: new Map(evidence.map(({ hash, file }) => [hash, file])),
  };
}

function evidenceAct(taken: Taken, file: FoundFile, { by }: Intaking): Act {
  const body: EvidenceBody = {
    hash: taken.sha256,
    file: file.path,
    sizeBytes: taken.sizeBytes,
    by,
    modifiedMillis: file.modifiedMillis,
  };
  const { reference } = taken;
  return reference === null
    ? { kind: "evidence-referenced", by, body: { ...body, path: resolve(file.path) }, sealed: null }
    : { kind: "evidence-sealed", by, body, sealed: reference };
}
