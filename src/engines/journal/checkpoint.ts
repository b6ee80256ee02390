/**
 * Checkpoints: signed notes that state size and root of the tree (C2SP tlog-checkpoint over signed-note, Ed25519).
 * Refuses any spelling but its own: five lines, one signature. Specified in docs/formats/journal.md.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { assert } from "../../base/assert.ts";
import { concatBytes, fromHex, sameBytes, toHex, utf8 } from "../../base/bytes.ts";
import type { Hash } from "./tree.ts";

/** A note is shorter than this; what is longer is none. */
const NOTE_BYTES_MAX = 1024;
/** A file of checkpoints longer than this (some two million commits) is refused. */
export const CHECKPOINTS_BYTES_MAX = 536_870_912;
const NOTE_LINES = 5;
/** Signature type of the signed-note specification: Ed25519. */
const ED25519 = 1;
const SIGNATURE_BYTES = 64;
const KEY_ID_BYTES = 4;
// DER around the 32 raw bytes of an Ed25519 key (RFC 8410).
const PKCS8 = fromHex("302e020100300506032b657004220420") ?? new Uint8Array();
const SPKI = fromHex("302a300506032b6570032100") ?? new Uint8Array();

/** Signs a journal's checkpoints. */
export interface Signer {
  readonly key: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The signer of an Ed25519 seed (32 bytes). */
export function signerOf(seed: Uint8Array): Signer {
  assert(seed.length === 32, "an Ed25519 seed has 32 bytes");
  const key = createPrivateKey({
    key: Buffer.from(concatBytes([PKCS8, seed])),
    format: "der",
    type: "pkcs8",
  });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return { key, publicKey: new Uint8Array(spki.subarray(SPKI.length)) };
}

/** Ed25519 over `message`: 64 bytes. */
export function signMessage(signer: Signer, message: Uint8Array): Uint8Array {
  return sign(null, message, signer.key);
}

/** Public keys as node:crypto wants them; making one costs as much as using it. */
const publicKeys = new Map<string, KeyObject>();
const PUBLIC_KEYS_MAX = 16;

function publicKeyOf(raw: Uint8Array): KeyObject {
  const name = toHex(raw);
  const made = publicKeys.get(name);
  if (made !== undefined) return made;
  const der = Buffer.from(concatBytes([SPKI, raw]));
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  if (publicKeys.size === PUBLIC_KEYS_MAX) publicKeys.clear();
  publicKeys.set(name, key);
  return key;
}

/** Whether `signature` is `publicKey`'s over `message`; false for a key or signature of the wrong size. */
export function verifyMessage(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (publicKey.length !== 32 || signature.length !== SIGNATURE_BYTES) return false;
  return verify(null, message, publicKeyOf(publicKey), signature);
}

/** First line and key name of a journal's checkpoints. */
export function originOf(vaultId: string): string {
  return `breakwater/${vaultId}`;
}

/** What a checkpoint states, and its text. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  /** The whole note, signature included: what is kept elsewhere to notice a roll-back. */
  readonly text: string;
  /** Four bytes that tell the signing key. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** Key id of the signed-note specification: SHA-256 of name, line feed, type and public key, cut to 4 bytes. */
export function keyIdOf(name: string, publicKey: Uint8Array): Uint8Array {
  const hash = createHash("sha256")
    .update(`${name}\n`)
    .update(new Uint8Array([ED25519]));
  return new Uint8Array(hash.update(publicKey).digest().subarray(0, KEY_ID_BYTES));
}

function bodyOf(origin: string, size: number, root: Hash): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}

/** A signed checkpoint. Equal arguments give equal bytes: Ed25519 uses no chance. */
export function signCheckpoint(
  origin: string,
  size: number,
  root: Hash,
  signer: Signer,
): Checkpoint {
  const body = bodyOf(origin, size, root);
  const keyId = keyIdOf(origin, signer.publicKey);
  const signature = signMessage(signer, utf8(body));
  const blob = Buffer.from(concatBytes([keyId, signature])).toString("base64");
  return { origin, size, root, text: `${body}\n— ${origin} ${blob}\n`, keyId, signature };
}

const NOTE =
  /^([^\n +]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n— ([^\n +]+) ([A-Za-z0-9+/=]+)\n$/;

/** The checkpoint of a note's text, or null where it is none; its signature is not checked yet. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const match = NOTE.exec(text);
  if (match === null) return null;
  const [, origin = "", sizeText = "", rootText = "", name = "", blobText = ""] = match;
  const root = new Uint8Array(Buffer.from(rootText, "base64"));
  const blob = Buffer.from(blobText, "base64");
  const size = Number(sizeText);
  const keyId = new Uint8Array(blob.subarray(0, KEY_ID_BYTES));
  const signature = new Uint8Array(blob.subarray(KEY_ID_BYTES));
  // Base64 has spare bits; only the one spelling that signCheckpoint writes is taken.
  const same = bodyOf(origin, size, root) === `${origin}\n${sizeText}\n${rootText}\n`;
  if (!same || name !== origin || blob.toString("base64") !== blobText) return null;
  return { origin, size, root, text, keyId, signature };
}

/** Whether the checkpoint is of this journal and signed by this key. */
export function verifyCheckpoint(
  checkpoint: Checkpoint,
  origin: string,
  publicKey: Uint8Array,
): boolean {
  if (checkpoint.origin !== origin) return false;
  if (!sameBytes(checkpoint.keyId, keyIdOf(origin, publicKey))) return false;
  const body = utf8(bodyOf(origin, checkpoint.size, checkpoint.root));
  return verifyMessage(publicKey, body, checkpoint.signature);
}

/** One note of a file of notes, and where it starts. */
export interface NotePiece {
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** False for what follows the last whole note. */
  readonly whole: boolean;
}

/** Cuts a file of notes into pieces of five lines; the rest, if any, comes last and is not whole. */
export function* splitNotes(bytes: Uint8Array): Generator<NotePiece> {
  let start = 0;
  let lines = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 10 || ++lines < NOTE_LINES) continue;
    yield { bytes: bytes.subarray(start, at + 1), offset: start, whole: true };
    start = at + 1;
    lines = 0;
  }
  if (start < bytes.length) yield { bytes: bytes.subarray(start), offset: start, whole: false };
}

/** The checkpoint of a note's bytes, or null where they are none. */
export function readNote(bytes: Uint8Array): Checkpoint | null {
  if (bytes.length > NOTE_BYTES_MAX) return null;
  return parseCheckpoint(Buffer.from(bytes).toString("utf8"));
}
