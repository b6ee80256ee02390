/** Timelines for Timesketch before the trials, as CSV and as JSON lines. */
import { memorySource } from "../../src/base/source.ts";
import { timesketchCard } from "../../src/engines/formats/timesketch/card.ts";
import { timesketchReader } from "../../src/engines/formats/timesketch/read.ts";
import { madeTimesketchCsv, madeTimesketchLines } from "./timesketch-log.ts";
import { readWhole, runTrials } from "./trials.ts";

const LINE_FEED = 10;

runTrials({
  name: "timesketch-lines",
  reader: timesketchReader,
  card: timesketchCard,
  sample: () => madeTimesketchLines(120),
  startsRecord: (bytes, offset) => offset === 0 || bytes[offset - 1] === LINE_FEED,
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});

const csv = madeTimesketchCsv(240);
const starts = new Set(
  readWhole(timesketchReader, memorySource(csv)).events.map(({ offset }) => offset),
);

runTrials({
  name: "timesketch-csv",
  reader: timesketchReader,
  card: timesketchCard,
  sample: () => csv,
  startsRecord: (bytes, offset) => bytes[offset - 1] === LINE_FEED,
  isWhole: (_, cut) => cut === 0 || starts.has(cut),
});
