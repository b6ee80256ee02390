/**
 * Where a field's value comes from, and how it is finished: the small pieces that a plan is made of.
 * Refuses to know names.
 */
import { formatTicks, parseTime } from "../../../base/time.ts";
import type { FieldValue } from "../../../model/event.ts";
import type { Node, Part } from "./tree.ts";

/** How a value is finished: System's numbers and time may come as text (forwarded events), data loses trailing blanks. */
export type Role = "plain" | "data" | "number" | "time";

/** Table 0 is the record's own template instance, table 1 the one embedded in it. */
export type Table = 0 | 1;

/** Value number `index` of a table. */
export interface ValueSlot {
  readonly kind: "value";
  readonly table: Table;
  readonly index: number;
  readonly role: Role;
  /** An empty value means that the field is not there. */
  readonly omitted: boolean;
}

export type Slot =
  | { readonly kind: "constant"; readonly value: FieldValue }
  | ValueSlot
  /** Text and values side by side: one text. */
  | { readonly kind: "joined"; readonly parts: readonly Slot[]; readonly role: Role }
  /** Several elements of one name; flat where an array among them is itself such a repetition. */
  | { readonly kind: "list"; readonly items: readonly Slot[]; readonly flat: boolean };

/** What fills the embedded value: its number, and the content of its template. */
export interface Inner {
  readonly index: number;
  readonly content: readonly Node[];
}

/** A node, and the table that its holes are filled from. */
export interface Placed {
  readonly node: Node;
  readonly table: Table;
}

/** The nodes with the embedded value's content in its place. Loops here and below: unusual records come through one by one. */
export function splice(
  nodes: readonly Node[],
  table: Table,
  inner: Inner | null,
): readonly Placed[] {
  const placed: Placed[] = [];
  for (const node of nodes)
    if (inner !== null && table === 0 && node.kind === "hole" && node.index === inner.index)
      for (const embedded of inner.content) placed.push({ node: embedded, table: 1 });
    else placed.push({ node, table });
  return placed;
}

/** The slot of an element's or attribute's content; null where it has none. */
export function slotOf(parts: readonly Placed[], role: Role, omitted: boolean): Slot | null {
  const several = parts.length > 1;
  const slots: Slot[] = [];
  for (const { node, table } of parts) {
    if (node.kind === "element" || node.kind === "instruction") continue;
    if (omitted && isEmpty(node)) continue;
    slots.push(partSlot(node, table, several ? "plain" : role, omitted && !several));
  }
  const [only] = slots;
  if (only === undefined) return null;
  return slots.length === 1 ? only : { kind: "joined", parts: slots, role };
}

/** In a filled tree: a value that is not there, as an empty value in the record is not. */
function isEmpty(part: Part): boolean {
  return part.kind === "value" && (part.value === null || part.value === "");
}

function partSlot(part: Part, table: Table, role: Role, omitted: boolean): Slot {
  switch (part.kind) {
    case "hole":
      return { kind: "value", table, index: part.index, role, omitted };
    case "value":
      return { kind: "constant", value: finish(part.value, role) };
    case "text":
    case "cdata":
    case "entity":
      return { kind: "constant", value: finish(part.text, role) };
  }
}

/** The value as fields give it. */
export function finish(value: FieldValue, role: Role): FieldValue {
  if (role === "plain") return value;
  if (value !== null && typeof value === "object") return value.map((item) => finish(item, role));
  if (typeof value !== "string") return value;
  if (role === "data") return withoutTrailingBlanks(value);
  if (role === "number") return /^\d{1,15}$/.test(value) ? Number(value) : value;
  const time = parseTime(value);
  return time === null ? value : formatTicks(time.ticks);
}

function withoutTrailingBlanks(text: string): string {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) <= 0x20) length--;
  return length === text.length ? text : text.slice(0, length);
}

/** The value as markup shows it. */
export function textOf(value: FieldValue): string {
  if (value === null) return "";
  return typeof value === "object" ? value.map(textOf).join(",") : String(value);
}
