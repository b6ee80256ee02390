import fc from "fast-check";
import { expect, test } from "vitest";
import { foldCase } from "./fields.ts";
import { type Required, requiredLiterals } from "./regex-literals.ts";
import { compileRegex, findRegexTrouble } from "./regex.ts";
import type { RegexTest } from "./rule.ts";

function regex(pattern: string, ignoreCase = false): RegexTest {
  return { kind: "regex", pattern, ignoreCase, multiLine: false, dotAll: false };
}

/** A demand in one line: `ab & (c | d)`. */
function shown(required: Required): string {
  if (typeof required === "string") return required;
  const parts = required.parts.map(shown).filter((part) => part !== "" || required.kind === "one");
  const text = parts.join(required.kind === "all" ? " & " : " | ");
  return required.kind === "one" ? `(${text})` : text;
}

test.each([
  ["abc", "abc"],
  ["ABC", "abc"],
  ["a\\.b\\\\c", "a.b\\c"],
  ["net\\s+user", "net & user"],
  ["a+bc*d", "a & b & d"],
  ["ab{2,3}c", "ab & c"],
  ["ab{0,3}c", "a & c"],
  ["ab?c", "a & c"],
  ["a{1,b", "a{1,b"],
  ["^ab$", "ab"],
  ["\\bab\\b", "ab"],
  ["[Nn][Ee]t", "net"],
  ["a[.]b", "a.b"],
  ["a[bc]d", "a & d"],
  ["a[^b]c", "a & c"],
  ["a[a-c]b", "a & b"],
  ["a[]x]b", "a & b"],
  ["a[[:alpha:]]b", "a & b"],
  ["ab|cd", "(ab | cd)"],
  ["a(?:bc|de)f", "a & (bc | de) & f"],
  ["a(bc)d", "a & bc & d"],
  ["a(?P<n>bc)?d", "a & d"],
  ["a(bc|)d", "a & (bc | ) & d"],
  ["(?:ab)+c", "ab & c"],
  ["(?i)service", "ervice"],
  ["(?i:x)service", "x & ervice"],
  ["a\\d\\w\\Sb", "a & b"],
  ["aéb", "a & b"],
  ["a\\nb", "a\nb"],
  // What is not understood asks for nothing at all.
  ["ab\\x41", ""],
  ["ab\\pLcd", ""],
  ["\\Qab\\E", ""],
])("%s needs %s", (pattern, expected) => {
  expect(findRegexTrouble(regex(pattern))).toBeNull();
  expect(shown(requiredLiterals(regex(pattern)))).toBe(expected);
});

test("with its case ignored, a long s is an s for the expression and none for the gate", () => {
  expect(compileRegex(regex("us", true))("u\u017f")).toBe(true);
  expect(compileRegex(regex("k", true))("\u212a")).toBe(true);
  expect(requiredLiterals(regex("us", true))).toEqual({
    kind: "all",
    parts: ["u", expect.anything()],
  });
  expect(foldCase("\u212a")).toBe("k");
});

const letter = fc.constantFrom(
  "a",
  "b",
  "B",
  "s",
  "k",
  ".",
  "[Aa]",
  "[ab]",
  "[^s]",
  "\\.",
  "\\w",
  "\\b",
  "[.s]",
  "é",
  "\\$",
  "[Ss]",
  "[]a]",
  "^",
  "$",
  "\\A",
  "\\x61",
  "\\pL",
  "(?i)",
  "(?-i)",
  "{",
);
const times = fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{0}", "{0,2}", "{1,}?", "??");
const run = fc
  .array(
    fc.tuple(letter, times).map(([one, many]) => one + many),
    { maxLength: 5 },
  )
  .map((pieces) => pieces.join(""));
const branches = fc.array(run, { minLength: 1, maxLength: 3 }).map((all) => all.join("|"));
const group = fc
  .tuple(fc.constantFrom("(", "(?:", "(?i:", "(?P<n>"), branches, times)
  .map(([head, inside, many]) => `${head}${inside})${many}`);
const pattern = fc
  .array(fc.oneof(run, run, group), { maxLength: 3 })
  .map((pieces) => pieces.join(""))
  .filter((made) => made.split("?P<").length < 3);
const text = fc.string({
  unit: fc.constantFrom("a", "b", "A", "B", "s", "S", "k", "\u017f", "\u212a", ".", "$", "é", " "),
  maxLength: 10,
});

function holds(required: Required, folded: string): boolean {
  if (typeof required === "string") return folded.includes(required);
  const { kind, parts } = required;
  return kind === "all"
    ? parts.every((part) => holds(part, folded))
    : parts.some((part) => holds(part, folded));
}

test("no text matches that lacks what is required", () => {
  let matches = 0;
  fc.assert(
    fc.property(
      pattern,
      fc.boolean(),
      fc.array(text, { minLength: 5 }),
      (made, ignoreCase, texts) => {
        const one = regex(made, ignoreCase);
        if (findRegexTrouble(one) !== null) return;
        const required = requiredLiterals(one);
        const match = compileRegex(one);
        for (const subject of texts.filter((candidate) => match(candidate))) {
          expect({ made, subject, holds: holds(required, foldCase(subject)) }).toMatchObject({
            holds: true,
          });
          if (shown(required) !== "") matches++;
        }
      },
    ),
    { numRuns: 2000 },
  );
  expect(matches).toBeGreaterThan(500);
});
