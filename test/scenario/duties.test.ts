/**
 * The clocks of a breach, told as a lawyer would: who stated what, and what follows on which day.
 * Laws are the shipped ones, so a change of a law's facts shows here.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { known } from "../../src/base/assert.ts";
import { formatTicks, parseTime, readableTime, type Ticks } from "../../src/base/time.ts";
import type { Clock, IncidentEvent, IncidentEventKind } from "../../src/model/duty.ts";
import { answerDuties, clocksOf, parseLaws } from "../../src/questions/duties/index.ts";

const read = (name: string): unknown => JSON.parse(readFileSync(`knowledge/laws/${name}`, "utf8"));
const LAWS = parseLaws([read("gg-dpl-2017.json"), read("uk-gdpr.json")]);
const GUERNSEY = LAWS.slice(0, 1);

function at(text: string): Ticks {
  return known(parseTime(text), text).ticks;
}

/** What was said, when it is said to have happened, by whom; recorded the same minute unless told. */
function act(kind: IncidentEventKind, when: string, by: string, more: Partial<IncidentEvent> = {}) {
  const event: IncidentEvent = {
    kind,
    at: at(when),
    recordedAt: at(when),
    by,
    note: "",
    law: null,
  };
  return { ...event, ...more };
}

function clock(clocks: readonly Clock[], law: string, duty: string): Clock {
  return known(
    clocks.find((one) => one.law === law && one.duty === duty),
    `${law} ${duty}`,
  );
}

function authority(incident: readonly IncidentEvent[], asOf: string): Clock {
  return clock(clocksOf(GUERNSEY, incident, at(asOf)), "gg-dpl-2017", "notify-authority");
}

const AWARE = act("aware", "2021-12-13T10:00Z", "IT lead");

test("before anybody is aware, no clock runs", () => {
  expect(authority([], "2021-12-13T10:00Z").state).toBe("not-started");
});

test("aware on Monday at ten: the Authority is to be told by Thursday at ten", () => {
  const running = authority([AWARE], "2021-12-14T10:00Z");
  expect(running.state).toBe("running");
  expect(formatTicks(known(running.due, "due"), 0)).toBe("2021-12-16T10:00:00Z");
});

test("the last moment of the 72 hours is still in time, the next is not", () => {
  expect(authority([AWARE], "2021-12-16T10:00:00.0000000Z").state).toBe("running");
  expect(authority([AWARE], "2021-12-16T10:00:00.0000001Z").state).toBe("overdue");
  const last = act("notified", "2021-12-16T10:00:00.0000000Z", "DPO");
  const late = act("notified", "2021-12-16T10:00:00.0000001Z", "DPO");
  expect(authority([AWARE, last], "2022-01-01").state).toBe("met");
  expect(authority([AWARE, late], "2022-01-01").state).toBe("met-late");
});

test("a late notice is never held back: its reason may follow", () => {
  const overdue = authority([AWARE], "2021-12-20");
  const lines = overdue.notice.map((line) => `${line.text}: ${line.answer}`);
  expect(lines).toContain("REASON FOR DELAY: to be supplied");
  const early = authority([AWARE], "2021-12-14");
  expect(early.notice.some((line) => line.text === "REASON FOR DELAY")).toBe(false);
});

test("a first notice says what is known and what will follow", () => {
  const facts = {
    nature: "Mail server entered through a known weakness",
    likelyConsequences: "  ",
  };
  const clocks = clocksOf(GUERNSEY, [AWARE], at("2021-12-14"), facts);
  const { notice, phased } = clock(clocks, "gg-dpl-2017", "notify-authority");
  expect(notice[0]).toMatchObject({ answer: facts.nature, known: true });
  expect(notice.find((line) => line.id === "likelyConsequences")).toMatchObject({
    answer: "being assessed; to be supplied",
    known: false,
  });
  expect(phased).toContain("may be incomplete");
});

test("two people disagree: the earliest time rules, the other is disputed by name", () => {
  const earlier = act("aware", "2021-12-10T16:30Z", "Reception", { recordedAt: at("2022-02-01") });
  const told = authority([AWARE, earlier], "2021-12-14");
  expect(told.startedBy?.by).toBe("Reception");
  expect(told.state).toBe("overdue");
  expect(told.disputed.map((one) => one.by)).toEqual(["IT lead"]);
  expect(told.remarks.join()).toContain("first stated as 13 December 2021, 10:00 Europe/Guernsey");
});

test("a later, more convenient statement moves nothing", () => {
  const convenient = act("aware", "2021-12-20T09:00Z", "Manager");
  const told = authority([AWARE, convenient], "2021-12-21");
  expect(formatTicks(known(told.due, "due"), 0)).toBe("2021-12-16T10:00:00Z");
  expect(told.disputed.map((one) => one.by)).toEqual(["Manager"]);
});

test("two people agree on the time: nothing is disputed", () => {
  const same = { ...AWARE, by: "DPO", recordedAt: at("2021-12-15") };
  expect(authority([same, AWARE], "2021-12-15").disputed).toEqual([]);
  expect(authority([same, AWARE], "2021-12-15").startedBy?.by).toBe("IT lead");
});

test("a suspicion before awareness is shown with what a regulator may make of it", () => {
  const suspected = act("suspected", "2021-12-09T10:00Z", "Nurse");
  const told = authority([suspected, AWARE], "2021-12-14");
  expect(told.state).toBe("running");
  expect(told.remarks.join()).toContain("4 days before awareness");
  expect(told.remarks.join()).toContain("fallen due on 12 December 2021, 10:00");
  const alone = authority([suspected], "2021-12-14");
  expect(alone.state).toBe("not-started");
  expect(alone.remarks.join()).toContain("awareness has not been stated");
});

test("a notice before the stated awareness meets the duty and raises the question", () => {
  const told = authority([act("notified", "2021-12-12T10:00Z", "DPO"), AWARE], "2021-12-14");
  expect(told.state).toBe("met");
  expect(told.remarks.join()).toContain("earlier than stated");
  const unaware = authority([act("notified", "2021-12-12T10:00Z", "DPO")], "2021-12-14");
  expect(unaware.state).toBe("met");
  expect(unaware.remarks.join()).toContain("whether it was in time cannot be told");
});

test("what is stated for a time to come does not count yet", () => {
  const planned = act("notified", "2021-12-15T09:00Z", "DPO");
  const told = authority([AWARE, planned], "2021-12-14");
  expect(told.state).toBe("running");
  expect(told.metBy).toBeNull();
  expect(told.remarks.join()).toContain("Not counted: notice stated by DPO");
  expect(authority([act("aware", "2030-01-01", "IT lead")], "2021-12-14").state).toBe(
    "not-started",
  );
});

test("two jurisdictions run side by side; one notice under one law meets that law only", () => {
  const told = act("notified", "2021-12-14T10:00Z", "DPO", { law: "gg-dpl-2017" });
  const clocks = clocksOf(LAWS, [AWARE, told], at("2021-12-17"));
  expect(clock(clocks, "gg-dpl-2017", "notify-authority").state).toBe("met");
  expect(clock(clocks, "uk-gdpr", "notify-authority").state).toBe("overdue");
  const both = clocksOf(LAWS, [AWARE, { ...told, law: null }], at("2021-12-17"));
  expect(both.filter((one) => one.state === "met").map((one) => one.law)).toEqual([
    "gg-dpl-2017",
    "uk-gdpr",
  ]);
});

test("people are to be told as soon as practicable, from awareness; the decision is an event on the way", () => {
  const undecided = clock(
    clocksOf(GUERNSEY, [AWARE], at("2021-12-20")),
    "gg-dpl-2017",
    "notify-subjects",
  );
  expect(undecided).toMatchObject({ state: "no-limit", due: null });
  expect(undecided.remarks.join()).toContain("has not been taken");
  const decided = act("high-risk-decided", "2021-12-15T10:00Z", "DPO");
  const told = act("subjects-told", "2022-01-10", "DPO");
  const done = clock(
    clocksOf(GUERNSEY, [AWARE, decided, told], at("2022-02-01")),
    "gg-dpl-2017",
    "notify-subjects",
  );
  expect(done.state).toBe("met");
  expect(done.remarks.join()).toContain("2 days after awareness");
});

test("72 hours are elapsed hours, also when the clocks change in Guernsey", () => {
  // 26 March 2022 is the Saturday before summer time: three days later the wall clock is an hour on.
  const spring = authority([act("aware", "2022-03-25T12:00Z", "IT lead")], "2022-03-26");
  expect(formatTicks(known(spring.due, "due"), 0)).toBe("2022-03-28T12:00:00Z");
  expect(readableTime(known(spring.due, "due"), spring.zone)).toBe(
    "28 March 2022, 13:00 Europe/Guernsey (12:00 UTC)",
  );
  expect(spring.remarks.join()).toContain("elapsed hours are counted");
  const autumn = authority([act("aware", "2021-10-30T00:30+01:00", "IT lead")], "2021-10-30");
  expect(readableTime(known(autumn.due, "due"), autumn.zone)).toBe(
    "1 November 2021, 23:30 Europe/Guernsey (23:30 UTC)",
  );
});

test("a leap day is a day", () => {
  const leap = authority([act("aware", "2024-02-27T08:00Z", "IT lead")], "2024-02-28");
  expect(formatTicks(known(leap.due, "due"), 0)).toBe("2024-03-01T08:00:00Z");
});

test("in summer both clocks are shown, with the day where it differs", () => {
  expect(readableTime(at("2021-08-13T23:12Z"), "Europe/Guernsey")).toBe(
    "14 August 2021, 00:12 Europe/Guernsey (13 August 2021, 23:12 UTC)",
  );
});

test("the answer: overdue first, each statement with what it rests on", () => {
  const answer = answerDuties(clocksOf(LAWS, [AWARE], at("2021-12-20")), [AWARE]);
  expect(answer.state).toBe("answered");
  expect(answer.headline).toMatch(
    /^Overdue, and still owed: tell the Authority \(GG\) by 16 December 2021, 10:00 /,
  );
  expect(new Set(answer.statements.map((one) => one.basis))).toEqual(
    new Set(["claimed", "derived"]),
  );
  expect(answer.unknown.join()).toContain("REASON FOR DELAY");
});

test("the answer without acts or without a law says so", () => {
  expect(answerDuties([], []).state).toBe("not-yet");
  const idle = answerDuties(clocksOf(LAWS, [], at("2021-12-20")), []);
  expect(idle.state).toBe("partly");
  expect(idle.headline).toContain("nobody has stated");
});

test("a law with a misspelt or impossible entry is refused whole", () => {
  const law = JSON.parse(readFileSync("knowledge/laws/gg-dpl-2017.json", "utf8"));
  expect(() => parseLaws([{ ...law, zone: "Europe/Sark" }])).toThrow("0.zone");
  expect(() => parseLaws([{ ...law, hourss: 72 }])).toThrow("cannot be used");
  expect(() => parseLaws([law, law])).toThrow("share an id");
  const timeless = { ...law.duties[0], from: null, metBy: null };
  expect(() => parseLaws([{ ...law, duties: [timeless] }])).toThrow("hours need an event");
  const refused: unknown = expect.objectContaining({ code: "knowledge-invalid" });
  expect(() => parseLaws(["no law"])).toThrow(refused);
});
