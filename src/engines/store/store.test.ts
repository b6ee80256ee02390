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
import type { Query } from "../../model/query.ts";
import { createStore, openStore, PAGE_ROWS_MAX, type Store } from "./index.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "breakwater-store-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const all: Query = { kind: "all" };

function storeOf(batches: Iterable<Batch>): Store {
  const writer = createStore(dir);
  for (const batch of batches) writer.append(batch);
  writer.finish();
  return openStore(dir);
}

function readingOf(number: number, member = ""): Reading {
  return { place: placeOf(number, member), format: "evtx", digits: 7, zoneAssumed: null };
}

/** Every matching event, page by page. */
function walk(store: Store, query: Query, limit: number): Event[] {
  const events: Event[] = [];
  for (;;) {
    const page = store.page(query, events.at(-1) ?? null, limit);
    events.push(...page);
    if (page.length < limit) return events;
  }
}

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
      return [event.provider, event.record, event.place.file, event.place.member]
        .concat(Object.values(columnsOf(event)), textsOf(Object.values(event.fields)))
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
  ),
})).tree;

test("property: pages, counts and densities agree with the oracle", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(batches, fc.array(query, { minLength: 1, maxLength: 6 }), (made, queries) => {
      const store = storeOf(made);
      const events = made
        .flatMap((one) => Array.from({ length: one.length }, (_, at) => eventOf(one, at)))
        .sort(inOrder);
      expect(store.rows).toBe(events.length);
      for (const asked of queries) {
        const expected = events.filter((event) => matches(asked, event));
        expect(walk(store, asked, 3)).toEqual(expected);
        expect(store.page(asked, null, PAGE_ROWS_MAX)).toEqual(expected);
        expect(store.count(asked)).toBe(expected.length);
        const { buckets, undated } = store.density(asked, 7n);
        expect(undated).toBe(expected.filter((event) => event.ticks === UNDATED).length);
        expect(buckets).toEqual(bucketsOf(expected, 7n));
      }
      store.close();
    }),
    { numRuns: 150 },
  );
});

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

test("property: every event is found by its key, in the order of the keys", () => {
  fc.assert(
    fc.property(batches, (made) => {
      const store = storeOf(made);
      const events = made
        .flatMap((one) => Array.from({ length: one.length }, (_, at) => eventOf(one, at)))
        .reverse();
      const absent = [eventKey(placeOf(9), 1), eventKey(placeOf(1), 1e15), "no key" as EventKey];
      expect(store.find([...absent, ...events.map(({ key }) => key)])).toEqual(events);
      store.close();
    }),
    { numRuns: 30 },
  );
});

test("every hard text is found in exactly the values that hold it", () => {
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
  const store = storeOf([made]);
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
    expect([needle, store.page(query, null, 100)]).toEqual([
      needle,
      events.filter((event) => matches(query, event)),
    ]);
  }
  store.close();
});

test("rows fill many blocks, and every page is exact across them", () => {
  const made = [...requests(placeOf(1), 10_000), ...requests(placeOf(2), 5_000, 777)];
  const store = storeOf(made);
  const events = made
    .flatMap((one) => Array.from({ length: one.length }, (_, at) => eventOf(one, at)))
    .sort(inOrder);
  expect(walk(store, all, 1000)).toEqual(events);
  expect(store.count({ kind: "contains", text: "CLINIC\\user17" })).toBe(
    events.filter(({ fields }) => String(fields["cs-username"]).startsWith("CLINIC\\user17"))
      .length,
  );
  store.close();
});

test("an event in the middle of a second starts the next page there", () => {
  const rows = [9, 10, 99, 100, 1000].map((offset) => ({ ticks: 5n, offset }));
  const store = storeOf([batchOf(readingOf(1), rows)]);
  expect(walk(store, all, 2).map(({ offset }) => offset)).toEqual([9, 10, 99, 100, 1000]);
  const after = { ticks: 5n, key: eventKey(placeOf(1), 50) };
  expect(store.page(all, after, 1).map(({ offset }) => offset)).toEqual([99]);
  const before = { ticks: 5n, key: eventKey(placeOf(0), 5000) };
  expect(store.page(all, before, 1).map(({ offset }) => offset)).toEqual([9]);
  store.close();
});

test("undated events stand last, and no time matches them", () => {
  const rows = [{ offset: 1 }, { ticks: 2n, offset: 2 }, { offset: 3 }, { ticks: 1n, offset: 4 }];
  const store = storeOf([batchOf(readingOf(1), rows)]);
  expect(walk(store, all, 1).map(({ offset }) => offset)).toEqual([4, 2, 1, 3]);
  expect(store.count({ kind: "time", from: null, to: null })).toBe(2);
  store.close();
});

test("numbers that JSON lacks come back as texts of their name", () => {
  const fields = { a: Number.NaN, b: [Number.NEGATIVE_INFINITY] };
  const store = storeOf([batchOf(readingOf(1), [{ offset: 0, fields }])]);
  expect(store.page(all, null, 1)[0]?.fields).toEqual({ a: "NaN", b: ["-Infinity"] });
  store.close();
});

test("a row of megabytes is kept whole, and a block does not grow past it", () => {
  const big = "ü".repeat(3_000_000);
  const rows = [1, 2, 3].map((offset) => ({ offset, fields: { big: `${offset}${big}` } }));
  const writer = createStore(dir);
  writer.append(batchOf(readingOf(1), rows));
  expect(writer.finish().blocks.map(({ rows: count }) => count)).toEqual([1, 1, 1]);
  const store = openStore(dir);
  expect(store.page(all, null, 3).map(({ fields }) => fields["big"])).toEqual(
    rows.map(({ fields }) => fields.big),
  );
  store.close();
});

test("a block whose hosts are too many to list still answers by host", () => {
  const rows = Array.from({ length: 100 }, (_, offset) => ({ offset, host: `h${offset}` }));
  const writer = createStore(dir);
  writer.append(batchOf(readingOf(1), rows));
  expect(writer.finish().blocks[0]?.hosts).toBeNull();
  const store = openStore(dir);
  expect(store.count({ kind: "is", column: "host", value: "H42" })).toBe(1);
  expect(store.count({ kind: "is", column: "host", value: "H142" })).toBe(0);
  store.close();
});

test("an empty store answers nothing", () => {
  const store = storeOf([]);
  expect(store.rows).toBe(0);
  expect(store.page(all, null, 10)).toEqual([]);
  expect(store.find([eventKey(placeOf(1), 0)])).toEqual([]);
  expect(store.density(all, 1n)).toEqual({ buckets: [], undated: 0 });
  store.close();
});

test("the same batches give the same bytes", () => {
  const bytesOf = () => {
    const store = storeOf(requests(placeOf(1), 5000));
    store.close();
    const bytes = readdirSync(dir).map((file) => [file, readFileSync(join(dir, file), "hex")]);
    rmSync(dir, { recursive: true });
    return bytes;
  };
  expect(bytesOf()).toEqual(bytesOf());
});

test("nobody else may read the store", () => {
  rmSync(dir, { recursive: true });
  storeOf(requests(placeOf(1), 10)).close();
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(dir)) expect(statSync(join(dir, file)).mode & 0o077).toBe(0);
});

test("a new store takes the place of the old one only when it is finished", () => {
  storeOf([batchOf(readingOf(1), [{ offset: 1 }])]).close();
  const files = readdirSync(dir);
  const given = createStore(dir);
  given.append(batchOf(readingOf(1), [{ offset: 1 }, { offset: 2 }]));
  given.discard();
  expect(readdirSync(dir)).toEqual(files);
  expect(openStore(dir).rows).toBe(1);
  const finished = createStore(dir);
  finished.append(batchOf(readingOf(1), [{ offset: 1 }, { offset: 2 }]));
  finished.finish();
  finished.discard();
  expect(openStore(dir).rows).toBe(2);
  expect(readdirSync(dir)).toHaveLength(files.length);
});

test("a writer removes what an unfinished one left, and nothing of others", () => {
  storeOf([batchOf(readingOf(1), [{ offset: 1 }])]).close();
  for (const file of ["7-0.segment", "manifest.json.partial", "notes.txt"])
    writeFileSync(join(dir, file), "left over");
  expect(openStore(dir).rows).toBe(1);
  createStore(dir).discard();
  expect(readdirSync(dir).sort()).toEqual(["1-0.segment", "manifest.json", "notes.txt"]);
});
