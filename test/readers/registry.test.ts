/** Registry hives before the trials. */
import { registryCard } from "../../src/engines/formats/registry-hive/card.ts";
import { registryReader } from "../../src/engines/formats/registry-hive/read.ts";
import { writeHive } from "../../src/engines/formats/registry-hive/write.ts";
import { madeAmcache, madeSoftware } from "./registry-log.ts";
import { runTrials } from "./trials.ts";

const isKey = (bytes: Uint8Array, offset: number) =>
  bytes[offset + 4] === 0x6e && bytes[offset + 5] === 0x6b;

runTrials({
  name: "registry",
  reader: registryReader,
  card: registryCard,
  sample: () => writeHive(madeSoftware(), "\\SystemRoot\\System32\\Config\\SOFTWARE"),
  startsRecord: isKey,
});

runTrials({
  name: "amcache",
  reader: registryReader,
  card: registryCard,
  sample: () => writeHive(madeAmcache(40), "\\??\\C:\\Windows\\AppCompat\\Programs\\Amcache.hve"),
  startsRecord: isKey,
});
