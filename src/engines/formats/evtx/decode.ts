/** One slot of an opened record into its value. Refuses to keep anything: the record is the caller's. */
import type { FieldValue, Span } from "../../../model/event.ts";
import type { Instance } from "./instance.ts";
import { ARRAY, ValueType } from "./layout.ts";
import { finish, type Slot, textOf, type ValueSlot } from "./slot.ts";
import type { Bytes } from "./text.ts";
import { valueAt } from "./value.ts";

/** A record whose values have been found: see Row. */
export interface Opened {
  readonly bytes: Bytes;
  readonly outer: Instance;
  readonly inner: Instance;
  /** Bytes of its BinXML, which no text of its values exceeds. */
  readonly sizeBytes: number;
}

/** The instance that holds the slot's value. */
export function instanceOf(opened: Opened, slot: ValueSlot): Instance {
  return slot.table === 0 ? opened.outer : opened.inner;
}

/** Whether the record lacks this field. */
export function isOmitted(opened: Opened, slot: ValueSlot): boolean {
  return slot.omitted && instanceOf(opened, slot).isEmpty(slot.index);
}

/** The value of a slot; undefined where the record lacks the field. */
export function decode(opened: Opened, slot: Slot): FieldValue | undefined {
  switch (slot.kind) {
    case "constant":
      return slot.value;
    case "value":
      return isOmitted(opened, slot) ? undefined : decodeValue(opened, slot);
    case "joined":
      return finish(
        slot.parts.map((part) => textOf(decode(opened, part) ?? null)).join(""),
        slot.role,
      );
    case "list":
      return decodeList(opened, slot.items, slot.flat);
  }
}

function decodeValue(opened: Opened, slot: ValueSlot): FieldValue {
  const { count, types, starts, sizes } = instanceOf(opened, slot);
  const { index } = slot;
  if (index >= count) return null;
  const type = types[index] ?? 0;
  const value = valueAt(opened.bytes, type, starts[index] ?? 0, sizes[index] ?? 0);
  // Only text is ever finished: the other types say themselves what they are.
  return (type & ~ARRAY) === ValueType.unicode ? finish(value, slot.role) : value;
}

/** Where the value of a slot stands as UTF-16; false where it is not there, or is no text, or a text that is made into something. */
export function placeText(opened: Opened, slot: ValueSlot, into: Span): boolean {
  const { count, types, starts, sizes } = instanceOf(opened, slot);
  const { index, role } = slot;
  if (index >= count || types[index] !== ValueType.unicode || isOmitted(opened, slot)) return false;
  if (role !== "data" && role !== "plain") return false;
  const { view } = opened.bytes;
  const start = starts[index] ?? 0;
  // As decodeValue has it: terminating zeros are no text, and data loses its trailing blanks.
  const last = role === "data" ? 0x20 : 0;
  let end = start + ((sizes[index] ?? 0) & ~1);
  while (end > start && view.getUint16(end - 2, true) <= last) end -= 2;
  into.view = view;
  into.start = start;
  into.end = end;
  into.encoding = "utf-16le";
  return true;
}

function decodeList(opened: Opened, items: readonly Slot[], flat: boolean): FieldValue {
  const values = items.map((item) => decode(opened, item) ?? null);
  if (!flat) return values;
  const all = values.flat();
  const [only] = all;
  return all.length === 1 && only !== undefined ? only : all;
}
