/**
 * A compound file: storages and streams, like a file system in one file. Refuses chains that meet themselves and trees
 * that are none; what is missing is said, the rest is there. Spec: MS-CFB.
 */
import type { Source } from "../../../base/source.ts";
import type { NotRead } from "../json/json-value.ts";
import {
  ENTRY_BYTES,
  type Header,
  MINI_SECTOR_BYTES,
  NO_ENTRY,
  type RawEntry,
  SECTOR_MAX,
  parseEntry,
  parseHeader,
} from "./layout.ts";

/** A storage or stream. */
export interface Entry {
  readonly name: string;
  readonly kind: "storage" | "stream" | "root";
  /** Where its directory entry stands in the file: what tells it from every other. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly firstSector: number;
  /** Number in the directory. */
  readonly index: number;
}

/** Takes what is wrong with the file. */
type Refuse = (offset: number, why: Omit<NotRead, "kind">) => void;

const ENTRIES_MAX = 65_536;
/** Bytes read at a time where sectors lie one behind another. */
const RUN_BYTES = 1_048_576;
/** Allocation tables beyond this are of files of 8 GiB. */
const TABLE_SECTORS_MAX = 131_072;

/** An open compound file; streams are read when asked for. */
export class CompoundFile {
  readonly #source: Source;
  readonly #header: Header;
  readonly #refuse: Refuse;
  /** The next sector of each sector. */
  readonly #table: Uint32Array;
  readonly #miniTable: Uint32Array;
  readonly #entries: readonly RawEntry[];
  readonly #offsets: readonly number[];
  /** Sectors of the mini stream, in order. */
  readonly #miniSectors: readonly number[];
  /** Bytes that may still be handed out: streams of a sound file share no sector. */
  #budget: number;
  /** Entries that have a parent already. */
  readonly #placed = new Set<number>([0]);

  constructor(source: Source, header: Header, refuse: Refuse) {
    this.#source = source;
    this.#header = header;
    this.#refuse = refuse;
    this.#budget = 2 * source.byteLength;
    this.#table = this.#readTable();
    const directory = this.#chain(header.firstDirectorySector, "directory", ENTRIES_MAX);
    const { entries, offsets } = this.#readDirectory(directory);
    this.#entries = entries;
    this.#offsets = offsets;
    this.#miniTable = this.#readWords(
      this.#chain(header.firstMiniTableSector, "mini table", TABLE_SECTORS_MAX),
    );
    const [root] = entries;
    const needed = root === undefined ? 0 : Math.ceil(root.sizeBytes / header.sectorBytes);
    this.#miniSectors =
      root === undefined || needed === 0
        ? []
        : this.#chain(root.firstSector, "mini stream", needed);
    this.#checkEnd();
  }

  /** The root, or null where there is none. */
  get root(): Entry | null {
    return this.#entries[0]?.kind === "root" ? this.#entry(0) : null;
  }

  /** What stands in a storage, in the order of the directory. Each entry is given to one parent only. */
  children(parent: Entry): readonly Entry[] {
    const found: number[] = [];
    const open = [this.#entries[parent.index]?.child ?? NO_ENTRY];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (index === NO_ENTRY) continue;
      const raw = this.#entries[index];
      if (raw === undefined || this.#placed.has(index)) {
        const have =
          raw === undefined ? `entry ${index}, which is missing` : `entry ${index} twice`;
        this.#refuse(parent.offset, { what: "directory", need: "a tree of entries", have });
        continue;
      }
      this.#placed.add(index);
      if (raw.kind !== "none") found.push(index);
      open.push(raw.left, raw.right);
    }
    return found.toSorted((left, right) => left - right).map((index) => this.#entry(index));
  }

  /** The first `bytesMax` bytes of a stream, or as many as there are. */
  read(entry: Entry, bytesMax: number): Uint8Array {
    const out = new Uint8Array(Math.min(entry.sizeBytes, bytesMax, this.#source.byteLength));
    let length = 0;
    for (const part of this.parts(entry, out.length)) {
      out.set(part, length);
      length += part.length;
    }
    return out.subarray(0, length);
  }

  /** A stream in parts, up to `bytesMax`; each part is valid until the next step. */
  *parts(entry: Entry, bytesMax: number): Generator<Uint8Array> {
    const wanted = Math.min(entry.sizeBytes, bytesMax);
    const allowed = Math.min(wanted, this.#budget);
    this.#budget -= allowed;
    const isMini = entry.sizeBytes < this.#header.miniCutoffBytes && entry.kind !== "root";
    let left = allowed;
    for (const { start, end } of isMini
      ? this.#miniRuns(entry, allowed)
      : this.#runs(entry, allowed)) {
      const part = this.#bytes(start, Math.min(end, start + left));
      left -= part.length;
      yield part;
      if (part.length < end - start && left > 0) break;
    }
    const got = allowed - left;
    if (got < wanted)
      this.#refuse(entry.offset, { what: "stream", need: `${wanted} bytes`, have: `${got} bytes` });
  }

  /** The bytes of [start, end) as far as the file has them. */
  #bytes(start: number, end: number): Uint8Array {
    const size = this.#source.byteLength;
    return this.#source.read(Math.min(start, size), Math.min(Math.max(start, end), size));
  }

  #offsetOf(sector: number): number {
    return (sector + 1) * this.#header.sectorBytes;
  }

  #entry(index: number): Entry {
    const raw = this.#entries[index];
    const kind = raw === undefined || raw.kind === "none" ? "stream" : raw.kind;
    return {
      name: raw?.name ?? "",
      kind,
      offset: this.#offsets[index] ?? 0,
      sizeBytes: raw?.sizeBytes ?? 0,
      firstSector: raw?.firstSector ?? NO_ENTRY,
      index,
    };
  }

  /** Runs of sectors one behind another, enough for `wanted` bytes. */
  *#runs(entry: Entry, wanted: number): Generator<{ start: number; end: number }> {
    const { sectorBytes } = this.#header;
    let sector = entry.firstSector;
    for (let left = Math.ceil(wanted / sectorBytes); left > 0 && sector <= SECTOR_MAX; ) {
      const first = sector;
      let last = sector;
      let count = 1;
      sector = this.#table[last] ?? NO_ENTRY;
      for (; sector === last + 1 && count < left && count * sectorBytes < RUN_BYTES; count++) {
        last = sector;
        sector = this.#table[last] ?? NO_ENTRY;
      }
      left -= count;
      yield { start: this.#offsetOf(first), end: this.#offsetOf(last + 1) };
    }
  }

  *#miniRuns(entry: Entry, wanted: number): Generator<{ start: number; end: number }> {
    const inSector = this.#header.sectorBytes / MINI_SECTOR_BYTES;
    let mini = entry.firstSector;
    for (let left = Math.ceil(wanted / MINI_SECTOR_BYTES); left > 0 && mini <= SECTOR_MAX; left--) {
      const sector = this.#miniSectors[Math.floor(mini / inSector)];
      if (sector === undefined) return;
      const start = this.#offsetOf(sector) + (mini % inSector) * MINI_SECTOR_BYTES;
      yield { start, end: start + MINI_SECTOR_BYTES };
      mini = this.#miniTable[mini] ?? NO_ENTRY;
    }
  }

  /** The sectors of a chain, at most `sectorsMax`; a sector that comes again ends it. */
  #chain(first: number, what: string, sectorsMax: number): readonly number[] {
    const sectors: number[] = [];
    const seen = new Set<number>();
    let sector = first;
    while (sector <= SECTOR_MAX && sectors.length < sectorsMax) {
      if (seen.has(sector) || this.#offsetOf(sector) >= this.#source.byteLength) {
        const have = seen.has(sector)
          ? `sector ${sector} twice`
          : `sector ${sector}, beyond the end`;
        this.#refuse(0, { what, need: "a chain of sectors", have });
        break;
      }
      seen.add(sector);
      sectors.push(sector);
      sector = this.#table[sector] ?? NO_ENTRY;
    }
    return sectors;
  }

  #readTable(): Uint32Array {
    const { sectorBytes, tableSectors, firstTableListSector } = this.#header;
    const sectors = [...tableSectors];
    const seen = new Set<number>();
    const inSector = sectorBytes / 4 - 1;
    for (let list = firstTableListSector; list <= SECTOR_MAX && !seen.has(list); ) {
      seen.add(list);
      const words = this.#readWords([list]);
      if (words.length <= inSector || sectors.length > TABLE_SECTORS_MAX) break;
      sectors.push(...words.subarray(0, inSector).filter((sector) => sector <= SECTOR_MAX));
      list = words[inSector] ?? NO_ENTRY;
    }
    return this.#readWords(sectors.slice(0, TABLE_SECTORS_MAX));
  }

  /** Sectors as numbers. A table is never larger than its file; of a sector that the file's end cut off, each is no sector. */
  #readWords(given: readonly number[]): Uint32Array {
    const { sectorBytes } = this.#header;
    const { byteLength } = this.#source;
    const sectors = given.slice(0, Math.floor(byteLength / sectorBytes));
    const words = new Uint32Array((sectors.length * sectorBytes) / 4).fill(NO_ENTRY);
    for (const [at, sector] of sectors.entries()) {
      if (this.#offsetOf(sector) >= byteLength) continue;
      const bytes = this.#bytes(this.#offsetOf(sector), this.#offsetOf(sector + 1));
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let word = 0; word + 4 <= bytes.length; word += 4)
        words[(at * sectorBytes + word) / 4] = view.getUint32(word, true);
    }
    return words;
  }

  #readDirectory(sectors: readonly number[]) {
    const { sectorBytes } = this.#header;
    const entries: RawEntry[] = [];
    const offsets: number[] = [];
    for (const sector of sectors) {
      const start = this.#offsetOf(sector);
      const bytes = this.#bytes(start, start + sectorBytes);
      for (
        let at = 0;
        at + ENTRY_BYTES <= bytes.length && entries.length < ENTRIES_MAX;
        at += ENTRY_BYTES
      ) {
        entries.push(parseEntry(bytes, at, sectorBytes > 512));
        offsets.push(start + at);
      }
    }
    return { entries, offsets };
  }

  /** A file that does not end where a sector ends was cut, or has something behind it. */
  #checkEnd(): void {
    const { sectorBytes } = this.#header;
    const size = this.#source.byteLength;
    const covered = (this.#table.length + 1) * sectorBytes;
    if (size % sectorBytes !== 0)
      this.#refuse(size - (size % sectorBytes), {
        what: "sector",
        need: `${sectorBytes} bytes`,
        have: `${size % sectorBytes} bytes`,
      });
    else if (size > covered)
      this.#refuse(covered, {
        what: "end of the file",
        need: `no sector beyond the table, at ${covered}`,
        have: `${size - covered} bytes more`,
      });
  }
}

/** Opens a compound file; null, and a refusal, where its header is none. */
export function openCompoundFile(source: Source, refuse: Refuse): CompoundFile | null {
  const header = parseHeader(source.read(0, Math.min(512, source.byteLength)));
  if (header === null) {
    const have = source.byteLength < 512 ? `${source.byteLength} bytes` : "another";
    refuse(0, { what: "compound file", need: "a header of 512 bytes, version 3 or 4", have });
    return null;
  }
  return new CompoundFile(source, header, refuse);
}
