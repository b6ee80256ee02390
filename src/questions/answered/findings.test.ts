import fc from "fast-check";
import { expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { UNDATED, toTicks } from "../../base/time.ts";
import type { Coverage } from "../../model/coverage.ts";
import { type Detection, LEVELS } from "../../model/detection.ts";
import { detection, iso, shuffled, source, ticks } from "../cause/made.test-data.ts";
import { answerAnswered } from "./answer.ts";
import type { Finding } from "../../model/finding.ts";
import { groupFindings } from "./findings.ts";
import { NO_HISTORY, standFindings } from "./standing.ts";

test("one finding for each rule and host, with the id of its earliest detection", () => {
  const late = detection("2021-08-14T10:00:00Z", { rule: "shell" });
  const early = detection("2021-08-13T10:00:00Z", { rule: "shell" });
  const other = detection("2021-08-12T10:00:00Z", { rule: "shell", host: "MX2" });
  const critical = detection("2021-09-12T10:00:00Z", { rule: "export", level: "critical" });
  const findings = groupFindings([late, early, other, critical]);
  expect(
    findings.map(({ id, host, rule, detections }) => [id, host, rule, detections.length]),
  ).toEqual([
    [critical.id, "MX1", "export", 1],
    [other.id, "MX2", "shell", 1],
    [early.id, "MX1", "shell", 2],
  ]);
  expect([findings[2]?.firstSeen, findings[2]?.lastSeen]).toEqual([early.ticks, late.ticks]);
  expect(findings[2]?.why).toBe("one rule on MX1: 2 records of W3SVC1");
});

test("examples are the earliest records, each once; undated detections stand last", () => {
  const rows = Array.from({ length: 20 }, (_, at) =>
    detection(iso(ticks("2021-08-13T10:00:00Z") - BigInt(at) * 10_000_000n), {
      rule: "shell",
      offset: at,
    }),
  );
  const undated = detection("2021-08-13T10:00:00Z", { rule: "shell", ticks: UNDATED, offset: 99 });
  const [finding] = groupFindings([undated, ...rows, ...rows]);
  expect(finding?.examples.map(({ offset }) => offset)).toEqual([19, 18, 17, 16, 15]);
  expect(finding?.detections).toHaveLength(21);
  expect(finding?.detections.at(-1)).toBe(undated.id);
  expect(finding?.lastSeen).toBe(ticks("2021-08-13T10:00:00Z"));
  expect(groupFindings([undated])[0]?.firstSeen).toBe(UNDATED);
});

/** What a correlation found in records a minute apart, the first at this minute; its id is of all of them. */
function burst(from: number, records: number, parts: { readonly host?: string } = {}): Detection {
  const start = ticks("2021-08-13T10:00:00Z");
  const minute = (at: number) => start + BigInt(from + at) * 600_000_000n;
  const made = Array.from({ length: records }, (_, at) =>
    detection(iso(minute(at)), { rule: "burst", offset: 1_000 + from + at, ...parts }),
  );
  const first = known(made[0], "a burst has records");
  const events = made.map(({ at }) => at);
  const until = minute(records - 1);
  const id = `burst of ${from} to ${from + records}` as Detection["id"];
  const correlated = { until, group: {}, events, eventsTotal: records, isTotalExact: true };
  return { ...first, id, correlated };
}

test("a correlation's finding was last seen with its last event, and shows how it began and ended", () => {
  const [finding] = groupFindings([burst(0, 31)]);
  expect(finding?.firstSeen).toBe(ticks("2021-08-13T10:00:00Z"));
  expect(finding?.lastSeen).toBe(ticks("2021-08-13T10:30:00Z"));
  expect(finding?.examples.map(({ offset }) => offset)).toEqual([1000, 1001, 1002, 1003, 1030]);
  expect(finding?.why).toBe("one correlation that began on MX1: 31 records together");
  expect(groupFindings([burst(0, 31), burst(40, 5)])[0]?.why).toBe(
    "one correlation that began on MX1: 2 times, 5 records to 31 records together each time",
  );
  // A long one that began before a short one is still going on when that is over.
  expect(groupFindings([burst(0, 31), burst(5, 2)])[0]?.lastSeen).toBe(
    ticks("2021-08-13T10:30:00Z"),
  );
});

test("a correlation's finding stays the same when an event comes late", () => {
  const [before] = groupFindings([burst(10, 20)]);
  const told = [before?.id ?? ""];
  // Within it, behind it, and before it: each time its detection has another id.
  for (const now of [burst(10, 19), burst(10, 21), burst(8, 20)]) {
    const [after, ...more] = groupFindings([now], [], told);
    expect(after?.id).toBe(before?.id);
    expect(after?.detections).not.toEqual(before?.detections);
    expect(more).toEqual([]);
  }
  // Two hosts share records: only one of them was told before.
  const both = groupFindings([burst(8, 20), burst(9, 20, { host: "MX2" })], [], told);
  expect(new Set(both.map(({ id }) => id)).size).toBe(2);
  expect(both.map(({ id }) => id)).toContain(before?.id);
});

test("hosts that the case file calls one are one", () => {
  const names = ["mx1", "mx1.clinic.example"];
  const rows = names.map((host) => detection("2021-08-13T10:00:00Z", { rule: "shell", host }));
  const hosts = [{ name: "MX1", addresses: [], aliases: names, roles: [] }];
  expect(groupFindings(rows)).toHaveLength(2);
  expect(groupFindings(rows, hosts).map(({ host }) => host)).toEqual(["MX1"]);
});

test("an id that was told before stays, though evidence brings an earlier detection", () => {
  const late = detection("2021-08-14T10:00:00Z", { rule: "shell" });
  const early = detection("2021-08-13T10:00:00Z", { rule: "shell" });
  const [before] = groupFindings([late]);
  expect(groupFindings([late, early])[0]?.id).toBe(early.id);
  expect(groupFindings([late, early], [], [before?.id ?? ""])[0]?.id).toBe(late.id);
  expect(groupFindings([late, early], [], [early.id, late.id])[0]?.id).toBe(early.id);
});

test("the order of detections does not matter", () => {
  const made = fc.record({
    minute: fc.nat({ max: 500 }),
    rule: fc.nat({ max: 12 }),
    host: fc.constantFrom("MX1", "mx1", "DC1", ""),
    offset: fc.nat({ max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(made, { maxLength: 400 }), fc.nat(), (rows, seed) => {
      const all = rows.map(({ minute, rule, host, offset }) =>
        detection(iso(ticks("2021-08-01T00:00:00Z") + BigInt(minute) * 600_000_000n), {
          rule: `rule-${rule}`,
          level: LEVELS[rule % 5] ?? "low",
          host,
          offset: offset * 1000 + minute,
        }),
      );
      const unique = [...new Map(all.map((each) => [each.id, each])).values()];
      const plain = groupFindings(unique);
      expect(groupFindings(shuffled(unique, seed))).toEqual(plain);
      const ids = plain.flatMap(({ detections }) => detections);
      expect(new Set(ids)).toEqual(new Set(unique.map(({ id }) => id)));
      expect(ids).toHaveLength(unique.length);
    }),
    { numRuns: 60 },
  );
});

test("100,000 detections are grouped in under three seconds", () => {
  const rows: Detection[] = Array.from({ length: 100_000 }, (_, at) =>
    detection("2021-08-13T10:00:00Z", {
      ticks: ticks("2021-08-13T10:00:00Z") + BigInt((at * 7919) % 99_991) * 10_000_000n,
      rule: `rule-${at % 300}`,
      host: `HOST${at % 40}`,
      offset: at,
    }),
  );
  // Of this thread alone: other tests run beside it.
  const start = process.threadCpuUsage();
  expect(groupFindings(rows).reduce((sum, { detections }) => sum + detections.length, 0)).toBe(
    100_000,
  );
  const { user, system } = process.threadCpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(3000);
});

const NOTHING: Coverage = {
  sources: [],
  cleared: [],
  skews: [],
  clockChanges: [],
  expected: [],
  limits: [],
};
const DEFENDER = "Microsoft-Windows-Windows Defender/Operational";

/** The moment that the answer is given for. */
const NOW = known(toTicks(ticks("2021-12-31T00:00:00Z")), "a time");
const HOURS = { critical: 24, high: 72, medium: 336, low: 720, informational: 2160 };

function untouched(findings: readonly Finding[]) {
  return standFindings(findings, NO_HISTORY, HOURS);
}

test("the answer tells what was seen, and that nobody answered it", () => {
  const web = source("W3SVC1", "2021-06-01T00:00:00Z", "2021-12-20T00:00:00Z");
  const coverage = { ...NOTHING, sources: [web] };
  const rows = Array.from({ length: 30 }, (_, at) =>
    detection("2021-08-13T10:00:00Z", { rule: `rule-${at}` }),
  );
  const answer = answerAnswered(untouched(groupFindings(rows)), coverage, NOW);
  expect(answer.state).toBe("partly");
  expect(answer.headline).toBe(
    "30 findings from 30 detections on 1 host, the first on 13 August 2021, 10:00 UTC. None of them is answered by a named person for up to 139 days.",
  );
  expect(answer.statements).toHaveLength(21);
  expect(answer.statements.at(-1)?.text).toContain("10 further findings (10 high)");
  expect(answer.statements.every(({ at }) => at.length > 0)).toBe(true);
  expect(answer.unknown.join()).toContain("no antivirus log of it is here");
  // Mails have no antivirus of their own.
  const mails = { ...coverage, sources: [{ ...web, host: "", format: "mail" as const }] };
  expect(answerAnswered([], mails, NOW).unknown.join()).not.toContain("antivirus log");
});

test("no finding is said over its coverage; a sensor that falls silent has a finding of its own", () => {
  const gap = {
    from: ticks("2021-09-01T00:00:00Z"),
    to: ticks("2021-09-20T00:00:00Z"),
    kind: "quiet" as const,
    why: "no record for 19 days",
    before: source("a", "2021-06-01T00:00:00Z", "2021-06-01T00:00:00Z").firstAt,
    after: source("b", "2021-06-01T00:00:00Z", "2021-06-01T00:00:00Z").firstAt,
  };
  const sensor = source(DEFENDER, "2021-06-01T00:00:00Z", "2021-12-20T00:00:00Z", {
    format: "evtx",
    gaps: [gap],
  });
  const answer = answerAnswered([], { ...NOTHING, sources: [sensor] }, NOW);
  expect(answer.statements.map(({ text }) => text)).toEqual([
    `No finding in 1,000 event log records of MX1 ${DEFENDER} from 2021-06-01T00:00:00Z to 2021-12-20T00:00:00Z, with 19 days missing; the rules that ran decide what could be found.`,
  ]);
  expect(answerAnswered([], NOTHING, NOW).state).toBe("not-yet");
});
