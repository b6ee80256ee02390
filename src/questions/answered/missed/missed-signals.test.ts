import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { known } from "../../../base/assert.ts";
import { formatDay } from "../../../base/day.ts";
import { parseTime, type Ticks } from "../../../base/time.ts";
import type { FindingAct, FindingAnswer } from "../../../model/answer.ts";
import type { Detection, DetectionId } from "../../../model/detection.ts";
import type { IncidentEvent } from "../../../model/duty.ts";
import { eventKey } from "../../../model/event.ts";
import type { EvidenceHash } from "../../../model/evidence.ts";
import type { StandingFinding } from "../../../model/finding.ts";
import type { MissedSignals } from "../../../model/missed-signals.ts";
import { groupFindings } from "../findings.ts";
import { countingAnswers, NO_HISTORY, standFindings } from "../standing.ts";
import { type MissedInput, missedSignals } from "./missed-signals.ts";
import { tellMissed } from "./tell-missed.ts";
import { parseTools } from "./tools.ts";

const TOOLS = parseTools(JSON.parse(readFileSync("knowledge/tools.json", "utf8")));
const HOURS = { critical: 24, high: 24, medium: 24, low: 24, informational: 24 };

function at(text: string): Ticks {
  return known(parseTime(text), text).ticks;
}

let made = 0;

/** One detection of a web log, medium, unless told otherwise. */
function detection(time: string, told: Partial<Detection> = {}, evidence = "a"): Detection {
  const offset = ++made;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- invented ids
  const hash = evidence.repeat(64) as EvidenceHash;
  const key = eventKey({ evidence: hash, member: "", file: "" }, offset);
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- invented ids
    id: offset.toString(16).padStart(32, "0") as DetectionId,
    rule: "rule-1",
    title: "Web shell used",
    level: "medium",
    tags: [],
    ticks: at(time),
    digits: 0,
    host: "MX1",
    channel: "W3SVC1",
    at: { key, evidence: hash, file: "u_ex.log", record: String(offset), offset },
    fields: {},
    ...told,
  };
}

const DEFENDER = {
  rule: "verdict/defender",
  title: "Microsoft Defender Antivirus: web shell",
  channel: "Microsoft-Windows-Windows Defender/Operational",
} as const;

function event(kind: IncidentEvent["kind"], time: string): IncidentEvent {
  return { kind, at: at(time), recordedAt: at(time), by: "Ann", note: "", law: null };
}

function input(detections: readonly Detection[], told: Partial<MissedInput> = {}): MissedInput {
  return {
    detections,
    findings: standFindings(groupFindings(detections), NO_HISTORY, HOURS),
    answers: [],
    tests: new Map(),
    incident: [event("suspected", "2021-12-09T15:00Z")],
    sources: [],
    tools: TOOLS,
    asOf: at("2022-01-01T00:00Z"),
    ...told,
  };
}

function answer(time: string, covers: readonly Detection[]): FindingAnswer {
  return {
    determination: "malicious",
    reason: "looked at",
    by: "Ann",
    at: at(time),
    checked: { scope: "clean", entry: "clean", persistence: "clean" },
    evidence: [],
    covers: covers.map(({ id }) => id),
  };
}

function textsOf(missed: MissedSignals | null, findings: readonly StandingFinding[] = []) {
  return tellMissed(missed, findings).statements.map(({ text }) => text);
}

test("the sentence for a board names the streak, and counts its days among those that it tells", () => {
  const verdicts = ["2021-08-13", "2021-08-20"].map((day) =>
    detection(`${day}T04:12:00Z`, { ...DEFENDER, level: "high" }),
  );
  const probe = detection("2021-03-04T00:00:00Z", { tags: ["breakwater.rung.probed"] });
  const [found] = standFindings(groupFindings(verdicts), NO_HISTORY, HOURS);
  const streak = {
    ...known(found ?? null, "a finding"),
    kind: "streak" as const,
    counts: { files: 54 },
  };
  const missed = missedSignals(
    input([probe, ...verdicts, detection("2021-08-14T04:12:00Z")], { findings: [streak] }),
  );
  expect(tellMissed(missed, [streak]).headline).toBe(
    "On 3 of 119 days from 2021-08-13 to the discovery on 2021-12-09 more than probes was visible, on 2 of them the streak of 54 files on MX1; no answer in time is recorded for any of them.",
  );
});

test("a tool that stands twice, or that has no source, is refused", () => {
  const [tool] = TOOLS;
  const read = (tools: readonly unknown[]) => () => parseTools({ about: "", tools });
  expect(read([tool])).not.toThrow();
  expect(read([tool, tool])).toThrow("stands twice");
  expect(read([{ ...tool, source: "" }])).toThrow("tools.json");
});

test("from the first sign to the discovery: what was visible, where, and whether it alarmed", () => {
  const missed = missedSignals(
    input([
      detection("2021-08-13T04:12:00Z"),
      detection("2021-08-13T05:00:00Z"),
      detection("2021-08-14T01:00:00Z", { ...DEFENDER, level: "high" }),
      detection("2021-12-10T01:00:00Z"),
    ]),
  );
  expect(missed).toMatchObject({ days: [{}, {}] });
  if (missed === null) throw new Error("there are signs");
  const { from, discovered, until, days } = missed;
  expect([formatDay(from), discovered, formatDay(until)]).toEqual([
    "2021-08-13",
    until,
    "2021-12-09",
  ]);
  expect(days[0]?.signals).toMatchObject([
    { tool: "IIS log", alarms: false, host: "MX1", count: 2, answered: null },
  ]);
  expect(days[1]?.signals).toMatchObject([
    { tool: "Microsoft Defender Antivirus", alarms: true, level: "high", count: 1 },
  ]);
  expect(textsOf(missed)).toEqual([
    "On 2 of 119 days from 2021-08-13 to the discovery on 2021-12-09 more than probes was visible; no answer in time is recorded for any of them.",
    "On 1 of these days a tool said it by itself (Microsoft Defender Antivirus); on the other 1 day it was visible only to somebody who looked (IIS log).",
  ]);
});

test("without a discovery the calendar runs until as-of, and says so", () => {
  const missed = missedSignals(input([detection("2021-12-31T04:12:00Z")], { incident: [] }));
  expect(missed).toMatchObject({ discovered: null });
  expect(textsOf(missed)[0]).toContain("nobody has recorded a discovery");
});

test("a suspicion counts before the knowledge, and what is stated for later than as-of does not", () => {
  const incident = [event("aware", "2021-12-13T10:00Z"), event("suspected", "2021-12-09T15:00Z")];
  const later = missedSignals(input([detection("2021-08-13T04:12:00Z")], { incident }));
  expect(formatDay(known(later?.discovered ?? null, "discovery"))).toBe("2021-12-09");
  const early = missedSignals(
    input([detection("2021-08-13T04:12:00Z")], { incident, asOf: at("2021-12-01T00:00Z") }),
  );
  expect(early?.discovered).toBeNull();
});

test("tests, test files and what is below medium are no signs", () => {
  const tested = detection("2021-08-01T00:00:00Z");
  const eicar = detection("2021-08-02T00:00:00Z", { ...DEFENDER, fields: { family: "test" } });
  const beside = { ...detection("2021-08-02T00:00:00Z"), at: eicar.at };
  const low = detection("2021-08-04T00:00:00Z", { level: "low" });
  const told = { tests: new Map([[tested.id, "us"]]) };
  expect(missedSignals(input([tested, eicar, beside, low], told))).toBeNull();
  expect(missedSignals(input([tested, eicar, beside, low]))?.days).toHaveLength(1);
});

test("a rung makes a sign of any level", () => {
  const probe = detection("2021-08-04T00:00:00Z", {
    level: "low",
    tags: ["breakwater.rung.probed"],
  });
  const missed = missedSignals(input([probe]));
  expect(missed?.days[0]?.signals[0]?.rung).toBe("probed");
  expect(tellMissed(missed).headline).toBe("");
  expect(textsOf(missed)).toEqual([
    "On 1 day from 2021-08-04 to the discovery on 2021-12-09 nothing but probes was visible, which any server on the internet receives; no answer in time is recorded.",
  ]);
  const shell = detection("2021-08-06T00:00:00Z", { tags: ["breakwater.rung.used"] });
  const both = missedSignals(input([probe, shell]));
  expect(tellMissed(both).headline).toContain("On 1 of 126 days from 2021-08-06 to");
  expect(textsOf(both)[2]).toContain("On 1 further day from 2021-08-04 to");
});

test("copies of one record count once; what a log repeats counts as often", () => {
  const twice = (evidence: string) => [
    detection("2021-08-13T04:12:00Z", { fields: { uri: "/a" } }, evidence),
    detection("2021-08-13T04:12:00Z", { fields: { uri: "/a" } }, evidence),
  ];
  const named = (evidence: string) =>
    detection("2021-08-13T04:12:00Z", { title: "B", recordId: "guid-1" }, evidence);
  const missed = missedSignals(input([...twice("a"), ...twice("b"), named("a"), named("b")]));
  expect(missed?.days[0]?.signals.map(({ what, count }) => [what, count])).toEqual([
    ["B", 1],
    ["Web shell used", 2],
  ]);
});

test("an answer counts when it covers all, as given then only before the discovery", () => {
  const [a, b] = [detection("2021-08-13T04:12:00Z"), detection("2021-08-13T05:12:00Z")];
  const told = (answers: readonly FindingAnswer[]) =>
    missedSignals(input([a, b], { answers }))?.days[0]?.signals[0]?.answered;
  expect(told([answer("2021-08-20T00:00Z", [a])])).toBeNull();
  expect(told([answer("2021-08-20T00:00Z", [a, b])])).toMatchObject({ by: "Ann", inTime: true });
  expect(
    told([answer("2021-08-20T00:00Z", [a, b]), answer("2022-08-20T00:00Z", [a, b])]),
  ).toMatchObject({ inTime: true });
  expect(told([answer("2021-08-20T00:00Z", [a]), answer("2021-12-20T00:00Z", [b])])).toMatchObject({
    inTime: false,
  });
});

test("an answer that could not tell is none", () => {
  const one = detection("2021-08-13T04:12:00Z");
  const given = { ...answer("2021-08-20T00:00Z", [one]), determination: "unknown" as const };
  const acts: readonly FindingAct[] = [{ kind: "answered", finding: one.id, answer: given }];
  expect(countingAnswers(acts)).toEqual([]);
});

test("the sentence says who answered for a part", () => {
  const [a, b] = [
    detection("2021-08-13T04:12:00Z"),
    detection("2021-08-13T05:12:00Z", { title: "Scan", rule: "rule-2" }),
  ];
  const missed = missedSignals(input([a, b], { answers: [answer("2021-08-20T00:00Z", [a])] }));
  expect(textsOf(missed)[0]).toContain("on 1 of them a part of it was answered in time.");
});

test("what came only after the discovery was not missed", () => {
  expect(missedSignals(input([detection("2021-12-24T00:00:00Z")]))).toBeNull();
});

test("a record that no clock dates begins nothing", () => {
  expect(missedSignals(input([detection("1970-01-01T00:00:00Z")]))).toBeNull();
});

test("the order of detections decides nothing, and days come in order", () => {
  const all = [
    ...["2021-08-13", "2021-09-01", "2021-09-01", "2021-11-30"].map((day) =>
      detection(`${day}T04:12:00Z`),
    ),
    detection("2021-09-01T04:12:00Z", { ...DEFENDER, level: "high" }),
  ];
  const expected = missedSignals(input(all));
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
      expect(missedSignals(input(shuffled))).toEqual(expected);
    }),
  );
  const days = (expected?.days ?? []).map(({ day }) => day);
  expect(days).toEqual(days.toSorted((a, b) => a - b));
});

test("a log that no tool names goes by its own name; a format names those that have no channel", () => {
  const strange = detection("2021-08-13T04:12:00Z", { channel: "Nginx" });
  const plain = detection("2021-08-14T04:12:00Z", { channel: "" });
  const reference = strange.at;
  const source = {
    host: "MX1",
    format: "ncsa" as const,
    channel: "",
    events: 1,
    undated: 0,
    first: 0n,
    last: 0n,
    firstAt: reference,
    lastAt: reference,
    rhythm: null,
    gaps: [],
    rotation: null,
  };
  const missed = missedSignals(input([strange, plain], { sources: [source] }));
  expect(missed?.days.map(({ signals }) => signals[0]?.tool)).toEqual(["Nginx log", "IIS log"]);
});

test("none of 100,000 detections is lost, whatever file it stands in", () => {
  const many = Array.from({ length: 100_000 }, (_, n) =>
    detection(
      "2021-08-01T00:00:00Z",
      { ticks: at("2021-08-01T00:00:00Z") + BigInt(n) * 1_000_000_000n, fields: { uri: `/${n}` } },
      "ab"[n % 2],
    ),
  );
  const days = missedSignals(input(many, { findings: [] }))?.days ?? [];
  expect(days).toHaveLength(116);
  const counts = days.flatMap(({ signals }) => signals.map(({ count }) => count));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100_000);
});
