/**
 * Evidence out of a vault, byte for byte as it was handed in, with the papers to hand over: manifest, sums, custody form,
 * proof. Refuses to leave anything behind that is not whole. Specified in docs/formats/custody.md.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, futimesSync, mkdirSync, openSync } from "node:fs";
import { statfsSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { utf8 } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import { canonicalJson, inertJson } from "../../base/text.ts";
import { type Ticks, formatTicks, millisFromTicks } from "../../base/time.ts";
import { renderCustodyHtml } from "../../engines/dossier/index.ts";
import { fileFault, nodeFiles } from "../../engines/journal/index.ts";
import type { CustodyItem } from "../../model/custody.ts";
import type { Evidence } from "../../model/evidence.ts";
import { openEvidence } from "../evidence.ts";
import type { FileSource } from "../file-source.ts";
import { programVersion } from "../knowledge.ts";
import type { Pace } from "../pace.ts";
import { proveEntry } from "../proof.ts";
import type { Vault } from "../vault/index.ts";
import { sha256, writeOwn } from "../write-dossier.ts";
import { type Custody, custodyOf } from "./account.ts";
import { refuseDestroyed } from "./holds.ts";
import { safeNames } from "./names.ts";
import { evidenceNamed } from "./selection.ts";
import { writeWholeFolder } from "./whole-folder.ts";

/** Names of the papers of an export; the evidence lies in a folder of its own beside them. */
export const EXPORT_FILES = {
  evidence: "evidence",
  form: "custody.html",
  sums: "SHA256SUMS",
  manifest: "manifest.json",
  proof: "proof.json",
} as const;

/** What a person asks to have handed out. */
export interface ExportRequest {
  /** A new or empty folder. */
  readonly out: string;
  /** Hashes or names; none: everything that is there. */
  readonly words: readonly string[];
  readonly by: string;
  readonly reason: string;
  readonly at: Ticks;
}

/** What was handed out. */
export interface Exported {
  readonly files: number;
  readonly sizeBytes: number;
  /** Evidence that was asked for by asking for everything, and is destroyed. */
  readonly destroyed: number;
}

/** One evidence on its way out, and the hash of what was written. */
interface Copy {
  readonly custody: Custody;
  readonly name: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Large enough for the speed of a disk, small enough to stop within a moment. */
const BLOCK_BYTES = 4 << 20;
/** Beside its bytes a file takes a block, and a line in each paper. */
const ROOM_PER_FILE_BYTES = 8192;
const ROOM_FOR_PAPERS_BYTES = 4 << 20;

/**
 * Writes evidence and papers. Faults: not-found, usage, already-exists, disk-full before the first byte where it does
 * not fit, vault-damaged where what comes out is not what was taken in, interrupted; after each nothing is left.
 */
export async function exportEvidence(
  vault: Vault,
  request: ExportRequest,
  pace: Pace,
): Promise<Exported> {
  const { out, words, by, reason } = request;
  const chosen = choose(custodyOf(vault), words);
  const there = chosen.filter(({ evidence }) => evidence.holding.kind !== "destroyed");
  const gone = chosen.filter(({ evidence }) => evidence.holding.kind === "destroyed");
  if (there.length === 0) {
    throw new Fault("not-found", "there is no evidence to hand out", "breakwater evidence list");
  }
  const sizeBytes = there.reduce((sum, { evidence }) => sum + evidence.sizeBytes, 0);
  requireRoom(out, sizeBytes + there.length * ROOM_PER_FILE_BYTES + ROOM_FOR_PAPERS_BYTES);
  pace.start("exporting", sizeBytes);
  await writeWholeFolder(vault.folder, out, async (folder) => {
    const copies = await copyAll(vault, there, folder, pace);
    const manifest = writePapers(vault, folder, copies, gone, request);
    // Journalled when all lies on the disk and before it has its name: no copy is handed out that no act tells of.
    const taken = there.map((one) => one.taken);
    const body = { taken, by, reason };
    const subject = sha256(manifest);
    const entry = vault.act({ kind: "evidence-exported", by, subject, body, sealed: null });
    writeOwn(
      join(folder, EXPORT_FILES.proof),
      utf8(`${canonicalJson(proveEntry(vault, entry))}\n`),
    );
    nodeFiles.syncFolder(folder);
  });
  return { files: there.length, sizeBytes, destroyed: gone.length };
}

/** What the words name, each once; without words all. What was destroyed is refused where it was named. */
function choose(all: readonly Custody[], words: readonly string[]): readonly Custody[] {
  if (words.length === 0) return all;
  const chosen = new Set(words.flatMap((word) => evidenceNamed(all, word)));
  for (const one of chosen) refuseDestroyed(one);
  return all.filter((one) => chosen.has(one));
}

/** Refuses before the first byte what the disk has no room for. */
function requireRoom(out: string, needBytes: number): void {
  let folder = dirname(resolve(out));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  let freeBytes: number;
  try {
    const { bavail, bsize } = statfsSync(folder);
    freeBytes = bavail * bsize;
  } catch (error) {
    throw fileFault(error, folder);
  }
  if (freeBytes >= needBytes) return;
  const [need, free] = [needBytes, freeBytes].map((bytes) => `${Math.ceil(bytes / 1e6)} MB`);
  throw new Fault(
    "disk-full",
    `the export needs ${need} and the disk of ${folder} has ${free}`,
    "name another folder, or export less at a time",
  );
}

async function copyAll(
  vault: Vault,
  chosen: readonly Custody[],
  folder: string,
  pace: Pace,
): Promise<readonly Copy[]> {
  const names = safeNames(chosen.map(({ evidence }) => evidence.file));
  const copies: Copy[] = [];
  for (const [at, custody] of chosen.entries()) {
    const name = `${EXPORT_FILES.evidence}/${names[at]}`;
    const source = openEvidence(vault, custody.evidence);
    try {
      const hash = await copyOut(source, join(folder, name), custody.evidence, pace);
      copies.push({ custody, name, sha256: hash, sizeBytes: source.byteLength });
    } finally {
      source.close();
    }
  }
  return copies;
}

/** Writes one evidence and gives the hash of what was written, which is that of what was taken in. */
async function copyOut(
  source: FileSource,
  path: string,
  { hash: expected, holding, modifiedAt }: Evidence,
  pace: Pace,
): Promise<string> {
  const hash = createHash("sha256");
  let file: number | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    file = openSync(path, "wx", 0o600);
    for (let at = 0; at < source.byteLength; at += BLOCK_BYTES) {
      const block = source.read(at, Math.min(source.byteLength, at + BLOCK_BYTES));
      for (let done = 0; done < block.length; ) done += writeSync(file, block, done);
      hash.update(block);
      pace.add(block.length);
      await pace.breathe();
    }
    if (modifiedAt !== null) restoreTime(file, modifiedAt);
    fsyncSync(file);
  } catch (error) {
    throw fileFault(error, path);
  } finally {
    if (file !== null) closeSync(file);
  }
  const written = hash.digest("hex");
  // A log that grows is known by its head; each of its chunks was authenticated when it was read.
  if (holding.kind === "log" || written === expected) return written;
  const hint = "breakwater verify names what was altered; nothing was exported";
  throw new Fault("vault-damaged", `${expected} does not come out as it was taken in`, hint);
}

/** A file system that cannot hold a time of that year keeps its own; the manifest has it in any case. */
function restoreTime(file: number, modifiedAt: Ticks): void {
  const seconds = millisFromTicks(modifiedAt) / 1000;
  try {
    futimesSync(file, seconds, seconds);
  } catch {
    // Said in the manifest.
  }
}

/** Form, sums and manifest; gives the bytes of the manifest. */
function writePapers(
  vault: Vault,
  folder: string,
  copies: readonly Copy[],
  gone: readonly Custody[],
  { by, reason, at }: ExportRequest,
): Uint8Array {
  const step = { entry: null, what: "exported", at, by, reason };
  const items = [
    ...copies.map((copy): CustodyItem => {
      const { custody, name, sha256: written } = copy;
      return { ...itemOf(custody), name, sha256: written, steps: [...custody.steps, step] };
    }),
    ...gone.map((custody): CustodyItem => ({ ...itemOf(custody), absent: "destroyed" })),
  ];
  const program = programVersion();
  const form = renderCustodyHtml({ vault: vault.id, program, at, by, reason, items });
  const sums = utf8(
    [
      ...copies.map(({ name, sha256: hash }) => `${hash}  ${name}\n`),
      `${sha256(form)}  ${EXPORT_FILES.form}\n`,
    ].join(""),
  );
  const manifest = utf8(
    `${inertJson(canonicalJson(manifestOf(vault, copies, gone, { form, sums })))}\n`,
  );
  writeOwn(join(folder, EXPORT_FILES.form), form);
  writeOwn(join(folder, EXPORT_FILES.sums), sums);
  writeOwn(join(folder, EXPORT_FILES.manifest), manifest);
  return manifest;
}

function itemOf({ evidence, steps }: Custody): CustodyItem {
  const { file, hash, sizeBytes } = evidence;
  return { name: null, absent: "", file, hash, sha256: hash, sizeBytes, steps };
}

function manifestOf(
  vault: Vault,
  copies: readonly Copy[],
  gone: readonly Custody[],
  { form, sums }: { readonly form: Uint8Array; readonly sums: Uint8Array },
): unknown {
  const about = ({ evidence, taken, objects }: Custody) => ({
    file: evidence.file,
    evidence: evidence.hash,
    by: evidence.by,
    takenAt: formatTicks(evidence.takenAt),
    modifiedAt: evidence.modifiedAt === null ? null : formatTicks(evidence.modifiedAt),
    entry: taken,
    holding: evidence.holding.kind,
    objects,
  });
  return {
    export: 1,
    vault: vault.id,
    files: [
      ...copies.map(({ custody, ...copy }) => ({ ...copy, ...about(custody) })),
      { name: EXPORT_FILES.form, sizeBytes: form.length, sha256: sha256(form) },
      { name: EXPORT_FILES.sums, sizeBytes: sums.length, sha256: sha256(sums) },
    ],
    destroyed: gone.map(about),
  };
}
