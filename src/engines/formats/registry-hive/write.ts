/**
 * Writes registry hives: sample evidence, and what the tests read. Every key comes with its lists, values and data before
 * its subkeys. Names beyond one byte a character are UTF-16. Spec: layout.ts.
 */
import { Buffer } from "node:buffer";
import { concatBytes } from "../../../base/bytes.ts";
import { type Ticks, filetimeFromTicks } from "../../../base/time.ts";
import { checksumOf } from "./hive.ts";
import * as layout from "./layout.ts";

/** Data of a value: text, a list of texts, a number of 32 bits, one of 64, or bytes. */
export type WrittenData = string | readonly string[] | number | bigint | Uint8Array;

/** A key with all below it. */
export interface WrittenKey {
  readonly name: string;
  readonly ticks: Ticks;
  readonly values?: readonly (readonly [name: string, data: WrittenData])[];
  readonly keys?: readonly WrittenKey[];
  /** How its subkeys are listed; unless said otherwise `lh`, and `ri` where there are more than Windows puts in one. */
  readonly list?: "li" | "lf" | "lh" | "ri";
}

/** A hive of one bin; `fileName` is what Windows notes of the path that it was opened by. */
export function writeHive(root: WrittenKey, fileName: string): Uint8Array {
  const cells = new Cells();
  const rootAt = cells.key(root, layout.NO_CELL, true);
  const bin = cells.bin();
  const base = Buffer.alloc(layout.BASE_BYTES);
  base.write(layout.BASE_MAGIC, 0, "latin1");
  base.writeUInt32LE(7, layout.PRIMARY_SEQUENCE);
  base.writeUInt32LE(7, layout.SECONDARY_SEQUENCE);
  base.writeBigUInt64LE(filetimeFromTicks(root.ticks), layout.LAST_WRITTEN);
  base.writeUInt32LE(1, layout.MAJOR_VERSION);
  base.writeUInt32LE(5, layout.MINOR_VERSION);
  base.writeUInt32LE(1, layout.FILE_TYPE + 4);
  base.writeUInt32LE(rootAt, layout.ROOT_CELL);
  base.writeUInt32LE(bin.length, layout.BINS_SIZE);
  base.writeUInt32LE(1, layout.BINS_SIZE + 4);
  base.write(fileName.slice(-31), layout.FILE_NAME, layout.FILE_NAME_BYTES - 2, "utf16le");
  base.writeUInt32LE(checksumOf(base), layout.CHECKSUM);
  return concatBytes([base, bin]);
}

/** Windows divides longer lists of subkeys (practice). */
const LEAF_ITEMS = 1_012;

/** Cells one behind the other, in the order in which they are asked for. */
class Cells {
  readonly #parts: Buffer[] = [];
  #at = layout.BIN_HEADER_BYTES;

  /** Places a key: its node first, then what belongs to it, then its subkeys. Gives its offset. */
  key(key: WrittenKey, parent: number, isRoot = false): number {
    const node = nodeOf(key, parent, isRoot);
    const at = this.#cell(node);
    const { values = [], keys = [] } = key;
    if (values.length > 0) {
      const list = Buffer.alloc(values.length * 4);
      node.writeUInt32LE(values.length, layout.KEY_VALUES);
      node.writeUInt32LE(this.#cell(list), layout.KEY_VALUE_LIST);
      for (const [index, [name, data]] of values.entries())
        list.writeUInt32LE(this.#value(name, data), index * 4);
    }
    if (keys.length === 0) return at;
    const items = this.#list(key, node);
    for (const [index, subkey] of keys.entries()) {
      const { list, place } = items[index] ?? { list: node, place: 0 };
      list.writeUInt32LE(this.key(subkey, at), place);
    }
    return at;
  }

  /** A bin of whole pages around the cells; the rest is one free cell. */
  bin(): Uint8Array {
    const size = Math.ceil((this.#at + layout.CELL_ALIGNMENT) / layout.BIN_PAGE) * layout.BIN_PAGE;
    const head = Buffer.alloc(layout.BIN_HEADER_BYTES);
    head.write(layout.BIN_MAGIC, 0, "latin1");
    head.writeUInt32LE(size, layout.BIN_SIZE);
    const free = Buffer.alloc(size - this.#at);
    free.writeInt32LE(free.length, 0);
    return concatBytes([head, ...this.#parts, free]);
  }

  /** The list of subkeys of a key; where each of them is to be noted. */
  #list(
    key: WrittenKey,
    node: Buffer,
  ): readonly { readonly list: Buffer; readonly place: number }[] {
    const { keys = [], list: kind = keys.length > LEAF_ITEMS ? "ri" : "lh" } = key;
    node.writeUInt32LE(keys.length, layout.KEY_SUBKEYS);
    if (kind !== "ri") {
      const list = leafOf(kind, keys);
      node.writeUInt32LE(this.#cell(list), layout.KEY_SUBKEY_LIST);
      return keys.map((_, index) => ({ list, place: placeOf(kind, index) }));
    }
    const items = Math.min(LEAF_ITEMS, Math.ceil(keys.length / 2));
    const parts = Array.from({ length: Math.ceil(keys.length / items) }, (_, part) =>
      keys.slice(part * items, (part + 1) * items),
    );
    const root = leafOf("ri", parts);
    node.writeUInt32LE(this.#cell(root), layout.KEY_SUBKEY_LIST);
    return parts.flatMap((part, at) => {
      const list = leafOf("lf", part);
      root.writeUInt32LE(this.#cell(list), placeOf("ri", at));
      return part.map((_, index) => ({ list, place: placeOf("lf", index) }));
    });
  }

  #value(name: string, written: WrittenData): number {
    const isLatin = isLatinText(name);
    const nameBytes = Buffer.from(name, isLatin ? "latin1" : "utf16le");
    const { type, data } = dataOf(written);
    const cell = Buffer.alloc(layout.VALUE_NAME + nameBytes.length);
    cell.write(layout.VALUE_MAGIC, 0, "latin1");
    cell.writeUInt16LE(nameBytes.length, layout.VALUE_NAME_BYTES);
    cell.writeUInt32LE(type, layout.VALUE_TYPE);
    cell.writeUInt16LE(isLatin ? layout.VALUE_NAME_IS_LATIN : 0, layout.VALUE_FLAGS);
    cell.set(nameBytes, layout.VALUE_NAME);
    const at = this.#cell(cell);
    if (data.length <= 4) {
      cell.writeUInt32LE(layout.VALUE_IS_INLINE + data.length, layout.VALUE_SIZE);
      cell.set(data, layout.VALUE_DATA);
    } else {
      cell.writeUInt32LE(data.length, layout.VALUE_SIZE);
      cell.writeUInt32LE(this.#data(data), layout.VALUE_DATA);
    }
    return at;
  }

  #data(data: Buffer): number {
    if (data.length <= layout.SEGMENT_BYTES) return this.#cell(data);
    const count = Math.ceil(data.length / layout.SEGMENT_BYTES);
    const big = Buffer.alloc(8);
    big.write(layout.BIG_DATA_MAGIC, 0, "latin1");
    big.writeUInt16LE(count, layout.BIG_DATA_SEGMENTS);
    const at = this.#cell(big);
    const list = Buffer.alloc(count * 4);
    big.writeUInt32LE(this.#cell(list), layout.BIG_DATA_LIST);
    for (let index = 0; index < count; index++) {
      const from = index * layout.SEGMENT_BYTES;
      const segment = data.subarray(from, from + layout.SEGMENT_BYTES);
      list.writeUInt32LE(this.#cell(segment), index * 4);
    }
    return at;
  }

  /** Places content that may still change; its padding may not. */
  #cell(content: Buffer): number {
    const at = this.#at;
    const size = (layout.CELL_HEADER_BYTES + content.length + 7) & ~7;
    const head = Buffer.alloc(layout.CELL_HEADER_BYTES);
    head.writeInt32LE(-size, 0);
    this.#parts.push(head, content, Buffer.alloc(size - layout.CELL_HEADER_BYTES - content.length));
    this.#at += size;
    return at;
  }
}

function nodeOf(key: WrittenKey, parent: number, isRoot: boolean): Buffer {
  const isLatin = isLatinText(key.name);
  const name = Buffer.from(key.name, isLatin ? "latin1" : "utf16le");
  const node = Buffer.alloc(layout.KEY_NAME + name.length);
  node.write(layout.KEY_MAGIC, 0, "latin1");
  node.writeUInt16LE(
    (isLatin ? layout.KEY_NAME_IS_LATIN : 0) | (isRoot ? layout.KEY_IS_ROOT : 0),
    layout.KEY_FLAGS,
  );
  node.writeBigUInt64LE(filetimeFromTicks(key.ticks), layout.KEY_WRITTEN);
  node.writeUInt32LE(parent, layout.KEY_PARENT);
  // No subkeys, no values, no security, no class, until they are placed.
  for (const list of [layout.KEY_SUBKEY_LIST, 32, layout.KEY_VALUE_LIST, 44, 48])
    node.writeUInt32LE(layout.NO_CELL, list);
  node.writeUInt16LE(name.length, layout.KEY_NAME_BYTES);
  node.set(name, layout.KEY_NAME);
  return node;
}

function leafOf(
  kind: "li" | "lf" | "lh" | "ri",
  items: readonly (WrittenKey | readonly WrittenKey[])[],
): Buffer {
  const list = Buffer.alloc(placeOf(kind, items.length));
  list.write(kind, 0, "latin1");
  list.writeUInt16LE(items.length, layout.LIST_COUNT);
  for (const [index, item] of items.entries()) {
    if (!("name" in item)) continue;
    if (kind === "lf") list.write(item.name.slice(0, 4), placeOf(kind, index) + 4, 4, "latin1");
    if (kind === "lh") list.writeUInt32LE(hashOf(item.name), placeOf(kind, index) + 4);
  }
  return list;
}

function placeOf(kind: string, index: number): number {
  return layout.LIST_ITEMS + index * (layout.ITEM_BYTES.get(kind) ?? 4);
}

function hashOf(name: string): number {
  let hash = 0;
  for (const unit of name.toUpperCase().split(""))
    hash = (Math.imul(hash, 37) + unit.charCodeAt(0)) >>> 0;
  return hash;
}

function isLatinText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0xff) return false;
  return true;
}

function dataOf(written: WrittenData): { readonly type: number; readonly data: Buffer } {
  if (typeof written === "string")
    return { type: layout.REG_SZ, data: Buffer.from(`${written}\0`, "utf16le") };
  if (typeof written === "number") {
    const data = Buffer.alloc(4);
    data.writeUInt32LE(written, 0);
    return { type: layout.REG_DWORD, data };
  }
  if (typeof written === "bigint") {
    const data = Buffer.alloc(8);
    data.writeBigUInt64LE(written, 0);
    return { type: layout.REG_QWORD, data };
  }
  if (written instanceof Uint8Array) return { type: 3, data: Buffer.from(written) };
  const text = written.map((item) => `${item}\0`).join("");
  return { type: layout.REG_MULTI_SZ, data: Buffer.from(`${text}\0`, "utf16le") };
}
