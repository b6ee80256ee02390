/**
 * The store's own files: opened, written, read. What fails here is a disk, never content: each failure
 * becomes a Fault with a way out, and its message names the store's files only.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { Fault } from "../../base/fault.ts";

/** The store does not hold what its manifest states. `what` says where. */
export function damaged(what: string): Fault {
  return new Fault(
    "vault-damaged",
    `the event store is damaged: ${what}`,
    "it is derived from the sealed evidence: run investigate again to rebuild it",
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
  if (code === "ENOSPC" || code === "EDQUOT")
    return new Fault(
      "disk-full",
      "no space left for the event store",
      "free some space, or give a vault on another disk, and run investigate again",
    );
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

/** A file open for reading, whose length has been checked against the manifest. */
export function openChecked(path: string, sizeBytes: number): number {
  const file = onDisk("read", () => openSync(path, "r"));
  if (onDisk("read", () => fstatSync(file)).size === sizeBytes) return file;
  closeSync(file);
  throw damaged("a segment has another length than when it was written");
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
