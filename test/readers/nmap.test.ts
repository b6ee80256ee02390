/** nmap scans before the trials. */
import { nmapCard } from "../../src/engines/formats/nmap/card.ts";
import { nmapReader } from "../../src/engines/formats/nmap/read.ts";
import { madeNmap } from "./nmap-log.ts";
import { runTrials } from "./trials.ts";

runTrials({
  name: "nmap",
  reader: nmapReader,
  card: nmapCard,
  sample: () => madeNmap(5),
  startsRecord: (bytes, offset) => bytes[offset] === 60,
});
