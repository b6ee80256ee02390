/**
 * Gzip: one file packed alone, in one or more members behind each other, or a tar, whose members it then yields.
 * Specification: RFC 1952. Refuses to call data complete whose trailer is missing or does not fit.
 */
import { crc32 } from "node:zlib";
import type { Source } from "../../../base/source.ts";
import { ByteStream } from "./byte-stream.ts";
import { inflate, type Inflated } from "./inflate.ts";
import { type Found, type Opening, piecesOf, trouble, type Trouble } from "./member.ts";
import { readTar } from "./tar.ts";
import { BLOCK_BYTES, readTarHeader, tarText } from "./tar-header.ts";

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
/** Name, comment and extra field together; longer is no header. */
const HEADER_BYTES_MAX = 1 << 17;
const FLAG = { checksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;
const DEFLATED = 8;

interface GzipHeader {
  readonly name: string | null;
  readonly modifiedMillis: number | null;
  /** First byte of the deflated data. */
  readonly dataAt: number;
}

/** The lone file of a gzip, or the members of the tar in it; offsets inside a tar count its own bytes. */
export async function* readGzip(source: Source, opening: Opening): AsyncGenerator<Found> {
  const header = readHeader(source, 0);
  if (header === null) {
    yield trouble(0, "gzip header", "a whole header", "another, or its beginning only");
    return;
  }
  const plain = new ByteStream(gunzip(source, opening));
  try {
    if (readTarHeader(await plain.peek(BLOCK_BYTES)) !== null) {
      yield* readTar(plain, source.byteLength, opening);
      return;
    }
    yield {
      kind: "member",
      name: header.name ?? opening.loneName,
      modifiedMillis: header.modifiedMillis,
      packedBytes: source.byteLength,
      offset: 0,
      content: () => withTroubles(plain),
    };
  } finally {
    await plain.close();
  }
}

async function* withTroubles(plain: ByteStream): AsyncGenerator<Uint8Array | Trouble> {
  for await (const piece of plain.pass(Number.POSITIVE_INFINITY)) yield piece;
  yield* plain.takeTroubles();
}

/** Plain bytes of all members in order. Offsets of trouble count the packed bytes. */
async function* gunzip(source: Source, opening: Opening): AsyncGenerator<Uint8Array | Trouble> {
  const { plainBytesMax } = opening;
  let plainBytes = 0;
  for (let at = 0; at < source.byteLength; ) {
    const header = readHeader(source, at);
    if (header === null) {
      if (!isPadding(source, at))
        yield trouble(at, "data behind the gzip", "its end, or another member", "something else");
      return;
    }
    const ended: Inflated = { packedBytes: 0, damage: null };
    let crc = 0;
    let size = 0;
    for await (const piece of inflate(piecesOf(source, header.dataAt, source.byteLength), ended)) {
      crc = crc32(piece, crc);
      size += piece.length;
      plainBytes += piece.length;
      yield piece;
      if (plainBytes > plainBytesMax) {
        const need = `at most ${plainBytesMax} bytes from ${source.byteLength}`;
        return yield trouble(header.dataAt, "unpacked size", need, "more; cut off here");
      }
      await opening.breathe();
    }
    const end = header.dataAt + ended.packedBytes;
    const wrong = trailerTrouble(source, end, ended, crc, size);
    if (wrong !== null) return yield wrong;
    at = end + TRAILER_BYTES;
  }
}

function trailerTrouble(source: Source, end: number, ended: Inflated, crc: number, size: number) {
  if (ended.damage !== null)
    return trouble(end, "deflated data", "a sound stream to its end", ended.damage);
  if (end + TRAILER_BYTES > source.byteLength) {
    const have = `${source.byteLength - end} bytes`;
    return trouble(end, "gzip trailer", `${TRAILER_BYTES} bytes of CRC-32 and length`, have);
  }
  const bytes = source.read(end, end + TRAILER_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const statedCrc = view.getUint32(0, true);
  const statedSize = view.getUint32(4, true);
  if (statedCrc !== crc) return trouble(end, "CRC-32", statedCrc.toString(16), crc.toString(16));
  if (statedSize !== size % 2 ** 32)
    return trouble(end + 4, "length in the gzip trailer", `${statedSize}`, `${size % 2 ** 32}`);
  return null;
}

/** Tapes and some copies fill up with zeros. */
function isPadding(source: Source, at: number): boolean {
  for (const piece of piecesOf(source, at, source.byteLength))
    if (piece.some((byte) => byte !== 0)) return false;
  return true;
}

function readHeader(source: Source, at: number): GzipHeader | null {
  const bytes = source.read(at, Math.min(source.byteLength, at + HEADER_BYTES_MAX));
  const flags = bytes[3] ?? 0;
  const isOne = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === DEFLATED;
  if (bytes.length < HEADER_BYTES || !isOne || (flags & FLAG.reserved) !== 0) return null;
  let next = HEADER_BYTES;
  if ((flags & FLAG.extra) !== 0) next += 2 + (bytes[next] ?? 0) + 256 * (bytes[next + 1] ?? 0);
  const text = (flag: number): string | null => {
    if ((flags & flag) === 0) return null;
    const end = bytes.indexOf(0, next);
    const found = bytes.subarray(next, end < 0 ? bytes.length : end);
    next = end < 0 ? bytes.length + 1 : end + 1;
    return tarText(found);
  };
  const name = text(FLAG.name);
  text(FLAG.comment);
  if ((flags & FLAG.checksum) !== 0) next += 2;
  if (next > bytes.length) return null;
  const seconds = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const modifiedMillis = seconds === 0 ? null : seconds * 1000;
  return { name: name === "" ? null : name, modifiedMillis, dataAt: at + next };
}
