/**
 * The dossier as files that a third party can check without this program: a page, its machine-readable twin,
 * a manifest of hashes, and a proof that the vault's journal names that manifest (docs/formats/dossier.md).
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "../base/bytes.ts";
import { Fault } from "../base/fault.ts";
import { canonicalJson } from "../base/text.ts";
import { fileFault } from "../engines/journal/index.ts";
import { renderDossierHtml, renderDossierJson } from "../engines/dossier/index.ts";
import { printPatches } from "../engines/print/index.ts";
import type { Dossier } from "../model/dossier.ts";
import { proveEntry } from "./proof.ts";
import type { Vault } from "./vault/index.ts";

/** Names of the files of a dossier. */
export const DOSSIER_FILES = {
  page: "dossier.html",
  data: "dossier.json",
  manifest: "manifest.json",
  proof: "proof.json",
} as const;

/** Writes the dossier into a new or empty folder; gives the path of the page. */
export function writeDossier(vault: Vault, dossier: Dossier, folder: string, by: string): string {
  makeEmpty(folder);
  const files = [
    { name: DOSSIER_FILES.page, bytes: renderDossierHtml(dossier) },
    { name: DOSSIER_FILES.data, bytes: renderDossierJson(dossier) },
  ];
  const manifest = utf8(
    `${canonicalJson({
      dossier: 1,
      vault: vault.id,
      files: files.map(({ name, bytes }) => ({
        name,
        sizeBytes: bytes.length,
        sha256: sha256(bytes),
      })),
    })}\n`,
  );
  const proof = () => {
    // Journalled when all else lies on the disk: the journal names no dossier that does not exist.
    const subject = sha256(manifest);
    const entry = vault.act({ kind: "dossier-written", by, subject, body: null, sealed: null });
    return utf8(`${canonicalJson(proveEntry(vault, entry))}\n`);
  };
  try {
    for (const { name, bytes } of files) writeOwn(join(folder, name), bytes);
    writeOwn(join(folder, DOSSIER_FILES.manifest), manifest);
    writeOwn(join(folder, DOSSIER_FILES.proof), proof());
  } catch (error) {
    for (const name of Object.values(DOSSIER_FILES)) rmSync(join(folder, name), { force: true });
    throw error;
  }
  return join(folder, DOSSIER_FILES.page);
}

/** The forms in which a dossier is served: the page, its data, the findings, and what became of every update, printed in parts when asked. */
export function renderDossier(dossier: Dossier) {
  return {
    html: renderDossierHtml(dossier),
    json: renderDossierJson(dossier),
    findings: dossier.findings,
    patches: () => printPatches(dossier.patches),
  };
}

/** The machine-readable twin as text. */
export function dossierJson(dossier: Dossier): string {
  return new TextDecoder().decode(renderDossierJson(dossier));
}

/** SHA-256 as hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Makes the folder, or takes one that is empty. Faults: already-exists, not-writable. */
export function makeEmpty(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (readdirSync(folder).length === 0) return;
  } catch (error) {
    throw fileFault(error, folder);
  }
  throw new Fault(
    "already-exists",
    `${folder} is not empty`,
    "name a folder that does not exist yet",
  );
}

/** Writes a whole file for the owner alone. Faults: disk-full, not-writable. */
export function writeOwn(path: string, bytes: Uint8Array): void {
  try {
    writeFileSync(path, bytes, { mode: 0o600 });
  } catch (error) {
    throw fileFault(error, path);
  }
}
