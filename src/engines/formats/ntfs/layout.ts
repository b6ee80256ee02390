/**
 * The structures of NTFS that a responder's copies hold: records of $MFT and of the change journal $UsnJrnl:$J. All numbers
 * are little-endian. Specified by libyal/libfsntfs, "New Technologies File System (NTFS)", and by winioctl.h
 * (USN_RECORD_V2, _V3, _V4) at https://learn.microsoft.com/windows/win32/api/winioctl/.
 */

/** Signatures of a record of $MFT: as it should be, and as chkdsk marks one whose sectors do not belong together. */
export const FILE_MAGIC = 0x454c_4946;
export const BAAD_MAGIC = 0x4441_4142;
/** Every 512 bytes end with a number that is put back by the fix-up values, whatever the sector of the disk is. */
export const FIXUP_STRIDE = 512;
/** Sizes of a record: 1,024 bytes, and 4,096 on disks with sectors of 4,096. */
export const RECORD_SIZES: readonly number[] = [1_024, 4_096];

/** Fields of the record's header (FILE_RECORD_SEGMENT_HEADER). */
export const FIXUP_OFFSET = 4;
export const FIXUP_COUNT = 6;
export const SEQUENCE = 16;
export const LINK_COUNT = 18;
export const ATTRIBUTES_OFFSET = 20;
export const RECORD_FLAGS = 22;
export const USED_SIZE = 24;
export const TOTAL_SIZE = 28;
export const BASE_REFERENCE = 32;
/** From version 3.1 on, where the fix-up values stand behind it. */
export const RECORD_INDEX = 44;
export const HEADER_BYTES = 48;

/** Flags of a record: it stands for a file, which is a folder. */
export const IN_USE = 0x1;
export const IS_DIRECTORY = 0x2;

/** Types of attributes that are read. */
export const STANDARD_INFORMATION = 0x10;
export const ATTRIBUTE_LIST = 0x20;
export const FILE_NAME = 0x30;
export const DATA = 0x80;
export const REPARSE_POINT = 0xc0;
export const ATTRIBUTES_END = 0xffff_ffff;

/** Fields of an attribute (ATTRIBUTE_RECORD_HEADER). */
export const ATTRIBUTE_SIZE = 4;
export const NON_RESIDENT = 8;
export const NAME_UNITS = 9;
export const NAME_OFFSET = 10;
export const VALUE_SIZE = 16;
export const VALUE_OFFSET = 20;
export const FIRST_CLUSTER = 16;
export const DATA_SIZE = 48;
export const ATTRIBUTE_BYTES_MIN = 24;

/** Of $STANDARD_INFORMATION: four times from its first byte on, then the flags; the USN from version 3.0 on. */
export const SI_FLAGS = 32;
export const SI_BYTES_MIN = 48;
export const SI_USN = 64;

/** Of $FILE_NAME: the parent, four times, sizes, flags, and the name. */
export const FN_TIMES = 8;
export const FN_UNITS = 64;
export const FN_NAMESPACE = 65;
export const FN_NAME = 66;
/** The namespace of names that only DOS sees. */
export const DOS_NAMESPACE = 2;

/** The record of the root folder. */
export const ROOT_ENTRY = 5;

/** Fields of a record of the change journal; those behind the references by version 2 (of 8 bytes) and 3, 4 (of 16). */
export const USN_MAJOR = 4;
export const USN_MINOR = 6;
export const USN_FILE = 8;
export const USN_BYTES_MIN = 64;
/** Records do not cross the journal's pages: none is longer. */
export const USN_BYTES_MAX = 4_096;

/** How one version of the journal's record is laid out. */
export interface UsnLayout {
  readonly parent: number;
  readonly usn: number;
  /** -1 in version 4, which tells ranges of bytes and repeats neither time nor name. */
  readonly time: number;
  readonly reason: number;
  readonly sourceInfo: number;
  readonly securityId: number;
  readonly attributes: number;
  readonly nameSize: number;
  readonly nameOffset: number;
  readonly fixedBytes: number;
}

const V2: UsnLayout = {
  parent: 16,
  usn: 24,
  time: 32,
  reason: 40,
  sourceInfo: 44,
  securityId: 48,
  attributes: 52,
  nameSize: 56,
  nameOffset: 58,
  fixedBytes: 60,
};
const V3: UsnLayout = {
  parent: 24,
  usn: 40,
  time: 48,
  reason: 56,
  sourceInfo: 60,
  securityId: 64,
  attributes: 68,
  nameSize: 72,
  nameOffset: 74,
  fixedBytes: 76,
};
const V4: UsnLayout = {
  parent: 24,
  usn: 40,
  time: -1,
  reason: 48,
  sourceInfo: 52,
  securityId: -1,
  attributes: -1,
  nameSize: -1,
  nameOffset: -1,
  fixedBytes: 64,
};

/** The layout of each version of the journal's record. */
export const USN_LAYOUTS: ReadonlyMap<number, UsnLayout> = new Map([
  [2, V2],
  [3, V3],
  [4, V4],
]);
/** Of version 4: how many extents there are, of how many bytes each. */
export const USN_EXTENTS = 60;
export const USN_EXTENT_BYTES = 62;

/** USN_REASON_…, from the lowest bit on; "" where no reason is defined. */
export const USN_REASONS: readonly string[] = [
  "DATA_OVERWRITE",
  "DATA_EXTEND",
  "DATA_TRUNCATION",
  "",
  "NAMED_DATA_OVERWRITE",
  "NAMED_DATA_EXTEND",
  "NAMED_DATA_TRUNCATION",
  "",
  "FILE_CREATE",
  "FILE_DELETE",
  "EA_CHANGE",
  "SECURITY_CHANGE",
  "RENAME_OLD_NAME",
  "RENAME_NEW_NAME",
  "INDEXABLE_CHANGE",
  "BASIC_INFO_CHANGE",
  "HARD_LINK_CHANGE",
  "COMPRESSION_CHANGE",
  "ENCRYPTION_CHANGE",
  "OBJECT_ID_CHANGE",
  "REPARSE_POINT_CHANGE",
  "STREAM_CHANGE",
  "TRANSACTED_CHANGE",
  "INTEGRITY_CHANGE",
  "DESIRED_STORAGE_CLASS_CHANGE",
  "",
  "",
  "",
  "",
  "",
  "",
  "CLOSE",
];

/** FILE_ATTRIBUTE_…, from the lowest bit on; [MS-FSCC] 2.6. */
export const FILE_ATTRIBUTES: readonly string[] = [
  "READONLY",
  "HIDDEN",
  "SYSTEM",
  "",
  "DIRECTORY",
  "ARCHIVE",
  "DEVICE",
  "NORMAL",
  "TEMPORARY",
  "SPARSE_FILE",
  "REPARSE_POINT",
  "COMPRESSED",
  "OFFLINE",
  "NOT_CONTENT_INDEXED",
  "ENCRYPTED",
  "INTEGRITY_STREAM",
  "VIRTUAL",
  "NO_SCRUB_DATA",
  "RECALL_ON_OPEN",
  "PINNED",
  "UNPINNED",
  "",
  "RECALL_ON_DATA_ACCESS",
];

/** The names of the bits that are set; a bit without a name is told as its number in hexadecimal. */
export function bitNames(bits: number, names: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let bit = 0; bit < 32; bit++)
    if (((bits >>> bit) & 1) !== 0) {
      const name = names[bit] ?? "";
      found.push(name === "" ? `0x${(2 ** bit).toString(16)}` : name);
    }
  return found;
}
