/**
 * A hive over a Source: its base block, and cells by their offset through a bounded cache. Refuses cells that are free or
 * do not lie within the hive. Spec: layout.ts.
 */
import { Buffer } from "node:buffer";
import { copyOf } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import * as layout from "./layout.ts";

/** What is wrong with a hive, at a byte of the file. */
export interface HiveTrouble {
  readonly offset: number;
  readonly what: string;
  readonly need: string;
  readonly have: string;
}

const PAGE_BYTES = 65_536;
const PAGES_MAX = 256;

/** Cells of one hive. At most 16 MB of it are in memory. */
export class Hive {
  readonly #source: Source;
  readonly #pages: Map<number, Buffer> = new Map();
  /** Offset of the root's cell. */
  readonly root: number;
  /** Bytes behind the base block that belong to the hive, as far as they are there. */
  readonly sizeBytes: number;
  /** The end of the path that Windows opened the hive by; "" where it is not told. */
  readonly fileName: string;
  /** Version 1.3 has no big data. */
  readonly hasBigData: boolean;

  /** `base` is the whole base block. */
  constructor(source: Source, base: Buffer) {
    this.#source = source;
    this.root = base.readUInt32LE(layout.ROOT_CELL);
    const told = base.readUInt32LE(layout.BINS_SIZE);
    this.sizeBytes = Math.max(0, Math.min(told, source.byteLength - layout.BASE_BYTES));
    const name = base.toString(
      "utf16le",
      layout.FILE_NAME,
      layout.FILE_NAME + layout.FILE_NAME_BYTES,
    );
    this.fileName = (name.split("\0", 1)[0] ?? "").trim();
    this.hasBigData = base.readUInt32LE(layout.MINOR_VERSION) > 3;
  }

  /** The content of the cell in use at `at`, at most `bytesMax` of it; null where there is none. */
  cell(at: number, bytesMax: number): Buffer | null {
    if (at % layout.CELL_ALIGNMENT !== 0 || at + layout.CELL_HEADER_BYTES > this.sizeBytes)
      return null;
    const size = -this.#wordAt(at);
    if (size < layout.CELL_ALIGNMENT || at + size > this.sizeBytes) return null;
    const length = Math.min(size - layout.CELL_HEADER_BYTES, bytesMax);
    return this.#bytes(at + layout.CELL_HEADER_BYTES, length);
  }

  /** The cell's content where it begins with this signature. */
  cellOf(at: number, magic: string, bytesMax: number): Buffer | null {
    const cell = this.cell(at, bytesMax);
    return cell !== null && cell.length >= 4 && isMagic(cell, magic) ? cell : null;
  }

  /** Cells lie at multiples of 8, so their size never crosses a page. */
  #wordAt(at: number): number {
    const from = layout.BASE_BYTES + at;
    return this.#page(Math.floor(from / PAGE_BYTES)).readInt32LE(from % PAGE_BYTES);
  }

  #bytes(at: number, length: number): Buffer {
    const from = layout.BASE_BYTES + at;
    const index = Math.floor(from / PAGE_BYTES);
    const inside = from - index * PAGE_BYTES;
    if (inside + length <= PAGE_BYTES) return this.#page(index).subarray(inside, inside + length);
    return Buffer.from(copyOf(this.#source.read(from, from + length)).buffer);
  }

  #page(index: number): Buffer {
    const known = this.#pages.get(index);
    if (known !== undefined) return known;
    if (this.#pages.size >= PAGES_MAX) {
      const [oldest] = this.#pages.keys();
      if (oldest !== undefined) this.#pages.delete(oldest);
    }
    const start = index * PAGE_BYTES;
    const end = Math.min(start + PAGE_BYTES, this.#source.byteLength);
    const page = Buffer.from(copyOf(this.#source.read(start, end)).buffer);
    this.#pages.set(index, page);
    return page;
  }
}

/** Whether the bytes begin with this text of ASCII. */
export function isMagic(bytes: Uint8Array, magic: string): boolean {
  for (let at = 0; at < magic.length; at++) if (bytes[at] !== magic.charCodeAt(at)) return false;
  return true;
}

/** The hive of a source, or null where its base block is not whole; what is wrong with either. */
export function openHive(source: Source): {
  readonly hive: Hive | null;
  readonly troubles: readonly HiveTrouble[];
} {
  const size = source.byteLength;
  const base = Buffer.from(copyOf(source.read(0, Math.min(layout.BASE_BYTES, size))).buffer);
  if (base.length < layout.BASE_BYTES || !isMagic(base, layout.BASE_MAGIC)) {
    const have = base.length < layout.BASE_BYTES ? `${base.length} bytes` : "other bytes";
    return {
      hive: null,
      troubles: [
        { offset: 0, what: "base block", need: `regf and ${layout.BASE_BYTES} bytes`, have },
      ],
    };
  }
  const hive = new Hive(source, base);
  return { hive, troubles: [...baseTroubles(base, size), ...binTroubles(source, hive)] };
}

function* baseTroubles(base: Buffer, size: number): Generator<HiveTrouble> {
  const [first, second] = [
    base.readUInt32LE(layout.PRIMARY_SEQUENCE),
    base.readUInt32LE(layout.SECONDARY_SEQUENCE),
  ];
  if (first !== second) {
    const have = `${first} and ${second}: the last changes are in its transaction logs, which are not applied`;
    yield {
      offset: layout.PRIMARY_SEQUENCE,
      what: "dirty hive",
      need: "equal sequence numbers",
      have,
    };
  }
  const sum = checksumOf(base);
  const stored = base.readUInt32LE(layout.CHECKSUM);
  if (sum !== stored)
    yield {
      offset: layout.CHECKSUM,
      what: "base block checksum",
      need: `${sum}`,
      have: `${stored}`,
    };
  const bins = base.readUInt32LE(layout.BINS_SIZE);
  if (layout.BASE_BYTES + bins > size)
    yield {
      offset: size,
      what: "file length",
      need: `${layout.BASE_BYTES + bins} bytes`,
      have: `${size} bytes`,
    };
}

/** XOR of all words before it; 0 and -1 are written as their neighbours, as Windows does. */
export function checksumOf(base: Buffer): number {
  let sum = 0;
  for (let at = 0; at < layout.CHECKSUM; at += 4) sum ^= base.readInt32LE(at);
  if (sum === 0) return 1;
  return sum === -1 ? 0xffff_fffe : sum >>> 0;
}

/** Goes from bin to bin; a stretch without bins is told once. Cells in it are read where something leads to them. */
function* binTroubles(source: Source, { sizeBytes }: Hive): Generator<HiveTrouble> {
  let isLost = false;
  let at = 0;
  while (at < sizeBytes) {
    const offset = layout.BASE_BYTES + at;
    const head = Buffer.from(
      copyOf(source.read(offset, Math.min(offset + layout.BIN_HEADER_BYTES, source.byteLength)))
        .buffer,
    );
    const isBin =
      head.length === layout.BIN_HEADER_BYTES &&
      isMagic(head, layout.BIN_MAGIC) &&
      head.readUInt32LE(layout.BIN_OFFSET) === at;
    const size = isBin ? head.readUInt32LE(layout.BIN_SIZE) : 0;
    const isSound =
      size >= layout.BIN_PAGE && size % layout.BIN_PAGE === 0 && at + size <= sizeBytes;
    if (!isSound && !isLost)
      yield {
        offset,
        what: "hive bin",
        need: "hbin, its own offset and whole pages",
        have: isBin ? `${size} bytes` : "other bytes",
      };
    isLost = !isSound;
    at += isSound ? size : layout.BIN_PAGE;
  }
  const rest = firstNonZero(source, layout.BASE_BYTES + sizeBytes);
  if (rest >= 0)
    yield { offset: rest, what: "end of the hive", need: "zeros behind it", have: "other bytes" };
}

const ZEROS = Buffer.alloc(PAGE_BYTES);

/** The first byte from `from` on that is not zero, or -1. Files are padded: some by as much again. */
function firstNonZero(source: Source, from: number): number {
  for (let at = from; at < source.byteLength; at += PAGE_BYTES) {
    const bytes = source.read(at, Math.min(at + PAGE_BYTES, source.byteLength));
    if (ZEROS.compare(bytes, 0, bytes.length, 0, bytes.length) !== 0)
      return at + bytes.findIndex((byte) => byte !== 0);
  }
  return -1;
}
