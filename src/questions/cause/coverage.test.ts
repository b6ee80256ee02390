import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { UNDATED } from "../../base/time.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { Coverage, SourceCoverage } from "../../model/coverage.ts";
import type { Batch } from "../../model/event.ts";
import { known } from "../../base/assert.ts";
import { createCoverage } from "./coverage.ts";
import { parseExpectedEvidence } from "./coverage-expected.ts";
import {
  batch,
  DAY,
  every,
  HOUR,
  iso,
  type MadeRow,
  MINUTE,
  reference,
  shuffled,
  ticks,
} from "./made.test-data.ts";

const KNOWLEDGE = parseExpectedEvidence(
  JSON.parse(readFileSync("knowledge/expected-evidence.json", "utf8")),
);

function coverageOf(batches: readonly Batch[], hosts: readonly CaseHost[] = []): Coverage {
  const collector = createCoverage();
  for (const each of batches) collector.add(each);
  return collector.finish(KNOWLEDGE, hosts);
}

function only(coverage: Coverage): SourceCoverage {
  expect(coverage.sources).toHaveLength(1);
  return known(coverage.sources[0], "one source");
}

function host(name: string, parts: Partial<CaseHost> = {}): CaseHost {
  return { name, addresses: [], aliases: [], roles: [], ...parts };
}

/** Stretches of the gaps as text. */
function gapsOf(rows: readonly MadeRow[]): string[] {
  return only(coverageOf([batch(rows)])).gaps.map(({ from, to }) => `${iso(from)} ${iso(to)}`);
}

test("events, undated, first and last with references, whatever the order", () => {
  const rows = [
    { at: "2021-08-02T10:00:00Z" },
    { at: null },
    { at: "2021-08-01T10:00:00Z" },
    { at: "2021-08-03T10:00:00Z" },
  ];
  const source = only(coverageOf([batch(rows)]));
  expect(source).toMatchObject({ host: "MX1", format: "iis", channel: "W3SVC1", events: 4 });
  expect([source.undated, iso(source.first), iso(source.last)]).toEqual([
    1,
    "2021-08-01T10:00:00Z",
    "2021-08-03T10:00:00Z",
  ]);
  expect([source.firstAt.offset, source.lastAt.offset]).toEqual([200, 300]);
  expect(source.rhythm).toBeNull();
});

test("a source without any time is counted and leads to its first record", () => {
  const source = only(coverageOf([batch([{ at: null }], { from: 7 }), batch([{ at: null }])]));
  expect([source.first, source.last, source.events, source.undated]).toEqual([
    UNDATED,
    UNDATED,
    2,
    2,
  ]);
  expect(source.firstAt.offset).toBe(0);
});

test("hosts and channels that change inside a batch are told apart", () => {
  const at = "2021-08-01T10:00:00Z";
  const rows = [
    { at, channel: "Security" },
    { at, channel: "System" },
    { at, channel: "Security", host: "DC1" },
    { at, channel: "Security" },
  ];
  const { sources } = coverageOf([batch(rows, { format: "windows-json" })]);
  expect(sources.map(({ host, channel, events }) => [host, channel, events])).toEqual([
    ["DC1", "Security", 1],
    ["MX1", "Security", 2],
    ["MX1", "System", 1],
  ]);
});

test("one host under several names is one, and only where the case file says so or case alone differs", () => {
  const rows = ["mx1", "MX1", "mx1.clinic.example", "MX2"].map((name) => ({
    at: "2021-08-01T10:00:00Z",
    host: name,
  }));
  expect(coverageOf([batch(rows)]).sources.map(({ host }) => host)).toEqual([
    "MX1",
    "MX2",
    "mx1.clinic.example",
  ]);
  const stated = [host("Mail", { aliases: ["mx1.CLINIC.example", "mx1"] })];
  expect(
    coverageOf([batch(rows)], stated).sources.map(({ host, events }) => [host, events]),
  ).toEqual([
    ["MX2", 1],
    ["Mail", 3],
  ]);
});

test("11 missing days of a busy log are found with exact borders", () => {
  const rows = [
    ...every(7n * MINUTE, "2021-06-01T00:00:00Z", "2021-09-01T00:00:00Z"),
    ...every(7n * MINUTE, "2021-09-12T00:03:00Z", "2021-12-15T00:00:00Z"),
  ];
  const gap = known(only(coverageOf([batch(shuffled(rows, 7))])).gaps[0], "a gap");
  const [before, after] = [iso(gap.from), iso(gap.to)];
  expect([before, after]).toEqual(["2021-08-31T23:55:00Z", "2021-09-12T00:03:00Z"]);
  expect(gap.kind).toBe("quiet");
  expect(gap.why).toBe(
    "no record for 11 days, 11 whole days of it on weekdays on which this log otherwise has records; its longest other silence is under an hour",
  );
  const source = only(coverageOf([batch(rows)]));
  const last = rows.findIndex(({ at }) => at === gap.from);
  expect(source.gaps[0]?.before).toEqual({
    ...reference("u_ex.log", last * 100),
    record: String(last + 1),
  });
  expect(source.gaps[0]?.after.offset).toBe((last + 1) * 100);
});

test("days whose whole files are missing are found one by one, and half a day as well", () => {
  const missing = ["2021-06-17", "2021-07-04", "2021-07-05", "2021-09-30"];
  const rows = every(11n * MINUTE, "2021-06-01T00:00:00Z", "2021-12-01T00:00:00Z").filter(
    ({ at }) => {
      const time = iso(at as bigint);
      return (
        !missing.includes(time.slice(0, 10)) && !(time > "2021-10-12T08" && time < "2021-10-12T17")
      );
    },
  );
  expect(gapsOf(rows).map((gap) => gap.slice(0, 10))).toEqual([
    "2021-06-16",
    "2021-07-03",
    "2021-09-29",
    "2021-10-12",
  ]);
});

test("one week of a busy log is enough to miss two of its days", () => {
  const rows = every(5n * MINUTE, "2021-08-02T00:00:00Z", "2021-08-12T00:00:00Z").filter(
    ({ at }) => !["2021-08-04", "2021-08-10"].includes(iso(at as bigint).slice(0, 10)),
  );
  expect(gapsOf(rows)).toHaveLength(2);
});

/** Office hours with weekends and the bank holidays of Guernsey in 2021 and 2022. */
const HOLIDAYS = new Set(
  (
    "2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-10 2021-05-31 2021-08-30 2021-12-27 2021-12-28 " +
    "2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-05-09 2022-06-02 2022-06-03 2022-08-29"
  ).split(" "),
);

function officeRows(from: string, to: string, minutes: number, seed: number): MadeRow[] {
  let state = seed >>> 0;
  return every(BigInt(minutes) * MINUTE, from, to)
    .map(({ at }) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return { at: (at as bigint) + BigInt(state % 600) * (MINUTE / 60n) };
    })
    .filter(({ at }) => {
      const date = new Date(Number(at / 10_000n));
      const hour = date.getUTCHours();
      const day = date.getUTCDay();
      return day > 0 && day < 6 && hour >= 8 && hour < 18 && !HOLIDAYS.has(iso(at).slice(0, 10));
    });
}

test("office hours, weekends and bank holidays are no gaps, over any stretch of them", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 5, max: 220 }),
      fc.constantFrom(15, 40, 120, 300),
      fc.nat(),
      (start, days, minutes, seed) => {
        const from = ticks("2021-01-01T00:00:00Z") + BigInt(start) * DAY;
        const rows = officeRows(iso(from), iso(from + BigInt(days) * DAY), minutes, seed);
        fc.pre(rows.length > 0);
        expect(gapsOf(rows)).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test("a week of missing days in an office's log is a gap, a bank holiday more is not", () => {
  const rows = officeRows("2021-06-01T00:00:00Z", "2021-12-24T00:00:00Z", 20, 3);
  expect(gapsOf(rows)).toEqual([]);
  const without = (days: readonly string[]) =>
    rows.filter(({ at }) => !days.includes(iso(at as bigint).slice(0, 10)));
  expect(gapsOf(without(["2021-10-13"]))).toEqual([]);
  const week = ["2021-10-11", "2021-10-12", "2021-10-13", "2021-10-14", "2021-10-15"];
  expect(gapsOf(without(week)).map((gap) => gap.slice(0, 10))).toEqual(["2021-10-08"]);
  expect(gapsOf(without(week.slice(1, 4)))).toHaveLength(1);
});

test("a gap that is shorter than a normal silence misses more days than a holiday does", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 10, max: 400 })), {
        minLength: 2,
        maxLength: 12,
      }),
      (stretches) => {
        let at = ticks("2021-01-04T00:00:00Z");
        const rows = stretches.flatMap(([pause, hours]) => {
          at += BigInt(pause) * HOUR;
          return Array.from({ length: hours }, () => ({ at: (at += HOUR) }));
        });
        const { gaps, rhythm } = only(coverageOf([batch(rows)]));
        const daysOf = ({ from, to }: { from: bigint; to: bigint }) => to / DAY - from / DAY - 1n;
        const short = gaps.filter((gap) => gap.to - gap.from < (rhythm ?? 0n));
        expect(short.filter((gap) => daysOf(gap) < 3n)).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

test("two months missing twice do not hide each other", () => {
  const rows = every(10n * MINUTE, "2021-01-01T00:00:00Z", "2021-07-01T00:00:00Z").filter(
    ({ at }) => !["2021-02", "2021-05"].includes(iso(at as bigint).slice(0, 7)),
  );
  expect(gapsOf(rows)).toHaveLength(2);
});

test("a log that is silent for weeks by habit has no gaps and no rhythm", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 24 * 24 }), fc.integer({ min: 1, max: 8 })), {
        minLength: 6,
        maxLength: 60,
      }),
      (visits) => {
        let at = ticks("2021-01-04T09:00:00Z");
        const rows = visits.flatMap(([pause, acts]) => {
          at += BigInt(pause) * HOUR;
          return Array.from({ length: acts }, () => ({ at: (at += 50n * MINUTE) }));
        });
        // Weeks of silence must be its habit for this test: one visit in six at least.
        fc.pre(visits.filter(([pause]) => pause > 24 * 7).length * 6 > visits.length);
        expect(gapsOf(rows)).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

test("a chatty log at random times has no gaps, whatever its rate", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.constantFrom(0.1, 0.3, 1, 3),
      (seed, rate) => {
        let state = seed >>> 0;
        const rows: MadeRow[] = [];
        for (let at = ticks("2021-03-01T00:00:00Z"); at < ticks("2021-07-01T00:00:00Z"); ) {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          at += BigInt(Math.floor((-Math.log((state + 1) / 2 ** 32) / rate) * Number(HOUR)));
          rows.push({ at });
        }
        expect(gapsOf(rows)).toEqual([]);
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});

/** The plain way: all ticks sorted, all borders known. */
function oracle(rows: readonly MadeRow[]) {
  const dated = rows
    .map(({ at }, row) => ({ at: at as bigint | null, offset: row * 100 }))
    .filter((row): row is { at: bigint; offset: number } => row.at !== null)
    .sort((a, b) => (a.at === b.at ? a.offset - b.offset : a.at < b.at ? -1 : 1));
  const pairs = new Map<string, { before: number; after: number }>();
  dated.forEach(({ at, offset }, index) => {
    const before = dated[index - 1];
    if (before !== undefined)
      pairs.set(`${before.at} ${at}`, { before: before.offset, after: offset });
  });
  return { first: dated[0], last: dated.at(-1), pairs, dated };
}

test("first, last and every gap stand where sorting all times puts them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 90 * 1440 }), { minLength: 200, maxLength: 600 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 8, max: 25 }),
      fc.nat(),
      (minutes, hole, days, seed) => {
        const base = ticks("2021-03-01T00:00:00Z");
        const rows: MadeRow[] = minutes
          .filter((minute) => minute < hole * 1440 || minute >= (hole + days) * 1440)
          .map((minute) => ({ at: base + BigInt(minute) * MINUTE + BigInt(minute % 7) }));
        fc.pre(rows.length > 100);
        const plain = oracle(rows);
        const ordered = rows.map((row, at) => ({ row, at }));
        const parts = shuffled(ordered, seed);
        const cut = parts.length >> 1;
        // Each row keeps its own offset in whatever batch it comes.
        const coverage = coverageOf(
          parts
            .map(({ row, at }) => batch([row], { from: at }))
            .slice(cut)
            .concat(parts.slice(0, cut).map(({ row, at }) => batch([row], { from: at }))),
        );
        const source = only(coverage);
        expect([source.first, source.firstAt.offset]).toEqual([
          plain.first?.at,
          plain.first?.offset,
        ]);
        expect([source.last, source.lastAt.offset]).toEqual([plain.last?.at, plain.last?.offset]);
        for (const { from, to, before, after } of source.gaps)
          expect({ before: before.offset, after: after.offset }).toEqual(
            plain.pairs.get(`${from} ${to}`),
          );
        expect(coverageOf([batch(rows)])).toEqual(coverage);
      },
    ),
    { numRuns: 40 },
  );
});

test("times scattered over a century stay within memory, say so, and read the same in any order", () => {
  const rows = Array.from({ length: 300_000 }, (_, at) => ({
    at: ticks("1990-01-01T00:00:00Z") + BigInt((at * 7919) % 960_000) * HOUR + BigInt(at % 13),
  }));
  const inOrder = coverageOf([
    batch(rows.slice(0, 200_000)),
    batch(rows.slice(200_000), { from: 200_000 }),
  ]);
  const backwards = coverageOf([
    batch(rows.slice(200_000), { from: 200_000 }),
    batch(rows.slice(0, 200_000)),
  ]);
  expect(backwards).toEqual(inOrder);
  expect(inOrder.limits.join()).toContain("cannot be told");
  expect(only(inOrder).rhythm).toBeNull();
});

test("a zero of some epoch or a far future dates nothing: counted, and no part of the span", () => {
  const odd = ["1601-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:58Z"];
  const { first, last, events, undated } = only(
    coverageOf([
      batch([
        ...odd.map((at) => ({ at })),
        { at: "2021-08-13T10:00:00Z" },
        { at: "2021-08-13T11:00:00Z" },
      ]),
    ]),
  );
  expect([iso(first), iso(last)]).toEqual(["2021-08-13T10:00:00Z", "2021-08-13T11:00:00Z"]);
  expect([events, undated]).toEqual([5, 3]);
});

test("sources beyond the limit are counted, and said", () => {
  const rows = Array.from({ length: 5000 }, (_, at) => ({
    at: "2021-08-01T10:00:00Z",
    host: `forged-${at}`,
  }));
  const { sources, limits } = coverageOf([batch(rows)]);
  expect(sources).toHaveLength(4096);
  expect(limits[0]).toContain("904 records of further logs");
});

const CLEARED = {
  channel: "Security",
  eventId: 1102,
  provider: "Microsoft-Windows-Eventlog",
  fields: { SubjectUserName: "svc-backup", SubjectDomainName: "CLINIC" },
};

test("a cleared log: who, when, and that everything before it is gone", () => {
  const security = [
    { at: "2021-11-20T03:00:00Z", ...CLEARED },
    ...every(HOUR, "2021-11-20T03:10:00Z", "2021-12-01T00:00:00Z", { channel: "Security" }),
  ];
  const web = every(HOUR, "2021-11-01T00:00:00Z", "2021-12-01T00:00:00Z");
  const { sources, cleared } = coverageOf([
    batch(security, { format: "evtx", file: "Security.evtx" }),
    batch(web),
  ]);
  expect(cleared).toEqual([
    {
      host: "MX1",
      log: "Security",
      ticks: ticks("2021-11-20T03:00:00Z"),
      digits: 0,
      by: "CLINIC\\svc-backup",
      at: { ...reference("Security.evtx", 0), record: "1" },
    },
  ]);
  const gap = sources.find(({ channel }) => channel === "Security")?.gaps[0];
  expect(gap).toMatchObject({ kind: "cleared", from: ticks("2021-11-01T00:00:00Z") });
  expect(gap?.to).toBe(ticks("2021-11-20T03:00:00Z"));
  expect(gap?.after.file).toBe("Security.evtx");
  expect(gap?.why).toContain("cleared at 2021-11-20T03:00:00Z by CLINIC\\svc-backup");
});

test("an older copy of a cleared log bounds the gap; a copy up to the clearing leaves none", () => {
  const copy = (to: string) =>
    batch(every(HOUR / 2n, "2021-11-01T00:00:00Z", to, { channel: "Security" }), {
      format: "evtx",
      file: "archive.evtx",
    });
  const after = batch([{ at: "2021-11-20T03:00:00Z", ...CLEARED }], { format: "evtx", file: "b" });
  const gaps = (to: string) =>
    only(coverageOf([after, copy(to)])).gaps.map(({ from, kind }) => [kind, iso(from)]);
  expect(gaps("2021-11-10T00:00:00Z")).toEqual([["cleared", "2021-11-09T23:30:00Z"]]);
  expect(gaps("2021-11-20T03:00:00Z")).toEqual([]);
});

test("System 104 names the log that was cleared; the number from other providers is nothing", () => {
  const at = "2021-11-20T03:00:00Z";
  const row = { at, channel: "System", eventId: 104, fields: { Channel: "Application" } };
  const rows = [
    { ...row, provider: "Microsoft-Windows-Eventlog" },
    { ...row, provider: "Microsoft-Windows-Kernel-Boot" },
    { ...row, eventId: 105 },
  ];
  const { cleared } = coverageOf([batch(rows, { format: "evtx" })]);
  expect(cleared.map(({ log, by }) => [log, by])).toEqual([["Application", "an unnamed account"]]);
});
