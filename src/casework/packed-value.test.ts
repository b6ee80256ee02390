import fc from "fast-check";
import { expect, test } from "vitest";
import { packValue, unpackValue } from "./packed-value.ts";

const leaf = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie("value"), { maxLength: 70, size: "small" }),
    fc.dictionary(fc.string(), tie("value"), { noNullPrototype: true }),
    fc.array(fc.tuple(tie("value"), tie("value"))).map((pairs) => new Map(pairs)),
    fc.array(tie("value")).map((items) => new Set(items)),
  ),
}));

test("plain data comes back as it was, and gives the same bytes again", () => {
  fc.assert(
    fc.property(value, (one) => {
      const bytes = packValue(one);
      const back = unpackValue(bytes);
      expect(back).toStrictEqual(one);
      expect(packValue(back)).toEqual(bytes);
    }),
    { numRuns: 100 },
  );
});

test("what was one object is one again, in circles too", () => {
  const shared = { kind: "field" };
  const whole: Record<string, unknown> = { list: [shared, shared], map: new Map([["a", shared]]) };
  whole["self"] = whole;
  const back = unpackValue(packValue(whole));
  expect(back).toEqual(whole);
  const found = JSON.stringify(back, (key, item: unknown) =>
    key === "self" ? item === back : item,
  );
  expect(found).toContain('"self":true');
  const [first, second] = listOf(back);
  expect(first).toBe(second);
  expect(first).not.toBe(shared);
});

test("keys that mean something to objects are keys", () => {
  const one: unknown = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}');
  const back = unpackValue(packValue(one));
  expect(back).toStrictEqual(one);
  expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
});

test("bytes at any place of a larger memory, a shared one too", () => {
  const bytes = packValue({ a: [1, "ä"] });
  for (let start = 0; start < 4; start++) {
    const memory = new Uint8Array(new SharedArrayBuffer(bytes.length + start));
    memory.set(bytes, start);
    expect(unpackValue(memory.subarray(start))).toEqual({ a: [1, "ä"] });
  }
});

test("what is no plain data is refused", () => {
  for (const one of [() => 1, Symbol("a"), new Date(0), new Uint8Array(1), Object.create(null)])
    expect(() => packValue({ one })).toThrow(TypeError);
});

test("bytes that are cut or changed throw, or give something else that is no larger: they never hang", () => {
  const bytes = packValue({ list: [1, 2, { a: "x", b: new Map([["k", 5n]]) }], set: new Set([1]) });
  for (let length = 0; length < bytes.length; length++)
    expect(outcomeOf(bytes.subarray(0, length))).toBe("refused");
  for (let at = 0; at < bytes.length; at++) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const changed = Uint8Array.from(bytes, (byte, place) => (place === at ? byte ^ flip : byte));
      expect(["refused", "read"]).toContain(outcomeOf(changed));
    }
  }
});

function outcomeOf(bytes: Uint8Array): string {
  try {
    unpackValue(bytes);
    return "read";
  } catch (error) {
    return error instanceof Error ? "refused" : "broken";
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (typeof value === "object" && value !== null && "list" in value && Array.isArray(value.list))
    return value.list;
  throw new Error("no list came back");
}
