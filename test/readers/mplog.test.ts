/** Defender's protection log before the trials, in UTF-8 and in UTF-16LE. */
import { mplogCard } from "../../src/engines/formats/mplog/card.ts";
import { mplogReader } from "../../src/engines/formats/mplog/read.ts";
import { madeMplog, madeWideMplog } from "./mplog-log.ts";
import { runTrials } from "./trials.ts";

const LINE_FEED = 10;

/** Whether a cut falls behind a line, and not into a block: a block's lines have no time, and its end is known. */
function isBehindRecord(text: string): boolean {
  if (text === "") return true;
  if (!text.endsWith("\n")) return false;
  const lines = text.split(/\r?\n/).map((line) => line.replaceAll("*", ""));
  const last = (words: readonly string[]) => lines.findLastIndex((line) => words.includes(line));
  const begun = last(["Begin Resource Scan", "Beginning threat actions", "RTP Perf Log"]);
  return begun <= last(["End Scan", "Finished threat actions", "END RTP Perf Log"]);
}

runTrials({
  name: "mplog",
  reader: mplogReader,
  card: mplogCard,
  sample: () => madeMplog(60),
  startsRecord: (bytes, offset) => offset === 0 || bytes[offset - 1] === LINE_FEED,
  isWhole: (bytes, cut) => isBehindRecord(Buffer.from(bytes.subarray(0, cut)).toString()),
});

runTrials({
  name: "mplog-wide",
  reader: mplogReader,
  card: mplogCard,
  sample: () => madeWideMplog(45),
  startsRecord: (bytes, offset) => offset === 2 || bytes[offset - 2] === LINE_FEED,
  isWhole: (bytes, cut) =>
    cut === 0 ||
    (cut % 2 === 0 && isBehindRecord(Buffer.from(bytes.subarray(2, cut)).toString("utf16le"))),
});
