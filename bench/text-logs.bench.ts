/**
 * Logs of Defender and ClamAV, and saved response headers, to events as offsets and to all of their fields, beside the least that any
 * reader must do and beside the usual way: a regular expression a line.
 */
import { expect, test } from "vitest";
import { type Source, memorySource } from "../src/base/source.ts";
import { clamavReader } from "../src/engines/formats/clamav/read.ts";
import { httpHeadersReader } from "../src/engines/formats/http-headers/read.ts";
import type { Reader } from "../src/engines/formats/index.ts";
import { countLineFeeds } from "../src/engines/formats/text/lines.ts";
import { mplogReader } from "../src/engines/formats/mplog/read.ts";
import { madeClamav } from "../test/readers/clamav-log.ts";
import { madeHeaders } from "../test/readers/http-headers-log.ts";
import { madeMplog, madeWideMplog } from "../test/readers/mplog-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { FULL, ledger, measure } from "./measure.ts";

const RECORDS = FULL ? 200_000 : 300;
const RANGE_BYTES = FULL ? 4_194_304 : 8_192;
const USUAL =
  /^(?:(\d{4}-\d\d-\d\dT[\d:.]+Z) +|(\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}) -> |([\w-]+|HTTP\/\S+):? )?(.*)$/;

/** Only rows and times are made; looking at fields is the caller's time. */
function readEvents(reader: Reader, source: Source): string {
  let rows = 0;
  for (const piece of reader.read(source, NO_SETTING))
    if (piece.kind === "batch") rows += piece.length;
  return String(rows);
}

/** Every field of every row made, as for a line of JSON. */
function decodeFields(reader: Reader, source: Source): string {
  let rows = 0;
  let values = 0;
  for (const piece of reader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") continue;
    for (let row = 0; row < piece.length; row++)
      for (const name of piece.names(row)) if (piece.field(row, name) !== undefined) values++;
    rows += piece.length;
  }
  return values > rows ? String(rows) : "no values";
}

/** What a crew does before it shares the work. */
function cutRanges(reader: Reader, source: Source): string {
  let bytes = 0;
  for (const { start, end } of reader.ranges(source, RANGE_BYTES, null)) bytes += end - start;
  return String(bytes);
}

function matchLines(source: Source, encoding: string): string {
  let lines = 0;
  const text = new TextDecoder(encoding).decode(source.read(0, source.byteLength));
  for (const line of text.split("\n")) if (USUAL.exec(line) !== null) lines++;
  return String(lines);
}

const LOGS: readonly (readonly [string, Reader, (count: number) => Uint8Array, string])[] = [
  ["mplog", mplogReader, madeMplog, "utf-8"],
  ["mplog in UTF-16", mplogReader, madeWideMplog, "utf-16le"],
  ["clamav", clamavReader, madeClamav, "utf-8"],
  ["http-headers", httpHeadersReader, madeHeaders, "utf-8"],
];

test.each(LOGS)("text logs: %s", { timeout: 120_000 }, (name, reader, made, encoding) => {
  const source = memorySource(made(RECORDS));
  const work = (what: string, run: () => string) =>
    measure(`${name} ${what} (${Math.round(source.byteLength / 1e6)} MB)`, () => ({
      amount: source.byteLength,
      result: run(),
    }));
  const events = work("to events as offsets", () => readEvents(reader, source));
  const ranges = work("in ranges", () => cutRanges(reader, source));
  const fields = work("to all fields", () => decodeFields(reader, source));
  const least = work("newline count", () =>
    String(countLineFeeds(source.read(0, source.byteLength))),
  );
  const usual = work("by a regular expression", () => matchLines(source, encoding));
  expect(fields.resultHash).toBe(events.resultHash);
  for (const measured of [events, ranges, fields]) {
    const of = ({ perSecond }: { readonly perSecond: number }) =>
      Number((measured.perSecond / perSecond).toPrecision(2));
    ledger(measured, { of_newline_count: of(least), of_pattern: of(usual) });
  }
});
