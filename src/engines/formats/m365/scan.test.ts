import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { DEPTH_MAX } from "../json/json-value.ts";
import { NAMES, slotOfName } from "./names.ts";
import { RECORD_NAMES_MAX, makeScan, scanObject } from "./scan.ts";

const scan = makeScan();

/** What the scan makes of a text that begins with an object. */
function scanned(text: string): string {
  const bytes = utf8(text);
  scanObject(bytes, 0, bytes.length, scan);
  return scan.ending === "whole" ? `whole ${scan.end}` : scan.ending;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function small(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

test("what JSON.parse reads is whole, and its values stand where the scan says", () => {
  const value = fc.jsonValue({ maxDepth: 5 });
  const record = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string()), value);
  fc.assert(
    fc.property(record, fc.constantFrom(0, 2), (made, indent) => {
      const text = JSON.stringify(made, null, indent);
      const bytes = utf8(text);
      expect(scanned(text)).toBe(`whole ${bytes.length}`);
      // Of names that differ by the case of their first letter the last counts.
      const byName = new Map(Object.entries(made).map(([name, held]) => [small(name), held]));
      for (const [name, held] of byName) {
        const slot = NAMES.findIndex((known) => small(known) === name);
        if (slot < 0) continue;
        const at = bytes.subarray(scan.starts[slot], scan.ends[slot]);
        expect(JSON.parse(new TextDecoder().decode(at))).toEqual(JSON.parse(JSON.stringify(held)));
      }
    }),
  );
});

test("what JSON.parse refuses is not whole, and what it reads is", () => {
  const pieces = [
    '{"a":',
    "}",
    "]",
    "[",
    "{",
    ",",
    ":",
    '"b"',
    '"',
    "\\",
    "u00e9",
    "0",
    "-",
    "1.5",
    "e+3",
    "true",
    "nul",
    " ",
    "\n",
    "\u0001",
  ];
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 12 });
  fc.assert(
    fc.property(texts, (parts) => {
      const text = `{${parts.join("")}`;
      // Behind a whole object the scan does not look.
      const isWhole = scanned(text).startsWith("whole") && text.slice(scan.end).trim() === "";
      expect(isWhole).toBe(parses(text));
    }),
    { numRuns: 20_000 },
  );
});

test("every beginning of an object is cut, and its whole values are known", () => {
  const text =
    '{"CreationTime":"2021-08-12T09:14:04","n":[1,{"a":-1.5e3}],"Id":"x\\u00e9\\"","t":true}';
  for (let length = 1; length < text.length; length++) {
    expect(scanned(text.slice(0, length))).toBe("cut");
    const kept = JSON.parse(`${text.slice(0, scan.valuesEnd)}}`);
    expect(Object.hasOwn(kept, "Id")).toBe((scan.starts[slotOfName("Id")] ?? -1) >= 0);
  }
});

test("depth and names have limits", () => {
  const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  expect(scanned(nested(DEPTH_MAX))).toMatch(/^whole/);
  expect(scanned(nested(DEPTH_MAX + 1))).toBe("deep");
  const many = (names: number) => `{${Array.from({ length: names }, () => '"a":1').join(",")}}`;
  expect(scanned(many(RECORD_NAMES_MAX))).toMatch(/^whole/);
  expect(scanned(many(RECORD_NAMES_MAX + 1))).toBe("crowded");
});
