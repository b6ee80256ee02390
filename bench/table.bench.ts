/** Tables of other products to events and to fields as JSON, beside the least that any reader must do, and JSON.parse. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { utf8 } from "../src/base/bytes.ts";
import { JsonBytes } from "../src/base/json-bytes.ts";
import { memorySource } from "../src/base/source.ts";
import { makeTableReader } from "../src/engines/formats/table/read.ts";
import { parseTables } from "../src/engines/formats/table/table.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const ROWS = FULL ? 400_000 : 400;
const PRINTED_BYTES_MAX = 262_144;
const LINE_FEED = 10;
const START = Date.UTC(2021, 7, 2);
const PATH =
  "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Bin\\Microsoft.Exchange.Diagnostics.dll";
const HEADER = ["host", "product", "observation", "build", "observed_at"];

const tables = parseTables(JSON.parse(readFileSync("knowledge/tables.json", "utf8")));
const reader = makeTableReader(tables);

/** A row's columns; how its time is written is the sample's. */
function cellsOf(row: number, written: (iso: string) => string): readonly string[] {
  const iso = new Date(START + row * 6_100).toISOString();
  return ["MX1", "Exchange Server", "file-version", `15.1.2106.${row}`, written(iso)];
}

function made(header: readonly string[], row: (number: number) => string): Uint8Array {
  const rows = Array.from({ length: ROWS }, (_, number) => row(number));
  return utf8(`${header.join(",")}\r\n${rows.join("")}`);
}

const short = () => made(HEADER, (row) => `${cellsOf(row, (iso) => iso).join(",")}\r\n`);
const quoted = () =>
  made([...HEADER, "path", "note"], (row) => {
    const cells = [...cellsOf(row, (iso) => iso), PATH, `number ${row}, of a list`];
    return `${cells.map((cell) => `"${cell}"`).join(",")}\r\n`;
  });
const numbers = () =>
  made(HEADER, (row) => {
    const day = (iso: string) => `${iso.slice(8, 10)}/${iso.slice(5, 7)}/2021 ${iso.slice(11, 19)}`;
    return `${cellsOf(row, day).join(",")}\r\n`;
  });

function objectOf(row: number): string {
  const [host, product, observation, build, observed_at] = cellsOf(row, (iso) => iso);
  const more = { path: PATH, number: row, list: [1, "x"] };
  return JSON.stringify({ host, product, observation, build, observed_at, more });
}

const rowsOfJson = () => Array.from({ length: ROWS / 2 }, (_, row) => objectOf(row));
const lines = () => utf8(`${rowsOfJson().join("\n")}\n`);
const list = () => utf8(`{"value":[${rowsOfJson().join(",")}]}`);

/** Only rows are counted: times and cells are there, and looking at them is the caller's time. */
function readEvents(bytes: Uint8Array): string {
  let rows = 0;
  for (const piece of reader.read(memorySource(bytes), NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    rows += piece.length;
  }
  return `${rows}`;
}

/** What a store keeps of a row besides its columns: its fields as one JSON object in bytes. */
function printFields(bytes: Uint8Array): string {
  const out = new JsonBytes();
  let rows = 0;
  for (const piece of reader.read(memorySource(bytes), NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    for (let row = 0; row < piece.length; row++) {
      piece.putFields(row, out);
      if (out.length > PRINTED_BYTES_MAX) out.length = 0;
    }
    rows += piece.length;
  }
  return `${rows}`;
}

/** The least: where lines end. */
function countLines(bytes: Uint8Array): string {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === LINE_FEED) count++;
  return `${count}`;
}

function parseLines(bytes: Uint8Array): string {
  let count = 0;
  for (const line of new TextDecoder().decode(bytes).trimEnd().split("\n"))
    if (typeof JSON.parse(line) === "object") count++;
  return `${count}`;
}

function work(name: string, bytes: Uint8Array, run: (bytes: Uint8Array) => string) {
  const sized = `${name} (${Math.round(bytes.length / 1e6)} MB)`;
  return measure(sized, () => ({ amount: bytes.length, result: run(bytes) }));
}

const ratio = (one: number, other: number) => Number((one / other).toFixed(2));

test.each([
  ["short rows", short],
  ["quoted rows", quoted],
  ["days as numbers", numbers],
])("tables in CSV: %s", (name, make) => {
  const bytes = make();
  const least = work(`${name} newline count`, bytes, countLines);
  const events = work(`${name} of CSV to events`, bytes, readEvents);
  const fields = work(`${name} of CSV to fields as JSON`, bytes, printFields);
  expect(fields.resultHash).toBe(events.resultHash);
  ledger(events, { of_newline_count: ratio(events.perSecond, least.perSecond) });
  ledger(fields, { of_events: ratio(fields.perSecond, events.perSecond) });
});

test("tables in JSON", () => {
  const bytes = lines();
  const usual = work("table by JSON.parse", bytes, parseLines);
  const events = work("table as JSON lines to events", bytes, readEvents);
  const fields = work("table as JSON lines to fields as JSON", bytes, printFields);
  const listed = work("table as a list to events", list(), readEvents);
  for (const same of [events, fields, listed]) expect(same.resultHash).toBe(usual.resultHash);
  ledger(events, { of_json_parse: ratio(events.perSecond, usual.perSecond) });
  ledger(fields, { of_events: ratio(fields.perSecond, events.perSecond) });
  ledger(listed, { of_json_parse: ratio(listed.perSecond, usual.perSecond) });
});
