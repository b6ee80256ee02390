/**
 * A value of this program in a file under derived/: whole or not there, since it is put in place by rename. Refuses to read back
 * without a check of its shape what this program has not written: the vault's key says so.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { writeOwn } from "./write-dossier.ts";

/** How the owner of a vault knows its own files: the HMAC of a SHA-256, hexadecimal. */
export type Mac = (sha256: Uint8Array) => string;

const MAC_BYTES = 32;

/** Writes the value to `path`, in place of an earlier one. Faults: disk-full, not-writable. */
export function keepValue(path: string, mac: Mac, value: unknown): void {
  const body = serialize(value);
  writeOwn(`${path}.new`, Buffer.concat([macOf(mac, body), body]));
  renameSync(`${path}.new`, path);
}

/** What was kept at `path`; null where nothing was, or not by this vault's owner. */
export function takeValue<T>(path: string, mac: Mac): T | null {
  if (!existsSync(path)) return null;
  try {
    const bytes = readFileSync(path);
    const body = bytes.subarray(MAC_BYTES);
    return macOf(mac, body).equals(bytes.subarray(0, MAC_BYTES)) ? deserialize(body) : null;
  } catch {
    return null;
  }
}

function macOf(mac: Mac, bytes: Uint8Array): Buffer {
  return Buffer.from(mac(createHash("sha256").update(bytes).digest()), "hex");
}
