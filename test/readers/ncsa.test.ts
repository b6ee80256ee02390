/** Access logs before the trials. */
import { ncsaCard } from "../../src/engines/formats/ncsa/card.ts";
import { ncsaReader } from "../../src/engines/formats/ncsa/read.ts";
import { madeNcsa } from "./ncsa-log.ts";
import { runTrials } from "./trials.ts";

const LINE_FEED = 10;

runTrials({
  name: "ncsa",
  reader: ncsaReader,
  card: ncsaCard,
  sample: () => madeNcsa(140),
  startsRecord: (bytes, offset) => offset === 0 || bytes[offset - 1] === LINE_FEED,
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});
