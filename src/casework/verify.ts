/** Whether a vault or a dossier is as it was signed; in one shape for both, for people and programs. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Pace } from "./pace.ts";
import { verifyProof } from "./proof.ts";
import { DOSSIER_FILES, sha256 } from "./write-dossier.ts";
import { type VerifySettings, verifyVault as verifyVaultFolder } from "./vault/index.ts";
import { readText } from "./disk.ts";
import { readingFault } from "./file-source.ts";

/** What a check found; `troubles` name file, entry or object, and what is wrong with it. */
export interface Verdict {
  readonly intact: boolean;
  readonly checked: readonly string[];
  readonly troubles: readonly string[];
  readonly unchecked: readonly string[];
}

/** Whether the folder (or the file in it) is a dossier rather than a vault. */
export function isDossier(path: string): boolean {
  return existsSync(join(path, DOSSIER_FILES.manifest));
}

/** Checks a vault, with or without its key. Faults: not-found where there is none. */
export function verifyVault(folder: string, settings: VerifySettings, pace: Pace): Verdict {
  pace.start("verifying", null);
  const report = verifyVaultFolder(folder, settings, (done, total) => pace.at(done, total));
  return {
    intact: report.intact,
    checked: [
      `${report.entries} journal entries under ${report.checkpoints} signed checkpoints`,
      `${report.objects} sealed objects, ${report.sizeBytes} bytes${report.decrypted ? ", decrypted and held against the journal" : ""}`,
    ],
    troubles: report.troubles.map(
      ({ what, file, offset, message }) =>
        `${what}: ${file}${offset === null ? "" : ` at byte ${offset}`}: ${message}`,
    ),
    unchecked: [...report.unchecked, ...report.unfinished.map((line) => `in progress: ${line}`)],
  };
}

const MANIFEST = z.object({
  vault: z.string(),
  files: z.array(z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() })),
});

/** Checks the files of a dossier against its manifest, and the manifest against the journal's signature. */
export function verifyDossier(folder: string, checkpoint: string | null): Verdict {
  const text = readText(join(folder, DOSSIER_FILES.manifest));
  const troubles: string[] = [];
  const checked: string[] = [];
  const manifest = MANIFEST.safeParse(json(text));
  if (!manifest.success) {
    return {
      intact: false,
      checked,
      troubles: ["altered: manifest.json: no manifest"],
      unchecked: [],
    };
  }
  for (const { name, sizeBytes, sha256: expected } of manifest.data.files) {
    const trouble = fileTrouble(folder, name, sizeBytes, expected);
    if (trouble === null) checked.push(`${name} has the hash that the manifest names`);
    else troubles.push(trouble);
  }
  const proof = readProof(folder);
  const outcome = verifyProof(proof, {
    vault: manifest.data.vault,
    subject: sha256(new TextEncoder().encode(text)),
    kind: "dossier-written",
    checkpoint,
  });
  if (outcome.trouble === null) checked.push(outcome.shown);
  else troubles.push(`altered: ${DOSSIER_FILES.proof}: ${outcome.trouble}`);
  for (const name of strangers(folder)) troubles.push(`added: ${name} is no file of a dossier`);
  const unchecked = [
    `whether ${manifest.data.vault} is the vault that you know: compare its id with one from elsewhere`,
    "whether the vault still holds what this dossier shows: verify the vault itself",
    ...outcome.unchecked,
  ];
  return { intact: troubles.length === 0, checked, troubles, unchecked };
}

function strangers(folder: string): readonly string[] {
  const own = Object.values<string>(DOSSIER_FILES);
  return readdirSync(folder).filter((name) => !own.includes(name));
}

function fileTrouble(folder: string, name: string, sizeBytes: number, expected: string) {
  if (!Object.values<string>(DOSSIER_FILES).includes(name))
    return `added: ${name} is no dossier file`;
  const path = join(folder, name);
  if (!existsSync(path)) return `removed: ${name}`;
  const bytes = readOwn(path);
  if (sha256(bytes) === expected) return null;
  const size =
    bytes.length === sizeBytes ? "the same size" : `${bytes.length} bytes, not ${sizeBytes}`;
  return `altered: ${name}: its hash is not the one signed (${size})`;
}

function readProof(folder: string): unknown {
  const path = join(folder, DOSSIER_FILES.proof);
  return existsSync(path) ? json(readText(path)) : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readOwn(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw readingFault(error, path);
  }
}
