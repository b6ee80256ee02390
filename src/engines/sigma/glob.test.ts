import fc from "fast-check";
import { expect, test } from "vitest";
import { compileGlob } from "./glob.ts";
import { readParts } from "./values.ts";

/** By the book: `*` any run, `?` one unit, everything else itself. */
function naive(pattern: string, text: string): boolean {
  if (pattern === "") return text === "";
  if (pattern.startsWith("*"))
    return naive(pattern.slice(1), text) || (text !== "" && naive(pattern, text.slice(1)));
  if (text === "") return false;
  return (
    (pattern.startsWith("?") || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1))
  );
}

test("every form of pattern says what the naive walk says", () => {
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 9 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 10 });
  fc.assert(
    fc.property(pattern, text, (glob, subject) => {
      expect(compileGlob(readParts(glob), true)(subject)).toBe(naive(glob, subject));
    }),
    { numRuns: 5000 },
  );
});

test("a pattern made to backtrack takes no time", () => {
  const glob = compileGlob(readParts(`${"*a?".repeat(30)}b`), true);
  expect(glob("a".repeat(50_000))).toBe(false);
});
