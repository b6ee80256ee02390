/**
 * The structures of a zip: end records, central directory, local headers, extra fields.
 * Specification: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.6. Refuses to trust an offset that it has not checked.
 */
import type { Source } from "../../../base/source.ts";
import { crc32 } from "node:zlib";
import { copyOf } from "../../../base/bytes.ts";
import { decodeCodePage437, decodeUtf8 } from "./code-page.ts";

/** Signatures, as the little-endian number that is read. */
export const SIGNATURE = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  descriptor: 0x08074b50,
} as const;

/** Lengths of the fixed parts (4.3.7, 4.3.12, 4.3.16). */
export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR64_BYTES = 20;
const COMMENT_BYTES_MAX = 0xffff;

/** Bits of the general purpose flag (4.4.4). */
export const FLAG = {
  encrypted: 1,
  descriptor: 1 << 3,
  strong: 1 << 6,
  utf8: 1 << 11,
  masked: 1 << 13,
} as const;

/** Identifiers of extra fields. */
const EXTRA = {
  zip64: 0x0001,
  ntfs: 0x000a,
  time: 0x5455,
  unicodePath: 0x7075,
  aes: 0x9901,
} as const;

/** A view for reading numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit length or offset; beyond 2^53 it is beyond every file and reads as infinite. */
function wide(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(value);
}

/** Where the central directory is said to be. */
export interface EndRecord {
  readonly offset: number;
  readonly entries: number;
  readonly directoryBytes: number;
  readonly directoryAt: number;
  readonly disk: number;
  /** What is wrong with the record itself; null where nothing is. */
  readonly odd: string | null;
}

/** The end of central directory record: the last one whose comment fits, else the last one; null where there is none. */
export function findEnd(source: Source): EndRecord | null {
  const from = Math.max(0, source.byteLength - END_BYTES - COMMENT_BYTES_MAX);
  const tail = copyOf(source.read(from, source.byteLength));
  const view = viewOf(tail);
  let last = -1;
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail[at] !== 0x50 || view.getUint32(at, true) !== SIGNATURE.end) continue;
    if (last < 0) last = at;
    if (at + END_BYTES + view.getUint16(at + 20, true) === tail.length)
      return readEnd(source, tail, at, from + at, null);
  }
  return last < 0 ? null : readEnd(source, tail, last, from + last, "length of the comment");
}

function readEnd(
  source: Source,
  tail: Uint8Array,
  at: number,
  offset: number,
  odd: string | null,
): EndRecord {
  const view = viewOf(tail);
  const plain = {
    offset,
    disk: Math.max(view.getUint16(at + 4, true), view.getUint16(at + 6, true)),
    entries: view.getUint16(at + 10, true),
    directoryBytes: view.getUint32(at + 12, true),
    directoryAt: view.getUint32(at + 16, true),
    odd,
  };
  const locator = offset - LOCATOR64_BYTES;
  if (locator < 0) return plain;
  const found = viewOf(source.read(locator, offset));
  if (found.getUint32(0, true) !== SIGNATURE.locator64) return plain;
  return readEnd64(source, plain, wide(found, 8));
}

function readEnd64(source: Source, plain: EndRecord, at: number): EndRecord {
  if (at + END64_BYTES > source.byteLength)
    return { ...plain, odd: "zip64 end of central directory record beyond the archive" };
  const view = viewOf(source.read(at, at + END64_BYTES));
  if (view.getUint32(0, true) !== SIGNATURE.end64)
    return { ...plain, odd: "signature of the zip64 end of central directory record" };
  return {
    offset: at,
    disk: Math.max(view.getUint32(16, true), view.getUint32(20, true)),
    entries: wide(view, 32),
    directoryBytes: wide(view, 40),
    directoryAt: wide(view, 48),
    odd: plain.odd,
  };
}

/** What either header says of an entry. */
export interface Entry {
  readonly name: string;
  /** What is wrong with the header; the entry is read as far as that allows. */
  readonly odd: string | null;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
  /** Of its local header, as written. */
  readonly localAt: number;
  readonly disk: number;
  /** Second byte of ZipCrypto's check where sizes follow the data. */
  readonly timeByte: number;
  readonly modifiedMillis: number | null;
  readonly aes: {
    readonly version: number;
    readonly strength: number;
    readonly method: number;
  } | null;
  readonly isFolder: boolean;
  readonly isLink: boolean;
}

/** An entry of the central directory: its fixed part, then name and extra field. `variable` holds both. */
export function readCentral(fixed: DataView, variable: Uint8Array): Entry {
  const nameBytes = fixed.getUint16(28, true);
  const fields = {
    flags: fixed.getUint16(8, true),
    method: fixed.getUint16(10, true),
    time: fixed.getUint16(12, true),
    crc: fixed.getUint32(16, true),
    packed: fixed.getUint32(20, true),
    size: fixed.getUint32(24, true),
    disk: fixed.getUint16(34, true),
    at: fixed.getUint32(42, true),
  };
  // Made on Unix: the upper half of the attributes is the mode.
  const mode = fixed.getUint8(5) === 3 ? fixed.getUint32(38, true) >>> 16 : 0;
  return entryOf(fields, variable.subarray(0, nameBytes), variable.subarray(nameBytes), mode);
}

/** The local header of an entry, for archives whose central directory is gone. */
export function readLocal(fixed: DataView, variable: Uint8Array, at: number): Entry {
  const nameBytes = fixed.getUint16(26, true);
  const fields = {
    flags: fixed.getUint16(6, true),
    method: fixed.getUint16(8, true),
    time: fixed.getUint16(10, true),
    crc: fixed.getUint32(14, true),
    packed: fixed.getUint32(18, true),
    size: fixed.getUint32(22, true),
    disk: 0,
    at,
  };
  return entryOf(fields, variable.subarray(0, nameBytes), variable.subarray(nameBytes), 0);
}

interface Fields {
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly disk: number;
  readonly at: number;
}

const LINK_MODE = 0o120000;
const FILE_TYPE = 0o170000;
const ABSENT = 0xffffffff;

function entryOf(fields: Fields, name: Uint8Array, extra: Uint8Array, mode: number): Entry {
  const found = readExtra(extra);
  const sizes = wideSizes(fields, found.get(EXTRA.zip64));
  const spelled = nameOf(name, fields.flags, found.get(EXTRA.unicodePath));
  const aes = found.get(EXTRA.aes);
  const isAes = aes !== undefined && aes.length >= 7;
  return {
    name: spelled.name,
    odd: spelled.odd ?? sizes.odd ?? (found.has(BROKEN) ? "length of an extra field" : null),
    flags: fields.flags,
    method: fields.method,
    crc: fields.crc,
    packedBytes: sizes.packedBytes,
    sizeBytes: sizes.sizeBytes,
    localAt: sizes.localAt,
    disk: fields.disk === 0xffff ? 0 : fields.disk,
    timeByte: fields.time >>> 8,
    modifiedMillis: modifiedOf(found),
    aes: isAes
      ? { version: aes[0] ?? 0, strength: aes[4] ?? 0, method: viewOf(aes).getUint16(5, true) }
      : null,
    isFolder: /[/\\]$/.test(spelled.name) && sizes.sizeBytes === 0,
    isLink: (mode & FILE_TYPE) === LINK_MODE,
  };
}

/** Stands in the map of extra fields where one of them runs past the end. */
const BROKEN = -1;

function readExtra(extra: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) return found.set(BROKEN, extra);
    found.set(view.getUint16(at, true), extra.subarray(at + 4, end));
    at = end;
  }
  return found;
}

/** Sizes and offset, each from the zip64 field where the header holds its all-ones (4.5.3). */
function wideSizes({ packed, size, at }: Fields, field: Uint8Array | undefined) {
  const view = viewOf(field ?? new Uint8Array(0));
  let next = 0;
  let odd: string | null = null;
  const take = (narrow: number, what: string) => {
    if (narrow !== ABSENT || field === undefined) return narrow;
    if (next + 8 > view.byteLength) {
      odd ??= `zip64 field without the ${what}`;
      return narrow;
    }
    next += 8;
    return wide(view, next - 8);
  };
  const sizeBytes = take(size, "size");
  const packedBytes = take(packed, "packed size");
  const localAt = take(at, "offset");
  return { sizeBytes, packedBytes, localAt, odd };
}

function nameOf(raw: Uint8Array, flags: number, unicode: Uint8Array | undefined) {
  // The field names the bytes that it stands for, so that a renamed entry does not keep an old name (4.6.9).
  if (
    unicode !== undefined &&
    unicode.length > 5 &&
    viewOf(unicode).getUint32(1, true) === crc32(raw)
  ) {
    const name = decodeUtf8(unicode.subarray(5));
    if (name !== null) return { name, odd: null };
  }
  if ((flags & FLAG.utf8) === 0) return { name: decodeCodePage437(raw), odd: null };
  const name = decodeUtf8(raw);
  return name === null
    ? { name: decodeCodePage437(raw), odd: "name is not the UTF-8 that it claims to be" }
    : { name, odd: null };
}

const FILETIME_UNIX_MILLIS = 11_644_473_600_000;

/** Only what states an instant: the plain field is a wall clock of some place. */
function modifiedOf(found: ReadonlyMap<number, Uint8Array>): number | null {
  const ntfs = found.get(EXTRA.ntfs);
  if (ntfs !== undefined && ntfs.length >= 16 && viewOf(ntfs).getUint16(4, true) === 1)
    return Math.floor(wide(viewOf(ntfs), 8) / 10_000) - FILETIME_UNIX_MILLIS;
  const time = found.get(EXTRA.time);
  if (time !== undefined && time.length >= 5 && ((time[0] ?? 0) & 1) === 1)
    return viewOf(time).getInt32(1, true) * 1000;
  return null;
}
