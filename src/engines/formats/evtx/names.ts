/**
 * Names of elements and attributes: stored once a chunk, pointed to by offset.
 * Refuses an offset at which no whole name stands; its hash must fit, and no chain of the table is ever followed.
 */
import type { Cursor } from "./cursor.ts";
import { NAME_COUNT, NAME_HASH, NAME_UNITS, NAME_UNITS_MAX, hashName } from "./layout.ts";
import { type Bytes, unicodeAt } from "./text.ts";

/** Bytes that the name at `at` takes, or 0 where none can stand. */
export function nameSize(bytes: Bytes, at: number): number {
  const { view } = bytes;
  if (at + NAME_UNITS + 2 > view.byteLength) return 0;
  const units = view.getUint16(at + NAME_COUNT, true);
  const size = NAME_UNITS + units * 2 + 2;
  return units > NAME_UNITS_MAX || at + size > view.byteLength ? 0 : size;
}

/** Names of one chunk, read when they are first asked for. */
export class Names {
  readonly #bytes: Bytes;
  readonly #known = new Map<number, string>();

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** The name whose offset stands at the cursor; where the name itself follows, the cursor passes over it. */
  take(cursor: Cursor): string {
    const from = cursor.at;
    const offset = cursor.long("name offset");
    if (cursor.trouble !== null) return "";
    const name = this.#known.get(offset) ?? this.#read(cursor, offset, from);
    if (offset === from + 4) {
      const size = nameSize(this.#bytes, offset);
      if (cursor.has(size, "name in place")) cursor.at += size;
    }
    return name;
  }

  #read(cursor: Cursor, offset: number, from: number): string {
    const size = nameSize(this.#bytes, offset);
    if (size === 0) {
      cursor.fail("name offset", "the offset of a name", `offset ${offset}`, from);
      return "";
    }
    const units = this.#bytes.view.getUint16(offset + NAME_COUNT, true);
    const name = unicodeAt(this.#bytes, offset + NAME_UNITS, units);
    const hash = this.#bytes.view.getUint16(offset + NAME_HASH, true);
    if (hash !== hashName(name)) cursor.fail("name", `hash ${hashName(name)}`, `${hash}`, offset);
    else this.#known.set(offset, name);
    return name;
  }
}
