/**
 * The trials: one suite that every format must pass, whatever it reads. A format brings a sound sample made by its own
 * writer; the trials cut it, damage it, flood it, take its medium away, and hold what comes out against the whole.
 */
import { describe, expect, test } from "vitest";
import { concatBytes } from "../../src/base/bytes.ts";
import { Fault } from "../../src/base/fault.ts";
import { type Source, memorySource } from "../../src/base/source.ts";
import { formatTicks, toTicks } from "../../src/base/time.ts";
import type { Range } from "../../src/engines/formats/format.ts";
import type { Card, Reader } from "../../src/engines/formats/index.ts";
import { type Event, eventOf } from "../../src/model/event.ts";
import type { EvidenceHash, Setting } from "../../src/model/evidence.ts";
import type { Flaw } from "../../src/model/flaw.ts";

/** What a format brings to its trials. */
export interface Trial {
  readonly name: string;
  readonly reader: Reader;
  readonly card: Card;
  /** A sound file of about 20 to 60 KB, made by our own writer; the same bytes each time. */
  sample(): Uint8Array;
  /** Where structures begin beyond the first 70 KB: the sample is cut there too. */
  readonly edges?: readonly number[];
  /** Whether a record starts at this byte, told from the bytes alone. */
  startsRecord?(bytes: Uint8Array, offset: number): boolean;
  /** Whether the first `cut` bytes are a whole file; otherwise a flaw must say that something is cut. */
  isWhole?(bytes: Uint8Array, cut: number): boolean;
}

const CUT_EVERY_BYTE_UNTIL = 70 * 1024;
const FLIPPED_COPIES = 2_000;
const FLOOD_BYTES = 192 * 1024 * 1024;
const FLOOD_TIME = { timeout: 180_000 };
/** What comes after the sample, for ever: a huge line, a block of NULs, empty lines; and whether that is a flaw. */
const FLOODS: readonly (readonly [string, number, boolean])[] = [
  ["letters", 0x41, true],
  ["NULs", 0x00, false],
  ["line feeds", 0x0a, false],
];
const COMPLAINTS_SHOWN = 5;
const READ_BYTES_MAX = 16 * 1024 * 1024;
const GROWTH_BYTES_MAX = 128 * 1024 * 1024;

/** What the case file says about the samples: nothing. */
export const NO_SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "sample" },
  host: null,
  zone: null,
  skewMillis: 0,
};

/** Everything that one source gives, decoded. */
export interface Reading {
  readonly events: readonly Event[];
  readonly flaws: readonly Flaw[];
}

/** Reads a source to its end, or one range of it, and decodes every row. */
export function readWhole(
  reader: Reader,
  source: Source,
  setting = NO_SETTING,
  range?: Range,
): Reading {
  const events: Event[] = [];
  const flaws: Flaw[] = [];
  for (const piece of reader.read(source, setting, range)) {
    if (piece.kind === "flaw") flaws.push(piece);
    else for (let row = 0; row < piece.length; row++) events.push(eventOf(piece, row));
  }
  return { events, flaws };
}

/** One event as a line of JSON: what golden files hold, and what is compared. */
export function printEvent(event: Event): string {
  const ticks = toTicks(event.ticks);
  const { zoneAssumed, record, offset, host, channel, eventId, provider, fields } = event;
  const time = ticks === null ? null : formatTicks(ticks, event.digits);
  return JSON.stringify({
    time,
    zoneAssumed,
    record,
    offset,
    host,
    channel,
    eventId,
    provider,
    fields,
  });
}

/** One line an event, then one line a flaw. */
export function printReading({ events, flaws }: Reading): string {
  const marks = flaws.map(({ offset, what, need, have }) =>
    JSON.stringify({ flaw: { offset, what, need, have } }),
  );
  return [...events.map(printEvent), ...marks].map((line) => `${line}\n`).join("");
}

/** The sample and what a sound reading of it gives: what every damaged reading is held against. */
interface Sound {
  readonly bytes: Uint8Array;
  readonly whole: Reading;
  readonly printed: readonly string[];
}

/** Runs every trial on one format. */
export function runTrials(trial: Trial): void {
  const bytes = trial.sample();
  const whole = readWhole(trial.reader, memorySource(bytes));
  const sound = { bytes, whole, printed: whole.events.map(printEvent) };
  describe(`trials of ${trial.name}`, () => {
    trySound(trial, sound);
    tryDamaged(trial, sound);
    tryRanges(trial, sound);
  });
}

function trySound(trial: Trial, { bytes, whole, printed }: Sound): void {
  const { name, reader, card } = trial;
  test("golden: what comes out is what came out before", async () => {
    expect(whole.events.length).toBeGreaterThan(10);
    expect(whole.flaws).toEqual([]);
    await expect(printReading(whole)).toMatchFileSnapshot(`golden/${name}.jsonl`);
  });

  test("its card knows the sample, and neither nothing nor noise", () => {
    expect(card.recognises(bytes.slice(0, 65_536))).toBe(true);
    expect(card.recognises(new Uint8Array(0))).toBe(false);
    const random = seededRandom(7);
    const noise = Uint8Array.from({ length: 65_536 }, () => random() * 256);
    expect(card.recognises(noise)).toBe(false);
  });

  test("empty: no rows", () => {
    expect(readWhole(reader, memorySource(new Uint8Array(0))).events).toEqual([]);
  });

  test("offsets lead back to the record", () => {
    const again = readWhole(reader, memorySource(bytes)).events;
    const byOffset = new Map(again.map((event) => [event.offset, printEvent(event)]));
    const astray = whole.events.filter(
      (event, row) =>
        byOffset.get(event.offset) !== printed[row] ||
        trial.startsRecord?.(bytes, event.offset) === false,
    );
    expect(astray).toEqual([]);
    expect(byOffset.size).toBe(whole.events.length);
  });

  test("same twice, and from a medium that reuses its buffer", () => {
    const text = printReading(whole);
    expect(printReading(readWhole(reader, memorySource(bytes)))).toBe(text);
    expect(printReading(readWhole(reader, reusingSource(bytes)))).toBe(text);
  });
}

function tryDamaged(trial: Trial, sound: Sound): void {
  const { reader } = trial;
  const { bytes, whole } = sound;
  test("cut at every byte: what stands before the cut is read", { timeout: 120_000 }, () => {
    const complaints = cutsOf(trial, bytes).flatMap((cut) => cutComplaints(trial, sound, cut));
    expect(complaints.slice(0, COMPLAINTS_SHOWN)).toEqual([]);
  });

  test("bytes flipped: never throws, offsets stay inside and ascend", {
    timeout: 120_000,
  }, () => {
    const random = seededRandom(20210812);
    const complaints = Array.from({ length: FLIPPED_COPIES }, () =>
      flipComplaints(reader, flipped(bytes, random)),
    );
    expect(complaints.flat().slice(0, COMPLAINTS_SHOWN)).toEqual([]);
  });

  test.each(FLOODS)(
    "flooded with %s: rows stay, memory stays flat",
    FLOOD_TIME,
    (_, byte, isFlaw) => {
      const before = process.memoryUsage().rss;
      const source = floodSource(bytes, byte);
      const { rows, flaws } = countPieces(reader, source);
      const growth = process.memoryUsage().rss - before;
      expect(rows).toBe(whole.events.length);
      expect(flaws > 0 || !isFlaw, "a flaw tells of it").toBe(true);
      expect(source.longest()).toBeLessThanOrEqual(READ_BYTES_MAX);
      expect(growth).toBeLessThan(GROWTH_BYTES_MAX);
    },
  );

  test.each([0, 1, 2])("a medium that fails after %i reads is a fault", (goodReads) => {
    const fault = new Fault("not-readable", "the disk is gone", "plug it in");
    const source = failingSource(bytes, goodReads, fault);
    const thrown = caughtFrom(() => countPieces(reader, source));
    // Who needs fewer reads than that never meets the failure.
    expect(thrown).toBe(source.hasFailed() ? fault : null);
    expect(source.hasFailed() || goodReads > 0).toBe(true);
  });
}

/** What the case file may say: it must not matter to a range where the file was cut into ranges. */
const SETTINGS: readonly Setting[] = [
  NO_SETTING,
  { ...NO_SETTING, host: "mail", zone: "Europe/Guernsey", skewMillis: 1_500 },
];
const RANGED_COPIES = 400;

function tryRanges({ reader }: Trial, { bytes }: Sound): void {
  test("in ranges: together they give the whole", { timeout: 120_000 }, () => {
    const random = seededRandom(17);
    for (let copy = 0; copy < RANGED_COPIES; copy++) {
      const damaged = copy === 0 ? bytes : hostile(bytes, random);
      const source = copy % 2 === 0 ? memorySource(damaged) : reusingSource(damaged);
      const setting = SETTINGS[copy % 3 === 0 ? 1 : 0] ?? NO_SETTING;
      const ranges = [...reader.ranges(source, drawSize(random, bytes.length), null)];
      expect(ranges.map(({ start }) => start)).toEqual([
        0,
        ...ranges.slice(0, -1).map(({ end }) => end),
      ]);
      expect(ranges.at(-1)?.end).toBe(damaged.length);
      const parts = ranges.map((range) => readWhole(reader, source, setting, range));
      const whole = readWhole(reader, memorySource(damaged), setting);
      expect(printReading(joined(parts)), `copy ${copy}`).toBe(printReading(whole));
    }
  });

  test("in ranges, of a source that grows: what was cut is read again", {
    timeout: 120_000,
  }, () => {
    const random = seededRandom(71);
    for (let copy = 0; copy < RANGED_COPIES / 2; copy++) {
      const damaged = copy === 0 ? bytes : hostile(bytes, random);
      const setting = SETTINGS[copy % 2] ?? NO_SETTING;
      const grown = readGrowing(reader, damaged, setting, random);
      const whole = readWhole(reader, memorySource(damaged), setting);
      expect(printReading(grown), `copy ${copy}`).toBe(printReading(whole));
    }
  });
}

/** Reads a source that grows in steps, going on from the last range each time. */
function readGrowing(
  reader: Reader,
  bytes: Uint8Array,
  setting: Setting,
  random: () => number,
): Reading {
  let known: Reading = { events: [], flaws: [] };
  let after: Range | null = null;
  for (let size = 0; size < bytes.length; ) {
    size = Math.min(size + drawSize(random, bytes.length), bytes.length);
    const source = memorySource(bytes.subarray(0, size));
    for (const range of reader.ranges(source, drawSize(random, bytes.length), after)) {
      // What stood at the end of a smaller source is told anew.
      const isBefore = ({ offset }: { offset: number }) => offset < range.start;
      const { events, flaws } = known;
      const kept = { events: events.filter(isBefore), flaws: flaws.filter(isBefore) };
      known = joined([kept, readWhole(reader, source, setting, range)]);
      after = range;
    }
  }
  return known;
}

function joined(parts: readonly Reading[]): Reading {
  return {
    events: parts.flatMap(({ events }) => events),
    flaws: parts.flatMap(({ flaws }) => flaws),
  };
}

/** From one byte to more than the whole, small ones and large ones alike. */
function drawSize(random: () => number, most: number): number {
  return Math.ceil(most ** (random() * 1.1));
}

/** A copy that is cut, flipped, pieced together anew, or has NULs and line feeds in it. */
function hostile(bytes: Uint8Array, random: () => number): Uint8Array {
  const draw = (below: number) => Math.floor(random() * below);
  const at = draw(bytes.length);
  const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (draw(6)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return flipped(bytes, random);
    case 2:
      return concatBytes([before, new Uint8Array(draw(9_000)), behind]);
    case 3:
      return concatBytes([before, new Uint8Array(draw(9)).fill(10), behind]);
    case 4:
      return concatBytes([before, bytes.subarray(draw(bytes.length))]);
    default:
      return concatBytes([before, new Uint8Array(draw(90_000)).fill(0x41), behind]);
  }
}

function cutsOf(trial: Trial, bytes: Uint8Array): number[] {
  const until = Math.min(bytes.length, CUT_EVERY_BYTE_UNTIL);
  const every = Array.from({ length: until }, (_, cut) => cut);
  const edges = (trial.edges ?? []).flatMap((edge) => [edge - 1, edge, edge + 1]);
  return [...every, ...edges.filter((cut) => cut >= until && cut < bytes.length)];
}

/** Rows that end before the cut must be there, unchanged; a row or a flaw must account for what was cut. */
function cutComplaints(trial: Trial, sound: Sound, cut: number): string[] {
  const { bytes, printed } = sound;
  const { events } = sound.whole;
  const ends = (row: number) => events[row + 1]?.offset ?? bytes.length;
  const complete = events.findLastIndex((_, row) => ends(row) <= cut) + 1;
  const { offsets, ticks, last, flaws } = skim(trial.reader, bytes.slice(0, cut), complete - 1);
  const complaints: string[] = [];
  if (offsets.length < complete) complaints.push(`${offsets.length} of ${complete} rows`);
  for (const [row, event] of events.slice(0, complete).entries())
    if (offsets[row] !== event.offset || ticks[row] !== event.ticks)
      complaints.push(`row ${row} differs`);
  if (last !== (printed[complete - 1] ?? null)) complaints.push("the last whole row differs");
  const isWhole = trial.isWhole?.(bytes, cut) ?? cut === 0;
  if (!isWhole && offsets.length === complete && flaws === 0) complaints.push("nothing says so");
  return complaints.map((complaint) => `cut at ${cut}: ${complaint}`);
}

/** Offsets and times of the rows, one of them decoded, and how many flaws: cheap enough for every cut. */
function skim(reader: Reader, bytes: Uint8Array, decode: number) {
  const offsets: number[] = [];
  const ticks: bigint[] = [];
  let last: string | null = null;
  let flaws = 0;
  for (const piece of reader.read(memorySource(bytes), NO_SETTING)) {
    if (piece.kind === "flaw") {
      flaws++;
      continue;
    }
    for (let row = 0; row < piece.length; row++) {
      if (offsets.length === decode) last = printEvent(eventOf(piece, row));
      offsets.push(piece.offsets[row] ?? -1);
      ticks.push(piece.ticks[row] ?? 0n);
    }
  }
  return { offsets, ticks, last, flaws };
}

function flipped(bytes: Uint8Array, random: () => number): Uint8Array {
  const damaged = bytes.slice();
  const flips = 1 + Math.floor(random() * 8);
  for (let flip = 0; flip < flips; flip++)
    damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
  return damaged;
}

function flipComplaints(reader: Reader, damaged: Uint8Array): string[] {
  reader.assumptions(damaged, NO_SETTING);
  const offsets = readWhole(reader, memorySource(damaged)).events.map(({ offset }) => offset);
  return offsets
    .filter((offset, row) => offset <= (offsets[row - 1] ?? -1) || offset >= damaged.length)
    .map((offset) => `row at ${offset} of ${damaged.length}`);
}

function countPieces(reader: Reader, source: Source): { rows: number; flaws: number } {
  let rows = 0;
  let flaws = 0;
  for (const piece of reader.read(source, NO_SETTING)) {
    if (piece.kind === "flaw") flaws++;
    else rows += piece.length;
  }
  return { rows, flaws };
}

function caughtFrom(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (thrown) {
    return thrown;
  }
}

/** Hands out one and the same buffer, poisoned before each read: what a reader keeps too long is wrong at once. */
function reusingSource(bytes: Uint8Array): Source {
  const buffer = new Uint8Array(bytes.length);
  return {
    byteLength: bytes.length,
    read(start, end) {
      buffer.fill(0xee);
      buffer.set(bytes.subarray(start, end));
      return buffer.subarray(0, end - start);
    },
  };
}

function floodSource(head: Uint8Array, filler: number) {
  const byteLength = head.length + FLOOD_BYTES;
  let longest = 0;
  // One buffer for all reads: what grows is then the reader's, not what this source leaves to be collected.
  let buffer = new Uint8Array(0);
  const source: Source & { longest(): number } = {
    byteLength,
    longest: () => longest,
    read(start, end) {
      longest = Math.max(longest, end - start);
      if (buffer.length < end - start) buffer = new Uint8Array(end - start);
      const bytes = buffer.subarray(0, end - start).fill(filler);
      bytes.set(head.subarray(Math.min(start, head.length), Math.min(end, head.length)));
      return bytes;
    },
  };
  return source;
}

function failingSource(bytes: Uint8Array, goodReads: number, fault: Fault) {
  const inner = memorySource(bytes);
  let reads = 0;
  const source: Source & { hasFailed(): boolean } = {
    byteLength: bytes.length,
    hasFailed: () => reads > goodReads,
    read(start, end) {
      if (reads++ >= goodReads) throw fault;
      return inner.read(start, end);
    },
  };
  return source;
}

/** Numbers in [0, 1) from a seed (mulberry32): the same damage in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
