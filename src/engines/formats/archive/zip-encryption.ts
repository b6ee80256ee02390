/**
 * The two encryptions of zip members that a password opens: WinZip AES (AE-1, AE-2) and PKWARE's traditional one.
 * Specification: winzip.com "AES Encryption Information"; APPNOTE 6.1. Refuses to guess a password.
 */
import { copyOf } from "../../../base/bytes.ts";
import { createCipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import type { Source } from "../../../base/source.ts";
import { type Opening, piecesOf } from "./member.ts";

/** Where the packed bytes lie, and how they become plain. Each call of `decrypt` begins at the first byte. */
export interface Opened {
  readonly start: number;
  readonly end: number;
  decrypt(pieces: Iterable<Uint8Array>): Iterable<Uint8Array>;
}

/** The bytes that a password may stand for: UTF-8, and one byte a character as older programs write it. */
export function passwordBytes(password: string): readonly Uint8Array[] {
  const utf8 = Buffer.from(password, "utf8");
  const latin1 = Buffer.from(password, "latin1");
  return utf8.equals(latin1) ? [utf8] : [utf8, latin1];
}

const VERIFIER_BYTES = 2;
const CODE_BYTES = 10;
const ROUNDS = 1000;
const BLOCK_BYTES = 16;

/** Bytes of salt by strength (1, 2, 3); the key has twice as many. Undefined for a strength that does not exist. */
export const AES_SALT_BYTES: readonly (number | undefined)[] = [undefined, 8, 12, 16];

/** Opens bytes [start, end) of an AES member: verifier first, then the authentication code over all. Null: it does not fit. */
export async function openAes(
  source: Source,
  start: number,
  end: number,
  saltBytes: number,
  password: Uint8Array,
  { breathe }: Opening,
): Promise<Opened | null> {
  const dataAt = start + saltBytes + VERIFIER_BYTES;
  const codeAt = end - CODE_BYTES;
  if (codeAt < dataAt) return null;
  const head = copyOf(source.read(start, dataAt));
  const keyBytes = saltBytes * 2;
  const length = keyBytes * 2 + VERIFIER_BYTES;
  const derived = pbkdf2Sync(password, head.subarray(0, saltBytes), ROUNDS, length, "sha1");
  if (!timingSafeEqual(derived.subarray(keyBytes * 2), head.subarray(saltBytes))) return null;
  const mac = createHmac("sha1", derived.subarray(keyBytes, keyBytes * 2));
  for (const piece of piecesOf(source, dataAt, codeAt)) {
    mac.update(piece);
    await breathe();
  }
  if (!timingSafeEqual(mac.digest().subarray(0, CODE_BYTES), source.read(codeAt, end))) return null;
  const key = derived.subarray(0, keyBytes);
  return { start: dataAt, end: codeAt, decrypt: (pieces) => decryptAes(pieces, key) };
}

/** Counter mode with a little-endian counter from 1, which node:crypto does not have: its stream is made block by block. */
function* decryptAes(pieces: Iterable<Uint8Array>, key: Uint8Array): Generator<Uint8Array> {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null);
  let block = 1;
  for (const piece of pieces) {
    const blocks = Math.ceil(piece.length / BLOCK_BYTES);
    const counters = new DataView(new ArrayBuffer(blocks * BLOCK_BYTES));
    // Pieces but the last are whole blocks, so that each begins with a fresh counter.
    for (let at = 0; at < blocks; at++) counters.setUint32(at * BLOCK_BYTES, block++, true);
    const plain = cipher.update(new Uint8Array(counters.buffer));
    for (let at = 0; at < piece.length; at++) plain[at] = (plain[at] ?? 0) ^ (piece[at] ?? 0);
    yield plain.subarray(0, piece.length);
  }
}

const HEADER_BYTES = 12;

/** Opens bytes [start, end) of a traditional member by its check byte alone: one in 256 wrong passwords passes. */
export function openTraditional(
  source: Source,
  start: number,
  end: number,
  check: number,
  password: Uint8Array,
): Opened | null {
  if (end - start < HEADER_BYTES) return null;
  const head = copyOf(source.read(start, start + HEADER_BYTES));
  if (decryptInPlace(copyOf(head), keysOf(password)).at(-1) !== check) return null;
  return {
    start: start + HEADER_BYTES,
    end,
    *decrypt(pieces) {
      const keys = keysOf(password);
      decryptInPlace(copyOf(head), keys);
      for (const piece of pieces) yield decryptInPlace(copyOf(piece), keys);
    },
  };
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ ((value & 1) === 1 ? 0xedb88320 : 0);
  return value;
});

function keysOf(password: Uint8Array): Int32Array {
  const keys = Int32Array.of(0x12345678, 0x23456789, 0x34567890);
  for (const byte of password) stir(keys, byte);
  return keys;
}

function stir(keys: Int32Array, byte: number): void {
  const [first = 0, second = 0, third = 0] = keys;
  const one = (first >>> 8) ^ (CRC_TABLE[(first ^ byte) & 0xff] ?? 0);
  const two = (Math.imul(second + (one & 0xff), 134_775_813) + 1) | 0;
  keys[0] = one;
  keys[1] = two;
  keys[2] = (third >>> 8) ^ (CRC_TABLE[(third ^ (two >>> 24)) & 0xff] ?? 0);
}

/** About 110 MB/s: keys in locals, one table. */
function decryptInPlace(bytes: Uint8Array, keys: Int32Array): Uint8Array {
  let [one = 0, two = 0, three = 0] = keys;
  for (let at = 0; at < bytes.length; at++) {
    const mixed = (three | 2) & 0xffff;
    const plain = (bytes[at] ?? 0) ^ ((Math.imul(mixed, mixed ^ 1) >>> 8) & 0xff);
    bytes[at] = plain;
    one = (one >>> 8) ^ (CRC_TABLE[(one ^ plain) & 0xff] ?? 0);
    two = (Math.imul(two + (one & 0xff), 134_775_813) + 1) | 0;
    three = (three >>> 8) ^ (CRC_TABLE[(three ^ (two >>> 24)) & 0xff] ?? 0);
  }
  keys.set([one, two, three]);
  return bytes;
}
