/** A change journal copied with its sparse start: known, read whole, its offsets those of the file. */
import { expect, test } from "vitest";
import { madeChanges } from "../../../../test/readers/ntfs-log.ts";
import { readWhole } from "../../../../test/readers/trials.ts";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { recogniseContainer } from "../archive/recognise.ts";
import { headOf } from "../format.ts";
import { makeFormats } from "../registry.ts";
import { usnReader } from "./usn-read.ts";
import { writeUsnJournal } from "./write.ts";

const FORMATS = makeFormats([]);
const kindOf = (bytes: Uint8Array) => FORMATS.recognise(headOf(memorySource(bytes)));
const behind = (zeros: number, bytes: Uint8Array) => concatBytes([new Uint8Array(zeros), bytes]);

test.each([65_536, 69_632, 1_003_520, 3_145_728])("a journal behind %i zeros", (zeros) => {
  const [plain, sparse] = [0, zeros].map((size) => writeUsnJournal(madeChanges(40), size));
  if (plain === undefined || sparse === undefined) throw new Error("two journals");
  expect(kindOf(sparse)).toBe("usn");
  const [near, far] = [plain, sparse].map((bytes) => readWhole(usnReader, memorySource(bytes)));
  expect(far?.flaws).toEqual([]);
  expect(far?.events.map(({ offset }) => offset)).toEqual(
    near?.events.map(({ offset }) => offset + sparse.length - plain.length),
  );
});

test("zeros alone are nobody's; what has to start with the file is not found behind zeros", () => {
  expect(kindOf(new Uint8Array(0))).toBe(null);
  expect(kindOf(new Uint8Array(2_000_000))).toBe(null);
  for (const text of ["ElfFile\0", "7z\xbc\xaf\x27\x1c", "\x1f\x8b\x08", "PK\x03\x04", "FILE0"]) {
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    expect(kindOf(behind(131_072, bytes))).toBe(null);
    expect(recogniseContainer(headOf(memorySource(behind(131_072, bytes))))).toBe(null);
  }
  // Text behind zeros is known as it is behind fewer of them.
  const text = utf8("2021-08-14T03:12:07.123Z SDN:Issuing SDN query for a\n");
  expect(kindOf(behind(131_072, text))).toBe(kindOf(behind(4_096, text)));
});
