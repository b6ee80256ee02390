import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { KnownIds } from "./known-ids.ts";

/** Notes an id with a content. */
function note(ids: KnownIds, id: string, content: string) {
  const bytes = utf8(id + content);
  return ids.note(bytes, 0, id.length, id.length, bytes.length);
}

test("new, again, changed", () => {
  const ids = new KnownIds();
  expect(note(ids, '"a"', "first of some bytes")).toBe("new");
  expect(note(ids, '"b"', "first of some bytes")).toBe("new");
  expect(note(ids, '"a"', "first of some bytes")).toBe("again");
  expect(note(ids, '"a"', "first of same bytes")).toBe("changed");
});

test("as many as a set of strings knows, however the table grows", () => {
  const ids = new KnownIds();
  const known = new Set<string>();
  for (let number = 0; number < 60_000; number++) {
    const id = `"5e2a1b3c-0000-4000-8000-${String((number * 7_919) % 40_000).padStart(12, "0")}"`;
    expect(note(ids, id, id)).toBe(known.has(id) ? "again" : "new");
    known.add(id);
  }
});

test("full: what is known stays known, what is new is not", () => {
  const ids = new KnownIds(2);
  expect([note(ids, "a", "x"), note(ids, "b", "x"), note(ids, "c", "x")]).toEqual([
    "new",
    "new",
    "full",
  ]);
  expect([note(ids, "a", "x"), note(ids, "c", "x")]).toEqual(["again", "full"]);
});

test("every byte of the content counts", () => {
  for (let length = 1; length < 40; length++)
    for (let at = 0; at < length; at++) {
      const ids = new KnownIds();
      const content = "x".repeat(length);
      note(ids, "id", content);
      expect(note(ids, "id", `${content.slice(0, at)}y${content.slice(at + 1)}`)).toBe("changed");
    }
});
