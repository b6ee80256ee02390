/**
 * Generated rules and events, held against a store: matcher, query and oracle find the same. What is hard for a store: letters of more
 * than one form, marks of JSON, of SQL and of patterns, halves of pairs, numbers, names that join two fields, rows without an event id.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { unlistedOf } from "../../src/engines/formats/index.ts";
import {
  NO_PLACEHOLDERS,
  parseLogSources,
  parseRules,
  planRules,
} from "../../src/engines/sigma/index.ts";
import { type Batch, type FieldValue, eventOf } from "../../src/model/event.ts";
import type { FormatId } from "../../src/model/evidence.ts";
import { findInEvidence, findInKept, keyOf, withKept } from "./kept.ts";
import { oracleOf } from "./oracle.ts";
import { type PlainEvent, batchOf } from "./rows.ts";

const LONG = { timeout: 300_000 };

const PLACES = parseLogSources({
  about: "",
  sources: { s: { title: "", url: "", date: "", confidence: "" } },
  formats: { windows: ["evtx"], web: ["iis"], cloud: ["m365"] },
  rows: [
    { product: ["windows"], reads: "windows", source: "s" },
    {
      product: ["windows"],
      category: "made",
      reads: "windows",
      channels: ["Tasks"],
      eventIds: [1, 2],
      where: { W: ["mark", "b"] },
      source: "s",
    },
    {
      product: ["windows"],
      category: "made",
      reads: "windows",
      channels: ["Three"],
      fields: { F: ["F", "G"], H: [] },
      constants: { K: "ab" },
      source: "s",
    },
    {
      product: ["web"],
      category: "made",
      reads: "web",
      fields: {
        F: ["cs-uri-query", "cs-uri-stem ? cs-uri-query"],
        G: ["cs-uri"],
        H: ["c-useragent"],
      },
      source: "s",
    },
    {
      product: ["cloud"],
      category: "made",
      reads: "cloud",
      fields: { F: ["status"], G: ["eventName"], H: ["H"] },
      source: "s",
    },
  ],
  unread: [],
});

// biome-ignore format: a list to be read across
const PIECES = [
  "mark", "MARK", "mar\u212a", "kill", "\u212aill", "İll", "ill", "%", "_", "'", "''; --", '"', "\\", "\\u001b", "\u001b", "\0", "\n",
  "{", "[", ",", ":", '","', "null", "true", "?", "/owa/", "?x=", "Σ", "ς", "é", "É", "\ud83d", "\ude00", "😀", ".*", "(a|b)", "abc", "b", " ",
];
const hard = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 4 })
  .map((pieces) => pieces.join(""));
const sought = fc
  .array(fc.constantFrom(...PIECES, "*", "?", "\\*"), { minLength: 1, maxLength: 3 })
  .map((pieces) => pieces.join(""));
const scalar = fc.oneof(
  { weight: 8, arbitrary: sought },
  fc.constantFrom<unknown>(1, 2, 4624, true, "", "success", "failure", "9007199254740993"),
);
const modifier = fc.constantFrom(
  "",
  "",
  "|contains",
  "|startswith",
  "|endswith",
  "|contains|all",
  "|cased",
  "|neq",
  "|contains|cased",
  "|windash|contains",
);
const name = fc.constantFrom(
  "F",
  "G",
  "H",
  "W",
  "EventID",
  "Channel",
  "Provider_Name",
  "Computer",
  "@timestamp",
);
const item = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(name, modifier, fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 })))
      .map(([field, mods, values]) => ({ [field + mods]: values })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        name,
        // Where case is folded, RE2 takes the Kelvin sign for a k; the oracle's engine does not.
        fc.constantFrom(
          ["re", "mark"],
          ["re", "k.ll"],
          ["re", "(?:mark|kill)"],
          ["re", "[Mm]ark"],
          ["re|i", "abc$"],
          ["re|i", "\\?x="],
          ["re|i", "i+ll"],
          ["re|i", "/owa/.?x"],
        ),
      )
      .map(([field, [modifiers, pattern]]) => ({ [`${field}|${modifiers}`]: pattern })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, unknown>>(
      { EventID: [1, 4624] },
      { EventID: "46*" },
      { F: null },
      { "F|exists": true },
      { "F|gt": 1 },
      { "F|fieldref": "G" },
    ),
  },
);
const map = fc
  .array(item, { minLength: 1, maxLength: 3 })
  .map((items) => Object.assign({}, ...items));
const selection = fc.oneof(
  { weight: 4, arbitrary: map },
  { weight: 1, arbitrary: fc.array(scalar, { minLength: 1, maxLength: 2 }) },
);
const rule = fc.record({
  title: fc.constant("t"),
  logsource: fc.constantFrom({ product: "windows" }, { category: "made" }, { category: "made" }),
  detection: fc.record({
    a: selection,
    b: selection,
    condition: fc.constantFrom("a", "a", "a and b", "a or b", "a and not b", "1 of *", "not a"),
  }),
});
const value = fc.oneof(
  { weight: 8, arbitrary: hard },
  {
    weight: 2,
    arbitrary: fc.constantFrom<FieldValue>(
      null,
      "",
      1,
      2,
      4624,
      true,
      1e21,
      1.5,
      "9007199254740993",
    ),
  },
  { weight: 1, arbitrary: fc.array(hard, { maxLength: 3 }) },
);
const fields = fc
  .tuple(
    fc.dictionary(
      fc.constantFrom("F", "G", "H", "W", "EventID", "Operation", "ResultStatus"),
      value,
    ),
    fc.dictionary(fc.constantFrom("cs-uri-stem", "cs-uri-query", "cs(User-Agent)"), hard),
  )
  .map(([some, more]) => ({ ...some, ...more }));
const event: fc.Arbitrary<PlainEvent> = fc.record({
  channel: fc.constantFrom("Tasks", "TAS\u212aS", "tasks", "Three", "", "Four"),
  eventId: fc.constantFrom(1, 2, 4624, -1),
  provider: fc.oneof(fc.constant(""), hard),
  host: fc.oneof(fc.constant(""), hard),
  fields,
  time: fc.constantFrom("", "2021-08-13T04:12:07Z", "2021-08-14T00:00:00Z"),
});

const EVENTS = 250;

/** The batch with what a reader of its format answers besides what it lists. */
function withUnlisted(batch: Batch): Batch {
  const unlisted = unlistedOf(batch.format);
  const field = (row: number, asked: string) => {
    const own = batch.field(row, asked);
    return own === undefined ? unlisted.answer(asked, (other) => batch.field(row, other)) : own;
  };
  return { ...batch, field };
}

/** Events of the three formats. */
function generated(seed: number): readonly Batch[] {
  return (["evtx", "iis", "m365"] as const).map((format, at) => {
    const batch = batchOf(format, fc.sample(event, { numRuns: EVENTS, seed: seed + at }));
    return withUnlisted({ ...batch, place: { ...batch.place, file: format, member: format } });
  });
}

/** An event with every answer of its row, so that the oracle sees what a reader says. */
function answered(batch: Batch, row: number) {
  const decoded = eventOf(batch, row);
  const more = ["cs-uri", "c-useragent", "status", "eventName"].flatMap((asked) => {
    const found = batch.field(row, asked);
    return found === undefined ? [] : [[asked, found] as const];
  });
  return { ...decoded, fields: { ...Object.fromEntries(more), ...decoded.fields } };
}

/** Whether a letter is in it that the oracle's engine folds in its own way. */
function isOdd(value: unknown): boolean {
  return /[\u212a\u0130]/.test(JSON.stringify(value));
}

test(
  "property: matcher, query and oracle find the same, and the query leaves nothing out",
  LONG,
  async () => {
    const batches = generated(11);
    await withKept(batches, async (store) => {
      let [hits, narrow, runs] = [0, 0, 0];
      await fc.assert(
        fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 4 }), async (documents) => {
          const parsed = documents.flatMap((document, at) =>
            parseRules("r", JSON.stringify({ ...document, id: `r${at}` }), NO_PLACEHOLDERS),
          );
          const plan = planRules(parsed, PLACES);
          const expected = [...findInEvidence(plan, batches)].sort();
          const kept = await findInKept(store, plan);
          expect([...kept.found].sort()).toEqual(expected);
          hits += expected.length;
          runs++;
          if (kept.candidates.size < store.rows) narrow++;
          if (isOdd(documents)) return;
          const oracle = oracleOf(
            parsed.filter((one) => one.kind === "rule"),
            PLACES,
          );
          // What is answered but not listed stands among the oracle's fields, where a keyword would see it.
          const seesAll = documents.some(({ detection: { a, b } }) => [a, b].some(Array.isArray));
          const asked = seesAll ? batches.slice(0, 1) : batches;
          const sober = asked.flatMap((batch) =>
            [...batch.offsets.keys()]
              .map((row) => ({ key: keyOf(batch, row), row: answered(batch, row) }))
              .filter(({ row }) => !isOdd([row.fields, row.host, row.provider, row.channel])),
          );
          const byOracle = sober.flatMap(({ key, row }) =>
            oracle(row).map(({ id }) => `${key} ${id}`),
          );
          const keys = new Set<string>(sober.map(({ key }) => key));
          expect(byOracle.sort()).toEqual(
            expected.filter((match) => keys.has(match.slice(0, match.indexOf(" ")))),
          );
        }),
        { numRuns: 400 },
      );
      // A query that never leaves anything out, or rules that never match, would prove nothing.
      expect(hits).toBeGreaterThan(runs);
      expect(narrow).toBeGreaterThan(runs / 4);
    });
  },
);

test(
  "texts that look like SQL, JSON or a pattern are only texts, whatever stands beside them",
  LONG,
  async () => {
    // biome-ignore format: a list to be read across
    const texts = [
      "mark'; DROP TABLE x; --", 'mark"quoted"', "mark%_like", "mark\\back\\slash", "mark\0nul", "mark\u001b[31m", "mark\nline",
      "mark\ud83d", "\ude00mark", "mark.*+?()[]{}|^$", "mark?x=1", "C:\\mark\\u0041", "mar\u212aed", "MARKİ", "marΣ", 'mark,":[{',
    ];
    const batch = batchOf(
      "evtx",
      texts.map((text) => ({ channel: "c", fields: { F: `before ${text} behind` } })),
    );
    await withKept([batch], async (store) => {
      for (const [row, text] of texts.entries()) {
        const escaped = text.replaceAll(/[\\*?]/g, "\\$&");
        const document = {
          title: "t",
          logsource: { product: "windows" },
          detection: { a: { "F|contains": escaped }, condition: "a" },
        };
        const plan = planRules(parseRules("r", JSON.stringify(document), NO_PLACEHOLDERS), PLACES);
        const { found } = await findInKept(store, plan);
        const rows = [...found].map((match) => Number(/\/(\d+) /.exec(match)?.[1]));
        expect({ text, rows }).toEqual({ text, rows: [row] });
      }
    });
  },
);

/** Events that a rule matches though its literal stands in no kept value as it is written. */
const ELSEWHERE: readonly (readonly [FormatId, PlainEvent, Record<string, unknown>])[] = [
  ["evtx", { fields: { F: "TOOL-\u0130" } }, { "F|contains": "tool-i" }],
  ["evtx", { fields: { F: "mimi\u212aatz" } }, { "F|contains": "mimikatz" }],
  ["evtx", { provider: "\u212aernel", fields: {} }, { Provider_Name: "kernel" }],
  ["evtx", { fields: { F: "na\u00cfve" } }, { "F|contains": "na\u00efve" }],
  ["evtx", { channel: "TAS\u212aS", eventId: 1, fields: { W: "mark" } }, { W: "mark" }],
  ["evtx", { fields: { EventID: 4624 } }, { EventID: 4624 }],
  [
    "evtx",
    { time: "2021-08-13T04:12:07Z", fields: {} },
    { "@timestamp|startswith": "2021-08-13T04" },
  ],
  [
    "iis",
    { fields: { "cs-uri-stem": "/owa/", "cs-uri-query": "x=1" } },
    { "F|contains": "/owa/\\?x=" },
  ],
  [
    "iis",
    { fields: { "cs-uri-stem": "/owa/", "cs-uri-query": "x=1" } },
    { "G|contains": "/owa/\\?x=" },
  ],
  ["iis", { fields: { "cs(User-Agent)": "Mozilla/5.0" } }, { "H|startswith": "MOZILLA" }],
  ["m365", { fields: { ResultStatus: "Succeeded" } }, { F: "success" }],
  ["m365", { fields: { Operation: "New-InboxRule" } }, { "G|startswith": "new-inbox" }],
];

test("what stands in no value as a rule writes it is found all the same", async () => {
  for (const [format, event, a] of ELSEWHERE) {
    const logsource =
      event.channel === undefined && format === "evtx"
        ? { product: "windows" }
        : { category: "made" };
    const document = { title: "t", logsource, detection: { a, condition: "a" } };
    const plan = planRules(parseRules("r", JSON.stringify(document), NO_PLACEHOLDERS), PLACES);
    const batch = withUnlisted(batchOf(format, [event, { fields: {} }]));
    const kept = await withKept([batch], (store) => findInKept(store, plan));
    const expected = findInEvidence(plan, [batch]);
    expect({ format, a, found: expected.size }).toEqual({ format, a, found: 1 });
    expect({ format, a, found: kept.found }).toEqual({ format, a, found: expected });
  }
});

test("a list of which only the items were kept is looked for by no text of its own", async () => {
  const document = {
    title: "t",
    logsource: { category: "made" },
    detection: { a: { "H|contains": '"Name":"ForwardTo"' }, condition: "a" },
  };
  const plan = planRules(parseRules("r", JSON.stringify(document), NO_PLACEHOLDERS), PLACES);
  const batch = batchOf("m365", [{ fields: { "H.ForwardTo": "eve" } }]);
  const { candidates, lacking } = await withKept([batch], (store) => findInKept(store, plan));
  expect([...lacking]).toEqual([keyOf(batch, 0)]);
  expect(candidates).toEqual(lacking);
});
