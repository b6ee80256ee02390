import fc from "fast-check";
import { expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import type { CaseHost, CaseTest } from "../../model/case-file.ts";
import type { Coverage, Gap } from "../../model/coverage.ts";
import type { Detection, Level } from "../../model/detection.ts";
import { answerCause } from "./answer.ts";
import { causeOf, testsOf } from "./cause.ts";
import { detection, iso, reference, shuffled, source, ticks } from "./made.test-data.ts";

function covering(...sources: Coverage["sources"]): Coverage {
  return { sources, cleared: [], skews: [], clockChanges: [], expected: [], limits: [] };
}

const NOTHING = covering();

function caseFile(parts: { hosts?: CaseHost[]; tests?: CaseTest[]; frontDoors?: string[] } = {}) {
  return { hosts: [], tests: [], frontDoors: [], ...parts };
}

function causing(
  detections: readonly Detection[],
  coverage: Coverage = NOTHING,
  stated = caseFile(),
) {
  return causeOf({ detections, coverage, caseFile: stated });
}

const ID = "0a1b2c3d-0000-4000-8000-000000000001";

test("each rung has its first, last and count; several rules on one record count once", () => {
  const { ladders } = causing([
    detection("2021-08-12T10:00:00Z", { rung: "probed", offset: 1 }),
    detection("2021-08-12T10:00:00Z", { rung: "probed", offset: 1, rule: "other" }),
    detection("2021-08-14T10:00:00Z", { rung: "probed", offset: 2 }),
    detection("2021-08-13T10:00:00Z", { rung: "executed", offset: 3 }),
    detection("2021-08-13T11:00:00Z", { offset: 4 }),
  ]);
  expect(ladders).toHaveLength(1);
  expect(
    ladders[0]?.steps.map(({ rung, first, last, count }) => [rung, iso(first), iso(last), count]),
  ).toEqual([
    ["probed", "2021-08-12T10:00:00Z", "2021-08-14T10:00:00Z", 2],
    ["executed", "2021-08-13T10:00:00Z", "2021-08-13T10:00:00Z", 1],
  ]);
});

test("one request in two logs counts once, on its highest rung", () => {
  const fields = { RequestId: ID };
  const steps = causing([
    detection("2021-08-13T10:00:01Z", { rung: "probed", fields: { ...fields, Side: "front-end" } }),
    detection("2021-08-13T10:00:00Z", {
      rung: "executed",
      channel: "W3SVC2",
      fields: { RequestId: ID.toUpperCase(), Side: "back-end" },
    }),
  ]).ladders[0]?.steps;
  expect(steps?.map(({ rung, count }) => [rung, count])).toEqual([["executed", 1]]);
});

test("a probe whose request also stands in a back-end detection has reached", () => {
  const probe = detection("2021-08-13T10:00:01Z", {
    rung: "probed",
    fields: { RequestId: ID, Side: "front-end" },
  });
  const behind = detection("2021-08-13T10:00:01Z", {
    channel: "W3SVC2",
    fields: { RequestId: ID, Side: "back-end" },
  });
  const other = { ...behind, fields: { RequestId: `${ID}2`, Side: "back-end" } };
  const rungs = (all: Detection[]) => causing(all).ladders[0]?.steps.map(({ rung }) => rung);
  expect(rungs([probe, behind])).toEqual(["reached"]);
  expect(rungs([probe, other])).toEqual(["probed"]);
});

test("an id that a client repeats does not make its requests fewer", () => {
  const fields = { RequestId: ID, Side: "front-end" };
  const again = Array.from({ length: 30 }, (_, at) =>
    detection(`2021-08-13T10:00:${String(at + 10)}Z`, { rung: "probed", fields }),
  );
  expect(causing(again).ladders[0]?.steps[0]?.count).toBe(30);
});

test("detections of stated tests are on no ladder, back-end lines of their requests included", () => {
  const tests = [
    {
      who: "Pentest Ltd",
      addresses: ["203.0.113.0/28", "2001:db8::/32"],
      from: ticks("2021-09-14T00:00:00Z"),
      to: ticks("2021-09-16T00:00:00Z"),
    },
  ];
  const detections = [
    detection("2021-09-14T10:00:00Z", {
      rung: "probed",
      fields: { "c-ip": "203.0.113.7", RequestId: ID, Side: "front-end" },
    }),
    detection("2021-09-14T10:00:00Z", {
      rung: "reached",
      channel: "W3SVC2",
      fields: { "c-ip": "10.0.0.5", RequestId: ID, Side: "back-end" },
    }),
    detection("2021-09-15T10:00:00Z", { rung: "probed", fields: { "c-ip": "2001:db8:0::1" } }),
    detection("2021-09-16T00:00:00Z", { rung: "executed", fields: { "c-ip": "203.0.113.7" } }),
    detection("2021-09-14T10:00:00Z", { rung: "probed", fields: { "c-ip": "203.0.113.16" } }),
  ];
  const { ladders, ownTests, timeline } = causing(detections, NOTHING, caseFile({ tests }));
  expect(ladders[0]?.steps.map(({ rung, count }) => [rung, count])).toEqual([
    ["probed", 1],
    ["executed", 1],
  ]);
  expect(ownTests).toMatchObject([{ who: "Pentest Ltd", host: "MX1", count: 3 }]);
  const told = timeline.filter(({ what }) => what.startsWith("Own test, stated by the case file"));
  expect(told.map(({ rung }) => rung)).toEqual([null, null, null]);
  const behindDoor = caseFile({ tests, frontDoors: ["203.0.113.7"] });
  expect(causing(detections, NOTHING, behindDoor).ownTests[0]?.count).toBe(1);
});

test("aliases of the case file make one host; a first label alone does not", () => {
  const names = ["mx1", "MX1", "mx1.clinic.example"];
  const seen = names.map((host) => detection("2021-08-13T10:00:00Z", { rung: "probed", host }));
  const hosts = (stated: CaseHost[]) =>
    causing(seen, NOTHING, caseFile({ hosts: stated })).ladders.map(({ host }) => host);
  expect(hosts([])).toEqual(["MX1", "mx1.clinic.example"]);
  const mail = { name: "Mail", addresses: [], aliases: names, roles: [] };
  expect(hosts([mail])).toEqual(["Mail"]);
});

const HOLE: Gap = {
  from: ticks("2021-07-01T00:00:00Z"),
  to: ticks("2021-07-12T00:00:00Z"),
  kind: "quiet",
  why: "no record for 11 days",
  before: reference("W3SVC2", 1),
  after: reference("W3SVC2", 2),
};

const LOGS = covering(
  source("W3SVC1", "2021-06-01T00:00:00Z", "2021-12-20T00:00:00Z"),
  source("W3SVC2", "2021-06-01T05:00:00Z", "2021-12-20T00:00:00Z", {
    gaps: [
      HOLE,
      { ...HOLE, from: ticks("2021-10-01T00:00:00Z"), to: ticks("2021-10-09T00:00:00Z") },
    ],
  }),
  source("MSExchange Management", "2021-11-20T00:00:00Z", "2021-12-20T00:00:00Z", {
    format: "evtx",
  }),
  source("Application", "2021-11-20T00:00:00Z", "2021-12-20T00:00:00Z", { format: "evtx" }),
  source("W3SVC1", "2021-06-01T00:00:00Z", "2021-12-20T00:00:00Z", { host: "WEB1" }),
);

const STORY = [
  detection("2021-03-05T09:00:00Z", { rung: "probed" }),
  detection("2021-08-12T09:00:00Z", { rung: "reached" }),
  detection("2021-08-13T04:12:07Z", { rung: "executed" }),
  detection("2021-08-13T04:15:00Z", { rung: "used" }),
  detection("2021-08-20T04:15:00Z", { rung: "probed" }),
];

test("the first exploitation, what could hide an earlier one, and earlier traces", () => {
  const { first } = causing(STORY, LOGS);
  expect(first).toHaveLength(1);
  const found = known(first[0], "found");
  expect([found.at.rung, iso(found.at.first)]).toEqual(["executed", "2021-08-13T04:12:07Z"]);
  expect(found.over.map(({ channel }) => channel)).toEqual([
    "W3SVC1",
    "W3SVC2",
    "MSExchange Management",
  ]);
  expect(found.hiddenBy.map(({ channel, gap }) => [channel, gap.kind, iso(gap.to)])).toEqual([
    ["W3SVC2", "quiet", "2021-07-12T00:00:00Z"],
    ["MSExchange Management", "not-reaching-back", "2021-11-20T00:00:00Z"],
  ]);
  expect(found.earlier.map(({ rung, count }) => [rung, count])).toEqual([
    ["probed", 1],
    ["reached", 1],
  ]);
});

test("a disk whose files are older than any log makes no log begin too late", () => {
  const disk = source("$MFT", "2018-05-24T00:00:00Z", "2021-12-20T00:00:00Z", { format: "mft" });
  const { first } = causing(STORY, covering(...LOGS.sources, disk));
  expect(first[0]?.hiddenBy).toEqual(causing(STORY, LOGS).first[0]?.hiddenBy);
});

test("the answer names date, coverage, doubt and absence, and never more", () => {
  const answer = answerCause(causing(STORY, LOGS), LOGS);
  expect(answer.state).toBe("partly");
  expect(answer.headline).toBe(
    "Exploitation is first seen on MX1 on 13 August 2021, 04:12 UTC (executed). The date is not settled: earlier traces that got less far and 2 holes in the logs before it stand against it. No root cause is named yet.",
  );
  expect(answer.statements.map(({ text }) => text)).toEqual([
    "On MX1 exploitation is first seen (executed) at 2021-08-13T04:12:07Z, in 1,000 event log records of MX1 MSExchange Management from 2021-11-20T00:00:00Z to 2021-12-20T00:00:00Z; in 1,000 IIS records of MX1 W3SVC1 from 2021-06-01T00:00:00Z to 2021-12-20T00:00:00Z; in 1,000 IIS records of MX1 W3SVC2 from 2021-06-01T05:00:00Z to 2021-12-20T00:00:00Z, with 19 days missing.",
    "1 earlier trace on MX1 got less far (probed), the first 160 days 19 hours before, at 2021-03-05T09:00:00Z: whether the intrusion began then is contested.",
    "1 earlier trace on MX1 got less far (reached the back end), the first 19 hours 12 minutes before, at 2021-08-12T09:00:00Z: whether the intrusion began then is contested.",
    "An earlier one could be hidden: MX1 W3SVC2 shows nothing from 2021-07-01T00:00:00Z to 2021-07-12T00:00:00Z (no record for 11 days).",
    "An earlier one could be hidden: MX1 MSExchange Management shows nothing from 2021-06-01T00:00:00Z to 2021-11-20T00:00:00Z (this log begins at 2021-11-20T00:00:00Z, 172 days after MX1 W3SVC1).",
    "No finding of exploitation on WEB1, in 1,000 IIS records of WEB1 W3SVC1 from 2021-06-01T00:00:00Z to 2021-12-20T00:00:00Z; the rules that ran decide what could be found.",
  ]);
  const unreferenced = answer.statements.filter(({ at }) => at.length === 0);
  expect(unreferenced).toEqual([]);
});

test("nothing found is a no over its coverage; nothing read is no answer", () => {
  const none = answerCause(causing([], LOGS), LOGS);
  expect(none.headline).toContain("No finding of exploitation in the logs at hand");
  expect(none.statements).toHaveLength(2);
  expect(answerCause(causing([]), NOTHING).state).toBe("not-yet");
});

test("bursts end after an hour of silence; hosts and rules stand apart", () => {
  const { timeline } = causing([
    detection("2021-08-13T10:00:00Z", { rule: "a" }),
    detection("2021-08-13T11:00:00Z", { rule: "a" }),
    detection("2021-08-13T12:00:01Z", { rule: "a" }),
    detection("2021-08-13T10:30:00Z", { rule: "b" }),
    detection("2021-08-13T10:30:00Z", { rule: "a", host: "MX2" }),
  ]);
  expect(
    timeline.map(({ what, host, count, ticks, until }) => [
      what,
      host,
      count,
      iso(ticks),
      iso(until),
    ]),
  ).toEqual([
    ["Title of a", "MX1", 2, "2021-08-13T10:00:00Z", "2021-08-13T11:00:00Z"],
    ["Title of b", "MX1", 1, "2021-08-13T10:30:00Z", "2021-08-13T10:30:00Z"],
    ["Title of a", "MX2", 1, "2021-08-13T10:30:00Z", "2021-08-13T10:30:00Z"],
    ["Title of a", "MX1", 1, "2021-08-13T12:00:01Z", "2021-08-13T12:00:01Z"],
  ]);
});

test("detections without a usable time date nothing, and are never a clean bill", () => {
  for (const at of [-(2n ** 63n), ticks("1601-01-01T00:00:00Z"), ticks("9999-01-01T00:00:00Z")]) {
    const seen = detection("2021-08-13T10:00:00Z", {
      rung: "executed",
      level: "critical",
      ticks: at,
    });
    const cause = causing([seen]);
    expect([cause.timeline, cause.ladders, cause.first]).toEqual([[], [], []]);
    expect(cause.limits.join()).toContain(
      "1 detection without a usable time stands in the findings",
    );
    expect(cause.unjudged).toMatchObject([{ host: "MX1", detections: 1 }]);
    const covered = covering(source("W3SVC1", "2021-08-01T00:00:00Z", "2021-09-01T00:00:00Z"));
    const { headline, statements } = answerCause(cause, covered);
    expect(headline).toMatch(/^Not told yet/);
    const texts = statements.map(({ text }) => text).join("\n");
    expect(texts).toMatch(/at a time that the records do not tell/);
    expect(texts).not.toMatch(/No finding of exploitation on MX1/);
  }
});

const LEVEL: Level[] = ["informational", "low", "medium", "high", "critical"];

test("a timeline of many thousands is capped: low levels are joined first, critical ones stay", () => {
  const many = Array.from({ length: 9000 }, (_, at) =>
    detection(iso(ticks("2021-01-01T00:00:00Z") + BigInt(at) * 3n * 36_000_000_000n), {
      rule: `rule-${at % 40}`,
      level: LEVEL[at % 40 === 7 ? 4 : at % 4] ?? "low",
    }),
  );
  const { timeline, limits } = causing(many);
  expect(timeline.length).toBeLessThanOrEqual(500);
  expect(timeline.filter(({ level }) => level === "critical")).toHaveLength(225);
  expect(limits[0]).toContain("9,000 entries");
  expect(timeline.reduce((sum, { count }) => sum + count, 0)).toBe(9000);
});

test("the order of the input does not matter, byte for byte", () => {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? `${inner}n` : inner));
  const made = fc.record({
    minute: fc.integer({ min: 0, max: 40_000 }),
    rule: fc.integer({ min: 0, max: 9 }),
    host: fc.constantFrom("MX1", "mx1", "MX2", "mx2.clinic.example"),
    rung: fc.constantFrom("probed", "reached", "executed", "used", undefined),
    id: fc.constantFrom(ID, `${ID}x`, ""),
    side: fc.constantFrom("front-end", "back-end"),
    client: fc.constantFrom("203.0.113.9", "198.51.100.4"),
    offset: fc.integer({ min: 0, max: 60 }),
  });
  const tests = [{ who: "Own scanner", addresses: ["198.51.100.4"], from: null, to: null }];
  fc.assert(
    fc.property(fc.array(made, { maxLength: 1200 }), fc.nat(), (rows, seed) => {
      const detections = rows.map(({ minute, rule, host, rung, id, side, client, offset }) =>
        detection(iso(ticks("2021-08-01T00:00:00Z") + BigInt(minute) * 600_000_000n), {
          rule: `rule-${rule}`,
          level: LEVEL[rule % 5] ?? "low",
          host,
          // A record has one time: the minute belongs to its place.
          offset: offset * 100_000 + minute,
          fields: { RequestId: id, Side: side, "c-ip": client },
          ...(rung === undefined ? {} : { rung }),
        }),
      );
      const unique = [...new Map(detections.map((each) => [each.id, each])).values()];
      const stated = caseFile({ tests });
      const plain = causing(unique, LOGS, stated);
      const mixed = causing(shuffled(unique, seed), LOGS, stated);
      expect(text(mixed)).toBe(text(plain));
      expect(text(answerCause(mixed, LOGS))).toBe(text(answerCause(plain, LOGS)));
    }),
    { numRuns: 40 },
  );
});

test("what names no client is the test's only close behind its requests, while nobody else is there", () => {
  const tests = [
    {
      who: "Pentest Ltd",
      addresses: ["203.0.113.0/28"],
      from: ticks("2021-09-14T00:00:00Z"),
      to: ticks("2021-09-15T00:00:00Z"),
    },
  ];
  const request = (time: string, client: string) =>
    detection(time, { rung: "reached", fields: { "c-ip": client } });
  const cmdlet = (time: string) =>
    detection(time, { rung: "executed", channel: "MSExchange Management" });
  const tester = request("2021-09-14T10:00:00Z", "203.0.113.7");
  const stranger = request("2021-09-14T10:05:00Z", "198.51.100.7");
  const executed = (...detections: Detection[]) => {
    const { ladders, ownTests } = causing(detections, NOTHING, caseFile({ tests }));
    const steps = ladders.flatMap(({ steps: list }) => list);
    return [steps.some(({ rung }) => rung === "executed"), ownTests[0]?.byTime];
  };
  expect(executed(tester, cmdlet("2021-09-14T10:04:00Z"))).toEqual([false, 1]);
  expect(executed(tester, cmdlet("2021-09-14T10:16:00Z"))).toEqual([true, 0]);
  expect(executed(tester, cmdlet("2021-09-14T09:59:59Z"))).toEqual([true, 0]);
  expect(executed(tester, stranger, cmdlet("2021-09-14T10:06:00Z"))).toEqual([true, 0]);
});

test("what is a stated test's is told by detection, where one is stated", () => {
  const tests = [{ who: "Basalt", addresses: ["192.0.2.7"], from: null, to: null }];
  const tester = detection("2021-09-14T10:00:00Z", {
    rung: "reached",
    fields: { "c-ip": "192.0.2.7" },
  });
  const [soon, late] = ["2021-09-14T10:04:00Z", "2021-09-14T10:16:00Z"].map((moment) =>
    detection(moment, { rule: "verdict/defender" }),
  );
  const detections = [tester, soon, late].flatMap((each) => each ?? []);
  const told = testsOf({ detections, caseFile: caseFile({ tests }) });
  expect([...told]).toEqual([tester, soon].map((each) => [each?.id, "Basalt"]));
  expect(testsOf({ detections, caseFile: caseFile({}) }).size).toBe(0);
});

test("a record that is on the ladder by one rule is not unjudged by another", () => {
  const at = "2021-08-13T10:00:00Z";
  const onLadder = detection(at, { rung: "executed", offset: 10 });
  const verdicts = [10, 20].map((offset) => detection(at, { rule: "verdict/defender", offset }));
  const cause = causing([onLadder, ...verdicts], NOTHING, caseFile({}));
  expect(cause.unjudged).toMatchObject([{ host: "MX1", detections: 1 }]);
});

test("grave detections without a rung are neither an exploitation nor a clean bill", () => {
  const seen = [
    { ...detection("2021-08-13T10:00:00Z", { host: "FS1" }), level: "critical" as const },
    { ...detection("2021-08-13T11:00:00Z", { host: "FS1" }), level: "high" as const },
    { ...detection("2021-08-13T12:00:00Z", { host: "FS1" }), level: "medium" as const },
  ];
  const cause = causing(seen, NOTHING, caseFile({}));
  expect(cause.first).toEqual([]);
  expect(cause.unjudged).toMatchObject([{ host: "FS1", detections: 2 }]);
  const { headline, statements } = answerCause(
    cause,
    covering(source("W3SVC1", "2021-08-01T00:00:00Z", "2021-09-01T00:00:00Z", { host: "FS1" })),
  );
  expect(headline).toMatch(/^Not told yet: .*2 detections of level high or critical on 1 host/);
  expect(statements.map(({ text }) => text).join()).not.toMatch(
    /No finding of exploitation on FS1/,
  );
});
