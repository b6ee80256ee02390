/**
 * A block as bytes: the head (numbers of every row, and the names they point at) and the body (one JSON array
 * a row, one after the other: the record's label, then the values of its fields). Both are compressed.
 * Numbers are in the order of the machine, little-endian everywhere we run: a store never travels.
 */
import { crc32, constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { assert } from "../../base/assert.ts";
import type { FieldValue } from "../../model/event.ts";

/** Rows of a block: small enough to decode for one page, large enough to compress and to skip. */
export const ROWS_MAX = 4096;

/** Level 1 packs IIS rows to a ninth at about 750 MB/s; level 3 is slower and packs no better. */
const PACK = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 1 << 18 };

/** The names that a block's rows point at by number. */
export interface Names {
  readonly hosts: readonly string[];
  readonly channels: readonly string[];
  readonly providers: readonly string[];
  /** Field names of a row, in the order of the source. */
  readonly shapes: readonly (readonly string[])[];
}

/** The decoded head of a block; every column has one entry a row. */
export interface Head {
  readonly ticks: BigInt64Array;
  readonly offsets: Float64Array;
  readonly eventIds: Float64Array;
  /** The byte of the body at which the row's values end; they start where those of the row before end. */
  readonly ends: Uint32Array;
  readonly hosts: Uint16Array;
  readonly channels: Uint16Array;
  readonly providers: Uint16Array;
  readonly shapes: Uint16Array;
  readonly names: Names;
}

/** The columns of a head in the order in which they lie, the widest first so that all are aligned. */
const WIDTHS = {
  ticks: 8,
  offsets: 8,
  eventIds: 8,
  ends: 4,
  hosts: 2,
  channels: 2,
  providers: 2,
  shapes: 2,
};
const ROW_BYTES = Object.values(WIDTHS).reduce((sum, width) => sum + width, 0);

/** The first `rows` entries of every column, then the names as JSON. */
export function encodeHead(head: Head, rows: number): Uint8Array {
  const names = Buffer.from(JSON.stringify(head.names));
  const bytes = Buffer.allocUnsafe(rows * ROW_BYTES + names.length);
  let at = 0;
  const put = (column: BigInt64Array | Float64Array | Uint32Array | Uint16Array) => {
    const part = new Uint8Array(column.buffer, column.byteOffset, rows * column.BYTES_PER_ELEMENT);
    bytes.set(part, at);
    at += part.length;
  };
  put(head.ticks);
  put(head.offsets);
  put(head.eventIds);
  put(head.ends);
  put(head.hosts);
  put(head.channels);
  put(head.providers);
  put(head.shapes);
  bytes.set(names, at);
  return bytes;
}

/** The head of a block of `rows` rows; the bytes have passed their checksum. */
export function decodeHead(bytes: Uint8Array, rows: number): Head {
  assert(bytes.length >= rows * ROW_BYTES, "a head holds its columns");
  // Copied, because a column must start at a multiple of its width.
  const { buffer } = new Uint8Array(bytes);
  let at = 0;
  const take = (width: number) => {
    const start = at;
    at += rows * width;
    return start;
  };
  return {
    ticks: new BigInt64Array(buffer, take(WIDTHS.ticks), rows),
    offsets: new Float64Array(buffer, take(WIDTHS.offsets), rows),
    eventIds: new Float64Array(buffer, take(WIDTHS.eventIds), rows),
    ends: new Uint32Array(buffer, take(WIDTHS.ends), rows),
    hosts: new Uint16Array(buffer, take(WIDTHS.hosts), rows),
    channels: new Uint16Array(buffer, take(WIDTHS.channels), rows),
    providers: new Uint16Array(buffer, take(WIDTHS.providers), rows),
    shapes: new Uint16Array(buffer, take(WIDTHS.shapes), rows),
    names: JSON.parse(Buffer.from(buffer, at).toString()),
  };
}

/** What the body holds of a row: the label of its record, then the values that its shape names. */
export type RowValues = readonly [record: string, ...values: FieldValue[]];

/** A row's fields from its shape and its values. */
export function fieldsOf(
  shape: readonly string[],
  [, ...values]: RowValues,
): Readonly<Record<string, FieldValue>> {
  const fields: Record<string, FieldValue> = Object.create(null);
  for (const [at, name] of shape.entries()) fields[name] = values[at] ?? null;
  return fields;
}

export interface Packed {
  readonly bytes: Uint8Array;
  readonly rawBytes: number;
  readonly crc32: number;
}

/** The runtime takes no smaller chunk than this. */
const CHUNK_BYTES_MIN = 64;

/** Compresses a section; the checksum is over the bytes as they lie on disk. */
export function pack(raw: Uint8Array): Packed {
  const bytes = zstdCompressSync(raw, PACK);
  return { bytes, rawBytes: raw.length, crc32: crc32(bytes) };
}

/** The bytes of a packed section, or null where they are not what was packed. */
export function unpack(bytes: Uint8Array, rawBytes: number, checksum: number): Buffer | null {
  if (crc32(bytes) !== checksum) return null;
  try {
    // The limit keeps a forged section from growing beyond what the manifest states.
    // One chunk of that size saves putting sixty of the default size together.
    const sizeBytes = Math.max(rawBytes, CHUNK_BYTES_MIN);
    return zstdDecompressSync(bytes, { maxOutputLength: sizeBytes, chunkSize: sizeBytes });
  } catch {
    return null;
  }
}
