/**
 * The names of JSON rows by their bytes: rows that name the same columns in the same order share one shape, so that no name is
 * decoded twice. Refuses rows that are no JSON, that are nested too deep, or whose names are too many kinds to be remembered;
 * those are parsed by themselves (reading.ts). Spec: RFC 8259.
 */
import { copyOf } from "../../../base/bytes.ts";
import { COLUMNS_MAX } from "../csv/grammar.ts";
import { passBlanks, passColon, passString, passValue } from "../json/json-pass.ts";
import { DEPTH_MAX } from "../json/json-value.ts";

/** All places in all names: some hundred kinds of rows. */
const NODES_MAX = 16_384;
/** Names that are looked at in one place. */
const BRANCHES_MAX = 32;
/** Longer names are not remembered: they are held. */
const NAME_BYTES_MAX = 512;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A place between two names of a row; `shape` is for who knows what a row is that ends there. */
export interface Node<Shape> {
  readonly names: Uint8Array[];
  readonly behind: Node<Shape>[];
  /** Where the value of the last name is an object that has names. */
  opened: Node<Shape> | null;
  /** Behind the last name of such an object. */
  closed: Node<Shape> | null;
  /** undefined: nobody has asked yet. */
  shape: Shape | null | undefined;
}

/** Values of one row by column: where each starts and ends. */
export interface RowCells {
  columns: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Cells of no row yet. */
export function makeRowCells(): RowCells {
  const room = COLUMNS_MAX;
  return { columns: 0, starts: new Int32Array(room), ends: new Int32Array(room) };
}

/** What was refused, instead of a place. */
const REFUSED = -1;

/** Names seen so far. */
export class NameTree<Shape> {
  readonly #root: Node<Shape> = makeNode();
  #nodes = 1;
  /** Where the row that is passed over has come to. */
  #node: Node<Shape> = this.#root;

  /** The kind of the row in bytes[from..to), its values in `cells`; null where it is refused. About 350 MB/s. */
  take(bytes: Uint8Array, from: number, to: number, cells: RowCells): Node<Shape> | null {
    cells.columns = 0;
    this.#node = this.#root;
    const start = passBlanks(bytes, from, to);
    if (start >= to || bytes[start] !== OPEN_BRACE) return null;
    const first = passBlanks(bytes, start + 1, to);
    // A row without names is none of any table.
    if (bytes[first] !== QUOTE) return null;
    const end = this.#object(bytes, first, to, cells, DEPTH_MAX - 1);
    return end < 0 || passBlanks(bytes, end, to) < to ? null : this.#node;
  }

  /** The byte after the object whose first name is at `from`. */
  #object(bytes: Uint8Array, from: number, to: number, cells: RowCells, levels: number): number {
    for (let at = from; ; ) {
      if (at >= to || bytes[at] !== QUOTE) return REFUSED;
      at = this.#name(bytes, at + 1, to);
      if (at < 0) return REFUSED;
      at = passColon(bytes, at, to);
      if (at < 0) return REFUSED;
      const first = bytes[at] === OPEN_BRACE ? passBlanks(bytes, at + 1, to) : to;
      if (first < to && bytes[first] !== CLOSE_BRACE) {
        if (levels < 1 || !this.#open()) return REFUSED;
        at = this.#object(bytes, first, to, cells, levels - 1);
        if (at < 0 || !this.#close()) return REFUSED;
      } else {
        const start = at;
        at = passValue(bytes, at, to, levels);
        if (at < 0 || cells.columns >= COLUMNS_MAX) return REFUSED;
        cells.starts[cells.columns] = start;
        cells.ends[cells.columns++] = at;
      }
      at = passBlanks(bytes, at, to);
      if (at >= to) return REFUSED;
      if (bytes[at] === CLOSE_BRACE) return at + 1;
      if (bytes[at] !== COMMA) return REFUSED;
      at = passBlanks(bytes, at + 1, to);
    }
  }

  /** The byte after the closing quote of the name whose text starts at `from`. */
  #name(bytes: Uint8Array, from: number, to: number): number {
    const { names, behind } = this.#node;
    for (let branch = 0; branch < names.length; branch++) {
      const name = names[branch];
      const next = behind[branch];
      if (name !== undefined && next !== undefined && isName(bytes, from, name)) {
        this.#node = next;
        return from + name.length + 1;
      }
    }
    const after = passString(bytes, from, to);
    if (after < 0 || names.length >= BRANCHES_MAX || after - from > NAME_BYTES_MAX) return REFUSED;
    const made = this.#make();
    if (made === null) return REFUSED;
    names.push(copyOf(bytes.subarray(from, after - 1)));
    behind.push(made);
    this.#node = made;
    return after;
  }

  #open(): boolean {
    const next = (this.#node.opened ??= this.#make());
    this.#node = next ?? this.#node;
    return next !== null;
  }

  #close(): boolean {
    const next = (this.#node.closed ??= this.#make());
    this.#node = next ?? this.#node;
    return next !== null;
  }

  #make(): Node<Shape> | null {
    return this.#nodes++ < NODES_MAX ? makeNode() : null;
  }
}

function makeNode<Shape>(): Node<Shape> {
  return { names: [], behind: [], opened: null, closed: null, shape: undefined };
}

/** Whether this name stands there, and ends there. A quote within a name is behind a backslash, which is part of it. */
function isName(bytes: Uint8Array, from: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at++) if (bytes[from + at] !== name[at]) return false;
  return bytes[from + name.length] === QUOTE;
}
