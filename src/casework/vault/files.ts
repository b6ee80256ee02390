/**
 * What a vault does with the disk, so that tests can put a failing one under it.
 * Refuses to follow a vault's path anywhere but inside its own folders: names are made here, never read.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { fileFault, nodeFiles } from "../../engines/journal/index.ts";
import type { JournalFiles } from "../../engines/journal/index.ts";

/** What a vault does with files, besides its journal. */
export interface VaultFiles extends JournalFiles {
  /** Creates the folder, and those above it, for the owner alone (mode 0700). */
  readonly makeFolder: (path: string) => void;
  readonly rename: (from: string, to: string) => void;
  /** Removes a file; a file that is not there is fine. */
  readonly remove: (path: string) => void;
  /** Names inside a folder, sorted; none where there is no folder. */
  readonly list: (folder: string) => readonly string[];
}

/** The real disk. */
export const diskFiles: VaultFiles = {
  ...nodeFiles,
  makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: 0o700 }),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
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
