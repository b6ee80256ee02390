import fc from "fast-check";
import { expect, test } from "vitest";
import { memorySource, readAll } from "./source.ts";

test("property: a range of memory is that range", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.nat(), fc.nat(), (bytes, a, b) => {
      const [start = 0, end = 0] = [a % (bytes.length + 1), b % (bytes.length + 1)].sort(
        (left, right) => left - right,
      );
      const source = memorySource(bytes);
      expect(source.byteLength).toBe(bytes.length);
      expect([...source.read(start, end)]).toEqual([...bytes].slice(start, end));
    }),
  );
});

test("a range outside of the source is a bug of the caller", () => {
  const source = memorySource(new Uint8Array(4));
  for (const [start, end] of [
    [-1, 2],
    [3, 2],
    [0, 5],
    [5, 5],
    [Number.NaN, 1],
  ] as const)
    expect(() => source.read(start, end)).toThrow(/bug/);
});

test("what readAll gives is the caller's own", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const all = readAll(memorySource(bytes));
  bytes.fill(0);
  expect(all).toEqual(Uint8Array.of(1, 2, 3));
});
