/**
 * Values of a key as fields. Refuses nothing that is there: data of unknown types are bytes; long ones are cut, and say so.
 * Spec: layout.ts, and https://learn.microsoft.com/windows/win32/sysinfo/registry-value-types.
 */
import { Buffer } from "node:buffer";
import { toHex } from "../../../base/bytes.ts";
import { shorten } from "../../../base/text.ts";
import type { FieldValue } from "../../../model/event.ts";
import type { Hive, HiveTrouble } from "./hive.ts";
import { type Budget, type KeyNode, nameAt } from "./key.ts";
import * as layout from "./layout.ts";

/** One value of a key; `name` is "" for the default value. */
export interface KeyValue {
  readonly name: string;
  readonly value: FieldValue;
}

const VALUES_MAX = 1_024;
const VALUE_BYTES_MAX = 65_536;
const TEXT_CHARS_MAX = 4_096;
const ITEMS_MAX = 256;
/** Longer bytes are structures of their own (shim cache, device lists): their head tells which. */
const HEX_BYTES_MAX = 256;

/**
 * How many bytes of values a hive can give: each belongs to one key, so no more than it has; hostile hives name one list
 * of values in a thousand keys.
 */
export function valueBudget({ sizeBytes }: Hive): Budget {
  return { left: 2 * sizeBytes + VALUE_BYTES_MAX };
}

/** The values of a key, in the order of its list. What is wrong with one goes to `onTrouble`; the others are read. */
export function* valuesOf(
  hive: Hive,
  key: KeyNode,
  budget: Budget,
  onTrouble: (trouble: HiveTrouble) => void,
): Generator<KeyValue> {
  const count = key.valueCount;
  if (count === 0) return;
  const report = (at: number, what: string, need: string, have: string) =>
    onTrouble({ offset: layout.BASE_BYTES + Math.min(at, hive.sizeBytes), what, need, have });
  const reportShared = (at: number) =>
    report(at, "values of the hive", "one key for each list", "lists that keys share");
  if (count > VALUES_MAX) report(key.at, "values of a key", `at most ${VALUES_MAX}`, `${count}`);
  const list = hive.cell(key.valueList, Math.min(count, VALUES_MAX) * 4);
  const listed = Math.min(count, VALUES_MAX, Math.floor((list?.length ?? 0) / 4));
  if (listed < Math.min(count, VALUES_MAX))
    report(key.at, "value list", `${count} values`, `${listed}`);
  for (let index = 0; index < listed; index++) {
    const at = list?.readUInt32LE(index * 4) ?? 0;
    const cell = hive.cellOf(at, layout.VALUE_MAGIC, layout.VALUE_NAME + 65_535);
    if (cell === null || cell.length < layout.VALUE_NAME) {
      // One that is missing costs as much as the smallest: it is told, and lists may be shared.
      budget.left -= layout.VALUE_NAME;
      if (budget.left < 0) return reportShared(at);
      report(at, "value", "an allocated vk cell", "none");
      continue;
    }
    const size = cell.readUInt32LE(layout.VALUE_SIZE);
    const isInline = size >= layout.VALUE_IS_INLINE;
    budget.left -= cell.length + (isInline ? 0 : Math.min(size, VALUE_BYTES_MAX));
    if (budget.left < 0) return reportShared(at);
    const nameBytes = cell.readUInt16LE(layout.VALUE_NAME_BYTES);
    const isLatin = (cell.readUInt16LE(layout.VALUE_FLAGS) & layout.VALUE_NAME_IS_LATIN) !== 0;
    const name = nameAt(cell, layout.VALUE_NAME, nameBytes, isLatin);
    const data = dataOf(hive, cell, size);
    if (data === null)
      report(at, "data of a value", `${size & ~layout.VALUE_IS_INLINE} bytes`, "no such cell");
    else yield { name, value: decode(data, cell.readUInt32LE(layout.VALUE_TYPE), size) };
  }
}

/** The bytes of a value, at most as many as are shown; null where a cell is missing. */
function dataOf(hive: Hive, cell: Buffer, size: number): Buffer | null {
  if (size >= layout.VALUE_IS_INLINE) {
    const inline = size - layout.VALUE_IS_INLINE;
    return inline <= 4 ? cell.subarray(layout.VALUE_DATA, layout.VALUE_DATA + inline) : null;
  }
  if (size === 0) return Buffer.alloc(0);
  const at = cell.readUInt32LE(layout.VALUE_DATA);
  const wanted = Math.min(size, VALUE_BYTES_MAX);
  if (size > layout.SEGMENT_BYTES && hive.hasBigData) {
    const big = hive.cellOf(at, layout.BIG_DATA_MAGIC, 8);
    if (big !== null && big.length === 8) return segmentsOf(hive, big, wanted);
  }
  const data = hive.cell(at, wanted);
  return data !== null && data.length === wanted ? data : null;
}

function segmentsOf(hive: Hive, big: Buffer, wanted: number): Buffer | null {
  const count = Math.min(
    big.readUInt16LE(layout.BIG_DATA_SEGMENTS),
    Math.ceil(wanted / layout.SEGMENT_BYTES),
  );
  const list = hive.cell(big.readUInt32LE(layout.BIG_DATA_LIST), count * 4);
  if (list === null || list.length < count * 4) return null;
  const parts: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const part = hive.cell(list.readUInt32LE(index * 4), layout.SEGMENT_BYTES);
    if (part === null) return null;
    parts.push(part);
  }
  const joined = Buffer.concat(parts).subarray(0, wanted);
  return joined.length === wanted ? joined : null;
}

function decode(data: Buffer, type: number, size: number): FieldValue {
  switch (type) {
    case layout.REG_SZ:
    case layout.REG_EXPAND_SZ:
    case layout.REG_LINK: {
      const text = unicode(data);
      const end = text.indexOf("\0");
      return shorten(end < 0 ? text : text.slice(0, end), TEXT_CHARS_MAX);
    }
    case layout.REG_MULTI_SZ:
      return itemsOf(unicode(data));
    case layout.REG_DWORD:
      return data.length === 4 ? data.readUInt32LE(0) : hexOf(data, size);
    case layout.REG_DWORD_BIG_ENDIAN:
      return data.length === 4 ? data.readUInt32BE(0) : hexOf(data, size);
    case layout.REG_QWORD: {
      if (data.length !== 8) return hexOf(data, size);
      const value = data.readBigUInt64LE(0);
      return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value.toString();
    }
    default:
      return hexOf(data, size);
  }
}

/** The texts of a list; an empty one ends it, but those who write lists themselves forget. */
function itemsOf(text: string): readonly string[] {
  const items = text.split("\0", ITEMS_MAX + 1);
  while (items.length > 0 && items.at(-1) === "") items.pop();
  let left = TEXT_CHARS_MAX;
  return items.slice(0, ITEMS_MAX).map((item) => {
    const kept = shorten(item, left);
    left -= kept.length;
    return kept;
  });
}

function unicode(data: Buffer): string {
  return data.toString("utf16le", 0, Math.min(data.length, TEXT_CHARS_MAX * 2 + 2) & ~1);
}

/** Lower-case hexadecimal; of long data the head, and how long they are. */
function hexOf(data: Buffer, size: number): string {
  const bytes = size >= layout.VALUE_IS_INLINE ? size - layout.VALUE_IS_INLINE : size;
  const head = toHex(data.subarray(0, HEX_BYTES_MAX));
  return bytes > HEX_BYTES_MAX ? `${head}… (${bytes} bytes)` : head;
}
