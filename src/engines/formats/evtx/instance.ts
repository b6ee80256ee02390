/**
 * Where the values of a template instance stand ([MS-EVEN6] 2.2.12): found without decoding one of them.
 * Refuses values that reach beyond their record, and more of them than VALUES_MAX.
 */
import type { Chunk } from "./chunk.ts";
import type { Trouble } from "./cursor.ts";
import {
  ARRAY,
  INSTANCE_BYTES,
  INSTANCE_DEFINITION,
  KNOWN_TYPE,
  TEMPLATE_BODY,
  TEMPLATE_SIZE,
  Token,
  VALUE_BYTES,
  VALUES_MAX,
  ValueType,
} from "./layout.ts";
import type { Template } from "./template.ts";

/** No value is BinXML itself. */
export const EMBEDS_NONE = -1;
/** More than one is: the fields of such a record are taken from its whole tree. */
export const EMBEDS_MANY = -2;

/** Values that room is made for at first: hardly an event has more, and each level of an unusual one has an instance of its own. */
const ROOM = 64;

/** The values of one instance by number; an object is used again for the next one. */
export class Instance {
  template: Template | null = null;
  count = 0;
  starts: Uint32Array = new Uint32Array(ROOM);
  sizes: Uint16Array = new Uint16Array(ROOM);
  types: Uint8Array = new Uint8Array(ROOM);
  /** Number of the one value that is BinXML, EMBEDS_NONE or EMBEDS_MANY. */
  embedded = EMBEDS_NONE;
  /** Number of the first value whose type is unknown or whose size does not fit its type; -1 where all do. */
  misfit = -1;
  /** Byte after the last value. */
  end = 0;

  /** Makes room for this many values; what was there is gone where there was too little. */
  makeRoom(count: number): void {
    if (count <= this.starts.length) return;
    this.starts = new Uint32Array(VALUES_MAX);
    this.sizes = new Uint16Array(VALUES_MAX);
    this.types = new Uint8Array(VALUES_MAX);
  }

  /** Whether value `index` is missing, of the null type, or without a byte. */
  isEmpty(index: number): boolean {
    return index >= this.count || this.types[index] === ValueType.none || this.sizes[index] === 0;
  }

  /** Byte of value `index` where it is of this type and size; -1 otherwise. */
  startOf(index: number, type: number, size: number): number {
    const fits = index >= 0 && index < this.count;
    if (!fits || this.types[index] !== type || this.sizes[index] !== size) return -1;
    return this.starts[index] ?? -1;
  }
}

/** Passes over fragment headers: what stands behind them at `at`. */
export function skipHeaders(chunk: Chunk, at: number, end: number): number {
  const { view } = chunk.bytes;
  let from = at;
  while (from + 4 <= end && view.getUint8(from) === Token.fragment) from += 4;
  return from;
}

/** Whether a template instance stands at `at`. */
export function isInstance(chunk: Chunk, at: number, end: number): boolean {
  return at < end && chunk.bytes.view.getUint8(at) === Token.instance;
}

/** Finds template and values of the instance at `at`; a Trouble where they do not fit into [at, end). */
export function locate(chunk: Chunk, at: number, end: number, into: Instance): Trouble | null {
  const { view } = chunk.bytes;
  into.template = null;
  into.count = 0;
  if (at + INSTANCE_BYTES + 4 > end) return short(at, "template instance", INSTANCE_BYTES + 4, end);
  const definition = view.getUint32(at + INSTANCE_DEFINITION, true);
  const template = chunk.template(definition);
  if (!("content" in template)) return template;
  let from = at + INSTANCE_BYTES;
  // The first record that uses a template carries its definition.
  if (definition === from) from += TEMPLATE_BODY + view.getUint32(from + TEMPLATE_SIZE, true);
  if (from + 4 > end) return short(from, "count of values", 4, end);
  const count = view.getUint32(from, true);
  from += 4;
  if (count > VALUES_MAX)
    return {
      offset: from - 4,
      what: "count of values",
      need: `at most ${VALUES_MAX}`,
      have: `${count}`,
    };
  if (from + count * 4 > end) return short(from, "list of values", count * 4, end);
  return placeValues(view, from, count, end, into, template);
}

function placeValues(
  view: DataView,
  from: number,
  count: number,
  end: number,
  into: Instance,
  template: Template,
): Trouble | null {
  let start = from + count * 4;
  into.makeRoom(count);
  into.embedded = EMBEDS_NONE;
  into.misfit = -1;
  for (let index = 0, at = from; index < count; index++, at += 4) {
    const descriptor = view.getUint32(at, true);
    const size = descriptor & 0xffff;
    const type = (descriptor >>> 16) & 0xff;
    into.starts[index] = start;
    into.sizes[index] = size;
    into.types[index] = type;
    start += size;
    if (type === ValueType.binxml && size > 0)
      into.embedded = into.embedded === EMBEDS_NONE ? index : EMBEDS_MANY;
    else if (into.misfit < 0 && !fits(type, size)) into.misfit = index;
  }
  if (start > end) return short(from, "values", start - from, end);
  into.template = template;
  into.count = count;
  into.end = start;
  return null;
}

function fits(type: number, size: number): boolean {
  const step = VALUE_BYTES[type] ?? 0;
  if (step === 0) return KNOWN_TYPE[type] === 1 || type === (ValueType.unicode | ARRAY);
  return size === step || size === 0 || (type >= ARRAY && size % step === 0);
}

function short(offset: number, what: string, need: number, end: number): Trouble {
  return { offset, what, need: `${need} bytes`, have: `${Math.max(0, end - offset)} bytes` };
}
