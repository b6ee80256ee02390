import { expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { toTicks } from "../../base/time.ts";
import type { FindingAct, FindingAnswer } from "../../model/answer.ts";
import type { Finding, StandingFinding } from "../../model/finding.ts";
import { detection, ticks } from "../cause/made.test-data.ts";
import { groupFindings } from "./findings.ts";
import { type FindingHistory, coveredBy, standFindings } from "./standing.ts";

const HOURS = { critical: 24, high: 72, medium: 336, low: 720, informational: 2160 };
const LOOKED = { scope: "clean", entry: "found", persistence: "not-looked-at" } as const;

function at(text: string) {
  return known(toTicks(ticks(text)), "a time");
}

const FIRST = detection("2021-08-13T10:00:00Z", { rule: "shell" });
const SECOND = detection("2021-08-14T10:00:00Z", { rule: "shell" });

function findingOf(...rows: readonly (typeof FIRST)[]): Finding {
  return known(groupFindings(rows)[0], "a finding");
}

function answered(finding: Finding, time: string, more: Partial<FindingAnswer> = {}): FindingAct {
  const answer: FindingAnswer = {
    determination: "malicious",
    reason: "a web shell; the server was rebuilt",
    by: "Ann",
    at: at(time),
    checked: LOOKED,
    evidence: ["ticket 12"],
    covers: coveredBy(finding),
    ...more,
  };
  return { kind: "answered", finding: finding.id, answer };
}

function stand(
  finding: Finding,
  acts: readonly FindingAct[],
  opened = "2021-12-01T00:00:00Z",
): StandingFinding {
  const history: FindingHistory = { opened: new Map([[finding.id, at(opened)]]), acts };
  return known(standFindings([finding], history, HOURS)[0], "one for one");
}

test("a finding is open from the run that told of it, and due by its level", () => {
  const standing = stand(findingOf(FIRST), []);
  expect(standing).toMatchObject({ state: "open", owner: null, answer: null, stateWhy: "" });
  expect(standing.due).toBe(at("2021-12-04T00:00:00Z"));
  expect(standing.opened).toBe(at("2021-12-01T00:00:00Z"));
});

test("who takes it has it, and it is not answered by that", () => {
  const finding = findingOf(FIRST);
  const taken: FindingAct = {
    kind: "taken",
    finding: finding.id,
    by: "Ann",
    at: at("2021-12-02T00:00:00Z"),
  };
  expect(stand(finding, [taken])).toMatchObject({ state: "taken", owner: "Ann", answer: null });
  expect(stand(finding, [taken]).due).not.toBeNull();
});

test("an answer that covers all of it answers it; what comes later opens it again", () => {
  const finding = findingOf(FIRST);
  const act = answered(finding, "2021-12-02T00:00:00Z");
  expect(stand(finding, [act])).toMatchObject({ state: "answered", owner: "Ann", due: null });
  expect(stand(finding, [act]).answer).toMatchObject({
    determination: "malicious",
    checked: LOOKED,
  });
  const grown = stand(findingOf(FIRST, SECOND), [act]);
  expect(grown).toMatchObject({
    state: "reopened",
    answer: null,
    stateWhy: "1 detection came that no answer covers",
  });
  expect(grown.due).not.toBeNull();
  const both = findingOf(FIRST, SECOND);
  expect(stand(both, [act, answered(both, "2021-12-03T00:00:00Z")]).state).toBe("answered");
});

test("an answer goes with the detections, whatever finding they stand in", () => {
  const finding = findingOf(FIRST);
  const act = answered(finding, "2021-12-02T00:00:00Z");
  expect(stand({ ...finding, id: "another" }, [act]).state).toBe("answered");
});

test("nobody could tell: that answers nothing", () => {
  const finding = findingOf(FIRST);
  const act = answered(finding, "2021-12-02T00:00:00Z", { determination: "unknown" });
  expect(stand(finding, [act])).toMatchObject({
    state: "open",
    answer: null,
    stateWhy: "Ann could not tell what it is: that is no answer",
  });
});

test("one reason given to many findings within a minute answers none of them", () => {
  const findings = Array.from({ length: 6 }, (_, at) =>
    findingOf(detection("2021-08-13T10:00:00Z", { rule: `rule-${at}` })),
  );
  const acts = findings.map((finding, second) => answered(finding, `2021-12-02T00:00:0${second}Z`));
  const standing = (some: readonly FindingAct[]) =>
    standFindings(findings, { opened: new Map(), acts: some }, HOURS).map(({ state }) => state);
  expect(new Set(standing(acts))).toEqual(new Set(["open"]));
  expect(standFindings(findings, { opened: new Map(), acts }, HOURS)[0]?.stateWhy).toContain(
    "one reason to many findings",
  );
  // Five are a person's afternoon; and words of their own are no bulk.
  expect(standing(acts.slice(0, 5)).filter((state) => state === "answered")).toHaveLength(5);
  const own = findings.map((finding, second) =>
    answered(finding, `2021-12-02T00:00:0${second}Z`, { reason: `looked at ${second}` }),
  );
  expect(new Set(standing(own))).toEqual(new Set(["answered"]));
  // Over hours the same words may be meant.
  const slow = findings.map((finding, hour) => answered(finding, `2021-12-02T0${hour}:00:00Z`));
  expect(new Set(standing(slow))).toEqual(new Set(["answered"]));
});

test("what was answered can be opened again by name; only a later answer closes it", () => {
  const finding = findingOf(FIRST);
  const acts: FindingAct[] = [
    answered(finding, "2021-12-02T00:00:00Z"),
    {
      kind: "reopened",
      finding: finding.id,
      by: "Bea",
      at: at("2021-12-03T00:00:00Z"),
      reason: "a second shell",
    },
  ];
  expect(stand(finding, acts)).toMatchObject({
    state: "reopened",
    stateWhy: "Bea opened it again: a second shell",
    owner: null,
  });
  const later = answered(finding, "2021-12-04T00:00:00Z", { by: "Cleo" });
  expect(stand(finding, [...acts, later])).toMatchObject({ state: "answered", owner: "Cleo" });
});

test("a clock that is set back decides nothing: the order of recording does", () => {
  const finding = findingOf(FIRST);
  const opened: FindingAct = {
    kind: "reopened",
    finding: finding.id,
    by: "Bea",
    at: at("2031-12-03T00:00:00Z"),
    reason: "the shell is back",
  };
  const taken: FindingAct = {
    kind: "taken",
    finding: finding.id,
    by: "Ann",
    at: at("2021-12-04T00:00:00Z"),
  };
  const first = answered(finding, "2031-12-02T00:00:00Z");
  expect(stand(finding, [first, opened, taken])).toMatchObject({ owner: "Ann" });
  const again = answered(finding, "2021-12-05T00:00:00Z", { reason: "rebuilt again" });
  expect(stand(finding, [first, opened, taken, again])).toMatchObject({
    state: "answered",
    answer: { reason: "rebuilt again" },
  });
});

test("answers that a wrong clock dated years ahead make no bulk closure of those that follow", () => {
  const findings = Array.from({ length: 7 }, (_, number) =>
    findingOf(detection(`2021-08-13T10:00:0${number}Z`, { rule: `rule ${number}` })),
  );
  const acts = findings.map((finding, number) =>
    answered(finding, number === 0 ? "2031-01-01T00:00:00Z" : `2022-0${number}-01T00:00:00Z`),
  );
  const history = { opened: new Map(), acts };
  const states = standFindings(findings, history, HOURS).map(({ state }) => state);
  expect(states).toEqual(Array(7).fill("answered"));
});

test("a finding without detections is covered by its mark, until it gets graver", () => {
  const finding: Finding = {
    ...findingOf(FIRST),
    id: "p",
    detections: [],
    level: "medium",
    kind: "patch",
  };
  const act = answered(finding, "2021-12-02T00:00:00Z", { determination: "accepted" });
  expect(stand(finding, [act]).state).toBe("answered");
  expect(stand({ ...finding, level: "critical" }, [act])).toMatchObject({
    state: "reopened",
    stateWhy: "the answer does not cover what is there now",
  });
});

test("a hundred thousand answers are folded in under two seconds", () => {
  const findings = Array.from({ length: 2_000 }, (_, at) =>
    findingOf(detection("2021-08-13T10:00:00Z", { rule: `rule-${at}` })),
  );
  const acts = Array.from({ length: 100_000 }, (_, n) =>
    answered(known(findings[n % 2_000], "one"), "2021-12-02T00:00:00Z"),
  );
  const start = performance.now();
  standFindings(findings, { opened: new Map(), acts }, HOURS);
  expect(performance.now() - start).toBeLessThan(2_000);
});
