import fc from "fast-check";
import { expect, test } from "vitest";
import { byCodeUnits, canonicalJson, inertJson, shorten, visible } from "./text.ts";

test("what a terminal acts on, reorders or hides becomes visible", () => {
  expect(visible("plain ü 😀 text")).toBe("plain ü 😀 text");
  expect(visible("a\r\nb\tc")).toBe("a\\u{d}\\u{a}b\\u{9}c");
  expect(visible("\u001b[31m\u009b2J\u007f")).toBe("\\u{1b}[31m\\u{9b}2J\\u{7f}");
  expect(visible("invoice\u202efdp.exe")).toBe("invoice\\u{202e}fdp.exe");
  expect(visible("\u200b\u2066\u061c\ufeff\u2028\u00ad\u{e0041}")).toBe(
    "\\u{200b}\\u{2066}\\u{61c}\\u{feff}\\u{2028}\\u{ad}\\u{e0041}",
  );
});

test("property: what is visible is one line without control or format characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(visible(text)).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u);
      expect(visible(visible(text))).toBe(visible(text));
    }),
  );
});

test("property: a shortened text keeps to its limit, is a beginning, and stays well-formed", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "ü", "😀") });
  fc.assert(
    fc.property(text, fc.nat(12), (whole, charsMax) => {
      const short = shorten(whole, charsMax);
      expect(short.length).toBeLessThanOrEqual(charsMax);
      expect(short.isWellFormed()).toBe(true);
      expect(whole.startsWith(short.replace(/…$/, ""))).toBe(true);
      const cut = charsMax > 0 && whole.length > charsMax;
      expect(short.endsWith("…")).toBe(cut);
      expect(short === whole).toBe(whole.length <= charsMax);
    }),
  );
});

test("texts are ordered by UTF-16 units", () => {
  expect(["ä", "b", "B", "a", "", "10", "9"].sort(byCodeUnits)).toEqual([
    "",
    "10",
    "9",
    "B",
    "a",
    "b",
    "ä",
  ]);
  expect(byCodeUnits("a", "a")).toBe(0);
});

test("canonical JSON sorts keys by units, those of digits too", () => {
  expect(canonicalJson({ b: [{ z: 1, a: null }], "9": 1, "10": "x", a: undefined })).toBe(
    '{"10":"x","9":1,"b":[{"a":null,"z":1}]}',
  );
  expect(canonicalJson([undefined, "\u2028"])).toBe('[null,"\u2028"]');
  expect(canonicalJson({ at: { toJSON: () => "shown" } })).toBe('{"at":"shown"}');
});

test("property: canonical JSON reads back, and does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned)).toBe(text);
    }),
  );
});

test("property: inert JSON is the same value, and nothing in it acts on a terminal", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const json = inertJson(JSON.stringify(texts));
      expect(json).not.toMatch(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/u);
      expect(JSON.parse(json)).toEqual(texts);
    }),
  );
});
