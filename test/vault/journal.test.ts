/** The journal on a disk that fails: what was acknowledged is there, whatever happened; what was not is cut off. */
import { expect, test } from "vitest";
import { memorySource } from "../../src/base/source.ts";
import { ticksFromMillis } from "../../src/base/time.ts";
import {
  checkJournal,
  leafHash,
  openJournal,
  originOf,
  parseCheckpoint,
  signerOf,
} from "../../src/engines/journal/index.ts";
import type { Checkpoint, Journal } from "../../src/engines/journal/index.ts";
import type { JournalEntry } from "../../src/model/act.ts";
import { Crash, MemoryDisk, caught, diskError } from "./memory-disk.ts";
import type { Survival } from "./memory-disk.ts";

const ID = "ab".repeat(16);
const SIGNER = signerOf(leafHash("a seed"));
const SURVIVALS: readonly Survival[] = ["nothing", "everything", "half"];

function open(disk: MemoryDisk, kept: Checkpoint | null = null): Journal {
  const files = disk.operationsOf;
  return openJournal({ folder: "j", origin: originOf(ID), signer: SIGNER, files, kept });
}

function entry(index: number): JournalEntry {
  const time = ticksFromMillis(1_629_000_000_000 + index * 1000);
  if (time === null) throw new Error("no time");
  const hex = index.toString(16).padStart(32, "0");
  return { index, kind: "run", time, actor: hex, subject: ID, body: null, sealed: null };
}

function commit(journal: Journal, count: number): Checkpoint {
  const first = journal.entries.length;
  return journal.append(Array.from({ length: count }, (_, at) => entry(first + at)));
}

/** Commits of 1, 3, 2 and 5 entries; says after each how many are acknowledged. */
function work(journal: Journal, acknowledged: (entries: number) => void): void {
  for (const count of [1, 3, 2, 5]) acknowledged(commit(journal, count).size);
}

function expectSound(disk: MemoryDisk): void {
  const check = checkJournal(
    memorySource(disk.content("j/entries")),
    memorySource(disk.content("j/checkpoints")),
    { origin: originOf(ID), publicKey: SIGNER.publicKey, kept: [] },
  );
  expect([...check.troubles, ...check.unfinished]).toEqual([]);
}

function stepsOfWork(): number {
  const disk = new MemoryDisk();
  work(open(disk), () => undefined);
  return disk.operations;
}

test("a power cut at any step loses nothing acknowledged, and the journal goes on", () => {
  const steps = stepsOfWork();
  expect(steps).toBe(16);
  for (let step = 0; step <= steps; step++)
    for (const survival of SURVIVALS) {
      const disk = new MemoryDisk();
      let acknowledged = 0;
      const journal = open(disk);
      disk.failAt(step, () => new Crash());
      const thrown = caught(() => work(journal, (entries) => (acknowledged = entries)));
      expect(thrown instanceof Crash).toBe(step < steps);
      const after = disk.afterPowerCut(survival);
      const again = open(after);
      expect(again.entries.length).toBeGreaterThanOrEqual(acknowledged);
      expect(again.entries).toEqual(again.entries.map((_, index) => entry(index)));
      expectSound(after);
      commit(again, 2);
      expectSound(after);
      expect(open(after).entries.length).toBe(again.entries.length);
    }
});

test("a power cut while a start cuts off the rest: the next start does", () => {
  const disk = new MemoryDisk();
  const journal = open(disk);
  commit(journal, 3);
  disk.failAt(3, () => new Crash());
  expect(() => commit(journal, 2)).toThrow(Crash);
  const torn = disk.afterPowerCut("everything");
  for (let step = 0; step < 4; step++)
    for (const survival of SURVIVALS) {
      const found = torn.afterPowerCut("everything");
      const size = found.content("j/checkpoints").length;
      found.put("j/checkpoints", found.content("j/checkpoints").subarray(0, size - 20));
      found.failAt(step, () => new Crash());
      expect(() => open(found)).toThrow(Crash);
      const next = found.afterPowerCut(survival);
      expect(open(next).entries.length).toBe(3);
      expectSound(next);
    }
});

/** A journal of four entries whose next commit fails at `step`. */
function failedCommit(step: number): { disk: MemoryDisk; journal: Journal } {
  const disk = new MemoryDisk();
  const journal = open(disk);
  commit(journal, 4);
  disk.failAt(step, () => diskError("ENOSPC"));
  expect(() => commit(journal, 3)).toThrowError(
    expect.objectContaining({ code: "disk-full", hint: expect.stringContaining("space") }),
  );
  expect(journal.entries.length).toBe(4);
  return { disk, journal };
}

test("a full disk is a Fault; after it the journal goes on in the same process", () => {
  for (const write of [0, 2]) {
    const { disk, journal } = failedCommit(write);
    expectSound(disk);
    expect(commit(journal, 3).size).toBe(7);
    expectSound(disk);
  }
});

test("a sync that failed once says nothing about the next: only a new start goes on", () => {
  for (const sync of [1, 3]) {
    const { disk, journal } = failedCommit(sync);
    expect(() => commit(journal, 3)).toThrowError(
      expect.objectContaining({ code: "not-writable" }),
    );
    expect(commit(open(disk), 3).size).toBe(7);
    expectSound(disk);
  }
});

test("a disk that cannot even take back: a new start cuts", () => {
  const disk = new MemoryDisk();
  const journal = open(disk);
  commit(journal, 2);
  // The write of the checkpoint fails, and so does the first truncation after it.
  disk.failAt(2, () => diskError("ENOSPC"));
  disk.failAt(3, () => diskError("EIO"));
  expect(() => commit(journal, 2)).toThrowError(expect.objectContaining({ code: "disk-full" }));
  expect(() => commit(journal, 2)).toThrowError(expect.objectContaining({ code: "not-writable" }));
  const again = open(disk);
  expect(again.cut.entriesBytes).toBeGreaterThan(0);
  expect(again.entries.length).toBe(2);
});

/** A sound journal of five entries in three commits, as two files. */
function sample(): { disk: MemoryDisk; last: Checkpoint } {
  const disk = new MemoryDisk();
  const journal = open(disk);
  commit(journal, 1);
  commit(journal, 3);
  return { disk, last: commit(journal, 1) };
}

test("only what a crash can have left is cut off; everything else is refused", () => {
  const { disk, last } = sample();
  const entries = disk.content("j/entries");
  const checkpoints = disk.content("j/checkpoints");
  const opened = (newEntries: Uint8Array, newCheckpoints: Uint8Array, kept = last) => {
    const altered = new MemoryDisk();
    altered.put("j/entries", newEntries);
    altered.put("j/checkpoints", newCheckpoints);
    return open(altered, kept);
  };
  const tail = Buffer.from('{"actor":"half a li');
  expect(opened(Buffer.concat([entries, tail]), checkpoints).cut.entriesBytes).toBe(tail.length);

  const damaged = expect.objectContaining({
    code: "vault-damaged",
    hint: expect.stringContaining("breakwater verify"),
  });
  const cases: [string, Uint8Array, Uint8Array][] = [
    ["entries cut", entries.subarray(0, -1), checkpoints],
    ["entries gone", Buffer.alloc(0), checkpoints],
    ["checkpoints gone", entries, Buffer.alloc(0)],
    ["last checkpoint cut", entries, checkpoints.subarray(0, -1)],
    ["garbage after checkpoints", entries, Buffer.concat([checkpoints, Buffer.from("x")])],
    ["checkpoint twice", entries, Buffer.concat([checkpoints, checkpoints.subarray(-230)])],
  ];
  for (const [, newEntries, newCheckpoints] of cases)
    expect(() => opened(newEntries, newCheckpoints)).toThrowError(damaged);
  for (let at = 0; at < entries.length; at++) {
    const altered = Buffer.from(entries);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(() => opened(altered, checkpoints)).toThrowError(damaged);
  }
});

test("an older journal put in place of a newer one is refused by the kept checkpoint", () => {
  const { disk, last } = sample();
  const older = disk.afterPowerCut("everything");
  commit(open(disk), 2);
  const newer = parseCheckpoint(disk.content("j/checkpoints").toString().slice(-last.text.length));
  expect(newer?.size).toBe(7);
  expect(open(older.afterPowerCut("everything"), last).entries.length).toBe(5);
  expect(() => open(older, newer)).toThrowError(
    expect.objectContaining({ code: "vault-damaged", message: expect.stringContaining("entry 6") }),
  );
  // Another journal of the same length, signed by the same key, is noticed as well.
  const forked = older.afterPowerCut("everything");
  const fork = open(forked);
  fork.append([{ ...entry(5), kind: "incident-event" }]);
  commit(fork, 1);
  expect(() => open(forked, newer)).toThrowError(
    expect.objectContaining({ code: "vault-damaged" }),
  );
});
