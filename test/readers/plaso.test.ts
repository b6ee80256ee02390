/** Plaso timelines before the trials. */
import { plasoCard } from "../../src/engines/formats/plaso/card.ts";
import { plasoReader } from "../../src/engines/formats/plaso/read.ts";
import { madePlaso } from "./plaso-log.ts";
import { runTrials } from "./trials.ts";

const LINE_FEED = 10;
const BRACE = 123;

runTrials({
  name: "plaso",
  reader: plasoReader,
  card: plasoCard,
  sample: () => madePlaso(30),
  startsRecord: (bytes, offset) =>
    bytes[offset] === BRACE && (offset === 0 || bytes[offset - 1] === LINE_FEED),
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});
