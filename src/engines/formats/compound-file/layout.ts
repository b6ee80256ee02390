/**
 * The structures of a compound file: header, sector numbers, directory entries. Refuses sector sizes that the
 * specification does not know. Spec: MS-CFB 2.2, 2.6.
 */

/** The first bytes of every compound file: MSG, and old Word, Excel and installer files. */
export const COMPOUND_MARK: Uint8Array = Uint8Array.of(
  0xd0,
  0xcf,
  0x11,
  0xe0,
  0xa1,
  0xb1,
  0x1a,
  0xe1,
);

/** Sector numbers from here on are marks: free, end of chain, allocation tables. */
export const SECTOR_MAX = 0xffff_fff9;
/** An entry that is none. */
export const NO_ENTRY = 0xffff_ffff;
export const ENTRY_BYTES = 128;
export const MINI_SECTOR_BYTES = 64;
const HEADER_BYTES = 512;
const TABLE_ENTRIES_IN_HEADER = 109;

/** What the header says. */
export interface Header {
  readonly sectorBytes: number;
  readonly firstDirectorySector: number;
  readonly firstMiniTableSector: number;
  readonly firstTableListSector: number;
  /** Streams shorter than this stand in the mini stream. */
  readonly miniCutoffBytes: number;
  /** Sectors of the allocation table, as far as the header holds them. */
  readonly tableSectors: readonly number[];
}

/** Reads the header from the first bytes; null where it is cut or unknown. */
export function parseHeader(bytes: Uint8Array): Header | null {
  if (bytes.length < HEADER_BYTES || !COMPOUND_MARK.every((byte, at) => bytes[at] === byte))
    return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shift = view.getUint16(30, true);
  if ((shift !== 9 && shift !== 12) || view.getUint16(32, true) !== 6) return null;
  const tableSectors: number[] = [];
  for (let index = 0; index < TABLE_ENTRIES_IN_HEADER; index++) {
    const sector = view.getUint32(76 + index * 4, true);
    if (sector <= SECTOR_MAX) tableSectors.push(sector);
  }
  return {
    sectorBytes: 1 << shift,
    firstDirectorySector: view.getUint32(48, true),
    miniCutoffBytes: view.getUint32(56, true),
    firstMiniTableSector: view.getUint32(60, true),
    firstTableListSector: view.getUint32(68, true),
    tableSectors,
  };
}

/** One entry of the directory. */
export interface RawEntry {
  readonly name: string;
  readonly kind: "storage" | "stream" | "root" | "none";
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly classId: Uint8Array;
  readonly firstSector: number;
  readonly sizeBytes: number;
}

const KINDS = ["none", "storage", "stream", "none", "none", "root"] as const;

/** Reads the entry that begins at `at`; the caller makes sure that it is there. */
export function parseEntry(bytes: Uint8Array, at: number, isLarge: boolean): RawEntry {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, ENTRY_BYTES);
  const length = Math.min(32, view.getUint16(64, true) >> 1);
  let name = "";
  for (let unit = 0; unit < length - 1; unit++)
    name += String.fromCharCode(view.getUint16(unit * 2, true));
  // Version 3 leaves the high half undefined (MS-CFB 2.6.1).
  const high = isLarge ? view.getUint32(124, true) : 0;
  return {
    name,
    kind: KINDS[view.getUint8(66)] ?? "none",
    left: view.getUint32(68, true),
    right: view.getUint32(72, true),
    child: view.getUint32(76, true),
    classId: bytes.slice(at + 80, at + 96),
    firstSector: view.getUint32(116, true),
    sizeBytes: view.getUint32(120, true) + high * 2 ** 32,
  };
}
