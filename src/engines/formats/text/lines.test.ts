import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { countLineFeeds, lineRanges } from "./lines.ts";

/** Mostly line feeds and what differs from one by a bit. */
const bytes = fc
  .uint8Array({ maxLength: 3_000 })
  .map((drawn) =>
    drawn.map((byte) => (byte < 100 ? 10 : byte < 110 ? 0x8a : byte < 120 ? 11 : byte)),
  );

test("line feeds are counted at every alignment, in every neighbourhood", () => {
  fc.assert(
    fc.property(bytes, fc.nat(7), (drawn, from) => {
      const part = drawn.subarray(Math.min(from, drawn.length));
      expect(countLineFeeds(part)).toBe(part.filter((byte) => byte === 10).length);
    }),
    { numRuns: 500, seed: 3 },
  );
  expect(countLineFeeds(new Uint8Array(100_000).fill(10))).toBe(100_000);
  expect(countLineFeeds(new Uint8Array(100_000).fill(0x8a))).toBe(0);
});

test("ranges end after a line feed, and know the number of their first line", () => {
  const source = memorySource(utf8("a\nbb\n\nccccc\nd"));
  const shown = (rangeBytes: number) =>
    [...lineRanges(source, rangeBytes, null)].map(({ start, end, line }) => [start, end, line]);
  expect(shown(1)).toEqual([
    [0, 2, 1],
    [2, 5, 2],
    [5, 6, 3],
    [6, 12, 4],
    [12, 13, 5],
  ]);
  expect(shown(3)).toEqual([
    [0, 5, 1],
    [5, 12, 3],
    [12, 13, 5],
  ]);
  expect(shown(100)).toEqual([[0, 13, 1]]);
  expect([...lineRanges(memorySource(utf8("")), 5, null)]).toEqual([
    { start: 0, end: 0, line: 1, header: "" },
  ]);
});

test("what goes on after a range begins with the line that was cut", () => {
  const goOn = (text: string, end: number) => {
    const after = { start: 2, end, line: 2, header: "" };
    const ranges = lineRanges(memorySource(utf8(text)), 100, after);
    return [...ranges].map(({ start, line }) => [start, line]);
  };
  expect(goOn("a\nbb\nccc\n", 5)).toEqual([[5, 3]]);
  expect(goOn("a\nbb\nccc\n", 7)).toEqual([[5, 3]]);
  expect(goOn("a\nbb\nccc\n", 4)).toEqual([[2, 2]]);
  expect(goOn("a\nbb\nccc\n", 9)).toEqual([]);
});

test("a line longer than any window stays in one range", () => {
  const long = `a\n${"x".repeat(2_000_000)}\nb\n`;
  const ranges = [...lineRanges(memorySource(utf8(long)), 700_000, null)];
  expect(ranges.map(({ end, line }) => [end, line])).toEqual([
    [2_000_003, 1],
    [2_000_005, 3],
  ]);
});
