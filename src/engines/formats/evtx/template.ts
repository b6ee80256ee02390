/**
 * Templates: markup with holes that a chunk defines once and its records fill.
 * One that was parsed before, in any chunk or file, is found again, but only after its whole body
 * has been compared, names included: an id or a GUID alone would let a hostile file change what others mean.
 */
import { parseContent, type Surroundings } from "./binxml.ts";
import type { Cursor, Trouble } from "./cursor.ts";
import { NAME_HASH, VALUE_PLACES_MAX } from "./layout.ts";
import { nameSize } from "./names.ts";
import type { Plan } from "./plan.ts";
import type { Bytes } from "./text.ts";
import { type Node, partsOfSystem } from "./tree.ts";

/** Where a body points into its chunk: these four bytes differ from chunk to chunk, what they point to must not. */
interface NamePointer {
  /** Byte of the pointer in the body. */
  readonly at: number;
  /** The name follows the pointer, within the body. */
  readonly inPlace: boolean;
  /** The name as stored, from its hash on. */
  readonly stored: DataView;
}

export interface Template {
  readonly content: readonly Node[];
  /** Bytes that one use of the template expands to, its values not counted. */
  readonly expandedBytes: number;
  readonly body: DataView;
  readonly pointers: readonly NamePointer[];
  /** False where the body holds an instance of another template, which comparing it would not cover. */
  readonly portable: boolean;
  /** In how many places the template puts the value that it uses most: 1 in all that Windows writes. */
  readonly placesMost: number;
  /** Numbers of the values that are the event's time and record id; -1 where the template has none. */
  readonly timeValue: number;
  readonly recordValue: number;
  /** Field plans by the template that fills the embedded value; null where none does. Filled as they are made. */
  readonly plans: Map<Template | null, Plan>;
}

/** Parses the body at [from, to); a Trouble where it cannot be read. */
export function parseTemplate(cursor: Cursor, around: Surroundings): Template | Trouble {
  const { bytes, at: from, end: to } = cursor;
  const pointers: NamePointer[] = [];
  let portable = true;
  const content = parseContent(
    cursor,
    {
      name(inner) {
        const at = inner.at;
        const name = around.name(inner);
        if (inner.trouble === null) pointers.push(pointerAt(bytes, at, from));
        return name;
      },
      embedded(inner, depth) {
        portable = false;
        return around.embedded(inner, depth);
      },
    },
    true,
  );
  if (cursor.trouble !== null) return cursor.trouble;
  const measured = measure(content);
  if (measured.placesMost > VALUE_PLACES_MAX) {
    const need = `each value in at most ${VALUE_PLACES_MAX} places`;
    return { offset: from, what: "template", need, have: `one in ${measured.placesMost}` };
  }
  const body = copied(bytes, from, portable ? to : from);
  const time = partsOfSystem(content, "TimeCreated", "SystemTime");
  const record = partsOfSystem(content, "EventRecordID");
  return {
    content,
    ...measured,
    body,
    pointers,
    portable,
    timeValue: soleHole(time),
    recordValue: soleHole(record),
    plans: new Map(),
  };
}

function soleHole(content: readonly Node[]): number {
  const [only] = content;
  return content.length === 1 && only?.kind === "hole" ? only.index : -1;
}

function pointerAt(bytes: Bytes, at: number, from: number): NamePointer {
  const offset = bytes.view.getUint32(at, true);
  const end = offset + nameSize(bytes, offset);
  return {
    at: at - from,
    inPlace: offset === at + 4,
    stored: copied(bytes, offset + NAME_HASH, end),
  };
}

/** A copy: a Buffer's own slice() would share memory that the medium uses again. */
function copied({ buffer }: Bytes, from: number, to: number): DataView {
  return new DataView(new Uint8Array(buffer.subarray(from, to)).buffer);
}

interface Measured {
  readonly expandedBytes: number;
  readonly placesMost: number;
}

/** Markup counts as it would be printed: names twice, and a few bytes around each node. */
function measure(content: readonly Node[]): Measured {
  const places: number[] = [];
  let expandedBytes = 0;
  const count = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      expandedBytes += 8;
      if (node.kind === "hole") places[node.index] = (places[node.index] ?? 0) + 1;
      else if (node.kind === "element") {
        expandedBytes += node.name.length * 2;
        count(node.content);
        for (const attribute of node.attributes) {
          expandedBytes += attribute.name.length;
          count(attribute.content);
        }
      } else if (node.kind === "instruction")
        expandedBytes += node.target.length + node.text.length;
      else if (node.kind !== "value") expandedBytes += node.text.length;
    }
  };
  count(content);
  const placesMost = Math.max(0, ...places.filter((uses) => uses > 0));
  return { expandedBytes, placesMost };
}

/** Whether the body at `from` is this template's, pointers followed. Hot: once a template and chunk. */
function isBody(template: Template, { view }: Bytes, from: number): boolean {
  const { body, pointers } = template;
  let start = 0;
  for (const { at, inPlace, stored } of pointers) {
    if (!sameAt(view, from + start, body, start, at)) return false;
    const offset = view.getUint32(from + at, true);
    if (inPlace !== (offset === from + at + 4)) return false;
    // A name in place begins with a pointer to the next of its bucket, which differs as well.
    start = inPlace ? at + 4 + NAME_HASH : at + 4;
    if (inPlace) continue;
    const end = offset + NAME_HASH + stored.byteLength;
    if (end > view.byteLength) return false;
    if (!sameAt(view, offset + NAME_HASH, stored, 0, stored.byteLength)) return false;
  }
  return sameAt(view, from + start, body, start, body.byteLength);
}

/** Whether `have` from `at` equals `body[start, end)`: four bytes at a time, then what is left. */
function sameAt(have: DataView, at: number, body: DataView, start: number, end: number): boolean {
  let index = start;
  let other = at;
  for (; index + 4 <= end; index += 4, other += 4)
    if (have.getInt32(other, true) !== body.getInt32(index, true)) return false;
  for (; index < end; index++, other++)
    if (have.getUint8(other) !== body.getUint8(index)) return false;
  return true;
}

/** Bodies kept in all; a machine's own templates are a few hundred of about 2 KiB. */
const STORE_BYTES_MAX = 2 * 1024 * 1024;
/** Templates that share an id and a size; more than one only where their chunks lay names out differently. */
const ALIKE_MAX = 8;

/** Templates that were parsed before. Only saves time: with or without it, the same is read. */
export class TemplateStore {
  readonly #alike = new Map<number, Template[]>();
  #storedBytes = 0;

  /** The template whose whole body stands at [from, to), or undefined. */
  find(id: number, bytes: Bytes, from: number, to: number): Template | undefined {
    const alike = this.#alike.get(keyOf(id, to - from));
    if (alike === undefined) return undefined;
    for (const template of alike)
      if (template.body.byteLength === to - from && isBody(template, bytes, from)) return template;
    return undefined;
  }

  /** Keeps a template for the chunks to come; forgets all when the store is full. */
  keep(id: number, template: Template): void {
    if (!template.portable) return;
    if (this.#storedBytes + template.body.byteLength > STORE_BYTES_MAX) {
      this.#alike.clear();
      this.#storedBytes = 0;
    }
    const key = keyOf(id, template.body.byteLength);
    const alike = this.#alike.get(key) ?? [];
    if (alike.length >= ALIKE_MAX) this.#storedBytes -= alike.shift()?.body.byteLength ?? 0;
    alike.push(template);
    this.#alike.set(key, alike);
    this.#storedBytes += template.body.byteLength;
  }
}

function keyOf(id: number, size: number): number {
  return (id ^ Math.imul(size, 0x9e37_79b1)) | 0;
}
