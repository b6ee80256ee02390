/**
 * The fields of a record straight from its bytes to JSON in UTF-8: no string and no object is made on the way.
 * Gives the very bytes of JSON.stringify over the fields by name; a test holds one against the other.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { utf8 } from "../../../base/bytes.ts";
import { type Lead, leadOf, putLead, putWord } from "../json/json-lead.ts";
import { putBinary, putFiletime, putGuid, putHex, putInteger, putSid, sidSize } from "./ascii.ts";
import { decode, type Opened } from "./decode.ts";
import { endOfText, putTexts, putUnicode } from "./json-text.ts";
import { ARRAY, VALUE_BYTES, VALUE_PLACES_MAX, ValueType } from "./layout.ts";
import type { Plan } from "./plan.ts";
import type { Slot, ValueSlot } from "./slot.ts";
import type { Bytes } from "./text.ts";

const QUOTE = 0x22;

/** One value of the record, and what precedes it: names, and fields that are the same in every record. */
interface Step {
  /** From the comma on. */
  readonly lead: Lead;
  /** Null where the record adds nothing to the lead. */
  readonly slot: Slot | null;
  /** Number of the value in its table; -1 for a slot that is no plain value. */
  readonly index: number;
  readonly table: 0 | 1;
  readonly omitted: boolean;
  /** An array of texts stands for repeated elements: one alone is no list. */
  readonly flat: boolean;
  /** Trailing blanks are cut. */
  readonly trimmed: boolean;
  /** Text here stands for a number or a time, and is finished as such. */
  readonly finished: boolean;
}

export interface JsonProgram {
  readonly steps: readonly Step[];
  /** Bytes that are put besides the values. */
  readonly ownBytes: number;
}

/** The steps that print a record of this plan. */
export function compileJson({ names, slots }: Plan): JsonProgram {
  const steps: Step[] = [];
  let lead = "";
  for (const [at, slot] of slots.entries()) {
    const name = `,${JSON.stringify(names[at] ?? "")}:`;
    if (slot.kind === "constant") lead += name + JSON.stringify(slot.value);
    else {
      // What is always there must not be left out with what is not.
      if (lead !== "" && slot.kind === "value" && slot.omitted) {
        steps.push(stepOf(lead, null));
        lead = "";
      }
      steps.push(stepOf(lead + name, slot));
      lead = "";
    }
  }
  if (lead !== "") steps.push(stepOf(lead, null));
  const ownBytes = steps.reduce((sum, step) => sum + step.lead.sizeBytes + VALUE_OWN_BYTES, 2);
  return { steps, ownBytes };
}

function stepOf(text: string, slot: Slot | null): Step {
  const value = slot === null ? null : plainValue(slot);
  return {
    lead: leadOf(text),
    slot,
    index: value?.index ?? -1,
    table: value?.table ?? 0,
    omitted: value?.omitted ?? false,
    flat: slot?.kind === "list",
    trimmed: value?.role === "data",
    finished: value?.role === "number" || value?.role === "time",
  };
}

/** The one value that the slot is, or that its flat list has. */
function plainValue(slot: Slot): ValueSlot | null {
  if (slot.kind === "value") return slot;
  const [only] = slot.kind === "list" && slot.flat ? slot.items : [];
  return slot.kind === "list" && slot.items.length === 1 && only?.kind === "value" ? only : null;
}

/** A value of n bytes prints as at most 3n and these: `{…}` of a GUID, a time, an escape for each unit of a text. */
const VALUE_OWN_BYTES = 32;
const GROWTH = 3;

/** Appends the fields of an opened record as one JSON object. Hot: see bench/evtx.bench.ts for its rate. */
export function putFields(out: JsonBytes, program: JsonProgram, opened: Opened): void {
  const from = out.length;
  const room = program.ownBytes + opened.sizeBytes * GROWTH * VALUE_PLACES_MAX;
  out.reserve(room);
  for (const step of program.steps) {
    const { slot, index } = step;
    if (index < 0) {
      putLead(out, step.lead);
      if (slot === null) continue;
      out.put(JSON.stringify(decode(opened, slot)));
      out.reserve(room);
      continue;
    }
    const { count, types, sizes, starts } = step.table === 0 ? opened.outer : opened.inner;
    const type = index < count ? (types[index] ?? 0) : ValueType.none;
    const size = sizes[index] ?? 0;
    if (step.omitted && (type === ValueType.none || size === 0)) continue;
    putLead(out, step.lead);
    const end = putValue(out, opened.bytes, step, type, starts[index] ?? 0, size);
    if (end !== NOT_HERE) out.length = end;
    else if (slot !== null) {
      out.put(JSON.stringify(decode(opened, slot)));
      out.reserve(room);
    }
  }
  // The first comma becomes the brace.
  if (out.length === from) out.length++;
  out.bytes[from] = 0x7b;
  out.bytes[out.length++] = 0x7d;
}

/** The same for a plan of one record alone, whose slots are constants. */
export function putConstants(out: JsonBytes, { names, slots }: Plan, opened: Opened): void {
  const values = slots.map((slot, at) => [names[at], decode(opened, slot)] as const);
  out.put(JSON.stringify(Object.fromEntries(values)));
}

/** Values of rarer types go through a string. */
const NOT_HERE = -1;

function putValue(
  { bytes: out, length: at }: JsonBytes,
  { view }: Bytes,
  step: Step,
  type: number,
  start: number,
  size: number,
): number {
  const expected = VALUE_BYTES[type] ?? 0;
  if (expected !== 0 && expected !== size) return NOT_HERE;
  switch (type) {
    case ValueType.unicode:
      if (step.finished) return NOT_HERE;
      return putUnicode(out, at, view, start, endOfText(view, start, size, step.trimmed));
    case ValueType.unicode | ARRAY:
      return step.flat ? putTexts(out, at, view, start, size, step.trimmed) : NOT_HERE;
    case ValueType.none:
      return putWord(out, at, NULL);
    case ValueType.uint8:
      return putInteger(out, at, view.getUint8(start));
    case ValueType.uint16:
      return putInteger(out, at, view.getUint16(start, true));
    case ValueType.int32:
      return putInteger(out, at, view.getInt32(start, true));
    case ValueType.uint32:
      return putInteger(out, at, view.getUint32(start, true));
    case ValueType.uint64:
      return putUnsigned64(out, at, view, start);
    case ValueType.bool:
      return putWord(out, at, view.getUint32(start, true) === 0 ? FALSE : TRUE);
    default:
      return putQuoted(out, at, view, type, start, size);
  }
}

const NULL = utf8("null");
const TRUE = utf8("true");
const FALSE = utf8("false");

/** Types that print as ASCII between quotes. */
function putQuoted(
  out: Buffer,
  at: number,
  view: DataView,
  type: number,
  start: number,
  size: number,
): number {
  out[at] = QUOTE;
  const end = putAscii(out, at + 1, view, type, start, size);
  if (end === NOT_HERE) return NOT_HERE;
  out[end] = QUOTE;
  return end + 1;
}

function putAscii(
  out: Buffer,
  at: number,
  view: DataView,
  type: number,
  start: number,
  size: number,
): number {
  switch (type) {
    case ValueType.guid:
      return putGuid(out, at, view, start);
    case ValueType.hex32:
      return putHex(out, at, view.getUint32(start, true), 0);
    case ValueType.size:
      if (size !== 8) return NOT_HERE;
      return putHex(out, at, view.getUint32(start, true), view.getUint32(start + 4, true));
    case ValueType.hex64:
      return putHex(out, at, view.getUint32(start, true), view.getUint32(start + 4, true));
    case ValueType.filetime:
      return putFiletime(out, at, view.getUint32(start, true), view.getUint32(start + 4, true));
    case ValueType.binary:
      return putBinary(out, at, view, start, size);
    case ValueType.sid:
      return size > 0 && sidSize(view, start, size) <= size
        ? putSid(out, at, view, start)
        : NOT_HERE;
    default:
      return NOT_HERE;
  }
}

function putUnsigned64(out: Buffer, at: number, view: DataView, start: number): number {
  const high = view.getUint32(start + 4, true);
  if (high >= 0x20_0000) return NOT_HERE;
  return putInteger(out, at, high * 4_294_967_296 + view.getUint32(start, true));
}
