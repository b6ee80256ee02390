/**
 * What a vault does with the disk, so that tests can put a failing one under it; and files as Sources.
 * Refuses to follow a vault's path anywhere but inside its own folders: names are made here, never read.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { assert } from "../../base/assert.ts";
import { Fault } from "../../base/fault.ts";
import type { Source } from "../../base/source.ts";
import { errorCode, fileFault, nodeFiles } from "../../engines/journal/index.ts";
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

/** A file as a Source; the owner closes it. */
export interface FileSource extends Source {
  readonly close: () => void;
}

/** Opens a file for reading. Its length is taken once; a file cut while it is read is a `not-readable` Fault. */
export function fileSource(path: string): FileSource {
  const file = openForReading(path);
  const byteLength = fstatSync(file).size;
  let buffer = new Uint8Array(0);
  return {
    byteLength,
    read(start, end) {
      assert(start >= 0 && start <= end && end <= byteLength, "read within the source");
      if (buffer.length < end - start) buffer = new Uint8Array(end - start);
      const view = buffer.subarray(0, end - start);
      for (let done = 0; done < view.length; ) {
        const count = readFrom(path, file, view, done, start + done);
        if (count === 0)
          throw new Fault("not-readable", `${path} became shorter while it was read`, "try again");
        done += count;
      }
      return view;
    },
    close: () => closeSync(file),
  };
}

function openForReading(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw readingFault(error, path);
  }
}

function readFrom(path: string, file: number, view: Uint8Array, at: number, from: number): number {
  try {
    return readSync(file, view, at, view.length - at, from);
  } catch (error) {
    throw readingFault(error, path);
  }
}

/** Like fileFault, for a file that was to be read. */
export function readingFault(error: unknown, path: string): Fault {
  const code = errorCode(error);
  if (code === "EACCES" || code === "EPERM")
    return new Fault("not-readable", `no permission to read ${path}`, "mend its permissions");
  if (code === "EISDIR")
    return new Fault("not-readable", `${path} is a folder`, "name a file instead");
  return fileFault(error, path);
}

/** A small text file, or null where there is none. Longer than `bytesMax` is a `not-readable` Fault. */
export function readSmallFile(path: string, bytesMax: number): string | null {
  try {
    const bytes = readFileSync(path);
    if (bytes.length <= bytesMax) return bytes.toString("utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw readingFault(error, path);
  }
  throw new Fault("not-readable", `${path} is longer than ${bytesMax} bytes`, "name another file");
}

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
