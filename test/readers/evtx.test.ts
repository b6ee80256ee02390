/** Windows event logs before the trials. */
import { evtxCard } from "../../src/engines/formats/evtx/card.ts";
import { evtxReader } from "../../src/engines/formats/evtx/read.ts";
import { evtxFile } from "../../src/engines/formats/evtx/write.ts";
import { madeEvents } from "./evtx-log.ts";
import { runTrials } from "./trials.ts";

const SECOND_CHUNK = 4_096 + 65_536;

runTrials({
  name: "evtx",
  reader: evtxReader,
  card: evtxCard,
  // Enough for a first chunk that is full and a few records in a second one.
  sample: () => evtxFile(madeEvents(110, 3)),
  edges: [SECOND_CHUNK + 128, SECOND_CHUNK + 512, SECOND_CHUNK + 4_096, SECOND_CHUNK + 65_535],
  startsRecord: (bytes, offset) => bytes[offset] === 0x2a && bytes[offset + 1] === 0x2a,
});
