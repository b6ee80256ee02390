/** Rows that stay bytes held against rows that are decoded one by one: the same text in UTF-16 takes that way. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { JsonBytes } from "../../../base/json-bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { eventOf, putDecodedFields } from "../../../model/event.ts";
import { NO_EVIDENCE, type Setting } from "../../../model/evidence.ts";
import { makeTableReader } from "./read.ts";
import { parseTables } from "./table.ts";

const ENTRY = {
  id: "one",
  product: "A product",
  what: "what it is",
  needs: ["Host", "Threat"],
  channel: "Antivirus",
  provider: "A",
  time: { columns: ["When", "Then"], written: "text", zone: "local" },
  host: ["Host"],
  also: { Threat: ["Threat"], File: ["Path"], User: ["Who", "Whom"], Action: ["Done"] },
  constants: { Observation: 'dash "board"' },
  source: "a page",
  confidence: "practice",
  asOf: "2026-11-22",
};
const HEADER = "Host,Threat,When,Then,Path,Who,Whom,Done,,Host";
const COLUMNS = HEADER.split(",").length;

function readerOf(time: object, more: object = {}) {
  return makeTableReader(
    parseTables({ about: "t", entries: [{ ...ENTRY, ...more, time: { ...ENTRY.time, ...time } }] }),
  );
}

/** What a text says, without the places, which are others in UTF-16. */
function said(bytes: Uint8Array, setting: Setting, reader = readerOf({})) {
  const out = new JsonBytes();
  const events: object[] = [];
  const flaws: string[] = [];
  for (const piece of reader.read(memorySource(bytes), setting)) {
    if (piece.kind === "flaw") {
      flaws.push(`${piece.what}: ${piece.have}`);
      continue;
    }
    for (let row = 0; row < piece.length; row++) {
      out.length = 0;
      piece.putFields(row, out);
      const printed = new TextDecoder().decode(out.written());
      out.length = 0;
      putDecodedFields(piece, row, out);
      expect(printed).toBe(new TextDecoder().decode(out.written()));
      const { key: _, offset: __, ...event } = eventOf(piece, row);
      events.push({ ...event, order: Object.keys(event.fields) });
    }
  }
  return { events, flaws: flaws.map((flaw) => flaw.replace(/\d+ bytes/, "bytes")) };
}

function wideOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2 + 2);
  bytes.set([0xff, 0xfe]);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2 + 2, text.charCodeAt(at), true);
  return bytes;
}

const SETTING: Setting = {
  place: { evidence: NO_EVIDENCE, member: "", file: "a.csv" },
  host: null,
  zone: null,
  skewMillis: 0,
};
const two = fc.integer({ min: 0, max: 61 }).map((number) => String(number).padStart(2, "0"));
const number = fc.integer({ min: 0, max: 32 }).map(String);
const time = fc.oneof(
  fc
    .tuple(two, two, two, two, two, fc.constantFrom("", ".1", ".123", ".1234567", ".12345678"))
    .chain(([month, day, hour, minute, second, decimals]) =>
      fc
        .constantFrom("", "Z", "+01:00", "-0530", " Z", "+24:00")
        .map((zone) => `2021-${month}-${day}T${hour}:${minute}:${second}${decimals}${zone}`),
    ),
  fc
    .tuple(number, number, fc.constantFrom("/", ".", "-"), fc.constantFrom("2021", "21", "1500"))
    .chain(([one, other, separator, year]) =>
      fc
        .tuple(
          number,
          two,
          fc.constantFrom("", ":33", ":61"),
          fc.constantFrom("", " AM", " PM", "x"),
        )
        .map(
          ([hour, minute, second, half]) =>
            `${one}${separator}${other}${separator}${year} ${hour}:${minute}${second}${half}`,
        ),
    ),
  fc.constantFrom("", "soon", "2021-08-13", "3/4/2021", "1628827953", "  ", "20210813"),
);
const text = fc.string({
  unit: fc.constantFrom("a", " ", "é", "\\", "\t", "'", "𝄞"),
  maxLength: 4,
});
const cell = fc.oneof(
  fc.constant(""),
  text,
  text.map((inner) => `"${inner}"`),
  fc.constantFrom('"a""b"', '""', '"a,b"', '"a\r\nb "', '"a\n\n"', 'a"b', '"a"b', '"', "x\ufeff"),
);
const row = fc
  .tuple(fc.array(cell, { minLength: COLUMNS - 1, maxLength: COLUMNS }), time, time, fc.nat(20))
  .map(([cells, when, then, odd]) =>
    cells.length < COLUMNS && odd > 0
      ? ["MX1", "x", when, ...cells.slice(3), "y"].join(",")
      : cells.with(2, `"${when}"`).with(3, then).join(","),
  );
const rows = fc.array(fc.tuple(row, fc.constantFrom("\n", "\r\n", "\n\n")), { maxLength: 12 });

test("property: rows as offsets say what decoded rows say", { timeout: 60_000 }, () => {
  const readers = [
    readerOf({}),
    readerOf({ zone: "utc", order: "month-first" }),
    readerOf({ written: "epoch-seconds" }),
    readerOf({ written: "epoch-millis", clock: "Done" }),
    readerOf({}, { also: { Action: ["Path"] } }),
  ];
  const settings = [
    SETTING,
    { ...SETTING, zone: "Europe/Guernsey", host: "m", skewMillis: 1_500.4 },
  ];
  fc.assert(
    fc.property(rows, fc.nat(readers.length - 1), fc.nat(1), (lines, which, setting) => {
      const csv = `${HEADER}\n${lines.flat().join("")}`;
      const of = (bytes: Uint8Array) => said(bytes, settings[setting] ?? SETTING, readers[which]);
      expect(of(utf8(csv))).toEqual(of(wideOf(csv)));
    }),
    { numRuns: 600 },
  );
});

test("bytes of an older code page hold for their record, not for the batch and not for a cell", () => {
  const header = utf8("Host,Threat,Path\n");
  const old = Uint8Array.of(...utf8("MX1,"), 0xfc, ...utf8(",é\n"));
  const { events } = said(concatBytes([header, utf8("MX1,ü,é\n"), old, utf8("MX1,ü,\n")]), SETTING);
  expect(events).toMatchObject([
    { fields: { Threat: "ü", Path: "é" }, record: "2" },
    { fields: { Threat: "ü", Path: "Ã©" }, record: "3" },
    { fields: { Threat: "ü" }, record: "4" },
  ]);
});

test("a table of UTC with an offset behind a blank between day and time is dated", () => {
  const utc = readerOf({ zone: "utc" });
  const { events, flaws } = said(
    utf8("Host,Threat,When\nM,x,2021-08-13 04:12:33+02:00\n"),
    SETTING,
    utc,
  );
  expect(flaws).toEqual([]);
  expect(events).toMatchObject([{ ticks: BigInt(Date.UTC(2021, 7, 13, 2, 12, 33)) * 10_000n }]);
});

const value: fc.Arbitrary<string> = fc.oneof(
  text.map((inner) => JSON.stringify(inner)),
  time.map((inner) => JSON.stringify(inner)),
  fc.constantFrom(
    "null",
    "true",
    "-0",
    "1628827953",
    "1e999",
    "9007199254740993",
    "1.50",
    "[]",
    "{}",
    "tru",
    '"',
  ),
  fc.constantFrom(
    '"\\/"',
    '"a\\u0041"',
    '"a\\n"',
    '"\\\\"',
    '"\\"b\\\\ "',
    '"\ufeffa"',
    '["a ",{"b":[1]}]',
    "[1,]",
    "01",
  ),
);
const member = fc
  .tuple(
    fc.constantFrom(
      "Path",
      "Who",
      "Whom",
      "Done",
      "more",
      "M o",
      "1",
      "__proto__",
      "Pa\\th",
      "Then",
    ),
    value,
  )
  .map(([name, inner]) => `"${name}" :${inner}`);
const members = fc.array(member, { maxLength: 3 });
const object = fc
  .tuple(value, time, members, fc.option(members), fc.nat(30))
  .map(([threat, when, more, inner, odd]) => {
    const opened = inner === null ? [] : [`"in":{${inner.join(", ")}}`];
    const all = [
      `"Host":"MX1"`,
      `"Threat":${threat}`,
      `"When":${JSON.stringify(when)}`,
      ...more,
      ...opened,
    ];
    return `${odd === 1 ? "x" : ""}{${all.join(",")}}${odd === 0 ? "}" : ""}`;
  });

test("property: rows of JSON that stay bytes say what parsed rows say", { timeout: 60_000 }, () => {
  const readers = [
    readerOf({}),
    readerOf({ zone: "utc", written: "epoch-seconds", columns: ["Done", "When"] }),
    readerOf({ clock: "Done" }, { also: { Action: ["Path", "Done"], User: ["Who"] } }),
  ];
  const lines = fc.array(fc.tuple(object, fc.constantFrom("\n", " \r\n", "\n \n")), {
    maxLength: 12,
  });
  const head = '{"Host":"MX1","Threat":"x","When":"2021-08-13"}';
  fc.assert(
    fc.property(lines, fc.nat(readers.length - 1), fc.boolean(), (drawn, which, isList) => {
      const json = isList
        ? `[${[head, ...drawn.map(([row]) => row)].join(",\n")}]`
        : `${head}\n${drawn.flat().join("")}`;
      const of = (bytes: Uint8Array) => said(bytes, SETTING, readers[which]);
      expect(of(utf8(json))).toEqual(of(wideOf(json)));
    }),
    { numRuns: 600 },
  );
});

test("rows of JSON in an older code page are read by it, each by itself", () => {
  const row = (threat: Uint8Array) =>
    concatBytes([utf8('{"Host":"M","Threat":"'), threat, utf8('"}\n')]);
  const { events } = said(concatBytes([row(utf8("é")), row(Uint8Array.of(0xe9))]), SETTING);
  expect(events).toMatchObject([{ fields: { Threat: "é" } }, { fields: { Threat: "é" } }]);
});
