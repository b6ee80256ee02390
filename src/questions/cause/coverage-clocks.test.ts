import fc from "fast-check";
import { expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import type { Batch } from "../../model/event.ts";
import { createCoverage } from "./coverage.ts";
import { Sample, SamplePool } from "./coverage-sample.ts";
import type { FileFacts } from "./coverage-skew.ts";
import {
  batch,
  DAY,
  every,
  HOUR,
  type MadeRow,
  MINUTE,
  shuffled,
  ticks,
} from "./made.test-data.ts";

function coverageOf(batches: readonly Batch[], facts?: FileFacts) {
  const collector = createCoverage();
  for (const each of batches) collector.add(each);
  return collector.finish({ entries: [] }, [], facts);
}

const START = ticks("2021-08-01T00:00:00Z");
const id = (at: number) => `${at.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;

function requests(channel: string, aheadMillis: number, count: number): MadeRow[] {
  return Array.from({ length: count }, (_, at) => ({
    at: START + BigInt(at) * MINUTE + BigInt(aheadMillis + (at % 5) * 10) * 10_000n,
    channel,
    fields: { RequestId: at % 2 === 0 ? id(at) : id(at).toUpperCase() },
  }));
}

test("two logs of one host that share requests tell how far their clocks are apart, in any order", () => {
  const front = requests("W3SVC1", 0, 500);
  const back = requests("W3SVC2", 420_000, 500);
  const stray: MadeRow = {
    ...known(back[3], "a row"),
    at: START + 90n * DAY,
    fields: { RequestId: id(7) },
  };
  const batches = [
    batch(front, { file: "logs/W3SVC1/a.log" }),
    batch([...back, stray], { file: "logs/W3SVC2/b.log" }),
  ];
  const skews = coverageOf(batches).skews;
  expect(skews).toEqual(coverageOf(batches.toReversed()).skews);
  expect(skews).toMatchObject([{ host: "MX1", unjoined: 0 }]);
  expect(skews[0]?.estimates[0]).toMatchObject({
    ahead: { format: "iis", channel: "W3SVC2" },
    against: { format: "iis", channel: "W3SVC1" },
    aheadMillis: 420_000,
    spreadMillis: 0,
    joins: 500,
    line: '- { files: "W3SVC2/*", skew_ms: 420000 }',
  });
});

test("a stated skew is shown beside what is left, and the line states both together", () => {
  const batches = [
    batch(requests("W3SVC1", 0, 50), { file: "W3SVC1/a.log" }),
    batch(requests("W3SVC2", 60_000, 50), { file: "W3SVC2/b.log" }),
  ];
  const facts: FileFacts = {
    modifiedAt: () => null,
    statedSkewMillis: (file) => (file.startsWith("W3SVC2") ? 360_000 : 0),
  };
  const [estimate] = coverageOf(batches, facts).skews[0]?.estimates ?? [];
  expect(estimate).toMatchObject({ aheadMillis: 60_000, statedMillis: 360_000 });
  expect(estimate?.line).toContain("skew_ms: 420000");
});

test("nothing is estimated from a handful of requests, and nothing is to mend in a few milliseconds", () => {
  const few = [batch(requests("W3SVC1", 0, 4)), batch(requests("W3SVC2", 0, 4), { file: "b" })];
  expect(coverageOf(few).skews).toEqual([{ host: "MX1", estimates: [], unjoined: 2 }]);
  const near = [batch(requests("W3SVC1", 0, 40)), batch(requests("W3SVC2", 40, 40), { file: "b" })];
  expect(coverageOf(near).skews[0]?.estimates[0]).toMatchObject({ aheadMillis: 40, line: null });
  expect(coverageOf([batch(requests("W3SVC1", 0, 40))]).skews).toEqual([]);
});

test("logs in local time end an hour after their files were last changed; copied files tell nothing", () => {
  const days = [0, 1, 2, 3].map((day) =>
    batch(every(HOUR, `2021-08-0${day + 1}T01:00:00Z`, `2021-08-0${day + 2}T01:00:00Z`), {
      file: `W3SVC1/${day}.log`,
    }),
  );
  const ends = new Map(days.map(({ place, ticks: times }) => [place.evidence, times.at(-1) ?? 0n]));
  const changed = (less: bigint): FileFacts => ({
    modifiedAt: ({ evidence }) => (ends.get(evidence) ?? 0n) - less,
    statedSkewMillis: () => 0,
  });
  const [told] = coverageOf(days, changed(HOUR)).skews;
  expect(told?.estimates).toMatchObject([{ against: null, aheadMillis: 3_600_000, joins: 4 }]);
  expect(coverageOf(days, changed(0n)).skews).toEqual([]);
  const copied = { ...changed(0n), modifiedAt: () => ticks("2021-12-15T00:00:00Z") };
  expect(coverageOf(days, copied).skews).toEqual([]);
});

test("inventories and sources without a host have no clock that could be held against another", () => {
  const [web, back] = [requests("W3SVC1", 0, 3), requests("W3SVC2", 0, 3)];
  const unnamed = [web, back].map((rows) => batch(rows.map((row) => ({ ...row, host: "" }))));
  expect(coverageOf(unnamed).skews).toEqual([]);
  const inventories = [batch(web), batch(back, { format: "systeminfo" })];
  expect(coverageOf(inventories).skews).toEqual([]);
});

test("clocks that were set are told, the steps of a time service are not", () => {
  const set = (from: string, to: string): MadeRow => ({
    at: to,
    channel: "Security",
    eventId: 4616,
    fields: { PreviousTime: from, NewTime: to, ProcessName: "svchost.exe", SubjectUserName: "-" },
  });
  const rows: MadeRow[] = [
    set("2021-08-01T10:00:00.000000000Z", "2021-08-01T10:07:00.000000000Z"),
    set("2021-08-01T11:00:00.000Z", "2021-08-01T11:00:01.000Z"),
    set("no time", "2021-08-01T11:00:01.000Z"),
    {
      at: "2021-08-02T10:00:00Z",
      channel: "System",
      eventId: 1,
      provider: "Microsoft-Windows-Kernel-General",
      fields: { OldTime: "2021-08-02T11:00:00Z", NewTime: "2021-08-02T10:00:00Z" },
    },
    { at: "2021-08-02T10:00:00Z", channel: "System", eventId: 1, provider: "Another" },
  ];
  const { clockChanges } = coverageOf([batch(rows, { format: "evtx" })]);
  expect(clockChanges.map(({ from, to, by }) => [Number(to - from) / 1e7, by])).toEqual([
    [420, "svchost.exe"],
    [-3600, ""],
  ]);
});

test("files that follow one another: by the clock, by size, or neither; copies tell nothing", () => {
  const file = (day: number, rows: number, step: bigint, name = `f${day}`) => {
    const start = START + BigInt(day) * DAY;
    const made = Array.from({ length: rows }, (_, row) => ({ at: start + BigInt(row) * step }));
    return batch(made, { file: name });
  };
  const kind = (batches: readonly Batch[]) => {
    const rotation = coverageOf(batches).sources[0]?.rotation ?? null;
    return rotation === null ? null : [rotation.kind, rotation.by, rotation.files];
  };
  const days = [3, 30, 7, 300, 11].map((rows, at) => file(at, rows, MINUTE));
  expect(kind(shuffled(days, 3))).toEqual(["rolled", "time", 5]);
  const sizes = [0, 3, 6, 12, 20].map((day) => file(day, 100, 39n * MINUTE));
  expect(kind(sizes)).toEqual(["rolled", "size", 5]);
  const neither = [1, 4, 12, 18, 40].map((day, at) => file(day, 30 + 9 * at, 60n * MINUTE));
  expect(kind(neither)).toEqual(["rolled", "unclear", 5]);
  expect(kind(["a", "b", "c"].map((name) => file(0, 10, 9n * HOUR, name)))).toBeNull();
  expect(kind(days.slice(0, 1))).toBeNull();
  expect(kind(days.map((each) => ({ ...each, format: "mail" as const })))).toBeNull();
});

test("an event log whose lowest number is not 1 has overwritten what stood before", () => {
  const rows = every(HOUR, "2021-08-01T00:00:00Z", "2021-08-04T00:00:00Z", { channel: "Security" });
  const rotation = (from: number) =>
    coverageOf([batch(rows, { format: "evtx", file: "s.evtx", from })]).sources[0]?.rotation;
  expect(rotation(0)).toMatchObject({ kind: "growing", holds: 71n * HOUR });
  expect(rotation(50_000)).toMatchObject({ kind: "overwritten", holds: 71n * HOUR });
});

test("an extract, an emptied log and the first hours of one tell nothing of how a log forgets", () => {
  const rows = every(HOUR, "2021-08-01T00:00:00Z", "2021-08-04T00:00:00Z", { channel: "Security" });
  const rotation = (made: Batch) => coverageOf([made]).sources[0]?.rotation;
  const whole = batch(rows, { format: "evtx", file: "s.evtx", from: 50_000 });
  const extract: Batch = { ...whole, record: (at) => String(50_000 + at * 3) };
  expect([rotation(whole)?.kind, rotation(extract)]).toEqual(["overwritten", null]);
  // What was left out of an extract was not looked at.
  expect(coverageOf([whole]).limits).toEqual([]);
  expect(coverageOf([extract]).limits.join()).toContain("MX1 Security (72 records of 214 numbers)");
  // Smaller than any limit that Windows takes: it cannot have been full.
  expect(rotation(batch(rows, { format: "evtx", file: "s.evtx", from: 5000 }))).toBeNull();
  expect(rotation(batch(rows.slice(0, 20), { format: "evtx", file: "s.evtx" }))).toBeNull();
  const mixed = rows.map((row, at) => (at % 2 === 0 ? row : { ...row, host: "MX2" }));
  const both = coverageOf([batch(mixed, { format: "evtx", file: "f.evtx", from: 50_000 })]).sources;
  expect(both.map((source) => source.rotation)).toEqual([null, null]);
  expect(coverageOf([batch(mixed, { format: "evtx", file: "f.evtx" })]).limits).toEqual([]);
});

test("a server that was renamed after its setup goes on in the same file, and has overwritten nothing", () => {
  const rows = every(HOUR, "2021-08-01T00:00:00Z", "2021-08-09T00:00:00Z", { channel: "System" });
  const renamed = rows.map((row, at) => ({ ...row, host: at < 9 ? "WIN-1" : "MX1" }));
  const made = batch(renamed, { format: "evtx", file: "s.evtx" });
  const offsets = made.offsets.map((offset) => offset * 200);
  const { sources } = coverageOf([{ ...made, offsets }]);
  expect(sources.map(({ host, rotation }) => [host, rotation?.kind])).toEqual([
    ["MX1", "growing"],
    ["WIN-1", undefined],
  ]);
});

test("a sample keeps the same keys in whatever order they come, and within its budget", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 200 }), fc.nat(), (keys, seed) => {
      const take = (list: readonly string[]) => {
        const pool = new SamplePool<number>(32, 16, Math.min);
        const samples = [pool.make(), pool.make(), pool.make()];
        for (const key of list) {
          const sample = known(samples[key.length % 3], "one of three");
          pool.grow(sample, () => sample.put(key, key.length));
        }
        return samples.map((sample) => sample.state());
      };
      const states = take(keys);
      expect(take(shuffled(keys, seed))).toEqual(states);
      const held = states.reduce((sum, state) => sum + state.held.size, 0);
      expect(held).toBeLessThanOrEqual(32);
    }),
  );
  const [all, low, high] = [0, 1, 2].map(() => new Sample<number>(8, Math.min));
  for (let at = 0; at < 100; at++) {
    all?.put(`${at}`, at);
    (at < 50 ? low : high)?.put(`${at}`, at);
  }
  if (low !== undefined && high !== undefined) low.absorb(high.state());
  expect(low?.state()).toEqual(all?.state());
});

test("where sources are too many, half of the places are kept for the hosts that are named", () => {
  const rows = Array.from({ length: 5000 }, (_, at) => ({ at: START, host: `H${at}` }));
  const kept = (first?: ReadonlySet<string>) => {
    const collector = createCoverage(first);
    collector.add(batch([...rows, { at: START, host: "LAST" }]));
    expect(collector.overflowed).toBe(true);
    return collector.finish({ entries: [] }, []).sources.some(({ host }) => host === "LAST");
  };
  expect([kept(), kept(new Set(["LAST"]))]).toEqual([false, true]);
});
