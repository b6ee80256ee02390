/**
 * Files of the disk for reading: large ones as Sources, small ones as text.
 * Refuses to guess: what cannot be read is a Fault that names the path and what to mend.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { assert } from "../base/assert.ts";
import { Fault } from "../base/fault.ts";
import type { Source } from "../base/source.ts";
import { errorCode, fileFault } from "../engines/journal/index.ts";

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

/** Whether a Fault says that one file cannot be read or is gone: the others still can. */
export function isUnreadable(error: unknown): error is Fault {
  return error instanceof Fault && (error.code === "not-readable" || error.code === "not-found");
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

/**
 * A small UTF-8 text file, or null where there is none. A `not-readable` Fault where it is no regular file, longer than
 * `bytesMax`, or not UTF-8: a name that was decoded wrongly would match nothing, in silence.
 */
export function readSmallFile(path: string, bytesMax: number): string | null {
  if (!existsSync(path)) return null;
  const stat = attempt(path, () => statSync(path));
  if (!stat.isFile() || stat.size > bytesMax) {
    const what = stat.isFile() ? `is longer than ${bytesMax} bytes` : "is no regular file";
    throw new Fault("not-readable", `${path} ${what}`, "name another file");
  }
  const bytes = attempt(path, () => readFileSync(path));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault("not-readable", `${path} is not UTF-8 text`, "save it as UTF-8");
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw readingFault(error, path);
  }
}
