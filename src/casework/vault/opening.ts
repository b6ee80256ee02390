/**
 * Making and opening vaults. Refuses folders that hold anything else, keys of other vaults, and journals that a crash
 * cannot explain; cleans what one can have left (docs/design/vault-ownership.md).
 */
import { join } from "node:path";
import { fromHex, toHex } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import { fileFault, openJournal, originOf, signerOf } from "../../engines/journal/index.ts";
import type { Journal } from "../../engines/journal/index.ts";
import { NONCE_BYTES, deriveKeys, unwrapKey, wrapKey } from "../../engines/sealed/index.ts";
import { createVaultKey, readVaultKey } from "./keys.ts";
import { readKeptCheckpoint } from "./kept-checkpoint.ts";
import type { KeptCheckpoint } from "./kept-checkpoint.ts";
import { isOwned, takeLock } from "./lock.ts";
import {
  MANIFEST_BYTES_MAX,
  MANIFEST_FILE,
  contextOf,
  formatManifest,
  parseManifest,
  vaultIdOf,
} from "./manifest.ts";
import { finishDestruction } from "./destruction.ts";
import { objectsNamedBy, strayFiles } from "./objects.ts";
import type { VaultSettings } from "./terms.ts";
import { Vault, damagedFault } from "./vault.ts";
import type { VaultParts } from "./vault.ts";
import { readSmallFile } from "../file-source.ts";
import { diskFiles, replaceSmallFile } from "./files.ts";
import type { VaultFiles } from "./files.ts";

const SEED_BYTES = 32;

/**
 * Makes a vault in `folder`, which must be empty or not exist, journals its creation by `by`, and
 * opens it. vault.json is written last: a folder without it is no vault. Faults: `already-exists`,
 * `not-writable`, `disk-full`, `usage` and `key-wrong` for a key that cannot be used.
 */
export function createVault(folder: string, by: string, settings: VaultSettings): Vault {
  const files = settings.files ?? diskFiles;
  const signingSeed = settings.random(SEED_BYTES);
  const signer = signerOf(signingSeed);
  const id = vaultIdOf(signer.publicKey);
  refuseOccupied(folder, files);
  const { key, kdf } = createVaultKey(
    settings.key,
    settings.configFolder,
    id,
    settings.random,
    files,
  );
  const keys = deriveKeys(key);
  const nonce = settings.random(NONCE_BYTES);
  const signingKey = toHex(wrapKey(keys.wrap, signingSeed, nonce, contextOf(id, "signing-key")));
  const publicKey = toHex(signer.publicKey);
  const manifest = formatManifest({ id, publicKey, signingKey, kdf }, signer);
  makeFolders(folder, files);
  const vault = openParts({ folder, id, keys, signer, settings, files, kept: "none" });
  try {
    vault.act({ kind: "vault-created", by, body: null, sealed: null });
    replaceSmallFile(files, join(folder, MANIFEST_FILE), manifest);
    files.syncFolder(folder);
    files.syncFolder(join(folder, ".."));
    return vault;
  } catch (error) {
    vault.close();
    throw fileFault(error, folder);
  }
}

const OWN_FOLDERS = ["objects", "journal", "derived", "run"];

/**
 * Whether a folder holds what a crash left of a vault in the making, and nothing else: our own folders, no object, no
 * vault.json. Nothing in it was ever acknowledged.
 */
export function isHalfMade(folder: string, files: VaultFiles = diskFiles): boolean {
  const names = files.list(folder);
  const isOwn = names.length > 0 && names.every((name) => OWN_FOLDERS.includes(name));
  // Another process may be making it at this moment.
  if (!isOwn || isOwned(join(folder, "run"))) return false;
  const kinds = files.list(join(folder, "objects"));
  return kinds.every((kind) => files.list(join(folder, "objects", kind)).length === 0);
}

function refuseOccupied(folder: string, files: VaultFiles): void {
  let names: readonly string[];
  try {
    if (isHalfMade(folder, files))
      for (const name of OWN_FOLDERS) files.removeFolder(join(folder, name));
    names = files.list(folder);
  } catch (error) {
    throw fileFault(error, folder);
  }
  if (names.includes(MANIFEST_FILE))
    throw new Fault("already-exists", `${folder} is a vault already`, "open it, or name another");
  if (names.length > 0)
    throw new Fault(
      "already-exists",
      `${folder} is not empty and holds no ${MANIFEST_FILE}`,
      "name an empty folder; if this was a vault, bring vault.json back from a copy",
    );
}

function makeFolders(folder: string, files: VaultFiles): void {
  try {
    for (const name of OWN_FOLDERS) files.makeFolder(join(folder, name));
    files.syncFolder(folder);
  } catch (error) {
    throw fileFault(error, folder);
  }
}

/**
 * Opens the vault in `folder` and owns it until close(). What a crash left is cleaned first. Faults:
 * `not-found`, `vault-in-use`, `key-missing`, `key-wrong`, `vault-damaged`, `not-writable`.
 */
export function openVault(folder: string, settings: VaultSettings): Vault {
  const files = settings.files ?? diskFiles;
  const text = readSmallFile(join(folder, MANIFEST_FILE), MANIFEST_BYTES_MAX);
  if (text === null)
    throw new Fault(
      "not-found",
      `${folder} is no vault: it has no ${MANIFEST_FILE}`,
      "check the path",
    );
  const manifest = parseManifest(text);
  if (typeof manifest === "string") throw damagedFault(folder, `${MANIFEST_FILE}: ${manifest}`);
  const { id } = manifest;
  const keys = deriveKeys(readVaultKey(settings.key, settings.configFolder, id, manifest.kdf));
  const wrapped = fromHex(manifest.signingKey) ?? new Uint8Array();
  const seed = unwrapKey(keys.wrap, wrapped, contextOf(id, "signing-key"));
  if (seed === null)
    throw new Fault(
      "key-wrong",
      `this is not the key of vault ${id}`,
      "give the key it was made with",
    );
  const kept = readKeptCheckpoint(settings, id);
  makeFolders(folder, files);
  return openParts({ folder, id, keys, signer: signerOf(seed), settings, files, kept });
}

interface Opening extends Omit<VaultParts, "journal" | "lock" | "cleaned"> {
  readonly kept: KeptCheckpoint;
}

/** Takes the lock, opens the journal, cleans what a crash left. */
function openParts(opening: Opening): Vault {
  const { folder, id, files, kept, signer } = opening;
  const lock = takeLock(join(folder, "run"), files);
  let journal: Journal | null = null;
  try {
    const journalFolder = join(folder, "journal");
    const proof = typeof kept === "string" ? null : kept;
    const origin = originOf(id);
    journal = openJournal({ folder: journalFolder, origin, signer, files, kept: proof });
    files.syncFolder(journalFolder);
    const cleaned = [
      ...(kept === "unreadable" ? ["the checkpoint kept beside the key was unreadable"] : []),
      ...cutLines(journal),
      ...finishDestruction(folder, files, journal.entries),
      ...cleanObjects(folder, files, journal, proof !== null),
    ];
    const vault = new Vault({ ...opening, lock, journal, cleaned });
    cleaned.push(...vault.closeLeftSegments());
    return vault;
  } catch (error) {
    journal?.close();
    lock.release();
    throw fileFault(error, folder);
  }
}

function cutLines(journal: Journal): string[] {
  const { entriesBytes, checkpointsBytes } = journal.cut;
  const bytes = entriesBytes + checkpointsBytes;
  return bytes === 0 ? [] : [`cut ${bytes} bytes that were never acknowledged off the journal`];
}

/**
 * Removes objects that no entry names. Only where a checkpoint kept elsewhere proves that the journal
 * was not rolled back: otherwise the objects of the lost entries would be thrown after them.
 */
function cleanObjects(
  folder: string,
  files: VaultFiles,
  journal: Journal,
  proven: boolean,
): string[] {
  const named = new Set<string>();
  for (const object of journal.entries.flatMap(objectsNamedBy)) named.add(object);
  const strays = strayFiles(folder, files, named);
  if (!proven) {
    return told(
      "left",
      strays,
      (many) =>
        `no entry names ${many ? "them" : "it"}, and no kept checkpoint proves that none did`,
    );
  }
  for (const path of strays) files.remove(join(folder, path));
  return told("removed", strays, () => "sealed, but never acknowledged");
}

/** How many files of one kind are named one by one: a crash in the midst of a large folder leaves hundreds. */
const TOLD_MAX = 3;

/** A line for each file, or one for all where there are many. */
function told(verb: string, paths: readonly string[], why: (many: boolean) => string): string[] {
  if (paths.length <= TOLD_MAX) return paths.map((path) => `${verb} ${path}: ${why(false)}`);
  return [`${verb} ${paths.length} files below objects: ${why(true)}`];
}
