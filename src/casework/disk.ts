/**
 * What lies below the paths that a person names, and the texts of inputs.
 * Links are not followed: where they lead is not what was handed in.
 */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Fault } from "../base/fault.ts";
import { byCodeUnits } from "../base/text.ts";
import { errorCode } from "../engines/journal/index.ts";
import { readSmallFile } from "./file-source.ts";

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
  const seen = new Set<string>();
  const visit = (path: string, depth: number) => {
    // A path that is named twice, or lies below another, is one file.
    const place = resolve(path);
    if (seen.has(place)) return;
    seen.add(place);
    const stat = statOrNull(path);
    if (stat === null) {
      passedOver.push({ path, why: whyUnseen(path) });
    } else if (stat.isSymbolicLink()) {
      passedOver.push({
        path,
        why: "a symbolic link; links are not followed, hand in the file itself",
      });
    } else if (stat.isDirectory() && isVault(path)) {
      passedOver.push({ path, why: "a vault: what is sealed in it was evidence once already" });
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

/** A name that is not UTF-8 arrives here with U+FFFD in it, and so names nothing. */
function whyUnseen(path: string): string {
  return path.includes("\ufffd")
    ? "its name is not UTF-8; give it, or a copy of it, another name"
    : "cannot be looked at";
}

/** A vault is never opened as evidence: closing its lock file would give its lock away. */
function isVault(folder: string): boolean {
  return existsSync(join(folder, "run", "lock.sqlite")) && existsSync(join(folder, "journal"));
}

function namesIn(path: string, passedOver: PassedOver[]): readonly string[] {
  try {
    return readdirSync(path).sort(byCodeUnits);
  } catch (error) {
    passedOver.push({ path, why: `the folder cannot be read (${errorCode(error)})` });
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

/** A small text file, such as a case file or a rule. Faults: not-found, not-readable, and too large. */
export function readText(path: string, bytesMax = 16 << 20): string {
  const text = readSmallFile(path, bytesMax);
  if (text === null) throw new Fault("not-found", `${path} is not there`, "check the path");
  return text;
}
