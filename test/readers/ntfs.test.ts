/** $MFT and $UsnJrnl before the trials. */
import { mftCard, usnCard } from "../../src/engines/formats/ntfs/card.ts";
import { mftReader } from "../../src/engines/formats/ntfs/mft-read.ts";
import { usnReader } from "../../src/engines/formats/ntfs/usn-read.ts";
import { writeMft, writeUsnJournal } from "../../src/engines/formats/ntfs/write.ts";
import { memorySource } from "../../src/base/source.ts";
import { madeChanges, madeFiles } from "./ntfs-log.ts";
import { readWhole, runTrials } from "./trials.ts";

const RECORD = 1_024;
const FOUR_KIB = 4_096;

runTrials({
  name: "mft",
  reader: mftReader,
  card: mftCard,
  sample: () => writeMft(madeFiles(60)),
  startsRecord: (bytes, offset) => offset % RECORD === 0 && bytes[offset] === 0x46,
  isWhole: (_, cut) =>
    cut % RECORD === 0 ||
    (cut > RECORD && cut < 5 * RECORD) ||
    (cut > 6 * RECORD && cut < 24 * RECORD),
});

runTrials({
  name: "mft-4096",
  reader: mftReader,
  card: mftCard,
  sample: () =>
    writeMft(
      madeFiles(40, 2).filter((file, entry) => file !== null || entry < 24),
      FOUR_KIB,
    ),
  startsRecord: (bytes, offset) => offset % FOUR_KIB === 0 && bytes[offset] === 0x46,
  isWhole: (bytes, cut) => cut % FOUR_KIB === 0 || bytes[cut - (cut % FOUR_KIB)] === 0,
  edges: [24, 25, 26, 30].map((entry) => entry * FOUR_KIB),
});

const journal = writeUsnJournal(madeChanges(300), 8_192);
const starts = new Set(
  readWhole(usnReader, memorySource(journal)).events.map(({ offset }) => offset),
);

runTrials({
  name: "usn",
  reader: usnReader,
  card: usnCard,
  sample: () => journal,
  startsRecord: (bytes, offset) => offset % 8 === 0 && bytes[offset] !== 0,
  // Records end where the next one begins, or where the zeros at the end of a page do.
  isWhole: (bytes, cut) => cut <= 8_192 || starts.has(cut) || isInPadding(bytes, cut),
});

function isInPadding(bytes: Uint8Array, cut: number): boolean {
  const last = [...starts].filter((start) => start < cut).at(-1) ?? 0;
  return cut >= last + (bytes[last] ?? 0) + 256 * (bytes[last + 1] ?? 0);
}
