import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { Fault } from "../../../base/fault.ts";
import { utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { eventOf } from "../../../model/event.ts";
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";
import { makeTableReader } from "./read.ts";
import { makeMatch, parseTables } from "./table.ts";

const ENTRY = {
  id: "one",
  product: "A product",
  what: "what it is",
  needs: ["Host Name", "Threat"],
  channel: "Antivirus",
  provider: "A",
  time: { columns: ["When"], written: "text", zone: "local" },
  host: ["Host Name"],
  also: { Threat: ["Threat"] },
  constants: {},
  source: "a page",
  confidence: "practice",
  asOf: "2026-11-22",
};
const SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "a.csv" },
  host: null,
  zone: null,
  skewMillis: 0,
};

function parse(...entries: readonly object[]) {
  return parseTables({ about: "tables", entries });
}

function read(entry: object, text: string, setting: Partial<Setting> = {}) {
  const reader = makeTableReader(parse(entry));
  const pieces = [...reader.read(memorySource(utf8(text)), { ...SETTING, ...setting })];
  return {
    events: pieces.flatMap((piece) =>
      piece.kind === "batch"
        ? Array.from({ length: piece.length }, (_, row) => eventOf(piece, row))
        : [],
    ),
    flaws: pieces.flatMap((piece) =>
      piece.kind === "flaw" ? [`${piece.what}: ${piece.have}`] : [],
    ),
    assumptions: reader.assumptions(utf8(text), { ...SETTING, ...setting }),
  };
}

const time = (ticks: bigint | undefined) =>
  ticks === undefined ? "" : new Date(Number(ticks / 10_000n)).toISOString();

test.each([
  ["a word it does not know", { ...ENTRY, hots: [] }],
  ["a common field that there is not", { ...ENTRY, also: { Thret: ["Threat"] } }],
  ["one column alone", { ...ENTRY, needs: ["Threat"] }],
  ["no such way of writing times", { ...ENTRY, time: { ...ENTRY.time, written: "julian" } }],
])("%s is a fault of the knowledge", (_, entry) => {
  expect(() => parse(entry)).toThrow(Fault);
});

test("two tables that need the same columns are a fault, whatever their spelling; so is an id that comes twice", () => {
  const other = { ...ENTRY, id: "two", needs: ["THREAT", "hostname"] };
  expect(() => parse(ENTRY, other)).toThrow(
    "'two' and 'one' are the same by columns hostname threat",
  );
  expect(() => parse(ENTRY, { ...ENTRY, needs: ["a", "b"] })).toThrow("by id one");
});

test("the table that needs most wins, then the one that knows most of the columns", () => {
  const more = { ...ENTRY, id: "more", needs: ["Host Name", "Threat", "Hash"] };
  const knows = { ...ENTRY, id: "knows", needs: ["host name", "Action"], also: { User: ["User"] } };
  const match = makeMatch(parse(ENTRY, more, knows));
  expect(match(["host_name", "threat", "when", "hash"])?.id).toBe("more");
  expect(match(["HOST-NAME", "Threat", "Action"])?.id).toBe("one");
  expect(match(["hostname", "threat", "action", "user", "x"])?.id).toBe("knows");
  expect(match(["threat"])).toBeNull();
});

test("every table of the knowledge is told by its own columns", () => {
  const tables = parseTables(JSON.parse(readFileSync("knowledge/tables.json", "utf8")));
  const match = makeMatch(tables);
  expect(tables.filter(({ needs, id }) => match(needs)?.id !== id)).toEqual([]);
  // What is said of a row in common words comes from columns that there are.
  expect(tables.filter(({ source, asOf }) => source === "" || asOf < "2026")).toEqual([]);
});

test.each([
  ["epoch-seconds", "1628827953", "2021-08-13T04:12:33.000Z", 0],
  ["epoch-seconds", "1628827953.25", "2021-08-13T04:12:33.250Z", 2],
  ["epoch-millis", "1628827953123", "2021-08-13T04:12:33.123Z", 3],
  ["filetime", "132733015531230000", "2021-08-13T04:12:33.123Z", 7],
  ["epoch-seconds", "2021-08-13T04:12:33Z", "2021-08-13T04:12:33.000Z", 0],
])("a time written as %s: %s", (written, text, utc, digits) => {
  const entry = { ...ENTRY, time: { columns: ["When"], written, zone: "utc" } };
  const { events, flaws } = read(entry, `Host Name,Threat,When\nMX1,x,${text}\n`);
  expect(flaws).toEqual([]);
  expect(time(events[0]?.ticks)).toBe(utc);
  expect(events[0]).toMatchObject({ digits, zoneAssumed: null, host: "MX1" });
});

test("the time of day may stand in a column of its own; what is no time leaves the row undated, with a flaw", () => {
  const entry = { ...ENTRY, time: { ...ENTRY.time, columns: ["Day"], clock: "Time" } };
  const { events, flaws } = read(
    entry,
    "Host Name;Threat;Day;Time\nMX1;x;13.08.2021;04:12\nMX1;x;soon;\nMX1;x;;\n",
  );
  expect(events.map(({ ticks }) => (ticks < 0n ? null : time(ticks)))).toEqual([
    "2021-08-13T04:12:00.000Z",
    null,
    null,
  ]);
  expect(flaws).toEqual(["time: soon"]);
});

test("a table of UTC needs no assumption; one that names no zone is UTC, and that is said, or the case file's", () => {
  const text = "Host Name,Threat,When\nMX1,x,2021-08-13 04:12:33\n";
  const utc = { ...ENTRY, time: { ...ENTRY.time, zone: "utc" } };
  const said = (entry: object, setting: Partial<Setting> = {}) => {
    const { events, assumptions } = read(entry, text, setting);
    return [
      time(events[0]?.ticks).slice(11, 13),
      events[0]?.zoneAssumed,
      ...assumptions.map(({ what }) => what),
    ];
  };
  expect(said(utc)).toEqual(["04", null, "table"]);
  expect(said(ENTRY)).toEqual(["04", "UTC", "table", "zone"]);
  expect(said(ENTRY, { zone: "Europe/Guernsey" })).toEqual([
    "03",
    "Europe/Guernsey",
    "table",
    "zone",
  ]);
});

test("the order of day and month is decided over the file, stated, and a date that contradicts it is undated", () => {
  const rows = ["03/04/2021", "13/04/2021", "14/04/2021", "4/13/2021"]
    .map((day) => `MX1,x,${day}\n`)
    .join("");
  const { events, flaws, assumptions } = read(ENTRY, `Host Name,Threat,When\n${rows}`);
  expect(events.map(({ ticks }) => (ticks < 0n ? null : time(ticks).slice(0, 10)))).toEqual([
    "2021-04-03",
    "2021-04-13",
    "2021-04-14",
    null,
  ]);
  expect(flaws).toEqual(["date: 4/13/2021"]);
  expect(assumptions.at(-1)).toMatchObject({
    what: "day-order",
    value: "day-first: 03/04/2021 is 3 April 2021; the other reading is 4 March 2021",
  });
});

test("common names stand beside the columns; a column of that name that says otherwise keeps its value", () => {
  const entry = {
    ...ENTRY,
    also: { Threat: ["Name"], User: ["none", "Who"] },
    constants: { Observation: "dashboard" },
  };
  const { events } = read(entry, "Host Name,Threat,Name,Who\nMX1 (15.1),5,Shell,eve\n");
  expect(events[0]).toMatchObject({
    host: "MX1",
    fields: {
      HostName: "MX1 (15.1)",
      Threat: "Shell",
      table_Threat: "5",
      Name: "Shell",
      User: "eve",
      Observation: "dashboard",
    },
  });
});

test("objects within a row of JSON are opened; lists stay", () => {
  const entry = { ...ENTRY, needs: ["agent.host name", "threat"], host: ["agent.hostname"] };
  const row = { agent: { hostName: "MX1", more: {} }, threat: ["a", { b: 1 }], n: null, long: 1 };
  const { events } = read(entry, JSON.stringify({ data: [row] }));
  expect(events[0]?.fields).toMatchObject({
    "agent.hostName": "MX1",
    "agent.more": "{}",
    threat: ["a", '{"b":1}'],
    long: 1,
  });
  expect(events[0]).toMatchObject({ host: "MX1", record: "1", channel: "Antivirus" });
});
