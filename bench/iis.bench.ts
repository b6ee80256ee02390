/** IIS logs to events as offsets, beside the least that any reader must do, and beside the usual way to do it. */
import { expect, test } from "vitest";
import { JsonBytes } from "../src/base/json-bytes.ts";
import type { Source } from "../src/base/source.ts";
import { writeIis } from "../src/engines/formats/index.ts";
import { iisReader } from "../src/engines/formats/iis/read.ts";
import { DEFAULT_FIELDS, madeLines, madeLog } from "../test/readers/iis-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const SITTING_LINES = FULL ? 80_000 : 800;
const SITTINGS = FULL ? 16 : 2;
const START = Date.UTC(2021, 7, 12);
const WINDOW = 524_288;
const RANGE_BYTES = FULL ? 16_777_216 : 20_000;
const PRINTED_BYTES_MAX = 262_144;

/** The same sitting of a server over and over, each with its header: a large log in little memory. */
function repeated(sitting: Uint8Array): Source {
  const size = sitting.length;
  return {
    byteLength: size * SITTINGS,
    read(start, end) {
      const from = start % size;
      if (from + end - start <= size) return sitting.subarray(from, from + end - start);
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length; ) {
        const part = sitting.subarray((start + at) % size).subarray(0, bytes.length - at);
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
  };
}

function* windowsOf(source: Source): Iterable<Uint8Array> {
  for (let at = 0; at < source.byteLength; at += WINDOW)
    yield source.read(at, Math.min(at + WINDOW, source.byteLength));
}

/** Only rows are counted: times and columns are there, and looking at them is the caller's time. */
function readEvents(source: Source): string {
  let rows = 0;
  for (const piece of iisReader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    rows += piece.length;
  }
  return `${rows}`;
}

/** The sum of all times in milliseconds, which the strings must give too. */
function sumTimes(source: Source): number {
  let sum = 0;
  for (const piece of iisReader.read(source, NO_SETTING))
    if (piece.kind === "batch")
      for (const ticks of piece.ticks) sum += Number(ticks / 10_000n) % 1e6;
  return sum;
}

/** The least: where lines end. */
function countLines(source: Source): string {
  let lines = 0;
  for (const bytes of windowsOf(source))
    for (let at = 0; at < bytes.length; at++) if (bytes[at] === 10) lines++;
  return `${lines}`;
}

/** The usual way: lines and columns as strings, times by Date. */
function splitIntoStrings(source: Source): { readonly rows: number; readonly sum: number } {
  let rows = 0;
  let sum = 0;
  let rest = "";
  const decoder = new TextDecoder();
  for (const bytes of windowsOf(source)) {
    const lines = (rest + decoder.decode(bytes)).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("#")) continue;
      const columns = line.split(" ");
      sum += (Date.parse(`${columns[0]}T${columns[1]}Z`) - Number(columns[14])) % 1e6;
      rows++;
    }
  }
  return { rows, sum };
}

/** Every field of every row made, as for a line of JSON. */
function decodeFields(source: Source): string {
  let rows = 0;
  let values = 0;
  for (const piece of iisReader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    for (let row = 0; row < piece.length; row++)
      for (const name of piece.names(row)) if (piece.field(row, name) !== undefined) values++;
    rows += piece.length;
  }
  return values > rows ? `${rows}` : "no values";
}

/** All that a store keeps of a row: its columns, and its fields as one JSON object in bytes. */
function printFields(source: Source): string {
  const out = new JsonBytes();
  let rows = 0;
  let bytes = 0;
  for (const piece of iisReader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    for (let row = 0; row < piece.length; row++) {
      bytes += piece.host(row).length + piece.channel(row).length + piece.record(row).length;
      piece.putFields(row, out);
      if (out.length < PRINTED_BYTES_MAX) continue;
      bytes += out.length;
      out.length = 0;
    }
    rows += piece.length;
  }
  return bytes + out.length > rows ? `${rows}` : "no values";
}

/** Where the source would be cut for workers: the number of the last range's first line. */
function findRanges(source: Source): string {
  return `${[...iisReader.ranges(source, RANGE_BYTES, null)].at(-1)?.line}`;
}

/** Everything again, range by range. */
function readRanges(source: Source): string {
  let rows = 0;
  for (const range of iisReader.ranges(source, RANGE_BYTES, null))
    for (const piece of iisReader.read(source, NO_SETTING, range))
      if (piece.kind === "batch") rows += piece.length;
  return `${rows}`;
}

test("iis: events as offsets", () => {
  const source = repeated(madeLog(SITTING_LINES, 1, START));
  const work = (name: string, run: (from: Source) => string) =>
    measure(`${name} (${Math.round(source.byteLength / 1e6)} MB)`, () => ({
      amount: source.byteLength,
      result: run(source),
    }));
  const events = work("iis to events as offsets", readEvents);
  const least = work("newline count", countLines);
  const fields = work("iis to all fields", decodeFields);
  const printed = work("iis to columns and fields as JSON", printFields);
  const found = work("iis ranges found", findRanges);
  const ranged = work("iis to events as offsets, in ranges", readRanges);
  const usual = work("iis split into strings", (from) => `${splitIntoStrings(from).rows}`);
  expect(events.resultHash).toBe(usual.resultHash);
  expect(fields.resultHash).toBe(usual.resultHash);
  expect(printed.resultHash).toBe(usual.resultHash);
  expect(ranged.resultHash).toBe(usual.resultHash);
  expect(sumTimes(source)).toBe(splitIntoStrings(source).sum);
  const ratio = (to: number, of = events) => Number((of.perSecond / to).toFixed(2));
  ledger(events, { of_newline_count: ratio(least.perSecond), of_strings: ratio(usual.perSecond) });
  ledger(fields, { of_events: ratio(events.perSecond, fields) });
  ledger(printed, {
    of_events: ratio(events.perSecond, printed),
    of_fields: ratio(fields.perSecond, printed),
  });
  ledger(found, { of_newline_count: ratio(least.perSecond, found) });
  ledger(ranged, { of_events: ratio(events.perSecond, ranged) });
});

test("iis: written", () => {
  const lines = [...madeLines(FULL ? 200_000 : 500, 2, START)];
  const written = measure("iis written, in lines", () => {
    let length = 0;
    for (const block of writeIis(lines, DEFAULT_FIELDS, "2021-08-12 00:00:00"))
      length += block.length;
    return { amount: lines.length, result: String(length) };
  });
  expect(written.perSecond).toBeGreaterThan(0);
  ledger(written, {});
});
