/** Exchange's logs to events as offsets, to fields as JSON, and beside the least that any reader must do. */
import { expect, test } from "vitest";
import { JsonBytes } from "../src/base/json-bytes.ts";
import type { Source } from "../src/base/source.ts";
import { exchangeReader } from "../src/engines/formats/exchange/read.ts";
import { madeHttpProxyLog, madeSmtpLog, madeTrackingLog } from "../test/readers/exchange-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const SITTINGS = FULL ? 8 : 2;
const ROWS = FULL ? 20_000 : 200;
const PRINTED_BYTES_MAX = 262_144;
const WINDOW = 524_288;

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

/** Only rows are counted: times and cells are there, and looking at them is the caller's time. */
function readEvents(source: Source): string {
  let rows = 0;
  for (const piece of exchangeReader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    rows += piece.length;
  }
  return `${rows}`;
}

/** All that a store keeps of a row: its columns, and its fields as one JSON object in bytes. */
function printFields(source: Source): string {
  const out = new JsonBytes();
  let rows = 0;
  let bytes = 0;
  for (const piece of exchangeReader.read(source, NO_SETTING)) {
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

/** The least: where lines end. */
function countLines(source: Source): string {
  let lines = 0;
  for (let at = 0; at < source.byteLength; at += WINDOW) {
    const bytes = source.read(at, Math.min(at + WINDOW, source.byteLength));
    for (let each = 0; each < bytes.length; each++) if (bytes[each] === 10) lines++;
  }
  return `${lines}`;
}

const LOGS: readonly (readonly [string, () => Uint8Array])[] = [
  ["HttpProxy", () => madeHttpProxyLog(ROWS)],
  ["message tracking", () => madeTrackingLog(ROWS)],
  ["SMTP", () => madeSmtpLog(ROWS)],
];

test.each(LOGS)("exchange: %s", (name, make) => {
  const source = repeated(make());
  const work = (what: string, run: (from: Source) => string) =>
    measure(`${name} ${what} (${Math.round(source.byteLength / 1e6)} MB)`, () => ({
      amount: source.byteLength,
      result: run(source),
    }));
  const events = work("to events as offsets", readEvents);
  const printed = work("to columns and fields as JSON", printFields);
  const least = work("newline count", countLines);
  expect(printed.resultHash).toBe(events.resultHash);
  ledger(events, { of_newline_count: Number((events.perSecond / least.perSecond).toFixed(2)) });
  ledger(printed, { of_events: Number((printed.perSecond / events.perSecond).toFixed(2)) });
});
