/**
 * Reads sealed objects: random access to the plaintext, or a full inspection that names what is damaged.
 * Refuses to give out a single byte that does not authenticate. Specified in docs/formats/sealed-object.md.
 */
import { createDecipheriv, createHash } from "node:crypto";
import { assert } from "../../base/assert.ts";
import type { Source } from "../../base/source.ts";
import { damage, damagedFault } from "./damage.ts";
import type { Damage } from "./damage.ts";
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
import { inspectSegment, openClosedSegment } from "./segment-opener.ts";

/** Chunks kept decrypted: a reader and its index may look at two places in turn. */
const CACHE_CHUNKS = 4;

interface Opened {
  readonly header: Header;
  readonly extent: Extent;
  readonly objectKey: Uint8Array;
}

function headerOf(source: Source): Header | string {
  return readHeader(source.read(0, Math.min(HEADER_BYTES, source.byteLength)));
}

/** Header and length of an object, or what is wrong with them. */
function openHeader(source: Source, keys: VaultKeys): Opened | Damage {
  const header = headerOf(source);
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

/**
 * The plaintext behind a sealed object. The header and the last chunk are authenticated here, so
 * that the length is true; every other chunk when it is read. Throws `vault-damaged`, here and in
 * read(), with `name` (the object id), the chunk and its offset. Refuses an object of another id than
 * `name`: sealed objects are not interchangeable. Keeps at most four chunks decrypted. Version 2: closed segments only.
 */
export function openSealed(source: Source, keys: VaultKeys, name: string): Source {
  if (isSegment(source)) return openClosedSegment(source, keys, name);
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

/** Decrypts everything and keeps nothing; damage is data here, at most 100 places of it. An open segment lacks its end. */
export function inspectSealed(source: Source, keys: VaultKeys): Inspection {
  if (isSegment(source)) return inspectClosed(source, keys);
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

/** Whether its header says version 2; of what is no header at all, version 1 tells what is wrong. */
function isSegment(source: Source): boolean {
  const header = headerOf(source);
  return typeof header !== "string" && header.version === 2;
}

function inspectClosed(source: Source, keys: VaultKeys): Inspection {
  const header = headerOf(source);
  const found = inspectSegment(source, keys, typeof header === "string" ? "" : header.object);
  if ("what" in found) return { damages: [found], hmac: null };
  if (found.damage !== null) return { damages: [found.damage], hmac: null };
  if (found.closed) return { damages: [], hmac: found.end.reference.hmac };
  const end = damage(source.byteLength, found.starts.length, "the end is not there");
  return { damages: [end], hmac: null };
}
