/** Writes $MFT and $UsnJrnl:$J as NTFS does, fix-ups included: sample evidence, and what the tests read. Spec: layout.ts. */
import { Buffer } from "node:buffer";
import { concatBytes } from "../../../base/bytes.ts";
import { type Ticks, filetimeFromTicks } from "../../../base/time.ts";
import * as layout from "./layout.ts";

/** One record of $MFT; its number is its place in the list. */
export interface WrittenFile {
  readonly name: string;
  /** Number of the folder's record. */
  readonly parent: number;
  /** Created, modified, changed, accessed; of $FILE_NAME the first for all four, unless `nameTicks` says otherwise. */
  readonly ticks: readonly [Ticks, Ticks, Ticks, Ticks];
  readonly nameTicks?: Ticks;
  readonly sequence?: number;
  readonly parentSequence?: number;
  readonly isDirectory?: boolean;
  readonly isDeleted?: boolean;
  /** Content of the unnamed stream in the record itself. */
  readonly resident?: Uint8Array;
  /** Size of a stream that lies elsewhere. */
  readonly sizeBytes?: number;
  readonly streams?: readonly string[];
  /** FILE_ATTRIBUTE_… bits. */
  readonly flags?: number;
  /** A short name for DOS beside the long one. */
  readonly shortName?: string;
}

/** A whole $MFT; null is a record that was never used, all zeros. */
export function writeMft(files: readonly (WrittenFile | null)[], recordBytes = 1_024): Uint8Array {
  return concatBytes(
    files.map((file, entry) =>
      file === null ? new Uint8Array(recordBytes) : fileRecord(file, entry, recordBytes),
    ),
  );
}

function fileRecord(file: WrittenFile, entry: number, recordBytes: number): Uint8Array {
  const bytes = Buffer.alloc(recordBytes);
  const strides = recordBytes / layout.FIXUP_STRIDE;
  const attributesAt = (layout.HEADER_BYTES + 2 * (strides + 1) + 7) & ~7;
  bytes.writeUInt32LE(layout.FILE_MAGIC, 0);
  bytes.writeUInt16LE(layout.HEADER_BYTES, layout.FIXUP_OFFSET);
  bytes.writeUInt16LE(strides + 1, layout.FIXUP_COUNT);
  bytes.writeUInt16LE(file.sequence ?? 1, layout.SEQUENCE);
  bytes.writeUInt16LE(1, layout.LINK_COUNT);
  bytes.writeUInt16LE(attributesAt, layout.ATTRIBUTES_OFFSET);
  const inUse = file.isDeleted === true ? 0 : layout.IN_USE;
  bytes.writeUInt16LE(
    inUse | (file.isDirectory === true ? layout.IS_DIRECTORY : 0),
    layout.RECORD_FLAGS,
  );
  bytes.writeUInt32LE(recordBytes, layout.TOTAL_SIZE);
  bytes.writeUInt32LE(entry, layout.RECORD_INDEX);
  const attributes = concatBytes(attributesOf(file));
  bytes.set(attributes, attributesAt);
  const end = attributesAt + attributes.length;
  bytes.writeUInt32LE(layout.ATTRIBUTES_END, end);
  bytes.writeUInt32LE(end + 8, layout.USED_SIZE);
  protect(bytes, strides);
  return bytes;
}

/** Moves the last two bytes of each stride into the header, and puts the mark in their place. */
function protect(bytes: Buffer, strides: number): void {
  const mark = 7;
  bytes.writeUInt16LE(mark, layout.HEADER_BYTES);
  for (let stride = 0; stride < strides; stride++) {
    const end = (stride + 1) * layout.FIXUP_STRIDE - 2;
    bytes.writeUInt16LE(bytes.readUInt16LE(end), layout.HEADER_BYTES + 2 + stride * 2);
    bytes.writeUInt16LE(mark, end);
  }
}

function attributesOf(file: WrittenFile): Uint8Array[] {
  const standard = Buffer.alloc(72);
  for (const [index, ticks] of file.ticks.entries())
    standard.writeBigUInt64LE(filetimeFromTicks(ticks), index * 8);
  standard.writeUInt32LE(file.flags ?? 0x20, layout.SI_FLAGS);
  const parts = [resident(layout.STANDARD_INFORMATION, standard)];
  if (file.shortName !== undefined)
    parts.push(resident(layout.FILE_NAME, nameValue(file, file.shortName, layout.DOS_NAMESPACE)));
  parts.push(
    resident(layout.FILE_NAME, nameValue(file, file.name, file.shortName === undefined ? 3 : 1)),
  );
  if (file.sizeBytes !== undefined) parts.push(nonResident(file.sizeBytes));
  else if (file.isDirectory !== true)
    parts.push(resident(layout.DATA, file.resident ?? new Uint8Array(0)));
  for (const name of file.streams ?? []) parts.push(resident(layout.DATA, new Uint8Array(4), name));
  return parts;
}

function nameValue(file: WrittenFile, name: string, namespace: number): Uint8Array {
  const value = Buffer.alloc(layout.FN_NAME + name.length * 2);
  value.writeUIntLE(file.parent, 0, 6);
  value.writeUInt16LE(file.parentSequence ?? 1, 6);
  const filetime = filetimeFromTicks(file.nameTicks ?? file.ticks[0]);
  for (let index = 0; index < 4; index++)
    value.writeBigUInt64LE(filetime, layout.FN_TIMES + index * 8);
  value.writeUInt8(name.length, layout.FN_UNITS);
  value.writeUInt8(namespace, layout.FN_NAMESPACE);
  value.write(name, layout.FN_NAME, "utf16le");
  return value;
}

function resident(type: number, value: Uint8Array, name = ""): Uint8Array {
  const valueAt = (layout.ATTRIBUTE_BYTES_MIN + name.length * 2 + 7) & ~7;
  const bytes = Buffer.alloc((valueAt + value.length + 7) & ~7);
  bytes.writeUInt32LE(type, 0);
  bytes.writeUInt32LE(bytes.length, layout.ATTRIBUTE_SIZE);
  bytes.writeUInt8(name.length, layout.NAME_UNITS);
  bytes.writeUInt16LE(layout.ATTRIBUTE_BYTES_MIN, layout.NAME_OFFSET);
  bytes.write(name, layout.ATTRIBUTE_BYTES_MIN, "utf16le");
  bytes.writeUInt32LE(value.length, layout.VALUE_SIZE);
  bytes.writeUInt16LE(valueAt, layout.VALUE_OFFSET);
  bytes.set(value, valueAt);
  return bytes;
}

function nonResident(sizeBytes: number): Uint8Array {
  const bytes = Buffer.alloc(72);
  bytes.writeUInt32LE(layout.DATA, 0);
  bytes.writeUInt32LE(bytes.length, layout.ATTRIBUTE_SIZE);
  bytes.writeUInt8(1, layout.NON_RESIDENT);
  bytes.writeUInt16LE(64, 32);
  bytes.writeBigUInt64LE(BigInt(sizeBytes), layout.DATA_SIZE - 8);
  bytes.writeBigUInt64LE(BigInt(sizeBytes), layout.DATA_SIZE);
  // One run of clusters, somewhere on the volume.
  bytes.set([0x21, 0x08, 0x10, 0x20, 0x00], 64);
  return bytes;
}

/** One record of the change journal. */
export interface WrittenChange {
  readonly version: 2 | 3 | 4;
  readonly entry: number;
  readonly sequence: number;
  readonly parent: number;
  readonly parentSequence: number;
  readonly ticks: Ticks;
  /** USN_REASON_… bits. */
  readonly reason: number;
  readonly name: string;
  readonly flags?: number;
  /** Of version 4: the ranges of the file that changed. */
  readonly extents?: readonly (readonly [offset: bigint, length: bigint])[];
}

/** A journal whose first `zeroBytes` (whole pages) were given back. Records do not cross pages. */
export function writeUsnJournal(changes: readonly WrittenChange[], zeroBytes = 0): Uint8Array {
  const parts: Uint8Array[] = [new Uint8Array(zeroBytes)];
  let at = zeroBytes;
  for (const change of changes) {
    const size = sizeOf(change);
    const room = layout.USN_BYTES_MAX - (at % layout.USN_BYTES_MAX);
    if (size > room) {
      parts.push(new Uint8Array(room));
      at += room;
    }
    parts.push(changeRecord(change, size, at));
    at += size;
  }
  return concatBytes(parts);
}

function sizeOf({ version, name, extents = [] }: WrittenChange): number {
  const fixed = layout.USN_LAYOUTS.get(version)?.fixedBytes ?? 0;
  return (fixed + (version === 4 ? extents.length * 16 : name.length * 2) + 7) & ~7;
}

function changeRecord(change: WrittenChange, size: number, usn: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  const places = layout.USN_LAYOUTS.get(change.version);
  if (places === undefined) return bytes;
  bytes.writeUInt32LE(size, 0);
  bytes.writeUInt16LE(change.version, layout.USN_MAJOR);
  bytes.writeUIntLE(change.entry, layout.USN_FILE, 6);
  bytes.writeUInt16LE(change.sequence, layout.USN_FILE + 6);
  bytes.writeUIntLE(change.parent, places.parent, 6);
  bytes.writeUInt16LE(change.parentSequence, places.parent + 6);
  bytes.writeBigUInt64LE(BigInt(usn), places.usn);
  bytes.writeUInt32LE(change.reason, places.reason);
  if (change.version === 4) {
    bytes.writeUInt16LE(change.extents?.length ?? 0, layout.USN_EXTENTS);
    bytes.writeUInt16LE(16, layout.USN_EXTENT_BYTES);
    for (const [index, [offset, length]] of (change.extents ?? []).entries()) {
      bytes.writeBigUInt64LE(offset, places.fixedBytes + index * 16);
      bytes.writeBigUInt64LE(length, places.fixedBytes + index * 16 + 8);
    }
    return bytes;
  }
  bytes.writeBigUInt64LE(filetimeFromTicks(change.ticks), places.time);
  bytes.writeUInt32LE(change.flags ?? 0x20, places.attributes);
  bytes.writeUInt16LE(change.name.length * 2, places.nameSize);
  bytes.writeUInt16LE(places.fixedBytes, places.nameOffset);
  bytes.write(change.name, places.fixedBytes, "utf16le");
  return bytes;
}
