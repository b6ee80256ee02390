/**
 * Whether a dossier, an export or a certificate is as it was signed: files against manifest, manifest against the
 * journal's signature. Refuses to open anything outside of the folder, whatever a manifest names.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { utf8 } from "../base/bytes.ts";
import { fileFault } from "../engines/journal/index.ts";
import type { ActKind } from "../model/act.ts";
import { CERTIFICATE_FILES, verifyCertificate } from "./custody/certificate.ts";
import { EXPORT_FILES } from "./custody/export.ts";
import { readText } from "./disk.ts";
import { fileSource } from "./file-source.ts";
import type { Pace } from "./pace.ts";
import { readProof, verifyProof } from "./proof.ts";
import type { Verdict } from "./verdict.ts";
import { DOSSIER_FILES, sha256 } from "./write-dossier.ts";

const FILE = z.object({ name: z.string(), sizeBytes: z.number(), sha256: z.string() });
type NamedFile = z.infer<typeof FILE>;
const MANIFEST = z.object({
  vault: z.string(),
  export: z.literal(1).optional(),
  files: z.array(FILE),
});

/** A manifest of a million files still fits. */
const MANIFEST_BYTES_MAX = 500_000_000;
const DEPTH_MAX = 64;
/** Files of a kind of folder are named one by one up to here, and counted beyond. */
const NAMED_MAX = 10;

/** What a signed folder is: which act names it, and what stands in it besides what its manifest lists. */
interface Kind {
  readonly noun: string;
  readonly act: ActKind;
  readonly later: string;
}
const DOSSIER: Kind = {
  noun: "a dossier",
  act: "dossier-written",
  later: "whether the vault still holds what this dossier shows: verify the vault itself",
};
const EXPORT: Kind = {
  noun: "an export",
  act: "evidence-exported",
  later: "whether the vault still holds what was exported: verify the vault itself",
};

/** Whether the folder is a dossier, an export or a certificate rather than a vault. */
export function isSignedFolder(path: string): boolean {
  const { manifest, proof } = DOSSIER_FILES;
  // The proof alone is what is left of one.
  return [manifest, proof, CERTIFICATE_FILES.data].some((name) => existsSync(join(path, name)));
}

/** Checks a dossier, an export or a certificate. Faults: not-readable, interrupted. */
export async function verifyFolder(
  folder: string,
  checkpoint: string | null,
  pace: Pace,
): Promise<Verdict> {
  if (existsSync(join(folder, CERTIFICATE_FILES.data))) {
    return verifyCertificate(folder, checkpoint);
  }
  if (!existsSync(join(folder, DOSSIER_FILES.manifest))) {
    const names = `${DOSSIER_FILES.manifest}, or ${CERTIFICATE_FILES.data}`;
    return { intact: false, checked: [], troubles: [`removed: ${names}`], unchecked: [] };
  }
  const text = readText(join(folder, DOSSIER_FILES.manifest), MANIFEST_BYTES_MAX);
  const manifest = MANIFEST.safeParse(jsonOf(text));
  if (!manifest.success) {
    const troubles = [`altered: ${DOSSIER_FILES.manifest}: no manifest`];
    return { intact: false, checked: [], troubles, unchecked: [] };
  }
  const { vault, files } = manifest.data;
  const kind = manifest.data.export === 1 ? EXPORT : DOSSIER;
  const { sound, troubles } = await checkFiles(folder, files, kind, pace);
  const checked = soundLines(sound);
  const subject = sha256(utf8(text));
  const proof = readProof(join(folder, DOSSIER_FILES.proof));
  const outcome = verifyProof(proof, { vault, subject, kind: kind.act, checkpoint });
  if (outcome.trouble === null) checked.push(outcome.shown);
  else troubles.push(`altered: ${DOSSIER_FILES.proof}: ${outcome.trouble}`);
  const unchecked = [
    `whether ${vault} is the vault that you know: compare its id with one from elsewhere`,
    kind.later,
    ...outcome.unchecked,
  ];
  return { intact: troubles.length === 0, checked, troubles, unchecked };
}

/** Holds the files that are there against those that are named; only what was found below the folder is opened. */
async function checkFiles(
  folder: string,
  files: readonly NamedFile[],
  kind: Kind,
  pace: Pace,
): Promise<{ readonly sound: readonly string[]; readonly troubles: string[] }> {
  const troubles: string[] = [];
  const { found, strange } = filesBelow(folder);
  const sound: string[] = [];
  pace.start(
    "verifying",
    files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  );
  for (const named of files) {
    if (!found.has(named.name)) {
      troubles.push(`removed: ${named.name}`);
      continue;
    }
    const trouble = await fileTrouble(join(folder, named.name), named, pace);
    if (trouble === null) sound.push(named.name);
    else troubles.push(trouble);
  }
  const own = new Set([
    ...files.map(({ name }) => name),
    EXPORT_FILES.manifest,
    EXPORT_FILES.proof,
  ]);
  for (const name of [...found].filter((one) => !own.has(one)).concat(strange))
    troubles.push(`added: ${name} is no file of ${kind.noun}`);
  return { sound, troubles };
}

async function fileTrouble(
  path: string,
  { name, sizeBytes, sha256: expected }: NamedFile,
  pace: Pace,
): Promise<string | null> {
  const source = fileSource(path);
  try {
    const hash = createHash("sha256");
    for (let at = 0; at < source.byteLength; at += BLOCK_BYTES) {
      const end = Math.min(source.byteLength, at + BLOCK_BYTES);
      hash.update(source.read(at, end));
      pace.add(end - at);
      await pace.breathe();
    }
    if (hash.digest("hex") === expected) return null;
    const { byteLength } = source;
    const size =
      byteLength === sizeBytes ? "the same size" : `${byteLength} bytes, not ${sizeBytes}`;
    return `altered: ${name}: its hash is not the one signed (${size})`;
  } finally {
    source.close();
  }
}

const BLOCK_BYTES = 4 << 20;

function soundLines(sound: readonly string[]): string[] {
  return sound.length <= NAMED_MAX
    ? sound.map((name) => `${name} has the hash that the manifest names`)
    : [`${sound.length} files have the hashes that the manifest names`];
}

/** Regular files below a folder, by relative name with `/`; and what is neither file nor folder. */
function filesBelow(folder: string): { found: ReadonlySet<string>; strange: readonly string[] } {
  const found = new Set<string>();
  const strange: string[] = [];
  const visit = (below: string, depth: number) => {
    for (const entry of entriesIn(join(folder, below))) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isFile()) found.add(name);
      else if (entry.isDirectory() && depth < DEPTH_MAX) visit(name, depth + 1);
      else strange.push(name);
    }
  };
  visit("", 0);
  return { found, strange };
}

function entriesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw fileFault(error, folder);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
