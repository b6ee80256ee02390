/**
 * Value modifiers (Sigma modifier appendix 2.1.0), one entry each: adding one is adding a line to a table.
 * Refuses by name what is in none; `all`, `neq` and `expand` change no single value and are handled by selections.ts.
 */
import { readDecimal } from "./decimal.ts";
import { ENCODINGS } from "./encodings.ts";
import { readNetwork } from "./cidr.ts";
import { findRegexTrouble } from "./regex.ts";
import type { NumberTest, Part, RegexTest, Relation, TimePart, ValueTest } from "./rule.ts";
import { TIME_PARTS } from "./time-parts.ts";
import { plainText } from "./values.ts";

/** A value on its way through its modifiers: text until one makes a test of another kind of it. */
export interface Value {
  readonly test: ValueTest;
  /** As the rule writes it, for modifiers that have a syntax of their own. */
  readonly written: string;
  /** Whether the characters of its literals are bytes by now (the modifiers `utf16` and its kin). */
  readonly bytes: boolean;
}

/** What one modifier makes of one value: alternatives, or the reason why it cannot. */
type Modifier = (value: Value) => readonly Value[] | string;

/** The modifier of this name, or undefined where it is not supported. */
export function findModifier(name: string): Modifier | undefined {
  return MAKERS.get(name) ?? CHANGERS.get(name);
}

/**
 * The order in which modifiers act: first those that say what kind of thing a value is, then `windash`, which looks at the
 * words of the rule, then the rest as written. So `contains|fieldref`, `i|re` and `wide|windash` mean what they say.
 */
export function inOrder(names: readonly string[]): readonly string[] {
  const rank = (name: string): number => (MAKERS.has(name) ? 0 : name === "windash" ? 1 : 2);
  return names.toSorted((left, right) => rank(left) - rank(right));
}

const NOT_TEXT = "needs a text value";
const MANY: Part = { kind: "many" };

/** Modifiers that make a test of another kind of a text. */
const MAKERS: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ["cidr", onPlain((text) => readNetwork(text) ?? "is not a network in CIDR notation")],
  ["exists", onPlain(toExists)],
  ["fieldref", onPlain(toReference)],
  ["re", toRegex],
  ...(["minute", "hour", "day", "week", "month", "year"] as const).map(
    (part): [string, Modifier] => [part, (value) => toTimePart(value, part)],
  ),
  ...(["lt", "lte", "gt", "gte"] as const).map((relation): [string, Modifier] => [
    relation,
    (value) => toComparison(value, relation),
  ]),
]);

/** Modifiers that change a test, or the text that it is still. */
const CHANGERS: ReadonlyMap<string, Modifier> = new Map<string, Modifier>([
  ["contains", (value) => opened(value, true, true)],
  ["startswith", (value) => opened(value, false, true)],
  ["endswith", (value) => opened(value, true, false)],
  ["cased", toCased],
  ["windash", toDashes],
  ...ENCODINGS,
  ...(
    [
      ["i", "ignoreCase"],
      ["ignorecase", "ignoreCase"],
      ["m", "multiLine"],
      ["multiline", "multiLine"],
      ["s", "dotAll"],
      ["dotall", "dotAll"],
    ] as const
  ).map(([name, flag]): [string, Modifier] => [name, (value) => flagged(value, flag)]),
]);

/** A modifier that makes a test of a text without wildcards. */
function onPlain(make: (text: string) => ValueTest | string): Modifier {
  return (value) => {
    const plain = value.test.kind === "text" ? plainText(value.test.parts) : null;
    const made = plain === null ? "needs a text without wildcards" : make(plain);
    return typeof made === "string" ? made : [{ ...value, test: made }];
  };
}

function toExists(text: string): ValueTest | string {
  if (text !== "true" && text !== "false") return "needs true or false";
  return { kind: "exists", expected: text === "true" };
}

function toReference(name: string): ValueTest | string {
  const field = name.replace(/\s+/g, "");
  if (field === "") return "needs the name of a field";
  return { kind: "reference", fields: [field], openStart: false, openEnd: false, cased: false };
}

function toRegex(value: Value): readonly Value[] | string {
  if (value.test.kind !== "text") return NOT_TEXT;
  const flags = { ignoreCase: false, multiLine: false, dotAll: false };
  const test: RegexTest = { kind: "regex", pattern: value.written, ...flags };
  const trouble = findRegexTrouble(test);
  return trouble ?? [{ ...value, test }];
}

function flagged(
  value: Value,
  flag: "ignoreCase" | "multiLine" | "dotAll",
): readonly Value[] | string {
  if (value.test.kind !== "regex") return "needs a regular expression";
  const test = { ...value.test, [flag]: true };
  return findRegexTrouble(test) ?? [{ ...value, test }];
}

/** `hour: 3` asks for that hour, `hour|gte: 22` for that hour or a later one. */
function toTimePart(value: Value, part: TimePart): readonly Value[] | string {
  const number = toNumber(value);
  if (typeof number === "string") return number;
  if (number.part !== null) return "needs a number, and has a part of a time";
  const [least, greatest] = TIME_PARTS[part];
  const bound = Number(value.written);
  if (!Number.isInteger(bound) || bound < least || bound > greatest)
    return `needs a number from ${least} to ${greatest}`;
  return [{ ...value, test: { ...number, part } }];
}

function toComparison(value: Value, relation: Relation): readonly Value[] | string {
  const number = toNumber(value);
  if (typeof number === "string") return number;
  if (number.relation !== "eq") return "follows another comparison";
  return [{ ...value, test: { ...number, relation } }];
}

function toNumber({ test, written }: Value): NumberTest | string {
  if (test.kind === "number") return test;
  const bound = test.kind === "text" ? readDecimal(written) : null;
  return bound === null ? "needs a number" : { kind: "number", part: null, relation: "eq", bound };
}

function opened(value: Value, start: boolean, end: boolean): readonly Value[] | string {
  const { test } = value;
  if (test.kind === "reference") {
    const openStart = test.openStart || start;
    return [{ ...value, test: { ...test, openStart, openEnd: test.openEnd || end } }];
  }
  if (test.kind === "regex") return tied(value, test, start, end);
  if (test.kind !== "text") return NOT_TEXT;
  let { parts } = test;
  if (start && parts[0]?.kind !== "many") parts = [MANY, ...parts];
  if (end && parts.at(-1)?.kind !== "many") parts = [...parts, MANY];
  return [{ ...value, test: { ...test, parts } }];
}

/** An expression is found anywhere in a value as it is; tied, it begins or ends where the value does. */
function tied(
  value: Value,
  test: RegexTest,
  start: boolean,
  end: boolean,
): readonly Value[] | string {
  if (start && end) return [value];
  const pattern = start ? `(?:${test.pattern})\\z` : `\\A(?:${test.pattern})`;
  const made = { ...test, pattern };
  return findRegexTrouble(made) ?? [{ ...value, test: made }];
}

function toCased(value: Value): readonly Value[] | string {
  const { test } = value;
  if (test.kind !== "text" && test.kind !== "reference") return NOT_TEXT;
  return [{ ...value, test: { ...test, cased: true } }];
}

function toDashes(value: Value): readonly Value[] | string {
  const { test } = value;
  if (test.kind !== "text") return NOT_TEXT;
  return [{ ...value, test: { ...test, parts: test.parts.flatMap(dashes) } }];
}

/** A dash or slash that opens an option (`\B[-/]\b`, in words of any script): nothing of a word before it, a word behind it. */
const OPTION_DASH = /(?<![\p{L}\p{N}_])[-/](?=[\p{L}\p{N}_])/gu;

function dashes(part: Part): readonly Part[] {
  if (part.kind !== "literal") return [part];
  const split: Part[] = [];
  let from = 0;
  for (const { index } of part.text.matchAll(OPTION_DASH)) {
    if (index > from) split.push({ kind: "literal", text: part.text.slice(from, index) });
    split.push({ kind: "dash" });
    from = index + 1;
  }
  if (from < part.text.length) split.push({ kind: "literal", text: part.text.slice(from) });
  return split;
}
