/**
 * The structures of a registry hive (regf). All numbers are little-endian; offsets of cells count from the first hive bin.
 * Specified by https://github.com/msuhanov/regf and libyal/libregf, "Windows NT Registry File (REGF) format".
 */

/** The base block. */
export const BASE_BYTES = 4_096;
export const BASE_MAGIC = "regf";
export const PRIMARY_SEQUENCE = 4;
export const SECONDARY_SEQUENCE = 8;
export const LAST_WRITTEN = 12;
export const MAJOR_VERSION = 20;
export const MINOR_VERSION = 24;
export const FILE_TYPE = 28;
/** Other types are transaction logs: they hold pages, and no hive. */
export const PRIMARY_FILE = 0;
export const ROOT_CELL = 36;
export const BINS_SIZE = 40;
export const FILE_NAME = 48;
export const FILE_NAME_BYTES = 64;
export const CHECKSUM = 508;

/** A hive bin: whole pages of cells behind a header. */
export const BIN_MAGIC = "hbin";
export const BIN_OFFSET = 4;
export const BIN_SIZE = 8;
export const BIN_HEADER_BYTES = 32;
export const BIN_PAGE = 4_096;

/** A cell begins with its size, negative where it is in use, and lies at a multiple of 8. */
export const CELL_ALIGNMENT = 8;
export const CELL_HEADER_BYTES = 4;
/** No cell: the lists of a key that has none. */
export const NO_CELL = 0xffff_ffff;

/** A key node; places count from its signature. */
export const KEY_MAGIC = "nk";
export const KEY_FLAGS = 2;
export const KEY_WRITTEN = 4;
export const KEY_PARENT = 16;
export const KEY_SUBKEYS = 20;
export const KEY_SUBKEY_LIST = 28;
export const KEY_VALUES = 36;
export const KEY_VALUE_LIST = 40;
export const KEY_NAME_BYTES = 72;
export const KEY_NAME = 76;
export const KEY_IS_ROOT = 0x4;
export const KEY_NAME_IS_LATIN = 0x20;

/** Lists of subkeys: of keys alone (li), with a hint or a hash beside each (lf, lh), of other lists (ri). */
export const LIST_COUNT = 2;
export const LIST_ITEMS = 4;
export const ITEM_BYTES: ReadonlyMap<string, number> = new Map([
  ["li", 4],
  ["lf", 8],
  ["lh", 8],
]);
/** The signature of a list of lists. */
export const LIST_OF_LISTS = "ri";

/** A value. */
export const VALUE_MAGIC = "vk";
export const VALUE_NAME_BYTES = 2;
export const VALUE_SIZE = 4;
/** In the size: the data stands in the place of its offset. */
export const VALUE_IS_INLINE = 0x8000_0000;
export const VALUE_DATA = 8;
export const VALUE_TYPE = 12;
export const VALUE_FLAGS = 16;
export const VALUE_NAME = 20;
export const VALUE_NAME_IS_LATIN = 0x1;

/** Data too large for a cell: a list of segments, each of this size but the last. Since version 1.4. */
export const BIG_DATA_MAGIC = "db";
export const BIG_DATA_SEGMENTS = 2;
export const BIG_DATA_LIST = 4;
export const SEGMENT_BYTES = 16_344;

/** Types of data that are more than bytes. */
export const REG_SZ = 1;
export const REG_EXPAND_SZ = 2;
export const REG_DWORD = 4;
export const REG_DWORD_BIG_ENDIAN = 5;
export const REG_LINK = 6;
export const REG_MULTI_SZ = 7;
export const REG_QWORD = 11;

/** Windows refuses deeper keys. */
export const LEVELS_MAX = 512;
