/**
 * Says whether a vault is as it was signed, and if not, what was altered, removed, added, reordered or rolled back.
 * Needs no key and writes nothing; with the key it also decrypts. Refuses to stop at the first trouble.
 */
import { join } from "node:path";
import { fromHex } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import { memorySource } from "../../base/source.ts";
import type { Source } from "../../base/source.ts";
import {
  CHECKPOINTS_FILE,
  ENTRIES_FILE,
  checkJournal,
  originOf,
  parseCheckpoint,
} from "../../engines/journal/index.ts";
import type { Checkpoint, JournalCheck, JournalTrouble } from "../../engines/journal/index.ts";
import { deriveKeys, unwrapKey } from "../../engines/sealed/index.ts";
import type { VaultKeys } from "../../engines/sealed/index.ts";
import { timesGoBack } from "./act-times.ts";
import { readKeptCheckpoint } from "./kept-checkpoint.ts";
import { readVaultKey } from "./keys.ts";
import { isOwned } from "./lock.ts";
import { MANIFEST_BYTES_MAX, MANIFEST_FILE, contextOf, parseManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import type { Progress, Trouble, VerifyReport, VerifySettings } from "./terms.ts";
import { verifyObjects } from "./verify-objects.ts";
import { verifyOutside } from "./verify-outside.ts";
import { fileSource, readSmallFile } from "../file-source.ts";
import type { FileSource } from "../file-source.ts";

/**
 * Checks the vault in `folder`: vault.json, every checkpoint and entry, every object. Content never throws;
 * Faults are `not-found` where there is no vault, `key-wrong` for a key of another vault, `usage`
 * for a checkpoint that is none, and what the disk says.
 */
export function verifyVault(
  folder: string,
  settings: VerifySettings,
  progress?: Progress,
): VerifyReport {
  const text = readSmallFile(join(folder, MANIFEST_FILE), MANIFEST_BYTES_MAX);
  if (text === null)
    throw new Fault(
      "not-found",
      `${folder} is no vault: it has no ${MANIFEST_FILE}`,
      "check the path; if the file was deleted, bring it back from a copy",
    );
  const given = readGiven(settings.checkpoint);
  const manifest = parseManifest(text);
  if (typeof manifest === "string") return unreadableManifest(manifest);
  const { id } = manifest;
  const unchecked: string[] = [];
  const troubles: Trouble[] = [];
  const keys = readKeys(settings, manifest, unchecked);
  const kept = [
    ...(given === null ? [] : [{ checkpoint: given, where: "the given checkpoint" }]),
    ...readKept(settings, id, unchecked, troubles),
  ];

  const running = isOwned(join(folder, "run"));
  const check = readJournal(folder, manifest, kept);
  troubles.push(...check.troubles.map(toTrouble));
  const objects = verifyObjects(folder, check.entries, keys, progress);
  troubles.push(...objects.troubles);
  unchecked.push(...objects.unchecked);
  const times = timesGoBack(check.entries);
  if (times !== null) unchecked.push(times);
  const outside = keys === null ? null : verifyOutside(folder, check.entries, keys);
  troubles.push(...(outside?.troubles ?? []));
  if (outside === null && check.entries.some(({ kind }) => kind === "evidence-referenced"))
    unchecked.push("evidence left where it lay: only the key tells its paths");
  const unfinishedParts = [...check.unfinished.map(toTrouble), ...objects.unfinished];
  const loose = [...unfinishedParts, ...objects.leftovers];
  // Where entries are lost, their objects are not to be taken for something that was added.
  if (check.troubles.length === 0) loose.push(...objects.strays);
  else if (objects.strays.length > 0)
    unchecked.push(`${objects.strays.length} objects that only lost or altered entries may name`);
  // What a running owner has not acknowledged yet is work in progress; nobody else may leave any.
  const unfinished = running ? loose.map(({ file, message }) => `${file}: ${message}`) : [];
  if (!running) troubles.push(...loose);
  return {
    intact: troubles.length === 0,
    vault: id,
    entries: check.last?.size ?? 0,
    checkpoints: check.checkpoints,
    objects: objects.count,
    sizeBytes: objects.sizeBytes,
    decrypted: keys !== null,
    outside: outside?.count ?? 0,
    troubles,
    destroyed: objects.destroyed,
    unfinished,
    unchecked,
    checkpoint: check.last?.text ?? "",
  };
}

function readGiven(text: string | null): Checkpoint | null {
  if (text === null) return null;
  const checkpoint = parseCheckpoint(text);
  if (checkpoint !== null) return checkpoint;
  throw new Fault("usage", "the given checkpoint is none", "give a file with one whole checkpoint");
}

/** Without vault.json's public key nothing else can be held against a signature. */
function unreadableManifest(why: string): VerifyReport {
  const message = `${why}; without it nothing else can be checked: bring it back from a copy`;
  return {
    intact: false,
    vault: "",
    entries: 0,
    checkpoints: 0,
    objects: 0,
    sizeBytes: 0,
    decrypted: false,
    outside: 0,
    troubles: [
      { what: "altered", file: MANIFEST_FILE, offset: null, entries: null, object: null, message },
    ],
    destroyed: [],
    unfinished: [],
    unchecked: ["journal and objects: vault.json was altered"],
    checkpoint: "",
  };
}

function readKeys(
  settings: VerifySettings,
  manifest: Manifest,
  unchecked: string[],
): VaultKeys | null {
  const { key, configFolder } = settings;
  const without = "content of the objects: checked by its sealed bytes only, without the key";
  if (key === null) {
    unchecked.push(without);
    return null;
  }
  try {
    const keys = deriveKeys(readVaultKey(key, configFolder ?? "", manifest.id, manifest.kdf));
    const wrapped = fromHex(manifest.signingKey) ?? new Uint8Array();
    if (unwrapKey(keys.wrap, wrapped, contextOf(manifest.id, "signing-key")) !== null) return keys;
  } catch (error) {
    if (!(error instanceof Fault && error.code === "key-missing" && key.kind === "default"))
      throw error;
    unchecked.push(without);
    return null;
  }
  throw new Fault(
    "key-wrong",
    `this is not the key of vault ${manifest.id}`,
    "give the key it was made with, or verify without one",
  );
}

function readKept(
  settings: VerifySettings,
  id: string,
  unchecked: string[],
  troubles: Trouble[],
): { checkpoint: Checkpoint; where: string }[] {
  const { configFolder, checkpoint: given } = settings;
  const key = settings.key ?? { kind: "default" };
  const kept = configFolder === null ? "none" : readKeptCheckpoint({ key, configFolder }, id);
  if (kept === "none") {
    if (given === null)
      unchecked.push("roll-back: there is no checkpoint from outside the vault to compare with");
    return [];
  }
  const where = "the checkpoint kept beside the key";
  if (kept !== "unreadable") return [{ checkpoint: kept, where }];
  const message = `${where} is damaged`;
  const nowhere = { offset: null, entries: null, object: null };
  troubles.push({ what: "altered", file: "checkpoint", ...nowhere, message });
  return [];
}

/** Checkpoints are read before entries: a running owner writes them in the other order. */
function readJournal(
  folder: string,
  manifest: Manifest,
  kept: readonly { checkpoint: Checkpoint; where: string }[],
): JournalCheck {
  const checkpoints = openPart(join(folder, "journal", CHECKPOINTS_FILE));
  const entries = openPart(join(folder, "journal", ENTRIES_FILE));
  try {
    const publicKey = fromHex(manifest.publicKey) ?? new Uint8Array();
    const origin = originOf(manifest.id);
    return checkJournal(entries, checkpoints, { origin, publicKey, kept });
  } finally {
    entries.close();
    checkpoints.close();
  }
}

/** A file of the journal; one that is gone reads as empty, and the other one says what is missing. */
function openPart(path: string): FileSource {
  try {
    return fileSource(path);
  } catch (error) {
    if (!(error instanceof Fault && error.code === "not-found")) throw error;
    const empty: Source = memorySource(new Uint8Array(0));
    return { ...empty, close: () => undefined };
  }
}

function toTrouble({ what, file, offset, entries, message }: JournalTrouble): Trouble {
  const path = file === "kept" ? "checkpoint" : `journal/${file}`;
  return { what, file: path, offset, entries, object: null, message };
}
