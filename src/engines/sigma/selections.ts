/**
 * The selections of a rule to expressions (Sigma rules specification, "Detection"): a map is AND, a list is OR,
 * a bare value is a keyword. Refuses unknown modifiers, empty lists and maps, and null in a list, by name.
 */
import { join } from "./condition.ts";
import { findModifier } from "./modifiers.ts";
import { Refused } from "./refused.ts";
import type { Expression, FieldTest, ValueTest } from "./rule.ts";
import { readParts } from "./values.ts";
import type { YamlNode, YamlScalar } from "./yaml.ts";

/** Reads one selection. Throws Refused with the line of what is not supported. */
export function readSelection(node: YamlNode): Expression {
  switch (node.kind) {
    case "scalar":
      return readTest("", node, node.line);
    case "list":
      return join("or", filled(node.items, node.line, "list").map(readSelection));
    case "map":
      return join(
        "and",
        filled([...node.entries], node.line, "map").map(([key, value]) =>
          readTest(key, value, value.line),
        ),
      );
  }
}

function filled<T>(items: readonly T[], line: number, what: string): readonly T[] {
  if (items.length === 0) throw new Refused(line, `an empty ${what} in the detection`);
  return items;
}

/** `field|modifier|modifier: values`; without a field the values are keywords. */
function readTest(key: string, node: YamlNode, line: number): FieldTest {
  const [name = "", ...modifiers] = key.split("|").map((word) => word.trim());
  // Fields of Windows events lose their blanks: `Threat Name` is ThreatName (rules specification, "Field Usage").
  const field = name.replace(/\s+/g, "");
  const values = valuesOf(node);
  const starts = values.map((value) => firstTest(value, modifiers, values.length > 1));
  let tests: readonly ValueTest[] = starts;
  for (const modifier of modifiers) {
    if (modifier === "all") continue;
    tests = tests.flatMap((test) => apply(modifier, test, line));
  }
  if (field === "") tests = tests.map((test) => anywhere(test, line));
  const all = modifiers.includes("all");
  if (all && tests.length > values.length) {
    throw new Refused(line, `modifier 'all' with '${modifiers.join("|")}'`);
  }
  return { kind: "field", fields: field === "" ? [] : [field], all, tests };
}

function valuesOf(node: YamlNode): readonly YamlScalar[] {
  if (node.kind === "map") throw new Refused(node.line, "a map where values should stand");
  if (node.kind === "scalar") return [node];
  return filled(node.items, node.line, "list").map((item) => {
    if (item.kind !== "scalar") throw new Refused(item.line, "a list within a list of values");
    return item;
  });
}

function firstTest(value: YamlScalar, modifiers: readonly string[], inList: boolean): ValueTest {
  if (value.type !== "null") return { kind: "text", parts: readParts(value.text), cased: false };
  if (inList) throw new Refused(value.line, "null in a list");
  if (modifiers.length > 0) throw new Refused(value.line, "null with a modifier");
  return { kind: "null" };
}

function apply(name: string, test: ValueTest, line: number): readonly ValueTest[] {
  const modifier = findModifier(name);
  if (modifier === undefined) throw new Refused(line, `modifier '${name}'`);
  const made = modifier(test);
  if (typeof made === "string") throw new Refused(line, `modifier '${name}' ${made}`);
  return made;
}

/** A keyword is looked for within values, so it gets a wildcard on both sides. */
function anywhere(test: ValueTest, line: number): ValueTest {
  if (test.kind !== "text") throw new Refused(line, `a keyword of the kind '${test.kind}'`);
  const many = { kind: "many" } as const;
  return { ...test, parts: [many, ...test.parts, many] };
}
