/**
 * Destroying objects for good: the act first, then the key, then all that was derived, then the file. Refuses any
 * other order, so that a crash leaves the object or the act that ended it, and a start can finish (docs/design/custody.md).
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { JournalEntry } from "../../model/act.ts";
import { HEADER_BYTES, WRAPPED_AT } from "../../engines/sealed/index.ts";
import type { VaultFiles } from "./files.ts";
import { objectPath } from "./object-path.ts";

const OBJECT_ID_DIGITS = 32;

/** Objects that acts have destroyed, each with the first entry that did. Needs no key: the subject names the object. */
export function destroyedObjects(
  entries: readonly JournalEntry[],
): ReadonlyMap<string, JournalEntry> {
  const destroyed = new Map<string, JournalEntry>();
  for (const entry of entries) {
    const { kind, subject } = entry;
    // With a SHA-256 as its subject the act names its certificate instead.
    if (kind !== "evidence-destroyed" || subject.length !== OBJECT_ID_DIGITS) continue;
    if (!destroyed.has(subject)) destroyed.set(subject, entry);
  }
  return destroyed;
}

/**
 * Does what the entries say was destroyed, as far as it is not done yet; gives a line for each object. The file of an
 * object goes last: while it is there, the work before it may not have survived, and is done again.
 */
export function finishDestruction(
  folder: string,
  files: VaultFiles,
  entries: readonly JournalEntry[],
): string[] {
  const begun = [...destroyedObjects(entries)]
    .map(([object, { index }]) => ({ path: objectPath(object), index }))
    .filter(({ path }) => existsSync(join(folder, path)));
  if (begun.length === 0) return [];
  for (const { path } of begun) dropKey(files, join(folder, path));
  files.removeFolder(join(folder, "derived"));
  files.makeFolder(join(folder, "derived"));
  files.syncFolder(folder);
  for (const { path } of begun) files.remove(join(folder, path));
  for (const parent of new Set(begun.map(({ path }) => dirname(path))))
    files.syncFolder(join(folder, parent));
  return begun.map(({ path, index }) => `destroyed ${path}: act ${index} had begun it`);
}

/** Overwrites the wrapped key in place. Twice does no harm, and half of it is a key that opens nothing. */
function dropKey(files: VaultFiles, path: string): void {
  const file = files.open(path);
  try {
    // A file that is shorter than its header has no key; it is not made longer.
    if (files.sizeBytes(file) < HEADER_BYTES) return;
    files.write(file, new Uint8Array(HEADER_BYTES - WRAPPED_AT), WRAPPED_AT);
    files.sync(file);
  } finally {
    files.close(file);
  }
}
