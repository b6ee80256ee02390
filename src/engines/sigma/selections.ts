/**
 * The selections of a rule to expressions (Sigma rules specification, "Detection"): a map is AND, a list is OR,
 * a bare value is a keyword. Refuses unknown modifiers, empty lists and maps, null in a list, and what grows too large.
 */
import { join } from "./condition.ts";
import { type Value, findModifier, inOrder } from "./modifiers.ts";
import type { Placeholders } from "./placeholders.ts";
import { Refused } from "./refused.ts";
import type { Expression, ValueTest } from "./rule.ts";
import { fieldOfTest } from "./fields.ts";
import { CHARS_MAX, VALUES_MAX, charsOf, expand, readParts } from "./values.ts";
import type { YamlNode, YamlScalar } from "./yaml.ts";

/** Reads the selections of one file, one by one: what placeholders and encodings make of its values is counted over all of it. */
export class SelectionReader {
  readonly #placeholders: Placeholders;
  #valuesLeft = VALUES_MAX;
  #charsLeft = CHARS_MAX;

  constructor(placeholders: Placeholders) {
    this.#placeholders = placeholders;
  }

  /** Reads one selection. Throws Refused with the line of what is not supported. */
  read(node: YamlNode): Expression {
    switch (node.kind) {
      case "scalar":
        return this.#test("", node);
      case "list":
        return join(
          "or",
          filled(node.items, node.line, "list").map((item) => this.read(item)),
        );
      case "map":
        return join(
          "and",
          filled([...node.entries], node.line, "map").map(([key, value]) => this.#test(key, value)),
        );
    }
  }

  /** `field|modifier|modifier: values`; without a field the values are keywords. */
  #test(key: string, node: YamlNode): Expression {
    const [name = "", ...modifiers] = key.split("|").map((word) => word.trim());
    if (modifiers.length > MODIFIERS_MAX)
      throw new Refused(node.line, `more than ${MODIFIERS_MAX} modifiers`);
    // Fields of Windows events lose their blanks: `Threat Name` is ThreatName (rules specification, "Field Usage").
    const field = name.replace(/\s+/g, "");
    const all = modifiers.includes("all");
    const values = valuesOf(node);
    const alternatives = values.map((value) =>
      this.#alternatives(value, modifiers, values.length > 1).map((test) =>
        field === "" ? anywhere(test, value.line) : test,
      ),
    );
    const made = this.#joined(field, all, alternatives);
    return modifiers.includes("neq") ? { kind: "not", part: made } : made;
  }

  /** All values: each may have alternatives of its own, of which one is enough. */
  #joined(
    field: string,
    all: boolean,
    alternatives: readonly (readonly ValueTest[])[],
  ): Expression {
    const fields = field === "" ? [] : [fieldOfTest(field, alternatives.flat())];
    const test = (tests: readonly ValueTest[], every: boolean): Expression => ({
      kind: "field",
      fields,
      all: every,
      tests,
    });
    const several = alternatives.some((tests) => tests.length > 1);
    if (!all || !several) return test(alternatives.flat(), all);
    return join(
      "and",
      alternatives.map((tests) => test(tests, false)),
    );
  }

  /** What one value comes to once its modifiers have acted. */
  #alternatives(
    value: YamlScalar,
    modifiers: readonly string[],
    inList: boolean,
  ): readonly ValueTest[] {
    const { line } = value;
    const acting = modifiers.filter((name) => !JOINING.has(name));
    if (value.type === "null") {
      if (inList) throw new Refused(line, "null in a list");
      if (acting.length > 0) throw new Refused(line, "null with a modifier");
      return [{ kind: "null" }];
    }
    if (acting.includes("re") && value.type !== "text")
      throw new Refused(line, "modifier 're' needs a text value");
    let made: readonly Value[] = this.#written(value, acting);
    for (const name of inOrder(acting.filter((one) => one !== "expand"))) {
      made = this.#modified(name, made, line);
    }
    this.#valuesLeft -= made.length;
    this.#charsLeft -= made.reduce((sum, { test }) => sum + sizeOf(test), 0);
    return made.map(({ test }) => test);
  }

  /** What a modifier makes of all values so far. An encoding of an encoding grows with every step, so each is counted. */
  #modified(name: string, values: readonly Value[], line: number): readonly Value[] {
    const made: Value[] = [];
    let chars = 0;
    for (const value of values) {
      for (const one of apply(name, value, line)) {
        made.push(one);
        chars += sizeOf(one.test);
      }
      this.#check(made.length, chars, line);
    }
    return made;
  }

  #check(values: number, chars: number, line: number): void {
    if (values > this.#valuesLeft)
      throw new Refused(line, `more than ${VALUES_MAX} values in its file`);
    if (chars > this.#charsLeft)
      throw new Refused(line, `values of more than ${CHARS_MAX} characters in its file`);
  }

  /** The value as written; with `expand` once for each value of its placeholders. */
  #written({ text, line }: YamlScalar, modifiers: readonly string[]): readonly Value[] {
    const most = { values: this.#valuesLeft, chars: this.#charsLeft };
    const spellings = modifiers.includes("expand")
      ? expand(text, this.#placeholders, most)
      : [[text]];
    if (typeof spellings === "string") throw new Refused(line, spellings);
    this.#check(spellings.length, text.length, line);
    return spellings.map((pieces) => ({
      // Piece by piece: a backslash before a placeholder does not reach into its value.
      test: { kind: "text", parts: pieces.flatMap(readParts), cased: false },
      written: pieces.join(""),
      bytes: false,
    }));
  }
}

/** Modifiers that say how values and their field go together, not what a value is. */
const JOINING: ReadonlySet<string> = new Set(["all", "neq"]);
/** More than any that go together. */
const MODIFIERS_MAX = 16;

/** What encodings make longer of a test. */
function sizeOf(test: ValueTest): number {
  return test.kind === "text" ? charsOf(test.parts) : 0;
}

function filled<T>(items: readonly T[], line: number, what: string): readonly T[] {
  if (items.length === 0) throw new Refused(line, `an empty ${what} in the detection`);
  return items;
}

function valuesOf(node: YamlNode): readonly YamlScalar[] {
  if (node.kind === "map") throw new Refused(node.line, "a map where values should stand");
  if (node.kind === "scalar") return [node];
  return filled(node.items, node.line, "list").map((item) => {
    if (item.kind !== "scalar") throw new Refused(item.line, "a list within a list of values");
    return item;
  });
}

function apply(name: string, value: Value, line: number): readonly Value[] {
  const modifier = findModifier(name);
  if (modifier === undefined) throw new Refused(line, `modifier '${name}'`);
  const made = modifier(value);
  if (typeof made === "string") throw new Refused(line, `modifier '${name}' ${made}`);
  return made;
}

/** A keyword is looked for within values, so it gets a wildcard on both sides; an expression finds its place itself. */
function anywhere(test: ValueTest, line: number): ValueTest {
  if (test.kind === "regex") return test;
  if (test.kind !== "text") throw new Refused(line, `a keyword of the kind '${test.kind}'`);
  const many = { kind: "many" } as const;
  return { ...test, parts: [many, ...test.parts, many] };
}
