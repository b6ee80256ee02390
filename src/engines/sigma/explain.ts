/**
 * Why a rule matches an event or does not: its condition as it was written, walked part by part over one row. It knows no
 * gates, no binding and no buckets; a property holds it against the matcher. Refuses to guess where there is nothing to walk.
 */
import type { Batch, FieldValue } from "../../model/event.ts";
import { Row, Slots, compile } from "./compile.ts";
import { COLUMNS, fieldReader, partsOfName, readingOf } from "./fields.ts";
import { type LogSources, type Target, findTargets } from "./log-sources.ts";
import { bindTest, isNeverThere } from "./rewrite.ts";
import type { Expression, FieldTest, Rule } from "./rule.ts";
import { showTest } from "./show.ts";

/** How a rule stands to an event. */
export interface Explanation {
  readonly matched: boolean;
  /** Why no log could hold its events at all; null where there are places to look. */
  readonly notApplicable: string | null;
  /** Every place where events of its log source are found. */
  readonly places: readonly Place[];
}

/** A place where a rule looks, and whether the event is one of those there. */
export interface Place {
  readonly title: string;
  /** What keeps the event from it; null where it belongs there. */
  readonly foreign: string | null;
  /** The condition under the names of this place; null where the event is foreign. */
  readonly condition: Explained | null;
}

/** A part of a condition over the event. */
export type Explained = ExplainedJunction | ExplainedField;

/** `and`, `or` and `not` with their parts. */
export interface ExplainedJunction {
  readonly kind: "and" | "or" | "not";
  readonly matched: boolean;
  /** The selection or filter that it is; null where it has no name of its own. */
  readonly name: string | null;
  readonly parts: readonly Explained[];
}

/** A field, its values in the event, and what they were compared with. */
export interface ExplainedField {
  readonly kind: "field";
  readonly matched: boolean;
  readonly name: string | null;
  /** As the rule writes it; "" for keywords. */
  readonly field: string;
  /** Why no event of this log has the field: no such log ever has it, or this one declares no such column; else null. */
  readonly lacking: "never" | "undeclared" | null;
  /** Whether every value of the rule must match. */
  readonly all: boolean;
  /** What stands under the field's names here; of keywords only values in which one was found. */
  readonly seen: readonly { readonly name: string; readonly value: FieldValue | undefined }[];
  readonly tests: readonly { readonly text: string; readonly matched: boolean }[];
}

/** Walks a rule, with its filters, over one row. */
export function explainRule(
  rule: Rule,
  sources: LogSources,
  batch: Batch,
  row: number,
): Explanation {
  const targets = findTargets(sources, rule.logSource);
  if (typeof targets === "string") return { matched: false, notApplicable: targets, places: [] };
  const names = namesOf(rule);
  const places = targets.map((target): Place => {
    const foreign = foreignTo(target, batch, row);
    const condition =
      foreign === null ? new Walk(target, names, batch, row).explain(rule.condition) : null;
    return { title: target.titles.join(" or "), foreign, condition };
  });
  const matched = places.some(({ condition }) => condition?.matched === true);
  return { matched, notApplicable: null, places };
}

/** The name of every part that has one: selections are the same objects in the condition. */
function namesOf({ selections, filters }: Rule): ReadonlyMap<Expression, string> {
  const names = new Map([...selections].map(([name, part]) => [part, name]));
  for (const filter of filters) {
    names.set(filter.condition, `filter ${filter.title}`);
    for (const [name, part] of filter.selections) if (!names.has(part)) names.set(part, name);
  }
  return names;
}

/** What keeps an event from a place; null where it belongs there. */
function foreignTo(target: Target, batch: Batch, row: number): string | null {
  const { formats, channels, eventIds, where } = target;
  if (!formats.includes(batch.format)) return `the event is of the format ${batch.format}`;
  const channel = batch.channel(row);
  if (channels !== null && !channels.includes(channel.toLowerCase()))
    return `its channel is ${channel === "" ? "not known" : channel}`;
  const eventId = batch.eventId(row);
  if (eventIds !== null && !eventIds.includes(eventId)) return `its event id is ${eventId}`;
  for (const [field, values] of where) {
    const reading = readingOf(fieldReader(field)(batch, row), false);
    const items = typeof reading === "object" && reading !== null ? reading : [reading];
    if (!values.some((value) => items.includes(String(readingOf(value, false)))))
      return `its ${field} is not ${values.join(" or ")}`;
  }
  return null;
}

/** One walk over one row, under the names of one place. */
class Walk {
  readonly #target: Target;
  readonly #names: ReadonlyMap<Expression, string>;
  readonly #batch: Batch;
  readonly #row: number;

  constructor(target: Target, names: ReadonlyMap<Expression, string>, batch: Batch, row: number) {
    this.#target = target;
    this.#names = names;
    this.#batch = batch;
    this.#row = row;
  }

  explain(expression: Expression): Explained {
    const name = this.#names.get(expression) ?? null;
    switch (expression.kind) {
      case "and":
      case "or": {
        const { kind } = expression;
        const parts = expression.parts.map((part) => this.explain(part));
        const matched =
          kind === "and" ? parts.every((part) => part.matched) : parts.some((part) => part.matched);
        return { kind, matched, name, parts };
      }
      case "not": {
        const part = this.explain(expression.part);
        return { kind: "not", matched: !part.matched, name, parts: [part] };
      }
      case "field":
        return { ...this.#field(expression), name };
    }
  }

  #field(test: FieldTest): Omit<ExplainedField, "name"> {
    const [field = ""] = test.fields;
    const holds = (part: FieldTest): boolean => {
      const bound = bindTest(part, this.#target);
      return typeof bound === "boolean" ? bound : this.#holds(bound);
    };
    return {
      kind: "field",
      matched: holds(test),
      field,
      lacking: this.#lacking(test),
      all: test.all,
      seen: this.#seenOf(test),
      tests: test.tests.map((one) => ({
        text: showTest(one),
        matched: holds({ ...test, tests: [one] }),
      })),
    };
  }

  #holds(test: FieldTest): boolean {
    const slots = new Slots();
    const check = compile(test, slots);
    const row = new Row(slots);
    row.moveTo(this.#batch, this.#row);
    return check(row);
  }

  #lacking({ fields: [field] }: FieldTest): ExplainedField["lacking"] {
    const { constants, fields } = this.#target;
    if (field === undefined || constants.has(field)) return null;
    if (isNeverThere(field, this.#target)) return "never";
    const { declared } = this.#batch;
    const parts = (fields.get(field) ?? [field]).flatMap(partsOfName);
    const isThere = (name: string) => COLUMNS.has(name) || declared?.includes(name) !== false;
    return parts.some(isThere) ? null : "undeclared";
  }

  #seenOf(test: FieldTest): ExplainedField["seen"] {
    const [field] = test.fields;
    if (field === undefined) return this.#found(test);
    const { constants, fields } = this.#target;
    const constant = constants.get(field);
    if (constant !== undefined) return [{ name: field, value: constant }];
    return (fields.get(field) ?? [field]).map((name) => this.#seen(name));
  }

  #seen(name: string): ExplainedField["seen"][number] {
    return { name, value: fieldReader(name)(this.#batch, this.#row) };
  }

  /** The values in which one of the keywords stands. */
  #found(test: FieldTest): ExplainedField["seen"] {
    const columns = ["Provider_Name", "Channel", "Computer"];
    return [...new Set([...columns, ...this.#batch.names(this.#row)])]
      .filter((name) => this.#holds({ ...test, all: false, fields: [name] }))
      .map((name) => this.#seen(name));
  }
}
