import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { batchOf, placeOf, requests, type Reading, type Row } from "../../../test/store/rows.ts";
import { UNDATED } from "../../base/time.ts";
import {
  type Batch,
  type Event,
  type EventKey,
  type FieldValue,
  eventKey,
  eventOf,
} from "../../model/event.ts";
import type { Query, QueryColumn } from "../../model/query.ts";
import {
  cleanSegments,
  createSegments,
  openStore,
  PAGE_ROWS_MAX,
  publishSegments,
  type Segment,
  type Store,
} from "./index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "breakwater-store-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const all: Query = { kind: "all" };

const SETTINGS = { memoryMegabytes: 200, threads: 1 };

function segmentsOf(name: string, batches: Iterable<Batch>): readonly Segment[] {
  const writer = createSegments(dir, name);
  for (const batch of batches) writer.append(batch);
  return writer.finish();
}

async function storeOf(batches: Iterable<Batch>): Promise<Store> {
  // Two writers, as two workers have it: what lies in which file must not matter.
  const made = [...batches];
  const half = (rest: number) => made.filter((_, at) => at % 2 === rest);
  publishSegments(dir, [...segmentsOf("even", half(0)), ...segmentsOf("odd", half(1))]);
  return openStore(dir, SETTINGS);
}

function readingOf(number: number, member = ""): Reading {
  return { place: placeOf(number, member), format: "evtx", digits: 7, zoneAssumed: null };
}

/** Every matching event, page by page. */
async function walk(store: Store, query: Query, limit: number): Promise<Event[]> {
  const events: Event[] = [];
  for (;;) {
    const page = await store.page(query, events.at(-1) ?? null, limit);
    events.push(...page);
    if (page.length < limit) return events;
  }
}

/** Every event of a scan. */
async function scan(
  store: Store,
  asked: Pick<Parameters<Store["scan"]>[0], "query" | "from" | "to">,
): Promise<Event[]> {
  const events: Event[] = [];
  for await (const { batches } of store.scan({ ...asked, unlistedOf: () => NOTHING_UNLISTED }))
    for (const batch of batches)
      for (let at = 0; at < batch.length; at++) events.push(eventOf(batch, at));
  return events;
}

const NOTHING_UNLISTED = { answer: () => undefined, reach: () => "whole" as const };

// The oracle: what query.ts says, in the plainest way.

function matches(query: Query, event: Event): boolean {
  switch (query.kind) {
    case "all":
      return true;
    case "and":
      return query.parts.every((part) => matches(part, event));
    case "or":
      return query.parts.some((part) => matches(part, event));
    case "not":
      return !matches(query.part, event);
    case "time":
      if (event.ticks === UNDATED) return false;
      return (
        (query.from === null || query.from <= event.ticks) &&
        (query.to === null || event.ticks < query.to)
      );
    case "is":
      return lower(columnsOf(event)[query.column]) === lower(query.value);
    case "contains":
      return (
        query.in === "fields"
          ? []
          : [event.provider, event.record, event.place.file, event.place.member]
      )
        .concat(query.in === "fields" ? [] : Object.values(columnsOf(event)))
        .concat(textsOf(Object.values(event.fields)))
        .some((text) => lower(text).includes(lower(query.text)));
  }
}

function columnsOf(event: Event) {
  const { host, channel, eventId, format, place } = event;
  return {
    host,
    channel,
    format,
    evidence: place.evidence,
    eventId: eventId === -1 ? "" : `${eventId}`,
  };
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

function textsOf(value: FieldValue): string[] {
  if (value === null) return [];
  return typeof value === "object" ? value.flatMap(textsOf) : [`${value}`];
}

function inOrder(left: Event, right: Event): number {
  const undated = Number(left.ticks === UNDATED) - Number(right.ticks === UNDATED);
  if (undated !== 0) return undated;
  if (left.ticks !== right.ticks) return left.ticks < right.ticks ? -1 : 1;
  const [a, b] = [left, right].map(({ key }) => key.slice(0, key.lastIndexOf("/")));
  if (a !== b) return (a ?? "") < (b ?? "") ? -1 : 1;
  return left.offset - right.offset;
}

// Generated rows: few values, so that queries hit; and texts that JSON, UTF-8 and case make hard.

// biome-ignore format: a list to be read across
const HARD = [
  "null", "true", "nu", '"', "\\", "\\n", "\n", "u001b", "\u001b", '","', "][", "C:\\New\\uno", "a.b*c", "$^", "/",
  "ß", "Ä", "ä", "İ", "K", "\u212a", "😀", "\ud83d", "\ude00", "é", "É", "ſ", "",
];
const text = fc.oneof(
  fc.constantFrom("Alpha", "alpha", "ALPHABET", "beta", "4624"),
  fc.constantFrom(...HARD),
  fc.array(fc.constantFrom(...HARD), { maxLength: 3 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 4 }),
);
const number = fc.oneof(
  fc.integer({ min: -3, max: 5000 }),
  fc.double().filter((value) => !Object.is(value, -0) && Number.isFinite(value)),
);
const leaf = fc.oneof({ weight: 4, arbitrary: text }, number, fc.boolean(), fc.constant(null));
const value = fc.oneof({ weight: 5, arbitrary: leaf }, fc.array(leaf, { maxLength: 3 }));
const fieldName = fc.constantFrom("User", "null", "a", "A", "10", "2", "__proto__", "Image");
const ticks = fc.oneof(
  fc.constantFrom(UNDATED, 0n, -1n, 1n, -116_444_736_000_000_000n, 2_534_023_007_999_999_999n * 1n),
  fc.bigInt({ min: -40n, max: 40n }),
);
const row = fc.record<Omit<Row, "offset"> & { gap: number }>({
  ticks,
  gap: fc.integer({ min: 1, max: 20 }),
  record: fc.oneof(fc.integer({ min: 0, max: 99 }).map(String), text),
  host: fc.constantFrom("", "SRV1", "srv1", "mail", "MÄIL"),
  channel: fc.constantFrom("Security", "SECURITY", "System", ""),
  eventId: fc.constantFrom(-1, 1, 4624, 4625),
  provider: fc.constantFrom("", "Kerberos"),
  fields: fc.dictionary(fieldName, fc.option(value, { nil: undefined, freq: 8 }), { maxKeys: 4 }),
});
const batch = fc
  .record({
    number: fc.integer({ min: 1, max: 3 }),
    member: fc.constantFrom("", "a/b.evtx", "ä ö/%.evtx", "half \ud83d"),
    format: fc.constantFrom("evtx" as const, "iis" as const),
    zoneAssumed: fc.constantFrom(null, "UTC"),
    digits: fc.constantFrom(0, 7),
    rows: fc.array(row, { maxLength: 12 }),
  })
  .map(({ number, member, rows, ...reading }) => ({
    ...reading,
    place: placeOf(number, member),
    rows,
  }));

/** Batches in which no two rows share a key, as it is in evidence. */
const batches = fc.array(batch, { maxLength: 8 }).map((made) => {
  let offset = 0;
  return made.map(({ rows, ...reading }) =>
    batchOf(
      reading,
      rows.map(({ gap, ...rest }) => ({ ...rest, offset: (offset += gap) })),
    ),
  );
});

const bound = fc.option(fc.bigInt({ min: -45n, max: 45n }), { nil: null });
const query = fc.letrec<{ tree: Query; leaf: Query }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    tie("leaf"),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      parts: fc.array(tie("tree"), { maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), part: tie("tree") }),
  ),
  leaf: fc.oneof(
    fc.constant(all),
    fc.record({ kind: fc.constant("time" as const), from: bound, to: bound }),
    fc.record({
      kind: fc.constant("is" as const),
      column: fc.constantFrom("host", "channel", "eventId", "format", "evidence"),
      value: fc.constantFrom(
        "srv1",
        "mÄil",
        "security",
        "4624",
        "-1",
        "",
        "EVTX",
        placeOf(1).evidence,
      ),
    }),
    fc.record({ kind: fc.constant("contains" as const), text }),
    fc.record({ kind: fc.constant("contains" as const), text, in: fc.constant("fields" as const) }),
  ),
})).tree;

test("property: pages, counts, densities and facets agree with the oracle", async () => {
  await fc.assert(
    fc.asyncProperty(
      batches,
      fc.array(query, { minLength: 1, maxLength: 6 }),
      async (made, queries) => {
        const store = await storeOf(made);
        const events = made
          .flatMap((one) => Array.from({ length: one.length }, (_, at) => eventOf(one, at)))
          .sort(inOrder);
        expect(store.rows).toBe(events.length);
        for (const asked of queries) {
          const expected = events.filter((event) => matches(asked, event));
          expect(await walk(store, asked, 3)).toEqual(expected);
          expect(await store.page(asked, null, PAGE_ROWS_MAX)).toEqual(expected);
          expect(await store.count(asked)).toBe(expected.length);
          const scanned = await scan(store, { query: asked, from: null, to: null });
          const keys = new Set(expected.map(({ key }) => key));
          expect(scanned.filter(({ key }) => keys.has(key))).toEqual(expected);
          expect(scanned).toEqual([...scanned].sort(inOrder));
          const { buckets, undated } = await store.density(asked, 7n);
          expect(undated).toBe(expected.filter((event) => event.ticks === UNDATED).length);
          expect(buckets).toEqual(bucketsOf(expected, 7n));
          for (const column of ["host", "channel", "eventId", "format", "evidence"] as const)
            expect(await store.facet(asked, column, 2)).toEqual(facetOf(expected, column, 2));
        }
        store.close();
      },
    ),
    { numRuns: 60 },
  );
});

function facetOf(events: readonly Event[], column: QueryColumn, limit: number) {
  const groups = Map.groupBy(events, (event) => columnsOf(event)[column]);
  const values = [...groups]
    .map(([value, { length }]) => ({ value, events: length }))
    .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1))
    .slice(0, limit);
  const listed = values.reduce((sum, one) => sum + one.events, 0);
  return { values, others: events.length - listed };
}

function bucketsOf(events: readonly Event[], bucketTicks: bigint) {
  const dated = events.filter((event) => event.ticks !== UNDATED);
  const starts = dated.map((event) => {
    let from = event.ticks - (event.ticks % bucketTicks);
    if (from > event.ticks) from -= bucketTicks;
    return from;
  });
  return [...new Set(starts)].map((from) => ({
    from,
    events: starts.filter((start) => start === from).length,
  }));
}

test("property: every event is found by its key, in the order of the keys", async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (made) => {
      const store = await storeOf(made);
      const events = made
        .flatMap((one) => Array.from({ length: one.length }, (_, at) => eventOf(one, at)))
        .reverse();
      const absent = [eventKey(placeOf(9), 1), eventKey(placeOf(1), 1e15), "no key" as EventKey];
      expect(await store.find([...absent, ...events.map(({ key }) => key)])).toEqual(events);
      store.close();
    }),
    { numRuns: 30 },
  );
});

test("every hard text is found in exactly the values that hold it", async () => {
  const values = [
    ...HARD,
    "a\u001b[31m",
    "line\nnext",
    "\\\\next",
    "C:\\Users\\null",
    null,
    true,
    404,
  ];
  const rows = values.map((one, offset) => ({ offset, record: "-", fields: { null: one } }));
  const made = batchOf(readingOf(1), rows);
  const store = await storeOf([made]);
  const events = rows.map((_, at) => eventOf(made, at));
  const needles = [
    ...HARD,
    "1b",
    "001",
    "b[",
    "next",
    "ext",
    "ull",
    "users",
    "sers",
    "40",
    "04,",
    "r",
  ];
  for (const needle of needles) {
    const query: Query = { kind: "contains", text: needle };
    expect([needle, await store.page(query, null, 100)]).toEqual([
      needle,
      events.filter((event) => matches(query, event)),
    ]);
  }
  store.close();
});

test("a scan gives what a window holds and every undated row, in order, over many stretches", async () => {
  const undated = batchOf(
    { ...readingOf(3), format: "iis" },
    Array.from({ length: 3000 }, (_, offset) => ({ offset, fields: { at: offset } })),
  );
  const made = [...requests(placeOf(1), 80_000), ...requests(placeOf(2), 5_000, 777), undated];
  const store = await storeOf(made);
  const [first = 0n, last = 0n] = [made[3]?.ticks[7], made[60]?.ticks[11]];
  for (const [from, to] of [
    [null, null],
    [first, last],
  ] as const) {
    const found = await scan(store, { query: all, from, to });
    const expected = made.flatMap((one) =>
      [...one.ticks.keys()].filter((at) => {
        const ticks = one.ticks[at] ?? UNDATED;
        return ticks === UNDATED || ((from ?? ticks) <= ticks && (to === null || ticks < to));
      }),
    );
    expect(found.length).toBe(expected.length);
    expect(found).toEqual([...found].sort(inOrder));
  }
  const rare = await scan(store, {
    query: { kind: "contains", text: "shell.aspx", in: "fields" },
    from: null,
    to: null,
  });
  expect(rare.length).toBe(1);
  store.close();
});

test("rows fill many blocks, and every page is exact across them", async () => {
  const made = [...requests(placeOf(1), 10_000), ...requests(placeOf(2), 5_000, 777)];
  const store = await storeOf(made);
  const events = made
    .flatMap((one) => Array.from({ length: one.length }, (_, at) => eventOf(one, at)))
    .sort(inOrder);
  expect(await walk(store, all, 1000)).toEqual(events);
  expect(await store.count({ kind: "contains", text: "CLINIC\\user17" })).toBe(
    events.filter(({ fields }) => String(fields["cs-username"]).startsWith("CLINIC\\user17"))
      .length,
  );
  store.close();
});

test("an event in the middle of a second starts the next page there", async () => {
  const rows = [9, 10, 99, 100, 1000].map((offset) => ({ ticks: 5n, offset }));
  const store = await storeOf([batchOf(readingOf(1), rows)]);
  expect((await walk(store, all, 2)).map(({ offset }) => offset)).toEqual([9, 10, 99, 100, 1000]);
  const after = { ticks: 5n, key: eventKey(placeOf(1), 50) };
  expect((await store.page(all, after, 1)).map(({ offset }) => offset)).toEqual([99]);
  const before = { ticks: 5n, key: eventKey(placeOf(0), 5000) };
  expect((await store.page(all, before, 1)).map(({ offset }) => offset)).toEqual([9]);
  store.close();
});

test("undated events stand last, and no time matches them", async () => {
  const rows = [{ offset: 1 }, { ticks: 2n, offset: 2 }, { offset: 3 }, { ticks: 1n, offset: 4 }];
  const store = await storeOf([batchOf(readingOf(1), rows)]);
  expect((await walk(store, all, 1)).map(({ offset }) => offset)).toEqual([4, 2, 1, 3]);
  expect(await store.count({ kind: "time", from: null, to: null })).toBe(2);
  store.close();
});

test("a row of megabytes is kept whole, and no group of rows grows far past it", async () => {
  const big = "ü".repeat(9_000_000);
  const rows = [1, 2, 3].map((offset) => ({ offset, fields: { big: `${offset}${big}` } }));
  const segments = segmentsOf("big", [batchOf(readingOf(1), rows)]);
  expect(segments.flatMap(({ groups }) => groups).map((group) => group.rows)).toEqual([1, 1, 1]);
  publishSegments(dir, segments);
  const store = await openStore(dir, SETTINGS);
  const page = await store.page(all, null, 3);
  expect(page.map(({ fields }) => fields["big"])).toEqual(rows.map(({ fields }) => fields.big));
  store.close();
});

test("a segment tells the extent of its rows, dated or not", () => {
  const [segment] = segmentsOf("a", [
    batchOf(readingOf(1), [
      { offset: 7 },
      { offset: 2 ** 53 - 1, ticks: -5n },
      { offset: 4, ticks: 3n },
    ]),
  ]);
  expect(segment).toMatchObject({ rows: 3, undated: 1, ticksMin: -5n, ticksMax: 3n });
  expect(segment?.groups).toMatchObject([{ offsetMin: 4, offsetMax: 2 ** 53 - 1 }]);
  expect(structuredClone(segment)).toEqual(segment);
  const [undated] = segmentsOf("b", [batchOf(readingOf(1), [{ offset: 1 }])]);
  expect(undated).toMatchObject({ undated: 1, ticksMin: 2n ** 63n - 1n, ticksMax: UNDATED });
});

test("offsets up to 2^53 and hosts by the hundred come back as they were", async () => {
  const rows = Array.from({ length: 300 }, (_, at) => ({
    offset: 2 ** 53 - 1 - at * 2 ** 44,
    host: `h${at}`,
  }));
  const store = await storeOf([batchOf(readingOf(1), rows)]);
  const offsets = (await store.page(all, null, 300)).map(({ offset }) => offset);
  expect(offsets).toEqual(rows.map(({ offset }) => offset).reverse());
  expect(await store.count({ kind: "is", column: "host", value: "H142" })).toBe(1);
  expect(await store.count({ kind: "is", column: "host", value: "H342" })).toBe(0);
  store.close();
});

test("an empty store answers nothing", async () => {
  const store = await storeOf([]);
  expect(store.rows).toBe(0);
  expect(await store.page(all, null, 10)).toEqual([]);
  expect(await store.find([eventKey(placeOf(1), 0)])).toEqual([]);
  expect(await store.density(all, 1n)).toEqual({ buckets: [], undated: 0, others: 0 });
  expect(await store.facet(all, "host", 5)).toEqual({ values: [], others: 0 });
  store.close();
});

test("many texts at once, long ones, and texts that look like SQL are only texts", async () => {
  const hostile = ["'; DROP TABLE x; --", "%_?$1", "\0", "a\0b", "(?i)[", "x".repeat(3000)];
  const rows = hostile.map((one, offset) => ({ offset, host: one, fields: { [one]: one } }));
  const store = await storeOf([batchOf(readingOf(1), rows)]);
  for (const [at, text] of hostile.entries()) {
    expect(
      (await store.page({ kind: "contains", text }, null, 9)).map(({ offset }) => offset),
    ).toContain(at);
    expect(await store.count({ kind: "is", column: "host", value: text })).toBe(1);
  }
  const parts = Array.from({ length: 900 }, (_, at) => ({
    kind: "contains" as const,
    text: `absent text number ${at}`,
  }));
  expect(await store.count({ kind: "or", parts })).toBe(0);
  const one = { kind: "contains" as const, text: "drop TABLE" };
  expect(await store.count({ kind: "or", parts: [...parts, one] })).toBe(1);
  expect(await store.count({ kind: "contains", text: `${"x".repeat(299)}y` })).toBe(0);
  store.close();
});

test("the same batches give the same bytes", () => {
  const bytesOf = () => {
    publishSegments(dir, segmentsOf("all", requests(placeOf(1), 5000)));
    return readdirSync(dir).map((file) => [file, readFileSync(join(dir, file), "hex")]);
  };
  expect(bytesOf()).toEqual(bytesOf());
});

test("nobody else may read the store", () => {
  rmSync(dir, { recursive: true });
  publishSegments(dir, segmentsOf("all", requests(placeOf(1), 10)));
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(dir)) expect(statSync(join(dir, file)).mode & 0o077).toBe(0);
});

test("a folder of any name is only a folder", async () => {
  dir = join(dir, "it's a=b [1]*?");
  const store = await storeOf([batchOf(readingOf(1), [{ offset: 1 }])]);
  expect(await store.page(all, null, 2)).toHaveLength(1);
  store.close();
});

test("segments count when they are published, and not before", async () => {
  const first = segmentsOf("first", [batchOf(readingOf(1), [{ offset: 1 }])]);
  publishSegments(dir, first);
  const open = await openStore(dir, SETTINGS);
  const second = segmentsOf("second", [batchOf(readingOf(1), [{ offset: 2 }, { offset: 3 }])]);
  expect((await openAndCount()).rows).toBe(1);
  publishSegments(dir, [...first, ...second]);
  expect((await openAndCount()).rows).toBe(3);
  expect(open.rows).toBe(1);
  open.close();
});

async function openAndCount(): Promise<{ readonly rows: number }> {
  const store = await openStore(dir, SETTINGS);
  const rows = await store.count(all);
  expect(store.rows).toBe(rows);
  store.close();
  return { rows };
}

test("a discarded writer leaves nothing, a finished one everything", () => {
  const given = createSegments(dir, "given-up");
  for (const batch of requests(placeOf(1), 70_000)) given.append(batch);
  given.discard();
  expect(readdirSync(dir)).toEqual([]);
  const finished = createSegments(dir, "kept");
  finished.append(batchOf(readingOf(1), [{ offset: 1 }]));
  expect(finished.finish().map(({ file }) => file)).toEqual(["kept-0.parquet"]);
  finished.discard();
  expect(readdirSync(dir)).toEqual(["kept-0.parquet"]);
});

test("cleaning removes what a crash left, nothing of others, and nothing from under a reader", async () => {
  const left = segmentsOf("left", [batchOf(readingOf(1), [{ offset: 1 }])]);
  publishSegments(dir, left);
  for (const file of ["crashed-0.parquet", "manifest.json.partial", "notes.txt"])
    writeFileSync(join(dir, file), "left over");
  const open = await openStore(dir, SETTINGS);
  const kept = segmentsOf("kept", [batchOf(readingOf(1), [{ offset: 2 }])]);
  publishSegments(dir, kept);
  cleanSegments(dir, new Set(kept.map(({ file }) => file)));
  const after = ["kept-0.parquet", "manifest.json", "notes.txt"];
  expect(readdirSync(dir).sort()).toEqual([...after, "left-0.parquet"].sort());
  expect((await open.page(all, null, 2)).map(({ offset }) => offset)).toEqual([1]);
  open.close();
  expect(readdirSync(dir).sort()).toEqual(after);
  cleanSegments(join(dir, "not-there"), new Set());
});

test("a file that is written and published anew outlives the reader of the old one", async () => {
  const batches = [batchOf(readingOf(1), [{ offset: 1 }])];
  publishSegments(dir, segmentsOf("back", batches));
  const open = await openStore(dir, SETTINGS);
  publishSegments(dir, []);
  cleanSegments(dir, new Set());
  publishSegments(dir, segmentsOf("back", batches));
  open.close();
  expect((await openAndCount()).rows).toBe(1);
});
