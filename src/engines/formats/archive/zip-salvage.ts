/**
 * A zip without its central directory, by the local headers in it: what an upload that was cut leaves behind.
 * Specification: PKWARE APPNOTE 4.3.7 and 4.3.9. Refuses what gives neither its length nor an end of its own.
 */
import { copyOf } from "../../../base/bytes.ts";
import { crc32 } from "node:zlib";
import type { Source } from "../../../base/source.ts";
import { inflate, type Inflated } from "./inflate.ts";
import {
  type Found,
  type Member,
  type Opening,
  PIECE_BYTES,
  piecesOf,
  trouble,
  type Trouble,
} from "./member.ts";
import { type Entry, FLAG, LOCAL_BYTES, readLocal, SIGNATURE, viewOf } from "./zip-layout.ts";
import { keyringOf, memberOf } from "./zip-member.ts";

const DEFLATED = 8;
const LOCAL_SIGNATURE = Buffer.from("PK\x03\x04", "latin1");

/** Members of a zip in the order of their bytes, but for those whose headers are known already. */
export async function* salvageZip(
  source: Source,
  opening: Opening,
  listed: ReadonlySet<number> = new Set(),
): AsyncGenerator<Found> {
  const keyring = keyringOf(opening);
  let at = await nextHeader(source, 0, opening);
  for (let count = 0; at !== null; count++) {
    if (count >= opening.entriesMax)
      return yield trouble(at, "number of entries", `at most ${opening.entriesMax}`, "more");
    const header = headerAt(source, at);
    if (header === null)
      return yield trouble(at, "local header", "its whole length", "the end of the archive");
    const { entry, start } = header;
    if (entry.odd !== null && !listed.has(at))
      yield trouble(at, entry.odd, "as the format has it", entry.name);
    let next = start + entry.packedBytes;
    if (listed.has(at)) {
      // Its length may stand behind its data only; the next header is looked for from where its data begins.
    } else if ((entry.flags & FLAG.descriptor) === 0 || entry.packedBytes > 0) {
      const found = await memberOf(source, entry, source.byteLength, keyring);
      if (found !== null) yield found;
    } else if (entry.method === DEFLATED && (entry.flags & FLAG.encrypted) === 0) {
      const ended: Inflated = { packedBytes: 0, damage: null };
      yield openEnded(source, entry, start, ended);
      next = start + ended.packedBytes;
    } else if (!entry.isFolder) {
      const have = "a length that stands in the lost directory";
      yield trouble(at, "member of unknown length", "its length, or deflated data", have);
    }
    at = next > source.byteLength ? null : await nextHeader(source, next, opening);
  }
}

/** First local header at or after `from`; null where there is none. */
async function nextHeader(
  source: Source,
  from: number,
  { breathe }: Opening,
): Promise<number | null> {
  for (let at = from; at + LOCAL_SIGNATURE.length <= source.byteLength; at += PIECE_BYTES) {
    const piece = source.read(at, Math.min(source.byteLength, at + PIECE_BYTES + 3));
    const found = Buffer.from(piece.buffer, piece.byteOffset, piece.length).indexOf(
      LOCAL_SIGNATURE,
    );
    if (found >= 0) return at + found;
    await breathe();
  }
  return null;
}

function headerAt(
  source: Source,
  at: number,
): { readonly entry: Entry; readonly start: number } | null {
  const fixedEnd = at + LOCAL_BYTES;
  if (fixedEnd > source.byteLength) return null;
  const fixed = viewOf(copyOf(source.read(at, fixedEnd)));
  const start = fixedEnd + fixed.getUint16(26, true) + fixed.getUint16(28, true);
  if (start > source.byteLength) return null;
  return { entry: readLocal(fixed, copyOf(source.read(fixedEnd, start)), at), start };
}

/** A member whose length stands behind it: deflated data ends by itself. */
function openEnded(source: Source, entry: Entry, start: number, ended: Inflated): Member {
  async function* content(): AsyncGenerator<Uint8Array | Trouble> {
    let crc = 0;
    let size = 0;
    for await (const piece of inflate(piecesOf(source, start, source.byteLength), ended)) {
      crc = crc32(piece, crc);
      size += piece.length;
      yield piece;
    }
    if (ended.damage !== null)
      yield trouble(size, "deflated data", "a sound stream to its end", ended.damage);
    else if (!hasCrc(source, start + ended.packedBytes, crc))
      yield trouble(size, "CRC-32", "the same behind the data", "another, or none");
  }
  const { name, modifiedMillis } = entry;
  const packedBytes = source.byteLength - start;
  return { kind: "member", name, modifiedMillis, packedBytes, offset: entry.localAt, content };
}

/** Whether the data descriptor at `at` holds this CRC; its signature is optional (4.3.9.3). */
function hasCrc(source: Source, at: number, crc: number): boolean {
  if (at + 8 > source.byteLength) return false;
  const view = viewOf(source.read(at, at + 8));
  const isSigned = view.getUint32(0, true) === SIGNATURE.descriptor;
  return view.getUint32(isSigned ? 4 : 0, true) === crc;
}
