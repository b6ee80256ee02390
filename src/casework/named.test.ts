import { expect, test } from "vitest";
import { oneNamed } from "./named.ts";

const THINGS = ["aaaa1111", "aaaa2222", "bbbb3333", "bbbb3333-2"].map((id) => ({ id }));
const named = (word: string) =>
  oneNamed(THINGS, word, { called: "things", missing: `no ${word}`, hint: "look" }).id;

test("an id, in any case, or four characters of its beginning name one thing", () => {
  expect(["AAAA1111", "aaaa1", "AAAA2"].map(named)).toEqual(["aaaa1111", "aaaa1111", "aaaa2222"]);
  // The whole id of one begins the id of another.
  expect(named("bbbb3333")).toBe("bbbb3333");
});

test.each([
  ["aaaa", "aaaa fits 2 things: aaaa1111, aaaa2222"],
  ["aaa", "no aaa"],
  ["cccc", "no cccc"],
  ["", "no "],
])("%s names none, and it is said why", (word, message) => {
  expect(() => named(word)).toThrow(message);
});
