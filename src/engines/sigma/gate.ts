/**
 * The literals without which a condition cannot hold: the reason why most rules are never evaluated.
 * Refuses to decide: it may let a row through that does not match, never the other way round.
 */
import type { Slots } from "./compile.ts";
import { foldCase } from "./fields.ts";
import { type Required, requiredLiterals } from "./regex-literals.ts";
import type { Expression, FieldTest, Part, ValueTest } from "./rule.ts";

/** A text that must stand in one value of the row, case-folded. One object for each text of a slot. */
export interface Literal {
  readonly slot: number;
  readonly body: string;
  /** Whether it must stand at the start, at the end, of the value. */
  readonly start: boolean;
  readonly end: boolean;
  /** The body with marks where it must stand at an end of the value: what grams are taken from. */
  readonly marked: string;
}

/** At least one of these is there, or the condition does not hold. */
export type Gate = readonly Literal[];

/** How many characters the scan looks at together; shorter literals cannot be gates, unless they go beyond ASCII. */
export const GRAM_CHARS = 4;

/** Whether a text has a character beyond ASCII: a value that keeps to it cannot hold the text. */
export function isBeyondAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return true;
  return false;
}

/** Stand before and behind each value, so that short whole values have grams as well. */
const START = "\u0001\u0001";
const END = "\u0002\u0002";
/** How long each of the two marks is. */
export const MARK_CHARS = 2;

/** Four characters as one number; only the low bytes count, for a scan without branches. */
export function gramAt(text: string, at: number): number {
  return (
    ((text.charCodeAt(at) & 255) << 24) |
    ((text.charCodeAt(at + 1) & 255) << 16) |
    ((text.charCodeAt(at + 2) & 255) << 8) |
    (text.charCodeAt(at + 3) & 255)
  );
}

/** How often each gram occurs in a set of literals: what few rules have in common, few events should hold. */
export class GramCounts {
  readonly #counts = new Map<number, number>();

  add({ marked }: Literal): void {
    for (let at = 0; at + GRAM_CHARS <= marked.length; at++) {
      const gram = gramAt(marked, at);
      this.#counts.set(gram, (this.#counts.get(gram) ?? 0) + 1);
    }
  }

  /** The place of a literal's rarest gram, and how often that gram occurs. */
  rarest({ marked }: Literal): { readonly at: number; readonly count: number } {
    let found = { at: 0, count: Number.POSITIVE_INFINITY };
    for (let at = 0; at + GRAM_CHARS <= marked.length; at++) {
      const count = this.#counts.get(gramAt(marked, at)) ?? 0;
      if (count < found.count) found = { at, count };
    }
    return found;
  }
}

interface Weighed {
  readonly gate: Gate;
  readonly cost: number;
}

/** What a value needs of a row: a literal; all of the parts, or one of them. All of none is no need. */
type Need = Literal | { readonly kind: "all" | "one"; readonly parts: readonly Need[] };

const NOTHING: Need = { kind: "all", parts: [] };

/** Finds gates. What a test needs is found once, however many buckets it is in; how rare it is, in each anew. */
export class GateFinder {
  readonly #slots: Slots;
  /** For each test what each of its values needs. */
  readonly #needs = new Map<FieldTest, readonly Need[]>();
  readonly #known = new Map<number, Map<string, Literal>>();
  /** Of the conditions in hand, by slot: how often each gram is asked for. What many ask for (`GET`, `200`) is common. */
  readonly #counts = new Map<number, GramCounts>();
  /** Tests of the conditions in hand that are counted: a filter for every rule is one test in each of them. */
  readonly #learned = new Set<FieldTest>();
  readonly #weighed = new Map<FieldTest, Weighed | null>();

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  /** The gates of conditions that are looked for together, in their order; null where a condition needs no literal. */
  find(conditions: readonly Expression[]): (Gate | null)[] {
    this.#counts.clear();
    this.#learned.clear();
    this.#weighed.clear();
    for (const condition of conditions) this.#learn(condition);
    return conditions.map((condition) => this.#cheapest(condition)?.gate ?? null);
  }

  /** Takes note of every literal, negated ones too: they all say what texts are common. */
  #learn(expression: Expression): void {
    switch (expression.kind) {
      case "and":
      case "or":
        for (const part of expression.parts) this.#learn(part);
        return;
      case "not":
        this.#learn(expression.part);
        return;
      case "field": {
        if (this.#learned.has(expression)) return;
        this.#learned.add(expression);
        const known = this.#needs.get(expression);
        const needs = known ?? this.#needsOf(expression);
        if (known === undefined) this.#needs.set(expression, needs);
        for (const need of needs) this.#count(need);
      }
    }
  }

  #needsOf(test: FieldTest): readonly Need[] {
    // Gates look at folded values, also for tests that compare with case: the scan runs once a value.
    const slot = this.#slots.number(test.fields, false);
    return test.tests.map((value) => this.#needOf(value, slot));
  }

  #count(need: Need): void {
    if ("parts" in need) {
      for (const part of need.parts) this.#count(part);
      return;
    }
    const counts = this.#counts.get(need.slot) ?? new GramCounts();
    this.#counts.set(need.slot, counts);
    counts.add(need);
  }

  /** The gate that is expected to let the fewest rows through. */
  #cheapest(expression: Expression): Weighed | null {
    switch (expression.kind) {
      case "and":
        return cheapest(expression.parts.map((part) => this.#cheapest(part)));
      case "or":
        return union(expression.parts.map((part) => this.#cheapest(part)));
      case "not":
        return null;
      case "field": {
        const known = this.#weighed.get(expression);
        if (known !== undefined) return known;
        const choices = (this.#needs.get(expression) ?? []).map((need) => this.#weigh(need));
        const found = expression.all ? cheapest(choices) : union(choices);
        this.#weighed.set(expression, found);
        return found;
      }
    }
  }

  #weigh(need: Need): Weighed | null {
    if ("parts" in need) {
      const choices = need.parts.map((part) => this.#weigh(part));
      return need.kind === "all" ? cheapest(choices) : union(choices);
    }
    const count = this.#counts.get(need.slot)?.rarest(need).count ?? 0;
    // A long text is rarer in logs than a short one: of `GET` and thirty injections, the injections.
    return { gate: [need], cost: count / Math.max(1, need.body.length) };
  }

  #needOf(value: ValueTest, slot: number): Need {
    if (value.kind === "regex") return this.#required(requiredLiterals(value), slot);
    if (value.kind !== "text") return NOTHING;
    const last = value.parts.length - 1;
    const found =
      last < 0
        ? [this.#literal("", true, true, slot)]
        : value.parts.flatMap((part, at) => this.#ofPart(part, at === 0, at === last, slot));
    const parts = found.filter(
      ({ marked, body }) => marked.length >= GRAM_CHARS || isBeyondAscii(body),
    );
    return { kind: "all", parts };
  }

  /** What an expression needs; a literal too short to be looked for is no need at all. */
  #required(required: Required, slot: number): Need {
    if (typeof required !== "string") {
      const parts = required.parts.map((part) => this.#required(part, slot));
      return { kind: required.kind, parts };
    }
    return required.length < GRAM_CHARS ? NOTHING : this.#literal(required, false, false, slot);
  }

  #ofPart(part: Part, start: boolean, end: boolean, slot: number): Literal[] {
    return part.kind === "literal" ? [this.#literal(foldCase(part.text), start, end, slot)] : [];
  }

  #literal(body: string, start: boolean, end: boolean, slot: number): Literal {
    const marked = `${start ? START : ""}${body}${end ? END : ""}`;
    const ofSlot = this.#known.get(slot) ?? new Map<string, Literal>();
    this.#known.set(slot, ofSlot);
    const known = ofSlot.get(marked);
    if (known !== undefined) return known;
    const literal = { slot, body, start, end, marked };
    ofSlot.set(marked, literal);
    return literal;
  }
}

function cheapest(choices: readonly (Weighed | null)[]): Weighed | null {
  let found: Weighed | null = null;
  for (const choice of choices) {
    if (choice !== null && (found === null || choice.cost < found.cost)) found = choice;
  }
  return found;
}

function union(choices: readonly (Weighed | null)[]): Weighed | null {
  const gate: Literal[] = [];
  let cost = 0;
  for (const choice of choices) {
    if (choice === null) return null;
    gate.push(...choice.gate);
    cost += choice.cost;
  }
  return { gate, cost };
}
