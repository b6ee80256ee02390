/**
 * Reads sealed objects: random access to the plaintext, or a full inspection that names what is damaged.
 * Refuses to give out a single byte that does not authenticate. Specified in docs/formats/sealed-object.md.
 */
import { createDecipheriv, createHash } from "node:crypto";
import { assert } from "../../base/assert.ts";
import { Fault } from "../../base/fault.ts";
import type { Source } from "../../base/source.ts";
import { TAG_BYTES, contentMac, unwrapKey } from "./keys.ts";
import type { VaultKeys } from "./keys.ts";
import {
  CHUNK_BYTES,
  HEADER_BYTES,
  SEALED_CHUNK_BYTES,
  WRAPPED_AT,
  chunkNonce,
  extentOf,
  readHeader,
} from "./layout.ts";
import type { Extent, Header } from "./layout.ts";

/** Where a sealed object is damaged. */
export interface Damage {
  /** Byte of the sealed object at which the damaged part starts. */
  readonly offset: number;
  /** The chunk from 0, or null for the header. */
  readonly chunk: number | null;
  /** What is wrong, in one line. */
  readonly what: string;
}

/** Chunks kept decrypted: a reader and its index may look at two places in turn. */
const CACHE_CHUNKS = 4;

interface Opened {
  readonly header: Header;
  readonly extent: Extent;
  readonly objectKey: Uint8Array;
}

function damage(offset: number, chunk: number | null, what: string): Damage {
  return { offset, chunk, what };
}

/** Header and length of an object, or what is wrong with them. */
function openHeader(source: Source, keys: VaultKeys): Opened | Damage {
  const header = readHeader(source.read(0, Math.min(HEADER_BYTES, source.byteLength)));
  if (typeof header === "string") return damage(0, null, header);
  const objectKey = unwrapKey(keys.wrap, header.wrapped, header.start);
  if (objectKey === null) return damage(WRAPPED_AT, null, "its key does not unwrap");
  const extent = extentOf(source.byteLength);
  if (extent === null) return damage(source.byteLength, null, "no object has this length");
  return { header, extent, objectKey };
}

/** Plaintext of one chunk, or null where it does not authenticate. */
function openChunk(source: Source, opened: Opened, chunk: number): Uint8Array | null {
  const { extent, objectKey } = opened;
  const start = HEADER_BYTES + chunk * SEALED_CHUNK_BYTES;
  const sealed = source.read(start, Math.min(start + SEALED_CHUNK_BYTES, source.byteLength));
  const nonce = chunkNonce(chunk, chunk === extent.chunks - 1);
  const decipher = createDecipheriv("aes-256-gcm", objectKey, nonce);
  const textBytes = sealed.length - TAG_BYTES;
  decipher.setAuthTag(sealed.subarray(textBytes));
  const plaintext = decipher.update(sealed.subarray(0, textBytes));
  try {
    decipher.final();
    return plaintext;
  } catch {
    return null;
  }
}

function chunkDamage(extent: Extent, chunk: number): Damage {
  const last = chunk === extent.chunks - 1 ? ", the last: altered, cut or lengthened" : "";
  const what = `chunk ${chunk} does not authenticate${last}`;
  return damage(HEADER_BYTES + chunk * SEALED_CHUNK_BYTES, chunk, what);
}

function damagedFault(object: string, found: Damage): Fault {
  return new Fault(
    "vault-damaged",
    `sealed object ${object} is damaged at byte ${found.offset}: ${found.what}`,
    "run `breakwater verify` on the vault, and bring the object back from a copy",
  );
}

/**
 * The plaintext behind a sealed object. The header and the last chunk are authenticated here, so
 * that the length is true; every other chunk when it is read. Throws `vault-damaged`, here and in
 * read(), with `name` (the object id), the chunk and its offset. Refuses an object of another id than
 * `name`: sealed objects are not interchangeable. Keeps at most four chunks decrypted.
 */
export function openSealed(source: Source, keys: VaultKeys, name: string): Source {
  const opened = openHeader(source, keys);
  if ("what" in opened) throw damagedFault(name, opened);
  const { extent, header } = opened;
  if (header.object !== name) throw damagedFault(name, damage(0, null, "it is another object"));
  const cache = new Map<number, Uint8Array>();

  const chunkAt = (chunk: number): Uint8Array => {
    const kept = cache.get(chunk);
    if (kept !== undefined) return kept;
    const plaintext = openChunk(source, opened, chunk);
    if (plaintext === null) throw damagedFault(name, chunkDamage(extent, chunk));
    if (cache.size === CACHE_CHUNKS) cache.delete(cache.keys().next().value ?? chunk);
    cache.set(chunk, plaintext);
    return plaintext;
  };

  chunkAt(extent.chunks - 1);
  return {
    byteLength: extent.plaintextBytes,
    read(start, end) {
      assert(start >= 0 && start <= end && end <= extent.plaintextBytes, "read within the source");
      const first = Math.floor(start / CHUNK_BYTES);
      const from = first * CHUNK_BYTES;
      if (end <= from + CHUNK_BYTES) {
        return start === end
          ? new Uint8Array(0)
          : chunkAt(first).subarray(start - from, end - from);
      }
      const bytes = new Uint8Array(end - start);
      for (let at = start; at < end; ) {
        const chunk = Math.floor(at / CHUNK_BYTES);
        const chunkStart = chunk * CHUNK_BYTES;
        const part = chunkAt(chunk).subarray(at - chunkStart, end - chunkStart);
        bytes.set(part, at - start);
        at += part.length;
      }
      return bytes;
    },
  };
}

/** What a full pass over a sealed object found. */
export interface Inspection {
  readonly damages: readonly Damage[];
  /** Keyed hash of the plaintext, hexadecimal; null where a part of it could not be read. */
  readonly hmac: string | null;
}

/** Decrypts everything and keeps nothing; damage is data here, at most 100 places of it. */
export function inspectSealed(source: Source, keys: VaultKeys): Inspection {
  const opened = openHeader(source, keys);
  if ("what" in opened) return { damages: [opened], hmac: null };
  const hash = createHash("sha256");
  const damages: Damage[] = [];
  for (let chunk = 0; chunk < opened.extent.chunks && damages.length < 100; chunk++) {
    const plaintext = openChunk(source, opened, chunk);
    if (plaintext === null) damages.push(chunkDamage(opened.extent, chunk));
    else hash.update(plaintext);
  }
  return { damages, hmac: damages.length > 0 ? null : contentMac(keys, hash.digest()) };
}
