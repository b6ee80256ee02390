/**
 * Removes all that is derived, so that what is confidential rests on the key alone (docs/design/derived.md).
 * First one rename, so that no half of it can ever be taken for the whole; then the files. A start finishes the rest.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { fileFault } from "../engines/journal/index.ts";
import type { Pace } from "./pace.ts";
import { diskFiles } from "./vault/files.ts";
import type { Vault } from "./vault/index.ts";

/** What was removed. */
export interface Removed {
  readonly files: number;
  readonly sizeBytes: number;
}

/** Removes what is derived and keeps its folder, empty. Stopped midway it is removed as far as anybody can tell. */
export async function removeDerived(vault: Vault, pace: Pace): Promise<Removed> {
  const { derivedFolder, folder } = vault;
  const doomed = doomedFolder(vault);
  let removed: Removed = { files: 0, sizeBytes: 0 };
  try {
    pace.start("removing", null, "files");
    // What an earlier try left is gone before its name is used again.
    finishRemoval(vault);
    if (existsSync(derivedFolder)) renameSync(derivedFolder, doomed);
    mkdirSync(derivedFolder, { recursive: true, mode: 0o700 });
    diskFiles.syncFolder(folder);
    if (existsSync(doomed)) removed = await removeBelow(doomed, pace);
    diskFiles.syncFolder(folder);
  } catch (error) {
    throw fileFault(error, doomed);
  }
  return removed;
}

/** Removes what an interrupted removal left; a line for people where there was any. */
export function finishRemoval(vault: Vault): readonly string[] {
  const doomed = doomedFolder(vault);
  if (!existsSync(doomed)) return [];
  try {
    rmSync(doomed, { recursive: true, force: true });
  } catch (error) {
    throw fileFault(error, doomed);
  }
  return ["removed the rest of what an earlier lock had begun to remove"];
}

/** Whether nothing that is derived is left, in a vault in which something was investigated. */
export function isLocked(vault: Vault): boolean {
  const investigated = vault.entries().some(({ kind }) => kind === "run");
  return investigated && diskFiles.list(vault.derivedFolder).length === 0;
}

function doomedFolder({ folder }: Vault): string {
  return join(folder, "derived.removing");
}

/** Removes a folder with all in it, counting; links are removed, never followed. */
async function removeBelow(folder: string, pace: Pace): Promise<Removed> {
  let files = 0;
  let sizeBytes = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) {
      const below = await removeBelow(path, pace);
      files += below.files;
      sizeBytes += below.sizeBytes;
    } else {
      unlinkSync(path);
      files++;
      sizeBytes += stat.size;
      pace.add(1);
    }
    await pace.breathe();
  }
  rmdirSync(folder);
  return { files, sizeBytes };
}
