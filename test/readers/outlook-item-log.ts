/**
 * Made-up Outlook items: a writer of compound files, small and plain. The directory stands last, each message behind
 * what belongs to the one before, so that a copy cut within it still holds whole messages.
 */
import { Buffer } from "node:buffer";

const SECTOR = 512;
const MINI = 64;
const CUTOFF = 4_096;
const FREE = 0xffff_ffff;
const END = 0xffff_fffe;
const TABLE = 0xffff_fffd;

/** A storage or stream of a compound file to be written. */
export interface Node {
  readonly name: string;
  readonly bytes?: Uint8Array;
  readonly children?: readonly Node[];
  /** Written behind everything before it, with what it holds. */
  readonly isLate?: boolean;
}

interface Placed {
  readonly node: Node;
  child: number;
  right: number;
  first: number;
}

/** Nodes in the order of the directory: late ones after all others. */
function placedOf(root: Node): readonly Placed[] {
  const list: Placed[] = [];
  const index = new Map<Node, number>();
  const late: Node[] = [];
  const place = (node: Node) => {
    index.set(node, list.length);
    list.push({ node, child: FREE, right: FREE, first: END });
    for (const child of node.children ?? []) {
      if (child.isLate === true) late.push(child);
      else place(child);
    }
  };
  place(root);
  for (let next = late.shift(); next !== undefined; next = late.shift()) place(next);
  for (const placed of list) {
    const numbers = (placed.node.children ?? []).map((child) => index.get(child) ?? FREE);
    placed.child = numbers[0] ?? FREE;
    for (const [at, number] of numbers.entries()) {
      const entry = list[number];
      if (entry !== undefined) entry.right = numbers[at + 1] ?? FREE;
    }
  }
  return list;
}

function padded(bytes: Uint8Array, unit: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((unit - (bytes.length % unit)) % unit)]);
}

/** Adds a chain of `count` numbers to a table, from its end on. */
function chain(table: number[], count: number): number {
  const first = table.length;
  for (let at = 0; at < count; at++) table.push(at === count - 1 ? END : first + at + 1);
  return count === 0 ? END : first;
}

function entryOf({ node, child, right, first }: Placed, isRoot: boolean, rootSize: number): Buffer {
  const entry = Buffer.alloc(128);
  entry.write(node.name, 0, "utf16le");
  entry.writeUInt16LE((node.name.length + 1) * 2, 64);
  entry.writeUInt8(isRoot ? 5 : node.bytes === undefined ? 1 : 2, 66);
  entry.writeUInt8(1, 67);
  entry.writeUInt32LE(FREE, 68);
  entry.writeUInt32LE(right, 72);
  entry.writeUInt32LE(child, 76);
  if (isRoot) Buffer.from("0b0d020000000000c000000000000046", "hex").copy(entry, 80);
  entry.writeUInt32LE(first, 116);
  entry.writeUInt32LE(isRoot ? rootSize : (node.bytes?.length ?? 0), 120);
  return entry;
}

/** The bytes of a compound file of version 3. */
export function writeCompoundFile(root: Node): Uint8Array {
  const placed = placedOf(root);
  const streams = placed.filter(({ node }) => (node.bytes?.length ?? 0) > 0);
  const small = streams.filter(({ node }) => (node.bytes?.length ?? 0) < CUTOFF);
  const large = streams.filter(({ node }) => (node.bytes?.length ?? 0) >= CUTOFF);
  const miniTable: number[] = [];
  for (const entry of small)
    entry.first = chain(miniTable, Math.ceil((entry.node.bytes?.length ?? 0) / MINI));
  const mini = Buffer.concat(
    small.map(({ node }) => padded(node.bytes ?? new Uint8Array(0), MINI)),
  );
  const miniWords = Buffer.alloc(miniTable.length * 4);
  for (const [at, word] of miniTable.entries()) miniWords.writeUInt32LE(word, at * 4);
  const miniTableBytes = Buffer.concat([
    miniWords,
    Buffer.alloc((SECTOR - (miniWords.length % SECTOR)) % SECTOR, 0xff),
  ]);
  const sectorsOf = (size: number) => Math.ceil(size / SECTOR);
  const needed =
    sectorsOf(miniTableBytes.length) +
    sectorsOf(mini.length) +
    large.reduce((sum, { node }) => sum + sectorsOf(node.bytes?.length ?? 0), 0) +
    sectorsOf(placed.length * 128);
  const tableSectors = Math.ceil(needed / 127);
  const table: number[] = Array.from({ length: tableSectors }, () => TABLE);
  const firstMiniTable = chain(table, sectorsOf(miniTableBytes.length));
  const firstMini = chain(table, sectorsOf(mini.length));
  for (const entry of large) entry.first = chain(table, sectorsOf(entry.node.bytes?.length ?? 0));
  const firstDirectory = chain(table, sectorsOf(placed.length * 128));
  const [top] = placed;
  if (top !== undefined) top.first = firstMini;
  const words = Buffer.alloc(tableSectors * SECTOR, 0xff);
  for (const [at, word] of table.entries()) words.writeUInt32LE(word, at * 4);
  const header = Buffer.alloc(SECTOR);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(header);
  for (const [at, value] of [
    [24, 0x3e],
    [26, 3],
    [28, 0xfffe],
    [30, 9],
    [32, 6],
  ] as const)
    header.writeUInt16LE(value, at);
  for (const [at, value] of [
    [44, tableSectors],
    [48, firstDirectory],
    [56, CUTOFF],
    [60, firstMiniTable],
    [64, sectorsOf(miniTableBytes.length)],
    [68, END],
  ] as const)
    header.writeUInt32LE(value, at);
  for (let at = 0; at < 109; at++) header.writeUInt32LE(at < tableSectors ? at : FREE, 76 + at * 4);
  const directory = placed.map((entry, at) => entryOf(entry, at === 0, mini.length));
  const body = large.map(({ node }) => padded(node.bytes ?? new Uint8Array(0), SECTOR));
  const parts = [header, words, miniTableBytes, padded(mini, SECTOR), ...body];
  // No Buffer: its slices would be the same memory.
  return new Uint8Array(Buffer.concat([...parts, padded(Buffer.concat(directory), SECTOR)]));
}

/** Properties of one item: fixed values by tag, others as streams. */
export interface Values {
  readonly integers?: Readonly<Record<number, number>>;
  readonly times?: Readonly<Record<number, number>>;
  readonly texts?: Readonly<Record<number, string>>;
  readonly binaries?: Readonly<Record<number, Uint8Array>>;
}

const hex = (value: number, digits: number) =>
  value.toString(16).toUpperCase().padStart(digits, "0");

/** The streams of an item, a recipient or an attachment; `lead` is what stands before the first property. */
export function propertyNodes(values: Values, lead: 32 | 24 | 8): readonly Node[] {
  const entries: Buffer[] = [Buffer.alloc(lead)];
  const nodes: Node[] = [];
  const put = (id: number, type: number, value: bigint) => {
    const entry = Buffer.alloc(16);
    entry.writeUInt16LE(type, 0);
    entry.writeUInt16LE(id, 2);
    entry.writeUInt32LE(6, 4);
    entry.writeBigUInt64LE(value, 8);
    entries.push(entry);
  };
  for (const [id, value] of Object.entries(values.integers ?? {}))
    put(Number(id), 3, BigInt(value));
  for (const [id, millis] of Object.entries(values.times ?? {}))
    put(Number(id), 0x40, BigInt(millis) * 10_000n + 116_444_736_000_000_000n);
  const stream = (id: number, type: number, bytes: Uint8Array) => {
    put(id, type, BigInt(bytes.length));
    nodes.push({ name: `__substg1.0_${hex(id, 4)}${hex(type, 4)}`, bytes });
  };
  for (const [id, text] of Object.entries(values.texts ?? {}))
    stream(Number(id), 0x1f, Buffer.from(text, "utf16le"));
  for (const [id, bytes] of Object.entries(values.binaries ?? {})) stream(Number(id), 0x102, bytes);
  return [{ name: "__properties_version1.0", bytes: Buffer.concat(entries) }, ...nodes];
}

const START = Date.UTC(2021, 11, 2, 9);

function valuesOf(number: number): Values {
  return {
    integers: { 0x3fde: 65_001 },
    times: { 0x0039: START + number * 60_000, 0x3007: START + number * 60_000 + 500 },
    texts: {
      0x001a: "IPM.Note",
      0x0037: `Odd mail ${number}`,
      0x0c1a: "Ward Clerk",
      0x5d01: "ward@clinic-login.example",
      0x1000: `See below.\r\n\r\nFrom: Patient ${number}\r\nSent: 1 December 2021\r\nTo: Ward\r\nSubject: My visit\r\n\r\nI should like to come on Monday, please tell me when number ${number} is free.\r\n`,
      0x1035: `<odd${number}@clinic-login.example>`,
    },
  };
}

/** An item with a recipient, a file, and `count` messages inside. */
export function madeItem(count: number): Uint8Array {
  const inside = Array.from(
    { length: count },
    (_, number): Node => ({
      name: `__attach_version1.0_#${hex(number + 1, 8)}`,
      children: [
        ...propertyNodes(
          {
            integers: { 0x3705: 5, 0x0e20: 1_000 + number },
            texts: { 0x3001: `Odd mail ${number + 1}` },
          },
          8,
        ),
        {
          name: "__substg1.0_3701000D",
          children: propertyNodes(valuesOf(number + 1), 24),
          isLate: true,
        },
      ],
    }),
  );
  const file: Node = {
    name: "__attach_version1.0_#00000000",
    children: propertyNodes(
      {
        integers: { 0x3705: 1 },
        texts: { 0x3707: "invoice.zip", 0x370e: "application/zip" },
        binaries: { 0x3701: Buffer.alloc(5_000, "made up ") },
      },
      8,
    ),
  };
  const recipient: Node = {
    name: "__recip_version1.0_#00000000",
    children: propertyNodes(
      { integers: { 0x0c15: 1 }, texts: { 0x3001: "Clerk", 0x39fe: "clerk@clinic.example" } },
      8,
    ),
  };
  return writeCompoundFile({
    name: "Root Entry",
    children: [...propertyNodes(valuesOf(0), 32), recipient, file, ...inside],
  });
}
