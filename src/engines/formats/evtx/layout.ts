/**
 * The structures of an EVTX file as numbers: where each field stands, what each token and value type is called.
 * Refuses to read anything: it only names places.
 * BinXML: [MS-EVEN6] 2.2.12 and 2.2.16-18. File, chunk and record: libyal/libevtx, "Windows XML Event Log (EVTX) format".
 */

/** First eight bytes of a file and of a chunk. */
export const FILE_MAGIC = "ElfFile\0";
export const CHUNK_MAGIC = "ElfChnk\0";
/** First four bytes of a record, `2a 2a 00 00`, read as a little-endian number. */
export const RECORD_MAGIC = 0x2a2a;

/** File header: one block of 4 KiB, of which 128 bytes are used. */
export const FILE_HEADER_BYTES = 4096;
export const FILE_LAST_CHUNK = 16;
export const FILE_NEXT_RECORD = 24;
export const FILE_HEADER_SIZE = 32;
export const FILE_MINOR_VERSION = 36;
export const FILE_MAJOR_VERSION = 38;
export const FILE_BLOCK_SIZE = 40;
export const FILE_CHUNK_COUNT = 42;
export const FILE_FLAGS = 120;
export const FILE_CHECKSUM = 124;
/** The service had the file open, or did not close it: the counters of the header may be out of date. */
export const FLAG_DIRTY = 1;
/** Files and chunks so marked carry no checksums. */
export const FLAG_NO_CHECKSUM = 4;

/** Chunk: 64 KiB, a header of 512 bytes and then records; every offset within counts from its first byte. */
export const CHUNK_BYTES = 65_536;
export const CHUNK_FIRST_NUMBER = 8;
export const CHUNK_LAST_NUMBER = 16;
export const CHUNK_FIRST_RECORD = 24;
export const CHUNK_LAST_RECORD = 32;
export const CHUNK_HEADER_SIZE = 40;
export const CHUNK_LAST_OFFSET = 44;
export const CHUNK_FREE_OFFSET = 48;
export const CHUNK_RECORDS_CHECKSUM = 52;
export const CHUNK_FLAGS = 120;
export const CHUNK_HEADER_CHECKSUM = 124;
export const CHUNK_NAME_TABLE = 128;
export const CHUNK_TEMPLATE_TABLE = 384;
export const CHUNK_RECORDS = 512;
/** Buckets of the two tables in a chunk's header. */
export const NAME_BUCKETS = 64;
export const TEMPLATE_BUCKETS = 32;

/** Record: magic, size, id, time written (FILETIME), BinXML, the size again. */
export const RECORD_SIZE = 4;
export const RECORD_ID = 8;
export const RECORD_TIME = 16;
export const RECORD_BODY = 24;
/** Header and trailing size: a record is never shorter. */
export const RECORD_BYTES_MIN = 28;

/** More records than this do not fit into a chunk. */
export const RECORDS_MAX: number = Math.floor((CHUNK_BYTES - CHUNK_RECORDS) / RECORD_BYTES_MIN);

/** Name: next of its bucket, hash, count of UTF-16 units, the units, a zero unit. */
export const NAME_HASH = 4;
export const NAME_COUNT = 6;
export const NAME_UNITS = 8;

/** Template definition: next of its bucket, GUID, size of its body, the body. */
export const TEMPLATE_GUID = 4;
export const TEMPLATE_SIZE = 20;
export const TEMPLATE_BODY = 24;
/** Template instance: token, version, id, offset of the definition. */
export const INSTANCE_DEFINITION = 6;
export const INSTANCE_BYTES = 10;

/** Tokens of BinXML; some come with MORE set, which says that attributes or parts follow. */
export const MORE = 0x40;
export const Token = {
  end: 0x00,
  openElement: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  character: 0x08,
  entity: 0x09,
  instructionTarget: 0x0a,
  instructionData: 0x0b,
  instance: 0x0c,
  substitution: 0x0d,
  optionalSubstitution: 0x0e,
  fragment: 0x0f,
} as const;

/** Types of values; an array of a type has ARRAY set as well. */
export const ARRAY = 0x80;
export const ValueType = {
  none: 0x00,
  unicode: 0x01,
  ansi: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  filetime: 0x11,
  systemtime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  handle: 0x20,
  binxml: 0x21,
  xml: 0x23,
} as const;

/** Bytes of one value of a type; 0 where a value brings its own length. */
export const VALUE_BYTES: Uint8Array = typeTable([
  [ValueType.int8, 1],
  [ValueType.uint8, 1],
  [ValueType.int16, 2],
  [ValueType.uint16, 2],
  [ValueType.int32, 4],
  [ValueType.uint32, 4],
  [ValueType.int64, 8],
  [ValueType.uint64, 8],
  [ValueType.real32, 4],
  [ValueType.real64, 8],
  [ValueType.bool, 4],
  [ValueType.guid, 16],
  [ValueType.filetime, 8],
  [ValueType.systemtime, 16],
  [ValueType.hex32, 4],
  [ValueType.hex64, 8],
]);

/** 1 for each type byte that the specification names, arrays included. */
export const KNOWN_TYPE: Uint8Array = typeTable(Object.values(ValueType).map((type) => [type, 1]));

function typeTable(entries: readonly (readonly [type: number, value: number])[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const [type, value] of entries) {
    table[type] = value;
    if (type !== ValueType.none && type < ValueType.handle) table[type | ARRAY] = value;
  }
  return table;
}

/** Hash of a name as Windows puts it into the chunk's table: 16 bits. */
export function hashName(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++)
    hash = (Math.imul(hash, 65_599) + name.charCodeAt(at)) | 0;
  return hash & 0xffff;
}

/** Elements in elements, values in values: the deepest seen in real logs is 8. */
export const DEPTH_MAX = 64;
/** Windows passes at most 128 values to an event; the system's own are under 20. */
export const VALUES_MAX = 1_024;
/** Names come from manifests; the longest seen is 60. */
export const NAME_UNITS_MAX = 1_024;
/** How often a template may place one value: Windows places it once, a hostile file would multiply it. */
export const VALUE_PLACES_MAX = 4;
/** Text and markup that the templates of one chunk may expand to, all records counted: 256 times the chunk. */
export const EXPANSION_BYTES_MAX = 256 * CHUNK_BYTES;
