/**
 * Writes a compound file, a small file system within a file, for Outlook's items. Refuses files of more than 6.8 MB, which
 * need a list of tables behind the header. Version 3, sectors of 512 bytes. Spec: MS-CFB.
 */
import { assert, known } from "../base/assert.ts";
import { concatBytes } from "../base/bytes.ts";

/** What a storage holds. */
export type Node =
  | { readonly name: string; readonly bytes: Uint8Array }
  | { readonly name: string; readonly children: readonly Node[] };

const SECTOR_BYTES = 512;
const MINI_SECTOR_BYTES = 64;
/** Streams shorter than this stand in the mini stream. */
const MINI_CUTOFF_BYTES = 4096;
const ENTRY_BYTES = 128;
const WORDS_IN_SECTOR = SECTOR_BYTES / 4;
const TABLES_IN_HEADER = 109;
const FREE = 0xffff_ffff;
const END = 0xffff_fffe;
const TABLE = 0xffff_fffd;
const KIND = { storage: 1, stream: 2, root: 5 } as const;
const BLACK = 1;

interface Entry {
  readonly name: string;
  readonly kind: (typeof KIND)[keyof typeof KIND];
  readonly bytes: Uint8Array;
  left: number;
  right: number;
  child: number;
}

/** Sectors one behind another, and for each of them the one that follows it in its stream. */
class Sectors {
  readonly next: number[] = [];
  readonly #parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  readonly #unitBytes: number;

  constructor(unitBytes: number) {
    this.#unitBytes = unitBytes;
  }

  /** Puts a stream behind the others; the number of its first sector. */
  add(bytes: Uint8Array): number {
    if (bytes.length === 0) return END;
    const first = this.next.length;
    const count = Math.ceil(bytes.length / this.#unitBytes);
    this.#parts.push({ at: first * this.#unitBytes, bytes });
    for (let at = 1; at <= count; at++) this.next.push(at === count ? END : first + at);
    return first;
  }

  get bytes(): Uint8Array {
    const all = new Uint8Array(this.next.length * this.#unitBytes);
    for (const { at, bytes } of this.#parts) all.set(bytes, at);
    return all;
  }
}

/** The file; `classId` says what it is. The directory comes first, the allocation table last. */
export function writeCompoundFile(classId: Uint8Array, children: readonly Node[]): Uint8Array {
  const entries = entriesOf(children);
  const main = new Sectors(SECTOR_BYTES);
  const mini = new Sectors(MINI_SECTOR_BYTES);
  const directory = new Uint8Array(roundedUp(entries.length * ENTRY_BYTES));
  main.add(directory);
  const firsts = entries.map(({ bytes }) =>
    (bytes.length < MINI_CUTOFF_BYTES ? mini : main).add(bytes),
  );
  const miniStream = mini.bytes;
  firsts[0] = main.add(miniStream);
  fillDirectory(directory, entries, firsts);
  const view = new DataView(directory.buffer);
  directory.set(classId, 80);
  view.setUint32(120, miniStream.length, true);
  const miniTable = tableOf(mini.next);
  const firstMiniTable = main.add(miniTable);
  const before = main.next.length;
  const tables = Math.ceil(before / (WORDS_IN_SECTOR - 1));
  assert(tables <= TABLES_IN_HEADER, "the table fits into the header");
  const table = tableOf([...main.next, ...Array.from({ length: tables }, () => TABLE)]);
  return concatBytes([
    headerOf(before, tables, firstMiniTable, miniTable.length / SECTOR_BYTES),
    main.bytes,
    table,
  ]);
}

function roundedUp(sizeBytes: number): number {
  return Math.ceil(sizeBytes / SECTOR_BYTES) * SECTOR_BYTES;
}

/** A table of sector numbers, as long as whole sectors are. */
function tableOf(next: readonly number[]): Uint8Array {
  const table = new Uint8Array(roundedUp(next.length * 4)).fill(0xff);
  const view = new DataView(table.buffer);
  for (const [at, sector] of next.entries()) view.setUint32(at * 4, sector, true);
  return table;
}

/** The root, and all that is below it: each storage's children are a balanced tree of black nodes, which is a valid one. */
function entriesOf(children: readonly Node[]): Entry[] {
  const entries: Entry[] = [];
  const add = (node: Node, kind: Entry["kind"]): number => {
    const bytes = "bytes" in node ? node.bytes : new Uint8Array(0);
    const entry = { name: node.name, kind, bytes, left: FREE, right: FREE, child: FREE };
    const index = entries.push(entry) - 1;
    if ("children" in node) {
      const below = node.children
        .toSorted(byName)
        .map((child) => add(child, "bytes" in child ? KIND.stream : KIND.storage));
      entry.child = treeOf(below);
    }
    return index;
  };
  const treeOf = (sorted: readonly number[]): number => {
    const middle = sorted.length >> 1;
    const index = sorted[middle];
    if (index === undefined) return FREE;
    const entry = known(entries[index], "it was just made");
    entry.left = treeOf(sorted.slice(0, middle));
    entry.right = treeOf(sorted.slice(middle + 1));
    return index;
  };
  add({ name: "Root Entry", children }, KIND.root);
  return entries;
}

/** Shorter names first, then by their capitals (MS-CFB 2.6.4). */
function byName(left: Node, right: Node): number {
  if (left.name.length !== right.name.length) return left.name.length - right.name.length;
  return left.name.toUpperCase() < right.name.toUpperCase() ? -1 : 1;
}

function fillDirectory(
  directory: Uint8Array,
  entries: readonly Entry[],
  firsts: readonly number[],
): void {
  const view = new DataView(directory.buffer);
  for (const [index, { name, kind, bytes, left, right, child }] of entries.entries()) {
    const at = index * ENTRY_BYTES;
    for (let unit = 0; unit < name.length; unit++)
      view.setUint16(at + unit * 2, name.charCodeAt(unit), true);
    view.setUint16(at + 64, (name.length + 1) * 2, true);
    view.setUint8(at + 66, kind);
    view.setUint8(at + 67, BLACK);
    view.setUint32(at + 68, left, true);
    view.setUint32(at + 72, right, true);
    view.setUint32(at + 76, child, true);
    // A storage has no sectors of its own.
    view.setUint32(at + 116, kind === KIND.storage ? 0 : (firsts[index] ?? END), true);
    view.setUint32(at + 120, bytes.length, true);
  }
}

const MARK = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

function headerOf(
  firstTable: number,
  tables: number,
  firstMiniTable: number,
  miniTables: number,
): Uint8Array {
  const header = new Uint8Array(SECTOR_BYTES);
  const view = new DataView(header.buffer);
  header.set(MARK, 0);
  view.setUint16(24, 0x3e, true);
  view.setUint16(26, 3, true);
  view.setUint16(28, 0xfffe, true);
  view.setUint16(30, Math.log2(SECTOR_BYTES), true);
  view.setUint16(32, Math.log2(MINI_SECTOR_BYTES), true);
  view.setUint32(44, tables, true);
  // The directory begins in the first sector.
  view.setUint32(48, 0, true);
  view.setUint32(56, MINI_CUTOFF_BYTES, true);
  view.setUint32(60, firstMiniTable, true);
  view.setUint32(64, miniTables, true);
  view.setUint32(68, END, true);
  for (let at = 0; at < TABLES_IN_HEADER; at++)
    view.setUint32(76 + at * 4, at < tables ? firstTable + at : FREE, true);
  return header;
}
