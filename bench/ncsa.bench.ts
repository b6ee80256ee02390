/** Access logs to events as offsets, beside the least that any reader must do, and beside the usual way to do it. */
import { expect, test } from "vitest";
import { type Source, memorySource } from "../src/base/source.ts";
import { ncsaReader } from "../src/engines/formats/ncsa/read.ts";
import { combined, madeNcsa } from "../test/readers/ncsa-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const LINES = FULL ? 400_000 : 500;
const USUAL = /^(\S+) (\S+) (\S+) \[([^\]]+)\] "([^"]*)" (\d+) (\d+)(?: "([^"]*)" "([^"]*)")?/;

/** Only rows are counted: times and columns are there, and looking at them is the caller's time. */
function readEvents(source: Source): string {
  let rows = 0;
  for (const piece of ncsaReader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    rows += piece.length;
  }
  return `${rows}`;
}

/** Every field of every row made, as for a line of JSON. */
function decodeFields(source: Source): string {
  let rows = 0;
  let values = 0;
  for (const piece of ncsaReader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    for (let row = 0; row < piece.length; row++)
      for (const name of piece.names(row)) if (piece.field(row, name) !== undefined) values++;
    rows += piece.length;
  }
  return values > rows ? `${rows}` : "no values";
}

/** The least: where lines end. */
function countLines(source: Source): string {
  let lines = 0;
  const bytes = source.read(0, source.byteLength);
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 10) lines++;
  return `${lines}`;
}

/** The usual way: a regular expression a line. */
function matchLines(source: Source): string {
  let rows = 0;
  for (const line of new TextDecoder().decode(source.read(0, source.byteLength)).split("\n"))
    if (USUAL.exec(line) !== null) rows++;
  return `${rows}`;
}

test("ncsa: events as offsets", () => {
  const source = memorySource(madeNcsa(LINES, [combined]));
  const work = (name: string, run: (from: Source) => string) =>
    measure(`${name} (${Math.round(source.byteLength / 1e6)} MB)`, () => ({
      amount: source.byteLength,
      result: run(source),
    }));
  const events = work("ncsa to events as offsets", readEvents);
  const fields = work("ncsa to all fields", decodeFields);
  const least = work("newline count of ncsa", countLines);
  const usual = work("ncsa by a regular expression", matchLines);
  expect(events.resultHash).toBe(usual.resultHash);
  expect(fields.resultHash).toBe(usual.resultHash);
  const ratio = (to: number, of = events) => Number((of.perSecond / to).toFixed(2));
  ledger(events, { of_newline_count: ratio(least.perSecond), of_pattern: ratio(usual.perSecond) });
  ledger(fields, { of_events: ratio(events.perSecond, fields) });
});
