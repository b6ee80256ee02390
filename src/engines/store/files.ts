/**
 * The store's own files: opened, written, read. What fails here is a disk, never content: each failure
 * becomes a Fault with a way out, and its message names the store's files only.
 */
import { readSync, rmSync, writeSync } from "node:fs";
import { Fault } from "../../base/fault.ts";

/** The store does not hold what its manifest states. `what` says where. */
export function damaged(what: string): Fault {
  return new Fault(
    "vault-damaged",
    `the event store is damaged: ${what}`,
    "it is derived from the sealed evidence: run investigate again to rebuild it",
  );
}

/** The disk is full. */
export function diskFull(): Fault {
  return new Fault(
    "disk-full",
    "no space left for the event store",
    "free some space, or give a vault on another disk, and run investigate again",
  );
}

/** Runs a step on files; an error of the system becomes a Fault, other errors pass. */
export function onDisk<T>(doing: "read" | "write", step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string")
      throw faultOf(doing, error.code);
    throw error;
  }
}

function faultOf(doing: "read" | "write", code: string): Fault {
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull();
  if (doing === "write")
    return new Fault(
      "not-writable",
      `the event store cannot be written (${code})`,
      "check the permissions of the vault's derived folder",
    );
  if (code === "ENOENT") return damaged("a file is missing");
  return new Fault(
    "not-readable",
    `the event store cannot be read (${code})`,
    "check the disk and the permissions of the vault's derived folder",
  );
}

/** Writes all bytes at the end of an open file. */
export function writeAll(file: number, bytes: Uint8Array): void {
  let at = 0;
  while (at < bytes.length) at += onDisk("write", () => writeSync(file, bytes, at));
}

/** `sizeBytes` bytes at `at`, or null where the file ends before. */
export function readAt(file: number, at: number, sizeBytes: number): Uint8Array | null {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let read = 0;
  while (read < sizeBytes) {
    const got = onDisk("read", () => readSync(file, bytes, read, sizeBytes - read, at + read));
    if (got === 0) return null;
    read += got;
  }
  return bytes;
}

/** How many readers of this process have a file open; and files to be removed with the last of them. */
const readers = new Map<string, number>();
const doomed = new Set<string>();

/** Keeps the file from being removed until `releaseFile`: DuckDB opens it anew for every question. */
export function holdFile(path: string): void {
  readers.set(path, (readers.get(path) ?? 0) + 1);
}

/** One reader less; the last one takes a file with it that was to be removed meanwhile. */
export function releaseFile(path: string): void {
  const left = (readers.get(path) ?? 1) - 1;
  if (left > 0) readers.set(path, left);
  else {
    readers.delete(path);
    if (doomed.delete(path)) removeFile(path);
  }
}

/** What was to be removed counts again: the same name was written anew while a reader still had the old file. */
export function keepFile(path: string): void {
  doomed.delete(path);
}

/** Removes the file, now or when its last reader closes. */
export function removeFile(path: string): void {
  if (readers.has(path)) doomed.add(path);
  else onDisk("write", () => rmSync(path, { force: true }));
}
