/**
 * Layout of sealed objects: a header with the wrapped object key; behind it, in version 1, AES-256-GCM chunks of
 * 256 KiB in the STREAM construction (version 2: frames.ts). Refuses other versions. Specified in docs/formats/sealed-object.md.
 */
import { sameBytes, toHex, utf8 } from "../../base/bytes.ts";
import { NONCE_BYTES, TAG_BYTES, WRAPPED_BYTES } from "./keys.ts";

const MAGIC = utf8("bwseal");
const VERSION_AT = 6;
const ID_AT = 8;
/** An object's id. */
export const ID_BYTES = 16;
/** The wrapped key starts here; what stands before it is its associated data. */
export const WRAPPED_AT = ID_AT + ID_BYTES;
/** Length of the header: the first chunk starts here. */
export const HEADER_BYTES = WRAPPED_AT + WRAPPED_BYTES;
/** Plaintext of every chunk but the last: measured at 4 times the rate of 16 KiB. */
export const CHUNK_BYTES = 262_144;
/** A full chunk with its tag. */
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/** 1: complete when it was sealed. 2: a segment, which grows. */
export type Version = 1 | 2;

/** The first WRAPPED_AT bytes of an object: magic, version (16 bits, little endian), id. */
export function headerStart(id: Uint8Array, version: Version): Uint8Array {
  const bytes = new Uint8Array(WRAPPED_AT);
  bytes.set(MAGIC);
  bytes[VERSION_AT] = version;
  bytes.set(id, ID_AT);
  return bytes;
}

/** Header of a sealed object, its parts still as bytes. */
export interface Header {
  readonly version: Version;
  /** 32 hexadecimal digits. */
  readonly object: string;
  /** Associated data of the wrapped key. */
  readonly start: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** Reads HEADER_BYTES bytes; a text that says what is wrong where they are no header. */
export function readHeader(bytes: Uint8Array): Header | string {
  if (bytes.length < HEADER_BYTES) return "shorter than its header";
  if (!sameBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return "no sealed object: wrong magic";
  const version = bytes[VERSION_AT];
  if ((version !== 1 && version !== 2) || bytes[VERSION_AT + 1] !== 0) return "unknown version";
  return {
    version,
    object: toHex(bytes.subarray(ID_AT, WRAPPED_AT)),
    start: bytes.slice(0, WRAPPED_AT),
    wrapped: bytes.slice(WRAPPED_AT, HEADER_BYTES),
  };
}

/** Whether the first HEADER_BYTES bytes of an object hold zeros where its wrapped key was: nothing opens it any more. */
export function isKeyDropped(head: Uint8Array): boolean {
  return (
    head.length >= HEADER_BYTES &&
    head.subarray(WRAPPED_AT, HEADER_BYTES).every((byte) => byte === 0)
  );
}

/** Nonce of a chunk: its number (88 bits, big endian), then 1 for the last chunk and 0 before. */
export function chunkNonce(chunk: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  const view = new DataView(nonce.buffer);
  view.setUint32(3, Math.floor(chunk / 2 ** 32));
  view.setUint32(7, chunk % 2 ** 32);
  nonce[NONCE_BYTES - 1] = last ? 1 : 0;
  return nonce;
}

/** How many chunks the sealed bytes hold and how long the plaintext is; null where no object has this length. */
export interface Extent {
  readonly chunks: number;
  readonly plaintextBytes: number;
}

/** Extent of an object of `sealedBytes` bytes, header included. Every length has at most one reading. */
export function extentOf(sealedBytes: number): Extent | null {
  const body = sealedBytes - HEADER_BYTES;
  const chunks = Math.max(1, Math.ceil(body / SEALED_CHUNK_BYTES));
  const lastBytes = body - (chunks - 1) * SEALED_CHUNK_BYTES - TAG_BYTES;
  // Only an empty object has an empty last chunk.
  if (lastBytes < 0 || (lastBytes === 0 && chunks > 1)) return null;
  return { chunks, plaintextBytes: (chunks - 1) * CHUNK_BYTES + lastBytes };
}
