/** Saved response headers before the trials. */
import { httpHeadersCard } from "../../src/engines/formats/http-headers/card.ts";
import { httpHeadersReader } from "../../src/engines/formats/http-headers/read.ts";
import { madeHeaders } from "./http-headers-log.ts";
import { runTrials } from "./trials.ts";

const LINE_FEED = 10;

runTrials({
  name: "http-headers",
  reader: httpHeadersReader,
  card: httpHeadersCard,
  sample: () => madeHeaders(90),
  startsRecord: (bytes, offset) =>
    Buffer.from(bytes.subarray(offset, offset + 5)).toString() === "HTTP/",
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});
