/**
 * Abuse cases 7 and 10: ten million lines, one line of 1 GB, a million columns. Memory stays flat: the readers see a source
 * that is made as it is read, and the command line a file with a hole. BENCH=full puts the ten million through a whole
 * investigation; without, a fiftieth of them.
 */
import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { type Source, memorySource } from "../../src/base/source.ts";
import { type Reader, makeFormats } from "../../src/engines/formats/index.ts";
import { COLUMNS_MAX as IIS_COLUMNS_MAX } from "../../src/engines/formats/iis/layout.ts";
import { COLUMNS_MAX } from "../../src/engines/formats/csv/grammar.ts";
import type { Flaw } from "../../src/model/flaw.ts";
import { inFolder } from "../scenario/investigation.ts";
import { SETTING, growthOf, investigateBeside, text } from "./hostile-case.ts";

const LINES = 10_000_000;
const LINES_SMALL = 200_000;
const GIGABYTE = 2 ** 30;
/** What a reading may hold: windows, batches, and what the collector has not come to yet. */
const GROWTH_BYTES_MAX = 192 << 20;

const HEAD = text("#Fields: date time cs-uri-stem sc-status\n");
const LINE = text("2021-08-13 04:12:07 /owa/ 200\n");

/** `head`, then `count` times `part`, then `tail`; made as it is read, in a buffer that is used again. */
function repeating(head: Uint8Array, part: Uint8Array, count: number, tail: Uint8Array): Source {
  const tile = Buffer.alloc(part.length * Math.ceil((4 << 20) / part.length), part);
  const tailAt = head.length + part.length * count;
  let out = Buffer.alloc(0);
  return {
    byteLength: tailAt + tail.length,
    read(start, end) {
      if (out.length < end - start) out = Buffer.alloc(end - start);
      let done = 0;
      const put = (bytes: Uint8Array, from: number, to: number) => {
        out.set(bytes.subarray(from, to), done);
        done += to - from;
      };
      if (start < head.length) put(head, start, Math.min(end, head.length));
      while (start + done < Math.min(end, tailAt)) {
        const within = (start + done - head.length) % part.length;
        put(tile, within, Math.min(tile.length, within + Math.min(end, tailAt) - start - done));
      }
      if (start + done < end) put(tail, start + done - tailAt, end - tailAt);
      return out.subarray(0, end - start);
    },
  };
}

interface Count {
  rows: number;
  flaws: readonly Flaw[];
}

function countOf(reader: Reader, source: Source, look = () => {}): Count {
  const count: { rows: number; flaws: Flaw[] } = { rows: 0, flaws: [] };
  for (const piece of reader.read(source, SETTING)) {
    look();
    if (piece.kind === "flaw") count.flaws.push(piece);
    else count.rows += piece.length;
  }
  return count;
}

test("the source that is made as it is read is what it says", () => {
  const source = repeating(text("head"), text("abc"), 5_000_000, text("tail"));
  expect(source.byteLength).toBe(15_000_008);
  const at = (start: number, end: number) => Buffer.from(source.read(start, end)).toString();
  expect(at(0, 10)).toBe("headabcabc");
  expect(at(15_000_001, 15_000_008)).toBe("abctail");
  expect(at(5, 4_200_008).replaceAll("abc", "")).toBe("bca");
});

test("abuse 7: ten million lines in one file, in flat memory", { timeout: 120_000 }, async () => {
  const source = repeating(HEAD, LINE, LINES, text("2021-08-13 04:12:08 /last/ 200\n"));
  const reader = await makeFormats([]).load("iis");
  let count: Count = { rows: 0, flaws: [] };
  const growth = growthOf((look) => {
    count = countOf(reader, source, look);
  });
  expect(count).toEqual({ rows: LINES + 1, flaws: [] });
  expect(growth).toBeLessThan(GROWTH_BYTES_MAX);
});

test("abuse 7: very many lines through a whole investigation", { timeout: 900_000 }, async () => {
  const lines = process.env["BENCH"] === "full" ? LINES : LINES_SMALL;
  const write = (path: string) => {
    const file = openSync(path, "w");
    writeSync(file, HEAD);
    const block = Buffer.alloc(LINE.length * 100_000, LINE);
    for (let left = lines; left > 0; left -= 100_000) writeSync(file, block);
    closeSync(file);
  };
  await investigateBeside({ "many.log": write }, ({ accounts, flaws, dossier }) => {
    expect(accounts).toEqual([`many.log | read | iis | ${lines}`]);
    expect(flaws).toEqual([]);
    expect(dossier.records.length).toBeLessThan(100);
  });
});

const JSON_LINE = JSON.stringify({
  Event: {
    System: { EventID: 4624, Channel: "Security", TimeCreated: "2021-08-13T04:12:07Z" },
    EventData: { TargetUserName: "ann" },
  },
});

test.each([
  ["iis", Buffer.concat([HEAD, LINE]), LINE],
  ["windows-json", text(`${JSON_LINE}\n`), text(`${JSON_LINE}\n`)],
  ["syslog", text("<34>Oct 11 22:14:15 mx su: one\n"), text("<34>Oct 11 22:14:16 mx su: two\n")],
] as const)(
  "abuse 7: one line of 1 GB among sound ones (%s)",
  { timeout: 120_000 },
  async (id, head, tail) => {
    const reader = await makeFormats([]).load(id);
    const source = repeating(head, text("A"), GIGABYTE, Buffer.concat([text("\n"), tail]));
    let count: Count = { rows: 0, flaws: [] };
    const growth = growthOf((look) => {
      count = countOf(reader, source, look);
    });
    expect(count.rows).toBe(2);
    expect(count.flaws).toHaveLength(1);
    expect(count.flaws[0]).toMatchObject({ offset: head.length });
    expect(count.flaws[0]?.what).toContain("longer than the limit");
    expect(growth).toBeLessThan(GROWTH_BYTES_MAX);
  },
);

test("abuse 7: a line of 1 GB through the command line", { timeout: 300_000 }, async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "hole.json");
    writeFileSync(path, `${JSON_LINE}\n`);
    const file = openSync(path, "r+");
    ftruncateSync(file, GIGABYTE);
    writeSync(file, `\n${JSON_LINE}\n`, GIGABYTE);
    closeSync(file);
    expect(statSync(path).size).toBeGreaterThan(GIGABYTE);
    const { stdout, status } = spawnSync(resolve("bin/breakwater"), ["events", path], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: folder, NODE_OPTIONS: "--max-old-space-size=64" },
    });
    expect(status).toBe(0);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    const records = lines.filter((line) => "record" in line).map(({ record }) => record);
    expect(records).toEqual([1, 3]);
    const flaws = lines.filter((line) => "flaw" in line);
    expect(flaws).toMatchObject([{ flaw: { what: "line longer than the limit" } }]);
  });
});

const COLUMNS = 1_000_000;

test("abuse 10: a CSV with a million columns, in its header or in one record", async () => {
  const names = ["message", "timestamp_desc", "datetime"];
  const row = "seen,Logged,2021-08-13T04:12:07Z";
  const hostile = {
    "header.csv": text(`${names.join(",")}${",x".repeat(COLUMNS)}\n${row}\n`),
    "wide.csv": text(`${names.join(",")}${",x".repeat(5000)}\n${row}${",y".repeat(5000)}\n`),
    "record.csv": text(`${names.join(",")}\n${row}\n${row}${",".repeat(900_000)}\n${row}\n`),
    "long-record.csv": text(`${names.join(",")}\n${row}\n${",x".repeat(COLUMNS)}\n${row}\n`),
    "quoted.csv": text(`${names.join(",")}\n${row}\n${'"",'.repeat(300_000)}\n${row}\n`),
  };
  await investigateBeside(hostile, ({ accounts, flaws }) => {
    expect(accounts).toContain("record.csv | read | timesketch | 2");
    expect(accounts).toContain("long-record.csv | read | timesketch | 2");
    expect(accounts).toContain("quoted.csv | read | timesketch | 2");
    expect(flaws).toContain(`record.csv | columns | more than ${COLUMNS_MAX}`);
    expect(flaws).toContain(`quoted.csv | columns | more than ${COLUMNS_MAX}`);
    expect(flaws.filter((flaw) => flaw.startsWith("long-record.csv"))).toHaveLength(1);
    for (const name of ["header", "wide"])
      expect(accounts).toContain(`${name}.csv | read | timesketch | 0`);
    expect(flaws).toContain("wide.csv | columns | more; no record is read");
    const header = flaws.filter((flaw) => flaw.startsWith("header.csv"));
    expect(header).toHaveLength(1);
    expect(header[0]).toContain("line longer than the limit");
  });
});

test("abuse 10: a log whose #Fields names a million columns", async () => {
  const fields = `#Fields: ${"x ".repeat(30_000)}\n`;
  const longer = `#Fields: ${"x ".repeat(COLUMNS)}\n`;
  const reader = await makeFormats([]).load("iis");
  for (const directive of [fields, longer]) {
    const source = memorySource(Buffer.concat([text(directive), LINE, HEAD, LINE]));
    const { rows, flaws } = countOf(reader, source);
    expect(rows).toBe(1);
    expect(flaws.length).toBeGreaterThan(0);
  }
  expect(IIS_COLUMNS_MAX).toBeLessThan(1000);
});
