/** IIS logs before the trials. */
import { concatBytes, utf8 } from "../../src/base/bytes.ts";
import { iisHeader } from "../../src/engines/formats/iis/write.ts";
import { iisCard } from "../../src/engines/formats/iis/card.ts";
import { iisReader } from "../../src/engines/formats/iis/read.ts";
import { madeLog } from "./iis-log.ts";
import { runTrials } from "./trials.ts";

const LINE_FEED = 10;
const HASH = 35;

runTrials({
  name: "iis",
  reader: iisReader,
  card: iisCard,
  // Two sittings of the server with different columns in one file.
  sample: () =>
    concatBytes([
      madeLog(90),
      utf8(
        iisHeader(
          ["date", "time", "s-sitename", "s-computername", "cs-uri-stem", "sc-status"],
          "2021-08-13 00:10:00",
        ),
      ),
      utf8(
        "2021-08-13 00:10:01 W3SVC2 MAIL1 /owa/ 200\r\n2021-08-13 00:10:01 W3SVC2 MAIL1 /ews/ -\r\n",
      ),
    ]),
  startsRecord: (bytes, offset) => bytes[offset - 1] === LINE_FEED && bytes[offset] !== HASH,
  isWhole: (bytes, cut) => cut === 0 || bytes[cut - 1] === LINE_FEED,
});
