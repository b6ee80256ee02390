/**
 * One record of $MFT out of its bytes: fix-ups, times, names, streams. Refuses a record whose sectors do not belong
 * together. Contents of files are never looked at. Spec: layout.ts.
 */
import { Buffer } from "node:buffer";
import {
  ATTRIBUTES_END,
  ATTRIBUTES_OFFSET,
  ATTRIBUTE_BYTES_MIN,
  ATTRIBUTE_LIST,
  ATTRIBUTE_SIZE,
  BASE_REFERENCE,
  DATA,
  DATA_SIZE,
  FILE_NAME,
  FIRST_CLUSTER,
  FIXUP_COUNT,
  FIXUP_OFFSET,
  FIXUP_STRIDE,
  FN_NAME,
  FN_NAMESPACE,
  FN_TIMES,
  FN_UNITS,
  HEADER_BYTES,
  IN_USE,
  IS_DIRECTORY,
  LINK_COUNT,
  NAME_OFFSET,
  NAME_UNITS,
  NON_RESIDENT,
  RECORD_FLAGS,
  RECORD_INDEX,
  SEQUENCE,
  SI_BYTES_MIN,
  SI_FLAGS,
  SI_USN,
  STANDARD_INFORMATION,
  USED_SIZE,
  VALUE_OFFSET,
  VALUE_SIZE,
} from "./layout.ts";

/** A record's number, and how often it had been used: together they name one file. */
export interface FileReference {
  readonly entry: number;
  readonly sequence: number;
}

/** Created, modified, changed (the record itself), accessed: as FILETIME. */
export type FourTimes = readonly [
  created: bigint,
  modified: bigint,
  changed: bigint,
  accessed: bigint,
];

/** A name of the file, with the times of its own. */
export interface FileName {
  readonly parent: FileReference;
  readonly times: FourTimes;
  readonly namespace: number;
  readonly name: string;
}

/** What a record tells of its file. */
export interface FileRecord {
  /** As the record itself says; null before NTFS 3.1. */
  readonly entry: number | null;
  readonly sequence: number;
  readonly isInUse: boolean;
  readonly isDirectory: boolean;
  readonly linkCount: number;
  /** Entry 0 in a record that stands for itself. */
  readonly base: FileReference;
  readonly standard: {
    readonly times: FourTimes;
    readonly flags: number;
    readonly usn: bigint;
  } | null;
  readonly names: readonly FileName[];
  /** Bytes of the unnamed stream; null where it is told elsewhere. */
  readonly sizeBytes: number | null;
  readonly isResident: boolean;
  readonly streams: readonly string[];
  readonly hasAttributeList: boolean;
}

/** Why a record was not read, in the words of a flaw. */
export interface RecordTrouble {
  readonly what: string;
  readonly need: string;
  readonly have: string;
}

const ATTRIBUTES_MAX = 256;
const NAMES_MAX = 32;
const STREAMS_MAX = 32;

/** Puts back the last two bytes of every 512, in place; null where they are as they should be. */
export function applyFixups(bytes: Buffer): RecordTrouble | null {
  const [at, count] = [bytes.readUInt16LE(FIXUP_OFFSET), bytes.readUInt16LE(FIXUP_COUNT)];
  const strides = bytes.length / FIXUP_STRIDE;
  // More values than strides have been seen; fewer would leave a part unchecked.
  if (at < 42 || at + 2 + strides * 2 > FIXUP_STRIDE - 2 || count < strides + 1)
    return {
      what: "fix-up values",
      need: `${strides + 1} values in the header`,
      have: `${count} at ${at}`,
    };
  const mark = bytes.readUInt16LE(at);
  for (let stride = 0; stride < strides; stride++) {
    const end = (stride + 1) * FIXUP_STRIDE - 2;
    const found = bytes.readUInt16LE(end);
    if (found !== mark) return { what: "fix-up", need: `${mark} at ${end}`, have: `${found}` };
    bytes.writeUInt16LE(bytes.readUInt16LE(at + 2 + stride * 2), end);
  }
  return null;
}

/** Reads a record whose fix-ups are applied. Attributes are read up to the first that does not fit. */
export function readRecord(bytes: Buffer): {
  readonly record: FileRecord;
  readonly trouble: RecordTrouble | null;
} {
  const flags = bytes.readUInt16LE(RECORD_FLAGS);
  const hasIndex = bytes.readUInt16LE(FIXUP_OFFSET) >= HEADER_BYTES;
  const gathered: Gathered = {
    standard: null,
    names: [],
    sizeBytes: null,
    isResident: false,
    streams: [],
    hasAttributeList: false,
  };
  const trouble = gatherAttributes(bytes, gathered);
  const record: FileRecord = {
    entry: hasIndex ? bytes.readUInt32LE(RECORD_INDEX) : null,
    sequence: bytes.readUInt16LE(SEQUENCE),
    isInUse: (flags & IN_USE) !== 0,
    isDirectory: (flags & IS_DIRECTORY) !== 0,
    linkCount: bytes.readUInt16LE(LINK_COUNT),
    base: referenceAt(bytes, BASE_REFERENCE),
    ...gathered,
  };
  return { record, trouble };
}

/** The reference at a place: 48 bits of entry, 16 of sequence. */
export function referenceAt(bytes: Buffer, at: number): FileReference {
  return { entry: bytes.readUIntLE(at, 6), sequence: bytes.readUInt16LE(at + 6) };
}

type Gathered = {
  -readonly [Name in
    | "standard"
    | "sizeBytes"
    | "isResident"
    | "hasAttributeList"]: FileRecord[Name];
} & {
  readonly names: FileName[];
  readonly streams: string[];
};

/** One attribute: [at, end) of the record, and its resident value, [from, to); empty where it has none. */
interface Attribute {
  readonly type: number;
  readonly at: number;
  readonly end: number;
  readonly isResident: boolean;
  readonly from: number;
  readonly to: number;
}

function gatherAttributes(bytes: Buffer, gathered: Gathered): RecordTrouble | null {
  const used = Math.min(bytes.readUInt32LE(USED_SIZE), bytes.length);
  let at = bytes.readUInt16LE(ATTRIBUTES_OFFSET);
  for (let count = 0; count < ATTRIBUTES_MAX && at + 4 <= used; count++) {
    const type = bytes.readUInt32LE(at);
    if (type === ATTRIBUTES_END) return null;
    const attribute = attributeAt(bytes, at, used, type);
    if ("what" in attribute) return attribute;
    const trouble = gather(bytes, attribute, gathered);
    if (trouble !== null) return trouble;
    at = attribute.end;
  }
  return {
    what: "attributes",
    need: "an end marker",
    have: `none up to byte ${used} of the record`,
  };
}

function attributeAt(
  bytes: Buffer,
  at: number,
  used: number,
  type: number,
): Attribute | RecordTrouble {
  const size = at + ATTRIBUTE_BYTES_MIN <= used ? bytes.readUInt32LE(at + ATTRIBUTE_SIZE) : 0;
  const end = at + size;
  if (size < ATTRIBUTE_BYTES_MIN || end > used)
    return {
      what: "attribute",
      need: `${ATTRIBUTE_BYTES_MIN} to ${used - at} bytes`,
      have: `${size} bytes`,
    };
  const isResident = bytes[at + NON_RESIDENT] === 0;
  if (!isResident) return { type, at, end, isResident, from: end, to: end };
  const from = at + bytes.readUInt16LE(at + VALUE_OFFSET);
  const to = from + bytes.readUInt32LE(at + VALUE_SIZE);
  if (to > end) return { what: "attribute value", need: `an end by ${end}`, have: `${to}` };
  return { type, at, end, isResident, from, to };
}

function gather(bytes: Buffer, attribute: Attribute, gathered: Gathered): RecordTrouble | null {
  const { type, from, to } = attribute;
  switch (type) {
    case STANDARD_INFORMATION: {
      if (to - from < SI_BYTES_MIN)
        return tooShort("$STANDARD_INFORMATION", SI_BYTES_MIN, to - from);
      const usn = to - from >= SI_USN + 8 ? bytes.readBigUInt64LE(from + SI_USN) : 0n;
      const flags = bytes.readUInt32LE(from + SI_FLAGS);
      gathered.standard = { times: timesAt(bytes, from), flags, usn };
      return null;
    }
    case FILE_NAME: {
      if (to - from < FN_NAME) return tooShort("$FILE_NAME", FN_NAME, to - from);
      const size = (bytes[from + FN_UNITS] ?? 0) * 2;
      if (from + FN_NAME + size > to) return tooShort("$FILE_NAME", FN_NAME + size, to - from);
      const name = bytes.toString("utf16le", from + FN_NAME, from + FN_NAME + size);
      const namespace = bytes[from + FN_NAMESPACE] ?? 0;
      const [parent, times] = [referenceAt(bytes, from), timesAt(bytes, from + FN_TIMES)];
      if (gathered.names.length < NAMES_MAX)
        gathered.names.push({ parent, times, namespace, name });
      return null;
    }
    case DATA:
      return gatherStream(bytes, attribute, gathered);
    case ATTRIBUTE_LIST:
      gathered.hasAttributeList = true;
      return null;
    default:
      return null;
  }
}

function gatherStream(
  bytes: Buffer,
  attribute: Attribute,
  gathered: Gathered,
): RecordTrouble | null {
  const { at, end, isResident, from, to } = attribute;
  const units = bytes[at + NAME_UNITS] ?? 0;
  if (units > 0) {
    const nameAt = at + bytes.readUInt16LE(at + NAME_OFFSET);
    if (nameAt + units * 2 > end) return tooShort("name of $DATA", units * 2, end - nameAt);
    if (gathered.streams.length < STREAMS_MAX)
      gathered.streams.push(bytes.toString("utf16le", nameAt, nameAt + units * 2));
    return null;
  }
  if (isResident) {
    gathered.sizeBytes = to - from;
    gathered.isResident = true;
  } else if (end - at < DATA_SIZE + 8) return tooShort("$DATA", DATA_SIZE + 8, end - at);
  // A later part of a stream repeats no size.
  else if (bytes.readBigUInt64LE(at + FIRST_CLUSTER) === 0n)
    gathered.sizeBytes = Number(bytes.readBigUInt64LE(at + DATA_SIZE));
  return null;
}

function timesAt(bytes: Buffer, at: number): FourTimes {
  const time = (index: number) => bytes.readBigUInt64LE(at + index * 8);
  return [time(0), time(1), time(2), time(3)];
}

function tooShort(what: string, need: number, have: number): RecordTrouble {
  return { what, need: `${need} bytes`, have: `${have} bytes` };
}
