/** What hostile exports of Microsoft 365 may cost, and that nothing is lost beside a limit. */
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { type Source, memorySource } from "../../../base/source.ts";
import type { Batch } from "../../../model/event.ts";
import { NO_EVIDENCE } from "../../../model/evidence.ts";
import { m365Reader } from "./read.ts";

const place = { evidence: NO_EVIDENCE, member: "", file: "" };
const SETTING = { place, host: null, zone: null, skewMillis: 0 };

function* batchesOf(source: Source): Generator<Batch> {
  for (const piece of m365Reader.read(source, SETTING)) if (piece.kind === "batch") yield piece;
}

test("a report of more controls than a batch has rows keeps each of them", () => {
  const controls = Array.from({ length: 10_000 }, (_, number) => ({
    "Control ID": `MS.EXO.${number}`,
    Criticality: "Shall",
    Result: "Pass",
  }));
  const MetaData = { Tool: "ScubaGear", TimestampZulu: "2021-08-12T09:14:04Z" };
  const source = memorySource(utf8(JSON.stringify({ MetaData, Results: controls })));
  const seen: unknown[] = [];
  for (const batch of batchesOf(source)) {
    expect(batch.ticks.length).toBe(batch.length);
    for (let row = 0; row < batch.length; row++) seen.push(batch.field(row, "ControlID"));
  }
  expect(seen).toEqual(controls.map((control) => control["Control ID"]));
});

test("long names within long names cost no more than they are long", { timeout: 5_000 }, () => {
  const inner = Object.fromEntries(Array.from({ length: 8_000 }, (_, at) => [`a${at}`, at]));
  const record = { CreationTime: "2021-08-12T09:14:04", Operation: "X", Workload: "Exchange" };
  const text = JSON.stringify({ ...record, ["n".repeat(200_000)]: inner });
  const [batch] = batchesOf(memorySource(utf8(text)));
  const names = batch?.names(0) ?? [];
  expect(names).toContain("Operation");
  expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(512);
});

test("what stands beside the record counts towards what is held", () => {
  const cell = "e".repeat(100_000);
  const rows = Array.from({ length: 100 }, (_, row) => `${row},2021-08-12,X,"{}",${cell}\n`);
  const text = `RecordId,CreationDate,Operation,AuditData,Extra\n${rows.join("")}`;
  const lengths = [...batchesOf(memorySource(utf8(text)))].map(({ length }) => length);
  expect(lengths.reduce((sum, length) => sum + length)).toBe(100);
  expect(Math.max(...lengths)).toBeLessThan(20);
});
