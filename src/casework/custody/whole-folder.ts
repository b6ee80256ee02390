/**
 * A folder that is there whole or not at all: written beside its place under another name, then renamed.
 * Refuses a folder that holds anything, and the root of a mounted disk, which cannot be renamed to.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
} from "node:fs";
import { dirname, resolve, sep } from "node:path";
import { Fault } from "../../base/fault.ts";
import { fileFault } from "../../engines/journal/index.ts";

/** The name under which a folder is written until it is whole. */
export function unfinishedName(folder: string): string {
  return `${resolve(folder)}.partial`;
}

/** Refuses a place where the folder cannot come to be, and any inside the vault. Faults: already-exists, usage. Writes nothing. */
export function refuseTaken(vaultFolder: string, folder: string): void {
  const place = resolve(folder);
  if (`${place}${sep}`.startsWith(`${resolve(vaultFolder)}${sep}`)) {
    throw new Fault("usage", `${folder} is inside the vault`, "name a folder outside of it");
  }
  const partial = unfinishedName(folder);
  if (existsSync(partial)) {
    const hint = "it was left by a process that was killed: look into it, delete it, and try again";
    throw new Fault("already-exists", `${partial} is there already`, hint);
  }
  if (!existsSync(place)) return;
  let names: readonly string[];
  try {
    names = readdirSync(place);
  } catch (error) {
    throw fileFault(error, place);
  }
  if (names.length > 0) {
    const hint = "name a folder that does not exist yet";
    throw new Fault("already-exists", `${folder} is not empty`, hint);
  }
  if (statSync(place).dev !== statSync(dirname(place)).dev) {
    throw new Fault("usage", `${folder} is the root of a disk`, "name a new folder on it");
  }
}

/**
 * Gives `write` a folder to fill (mode 0700), and puts it at its place when that is done. When it throws, or is
 * interrupted, nothing stays. Faults: already-exists, usage, disk-full, not-writable, and what `write` throws.
 */
export async function writeWholeFolder<T>(
  vaultFolder: string,
  folder: string,
  write: (unfinished: string) => Promise<T>,
): Promise<T> {
  refuseTaken(vaultFolder, folder);
  const place = resolve(folder);
  const partial = unfinishedName(folder);
  try {
    mkdirSync(dirname(partial), { recursive: true, mode: 0o700 });
    mkdirSync(partial, { mode: 0o700 });
  } catch (error) {
    throw fileFault(error, partial);
  }
  try {
    const result = await write(partial);
    // An empty folder gives its place: POSIX would replace it, Windows would not.
    if (existsSync(place)) rmdirSync(place);
    renameSync(partial, place);
    return result;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw fileFault(error, place);
  }
}
