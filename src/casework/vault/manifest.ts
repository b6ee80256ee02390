/**
 * vault.json: who a vault is. Its id is the hash of its public key, and that key signs the rest, so a change of any
 * byte shows without a secret. Refuses every spelling but its own. Specified in docs/formats/journal.md.
 */
import { createHash } from "node:crypto";
import { fromHex, toHex, utf8 } from "../../base/bytes.ts";
import { canonicalJson } from "../../base/text.ts";
import { signMessage, verifyMessage } from "../../engines/journal/index.ts";
import type { Signer } from "../../engines/journal/index.ts";

/** Name of the manifest inside a vault. */
export const MANIFEST_FILE = "vault.json";
/** A longer one is none; with a passphrase it has some 700 bytes. */
export const MANIFEST_BYTES_MAX = 4096;
const FORMAT = "breakwater-vault";
const VERSION = 1;

/** How a passphrase becomes the key that the vault's key is wrapped with (RFC 7914). */
export interface PassphraseKdf {
  readonly name: "scrypt";
  /** Cost: memory is 128 * r * n bytes. */
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** 16 bytes, hexadecimal. */
  readonly salt: string;
  /** The vault's key, wrapped; hexadecimal. */
  readonly wrappedKey: string;
}

/** What vault.json states. */
export interface Manifest {
  /** First 16 bytes of the SHA-256 of the public key, hexadecimal. */
  readonly id: string;
  /** Ed25519, 32 bytes, hexadecimal. */
  readonly publicKey: string;
  /** Seed of the signing key, wrapped under the vault's key; hexadecimal. */
  readonly signingKey: string;
  /** Null: the vault's key is in a key file or elsewhere. */
  readonly kdf: PassphraseKdf | null;
}

/** The id of the vault that a public key signs for. */
export function vaultIdOf(publicKey: Uint8Array): string {
  return createHash("sha256").update(publicKey).digest("hex").slice(0, 32);
}

/** What a wrapped key of this vault is bound to. */
export function contextOf(id: string, use: "signing-key" | "vault-key"): Uint8Array {
  return utf8(`breakwater/${id}/${use}`);
}

function signedText(manifest: Manifest): Uint8Array {
  return utf8(`${FORMAT}\n${canonicalJson(manifest)}\n`);
}

/** The text of vault.json: canonical JSON and a line feed. */
export function formatManifest(manifest: Manifest, signer: Signer): string {
  const signature = toHex(signMessage(signer, signedText(manifest)));
  return spell(manifest, signature);
}

function spell(manifest: Manifest, signature: string): string {
  return `${canonicalJson({ format: FORMAT, version: VERSION, ...manifest, signature })}\n`;
}

/** The manifest in `text`, or a text that says what is wrong with it. */
export function parseManifest(text: string): Manifest | string {
  const value = parseObject(text);
  if (value === null || value["format"] !== FORMAT) return "it is no vault.json";
  if (value["version"] !== VERSION) return "it is of a version that this program does not know";
  const { id, publicKey, signingKey, signature } = value;
  const kdf = value["kdf"] === null ? null : readKdf(value["kdf"]);
  if (!isHex(id, 16) || !isHex(publicKey, 32) || !isHex(signingKey, 60) || !isHex(signature, 64))
    return "a field is missing or malformed";
  if (kdf === undefined) return "the passphrase settings are malformed or out of bounds";
  const manifest = { id, publicKey, signingKey, kdf };
  if (spell(manifest, signature) !== text) return "it is not spelled as this program writes it";
  const key = fromHex(publicKey) ?? new Uint8Array();
  if (vaultIdOf(key) !== id) return "its public key is not the one that its id is made of";
  if (!verifyMessage(key, signedText(manifest), fromHex(signature) ?? new Uint8Array()))
    return "it is not signed by its own key";
  return manifest;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHex(value: unknown, sizeBytes: number): value is string {
  return typeof value === "string" && value.length === sizeBytes * 2 && /^[0-9a-f]*$/.test(value);
}

/** Bounds keep a forged file from asking for all memory or all day. */
function readKdf(value: unknown): PassphraseKdf | undefined {
  if (!isRecord(value) || value["name"] !== "scrypt") return undefined;
  const { n, r, p, salt, wrappedKey } = value;
  const costs = [n, r, p];
  if (typeof n !== "number" || typeof r !== "number" || typeof p !== "number") return undefined;
  if (!costs.every(Number.isInteger) || !Number.isInteger(Math.log2(n))) return undefined;
  if (n < 2 || n > 2 ** 20 || r < 1 || r > 16 || p < 1 || p > 4) return undefined;
  if (!isHex(salt, 16) || !isHex(wrappedKey, 60)) return undefined;
  return { name: "scrypt", n, r, p, salt, wrappedKey };
}
