/** Rules and events that nobody would write: the engine finds what the oracle finds. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  createMatcher,
  explainRule,
  parseLogSources,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import type { Rule } from "../../src/engines/sigma/index.ts";
import { type FieldValue, eventOf } from "../../src/model/event.ts";
import { oracleOf } from "./oracle.ts";
import { type PlainEvent, batchOf, withSpans } from "./rows.ts";

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
      fields: { F: ["F", "G"], G: ["H"], H: [], J: ["F \\ G", "W"] },
      constants: { K: "ab" },
      source: "s",
    },
  ],
  unread: [],
});

const WORDS = ["ab", "-a", "abab", "é"];
/** The words as logs hold them once something has encoded them. */
const ENCODED = WORDS.flatMap((word) => {
  const little = Buffer.from(word, "utf16le");
  const big = Buffer.from(little).swap16();
  const marked = Buffer.from(`\ufeff${word}`, "utf16le");
  const forms = [little, big, marked];
  return [
    ...forms.map((bytes) => bytes.toString("latin1")),
    ...[Buffer.from(word), ...forms].map((bytes) => bytes.toString("base64")),
    ...["x", "xy", "xyz"].map((before) => Buffer.from(`${before}${word}z`).toString("base64")),
    ...["x", "xy", "xyz"].map((before) => btoa(`${before}${big.toString("latin1")}`)),
    Buffer.from(Buffer.from(word).toString("base64"), "utf16le").toString("latin1"),
  ];
});
const encoded = fc.constantFrom(...ENCODED);

/** Few letters, so that literals, grams and wildcards meet; some beyond ASCII, with case. */
const text = fc.string({
  unit: fc.constantFrom(
    "a",
    "b",
    "A",
    "B",
    "c",
    "-",
    "/",
    " ",
    "\\",
    "Σ",
    "ς",
    "é",
    "É",
    "abab",
    "\n",
  ),
  maxLength: 12,
});
const pattern = fc.string({
  unit: fc.constantFrom("a", "b", "B", "c", "*", "?", "\\", "-", " ", "Σ", "%p%", "-a"),
  maxLength: 7,
});
const number = fc.constantFrom<FieldValue>(
  0,
  1,
  -1,
  1.5,
  1e21,
  "9007199254740993",
  9007199254740992,
  "0x10",
  16,
  "16.0",
  "-0",
  "1e-7",
  "x1",
);
const time = fc
  .date({ min: new Date("2020-12-20Z"), max: new Date("2021-02-10Z"), noInvalidDate: true })
  .map((date) => date.toISOString());
const ADDRESSES = ["10.1.2.3", "10.1.2.300", "fe80::1", "FE80::1:2", "::ffff:10.1.2.3", "11.0.0.1"];
const address = fc.constantFrom(...ADDRESSES);

const FIELDS = ["F", "G", "H", "W", "EventID", "Channel", "Provider_Name", "time", ""];
const field = fc.constantFrom(...FIELDS);
/** `|neq`, `|all`: what goes with every modifier. */
const joining = fc.constantFrom("", "", "", "|neq", "|all", "|all|neq");
const scalar = fc.oneof(pattern, pattern, fc.constantFrom(1, 2, true, "1", "", "One", "abab"));

/** Any of the modifiers, each at most once, in any order. */
function someOf(...names: readonly string[]): fc.Arbitrary<string> {
  return fc
    .shuffledSubarray([...names], { maxLength: Math.min(3, names.length) })
    .map((chosen) => chosen.map((name) => `|${name}`).join(""));
}

/** Regular expressions whose syntax means the same to both engines, and that the one which backtracks can take. */
const atom = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("a", "b", "B", "c", "abab", "Σ", "é", "-", "\\\\", " "),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ".",
      "[aB]",
      "[Aa]",
      "[^a]",
      "[b-c]",
      "\\s",
      "\\S",
      "\\w",
      "\\/",
      "[.]",
    ),
  },
);
const repeated = fc
  .tuple(atom, fc.constantFrom("*", "+", "?", "{2}", "{0,1}", "{1,}?", "*?"))
  .map(([one, times]) => (one.length > 1 ? `(?:${one})${times}` : one + times));
const zeroWidth = fc.constantFrom("^", "$", "\\b");
const plain = alternatives(
  fc.oneof({ weight: 5, arbitrary: atom }, { weight: 1, arbitrary: repeated }, zeroWidth),
);
const group = fc
  .tuple(plain, fc.constantFrom("", "", "?", "{2}", "{0,2}"), fc.constantFrom("", "?:", "?i:"))
  .map(([inside, times, head]) => `(${head}${inside})${times}`);
const regex = alternatives(
  fc.oneof({ weight: 5, arbitrary: atom }, { weight: 2, arbitrary: repeated }, group, zeroWidth),
).filter((made) => (made.match(/[*+]|,\}/g) ?? []).length <= 3);

function alternatives(piece: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const branch = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
  return fc.array(branch, { minLength: 1, maxLength: 2 }).map((branches) => branches.join("|"));
}

/** `field|modifiers` with values that they take. */
function tested(
  names: fc.Arbitrary<string>,
  modifiers: fc.Arbitrary<string>,
  one: fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> {
  const values = fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
  return fc
    .tuple(names, modifiers, joining, values)
    .map(([name, mods, join, value]) => ({ [name + mods + join]: value }));
}

const ENCODINGS =
  "wide utf16le utf16be utf16 base64 base64offset wide|base64 utf16|base64 utf16be|base64offset base64|wide".split(
    " ",
  );
const POSITIONS = ["contains", "startswith", "endswith"];
const PARTS: readonly (readonly [string, readonly number[]])[] = [
  ["minute", [1, 5, 52]],
  ["hour", [5, 12, 21]],
  ["day", [3, 5, 12, 31]],
  ["week", [5, 51, 53]],
  ["month", [1, 2, 12]],
  ["year", [2020, 2021]],
];
const RELATIONS = ["lt", "lte", "gt", "gte"];
const item = fc.oneof(
  { weight: 6, arbitrary: tested(field, someOf(...POSITIONS), scalar) },
  {
    weight: 3,
    arbitrary: tested(field, someOf(...POSITIONS, "cased", "windash", "expand"), scalar),
  },
  {
    weight: 2,
    arbitrary: tested(
      fc.constantFrom("F", "G", ""),
      fc
        .tuple(
          someOf("windash", "expand"),
          fc.constantFrom(...ENCODINGS).map((names) => `|${names}`),
          fc.constantFrom("", "", "|contains", "|cased"),
        )
        .map((parts) => parts.join("")),
      fc.constantFrom(...WORDS, "%p%"),
    ),
  },
  {
    weight: 4,
    arbitrary: tested(
      field,
      fc
        .tuple(
          someOf("i", "ignorecase", "m", "multiline", "s", "dotall"),
          fc.constantFrom("", "", "", "|contains", "|startswith", "|endswith"),
        )
        .map(([flags, position]) => `|re${flags}${position}`),
      regex,
    ),
  },
  {
    weight: 2,
    arbitrary: tested(
      field,
      fc.constantFrom(...RELATIONS).map((name) => `|${name}`),
      number,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...PARTS).chain(([part, numbers]) =>
      tested(
        fc.constantFrom("F", "G", "time"),
        fc
          .constantFrom("", ...RELATIONS.map((name) => `|${name}`))
          .map((rest) => `|${part}${rest}`),
        fc.constantFrom(...numbers),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: tested(
      field,
      someOf("contains", "startswith", "endswith", "cased").map((mods) => `|fieldref${mods}`),
      fc.constantFrom("F", "G", "H", "W", "EventID"),
    ),
  },
  {
    weight: 1,
    arbitrary: tested(
      fc.constantFrom("F", "G", "H"),
      fc.constant("|cidr"),
      fc.constantFrom("10.0.0.0/8", "fe80::/64", "0.0.0.0/0", "::ffff:0:0/96"),
    ),
  },
  fc.constantFrom<Record<string, unknown>>(
    { F: null },
    { "F|neq": null },
    { "G|exists": true },
    { "H|exists": false },
    { "F|exists|neq": true },
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
  { weight: 2, arbitrary: fc.constantFrom<FieldValue>(null, "", 1, true, "abab", "b") },
  { weight: 2, arbitrary: number },
  { weight: 2, arbitrary: time },
  { weight: 2, arbitrary: address },
  { weight: 2, arbitrary: encoded },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
);
const event: fc.Arbitrary<PlainEvent> = fc.record({
  channel: fc.constantFrom("One", "TWO", "Three", "Four", ""),
  eventId: fc.constantFrom(1, 2, 3, -1),
  provider: fc.constantFrom("", "abab"),
  fields: fc.dictionary(fc.constantFrom("F", "G", "H", "W", "time", "EventID"), value),
  time: fc.oneof(time, fc.constant("")),
});

const PLACEHOLDERS = new Map([["p", ["ab", "*c", "b?", "-a"]]]);

test("the engine finds what the oracle finds", { timeout: 60_000 }, () => {
  let hits = 0;
  let runs = 0;
  const rules = fc.array(rule, { minLength: 1, maxLength: 8 });
  const events = fc.array(event, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(rules, events, fc.boolean(), (documents, rows, inBytes) => {
      // JSON is YAML; the id is the rule's place, so that no two are alike.
      const parsed = documents.flatMap((document, at) =>
        parseRules("r", JSON.stringify({ ...document, id: `r${at}` }), PLACEHOLDERS),
      );
      const plan = planRules(parsed, SOURCES);
      const decoded = batchOf("evtx", rows);
      const batch = inBytes ? withSpans(decoded, "utf-16le") : decoded;
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
      const explained = rows.flatMap((_, row) =>
        plan.rules
          .filter((one) => explainRule(one, SOURCES, batch, row).matched)
          .map(({ id }) => `${row} ${id}`),
      );
      expect(explained).toEqual(expected);
      hits += found.length;
      runs += plan.accounts.filter(({ state }) => state === "run").length;
    }),
    { numRuns: 1500 },
  );
  // A property over rules that are all refused, or that never match, would prove nothing.
  expect(runs).toBeGreaterThan(3000);
  expect(hits).toBeGreaterThan(3000);
});

test("every modifier is tried by itself, and both holds and does not", { timeout: 60_000 }, () => {
  const counts = new Map<string, readonly [number, number]>();
  // Some values are so rare that chance would seldom bring them together with what looks for them.
  const TIMES = [
    "2021-01-03T21:05:00Z",
    "2020-12-31 12:52:01",
    "2021-02-05 05:01:00.5",
    "2020-05-12",
  ];
  const always = [...ENCODED, ...ADDRESSES, ...TIMES].flatMap((value) => [
    { fields: { F: value } },
    { fields: { G: value } },
  ]);
  const alone = fc.tuple(
    item,
    fc.array(event, { maxLength: 12 }).map((rows) => [...rows, ...always]),
  );
  fc.assert(
    fc.property(alone, ([selection, rows]) => {
      const document = { title: "t", logsource: { product: "windows" } };
      const detection = { a: selection, condition: "a" };
      const parsed = parseRules("r", JSON.stringify({ ...document, detection }), PLACEHOLDERS);
      const rules = parsed.filter((one) => one.kind === "rule");
      const batch = batchOf("evtx", rows);
      const found: number[] = [];
      createMatcher(planRules(parsed, SOURCES)).match(batch, (row) => found.push(row));
      const oracle = oracleOf(rules, SOURCES);
      const expected = [...rows.keys()].filter((row) => oracle(eventOf(batch, row)).length > 0);
      expect(found).toEqual(expected);
      if (rules.length === 0) return;
      const names = Object.keys(selection).flatMap((key) => key.split("|").slice(1));
      // Under `neq` a modifier holds where the rule does not.
      const held = names.includes("neq") ? rows.length - found.length : found.length;
      for (const name of names) {
        const [hits, misses] = counts.get(name) ?? [0, 0];
        counts.set(name, [hits + held, misses + rows.length - held]);
      }
    }),
    { numRuns: 4000 },
  );
  const rare = [...counts].filter(([, both]) => Math.min(...both) < 10);
  expect(Object.fromEntries(rare)).toEqual({});
  const names = `all base64 base64offset cased cidr contains day dotall endswith exists expand fieldref gt gte hour i
    ignorecase lt lte m minute month multiline neq re s startswith utf16 utf16be utf16le week wide windash year`;
  expect([...counts.keys()].sort()).toEqual(names.split(/\s+/));
});
