/** The audit log to events with times, as JSON lines, as a list and as CSV, beside the usual way: JSON.parse of every record. */
import { expect, test } from "vitest";
import { utf8 } from "../src/base/bytes.ts";
import { JsonBytes } from "../src/base/json-bytes.ts";
import { type Source, memorySource } from "../src/base/source.ts";
import { m365Reader } from "../src/engines/formats/m365/read.ts";
import {
  madeAudit,
  madeAuditCsv,
  madeAuditLines,
  madeAuditList,
} from "../test/readers/m365-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const RECORDS = FULL ? 100_000 : 500;
const PRINTED_BYTES_MAX = 262_144;

/** Only rows are counted: their times are there, and looking at them is the caller's time. */
function readEvents(source: Source): string {
  let rows = 0;
  for (const piece of m365Reader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    rows += piece.length;
  }
  return `${rows}`;
}

/** All that a store keeps of a row: its columns, and its fields as one JSON object in bytes. */
function printFields(source: Source): string {
  const out = new JsonBytes();
  let rows = 0;
  for (const piece of m365Reader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    for (let row = 0; row < piece.length; row++) {
      piece.putFields(row, out);
      if (out.length > PRINTED_BYTES_MAX) out.length = 0;
    }
    rows += piece.length;
  }
  return `${rows}`;
}

/** The usual way: every record as an object, its time by Date. */
function parseLines(bytes: Uint8Array): string {
  let rows = 0;
  let sum = 0;
  const text = new TextDecoder().decode(bytes);
  for (let at = 0; at < text.length; rows++) {
    const end = text.indexOf("\n", at);
    const record: unknown = JSON.parse(text.slice(at, end));
    if (typeof record === "object" && record !== null && "CreationTime" in record)
      sum += Date.parse(`${String(record.CreationTime)}Z`);
    at = end + 1;
  }
  return sum > 0 ? `${rows}` : "no times";
}

test("m365: events with times", () => {
  const lines = madeAuditLines(RECORDS);
  const work = (name: string, bytes: Uint8Array, run: (source: Source) => string) =>
    measure(`${name} (${Math.round(bytes.length / 1e6)} MB)`, () => ({
      amount: bytes.length,
      result: run(memorySource(bytes)),
    }));
  const usual = work("audit log by JSON.parse", lines, () => parseLines(lines));
  const events = work("audit log as JSON lines to events", lines, readEvents);
  const list = work("audit log as a list to events", madeAuditList(RECORDS), readEvents);
  const csv = work("audit log as CSV to events", madeAuditCsv(RECORDS), readEvents);
  const pretty = utf8(JSON.stringify(madeAudit(RECORDS / 10), null, 4));
  const printed = work("audit log, printed over many lines, to events", pretty, readEvents);
  const fields = work("audit log to fields as JSON", lines, printFields);
  for (const same of [events, list, csv, fields]) expect(same.resultHash).toBe(usual.resultHash);
  expect(printed.perSecond).toBeGreaterThan(0);
  const ratio = (to: number, of = events) => Number((of.perSecond / to).toFixed(2));
  ledger(events, { of_json_parse: ratio(usual.perSecond) });
  ledger(list, { of_json_parse: ratio(usual.perSecond, list) });
  ledger(csv, { of_json_parse: ratio(usual.perSecond, csv) });
  ledger(fields, { of_events: ratio(events.perSecond, fields) });
});
