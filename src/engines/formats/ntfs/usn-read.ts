/**
 * Reads $UsnJrnl:$J: one row a record of version 2, 3 or 4. Refuses to guess paths: the journal knows a file's name and
 * the number of its folder, and $MFT the rest. Spec: layout.ts; decisions: docs/formats/ntfs.md.
 */
import type { Buffer } from "node:buffer";
import type { Source } from "../../../base/source.ts";
import type { FieldValue, Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Range, Reader } from "../format.ts";
import { wholeRange } from "../text/line-reading.ts";
import { skewTicks, ticksUnderSkew } from "../time/moment.ts";
import { type DecodedRow, Rows } from "../rows.ts";
import {
  FILE_ATTRIBUTES,
  USN_BYTES_MAX,
  USN_EXTENTS,
  USN_EXTENT_BYTES,
  USN_FILE,
  USN_LAYOUTS,
  USN_MAJOR,
  USN_REASONS,
  type UsnLayout,
  bitNames,
} from "./layout.ts";
import { referenceAt } from "./record.ts";
import { UsnWalk } from "./usn-walk.ts";

/** Reads change journals. About 380 MB/s to rows, 85 MB/s with all of their fields. */
export const usnReader: Reader = {
  read: (source, setting, range = wholeRange(source)) => readUsn(source, setting, range),
  ranges: usnRanges,
  // Every time is a FILETIME in UTC.
  assumptions: (_, setting) => assumptionsOfSetting({ ...setting, zone: null }, false),
};

const CHANNEL = "$UsnJrnl";
const ALIGNMENT = 8;

/** Whole steps of the walk; a stretch of zeros is never cut. */
function* usnRanges(source: Source, rangeBytes: number, after: Range | null): Generator<Range> {
  const size = source.byteLength;
  if (after !== null && after.end >= size) return;
  let start = after === null ? 0 : unfinishedAt(source, after);
  const walk = new UsnWalk(source, start);
  while (walk.next()) {
    if (walk.end - start < rangeBytes || walk.end >= size) continue;
    yield { start, end: walk.end, line: 0, header: "" };
    start = walk.end;
  }
  if (start < size || size === 0) yield { start, end: size, line: 0, header: "" };
}

/** Where the reading of a source that has grown begins: at what more bytes may turn into a record. */
function unfinishedAt(source: Source, after: Range): number {
  const walk = new UsnWalk(source, after.start, after.end);
  while (walk.next())
    if (walk.kind === "damage" && walk.start + 2 * USN_BYTES_MAX > after.end) return walk.start;
  return after.end - (after.end % ALIGNMENT);
}

function* readUsn(source: Source, setting: Setting, range: Range): Generator<Piece> {
  const rows = new Rows("usn", setting.place);
  const skew = skewTicks(setting);
  const host = setting.host ?? "";
  const walk = new UsnWalk(source, range.start);
  while (walk.end < range.end && walk.next()) {
    const sizeBytes = walk.end - walk.start;
    if (walk.kind === "record") {
      const at = walk.start - walk.windowAt;
      const layout = USN_LAYOUTS.get(walk.window.readUInt16LE(at + USN_MAJOR));
      if (layout !== undefined)
        rows.add(new UsnRow(walk.window, at, walk.start, layout, host, skew), sizeBytes);
    } else if (walk.kind === "damage")
      rows.flaw(walk.start, {
        what: "USN record",
        need: "a whole record",
        have: `${sizeBytes} other bytes`,
      });
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

/** A row that is decoded when asked: the window is held until its batch goes. */
class UsnRow implements DecodedRow {
  readonly offset: number;
  readonly ticks: bigint;
  readonly digits = 7;
  readonly zoneAssumed = null;
  readonly host: string;
  readonly channel = CHANNEL;
  readonly eventId = -1;
  readonly provider = "";
  readonly #bytes: Buffer;
  readonly #at: number;
  readonly #layout: UsnLayout;

  constructor(
    bytes: Buffer,
    at: number,
    offset: number,
    layout: UsnLayout,
    host: string,
    skew: bigint,
  ) {
    this.#bytes = bytes;
    this.#at = at;
    this.#layout = layout;
    this.offset = offset;
    this.host = host;
    const filetime = layout.time < 0 ? 0n : bytes.readBigUInt64LE(at + layout.time);
    this.ticks = ticksUnderSkew(filetime, skew);
  }

  get record(): string {
    return this.#bytes.readBigUInt64LE(this.#at + this.#layout.usn).toString();
  }

  get fields(): ReadonlyMap<string, FieldValue> {
    return fieldsOf(this.#bytes, this.#at, this.#layout, this.record);
  }
}

/** Under the names of winioctl.h; the two halves of a reference as those of $MFT, to be joined with it. */
function fieldsOf(
  bytes: Buffer,
  at: number,
  layout: UsnLayout,
  usn: string,
): ReadonlyMap<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  const long = (place: number) => bytes.readUInt32LE(at + place);
  if (layout.nameSize >= 0) {
    const from = at + bytes.readUInt16LE(at + layout.nameOffset);
    fields.set(
      "FileName",
      bytes.toString("utf16le", from, from + bytes.readUInt16LE(at + layout.nameSize)),
    );
  }
  fields.set("Reason", bitNames(long(layout.reason), USN_REASONS));
  fields.set("Usn", Number.isSafeInteger(Number(usn)) ? Number(usn) : usn);
  putReference(fields, "", bytes, at + USN_FILE, layout.parent - USN_FILE);
  putReference(fields, "Parent", bytes, at + layout.parent, layout.parent - USN_FILE);
  if (layout.attributes >= 0)
    fields.set("FileAttributes", bitNames(long(layout.attributes), FILE_ATTRIBUTES));
  if (long(layout.sourceInfo) !== 0) fields.set("SourceInfo", long(layout.sourceInfo));
  if (layout.securityId > 0 && long(layout.securityId) !== 0)
    fields.set("SecurityId", long(layout.securityId));
  if (layout.time < 0) fields.set("Extents", extentsAt(bytes, at, layout));
  return fields;
}

/** 64 bits name a record of $MFT; 128 bits whose upper half is not empty are of ReFS, and have no parts. */
function putReference(
  fields: Map<string, FieldValue>,
  whose: string,
  bytes: Buffer,
  at: number,
  size: number,
): void {
  if (size === 16 && bytes.readBigUInt64LE(at + 8) !== 0n) {
    const id =
      bytes
        .readBigUInt64LE(at + 8)
        .toString(16)
        .padStart(16, "0") + bytes.readBigUInt64LE(at).toString(16).padStart(16, "0");
    fields.set(`${whose}FileId`, id);
    return;
  }
  const { entry, sequence } = referenceAt(bytes, at);
  fields.set(`${whose}EntryNumber`, entry);
  fields.set(`${whose}SequenceNumber`, sequence);
}

const EXTENT_BYTES = 16;

/** Ranges of the file that changed, as `offset+length`. */
function extentsAt(bytes: Buffer, at: number, layout: UsnLayout): readonly string[] {
  const [count, size] = [
    bytes.readUInt16LE(at + USN_EXTENTS),
    bytes.readUInt16LE(at + USN_EXTENT_BYTES),
  ];
  if (size < EXTENT_BYTES) return [];
  return Array.from({ length: count }, (_, index) => {
    const place = at + layout.fixedBytes + index * size;
    return `${bytes.readBigUInt64LE(place)}+${bytes.readBigUInt64LE(place + 8)}`;
  });
}
