/**
 * The file system as casework sees it: files by walking, bytes by range, texts of inputs.
 * Links are not followed: where they lead is not what was handed in.
 */
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from "node:fs";
import { join } from "node:path";
import { assert } from "../base/assert.ts";
import { Fault } from "../base/fault.ts";
import type { Source } from "../base/source.ts";
import { byCodeUnits } from "../base/text.ts";

/** A regular file found below a path that was given. */
export interface FoundFile {
  /** As given on the command line, joined with the way below it. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970, as the file system tells it. */
  readonly modifiedMillis: number;
}

/** Something below a path that is no readable regular file, and why. */
export interface PassedOver {
  readonly path: string;
  readonly why: string;
}

/** Every regular file below the paths, in the order of names: the same on every machine. */
export interface Walk {
  readonly files: readonly FoundFile[];
  readonly passedOver: readonly PassedOver[];
}

const DEPTH_MAX = 64;
const FILES_MAX = 1_000_000;

/** Faults not-found where a path is not there: told before anything is made for it. */
export function requirePaths(paths: readonly string[]): void {
  for (const path of paths) {
    if (statOrNull(path) === null) {
      throw new Fault("not-found", `${path} is not there`, "check the path");
    }
  }
}

/** Walks files and folders. A path that is not there is a Fault; what lies below one never is. */
export function walk(paths: readonly string[]): Walk {
  const files: FoundFile[] = [];
  const passedOver: PassedOver[] = [];
  const visit = (path: string, depth: number) => {
    const stat = statOrNull(path);
    if (stat === null) {
      passedOver.push({ path, why: "cannot be looked at" });
    } else if (stat.isSymbolicLink()) {
      passedOver.push({
        path,
        why: "a symbolic link; links are not followed, hand in the file itself",
      });
    } else if (stat.isDirectory()) {
      if (depth >= DEPTH_MAX) passedOver.push({ path, why: `deeper than ${DEPTH_MAX} folders` });
      else for (const name of namesIn(path, passedOver)) visit(join(path, name), depth + 1);
    } else if (!stat.isFile()) {
      passedOver.push({ path, why: "neither a file nor a folder (a device, pipe or socket)" });
    } else if (files.length >= FILES_MAX) {
      passedOver.push({ path, why: `beyond ${FILES_MAX} files in one run` });
    } else {
      files.push({ path, sizeBytes: stat.size, modifiedMillis: Math.floor(stat.mtimeMs) });
    }
  };
  requirePaths(paths);
  for (const path of paths) visit(path, 0);
  return { files, passedOver };
}

function namesIn(path: string, passedOver: PassedOver[]): readonly string[] {
  try {
    return readdirSync(path).sort(byCodeUnits);
  } catch (error) {
    passedOver.push({ path, why: `the folder cannot be read (${codeOf(error)})` });
    return [];
  }
}

function statOrNull(path: string) {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

/** The system's code of an error (`ENOSPC`), or its text where it has none. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}

/** A Source over an open file; the length is that of the moment of opening. */
export interface FileSource extends Source {
  close(): void;
}

/** Opens a file for reading by range. Faults: not-readable. */
export function openFile(path: string): FileSource {
  const descriptor = attempt(path, () => openSync(path, "r"));
  const byteLength = fstatSync(descriptor).size;
  let buffer = new Uint8Array(1 << 16);
  return {
    byteLength,
    read(start, end) {
      assert(start >= 0 && start <= end && end <= byteLength, "read within the file");
      if (buffer.length < end - start) buffer = new Uint8Array(end - start);
      let got = 0;
      while (got < end - start) {
        const count = attempt(path, () =>
          readSync(descriptor, buffer, got, end - start - got, start + got),
        );
        if (count === 0) throw changed(path);
        got += count;
      }
      return buffer.subarray(0, end - start);
    },
    close: () => closeSync(descriptor),
  };
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Fault(
      "not-readable",
      `${path} cannot be read (${codeOf(error)})`,
      "check who may read it, and that the disk is sound",
    );
  }
}

function changed(path: string): Fault {
  return new Fault(
    "not-readable",
    `${path} became shorter while it was read`,
    "take a copy of the file that no program writes to, and hand that in",
  );
}

/** A small text file, such as a case file or a rule. Faults: not-found, not-readable, and too large. */
export function readText(path: string, bytesMax = 16 << 20): string {
  const stat = statOrNull(path);
  if (stat === null) throw new Fault("not-found", `${path} is not there`, "check the path");
  if (stat.size > bytesMax) {
    const limit = `${bytesMax >> 20} MiB`;
    throw new Fault("not-readable", `${path} is larger than ${limit}`, "is this the right file?");
  }
  return attempt(path, () => readFileSync(path, "utf8"));
}
