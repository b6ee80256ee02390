/**
 * Reads sealed objects of version 2, closed or still open, and finds where one ends that a crash has left.
 * Refuses to take damage before the last frame for a crash. Specified in docs/formats/sealed-object.md.
 */
import { createHash } from "node:crypto";
import { assert } from "../../base/assert.ts";
import { toHex, copyOf } from "../../base/bytes.ts";
import type { Source } from "../../base/source.ts";
import { damage, damagedFault } from "./damage.ts";
import type { Damage } from "./damage.ts";
import {
  FRAME_BYTES_MAX,
  FRAME_EXTRA_BYTES,
  frameOffset,
  openFrame,
  sealFrame,
  walkFrames,
} from "./frames.ts";
import type { FrameTable } from "./frames.ts";
import { TAG_BYTES, contentMac, unwrapKey } from "./keys.ts";
import type { VaultKeys } from "./keys.ts";
import { HEADER_BYTES, WRAPPED_AT, readHeader } from "./layout.ts";
import type { SealedEnd } from "./sealer.ts";

/** Frames kept decrypted: 4 MiB at most. */
const CACHE_FRAMES = 4;

/** Key of the object called `name`, or what is wrong with its header. */
function openHeader(source: Source, keys: VaultKeys, name: string): Uint8Array | Damage {
  const header = readHeader(source.read(0, Math.min(HEADER_BYTES, source.byteLength)));
  if (typeof header === "string") return damage(0, null, header);
  if (header.version !== 2) return damage(0, null, "no segment: it was sealed complete");
  if (header.object !== name) return damage(0, null, "it is another object");
  const objectKey = unwrapKey(keys.wrap, header.wrapped, header.start);
  return objectKey ?? damage(WRAPPED_AT, null, "its key does not unwrap");
}

/**
 * The plaintext of a closed segment. Header and end frame are authenticated here; the number of the end frame fixes how many
 * frames there are, and so the length. Every other frame is authenticated when it is read. Throws `vault-damaged`.
 */
export function openClosedSegment(source: Source, keys: VaultKeys, name: string): Source {
  const objectKey = openHeader(source, keys, name);
  if (!(objectKey instanceof Uint8Array)) throw damagedFault(name, objectKey);
  const table = walkFrames(source);
  const { starts, at, lastLength } = table;
  const atEnd = lastLength === 0 && at + FRAME_EXTRA_BYTES === source.byteLength;
  if (!atEnd || openFrame(source, objectKey, starts.length, at, 0) === null)
    throw damagedFault(name, damage(at, starts.length, "the end is not there: altered or cut"));
  return plaintextOf(source, objectKey, name, table);
}

/**
 * The plaintext of the first frames of a segment that is still open, as `table` says: its owner knows them to be committed.
 * Throws `vault-damaged`, here for the header and in read() for a frame.
 */
export function openOpenSegment(
  source: Source,
  keys: VaultKeys,
  name: string,
  table: Pick<FrameTable, "starts" | "plaintextBytes">,
): Source {
  const objectKey = openHeader(source, keys, name);
  if (!(objectKey instanceof Uint8Array)) throw damagedFault(name, objectKey);
  return plaintextOf(source, objectKey, name, table);
}

function plaintextOf(
  source: Source,
  objectKey: Uint8Array,
  name: string,
  { starts, plaintextBytes }: Pick<FrameTable, "starts" | "plaintextBytes">,
): Source {
  // A table may go on growing; this Source does not.
  const frames = frameAt(starts, starts.length, plaintextBytes - 1) + 1;
  const cache = new Map<number, Uint8Array>();

  const textOf = (frame: number): Uint8Array => {
    const kept = cache.get(frame);
    if (kept !== undefined) return kept;
    const start = starts[frame] ?? 0;
    const end = frame + 1 < frames ? (starts[frame + 1] ?? 0) : plaintextBytes;
    const at = frameOffset(frame, start);
    const text = openFrame(source, objectKey, frame, at, end - start);
    if (text === null) throw damagedFault(name, frameDamage(at, frame));
    if (cache.size === CACHE_FRAMES) cache.delete(cache.keys().next().value ?? frame);
    cache.set(frame, text);
    return text;
  };

  return {
    byteLength: plaintextBytes,
    read(start, end) {
      assert(start >= 0 && start <= end && end <= plaintextBytes, "read within the source");
      if (start === end) return new Uint8Array(0);
      let frame = frameAt(starts, frames, start);
      let text = textOf(frame);
      let from = start - (starts[frame] ?? 0);
      if (from + end - start <= text.length) return text.subarray(from, from + end - start);
      const bytes = new Uint8Array(end - start);
      for (let done = 0; ; from = 0) {
        const part = text.subarray(from, from + bytes.length - done);
        bytes.set(part, done);
        done += part.length;
        if (done === bytes.length) return bytes;
        text = textOf(++frame);
      }
    },
  };
}

/** The last of the first `frames` frames that begins at or before `position`; -1 where none does. */
function frameAt(starts: readonly number[], frames: number, position: number): number {
  let low = 0;
  let high = frames;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function frameDamage(at: number, frame: number): Damage {
  return damage(at, frame, `frame ${frame} does not authenticate`);
}

/** What a full pass over a segment found. */
export interface SegmentInspection {
  /** Where the frames that authenticate begin in the plaintext, and how much they hold. */
  readonly starts: readonly number[];
  readonly plaintextBytes: number;
  /** Whether it ends with its end frame. */
  readonly closed: boolean;
  /** Bytes of the object up to the end of its last frame that authenticates, the end frame included. */
  readonly soundBytes: number;
  /** What stands behind those and does not authenticate; null where nothing does. */
  readonly damage: Damage | null;
  /** Whether that can be what a crash left of the last commit: its frame alone, not whole or not as it was sealed. */
  readonly torn: boolean;
  /** How the journal knows it, or would once `tail` (empty where it is closed) stands behind its sound bytes. */
  readonly end: SealedEnd;
}

/** Decrypts all frames in order and keeps nothing. Damage of the header alone is returned as such. */
export function inspectSegment(
  source: Source,
  keys: VaultKeys,
  name: string,
): SegmentInspection | Damage {
  const objectKey = openHeader(source, keys, name);
  if (!(objectKey instanceof Uint8Array)) return objectKey;
  const { starts, at, plaintextBytes, lastLength } = walkFrames(source);
  const plainHash = createHash("sha256");
  const sealedHash = createHash("sha256").update(source.read(0, HEADER_BYTES));
  let sound = 0;
  for (; sound < starts.length; sound++) {
    const start = starts[sound] ?? 0;
    const end = starts[sound + 1] ?? plaintextBytes;
    const offset = frameOffset(sound, start);
    const text = openFrame(source, objectKey, sound, offset, end - start);
    if (text === null) break;
    plainHash.update(text);
    sealedHash.update(source.read(offset, frameOffset(sound + 1, end)));
  }
  const soundText = starts[sound] ?? plaintextBytes;
  const framesEnd = frameOffset(sound, soundText);
  const closed =
    framesEnd === at && lastLength === 0 && openEnd(source, objectKey, sound, framesEnd);
  const soundBytes = framesEnd + (closed ? FRAME_EXTRA_BYTES : 0);
  const previousTag = copyOf(source.read(framesEnd - TAG_BYTES, framesEnd));
  const endFrame = sealFrame(objectKey, sound, previousTag, new Uint8Array(0));
  const plaintextSha256 = plainHash.digest();
  const rest = source.byteLength - soundBytes;
  return {
    starts: starts.slice(0, sound),
    plaintextBytes: soundText,
    closed,
    soundBytes,
    damage: rest === 0 ? null : frameDamage(soundBytes, sound),
    torn: rest > 0 && !closed && isTorn(source, framesEnd, framesEnd === at ? lastLength : null),
    end: {
      tail: closed ? new Uint8Array(0) : endFrame,
      reference: {
        object: name,
        sizeBytes: framesEnd + FRAME_EXTRA_BYTES,
        sha256: sealedHash.update(endFrame).digest("hex"),
        hmac: contentMac(keys, plaintextSha256),
      },
      sha256: toHex(plaintextSha256),
      sizeBytes: soundText,
    },
  };
}

function openEnd(source: Source, objectKey: Uint8Array, number: number, at: number): boolean {
  const whole = at + FRAME_EXTRA_BYTES <= source.byteLength;
  return whole && openFrame(source, objectKey, number, at, 0) !== null;
}

/**
 * Whether the bytes from `at` on can be the beginning of one frame, as a crash leaves it: cut anywhere, or with blocks that the
 * disk never got, which read as zeros. Each frame is synced before the next is written, so nothing whole can stand behind it.
 */
function isTorn(source: Source, at: number, length: number | null): boolean {
  const rest = source.byteLength - at;
  if (rest > FRAME_BYTES_MAX + FRAME_EXTRA_BYTES) return false;
  if (rest < FRAME_EXTRA_BYTES) return true;
  const bytes = source.read(at, at + 4);
  const stated = length ?? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (stated === 0) return source.read(at, at + FRAME_EXTRA_BYTES).every((byte) => byte === 0);
  return stated <= FRAME_BYTES_MAX && stated + FRAME_EXTRA_BYTES >= rest;
}
