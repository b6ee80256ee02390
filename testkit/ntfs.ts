/** Cases for $MFT and $UsnJrnl: one behaviour each. Written by our own writer, then spoiled byte by byte. */
import { Buffer } from "node:buffer";
import { parseTime } from "../src/base/time.ts";
import type { Ticks } from "../src/base/time.ts";
import { type WrittenChange, type WrittenFile, writeMft, writeUsnJournal } from "../src/engines/formats/ntfs/write.ts";
import type { TestCase } from "./case.ts";

const RECORD = 1_024;

function at(time: string): Ticks {
  const read = parseTime(`2021-08-12T${time}Z`);
  if (read === null) throw new Error(`no time: ${time}`);
  return read.ticks;
}

function file(name: string, parent: number, more: Partial<WrittenFile> = {}): WrittenFile {
  const ticks = at("09:14:04.1234567");
  return { name, parent, parentSequence: parent === 5 ? 5 : 1, ticks: [ticks, ticks, ticks, ticks], ...more };
}

/** $MFT with NTFS's own records 0 to 5, then these. */
function mft(...files: readonly (WrittenFile | null)[]): Buffer {
  const root = file(".", 5, { sequence: 5, isDirectory: true });
  return Buffer.from(writeMft([file("$MFT", 5), null, null, null, null, root, ...files]));
}

const OWN = [{ record: "0", fields: { Path: "\\$MFT" } }, { record: "5", fields: { Path: "\\" } }];
const FOLDER = file("inetpub", 5, { isDirectory: true });

function change(name: string, more: Partial<WrittenChange> = {}): WrittenChange {
  return { version: 2, entry: 40, sequence: 3, parent: 6, parentSequence: 1, ticks: at("09:14:04.1234567"), reason: 0x100, name, ...more };
}

const CHANGES = [change("a.aspx"), change("a.aspx", { reason: 0x8000_0102 }), change("b.aspx", { version: 3 }), change("", { version: 4, extents: [[0n, 512n]] })];
const FIRST_SIZE = writeUsnJournal(CHANGES.slice(0, 1)).length;

export const NTFS_CASES: readonly TestCase[] = [
  {
    name: "mft/plain",
    why: "a file in a folder: path by references, dated by the creation of its name",
    format: "mft",
    events: [
      ...OWN,
      { time: "2021-08-12T09:14:04.1234567Z", fields: { Path: "\\inetpub", IsDirectory: true } },
      {
        time: "2021-08-12T09:14:04.1234567Z",
        channel: "$MFT",
        fields: { Path: "\\inetpub\\shell.aspx", FileSize: 3, Resident: true, InUse: true, EarlierCreation: null },
      },
    ],
    body: mft(FOLDER, file("shell.aspx", 6, { resident: new Uint8Array(3) })),
  },
  {
    name: "mft/set-back",
    why: "a creation time that was set back: the name's own time dates the row, and which is earlier is told",
    format: "mft",
    events: [
      ...OWN,
      {
        time: "2021-08-12T09:14:04.1234567Z",
        fields: { Created0x10: "2021-08-12T01:00:00.0000000Z", Created0x30: "2021-08-12T09:14:04.1234567Z", EarlierCreation: "0x10" },
      },
    ],
    body: mft(file("a.aspx", 5, { ticks: [at("01:00:00"), at("01:00:00"), at("09:15:00"), at("09:15:00")], nameTicks: at("09:14:04.1234567") })),
  },
  {
    name: "mft/deleted",
    why: "a deleted file in a deleted folder, whose record counts one further, keeps its path; in a used one it is an orphan",
    format: "mft",
    events: [
      ...OWN,
      { fields: { Path: "\\gone", InUse: false } },
      { fields: { Path: "\\gone\\a.zip", InUse: false, Orphan: null } },
      { fields: { Path: "?\\b.zip", Orphan: "record 6 was used again" } },
    ],
    body: mft(
      file("gone", 5, { isDirectory: true, isDeleted: true, sequence: 2 }),
      file("a.zip", 6, { isDeleted: true }),
      file("b.zip", 6, { isDeleted: true, parentSequence: 9 }),
    ),
  },
  {
    name: "mft/circle",
    why: "folders that lie in each other have no path; reading ends",
    format: "mft",
    events: [...OWN, { fields: { Orphan: "folders without end" } }, { fields: { Orphan: "folders without end" } }],
    body: mft(file("a", 7, { isDirectory: true }), file("b", 6, { isDirectory: true })),
  },
  {
    name: "mft/torn",
    why: "a record whose sectors do not belong together is one flaw and no row",
    format: "mft",
    events: [...OWN, { fields: { Path: "\\inetpub" } }],
    flaws: [`${7 * RECORD} fix-up`],
    body: (() => {
      const bytes = mft(FOLDER, file("a.aspx", 6));
      bytes.writeUInt16LE(0xbeef, 8 * RECORD - 2);
      return bytes;
    })(),
  },
  {
    name: "mft/streams",
    why: "alternate streams are named, a short name stands beside the long one",
    format: "mft",
    events: [...OWN, { fields: { FileName: "report final.zip", AlternateStreams: ["Zone.Identifier"], OtherNames: ["\\REPORT~1.ZIP"] } }],
    body: mft(file("report final.zip", 5, { streams: ["Zone.Identifier"], shortName: "REPORT~1.ZIP", sizeBytes: 12 })),
  },
  {
    name: "usn/plain",
    why: "records of versions 2, 3 and 4; the last has neither time nor name",
    format: "usn",
    events: [
      { time: "2021-08-12T09:14:04.1234567Z", record: "0", channel: "$UsnJrnl", fields: { FileName: "a.aspx", Reason: ["FILE_CREATE"], EntryNumber: 40, ParentEntryNumber: 6 } },
      { fields: { Reason: ["DATA_EXTEND", "FILE_CREATE", "CLOSE"] } },
      { fields: { FileName: "b.aspx", EntryNumber: 40, SequenceNumber: 3 } },
      { time: null, fields: { FileName: null, Extents: ["0+512"] } },
    ],
    body: writeUsnJournal(CHANGES),
  },
  {
    name: "usn/sparse",
    why: "a start that was given back is zeros, and no flaw",
    format: "usn",
    events: [{ record: "8192" }, {}, {}, {}],
    body: writeUsnJournal(CHANGES, 8_192),
  },
  {
    name: "usn/cut-start",
    why: "a copy that begins within a record: its rest is one flaw, the others are read",
    format: "usn",
    events: 3,
    flaws: ["0 USN record"],
    body: writeUsnJournal(CHANGES).subarray(8),
  },
  {
    name: "usn/damaged",
    why: "a record without a size costs itself",
    format: "usn",
    events: [{ fields: { Reason: ["FILE_CREATE"] } }, { fields: { FileName: "b.aspx" } }, {}, {}, {}, {}, {}],
    flaws: [`${FIRST_SIZE} USN record`],
    body: (() => {
      const bytes = Buffer.from(writeUsnJournal([...CHANGES, ...CHANGES]));
      bytes.writeUInt32LE(3, FIRST_SIZE);
      return bytes;
    })(),
  },
];
