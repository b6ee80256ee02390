/**
 * Disks that fail: full ones and ones that cannot be written. Mounted where the kernel lets us; otherwise as near to it as an
 * account comes, and the summary says which. Everything mounted is unmounted, whatever happens.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const mounted = new Set<string>();

function succeeds(command: string, ...words: readonly string[]): boolean {
  return spawnSync(command, words, { stdio: "ignore" }).status === 0;
}

/** Whether this account may mount. */
export const canMount: boolean = (() => {
  if (process.platform !== "linux") return false;
  const folder = mkdtempSync(join(tmpdir(), "breakwater-mount-"));
  const can = mount(folder, "-t", "tmpfs", "tmpfs");
  if (can) unmount(folder);
  rmdirSync(folder);
  return can;
})();

function mount(folder: string, ...words: readonly string[]): boolean {
  const done = succeeds("mount", ...words, folder);
  if (done) mounted.add(folder);
  return done;
}

/** Lets go of what is mounted at a folder. */
export function unmount(folder: string): void {
  if (succeeds("umount", folder) || succeeds("umount", "--lazy", folder)) mounted.delete(folder);
}

/** Lets go of everything that is still mounted. */
export function unmountAll(): void {
  for (const folder of mounted) unmount(folder);
}

/** How disks fail here, for the summary. */
export const HOW = {
  full: canMount
    ? "a tmpfs with little room, or whose room is taken away while the program works"
    : "a limit on the length of files (ulimit -f): this account may not mount",
  readOnly: canMount
    ? "a read-only bind mount"
    : "files and folders without permission to write (chmod): this account may not mount",
};

/** A disk of its own with limited room. */
export class SmallDisk {
  readonly folder: string;

  constructor(folder: string, sizeBytes: number) {
    this.folder = folder;
    mkdirSync(folder);
    if (!mount(folder, "-t", "tmpfs", "-o", `size=${sizeBytes}`, "tmpfs"))
      throw new Error(`a tmpfs at ${folder} cannot be mounted`);
  }

  /** Leaves that much room beyond what is taken now. */
  leave(sizeBytes: number): void {
    // Whoever works on it may take some more before the limit is set.
    for (let tries = 0; tries < 10; tries++) {
      const { blocks, bfree, bsize } = statfsSync(this.folder);
      // A size of nothing would be no limit at all.
      if (this.#resize(Math.max((blocks - bfree) * bsize + sizeBytes, bsize))) return;
    }
    throw new Error(`the tmpfs at ${this.folder} cannot be made smaller`);
  }

  /** Gives room again. */
  free(sizeBytes: number): void {
    if (!this.#resize(sizeBytes)) throw new Error(`the tmpfs at ${this.folder} cannot be resized`);
  }

  remove(): void {
    unmount(this.folder);
  }

  #resize(sizeBytes: number): boolean {
    return succeeds("mount", "-o", `remount,size=${sizeBytes}`, this.folder);
  }
}

/** Makes a folder unwritable; the call that is given back makes it writable again. */
export function makeReadOnly(folder: string): () => void {
  if (!canMount) {
    succeeds("chmod", "-R", "a-w", folder);
    return () => void succeeds("chmod", "-R", "u+w", folder);
  }
  if (!mount(folder, "--bind", folder)) throw new Error(`${folder} cannot be bound`);
  if (!succeeds("mount", "-o", "remount,ro,bind", folder))
    throw new Error(`${folder} cannot be made read-only`);
  return () => unmount(folder);
}

/** What to start a program with so that none of its files may grow beyond that many bytes; it is told, not killed. */
export function withFileLimit(sizeBytes: number): readonly string[] {
  const blocks = Math.floor(sizeBytes / 512);
  return ["sh", "-c", `trap "" XFSZ; ulimit -f ${blocks}; exec "$@"`, "sh"];
}
