/** What is remembered by bytes against what is decoded each time, over logs as their readers give them, and what is counted with either. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../src/base/bytes.ts";
import { memorySource } from "../../src/base/source.ts";
import { exchangeReader } from "../../src/engines/formats/exchange/read.ts";
import { iisReader } from "../../src/engines/formats/iis/read.ts";
import { Remembered } from "../../src/engines/lookout/index.ts";
import type { Batch } from "../../src/model/event.ts";
import { createTraffic } from "../../src/questions/answered/index.ts";
import { madeHttpProxyLog } from "./exchange-log.ts";
import { madeLog } from "./iis-log.ts";
import { NO_SETTING } from "./trials.ts";

const IIS = ["c-ip", "cs-uri-stem", "cs-username", "cs(User-Agent)", "cs-method", "sc-status"];
const PROXY = ["ClientIpAddress", "UrlStem", "UserAgent", "AnchorMailbox", "HttpStatus", "Method"];

function batchesOf(reader: typeof iisReader, bytes: Uint8Array, look: (batch: Batch) => void) {
  for (const piece of reader.read(memorySource(bytes), NO_SETTING))
    if (piece.kind === "batch") look(piece);
}

/** Field by field and row by row what is decoded and what is remembered; the memory outlives the batches. */
function bothOf(reader: typeof iisReader, bytes: Uint8Array, names: readonly string[]) {
  const remembered = names.map((name) => new Remembered(name, (value) => ({ value })));
  const [decoded, kept]: [unknown[], unknown[]] = [[], []];
  const look = (batch: Batch) => {
    for (let row = 0; row < batch.length; row++)
      for (const [at, name] of names.entries()) {
        decoded.push(batch.field(row, name));
        kept.push(remembered[at]?.of(batch, row).value);
      }
  };
  batchesOf(reader, bytes, look);
  batchesOf(reader, bytes, look);
  return { decoded, kept };
}

const CELL = fc.constantFrom("-", "a", "a+b", "é", "%e9", "abcd", "abcde", "200", "x".repeat(600));
const LINE = fc.tuple(...IIS.map(() => CELL)).map((cells) => cells.join(" "));

test("what is remembered by bytes is what is decoded, in IIS logs and in Exchange's", () => {
  const iis = bothOf(iisReader, madeLog(3_000), IIS);
  expect(iis.kept.length).toBe(2 * 3_000 * IIS.length);
  expect(iis.kept).toEqual(iis.decoded);
  const proxy = bothOf(exchangeReader, madeHttpProxyLog(1_000), [...PROXY, "no such field"]);
  expect(proxy.kept.length).toBeGreaterThan(2 * 1_000 * PROXY.length);
  expect(proxy.kept).toEqual(proxy.decoded);
  fc.assert(
    fc.property(fc.array(LINE, { minLength: 1, maxLength: 40 }), (lines) => {
      const header = `#Fields: ${IIS.join(" ")}\r\n`;
      const made = bothOf(iisReader, utf8(`${header}${lines.join("\r\n")}\r\n`), IIS);
      expect(made.kept).toEqual(made.decoded);
    }),
    { numRuns: 60 },
  );
});

/** The same rows, of a batch that cannot say where a value stands. */
function withoutSpans(batch: Batch): Batch {
  return new Proxy(batch, {
    get: (target, name) => {
      if (name === "span") return undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

test("of more values than there are places, each comes out as it is", () => {
  const lines = Array.from({ length: 30_000 }, (_, nth) => `client-of-a-flood-${nth % 20_000}`);
  const made = bothOf(
    iisReader,
    utf8(`#Fields: c-ip cs-uri-stem\n${lines.map((one) => `${one} /`).join("\n")}\n`),
    ["c-ip"],
  );
  expect(made.kept.length).toBe(60_000);
  expect(made.kept).toEqual(made.decoded);
});

test("what is counted is the same with and without the bytes of a value", () => {
  const logs = [
    [iisReader, madeLog(2_000)],
    [exchangeReader, madeHttpProxyLog(2_000)],
  ] as const;
  const [fast, plain] = [createTraffic(), createTraffic()];
  for (const [reader, bytes] of logs)
    batchesOf(reader, bytes, (batch) => {
      fast.add(batch);
      plain.add(withoutSpans(batch));
    });
  expect(fast.state().seen.answered).toBeGreaterThan(1_000);
  expect(fast.state()).toEqual(plain.state());
});
