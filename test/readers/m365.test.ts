/** Exports of Microsoft 365 before the trials: records a line, a list, an answer of Graph in UTF-16, and CSV. */
import { memorySource } from "../../src/base/source.ts";
import { m365Card } from "../../src/engines/formats/m365/card.ts";
import { m365Reader } from "../../src/engines/formats/m365/read.ts";
import { madeAuditCsv, madeAuditLines, madeAuditList, madeSignIns } from "./m365-log.ts";
import { readWhole, runTrials } from "./trials.ts";

const LINE_FEED = 10;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const shared = { reader: m365Reader, card: m365Card };
const opens = (bytes: Uint8Array, offset: number) => bytes[offset] === OPEN_BRACE;

const lines = madeAuditLines(60);
runTrials({
  ...shared,
  name: "m365-lines",
  sample: () => lines,
  startsRecord: opens,
  isWhole: (bytes, cut) =>
    cut === 0 ||
    bytes[cut - 1] === LINE_FEED ||
    (bytes[cut] === LINE_FEED && bytes[cut - 1] === CLOSE_BRACE),
});

runTrials({
  ...shared,
  name: "m365-list",
  sample: () => madeAuditList(60),
  startsRecord: opens,
  isWhole: (bytes, cut) => cut === 0 || (cut === bytes.length && bytes[cut - 1] === CLOSE_BRACKET),
});

runTrials({
  ...shared,
  name: "m365-graph",
  sample: () => madeSignIns(24),
  startsRecord: opens,
  // A byte order mark alone is an empty text; behind the last brace there is only the end of a line.
  isWhole: (bytes, cut) => cut === 0 || cut === 2 || (cut >= bytes.length - 4 && cut % 2 === 0),
});

const csv = madeAuditCsv(40);
const starts = new Set(readWhole(m365Reader, memorySource(csv)).events.map(({ offset }) => offset));
runTrials({
  ...shared,
  name: "m365-csv",
  sample: () => csv,
  startsRecord: (bytes, offset) => bytes[offset - 1] === LINE_FEED,
  isWhole: (_, cut) => cut === 0 || cut === 3 || starts.has(cut),
});
