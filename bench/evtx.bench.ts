/** Windows event logs: the walk, fields by name, and JSON, beside SHA-256 over the same bytes; and memory that stays flat. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Source, memorySource } from "../src/base/source.ts";
import type { EvtxBatch } from "../src/engines/formats/evtx/batch.ts";
import { JsonBytes } from "../src/base/json-bytes.ts";
import { evtxReader, readChunks } from "../src/engines/formats/evtx/read.ts";
import { evtxFile, writeEvtx } from "../src/engines/formats/evtx/write.ts";
import { madeEvents } from "../test/readers/evtx-log.ts";
import { NO_SETTING } from "../test/readers/trials.ts";
import { shared } from "../test/shared.ts";
import { FULL, ledger, measure } from "./measure.ts";

const EVENTS = FULL ? 90_000 : 400;
const RANGE_BYTES = FULL ? 16_777_216 : 65_536;

/** Rows and a time of each batch: nothing decoded, every record checked. */
function walk(sources: readonly Source[]): string {
  let rows = 0;
  let sum = 0n;
  for (const batch of batches(sources)) {
    rows += batch.length;
    sum += batch.ticks[batch.length - 1] ?? 0n;
  }
  return `${rows} ${sum}`;
}

/** The same, range by range: what two workers would share. */
function walkRanges(sources: readonly Source[]): string {
  let rows = 0;
  let sum = 0n;
  for (const source of sources)
    for (const range of evtxReader.ranges(source, RANGE_BYTES, null))
      for (const piece of evtxReader.read(source, NO_SETTING, range)) {
        if (piece.kind === "flaw") continue;
        rows += piece.length;
        sum += piece.ticks[piece.length - 1] ?? 0n;
      }
  return `${rows} ${sum}`;
}

/** What a rule engine asks of every row before anything else. */
function dispatch(sources: readonly Source[]): string {
  let ids = 0;
  let letters = 0;
  for (const batch of batches(sources))
    for (let row = 0; row < batch.length; row++) {
      ids += batch.eventId(row);
      letters += batch.channel(row).length;
    }
  return `${ids} ${letters}`;
}

/** Every field of every row as a value. */
function fields(sources: readonly Source[]): string {
  let count = 0;
  for (const batch of batches(sources))
    for (let row = 0; row < batch.length; row++)
      for (const name of batch.names(row)) if (batch.field(row, name) !== undefined) count++;
  return String(count);
}

/** Every field of every row as JSON in UTF-8. */
function json(sources: readonly Source[]): string {
  const out = new JsonBytes();
  let bytes = 0;
  for (const batch of batches(sources)) {
    out.length = 0;
    for (let row = 0; row < batch.length; row++) batch.putFields(row, out);
    bytes += out.length;
  }
  return String(bytes);
}

/** The same JSON by way of an object and JSON.stringify: what the bytes must equal, and the usual price. */
function stringified(sources: readonly Source[]): string {
  let bytes = 0;
  for (const batch of batches(sources))
    for (let row = 0; row < batch.length; row++) {
      const object: Record<string, unknown> = {};
      for (const name of batch.names(row)) object[name] = batch.field(row, name);
      bytes += Buffer.byteLength(JSON.stringify(object));
    }
  return String(bytes);
}

function* batches(sources: readonly Source[]): Generator<EvtxBatch> {
  for (const source of sources)
    for (const piece of readChunks(source, NO_SETTING)) if (piece.kind === "batch") yield piece;
}

/** Measures all kinds of reading; gives what the two ways to JSON came to. */
function compare(name: string, files: readonly Uint8Array[]): readonly [string, string] {
  const sources = files.map((bytes) => memorySource(bytes));
  const amount = files.reduce((sum, { length }) => sum + length, 0);
  const work = (what: string, run: (sources: readonly Source[]) => string) =>
    measure(`evtx ${what}, ${name} (${Math.round(amount / 1e6)} MB)`, () => ({
      amount,
      result: run(sources),
    }));
  const limit = work("sha-256", () =>
    files.map((bytes) => createHash("sha256").update(bytes).digest("hex")).join(),
  );
  const [objects, bytes] = [work("stringified", stringified), work("to json", json)];
  const [walked, ranged] = [work("walk", walk), work("walk in ranges", walkRanges)];
  expect(ranged.resultHash).toBe(walked.resultHash);
  for (const measured of [
    walked,
    ranged,
    work("dispatch", dispatch),
    work("fields", fields),
    bytes,
  ])
    ledger(measured, {
      of_sha256: Number((measured.perSecond / limit.perSecond).toFixed(2)),
      of_stringified: Number((measured.perSecond / objects.perSecond).toFixed(2)),
    });
  return [objects.resultHash, bytes.resultHash];
}

test("evtx: made logs of a mail server", { timeout: 120_000 }, () => {
  const [objects, bytes] = compare("made", [evtxFile(madeEvents(EVENTS, 1))]);
  expect(bytes).toBe(objects);
});

const root = FULL ? shared("evtx") : null;

test.skipIf(root === null)("evtx: real logs of many machines", { timeout: 120_000 }, () => {
  const paths = readdirSync(root ?? "", { recursive: true, encoding: "utf8" });
  const logs = paths.filter((path) => path.endsWith(".evtx")).sort();
  const files = logs.map((path) => readFileSync(join(root ?? "", path)));
  const [objects, bytes] = compare("real", files);
  expect(bytes).toBe(objects);
});

test("evtx: written", { timeout: 60_000 }, () => {
  const events = [...madeEvents(FULL ? 20_000 : 200, 2)];
  const written = measure("evtx written", () => {
    let length = 0;
    for (const block of writeEvtx(events)) length += block.length;
    return { amount: length, result: String(length) };
  });
  expect(written.perSecond).toBeGreaterThan(0);
  ledger(written, {});
});

test("evtx: ten times the size takes no more memory", { timeout: 120_000 }, () => {
  const part = evtxFile(madeEvents(FULL ? 9_000 : 300, 4));
  const chunks = part.subarray(4_096);
  /** The same chunks over and over, as a file that is never in memory as a whole. */
  const repeated = (times: number): Source => ({
    byteLength: chunks.length * times,
    read: (start, end) =>
      chunks.subarray(start % chunks.length, (start % chunks.length) + end - start),
  });
  const growth = (times: number): number => {
    const before = process.memoryUsage().rss;
    json([repeated(times)]);
    return (process.memoryUsage().rss - before) / 1e6;
  };
  growth(2);
  const [once, tenTimes] = [growth(1), growth(10)];
  process.stdout.write(
    `bench: evtx memory: 1x ${once.toFixed(0)} MB, 10x ${tenTimes.toFixed(0)} MB\n`,
  );
  expect(tenTimes).toBeLessThan(Math.max(once, 0) + 64);
});
