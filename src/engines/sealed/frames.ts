/**
 * Frames of a sealed object of version 2: plaintext length, AES-256-GCM ciphertext, tag; each bound to the tag before it.
 * Refuses to give out what does not authenticate. Specified in docs/formats/sealed-object.md.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { assert } from "../../base/assert.ts";
import type { Source } from "../../base/source.ts";
import { TAG_BYTES } from "./keys.ts";
import { HEADER_BYTES, chunkNonce } from "./layout.ts";

/** Plaintext of one frame at most: a commit of one log is one frame, and a reader decrypts whole frames. */
export const FRAME_BYTES_MAX = 1_048_576;
/** The length before the ciphertext. */
const LENGTH_BYTES = 4;
/** What a frame adds to its plaintext. */
export const FRAME_EXTRA_BYTES = LENGTH_BYTES + TAG_BYTES;
/** What stands before a ciphertext is its associated data: the tag of the frame before (or of the header), its length. */
const BOUND_BYTES = TAG_BYTES + LENGTH_BYTES;

/**
 * Frame `number` (from 0) with this plaintext, as it is written; an empty one ends the object. `previousTag` has TAG_BYTES
 * bytes. Never twice with the same number and another text: the nonce is the number.
 */
export function sealFrame(
  objectKey: Uint8Array,
  number: number,
  previousTag: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const { length } = plaintext;
  assert(length <= FRAME_BYTES_MAX && previousTag.length === TAG_BYTES, "sizes of a frame");
  // The tag before it stands in front while sealing, so that what is bound is what lies on the disk.
  const bytes = new Uint8Array(BOUND_BYTES + length + TAG_BYTES);
  bytes.set(previousTag);
  new DataView(bytes.buffer).setUint32(TAG_BYTES, length, true);
  const cipher = createCipheriv("aes-256-gcm", objectKey, chunkNonce(number, length === 0));
  cipher.setAAD(bytes.subarray(0, BOUND_BYTES));
  bytes.set(cipher.update(plaintext), BOUND_BYTES);
  cipher.final();
  bytes.set(cipher.getAuthTag(), BOUND_BYTES + length);
  return bytes.subarray(TAG_BYTES);
}

/** Plaintext of frame `number`, `sizeBytes` long, whose length stands at `at`; null where it does not authenticate. */
export function openFrame(
  source: Source,
  objectKey: Uint8Array,
  number: number,
  at: number,
  sizeBytes: number,
): Uint8Array | null {
  const bytes = source.read(at - TAG_BYTES, at + sizeBytes + FRAME_EXTRA_BYTES);
  const textEnd = BOUND_BYTES + sizeBytes;
  const nonce = chunkNonce(number, sizeBytes === 0);
  const decipher = createDecipheriv("aes-256-gcm", objectKey, nonce);
  decipher.setAAD(bytes.subarray(0, BOUND_BYTES)).setAuthTag(bytes.subarray(textEnd));
  const plaintext = decipher.update(bytes.subarray(BOUND_BYTES, textEnd));
  try {
    decipher.final();
    return plaintext;
  } catch {
    return null;
  }
}

/** Bytes looked at once while lengths are read: some hundred frames of a quiet log. */
const WINDOW_BYTES = 65_536;

/** Where the frames of an object are, by their lengths alone: nothing of it is authenticated. */
export interface FrameTable {
  /** Where the plaintext of each frame begins in the object's plaintext; the end frame is not among them. */
  readonly starts: readonly number[];
  readonly plaintextBytes: number;
  /** Where the walk ended: at the length of the end frame, or of a frame that is not whole. */
  readonly at: number;
  /** The length that stands there; null where fewer than 4 bytes do. */
  readonly lastLength: number | null;
}

/** Follows the lengths from the header on, as far as whole frames go. */
export function walkFrames(source: Source): FrameTable {
  const starts: number[] = [];
  let plaintextBytes = 0;
  let at = HEADER_BYTES;
  let window: Uint8Array = new Uint8Array(0);
  let windowAt = 0;
  for (;;) {
    if (at + LENGTH_BYTES > source.byteLength)
      return { starts, plaintextBytes, at, lastLength: null };
    if (at < windowAt || at + LENGTH_BYTES > windowAt + window.length) {
      windowAt = at;
      window = source.read(at, Math.min(at + WINDOW_BYTES, source.byteLength));
    }
    const view = new DataView(window.buffer, window.byteOffset, window.length);
    const length = view.getUint32(at - windowAt, true);
    const whole = at + length + FRAME_EXTRA_BYTES <= source.byteLength;
    if (length === 0 || length > FRAME_BYTES_MAX || !whole)
      return { starts, plaintextBytes, at, lastLength: length };
    starts.push(plaintextBytes);
    plaintextBytes += length;
    at += length + FRAME_EXTRA_BYTES;
  }
}

/** Where frame `number` stands in the object: each frame before it added FRAME_EXTRA_BYTES to its plaintext. */
export function frameOffset(number: number, plaintextStart: number): number {
  return HEADER_BYTES + plaintextStart + number * FRAME_EXTRA_BYTES;
}
