/**
 * Text in a block, ignoring ASCII case: in any column, or in the value of any field at any depth.
 * The bytes of the body are searched first; only rows with a hit are decoded, and most not even then.
 * Names of fields are no text of the row, and null has no text.
 */
import type { FieldValue } from "../../model/event.ts";
import type { Block } from "./block.ts";
import { foldAscii } from "./fold.ts";
import { textOfEventId } from "./share.ts";

/** One byte a row: 1 where the row contains the text. */
export function selectText(text: string, block: Block): Uint8Array {
  const needle = foldAscii(text);
  const holds = (hay: string) => foldAscii(hay).includes(needle);
  const selection = new Uint8Array(block.entry.rows);
  const { evidence, member, file } = block.place;
  if ([block.entry.format, evidence, member, file].some(holds)) return selection.fill(1);
  const { names, hosts, channels, providers, eventIds } = block.head;
  mark(selection, hosts, numbersOf(names.hosts, holds));
  mark(selection, channels, numbersOf(names.channels, holds));
  mark(selection, providers, numbersOf(names.providers, holds));
  mark(
    selection,
    eventIds,
    new Set([...new Set(eventIds)].filter((id) => holds(textOfEventId(id)))),
  );
  if (selection.includes(0)) searchBody(needle, block, selection);
  return selection;
}

/** The numbers of the names that fit. */
function numbersOf(names: readonly string[], fits: (name: string) => boolean): ReadonlySet<number> {
  return new Set([...names.keys()].filter((number) => fits(names[number] ?? "")));
}

/** Marks the rows whose entry in the column is among `fitting`. */
function mark(
  selection: Uint8Array,
  column: Uint16Array | Float64Array,
  fitting: ReadonlySet<number>,
): void {
  if (fitting.size === 0) return;
  for (let row = 0; row < column.length; row++)
    if (fitting.has(column[row] ?? -1)) selection[row] = 1;
}

/** Marks the rows whose values hold the needle. About a million rows (250 MB) a second, unpacking included. */
function searchBody(needle: string, block: Block, selection: Uint8Array): void {
  const { ends } = block.head;
  const sought = bytesOf(needle);
  if (sought === null) {
    for (let row = 0; row < selection.length; row++)
      if (selection[row] === 0 && valueHolds(block.values(row), needle)) selection[row] = 1;
    return;
  }
  const bytes = block.body.toString("latin1");
  // Literal text: the runtime's engine seeks it without ever stepping back into the pattern.
  const pattern = new RegExp(sought.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "gi");
  const plain = isPlain(needle);
  let row = 0;
  while (pattern.test(bytes)) {
    const at = pattern.lastIndex - sought.length;
    row = rowAt(ends, row, at);
    const sure = selection[row] === 1 || (plain && !isInDoubt(bytes, at, sought.length));
    if (sure || valueHolds(block.values(row), needle)) selection[row] = 1;
    // Any further hit in this row says nothing new.
    pattern.lastIndex = ends[row] ?? bytes.length;
  }
}

/** The row that byte `at` belongs to, not before row `from`. */
function rowAt(ends: Uint32Array, from: number, at: number): number {
  let [low, high] = [from, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The needle as it lies in the body (JSON, UTF-8), each byte as a Latin-1 character. Sought without case it
 * may hit more than it should, never less. Null where bytes cannot stand for it: half a surrogate pair lies
 * in the body as a part of a whole one.
 */
function bytesOf(needle: string): string | null {
  if (!needle.isWellFormed()) return null;
  return Buffer.from(JSON.stringify(needle).slice(1, -1)).toString("latin1");
}

/** Whether the needle can lie only within one value, or within `null`: it is ASCII without a mark of JSON. */
function isPlain(needle: string): boolean {
  return /^[\u0020-\u007e]*$/.test(needle) && !/[",[\]\\]/.test(needle);
}

/** Whether a hit of a plain needle may begin within an escape (`\n`, `\u001b`) or be a part of `null`. */
function isInDoubt(bytes: string, at: number, length: number): boolean {
  let slashes = 0;
  while (bytes[at - 1 - slashes] === "\\") slashes++;
  if (slashes % 2 === 1) return true;
  if (bytes.slice(Math.max(0, at - 5), at).includes("\\u")) return true;
  return bytes.slice(Math.max(0, at - 3), at + length + 3).includes("null");
}

/** Whether the text of a value, or of any value in it, holds the folded needle. */
function valueHolds(value: FieldValue, needle: string): boolean {
  if (value === null) return false;
  if (typeof value === "object") return value.some((inner) => valueHolds(inner, needle));
  return foldAscii(`${value}`).includes(needle);
}
