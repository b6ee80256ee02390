import { expect, test } from "vitest";
import { afterPiece, compileRegex, findRegexTrouble } from "./regex.ts";
import type { RegexTest } from "./rule.ts";

function regex(pattern: string): RegexTest {
  return { kind: "regex", pattern, ignoreCase: false, multiLine: false, dotAll: false };
}

test("patterns that hold other engines for hours are linear here", () => {
  const start = performance.now();
  const long = "a".repeat(100_000);
  for (const pattern of [
    "(a+)+$",
    "(a|a)*b",
    "(a|aa)+$",
    "(.*)*x",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
  ]) {
    expect(findRegexTrouble(regex(pattern))).toBeNull();
    expect(compileRegex(regex(pattern))(`${long}!`)).toBe(false);
  }
  expect(performance.now() - start).toBeLessThan(2_000);
});

test("a text that drives an automaton through many states gets an answer all the same", () => {
  const match = compileRegex(regex("[ab]*a[ab]{14}c"));
  let text = "";
  for (let at = 0, state = 1; at < 50_000; at++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += state > 1_073_741_824 ? "a" : "b";
  }
  expect(match(text)).toBe(false);
  expect(match(`${text}a${"b".repeat(14)}c`)).toBe(true);
});

test.each([
  ["\\]x", 2],
  ["[]]x", 3],
  ["[^]]x", 4],
  ["[\\]]x", 4],
  ["[[:alpha:]]x", 11],
  ["[[]x", 3],
  ["ax", 1],
])("%s ends its first piece at %d", (pattern, end) => {
  expect(afterPiece(pattern, 0)).toBe(end);
});

test.each([
  "[(?=]",
  "\\(?=",
  "a\\\\1",
  "[\\\\1]",
  "[*+]+",
  "(?P<name>a)",
  "(?<name>a)",
  "a{2}?",
  "\\+\\+",
])("%s holds nothing foreign", (pattern) => {
  expect(findRegexTrouble(regex(pattern))).toBeNull();
});

test.each([
  [".{3,}", false],
  [".{3}", false],
  [".{3,}", true],
  [".{0,}", false],
])("%s is a long line, told by counting (dot is all: %s)", (pattern, dotAll) => {
  const counted = compileRegex({ ...regex(pattern), dotAll });
  const searched = new RegExp(pattern, dotAll ? "su" : "u");
  const texts = [
    "",
    "ab",
    "abc",
    "ab\nc",
    "ab\nabc\n",
    "abcd\na",
    "\n\n\n",
    "😀😀",
    "😀😀😀",
    "a\ud83db",
  ];
  for (const text of texts) expect([text, counted(text)]).toEqual([text, searched.test(text)]);
});
