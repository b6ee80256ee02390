import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { ticksFromMillis } from "../../base/time.ts";
import type { Evidence } from "../../model/evidence.ts";
import { type Source, memorySource } from "../../base/source.ts";
import { evidenceHash } from "../evidence-hash.ts";
import { makeFormats } from "../../engines/formats/index.ts";
import { type Cutting, tasksOf } from "./tasks.ts";
import type { Unit } from "./units.ts";

const LINE = "2021-08-13 04:12:07 GET /owa/ 198.51.100.7 200\r\n";
const LOG = Buffer.from(
  `#Fields: date time cs-method cs-uri-stem c-ip sc-status\r\n${LINE.repeat(1_600_000)}`,
);
const HASH = evidenceHash("a".repeat(64));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-tasks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The tasks of one log of this length, and how many of its bytes were read to cut it. */
async function cut(sizeBytes: number, shelf: string) {
  let readBytes = 0;
  const plain = memorySource(LOG.subarray(0, sizeBytes));
  const source: Source = {
    byteLength: sizeBytes,
    read(start, end) {
      readBytes += end - start;
      return plain.read(start, end);
    },
  };
  const place = { evidence: HASH, member: "", file: "u_ex210813.log" };
  const evidence: Evidence = {
    hash: HASH,
    file: place.file,
    sizeBytes,
    holding: { kind: "log", segments: [] },
    takenAt: known(ticksFromMillis(0), "1970 is a time"),
    by: "Ann",
    modifiedAt: null,
  };
  const unit: Unit = {
    bytes: { kind: "log", hash: HASH, sizeBytes },
    format: "iis",
    setting: { place, host: null, zone: null, skewMillis: 0 },
    sizeBytes,
    account: {
      evidence,
      member: "",
      intake: "read",
      format: "iis",
      events: 0,
      flaws: 0,
      assumptions: [],
    },
  };
  const cutting: Cutting = {
    formats: makeFormats([]),
    terms: { program: "test", knowledge: "", rules: "", from: null, to: null },
    shelf: {
      folder: join(folder, shelf),
      mac: (hash) => createHash("sha256").update(hash).digest("hex"),
    },
    open: () => ({ ...source, close: () => undefined }),
    used: () => undefined,
    breathe: async () => undefined,
  };
  const keys: string[] = [];
  for await (const { task } of tasksOf([unit], cutting)) keys.push(task.key);
  return { keys, readBytes };
}

test("a log that has grown is cut as from its start, and only what came since is counted", async () => {
  const [short, long] = [40 << 20, 70 << 20].map((size) => LOG.lastIndexOf("\n", size) + 1);
  await cut(short ?? 0, "kept");
  const grown = await cut(long ?? 0, "kept");
  const whole = await cut(long ?? 0, "fresh");
  expect(whole.keys).toHaveLength(3);
  expect(grown.keys).toEqual(whole.keys);
  // What a run over an earlier length reads is what it read then.
  expect((await cut(short ?? 0, "kept")).keys).toEqual((await cut(short ?? 0, "other")).keys);
  const again = await cut(long ?? 0, "fresh");
  expect(again.keys).toEqual(whole.keys);
  expect(again.readBytes).toBeLessThan(whole.readBytes * 0.6);
});
