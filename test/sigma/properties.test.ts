/** Rules and events that nobody would write: the engine finds what the oracle finds. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createMatcher,
  parseLogSources,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import type { Rule } from "../../src/engines/sigma/index.ts";
import { type FieldValue, eventOf } from "../../src/model/event.ts";
import { oracleOf } from "./oracle.ts";
import { type PlainEvent, batchOf } from "./rows.ts";

const SOURCES = parseLogSources({
  about: "",
  sources: { s: { title: "", url: "", date: "", confidence: "" } },
  formats: { windows: ["evtx"] },
  rows: [
    { product: ["windows"], reads: "windows", source: "s" },
    { product: ["windows"], service: "one", reads: "windows", channels: ["One"], source: "s" },
    {
      product: ["windows"],
      category: "made",
      reads: "windows",
      channels: ["One", "Two"],
      eventIds: [1, 2],
      where: { W: ["abab", "b"] },
      source: "s",
    },
    {
      product: ["windows"],
      category: "made",
      reads: "windows",
      channels: ["Three"],
      fields: { F: ["F", "G"], G: ["H"], H: [] },
      source: "s",
    },
  ],
  unread: [],
});

/** Few letters, so that literals, grams and wildcards meet; some beyond ASCII, with case. */
const text = fc.string({
  unit: fc.constantFrom("a", "b", "A", "B", "c", "-", "/", " ", "\\", "Σ", "ς", "é", "É"),
  maxLength: 12,
});
const pattern = fc.string({
  unit: fc.constantFrom("a", "b", "B", "c", "*", "?", "\\", "-", " ", "Σ"),
  maxLength: 7,
});
const field = fc.constantFrom("F", "G", "H", "W", "EventID", "Channel", "Provider_Name");
const scalar = fc.oneof(pattern, pattern, fc.constantFrom(1, 2, true, "1", "", "One", "abab"));
const modifiers = fc.constantFrom(
  "",
  "",
  "|contains",
  "|startswith",
  "|endswith",
  "|contains|all",
  "|cased",
  "|contains|windash",
  "|windash",
);
const values = fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 }));
const item = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(field, modifiers, values)
      .map(([name, mods, value]) => ({ [name + mods]: value })),
  },
  fc.constantFrom<Record<string, unknown>>(
    { F: null },
    { "G|exists": true },
    { "H|exists": false },
  ),
);
const map = fc
  .array(item, { minLength: 1, maxLength: 3 })
  .map((items) => Object.assign({}, ...items));
const selection = fc.oneof(map, fc.array(fc.oneof(map, scalar), { minLength: 1, maxLength: 2 }));
const condition = fc.constantFrom(
  "a",
  "not a",
  "a and b",
  "a or b",
  "a and not b",
  "1 of *",
  "all of them",
  "not (a or b) and c",
  "a and (b or c)",
  "c or not 1 of a*",
);
const logsource = fc.constantFrom(
  { product: "windows" },
  { product: "windows", service: "one" },
  { category: "made" },
  { category: "made", service: "one" },
);
const rule = fc.record({
  title: fc.constant("t"),
  logsource,
  detection: fc.record({ a: selection, b: selection, c: selection, condition }),
});

const value = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom<FieldValue>(null, "", 1, true, "abab", "b") },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
);
const event: fc.Arbitrary<PlainEvent> = fc.record({
  channel: fc.constantFrom("One", "TWO", "Three", "Four", ""),
  eventId: fc.constantFrom(1, 2, 3, -1),
  provider: fc.constantFrom("", "abab"),
  fields: fc.dictionary(fc.constantFrom("F", "G", "H", "W"), value),
});

test("the engine finds what the oracle finds", { timeout: 60_000 }, () => {
  let hits = 0;
  let runs = 0;
  const rules = fc.array(rule, { minLength: 1, maxLength: 8 });
  const events = fc.array(event, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(rules, events, (documents, rows) => {
      // JSON is YAML; the id is the rule's place, so that no two are alike.
      const parsed = documents.flatMap((document, at) =>
        parseRules("r", JSON.stringify({ ...document, id: `r${at}` })),
      );
      const plan = planRules(parsed, SOURCES);
      const batch = batchOf("evtx", rows);
      const found: string[] = [];
      createMatcher(plan).match(batch, (row, { id }) => found.push(`${row} ${id}`));
      const oracle = oracleOf(
        parsed.filter((one): one is Rule => one.kind === "rule"),
        SOURCES,
      );
      const expected = rows.flatMap((_, row) =>
        oracle(eventOf(batch, row)).map(({ id }) => `${row} ${id}`),
      );
      expect(found).toEqual(expected);
      hits += found.length;
      runs += plan.accounts.filter(({ state }) => state === "run").length;
    }),
    { numRuns: 1500 },
  );
  // A property over rules that are all refused, or that never match, would prove nothing.
  expect(runs).toBeGreaterThan(3000);
  expect(hits).toBeGreaterThan(3000);
});
