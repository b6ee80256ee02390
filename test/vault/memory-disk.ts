/**
 * A disk in memory that loses power: after a crash each file holds what was synced, and of the rest nothing, all,
 * or its beginning. Any operation can be made to fail, in the middle of a write too.
 */
import type { JournalFiles } from "../../src/engines/journal/index.ts";

/** What a failing operation throws; ENOSPC goes on afterwards, a crash does not. */
export class Crash extends Error {}

/** What `work` throws, or null. */
export function caught(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}

/** An error as the operating system gives it to Node. */
export function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: told by the test`), { code });
}

interface MemoryFile {
  bytes: Buffer;
  synced: Buffer;
}

/** What is left of bytes that were written and never synced. */
export type Survival = "nothing" | "everything" | "half";

export class MemoryDisk {
  readonly #files = new Map<string, MemoryFile>();
  readonly #paths: string[] = [];
  #operations = 0;
  readonly #failures = new Map<number, () => Error>();
  #dead = false;

  /** Operations so far that change something. */
  get operations(): number {
    return this.#operations;
  }

  /** Lets the operation with this number (from 0) fail, once; after a Crash nothing works any more. */
  failAt(operation: number, error: () => Error): void {
    this.#failures.set(this.#operations + operation, error);
  }

  content(path: string): Buffer {
    return this.#file(path).bytes;
  }

  put(path: string, bytes: Uint8Array): void {
    this.#files.set(path, { bytes: Buffer.from(bytes), synced: Buffer.from(bytes) });
  }

  /** The disk as it is found when the power is back. */
  afterPowerCut(survival: Survival): MemoryDisk {
    const disk = new MemoryDisk();
    for (const [path, { bytes, synced }] of this.#files)
      disk.put(path, survivor(bytes, synced, survival));
    return disk;
  }

  /** The file operations of this disk. */
  readonly operationsOf: JournalFiles = {
    open: (path) => {
      if (!this.#files.has(path)) this.put(path, Buffer.alloc(0));
      return this.#paths.push(path) - 1;
    },
    sizeBytes: (file) => this.#opened(file).bytes.length,
    read: (file, into, offset) => this.#opened(file).bytes.copy(into, 0, offset),
    write: (file, bytes, offset) => {
      const target = this.#opened(file);
      const failure = this.#step();
      const written = failure === null ? bytes : bytes.subarray(0, Math.floor(bytes.length / 2));
      target.bytes = Buffer.concat([target.bytes.subarray(0, offset), written]);
      if (failure !== null) throw failure;
    },
    truncate: (file, sizeBytes) => {
      const target = this.#opened(file);
      const failure = this.#step();
      if (failure !== null) throw failure;
      target.bytes = target.bytes.subarray(0, sizeBytes);
    },
    sync: (file) => {
      const target = this.#opened(file);
      const failure = this.#step();
      if (failure !== null) throw failure;
      target.synced = Buffer.from(target.bytes);
    },
    close: () => undefined,
    syncFolder: () => undefined,
  };

  #step(): Error | null {
    if (this.#dead) throw new Crash();
    const error = this.#failures.get(this.#operations++)?.() ?? null;
    this.#dead = error instanceof Crash;
    return error;
  }

  #opened(file: number): MemoryFile {
    return this.#file(this.#paths[file] ?? "");
  }

  #file(path: string): MemoryFile {
    const file = this.#files.get(path);
    if (file === undefined) throw diskError("ENOENT");
    return file;
  }
}

function survivor(bytes: Buffer, synced: Buffer, survival: Survival): Buffer {
  if (survival === "nothing") return synced;
  if (survival === "everything" || bytes.length < synced.length) return bytes;
  return bytes.subarray(0, synced.length + Math.floor((bytes.length - synced.length) / 2));
}
