/** Key nodes and lists of subkeys. Refuses lists in lists of lists, and whatever has another signature. Spec: layout.ts. */
import type { Buffer } from "node:buffer";
import type { Hive } from "./hive.ts";
import * as layout from "./layout.ts";

/** A key's name has at most 255 characters. */
const KEY_BYTES_MAX = 4_096;

/** One key, read from its cell when asked. */
export class KeyNode {
  readonly #cell: Buffer;
  /** Offset of its cell. */
  readonly at: number;

  constructor(cell: Buffer, at: number) {
    this.#cell = cell;
    this.at = at;
  }

  /** When the key was last written, as FILETIME. */
  get written(): bigint {
    return this.#cell.readBigUInt64LE(layout.KEY_WRITTEN);
  }

  get parent(): number {
    return this.#cell.readUInt32LE(layout.KEY_PARENT);
  }

  get subkeyCount(): number {
    return this.#cell.readUInt32LE(layout.KEY_SUBKEYS);
  }

  get subkeyList(): number {
    return this.#cell.readUInt32LE(layout.KEY_SUBKEY_LIST);
  }

  get valueCount(): number {
    return this.#cell.readUInt32LE(layout.KEY_VALUES);
  }

  get valueList(): number {
    return this.#cell.readUInt32LE(layout.KEY_VALUE_LIST);
  }

  get name(): string {
    const size = this.#cell.readUInt16LE(layout.KEY_NAME_BYTES);
    const isLatin = (this.#cell.readUInt16LE(layout.KEY_FLAGS) & layout.KEY_NAME_IS_LATIN) !== 0;
    return nameAt(this.#cell, layout.KEY_NAME, size, isLatin);
  }
}

/** A name of a key or a value: one byte a character where none is beyond U+00FF. */
export function nameAt(cell: Buffer, at: number, size: number, isLatin: boolean): string {
  return cell.toString(isLatin ? "latin1" : "utf16le", at, at + size);
}

/** The key at `at`, or null where there is none whose name is whole. */
export function keyAt(hive: Hive, at: number): KeyNode | null {
  const cell = hive.cellOf(at, layout.KEY_MAGIC, KEY_BYTES_MAX);
  if (cell === null || cell.length < layout.KEY_NAME) return null;
  return layout.KEY_NAME + cell.readUInt16LE(layout.KEY_NAME_BYTES) <= cell.length
    ? new KeyNode(cell, at)
    : null;
}

/** How many items of lists may still be looked at: hostile hives name one list in a thousand keys. */
export interface Budget {
  left: number;
}

/** The offsets in a list of subkeys; `onTrouble` gets the offset of a cell that is no such list. */
export function* subkeysIn(
  hive: Hive,
  list: number,
  budget: Budget,
  onTrouble: (at: number) => void,
  isInner = false,
): Generator<number> {
  const head = hive.cell(list, layout.LIST_ITEMS);
  const magic = head?.toString("latin1", 0, 2) ?? "";
  const isRoot = magic === layout.LIST_OF_LISTS && !isInner;
  const itemBytes = isRoot ? 4 : (layout.ITEM_BYTES.get(magic) ?? 0);
  if (head?.length !== layout.LIST_ITEMS || itemBytes === 0) return onTrouble(list);
  const count = head.readUInt16LE(layout.LIST_COUNT);
  const cell = hive.cell(list, layout.LIST_ITEMS + count * itemBytes) ?? head;
  const fitting = Math.floor((cell.length - layout.LIST_ITEMS) / itemBytes);
  for (let index = 0; index < fitting && --budget.left >= 0; index++) {
    const item = cell.readUInt32LE(layout.LIST_ITEMS + index * itemBytes);
    if (isRoot) yield* subkeysIn(hive, item, budget, onTrouble, true);
    else yield item;
  }
  if (fitting < count) onTrouble(list);
}

/** The subkey of that name, whatever its case; null where there is none. For a few look-ups, not for walks. */
export function subkeyOf(hive: Hive, key: KeyNode, name: string): KeyNode | null {
  if (key.subkeyCount === 0) return null;
  const wanted = name.toLowerCase();
  const budget = { left: LOOKED_AT_MAX };
  for (const at of subkeysIn(hive, key.subkeyList, budget, () => {})) {
    const subkey = keyAt(hive, at);
    if (subkey?.name.toLowerCase() === wanted) return subkey;
  }
  return null;
}

const LOOKED_AT_MAX = 65_536;

/** The key below a path of names, from the root on; null where a part of it is missing. */
export function keyBelow(hive: Hive, ...path: readonly string[]): KeyNode | null {
  let key = keyAt(hive, hive.root);
  for (const name of path) key = key === null ? null : subkeyOf(hive, key, name);
  return key;
}
