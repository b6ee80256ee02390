/** Cases for Windows event logs: one behaviour each. Written by our own writer, then spoiled byte by byte. */
import { crc32 } from "node:zlib";
import { concatBytes } from "../src/base/bytes.ts";
import { parseTime } from "../src/base/time.ts";
import {
  CHUNK_BYTES,
  CHUNK_FLAGS,
  CHUNK_FREE_OFFSET,
  CHUNK_HEADER_CHECKSUM,
  CHUNK_NAME_TABLE,
  CHUNK_RECORDS,
  CHUNK_RECORDS_CHECKSUM,
  FILE_CHECKSUM,
  FILE_CHUNK_COUNT,
  FILE_FLAGS,
  FILE_HEADER_BYTES,
  FILE_LAST_CHUNK,
  FLAG_DIRTY,
  RECORD_SIZE,
} from "../src/engines/formats/evtx/layout.ts";
import { evtxFile, type WrittenEvent } from "../src/engines/formats/evtx/write.ts";
import type { TestCase } from "./case.ts";

const PROGRAM = { ProcessName: "C:\\Windows\\System32\\whoami.exe", CommandLine: "whoami /all" };

/** Somebody starts a program on the mail server. */
function started(recordId: bigint, time: string, more: Partial<WrittenEvent> = {}): WrittenEvent {
  const read = parseTime(`2021-08-12T${time}Z`);
  if (read === null) throw new Error(`no time: ${time}`);
  return {
    ticks: read.ticks,
    recordId,
    provider: "Microsoft-Windows-Security-Auditing",
    eventId: 4688,
    level: 0,
    channel: "Security",
    computer: "MX1.clinic.example",
    data: Object.entries(PROGRAM),
    ...more,
  };
}

const THREE = [
  started(1n, "09:14:03.6500000"),
  started(2n, "09:14:04.0000000"),
  started(3n, "09:14:05.0000000"),
];
const LATER = [started(4n, "09:20:00.0000000")];

/** What a cleared Security log begins with. */
const CLEARED = started(1n, "09:40:00.0000000", {
  provider: "Microsoft-Windows-Eventlog",
  eventId: 1102,
  level: 4,
  userData: {
    element: "LogFileCleared",
    namespace: "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
    values: [["SubjectUserName", "admin"]],
  },
});

/** A closed log with these events in each of its chunks. */
function logOf(...chunks: readonly (readonly WrittenEvent[])[]): Buffer {
  const files = chunks.map((events) => evtxFile(events));
  const head = Buffer.from(evtxFile(chunks.flat()).subarray(0, FILE_HEADER_BYTES));
  head.writeBigUInt64LE(BigInt(chunks.length - 1), FILE_LAST_CHUNK);
  head.writeUInt16LE(chunks.length, FILE_CHUNK_COUNT);
  head.writeUInt32LE(crc32(head.subarray(0, FILE_FLAGS)), FILE_CHECKSUM);
  return Buffer.from(concatBytes([head, ...files.map((file) => file.subarray(FILE_HEADER_BYTES))]));
}

/** First byte of the chunk at `index`. */
const chunkAt = (index: number) => FILE_HEADER_BYTES + index * CHUNK_BYTES;

/** First byte of a record of the first chunk, counted from 0. */
function recordAt(log: Buffer, index: number): number {
  let at = chunkAt(0) + CHUNK_RECORDS;
  for (let passed = 0; passed < index; passed++) at += log.readUInt32LE(at + RECORD_SIZE);
  return at;
}

/** A log after `spoil` changed it. */
function spoiled(log: Buffer, spoil: (log: Buffer) => void): Buffer {
  spoil(log);
  return log;
}

/** Puts right the checksums of a chunk: what was changed in it is then told by nothing else. */
function seal(log: Buffer, index: number): void {
  const chunk = log.subarray(chunkAt(index), chunkAt(index + 1));
  const records = chunk.subarray(CHUNK_RECORDS, chunk.readUInt32LE(CHUNK_FREE_OFFSET));
  chunk.writeUInt32LE(crc32(records), CHUNK_RECORDS_CHECKSUM);
  const tables = chunk.subarray(CHUNK_NAME_TABLE, CHUNK_RECORDS);
  chunk.writeUInt32LE(crc32(tables, crc32(chunk.subarray(0, CHUNK_FLAGS))), CHUNK_HEADER_CHECKSUM);
}

/** Writes over the first place behind `from` where `old` stands as UTF-16; of the same length. */
function overwrite(log: Buffer, from: number, old: string, text: string): void {
  const at = log.indexOf(Buffer.from(old, "utf16le"), from);
  if (at < 0 || old.length !== text.length) throw new Error(`cannot overwrite ${old}`);
  log.write(text, at, "utf16le");
}

export const EVTX_CASES: readonly TestCase[] = [
  {
    name: "evtx/plain",
    why: "a closed log as Windows writes it",
    format: "evtx",
    file: "Security.evtx",
    events: [
      {
        time: "2021-08-12T09:14:03.6500000Z",
        record: "1",
        host: "MX1.clinic.example",
        channel: "Security",
        eventId: 4688,
        fields: {
          Provider_Name: "Microsoft-Windows-Security-Auditing",
          Level: 0,
          CommandLine: "whoami /all",
          Execution_ProcessID: null,
        },
      },
      { record: "2" },
      { record: "3" },
    ],
    body: logOf(THREE),
  },
  {
    name: "evtx/cut",
    why: "a copy that stopped in the middle of a record: the whole ones before it are read",
    format: "evtx",
    events: [{ record: "1" }, { record: "2", fields: { CommandLine: "whoami /all" } }],
    flaws: [`${chunkAt(0)} chunk`, `${recordAt(logOf(THREE), 2)} record`],
    body: logOf(THREE).subarray(0, recordAt(logOf(THREE), 2) + 40),
  },
  {
    name: "evtx/record-without-size",
    why: "a record that says it has no bytes costs itself: reading goes on behind it",
    format: "evtx",
    events: [{ record: "1" }, { record: "3", fields: { CommandLine: "whoami /all" } }],
    flaws: [`${recordAt(logOf(THREE), 1)} record`],
    body: spoiled(logOf(THREE), (log) => {
      log.writeUInt32LE(0, recordAt(log, 1) + RECORD_SIZE);
      seal(log, 0);
    }),
  },
  {
    name: "evtx/chunk-magic",
    why: "a chunk without its magic is one flaw and no event; the next chunk is read",
    format: "evtx",
    events: [{ record: "4" }],
    flaws: [`${chunkAt(0)} chunk magic`],
    body: spoiled(logOf(THREE, LATER), (log) => {
      log.write("deadbeef", chunkAt(0), "latin1");
    }),
  },
  {
    name: "evtx/records-checksum",
    why: "somebody changed a command line in place: the checksum tells, the record is read as it stands",
    format: "evtx",
    events: [
      { record: "1", fields: { CommandLine: "whoami /all" } },
      { record: "2", fields: { CommandLine: "whoami /upn" } },
      { record: "3", fields: { CommandLine: "whoami /all" } },
    ],
    flaws: [`${chunkAt(0) + CHUNK_RECORDS_CHECKSUM} records checksum`],
    body: spoiled(logOf(THREE), (log) => {
      overwrite(log, recordAt(log, 1), "/all", "/upn");
    }),
  },
  {
    name: "evtx/chunk-header-checksum",
    why: "a wrong checksum of the chunk's header is a flaw, and its records are read",
    format: "evtx",
    events: 3,
    flaws: [`${chunkAt(0) + CHUNK_HEADER_CHECKSUM} chunk header checksum`],
    body: spoiled(logOf(THREE), (log) => {
      log.writeUInt32LE(0xdeadbeef, chunkAt(0) + CHUNK_HEADER_CHECKSUM);
    }),
  },
  {
    name: "evtx/dirty",
    why: "a copy from a running machine: the header counts one chunk, two are there, both are read",
    format: "evtx",
    events: [{ record: "1" }, { record: "2" }, { record: "3" }, { record: "4" }],
    body: spoiled(logOf(THREE, LATER), (log) => {
      logOf(THREE).copy(log, 0, 0, FILE_HEADER_BYTES);
      log.writeUInt32LE(FLAG_DIRTY, FILE_FLAGS);
    }),
  },
  {
    name: "evtx/bare-chunk",
    why: "a chunk carved from a disk, without the file around it",
    format: "evtx",
    file: "sector-81920.bin",
    events: [{ record: "1", host: "MX1.clinic.example" }, { record: "2" }, { record: "3" }],
    body: logOf(THREE).subarray(FILE_HEADER_BYTES),
  },
  {
    name: "evtx/template-redefined",
    why: "a chunk swaps two names in a template whose id, GUID and size it keeps: it changes its own records only",
    format: "evtx",
    events: [
      { record: "1", fields: PROGRAM },
      {
        record: "4",
        fields: { ProcessName: PROGRAM.CommandLine, CommandLine: PROGRAM.ProcessName },
      },
      { record: "5", fields: PROGRAM },
    ],
    body: spoiled(logOf(THREE.slice(0, 1), LATER, [started(5n, "09:30:00.0000000")]), (log) => {
      overwrite(log, chunkAt(1), "ProcessName", "???????????");
      overwrite(log, chunkAt(1), "CommandLine", "ProcessName");
      overwrite(log, chunkAt(1), "???????????", "CommandLine");
      seal(log, 1);
    }),
  },
  {
    name: "evtx/wrong-extension",
    why: "the kind of a file is found by its content",
    format: "evtx",
    file: "u_ex210812.log",
    events: 3,
    body: logOf(THREE),
  },
  {
    name: "evtx/ids-again",
    why: "the log was cleared and counts from 1 again: two records of one id are two events",
    format: "evtx",
    events: [
      { record: "1", time: "2021-08-12T09:14:03.6500000Z", eventId: 4688 },
      { record: "2", eventId: 4688 },
      { record: "3", eventId: 4688 },
      { record: "1", eventId: 1102, fields: { SubjectUserName: "admin" } },
      { record: "2", time: "2021-08-12T09:40:01.0000000Z", eventId: 4688 },
    ],
    body: logOf(THREE, [CLEARED, started(2n, "09:40:01.0000000")]),
  },
];
