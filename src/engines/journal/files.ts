/**
 * The few file operations that a journal stands on, so that tests can put a crashing or full disk under it.
 * Refuses nothing itself; what fails comes out as a Fault that a person can act on.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { Fault } from "../../base/fault.ts";

/** An open file, as the operating system numbers it. */
export type FileHandle = number;

/** What a journal does with files. A failing operation throws the system's own error. */
export interface JournalFiles {
  /** Opens for reading and appending; creates an empty file (mode 0600) where there is none. */
  readonly open: (path: string) => FileHandle;
  readonly sizeBytes: (file: FileHandle) => number;
  /** Fills as much of `into` as the file has from `offset`; the number of bytes read. */
  readonly read: (file: FileHandle, into: Uint8Array, offset: number) => number;
  /** Writes all of `bytes` at `offset`, the end or over what is there; on failure any part of them may be there. */
  readonly write: (file: FileHandle, bytes: Uint8Array, offset: number) => void;
  readonly truncate: (file: FileHandle, sizeBytes: number) => void;
  /** Returns once what was written survives a power cut. */
  readonly sync: (file: FileHandle) => void;
  readonly close: (file: FileHandle) => void;
  /** Makes names created, renamed or removed in `folder` survive a power cut. */
  readonly syncFolder: (folder: string) => void;
}

/** The real disk. */
export const nodeFiles: JournalFiles = {
  open: (path) => openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600),
  sizeBytes: (file) => fstatSync(file).size,
  read(file, into, offset) {
    let done = 0;
    while (done < into.length) {
      const count = readSync(file, into, done, into.length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return done;
  },
  write(file, bytes, offset) {
    let done = 0;
    while (done < bytes.length)
      done += writeSync(file, bytes, done, bytes.length - done, offset + done);
  },
  truncate: (file, sizeBytes) => ftruncateSync(file, sizeBytes),
  sync: (file) => fsyncSync(file),
  close: (file) => closeSync(file),
  syncFolder(folder) {
    // Windows cannot open folders; there NTFS journals names itself.
    if (process.platform === "win32") return;
    const handle = openSync(folder, constants.O_RDONLY);
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  },
};

/** Error code of the operating system (`ENOSPC`), or empty for anything else. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** What went wrong with a file of the vault, as a Fault; a Fault stays as it is, a bug is thrown on. */
export function fileFault(error: unknown, path: string): Fault {
  if (error instanceof Fault) return error;
  const code = errorCode(error);
  switch (code) {
    case "":
      throw error;
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new Fault(
        "disk-full",
        `no room left to write ${path}`,
        "free some space; nothing acknowledged is lost, so run the same command again",
      );
    case "EROFS":
      return new Fault(
        "not-writable",
        `${path} is on a disk that cannot be written`,
        "mount it for writing, or work on a copy; `breakwater verify` needs no writing",
      );
    case "EACCES":
    case "EPERM":
      return new Fault(
        "not-writable",
        `no permission for ${path}`,
        "run as the user who owns the vault, or mend the file's permissions",
      );
    case "ENOENT":
    case "ENOTDIR":
      return new Fault("not-found", `${path} does not exist`, "check the path");
    default:
      return new Fault(
        "not-readable",
        `the disk failed at ${path} (${code})`,
        "check the disk, then run `breakwater verify` on the vault",
      );
  }
}
