/** Real logs against the counts of independent readers, and logs made to mislead. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { madeEvents } from "../../../../test/readers/evtx-log.ts";
import { NO_SETTING, readWhole } from "../../../../test/readers/trials.ts";
import { shared } from "../../../../test/shared.ts";
import { assert, known } from "../../../base/assert.ts";
import { memorySource } from "../../../base/source.ts";
import type { Batch } from "../../../model/event.ts";
import type { EvtxBatch } from "./batch.ts";
import { Chunk } from "./chunk.ts";
import { decode } from "./decode.ts";
import { JsonBytes } from "../../../base/json-bytes.ts";
import {
  CHUNK_BYTES,
  CHUNK_FREE_OFFSET,
  EXPANSION_BYTES_MAX,
  FILE_HEADER_BYTES,
  RECORD_BODY,
  RECORD_SIZE,
} from "./layout.ts";
import { planOf } from "./plan.ts";
import { evtxReader, readChunks } from "./read.ts";
import { Row } from "./row.ts";
import { TemplateStore } from "./template.ts";
import { evtxFile, type WrittenEvent } from "./write.ts";

interface Indexed {
  readonly path: string;
  readonly records: number;
  readonly channels: Readonly<Record<string, number>>;
}

/**
 * Where we read more records than the index counts, and why: both files have a damaged record in the middle of a chunk,
 * behind which the tools of the index stop. What follows it are whole records within the chunk's used part, whose ids go
 * on where the list broke off and end at the last id in the chunk's header.
 */
const READ_ON: Readonly<Record<string, number>> = {
  // Record 3 of 117 says that it has no bytes; 4 to 117 follow.
  "edge/sample-with-zero-data-size-event.evtx": 449,
  // Zeros were written over parts of three chunks; in one of them 47675 to 47705 stand behind the hole. The index counts
  // 267 or 269 by whether a record of which the hole took the values is one: without its last bytes it is not.
  "edge/sample_with_a_bad_chunk_magic.evtx": 298,
};

/** Every flaw of the real logs, by file: parts of the disk written over, a header patched, chunks never written. */
const FLAWS: Readonly<Record<string, number>> = {
  "edge/2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS_Operational.evtx": 4,
  "edge/2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager_Operational.evtx": 3,
  "edge/Microsoft-Windows-HelloForBusiness_Operational.evtx": 2,
  "edge/Microsoft-Windows-LanguagePackSetup_Operational.evtx": 2,
  "edge/sample-with-zero-data-size-event.evtx": 2,
  "edge/sample_with_a_bad_chunk_magic.evtx": 18,
  "edge/security_bad_string_cache.evtx": 1,
  "edge/sysmon.evtx": 8,
};

const root = shared("evtx");
const index: readonly Indexed[] =
  root === null ? [] : JSON.parse(readFileSync(join(root, "INDEX.json"), "utf8")).files;

describe.skipIf(root === null)("real logs", () => {
  test("each has the records of the index, or more for a reason that is written down", () => {
    const counted = index.map(({ path }) => [path, channelsOf(path)] as const);
    const expected = index.map(({ path, channels, records }) => {
      const [channel = ""] = Object.keys(channels);
      const more = READ_ON[path];
      return [path, more === undefined ? channels : { [channel]: more }, records] as const;
    });
    expect(counted).toEqual(expected.map(([path, channels]) => [path, channels]));
    const total = counted.flatMap(([, channels]) => Object.values(channels));
    expect(total.reduce((sum, rows) => sum + rows, 0)).toBe(22_022);
  }, 60_000);

  test("up to the first damage of a chunk, the records are those of the index: in every file", () => {
    const counted = index.map(({ path }) => [path, recordsBeforeDamage(path)]);
    expect(counted).toEqual(index.map(({ path, records }) => [path, records]));
    const behind = index.map(({ path, records }) => (READ_ON[path] ?? records) - records);
    expect(behind.reduce((sum, rows) => sum + rows, 0)).toBe(114 + 31);
  }, 60_000);

  test("what cannot be read is said, and nothing else", () => {
    const found = index.map(({ path }) => {
      const pieces = [...evtxReader.read(sourceOf(path), NO_SETTING)];
      return [path, pieces.filter(({ kind }) => kind === "flaw").length] as const;
    });
    expect(Object.fromEntries(found.filter(([, flaws]) => flaws > 0))).toEqual(FLAWS);
  }, 60_000);

  test("fields by plan, from the whole tree, and as JSON straight from bytes are the same", () => {
    const differing: string[] = [];
    for (const { path } of index)
      for (const piece of readChunks(sourceOf(path), NO_SETTING))
        if (piece.kind === "batch")
          for (let row = 0; row < piece.length; row++)
            if (!agrees(piece, row)) differing.push(`${path} ${piece.record(row)}`);
    expect(differing).toEqual([]);
  }, 60_000);
});

function sourceOf(path: string) {
  return memorySource(readFileSync(join(known(root, "skipped otherwise"), path)));
}

/** Rows of the unbroken lists: those that no damaged record of their chunk stands before. */
function recordsBeforeDamage(path: string): number {
  const damaged = new Map<number, number>();
  const offsets: number[] = [];
  for (const piece of evtxReader.read(sourceOf(path), NO_SETTING)) {
    if (piece.kind === "batch") offsets.push(...piece.offsets);
    else if (piece.what === "record") {
      const chunk = chunkOf(piece.offset);
      damaged.set(chunk, Math.min(piece.offset, damaged.get(chunk) ?? piece.offset));
    }
  }
  const before = (offset: number) => offset < (damaged.get(chunkOf(offset)) ?? offset + 1);
  return offsets.filter(before).length;
}

function chunkOf(offset: number): number {
  return Math.floor((offset - FILE_HEADER_BYTES) / CHUNK_BYTES);
}

function channelsOf(path: string): Record<string, number> {
  const channels: Record<string, number> = {};
  for (const piece of evtxReader.read(sourceOf(path), NO_SETTING)) {
    if (piece.kind === "flaw") continue;
    for (let row = 0; row < piece.length; row++)
      channels[piece.channel(row)] = (channels[piece.channel(row)] ?? 0) + 1;
  }
  return channels;
}

const out = new JsonBytes();
const blank = new Row();

function agrees(batch: EvtxBatch, row: number): boolean {
  const fields = batch.names(row).map((name) => [name, batch.field(row, name)]);
  const expected = JSON.stringify(Object.fromEntries(fields));
  out.length = 0;
  batch.putFields(row, out);
  const plan = planOf(batch.tree(row), null);
  // A filled tree has no values left to decode: an empty record will do.
  const whole = plan.names.map((name, at) => [name, decode(blank, known(plan.slots[at], name))]);
  return (
    Buffer.from(out.written()).toString() === expected &&
    JSON.stringify(Object.fromEntries(whole)) === expected
  );
}

/** A log of two chunks; the first holds about 90 records. */
function made(): Buffer {
  return Buffer.from(evtxFile(madeEvents(160, 9)));
}

function read(bytes: Uint8Array, setting = NO_SETTING) {
  return readWhole(evtxReader, memorySource(bytes), setting);
}

/** Byte of the n-th record of the file. */
function recordAt(bytes: Uint8Array, n: number): number {
  return known(read(bytes).events[n], "so many records").offset;
}

const whatOf = (bytes: Uint8Array): readonly string[] => read(bytes).flaws.map(({ what }) => what);

test("a template with the id and size of another but not its text keeps its own meaning", () => {
  const honest = made();
  expect(read(honest).events.every(({ host }) => host === "MX1.clinic.example")).toBe(true);
  const hostile = Buffer.from(honest);
  const name = Buffer.from("MX1.clinic.example", "utf16le");
  const second = hostile.indexOf(name, FILE_HEADER_BYTES + CHUNK_BYTES);
  hostile.write("X", second, "latin1");
  const hosts = read(hostile).events.map(({ host }) => host);
  expect(hosts).toContain("XX1.clinic.example");
  expect(read(honest).events.every(({ host }) => host === "MX1.clinic.example")).toBe(true);
});

test("a template that holds itself is a flaw, and its records keep their time", () => {
  const bytes = made();
  const record = recordAt(bytes, 0);
  const instance = record + RECORD_BODY + 4;
  const body = instance + 10 + 24;
  // In place of its root element the template holds an instance of itself.
  bytes.copy(bytes, body + 4, instance, instance + 10);
  const { events, flaws } = read(bytes);
  expect(flaws.map(({ what }) => what)).toContain("template (record 1)");
  expect(events.length).toBe(160);
  expect(events[0]?.eventId).toBe(-1);
  expect(events[0]?.ticks).toBe(read(made()).events[0]?.ticks);
});

test("templates that expand without measure stop at the limit", () => {
  const [first] = madeEvents(1, 1);
  // One name of 1,000 letters, stored once and pointed to 800 times.
  const values = Array.from({ length: 800 }, () => ["x".repeat(1_000), null] as const);
  const wide: WrittenEvent = {
    ...known(first, "one"),
    userData: { element: "Made", namespace: "urn:made", values },
  };
  const { events, flaws } = read(evtxFile(Array.from({ length: 14 }, () => wide)));
  expect(events.length).toBe(14);
  expect(flaws.map(({ need }) => need)).toEqual([`at most ${EXPANSION_BYTES_MAX} bytes expanded`]);
  expect(events.at(0)?.eventId).not.toBe(-1);
  expect(events.at(-1)?.eventId).toBe(-1);
});

test("a damaged record costs itself, and the next is found", () => {
  const bytes = made();
  bytes.writeUInt32LE(0, recordAt(bytes, 5) + RECORD_SIZE);
  const { events, flaws } = read(bytes);
  expect(events.map(({ record }) => record)).toEqual(
    read(made()).events.flatMap(({ record }) => (record === "6" ? [] : [record])),
  );
  expect(flaws.map(({ what }) => what)).toEqual(["records checksum", "record"]);
});

test("records of another chunk behind a damaged one are not taken for this one's", () => {
  const bytes = made();
  const [damaged, alien] = [recordAt(bytes, 5), recordAt(bytes, 6)];
  const limit = bytes.readUInt32LE(FILE_HEADER_BYTES + CHUNK_FREE_OFFSET) + FILE_HEADER_BYTES;
  for (let at = alien; at < limit; at += bytes.readUInt32LE(at + RECORD_SIZE))
    bytes.writeBigUInt64LE(900_000n + BigInt(at), at + 8);
  bytes.writeUInt32LE(0, damaged + RECORD_SIZE);
  const inFirst = read(bytes).events.filter(({ offset }) => offset < limit);
  expect(inFirst.length).toBe(5);
});

test("what lies behind the free space offset is no record", () => {
  const bytes = made();
  const seventh = recordAt(bytes, 7) - FILE_HEADER_BYTES;
  bytes.writeUInt32LE(seventh, FILE_HEADER_BYTES + CHUNK_FREE_OFFSET);
  const { events } = read(bytes);
  expect(events.filter(({ offset }) => offset < FILE_HEADER_BYTES + CHUNK_BYTES).length).toBe(7);
});

test("wrong checksums and a lost chunk are flaws; the records that are there are read", () => {
  const checksum = made();
  checksum[FILE_HEADER_BYTES + 124] = (checksum[FILE_HEADER_BYTES + 124] ?? 0) ^ 1;
  expect(whatOf(checksum)).toEqual(["chunk header checksum"]);
  expect(read(checksum).events.length).toBe(160);
  const header = made();
  header[124] = (header[124] ?? 0) ^ 1;
  expect(whatOf(header)).toEqual(["file header checksum"]);
  const lost = made();
  lost[FILE_HEADER_BYTES] = 0;
  expect(whatOf(lost)).toEqual(["chunk magic"]);
  expect(read(lost).events.length).toBeGreaterThan(10);
  expect(whatOf(made().subarray(0, FILE_HEADER_BYTES + CHUNK_BYTES))).toEqual(["file length"]);
});

test("a chunk that was carved out is read as it is", () => {
  const chunk = made().subarray(FILE_HEADER_BYTES, FILE_HEADER_BYTES + CHUNK_BYTES);
  const { events, flaws } = read(chunk);
  expect(flaws).toEqual([]);
  expect(events[0]?.offset).toBe(512);
  expect(events.length).toBeGreaterThan(50);
});

test("a value whose size is not its type's is shown as bytes, and said", () => {
  const bytes = made();
  const record = recordAt(bytes, 1);
  const chunk = bytes.subarray(FILE_HEADER_BYTES, FILE_HEADER_BYTES + CHUNK_BYTES);
  const row = new Row();
  const at = record - FILE_HEADER_BYTES;
  const size = chunk.readUInt32LE(at + RECORD_SIZE);
  row.open(new Chunk(chunk, new TemplateStore()), at + RECORD_BODY, at + size - 4);
  // The event id is the fourth value of our templates: its descriptor says a type of four bytes now.
  const descriptors = (row.outer.starts[0] ?? 0) - row.outer.count * 4;
  chunk[descriptors + 3 * 4 + 2] = 8;
  const { events, flaws } = read(bytes);
  expect(flaws.map(({ what }) => what)).toEqual(["records checksum", "value (record 2)"]);
  expect(events[1]?.fields["EventID"]).toMatch(/^[0-9A-F]{4}$/);
  expect(events[1]?.eventId).toBe(-1);
});

test("the case file's skew is taken off, and stated", () => {
  const skewed = { ...NO_SETTING, skewMillis: 420_000 };
  const [plain] = read(made()).events;
  const [shifted] = read(made(), skewed).events;
  expect((plain?.ticks ?? 0n) - (shifted?.ticks ?? 0n)).toBe(4_200_000_000n);
  expect(evtxReader.assumptions(made(), skewed)).toHaveLength(1);
  expect(evtxReader.assumptions(made(), NO_SETTING)).toEqual([]);
});

test("fields have the names that Sigma rules use", () => {
  // Batches are good for one step of the iteration: only the first is asked for.
  const [batch] = evtxReader.read(memorySource(made()), NO_SETTING);
  assert(batch?.kind === "batch", "a batch");
  const of = (id: number): Readonly<Record<string, unknown>> => {
    const row = rowOf(batch, id);
    return Object.fromEntries(batch.names(row).map((name) => [name, batch.field(row, name)]));
  };
  expect(of(1116)).toMatchObject({ ThreatName: expect.any(String), Channel: expect.any(String) });
  expect(of(1116)["ErrorDescription"]).toBe("The operation completed successfully.");
  expect(of(104)).toMatchObject({
    Channel: "System",
    UserData_Channel: "Application",
    BackupPath: null,
  });
  expect(of(1)["Data"]).toHaveLength(6);
  expect(of(4624)["LogonProcessName"]).toBe("Advapi");
});

function rowOf(batch: Batch, id: number): number {
  for (let row = 0; row < batch.length; row++) if (batch.eventId(row) === id) return row;
  return -1;
}
