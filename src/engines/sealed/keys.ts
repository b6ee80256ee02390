/**
 * Keys of a vault, derived from its one 32-byte key, and the wrapping of other keys under them.
 * Refuses to make keys or nonces: chance is an argument. Specified in docs/formats/sealed-object.md.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import { assert } from "../../base/assert.ts";
import { concatBytes, toHex, utf8 } from "../../base/bytes.ts";

/** An AES-256 key; the vault's own key too. */
export const KEY_BYTES = 32;
/** A nonce of AES-GCM. */
export const NONCE_BYTES = 12;
/** A tag of AES-GCM. */
export const TAG_BYTES = 16;
/** A wrapped key: nonce, the encrypted 32 bytes, tag. */
export const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/** What a vault's key is used for, one derived key each. */
export interface VaultKeys {
  /** Wraps object keys and the signing key. */
  readonly wrap: Uint8Array;
  /** Binds the content of an object to its journal entry. */
  readonly mac: Uint8Array;
  /** Turns names into actor ids. */
  readonly name: Uint8Array;
}

/** HKDF-SHA-256 of the vault key (32 bytes) without salt, one info label for each use. */
export function deriveKeys(vaultKey: Uint8Array): VaultKeys {
  assert(vaultKey.length === KEY_BYTES, "a vault key has 32 bytes");
  const derive = (use: string) =>
    new Uint8Array(hkdfSync("sha256", vaultKey, "", `breakwater/v1/${use}`, KEY_BYTES));
  return { wrap: derive("wrap"), mac: derive("mac"), name: derive("name") };
}

/** `secret` (32 bytes) under `key` with AES-256-GCM, bound to `context`: WRAPPED_BYTES bytes. */
export function wrapKey(
  key: Uint8Array,
  secret: Uint8Array,
  nonce: Uint8Array,
  context: Uint8Array,
): Uint8Array {
  assert(secret.length === KEY_BYTES && nonce.length === NONCE_BYTES, "sizes of a wrapped key");
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(context);
  return concatBytes([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

/** The wrapped 32 bytes, or null where key, bytes or context are not those it was wrapped with. */
export function unwrapKey(
  key: Uint8Array,
  wrapped: Uint8Array,
  context: Uint8Array,
): Uint8Array | null {
  if (wrapped.length !== WRAPPED_BYTES) return null;
  const decipher = createDecipheriv("aes-256-gcm", key, wrapped.subarray(0, NONCE_BYTES));
  decipher.setAAD(context).setAuthTag(wrapped.subarray(WRAPPED_BYTES - TAG_BYTES));
  const secret = decipher.update(wrapped.subarray(NONCE_BYTES, WRAPPED_BYTES - TAG_BYTES));
  try {
    decipher.final();
    return new Uint8Array(secret);
  } catch {
    return null;
  }
}

/** HMAC-SHA-256 of a plaintext's SHA-256 (32 raw bytes), hexadecimal. */
export function contentMac(keys: VaultKeys, plaintextSha256: Uint8Array): string {
  return createHmac("sha256", keys.mac).update(plaintextSha256).digest("hex");
}

/** 32 hexadecimal digits that stand for a name (in NFC, outer blanks cut) and tell nothing without the key. */
export function actorId(keys: VaultKeys, name: string): string {
  const text = utf8(name.normalize("NFC").trim());
  return toHex(createHmac("sha256", keys.name).update(text).digest().subarray(0, 16));
}
