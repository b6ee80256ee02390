/** ClamAV's logs before the trials. */
import { clamavCard } from "../../src/engines/formats/clamav/card.ts";
import { clamavReader } from "../../src/engines/formats/clamav/read.ts";
import { madeClamav } from "./clamav-log.ts";
import { runTrials } from "./trials.ts";

const LINE_FEED = 10;

runTrials({
  name: "clamav",
  reader: clamavReader,
  card: clamavCard,
  sample: () => madeClamav(110),
  startsRecord: (bytes, offset) => offset === 0 || bytes[offset - 1] === LINE_FEED,
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});
