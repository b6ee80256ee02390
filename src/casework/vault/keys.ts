/**
 * Where a vault's key comes from: a key file for the owner alone, a passphrase, or the environment.
 * Refuses key files that others can read. Everything is named after the vault's id (docs/design/keys-and-rollback.md).
 */
import { scryptSync } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fromHex, toHex } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import { fileFault } from "../../engines/journal/index.ts";
import { KEY_BYTES, NONCE_BYTES, unwrapKey, wrapKey } from "../../engines/sealed/index.ts";
import { contextOf } from "./manifest.ts";
import type { PassphraseKdf } from "./manifest.ts";
import type { KeyChoice } from "./terms.ts";
import { readSmallFile, readingFault } from "../file-source.ts";
import { replaceSmallFile } from "./files.ts";
import type { VaultFiles } from "./files.ts";

const KEY_FILE_BYTES_MAX = 4096;
/** 128 MiB and about a third of a second: RFC 7914 with today's usual cost for files at rest. */
const SCRYPT = { n: 131_072, r: 8, p: 1 };
const SALT_BYTES = 16;

/** The program's folder in the user's configuration, from the environment and the home folder. */
export function configFolderOf(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const configured = environment["XDG_CONFIG_HOME"] ?? "";
  // The XDG base directory specification: a path that is not absolute is ignored.
  const base = configured.startsWith("/") ? configured : join(home, ".config");
  return join(base, "breakwater");
}

/** The key file of a vault, where the user chose none. */
export function defaultKeyPath(configFolder: string, id: string): string {
  return join(configFolder, "keys", `${id}.key`);
}

/** Where the last checkpoint of a vault is kept: beside its key. */
export function keptCheckpointPath(choice: KeyChoice, configFolder: string, id: string): string {
  const folder = choice.kind === "file" ? dirname(choice.path) : join(configFolder, "keys");
  return join(folder, `${id}.checkpoint`);
}

/** 32 bytes from hexadecimal or base64, or null. */
export function parseKeyText(text: string): Uint8Array | null {
  const trimmed = text.trim();
  const hex = trimmed.length === KEY_BYTES * 2 ? fromHex(trimmed) : null;
  if (hex !== null) return hex;
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return null;
  const bytes = new Uint8Array(Buffer.from(trimmed, "base64"));
  return bytes.length === KEY_BYTES ? bytes : null;
}

/** The vault's key. Faults: `key-missing`, `key-wrong`, and `usage` for a key that is none. */
export function readVaultKey(
  choice: KeyChoice,
  configFolder: string,
  id: string,
  kdf: PassphraseKdf | null,
): Uint8Array {
  switch (choice.kind) {
    case "default":
      if (kdf !== null)
        throw new Fault(
          "key-missing",
          "this vault is locked with a passphrase",
          "give --passphrase-file FILE",
        );
      return readKeyFile(defaultKeyPath(configFolder, id), id);
    case "file":
      return readKeyFile(choice.path, id);
    case "text":
      return keyOfText(choice.text);
    case "passphrase-file":
      return openWithPassphrase(readPassphrase(choice.path), id, kdf);
  }
}

function keyOfText(text: string): Uint8Array {
  const key = parseKeyText(text);
  if (key !== null) return key;
  throw new Fault(
    "usage",
    "BREAKWATER_KEY is not a key",
    "give 32 bytes as 64 hexadecimal digits or as base64",
  );
}

function readKeyFile(path: string, id: string): Uint8Array {
  refuseLooseMode(path);
  const text = readSmallFile(path, KEY_FILE_BYTES_MAX);
  if (text === null)
    throw new Fault(
      "key-missing",
      `the key of vault ${id} is not at ${path}`,
      "give --key FILE, --passphrase-file FILE or BREAKWATER_KEY",
    );
  const [, named = "", keyText = ""] =
    /^breakwater-key ([0-9a-f]{32}) ([0-9a-f]{64})\s*$/.exec(text) ?? [];
  if (named !== "" && named !== id)
    throw new Fault("key-wrong", `${path} is the key of vault ${named}`, `give the key of ${id}`);
  const key = parseKeyText(named === "" ? text : keyText);
  if (key !== null) return key;
  throw new Fault(
    "key-wrong",
    `${path} is no key file`,
    "give the file that was made with the vault",
  );
}

/** Refuses a secret that others on the machine can read: it is none. Faults: key-wrong. */
export function refuseLooseMode(path: string): void {
  if (process.platform === "win32" || !existsSync(path)) return;
  let mode: number;
  try {
    mode = statSync(path).mode & 0o777;
  } catch (error) {
    throw readingFault(error, path);
  }
  if ((mode & 0o077) === 0) return;
  const shown = mode.toString(8).padStart(4, "0");
  throw new Fault("key-wrong", `others can read ${path} (mode ${shown})`, `chmod 600 ${path}`);
}

function readPassphrase(path: string): string {
  const text = readSmallFile(path, KEY_FILE_BYTES_MAX);
  if (text === null)
    throw new Fault("key-missing", `${path} does not exist`, "name the file with the passphrase");
  const passphrase = (text.split(/\r?\n/)[0] ?? "").normalize("NFC");
  if (passphrase.length >= 8) return passphrase;
  throw new Fault(
    "usage",
    `the passphrase in ${path} has fewer than 8 characters`,
    "use at least 8; several random words are better",
  );
}

function stretch(passphrase: string, kdf: Omit<PassphraseKdf, "name" | "wrappedKey">): Uint8Array {
  const { n, r, p } = kdf;
  const options = { N: n, r, p, maxmem: 256 * n * r };
  return scryptSync(passphrase, Buffer.from(kdf.salt, "hex"), KEY_BYTES, options);
}

function openWithPassphrase(passphrase: string, id: string, kdf: PassphraseKdf | null): Uint8Array {
  if (kdf === null)
    throw new Fault(
      "key-wrong",
      "this vault has no passphrase",
      "give its key file with --key FILE",
    );
  const wrapped = fromHex(kdf.wrappedKey) ?? new Uint8Array();
  const key = unwrapKey(stretch(passphrase, kdf), wrapped, contextOf(id, "vault-key"));
  if (key !== null) return key;
  throw new Fault(
    "key-wrong",
    "the passphrase does not open this vault",
    "check it for a typing error",
  );
}

/** A new vault's key, and how a passphrase opens it. */
export interface NewKey {
  readonly key: Uint8Array;
  readonly kdf: PassphraseKdf | null;
}

/** Makes the key of a new vault and puts it where `choice` says. */
export function createVaultKey(
  choice: KeyChoice,
  configFolder: string,
  id: string,
  random: (sizeBytes: number) => Uint8Array,
  files: VaultFiles,
): NewKey {
  switch (choice.kind) {
    case "default": {
      const path = defaultKeyPath(configFolder, id);
      return { key: writeKeyFile(path, id, random(KEY_BYTES), files), kdf: null };
    }
    case "file": {
      if (existsSync(choice.path)) return { key: readKeyFile(choice.path, id), kdf: null };
      return { key: writeKeyFile(choice.path, id, random(KEY_BYTES), files), kdf: null };
    }
    case "text":
      return { key: keyOfText(choice.text), kdf: null };
    case "passphrase-file": {
      const passphrase = readPassphrase(choice.path);
      const costs = { ...SCRYPT, salt: toHex(random(SALT_BYTES)) };
      const key = random(KEY_BYTES);
      const wrapping = stretch(passphrase, costs);
      const wrapped = wrapKey(wrapping, key, random(NONCE_BYTES), contextOf(id, "vault-key"));
      return { key, kdf: { name: "scrypt", ...costs, wrappedKey: toHex(wrapped) } };
    }
  }
}

function writeKeyFile(path: string, id: string, key: Uint8Array, files: VaultFiles): Uint8Array {
  try {
    files.makeFolder(dirname(path));
    replaceSmallFile(files, path, `breakwater-key ${id} ${toHex(key)}\n`);
    files.syncFolder(dirname(path));
  } catch (error) {
    throw fileFault(error, path);
  }
  return key;
}
