/** The real disk with one operation that fails, in the middle of a write or a removal too. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { diskFiles } from "../../src/casework/vault/files.ts";
import type { VaultFiles } from "../../src/casework/vault/index.ts";
import { Crash } from "./memory-disk.ts";

/** The real disk, with the operation of number `failAt` failing in its middle; after a Crash all of them do. */
export function failing(failAt: number, error: () => Error): VaultFiles & { operations(): number } {
  let operations = 0;
  let dead = false;
  const guarded =
    <A extends readonly unknown[], R>(work: (...args: A) => R, partly?: (...args: A) => void) =>
    (...args: A): R => {
      if (dead) throw new Crash();
      if (operations++ !== failAt) return work(...args);
      partly?.(...args);
      const failure = error();
      dead = failure instanceof Crash;
      throw failure;
    };
  return {
    ...diskFiles,
    open: guarded(diskFiles.open),
    write: guarded(diskFiles.write, (file, bytes, offset) =>
      diskFiles.write(file, bytes.subarray(0, bytes.length / 2), offset),
    ),
    truncate: guarded(diskFiles.truncate),
    sync: guarded(diskFiles.sync),
    syncFolder: guarded(diskFiles.syncFolder),
    makeFolder: guarded(diskFiles.makeFolder),
    rename: guarded(diskFiles.rename),
    remove: guarded(diskFiles.remove),
    removeFolder: guarded(diskFiles.removeFolder, (path) => {
      for (const name of readdirSync(path).slice(0, 1)) diskFiles.remove(join(path, name));
    }),
    // Closing always works, so that a dead process lets go of its files as a real one does.
    operations: () => operations,
  };
}
