/** Silences over made coverage: who stopped and who was only cut off, clearings, followed logs, order; and real Defender logs. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shared } from "../../../test/shared.ts";
import { known } from "../../base/assert.ts";
import { memorySource } from "../../base/source.ts";
import { toTicks } from "../../base/time.ts";
import { makeFormats, parseTables } from "../../engines/formats/index.ts";
import type { Coverage, LogCleared, SourceCoverage } from "../../model/coverage.ts";
import { HOUR, iso, place, reference, shuffled, source, ticks } from "../cause/made.test-data.ts";
import { answerAnswered } from "./answer.ts";
import { exclusionFindings, judgeExclusions } from "./exclusions.ts";
import { parseExclusions } from "./exclusions-terms.ts";
import { protectionFindings } from "./protection.ts";
import { createSigns } from "./protection-rows.ts";
import { parseProtection } from "./protection-terms.ts";
import { type SilenceTerms, silenceFindings } from "./silence.ts";
import { NO_HISTORY, standFindings } from "./standing.ts";

const read = (name: string): unknown => JSON.parse(readFileSync(`knowledge/${name}.json`, "utf8"));
const TERMS = parseProtection(read("protection"));
const GIVEN: SilenceTerms = {
  terms: TERMS,
  hosts: [],
  asOf: ticks("2022-06-01T00:00:00Z"),
  isFollowed: () => false,
};
const NOTHING: Coverage = {
  sources: [],
  cleared: [],
  skews: [],
  clockChanges: [],
  expected: [],
  limits: [],
};
const DEFENDER = "Microsoft-Windows-Windows Defender/Operational";
const FIRST = "2021-06-01T00:00:00Z";

function evtx(channel: string, last: string, parts: Partial<SourceCoverage> = {}): SourceCoverage {
  return source(channel, FIRST, last, { format: "evtx", ...parts });
}

function found(sources: readonly SourceCoverage[], given = GIVEN) {
  return silenceFindings({ ...NOTHING, sources }, given);
}

test("a sensor that stops while most other logs of its host go on", () => {
  const others = ["System", "Application"].map((name) => evtx(name, "2021-12-20T00:00:00Z"));
  const [finding, ...rest] = found([evtx(DEFENDER, "2021-10-01T00:00:00Z"), ...others]);
  expect(rest).toEqual([]);
  expect(finding).toMatchObject({
    kind: "silence",
    level: "high",
    title: "The antivirus log fell silent",
    host: "MX1",
    firstSeen: ticks("2021-10-01T00:00:00Z"),
    lastSeen: ticks("2021-12-20T00:00:00Z"),
    why: `MX1 ${DEFENDER} says nothing from 2021-10-01T00:00:00Z to 2021-12-20T00:00:00Z: 2 other logs of the host go on, as Application does; its longest usual quiet is 1 hour`,
  });
  expect(finding?.examples).toHaveLength(2);
  expect(finding?.detections).toHaveLength(1);
});

describe("no silence", () => {
  const end = "2021-12-20T00:00:00Z";
  test.each<[string, readonly SourceCoverage[]]>([
    ["all end together", [evtx(DEFENDER, end), evtx("System", "2021-12-20T00:59:00Z")]],
    [
      "one log was copied later than the others",
      [evtx(DEFENDER, end), evtx("System", end), source("W3SVC1", FIRST, "2022-02-01T00:00:00Z")],
    ],
    ["nobody can tell its rhythm", [evtx(DEFENDER, FIRST, { rhythm: null }), evtx("System", end)]],
    [
      "the others are of another host",
      [evtx(DEFENDER, FIRST), evtx("System", end, { host: "DC1" })],
    ],
    [
      "the other is no log",
      [evtx(DEFENDER, FIRST), source("Registry", FIRST, end, { format: "registry" })],
    ],
    [
      "a tenant's export ends where somebody cut it",
      [
        source("UnifiedAudit", FIRST, "2021-07-01T00:00:00Z", { format: "m365", host: "" }),
        source("SignIn", FIRST, end, { format: "m365", host: "" }),
      ],
    ],
  ])("%s", (_, sources) => {
    expect(found(sources)).toEqual([]);
  });
});

test("pauses are coverage's own; a log that begins late, and one that was emptied, are told elsewhere", () => {
  const gap = (kind: "quiet" | "cleared" | "not-reaching-back", from: string, to: string) => ({
    kind,
    from: ticks(from),
    to: ticks(to),
    why: "no record for days",
    before: reference("a", 1),
    after: reference("a", 2),
  });
  const gaps = [
    gap("quiet", "2021-09-01T00:00:00Z", "2021-09-05T00:00:00Z"),
    gap("cleared", "2021-08-01T00:00:00Z", "2021-08-05T00:00:00Z"),
    gap("not-reaching-back", "2021-06-01T00:00:00Z", "2021-06-05T00:00:00Z"),
    gap("quiet", "2021-10-01T00:00:00Z", "2021-10-05T00:00:00Z"),
  ];
  const findings = found([source("W3SVC1", FIRST, "2021-12-20T00:00:00Z", { gaps })]);
  expect(findings).toMatchObject([
    {
      level: "low",
      title: "The log W3SVC1 fell silent",
      counts: { silences: 2 },
      firstSeen: ticks("2021-09-01T00:00:00Z"),
      lastSeen: ticks("2021-10-05T00:00:00Z"),
    },
  ]);
  expect(
    found([source("Security", FIRST, "2021-12-20T00:00:00Z", { format: "evtx", gaps })])[0]?.level,
  ).toBe("medium");
});

test("a log that is being followed is silent once nothing comes for longer than it is ever quiet", () => {
  const log = evtx(DEFENDER, "2021-12-20T00:00:00Z");
  const at = (asOf: string) =>
    found([log], { ...GIVEN, asOf: ticks(asOf), isFollowed: () => true });
  expect(at("2021-12-20T01:00:00Z")).toEqual([]);
  const [finding] = at("2021-12-20T02:00:00Z");
  expect(finding?.why).toContain("nothing has come for 2 hours");
  const [later] = at("2021-12-25T02:00:00Z");
  // It goes on, and is the same silence: an answer that covers it still does.
  expect([later?.id, later?.detections]).toEqual([finding?.id, finding?.detections]);
});

test("a log that was emptied is one finding, with everybody who did it; copies tell it once", () => {
  const clearing = (at: string, file: string, log = "Security"): LogCleared => ({
    host: "MX1",
    log,
    ticks: ticks(at),
    digits: 0,
    by: "CLINIC\\admin",
    at: reference(file, 100),
  });
  const cleared = [
    clearing("2021-09-14T02:00:00Z", "a"),
    clearing("2021-09-13T02:00:00Z", "a"),
    clearing("2021-09-13T02:00:00Z", "copy"),
    clearing("2021-09-13T02:00:00Z", "a", DEFENDER),
  ];
  const findings = silenceFindings({ ...NOTHING, cleared }, GIVEN);
  expect(findings).toHaveLength(2);
  expect(findings).toContainEqual(
    expect.objectContaining({
      title: `The log ${DEFENDER} was emptied`,
      level: "high",
      counts: { clearings: 1 },
    }),
  );
  expect(findings).toContainEqual(
    expect.objectContaining({
      title: "The log Security was emptied",
      level: "high",
      counts: { clearings: 2 },
    }),
  );
});

test("order decides nothing, and hosts that the case file calls one are one", () => {
  const made = fc.record({
    channel: fc.constantFrom(DEFENDER, "Security", "System", "W3SVC1", ""),
    host: fc.constantFrom("MX1", "mx1", "mx1.clinic.example", "DC1", ""),
    days: fc.nat({ max: 200 }),
    rhythm: fc.option(fc.nat({ max: 100 })),
  });
  fc.assert(
    fc.property(fc.array(made, { maxLength: 12 }), fc.nat(), (rows, seed) => {
      const sources = [
        ...new Map(rows.map((row) => [`${row.host}${row.channel}`, row])).values(),
      ].map(({ channel, host, days, rhythm }) =>
        evtx(channel, iso(ticks(FIRST) + BigInt(days) * 24n * HOUR), {
          host,
          rhythm: rhythm === null ? null : BigInt(rhythm) * HOUR,
        }),
      );
      const hosts = [{ name: "MX1", addresses: [], aliases: ["mx1.clinic.example"], roles: [] }];
      const plain = found(sources, { ...GIVEN, hosts });
      expect(found(shuffled(sources, seed), { ...GIVEN, hosts })).toEqual(plain);
      expect(plain.every(({ host }) => host !== "mx1.clinic.example")).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test("the answer tells a silence once, with its reason", () => {
  const sources = [evtx(DEFENDER, "2021-10-01T00:00:00Z"), evtx("System", "2021-12-20T00:00:00Z")];
  const hours = { critical: 24, high: 72, medium: 336, low: 720, informational: 2160 };
  const standing = standFindings(found(sources), NO_HISTORY, hours);
  const asOf = known(toTicks(ticks("2021-12-31T00:00:00Z")), "a time");
  const { statements } = answerAnswered(standing, { ...NOTHING, sources }, asOf);
  const told = statements.filter(({ text }) => text.includes("says nothing"));
  expect(told.map(({ text }) => text)).toEqual([
    `The antivirus log fell silent (high) on MX1: MX1 ${DEFENDER} says nothing from 2021-10-01T00:00:00Z to 2021-12-20T00:00:00Z: 1 other log of the host goes on, as System does; its longest usual quiet is 1 hour; open, answered by nobody for 91 days.`,
  ]);
});

const MITRE = ["evtx", "mitre"];
const IMPAIR = [...MITRE, "TA0005-Defense_Evasion"];

test.skipIf(shared(...MITRE) === null).each([
  [[...MITRE, "Antivirus", "ID1151-Defender_health_status.evtx"], [["protection", "medium", 9]]],
  [
    [
      ...IMPAIR,
      "T1562.001-Impair_Defenses-Disable_or_Modify_tool",
      "ID5007-Defender_threat_exclusion_native_.evtx",
    ],
    [["exclusion", "medium", 4]],
  ],
  [
    [...IMPAIR, "T1562.002-Disable_Windows_Event_Logging", "ID4719-Audit_policy_deactivation.evtx"],
    [["protection", "medium", 30]],
  ],
  [[...MITRE, "Antivirus", "ID1116-1117-Defender_threat_detected.evtx"], []],
])("real logs: %s", async (path, expected) => {
  const file = shared(...path) ?? "";
  const collector = createSigns(TERMS);
  const formats = makeFormats(parseTables(read("tables")));
  const reader = await formats.load("evtx");
  const setting = { place: place(file), host: null, zone: null, skewMillis: 0 };
  const bytes = memorySource(new Uint8Array(readFileSync(file)));
  for (const piece of reader.read(bytes, setting)) if (piece.kind === "batch") collector.add(piece);
  const state = collector.state();
  const exclusions = judgeExclusions(state, {
    terms: parseExclusions(read("exclusions")),
    hosts: [],
    coverage: NOTHING,
  });
  const findings = [...protectionFindings(state, TERMS, []), ...exclusionFindings(exclusions)];
  expect(findings.map(({ kind, level, detections }) => [kind, level, detections.length])).toEqual(
    expected,
  );
});
