/** Syslog before the trials, in lines and behind counts. */
import { memorySource } from "../../src/base/source.ts";
import { syslogCard } from "../../src/engines/formats/syslog/card.ts";
import { syslogReader } from "../../src/engines/formats/syslog/read.ts";
import { madeCountedSyslog, madeSyslog } from "./syslog-log.ts";
import { readWhole, runTrials } from "./trials.ts";

const LINE_FEED = 10;

runTrials({
  name: "syslog",
  reader: syslogReader,
  card: syslogCard,
  sample: () => madeSyslog(120),
  startsRecord: (bytes, offset) => offset === 0 || bytes[offset - 1] === LINE_FEED,
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});

const counted = madeCountedSyslog(100);
const ends = new Set(
  readWhole(syslogReader, memorySource(counted)).events.map(({ offset }) => offset),
);

runTrials({
  name: "syslog-counted",
  reader: syslogReader,
  card: syslogCard,
  sample: () => counted,
  startsRecord: (bytes, offset) =>
    /^\d+ </.test(Buffer.from(bytes.subarray(offset, offset + 8)).toString()),
  isWhole: (_, cut) => ends.has(cut),
});
