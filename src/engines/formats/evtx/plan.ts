/**
 * From a template's tree to a flat list of fields: which name stands for which value, found once a template
 * and not once a record. What things are called is in normalise.ts. Refuses no tree.
 */
import type { JsonProgram } from "./json.ts";
import { nameFields } from "./normalise.ts";
import type { Inner, Slot } from "./slot.ts";
import type { Node } from "./tree.ts";

export interface Plan {
  /** Names of all fields that a record of these templates can have, in the order of the markup. */
  readonly names: readonly string[];
  readonly slots: readonly Slot[];
  readonly byName: ReadonlyMap<string, Slot>;
  /** Which slots are missing from a record where their value is empty. */
  readonly omittable: readonly number[];
  /** Names without the omitted, by which of the omittable are there (a bit each). Filled as they are made. */
  readonly present: Map<number, readonly string[]>;
  /** The steps that print such a record as JSON; made when first asked for. */
  json?: JsonProgram;
  /** Number of the value whose place the inner content has; NO_TEMPLATE for the plan of one filled tree. */
  readonly embedded: number;
  /** False where a name is itself a value: such fields are taken from the record's whole tree. */
  readonly fixed: boolean;
}

/** Marks a plan that is one record's alone. Below EMBEDS_NONE and EMBEDS_MANY, which templates have. */
export const NO_TEMPLATE = -3;

/** The plan of a record whose template has this content; of a filled tree as well, which then is all constants. */
export function planOf(content: readonly Node[], inner: Inner | null): Plan {
  const { fields, fixed } = nameFields(content, inner);
  const slots = fields.map(({ slot }) => slot);
  return {
    names: fields.map(({ name }) => name),
    slots,
    byName: new Map(fields.map(({ name, slot }) => [name, slot])),
    omittable: slots.flatMap((slot, at) => (slot.kind === "value" && slot.omitted ? [at] : [])),
    present: new Map(),
    embedded: inner?.index ?? NO_TEMPLATE,
    fixed,
  };
}

/** The plan of a record without fields. */
export const EMPTY_PLAN: Plan = planOf([], null);
