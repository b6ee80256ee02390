/**
 * One process owns a vault: an exclusive transaction on a SQLite file, which the kernel lets go of when the process
 * dies in any way. Refuses to trust process ids: they are only told to people (docs/design/vault-ownership.md).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Fault } from "../../base/fault.ts";
import { fileFault } from "../../engines/journal/index.ts";
import { readSmallFile } from "../file-source.ts";
import { replaceSmallFile } from "./files.ts";
import type { VaultFiles } from "./files.ts";

const LOCK_FILE = "lock.sqlite";
const OWNER_FILE = "owner";
const SQLITE_BUSY = 5;

/** A held lock. */
export interface Lock {
  release(): void;
}

/** Takes the lock in `runFolder`, or throws `vault-in-use`. Never waits. */
export function takeLock(runFolder: string, files: VaultFiles): Lock {
  const path = join(runFolder, LOCK_FILE);
  let database: DatabaseSync | null = null;
  try {
    files.makeFolder(runFolder);
    // SQLite would let others read it. Never opened here once it exists: closing any descriptor of a
    // file drops every POSIX lock that this process holds on it.
    if (!existsSync(path)) files.close(files.open(path));
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec("BEGIN EXCLUSIVE");
    replaceSmallFile(files, join(runFolder, OWNER_FILE), `${process.pid}\n`);
  } catch (error) {
    database?.close();
    throw lockFault(error, runFolder);
  }
  const held = database;
  return { release: () => held.close() };
}

/** Whether some process owns the vault now. Writes nothing, so it works on a read-only disk. */
export function isOwned(runFolder: string): boolean {
  const path = join(runFolder, LOCK_FILE);
  if (!existsSync(path)) return false;
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    return sqliteCode(error) === SQLITE_BUSY;
  } finally {
    database?.close();
  }
}

function lockFault(error: unknown, runFolder: string): Fault {
  const code = sqliteCode(error);
  if (code === SQLITE_BUSY) {
    const owner = readSmallFile(join(runFolder, OWNER_FILE), 64)?.trim() ?? "unknown";
    return new Fault(
      "vault-in-use",
      `another process owns this vault (process ${/^\d+$/.test(owner) ? owner : "unknown"})`,
      "wait for it to end, or stop it: Ctrl-C ends a `breakwater serve`",
    );
  }
  if (code !== null)
    return new Fault(
      "not-writable",
      `the lock in ${runFolder} cannot be taken`,
      "check that the disk can be written and has room; run/ may be deleted while nobody works",
    );
  return fileFault(error, runFolder);
}

/** SQLite's primary result code, or null for any other error. */
function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error)) return null;
  return typeof error.errcode === "number" ? error.errcode & 0xff : null;
}
