/** Tables before the trials: CSV, UTF-16, JSON lines, a list in an object. */
import { readFileSync } from "node:fs";
import { utf8 } from "../../src/base/bytes.ts";
import { memorySource } from "../../src/base/source.ts";
import { makeTableCard } from "../../src/engines/formats/table/card.ts";
import { makeTableReader } from "../../src/engines/formats/table/read.ts";
import { parseTables } from "../../src/engines/formats/table/table.ts";
import { madeInventory, madeLines, madeWide, madeWrapped } from "./table-log.ts";
import { readWhole, runTrials } from "./trials.ts";

const tables = parseTables(JSON.parse(readFileSync("knowledge/tables.json", "utf8")));
const reader = makeTableReader(tables);
const card = makeTableCard(tables);
const LINE_FEED = 10;
const OPEN_OBJECT = 0x7b;

function startsIn(bytes: Uint8Array): ReadonlySet<number> {
  return new Set(readWhole(reader, memorySource(bytes)).events.map(({ offset }) => offset));
}

const csv = utf8(`\ufeff${madeInventory(180)}`);
const csvStarts = startsIn(csv);
runTrials({
  name: "table-csv",
  reader,
  card,
  sample: () => csv,
  startsRecord: (bytes, offset) => bytes[offset - 1] === LINE_FEED,
  isWhole: (_, cut) => cut === 0 || csvStarts.has(cut),
});

const wide = madeWide(madeInventory(60, ";"));
const wideStarts = startsIn(wide);
runTrials({
  name: "table-wide",
  reader,
  card,
  sample: () => wide,
  startsRecord: (bytes, offset) => bytes[offset - 2] === LINE_FEED && bytes[offset - 1] === 0,
  isWhole: (_, cut) => cut === 0 || wideStarts.has(cut),
});

runTrials({
  name: "table-lines",
  reader,
  card,
  sample: () => madeLines(40),
  startsRecord: (bytes, offset) => bytes[offset] === OPEN_OBJECT,
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});

runTrials({
  name: "table-wrapped",
  reader,
  card,
  sample: () => madeWrapped(40),
  startsRecord: (bytes, offset) => bytes[offset] === OPEN_OBJECT,
  isWhole: (_, cut) => cut === 0,
});
