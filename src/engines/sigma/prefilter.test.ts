/** Gates over bytes: they open wherever those over decoded values do, whatever the encoding and the letters. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Batch, emptySpan, type FieldValue, type Span } from "../../model/event.ts";
import { batchOf, withSpans } from "../../../test/sigma/rows.ts";
import { Row, Slots } from "./compile.ts";
import { readingOf } from "./fields.ts";
import { FoldedText } from "./folded-text.ts";
import { GateFinder } from "./gate.ts";
import { Prefilter } from "./prefilter.ts";
import type { Expression, Part } from "./rule.ts";

type Encoding = NonNullable<Span["encoding"]>;

/** Kelvin and Ångström signs, dotted and dotless i, both sigmas, sharp s, blanks of all kinds, half a pair. */
const text = fc.string({
  unit: fc.constantFrom(
    ...Array.from("abAB-\\k\u212aKi\u0130\u0131Iς\u03a3σßÅ\u212b \t\n\u00a0\u2003\ufeff\u0000"),
    "abab",
    "\ud83d\ude00",
    "\ud83d",
  ),
  maxLength: 14,
});
const value = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.constantFrom<FieldValue>(null, "", 4688, true, ["abab", "b", null, 4688]),
);
const encoding = fc.constantFrom<Encoding>("utf-8", "utf-16le");

function literalTest(
  fields: readonly string[],
  literal: string,
  open: number,
  cased: boolean,
): Expression {
  const many: Part = { kind: "many" };
  const parts: readonly Part[] = [
    ...(open & 1 ? [many] : []),
    { kind: "literal", text: literal },
    ...(open & 2 ? [many] : []),
  ];
  return { kind: "field", fields, all: false, tests: [{ kind: "text", parts, cased }] };
}

const condition = fc
  .tuple(
    fc.constantFrom<readonly string[]>([], ["F"], ["F", "G"], ["F ? G"], ["Channel"]),
    text.filter((made) => made !== ""),
    fc.integer({ min: 0, max: 3 }),
    fc.boolean(),
  )
  .map((parts) => literalTest(...parts));

function openedBy(conditions: readonly Expression[], batch: Batch): number[] {
  const slots = new Slots();
  const prefilter = new Prefilter(new GateFinder(slots).find(conditions), slots, new FoldedText());
  const row = new Row(slots);
  row.moveTo(batch, 0);
  const { rules, count } = prefilter.open(row);
  return [...rules.subarray(0, count)];
}

test("a gate opens over bytes exactly where it opens over the decoded value", () => {
  fc.assert(
    fc.property(
      fc.array(condition, { minLength: 1, maxLength: 4 }),
      value,
      value,
      encoding,
      (conditions, F, G, written) => {
        const batch = batchOf("evtx", [{ channel: "Abab", fields: { F, G } }]);
        expect(openedBy(conditions, withSpans(batch, written))).toEqual(
          openedBy(conditions, batch),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

test("a text from bytes is the text that readings are", () => {
  const folded = new FoldedText();
  const unitsOf = (): string => String.fromCharCode(...folded.units.subarray(0, folded.length));
  fc.assert(
    fc.property(text, encoding, (one, written) => {
      folded.takeText(one);
      expect(unitsOf()).toBe(readingOf(one, false));
      const batch = withSpans(batchOf("evtx", [{ fields: { F: one } }]), written);
      const span = emptySpan();
      if (batch.span?.(0, "F", span) !== true) return;
      const isAscii = /^[\0-\x7f]*$/.test(one);
      expect(folded.takeSpan(span) ? unitsOf() : null).toBe(isAscii ? readingOf(one, false) : null);
    }),
    { numRuns: 2_000 },
  );
});

test("a value longer than the room that there is, and a shorter one after it", () => {
  const gates = [literalTest(["F"], "needle", 3, false)];
  const of = (F: string): number[] =>
    openedBy(gates, withSpans(batchOf("evtx", [{ fields: { F } }]), "utf-16le"));
  expect(of(`${"x".repeat(70_000)}NEEDLE${"y".repeat(10)}`)).toEqual([0]);
  expect(of("needl")).toEqual([]);
});

test("rules on characters beyond ASCII wait for a value that goes beyond it", () => {
  const gates = [literalTest(["F"], "😀", 3, false), literalTest(["F"], "é", 3, true)];
  const of = (F: string): number[] =>
    openedBy(gates, withSpans(batchOf("evtx", [{ fields: { F } }]), "utf-8"));
  expect(of("plain")).toEqual([]);
  expect(of("ünlike")).toEqual([0, 1]);
});
