/**
 * Zip archives by their central directory, or by their local headers where that is gone (docs/formats/archive.md).
 * Specification: PKWARE APPNOTE 6.3.10. Refuses to read packed bytes again and again: where members overlap, as much as the archive is long is read twice.
 */
import { copyOf } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import { type Found, type Opening, PIECE_BYTES, trouble, type Trouble } from "./member.ts";
import { findEnd, type EndRecord } from "./zip-layout.ts";
import {
  CENTRAL_BYTES,
  type Entry,
  LOCAL_BYTES,
  readCentral,
  SIGNATURE,
  viewOf,
} from "./zip-layout.ts";
import { keyringOf, memberOf } from "./zip-member.ts";
import { salvageZip } from "./zip-salvage.ts";

/** Members and troubles of a zip in the order of its directory. */
export async function* readZip(source: Source, opening: Opening): AsyncGenerator<Found> {
  const end = findEnd(source);
  if (end === null) {
    const have = "none; the local headers are read instead";
    yield trouble(source.byteLength, "end of the zip", "an end of central directory record", have);
    return yield* salvageZip(source, opening);
  }
  if (end.odd !== null)
    yield trouble(end.offset, end.odd, "as the format has it", "something else");
  if (end.disk !== 0) {
    const have = `part ${end.disk + 1}; the local headers are read instead`;
    yield trouble(end.offset, "archive in several parts", "one that is whole", have);
    return yield* salvageZip(source, opening);
  }
  const start = directoryStart(source, end);
  if (start === null) {
    const have = "something else; the local headers are read instead";
    yield trouble(
      Math.min(end.directoryAt, end.offset),
      "central directory",
      "its signature",
      have,
    );
    return yield* salvageZip(source, opening);
  }
  yield* readDirectory(source, { ...end, directoryAt: start }, start - end.directoryAt, opening);
}

/** Where the central directory is: as said, or shifted by what was put before the archive. Null: nowhere. */
function directoryStart(source: Source, end: EndRecord): number | null {
  const shifted = end.offset - end.directoryBytes;
  const isThere = (at: number) =>
    at >= 0 &&
    at + CENTRAL_BYTES <= end.offset &&
    viewOf(source.read(at, at + 4)).getUint32(0, true) === SIGNATURE.central;
  if (end.entries === 0 && end.directoryBytes === 0) return Math.max(0, shifted);
  return isThere(end.directoryAt) ? end.directoryAt : isThere(shifted) ? shifted : null;
}

async function* readDirectory(
  source: Source,
  end: EndRecord,
  shift: number,
  opening: Opening,
): AsyncGenerator<Found> {
  const { overlapping, isBroken } = survey(source, end, opening.entriesMax);
  const keyring = keyringOf(opening);
  let repeatedBytes = 0;
  let index = 0;
  for (const item of entriesOf(source, end, opening.entriesMax)) {
    if ("what" in item) {
      yield item;
      continue;
    }
    const at = item.localAt + shift;
    if (item.odd !== null) yield trouble(at, item.odd, "as the format has it", item.name);
    if (overlapping.has(index++)) {
      repeatedBytes += Math.min(item.packedBytes, source.byteLength);
      const isRefused = repeatedBytes > source.byteLength;
      const have = `${item.name}: ${isRefused ? "not read, too much was read twice" : "read all the same"}`;
      yield trouble(at, "overlapping members", "bytes of its own for each", have);
      if (isRefused) continue;
    }
    const found = await memberOf(source, { ...item, localAt: at }, end.directoryAt, keyring);
    if (found !== null) yield found;
  }
  if (!isBroken) return;
  const listed = new Set<number>();
  for (const item of entriesOf(source, end, opening.entriesMax))
    if ("localAt" in item) listed.add(item.localAt + shift);
  yield* salvageZip(source, opening, listed);
}

/** Entries of the central directory in order; trouble where it breaks off. */
function* entriesOf(
  source: Source,
  end: EndRecord,
  entriesMax: number,
): Generator<Entry | Trouble> {
  const ahead = readAhead(source);
  let at = end.directoryAt;
  for (let count = 0; count < end.entries; count++) {
    if (count >= entriesMax)
      return yield trouble(at, "number of entries", `at most ${entriesMax}`, `${end.entries}`);
    const fixedEnd = at + CENTRAL_BYTES;
    const fixed = fixedEnd <= end.offset ? viewOf(copyOf(ahead(at, fixedEnd))) : null;
    if (fixed === null || fixed.getUint32(0, true) !== SIGNATURE.central) {
      const have = fixed === null ? "its end" : "something else";
      return yield trouble(at, "central directory", `entry ${count + 1} of ${end.entries}`, have);
    }
    const lengths = [fixed.getUint16(28, true), fixed.getUint16(30, true)] as const;
    const variableEnd = Math.min(end.offset, fixedEnd + lengths[0] + lengths[1]);
    yield readCentral(fixed, copyOf(ahead(fixedEnd, variableEnd)));
    at = fixedEnd + lengths[0] + lengths[1] + fixed.getUint16(32, true);
  }
}

/** Small reads in order, from larger ones; the view is valid until the next. */
function readAhead(source: Source): (start: number, end: number) => Uint8Array {
  let held: Uint8Array = new Uint8Array(0);
  let heldAt = 0;
  return (start, end) => {
    if (start < heldAt || end > heldAt + held.length) {
      const until = Math.min(source.byteLength, Math.max(end, start + PIECE_BYTES));
      held = copyOf(source.read(start, until));
      heldAt = start;
    }
    return held.subarray(start - heldAt, end - heldAt);
  };
}

/**
 * What the directory comes to before a member is read: whether it breaks off, and the numbers of the entries whose bytes
 * begin inside those of another, the trick of small archives that unpack to petabytes. Sixteen bytes an entry.
 */
function survey(source: Source, end: EndRecord, entriesMax: number) {
  const starts: number[] = [];
  const ends: number[] = [];
  let isBroken = false;
  for (const item of entriesOf(source, end, entriesMax)) {
    if ("what" in item) {
      isBroken = starts.length < entriesMax;
      continue;
    }
    starts.push(item.localAt);
    ends.push(item.localAt + LOCAL_BYTES + item.packedBytes);
  }
  const order = Uint32Array.from(starts, (_, index) => index).sort(
    (left, right) => (starts[left] ?? 0) - (starts[right] ?? 0) || left - right,
  );
  const overlapping = new Set<number>();
  let reached = 0;
  for (const index of order) {
    if ((starts[index] ?? 0) < reached) overlapping.add(index);
    reached = Math.max(reached, ends[index] ?? 0);
  }
  return { overlapping, isBroken };
}
