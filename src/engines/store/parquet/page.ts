/** Pages packed with zstd: the checksum within each frame is what makes a reader notice an altered page. Spec: RFC 8878. */
import { constants, zstdCompressSync } from "node:zlib";
import type { Codec, Page } from "./layout.ts";

/** Level 1 packs JSON rows of IIS to a thirteenth; higher levels are slower and pack hardly better. */
const PARAMS = {
  [constants.ZSTD_c_compressionLevel]: 1,
  [constants.ZSTD_c_checksumFlag]: 1,
};
/** The runtime gathers its output in pieces of this size at least. */
const PIECE_BYTES_MIN = 1024;

/**
 * The page of these bytes. Packed bytes are new ones; with codec "none" they are the same, and must not change before the
 * page is written.
 */
export function pageOf(
  kind: Page["kind"],
  values: number,
  encoding: number,
  raw: Uint8Array,
  codec: Codec,
): Page {
  const bytes = codec === "none" ? raw : pack(raw);
  return { kind, values, encoding, rawBytes: raw.length, bytes };
}

function pack(raw: Uint8Array): Uint8Array {
  return zstdCompressSync(raw, {
    params: PARAMS,
    // Known from the start, the size keeps the compressor from making room for more.
    pledgedSrcSize: raw.length,
    chunkSize: Math.max(PIECE_BYTES_MIN, raw.length >> 3),
  });
}
