import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { type ListEnd, elementsOf } from "./json-elements.ts";

/** The texts of the elements, and how they ended. */
function read(text: string, from: number, depth: 0 | 1 | 2): { texts: string[]; end: ListEnd } {
  const bytes = utf8(text);
  const texts: string[] = [];
  const elements = elementsOf(memorySource(bytes), { from, depth });
  for (let step = elements.next(); ; step = elements.next()) {
    if (step.done === true) return { texts, end: step.value };
    texts.push(new TextDecoder().decode(bytes.subarray(step.value.start, step.value.end)));
  }
}

const values = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 5 });
const indent = fc.constantFrom(0, 1, 4);

test("property: the elements of a list are what JSON.parse finds in it", () => {
  fc.assert(
    fc.property(values, indent, (list, spaces) => {
      const text = JSON.stringify(list, null, spaces);
      const { texts, end } = read(text, 1, 1);
      expect(texts.map((element) => JSON.parse(element))).toEqual(JSON.parse(text));
      expect(end.kind).toBe("closed");
    }),
  );
});

test("property: so are those of a list in an object, whatever stands behind it", () => {
  fc.assert(
    fc.property(values, fc.jsonValue({ maxDepth: 3 }), indent, (value, rest, spaces) => {
      const text = JSON.stringify({ value, rest }, null, spaces);
      const { texts, end } = read(text, text.indexOf("[") + 1, 2);
      expect(texts.map((element) => JSON.parse(element))).toEqual(JSON.parse(text).value);
      expect(end.kind).toBe("closed");
    }),
  );
});

test("property: so are values one after the other", () => {
  fc.assert(
    fc.property(values, fc.constantFrom("\n", " ", "\r\n\0"), indent, (list, blank, spaces) => {
      const texts = list.map((value) => JSON.stringify(value, null, spaces));
      expect(read(texts.join(blank), 0, 0)).toEqual({
        texts,
        end: { kind: "closed", at: utf8(texts.join(blank)).length },
      });
    }),
  );
});

test("property: however a list is cut, its whole elements are found, and the cut is told", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ a: fc.string(), b: fc.array(fc.nat()) }), { minLength: 1 }),
      fc.nat(),
      (list, cut) => {
        const text = JSON.stringify(list);
        const short = text.slice(0, 1 + (cut % (text.length - 1)));
        const { texts, end } = read(short, 1, 1);
        expect(texts).toEqual(list.slice(0, texts.length).map((row) => JSON.stringify(row)));
        expect(end.kind).toBe("cut");
      },
    ),
  );
});

test("large elements and many of them are found over the ends of windows", () => {
  const list = Array.from({ length: 3_000 }, (_, at) => ({ at, text: ']}\\"'.repeat(at % 200) }));
  const text = JSON.stringify(list);
  expect(read(text, 1, 1).texts).toEqual(list.map((row) => JSON.stringify(row)));
});

test("text behind the end is told, NULs and blanks are not", () => {
  expect(read("[1] \0\n", 1, 1).end.kind).toBe("closed");
  expect(read("[1] x", 1, 1).end).toEqual({ kind: "more", at: 4 });
  expect(read('[1] "', 1, 1).end).toEqual({ kind: "more", at: 4 });
  expect(read('{"a":[1],"b":[2]', 6, 2).end.kind).toBe("cut");
});
