/**
 * What a vault does with the disk, so that tests can put a failing one under it.
 * Refuses to follow a vault's path anywhere but inside its own folders: names are made here, never read.
 */
import { existsSync, fdatasync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import { fileFault, nodeFiles } from "../../engines/journal/index.ts";
import type { FileHandle, JournalFiles } from "../../engines/journal/index.ts";

/** What a vault does with files, besides its journal. */
export interface VaultFiles extends JournalFiles {
  /** Resolves once the bytes of the file survive a power cut; others may work meanwhile. */
  readonly syncData: (file: FileHandle) => Promise<void>;
  /** Creates the folder, and those above it, for the owner alone (mode 0700). */
  readonly makeFolder: (path: string) => void;
  readonly rename: (from: string, to: string) => void;
  /** Removes a file; a file that is not there is fine. */
  readonly remove: (path: string) => void;
  /** Removes a folder with all in it; one that is not there is fine. */
  readonly removeFolder: (path: string) => void;
  /** Names inside a folder, sorted; none where there is no folder. */
  readonly list: (folder: string) => readonly string[];
}

/** The real disk. */
export const diskFiles: VaultFiles = {
  ...nodeFiles,
  syncData: promisify(fdatasync),
  makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: 0o700 }),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
  removeFolder: (path) => rmSync(path, { force: true, recursive: true }),
  list: (folder) => (existsSync(folder) ? readdirSync(folder).sort() : []),
};

/** Writes a small file so that its name holds either the old or the new content, synced, mode 0600. */
export function replaceSmallFile(files: VaultFiles, path: string, text: string): void {
  const fresh = `${path}.new`;
  try {
    files.remove(fresh);
    writeWhole(files, fresh, Buffer.from(text));
    files.rename(fresh, path);
  } catch (error) {
    throw fileFault(error, path);
  }
}

/** Writes a new file and syncs it. */
export function writeWhole(files: VaultFiles, path: string, bytes: Uint8Array): void {
  const file = files.open(path);
  try {
    files.write(file, bytes, 0);
    files.sync(file);
  } finally {
    files.close(file);
  }
}
