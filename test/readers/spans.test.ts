/** Where a batch says that bytes are a field's text, they are: logs as their readers give them, and lines that nobody would write. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { utf8 } from "../../src/base/bytes.ts";
import { memorySource } from "../../src/base/source.ts";
import { ticksFromMillis } from "../../src/base/time.ts";
import { evtxReader } from "../../src/engines/formats/evtx/read.ts";
import { type WrittenEvent, evtxFile } from "../../src/engines/formats/evtx/write.ts";
import { exchangeReader } from "../../src/engines/formats/exchange/read.ts";
import type { Reader } from "../../src/engines/formats/format.ts";
import { iisReader } from "../../src/engines/formats/iis/read.ts";
import { emptySpan } from "../../src/model/event.ts";
import { shared } from "../shared.ts";
import { madeHttpProxyLog } from "./exchange-log.ts";
import { madeLog } from "./iis-log.ts";
import { NO_SETTING } from "./trials.ts";

/** How many fields were texts in place, and those of them that are another text than their bytes. */
function compareSpans(reader: Reader, bytes: Uint8Array, more: readonly string[] = []) {
  const span = emptySpan();
  const astray: unknown[] = [];
  let compared = 0;
  for (const piece of reader.read(memorySource(bytes), NO_SETTING)) {
    if (piece.kind !== "batch") continue;
    for (let row = 0; row < piece.length; row++) {
      for (const name of [...piece.names(row), ...(piece.declared ?? []), ...more]) {
        if (piece.span?.(row, name, span) !== true || span.encoding === null) continue;
        const { view, start, end, encoding } = span;
        const text = Buffer.from(view.buffer, view.byteOffset + start, end - start);
        const value = piece.field(row, name);
        if (text.toString(encoding) !== value) astray.push([name, text.toString(encoding), value]);
        compared++;
      }
    }
  }
  return { compared, astray };
}

test("logs of IIS and Exchange", () => {
  const iis = compareSpans(iisReader, madeLog(2_000));
  expect(iis.astray).toEqual([]);
  expect(iis.compared).toBeGreaterThan(10_000);
  const proxy = compareSpans(exchangeReader, madeHttpProxyLog(1_000));
  expect(proxy.astray).toEqual([]);
  expect(proxy.compared).toBeGreaterThan(10_000);
});

test("lines that nobody would write", () => {
  const names = [
    "c-ip",
    "cs-uri-stem",
    "cs-uri-query",
    "cs-username",
    "cs(User-Agent)",
    "sc-status",
  ];
  const cell = fc.constantFrom("-", "a", "a+b", "é", "%e9", '"', '"a"', "0200", "200", "--");
  const line = fc.tuple(...names.map(() => cell)).map((cells) => cells.join(" "));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
      const log = `#Fields: ${names.join(" ")}\r\n${lines.join("\r\n")}\r\n`;
      expect(compareSpans(iisReader, utf8(log), ["cs-uri", "c-uri"]).astray).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

const T0 = known(ticksFromMillis(Date.UTC(2021, 7, 13)), "within time");

test("event logs of any text", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "É", " ", "\0", "\t", "\u2003", "\ud83d"),
    maxLength: 9,
  });
  const value = fc.oneof(text, fc.integer({ min: 0, max: 9 }));
  let compared = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 5 }), (rows) => {
      const events = rows.map(
        ([one, other]): WrittenEvent => ({
          provider: "P",
          eventId: 1,
          level: 4,
          ticks: T0,
          channel: "C",
          computer: "M",
          data: [
            ["One", one],
            ["Other", other],
          ],
        }),
      );
      const made = compareSpans(evtxReader, evtxFile(events));
      expect(made.astray).toEqual([]);
      compared += made.compared;
    }),
    { numRuns: 200 },
  );
  expect(compared).toBeGreaterThan(200);
});

const EVTX = shared("evtx");

test.skipIf(EVTX === null)("real event logs", () => {
  const files = readdirSync(EVTX ?? "", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".evtx"))
    .sort();
  let compared = 0;
  for (const file of files.slice(0, 150)) {
    const real = compareSpans(evtxReader, readFileSync(join(EVTX ?? "", file)));
    expect({ file, astray: real.astray }).toEqual({ file, astray: [] });
    compared += real.compared;
  }
  expect(compared).toBeGreaterThan(5_000);
});
