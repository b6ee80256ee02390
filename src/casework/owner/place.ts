/**
 * Where the owner of a vault listens: a socket in the vault's own run/, or where that cannot be, in a private folder;
 * `run/socket` names it. Refuses a socket that belongs to another account (docs/design/vault-ownership.md).
 */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  rmdirSync,
} from "node:fs";
import { type Server, type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { readSmallFile } from "../file-source.ts";
import { diskFiles, replaceSmallFile } from "../vault/files.ts";

const SOCKET_FILE = "owner.sock";
/** Names where the owner listens; there only while somebody does, or after a crash. */
const NAME_FILE = "socket";
const NAME_BYTES_MAX = 4096;
/** sun_path of unix(7) is 108 bytes with its final zero; macOS has 104. */
const SOCKET_PATH_BYTES_MAX = process.platform === "linux" ? 107 : 103;
const PRIVATE_FOLDER = /^breakwater-owner-[A-Za-z0-9]{6}$/;

/** Listens in `runFolder`, which this process owns; gives what takes the traces away. Throws what the system says. */
export async function listenIn(server: Server, runFolder: string): Promise<() => void> {
  clearPlace(runFolder);
  const place = await firstThatListens(server, runFolder);
  replaceSmallFile(diskFiles, join(runFolder, NAME_FILE), `${place}\n`);
  return () => clearPlace(runFolder);
}

async function firstThatListens(server: Server, runFolder: string): Promise<string> {
  if (process.platform === "win32") {
    return await listen(server, `\\\\.\\pipe\\breakwater-${randomBytes(16).toString("hex")}`);
  }
  chmodSync(runFolder, 0o700);
  const usual = join(realpathSync(runFolder), SOCKET_FILE);
  if (Buffer.byteLength(usual) <= SOCKET_PATH_BYTES_MAX) {
    try {
      return await listen(server, usual);
    } catch {
      // The vault's file system knows no sockets (FAT, some shared folders): the private folder is elsewhere.
    }
  }
  return await listen(server, join(mkdtempSync(join(tmpdir(), "breakwater-owner-")), SOCKET_FILE));
}

function listen(server: Server, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      if (process.platform !== "win32") chmodSync(path, 0o600);
      resolve(path);
    });
  });
}

/** Removes the socket of an owner that is gone: whoever holds the lock is the only one. */
function clearPlace(runFolder: string): void {
  const place = readSmallFile(join(runFolder, NAME_FILE), NAME_BYTES_MAX)?.trim() ?? "";
  for (const name of [SOCKET_FILE, NAME_FILE]) rmSync(join(runFolder, name), { force: true });
  const folder = dirname(place);
  if (dirname(folder) !== tmpdir() || !PRIVATE_FOLDER.test(basename(folder))) return;
  try {
    // Never more than a socket and its folder: the name was read, not made here.
    if (!lstatSync(folder).isDirectory() || !isOwn(folder)) return;
    if (readdirSync(folder).includes(SOCKET_FILE) && isOwnSocket(join(folder, SOCKET_FILE)))
      rmSync(join(folder, SOCKET_FILE));
    rmdirSync(folder);
  } catch {
    // Gone already, or in use by others: nothing of ours is lost.
  }
}

/** A connection to the owner of the vault with this run folder; null where none listens. */
export async function reachOwner(runFolder: string): Promise<Socket | null> {
  const place = readSmallFile(join(runFolder, NAME_FILE), NAME_BYTES_MAX)?.trim() ?? "";
  if (place === "" || (process.platform !== "win32" && !isOwnSocket(place))) return null;
  return await new Promise((resolve) => {
    const socket = connect(place);
    socket.once("error", () => resolve(null));
    socket.once("connect", () => resolve(socket));
  });
}

function isOwnSocket(path: string): boolean {
  try {
    return lstatSync(path).isSocket() && isOwn(path);
  } catch {
    return false;
  }
}

function isOwn(path: string): boolean {
  return lstatSync(path).uid === process.getuid?.();
}
