/** Real tables of others, counted record by record, with every flaw explained. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { UNDATED } from "../../src/base/time.ts";
import { makeTableCard } from "../../src/engines/formats/table/card.ts";
import { makeTableReader } from "../../src/engines/formats/table/read.ts";
import { parseTables } from "../../src/engines/formats/table/table.ts";
import { shared } from "../shared.ts";
import { readWhole } from "./trials.ts";

const tables = parseTables(JSON.parse(readFileSync("knowledge/tables.json", "utf8")));
const card = makeTableCard(tables);
const plan = shared("m365", "scubagear", "ActionPlan.csv");
const results = shared("m365", "scubagear", "ScubaResults_sample.json");

test.skipIf(plan === null)("ScubaGear's action plan: 14 controls, all undated, no flaw", () => {
  const bytes = readFileSync(plan ?? "");
  expect(card.recognises(bytes.subarray(0, 65_536))).toBe(true);
  const { events, flaws } = readWhole(makeTableReader(tables), memorySource(bytes));
  expect(flaws).toEqual([]);
  expect(events).toHaveLength(14);
  expect(
    events.every(({ ticks, channel }) => ticks === UNDATED && channel === "Configuration"),
  ).toBe(true);
  expect(events.map(({ fields }) => fields["ControlID"])).toEqual(
    events.map(() => expect.stringMatching(/^MS\.[A-Z]+\.\d+\.\d+v\d+$/)),
  );
  expect(new Set(events.map(({ fields }) => fields["Result"]))).toEqual(new Set(["Fail"]));
  // Each record starts where its quoted first cell does.
  expect(events.every(({ offset }) => bytes[offset] === '"'.charCodeAt(0))).toBe(true);
});

test.skipIf(results === null)("ScubaGear's results are no table, and are left to others", () => {
  expect(card.recognises(readFileSync(results ?? "").subarray(0, 65_536))).toBe(false);
});
