import fc from "fast-check";
import { expect, test } from "vitest";
import { TICKS_PER_SECOND, type Ticks, toTicks } from "../../../base/time.ts";
import { known } from "../../../base/assert.ts";
import type { StandingFinding } from "../../../model/finding.ts";
import { type PlacedDelivery, dueMessages } from "./due.ts";
import { ANN, BOARD, STEPS, at, delivery, finding } from "./made.test-data.ts";

interface More {
  readonly steps?: typeof STEPS;
  readonly deliveries?: readonly PlacedDelivery[];
  readonly answers?: ReadonlyMap<string, number>;
}

/** What is due, in short: who, and which steps of which findings. */
function due(findings: readonly StandingFinding[], time: string | Ticks, more: More = {}) {
  const now = typeof time === "string" ? at(time) : time;
  const matter = { findings, steps: STEPS, deliveries: [], answers: new Map(), ...more };
  return dueMessages(matter, now).map(
    ({ to, about }) =>
      `${to.kind === "mail" ? to.to : to.kind}: ${about.map((each) => `${each.finding.id}/${each.step}`).join(" ")}`,
  );
}

const OPEN = [finding("a")];

test("a step is due from its hours after a run told of the finding first, and not before", () => {
  expect(due(OPEN, "2021-12-01T12:59:59Z")).toEqual([]);
  expect(due(OPEN, "2021-12-01T13:00:00Z")).toEqual(["ann@clinic.example: a/0"]);
  expect(due(OPEN, "2021-12-04T12:00:00Z")).toEqual([
    "ann@clinic.example: a/0",
    "board@clinic.example: a/1",
  ]);
});

test("it comes again every so many hours after the last that was sent; a step without them comes once", () => {
  const deliveries = [
    delivery("2021-12-01T13:00:00Z"),
    delivery("2021-12-04T13:00:00Z"),
    delivery("2021-12-04T13:00:00Z", { step: 1, to: BOARD }),
  ];
  expect(due(OPEN, "2021-12-05T12:59:59Z", { deliveries })).toEqual([]);
  expect(due(OPEN, "2021-12-05T13:00:00Z", { deliveries })).toEqual(["ann@clinic.example: a/0"]);
  expect(due(OPEN, "2022-12-05T13:00:00Z", { deliveries })).toEqual(["ann@clinic.example: a/0"]);
});

test("taken is not answered; what is answered, too low or never journalled concerns nobody", () => {
  const findings = [
    finding("answered", { state: "answered" }),
    finding("low", { level: "medium" }),
    finding("new", { opened: null }),
    finding("taken", { state: "taken" }),
  ];
  expect(due(findings, "2021-12-02T00:00:00Z")).toEqual(["ann@clinic.example: taken/0"]);
});

test("what is open again begins anew: messages from before its answer do not count, whatever the clock said", () => {
  const answers = new Map([["a", 10]]);
  const steps = STEPS.slice(1);
  const now = "2022-03-01T00:00:00Z";
  const told = (time: string, entry: number, state: "open" | "reopened") =>
    due([finding("a", { state })], now, {
      deliveries: [delivery(time, { to: BOARD, entry })],
      answers,
      steps,
    });
  expect(told("2021-12-04T13:00:00Z", 9, "open")).toEqual([]);
  expect(told("2021-12-04T13:00:00Z", 9, "reopened")).toEqual(["board@clinic.example: a/0"]);
  expect(told("2022-02-28T13:00:00Z", 11, "reopened")).toEqual([]);
  // The answer was given while the clock was a year ahead: the message after it still counts, and is not sent again with every pass.
  expect(told("2021-12-04T13:00:00Z", 11, "reopened")).toEqual([]);
  expect(told("2023-01-01T00:00:00Z", 9, "reopened")).toEqual(["board@clinic.example: a/0"]);
});

test("a clock that was a year ahead and is set back silences nobody, and floods nobody", () => {
  const ahead = "2022-12-01T12:00:00Z";
  const findings = [finding("a", { opened: at(ahead) })];
  const now = "2021-12-01T12:00:00Z";
  const both = ["ann@clinic.example: a/0", "board@clinic.example: a/1"];
  expect(due(findings, now)).toEqual(both);
  const toAnn = delivery(ahead, { entry: 1 });
  const toBoard = delivery(ahead, { entry: 1, step: 1, to: BOARD });
  // Ann's comes again; what is told once was told.
  expect(due(findings, now, { deliveries: [toAnn, toBoard] })).toEqual(["ann@clinic.example: a/0"]);
  expect(due(findings, now, { deliveries: [toAnn, toBoard, delivery(now)] })).toEqual([]);
  const failed = { ...toAnn, outcome: "failed", error: "refused" } as const;
  expect(due(findings, now, { deliveries: [failed, toBoard] })).toEqual([
    "ann@clinic.example: a/0",
  ]);
  // What a time server corrects is no wrong clock.
  expect(due(OPEN, "2021-12-01T11:59:58Z")).toEqual([]);
});

test("a flood is one message for each recipient, the gravest first, whatever the order of findings", () => {
  const flood = Array.from({ length: 500 }, (_, number) =>
    finding(String(number).padStart(3, "0"), { level: number === 321 ? "critical" : "high" }),
  );
  const messages = due(flood, "2021-12-03T00:00:00Z");
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/^ann@clinic\.example: 321\/0 000\/0 001\/0 /);
  expect(due(flood.toReversed(), "2021-12-03T00:00:00Z")).toEqual(messages);
});

test("two steps to one recipient are one message, and a recipient named twice is one", () => {
  const steps = [
    { level: "low", afterHours: 0, everyHours: null, to: [ANN, { ...ANN }] },
    { level: "high", afterHours: 0, everyHours: null, to: [ANN] },
  ] as const;
  expect(due(OPEN, "2021-12-01T12:00:00Z", { steps })).toEqual(["ann@clinic.example: a/0 a/1"]);
});

test("a recipient that failed is left alone for a minute, then twice as long, up to an hour", () => {
  const start = at("2021-12-02T00:00:00Z");
  const minutes = (count: number) =>
    known(toTicks(start + BigInt(count * 60) * TICKS_PER_SECOND), "a time");
  let last = 0;
  const deliveries: PlacedDelivery[] = [];
  const pauses: number[] = [];
  for (let minute = 0; pauses.length < 9; minute++) {
    if (due(OPEN, minutes(minute), { deliveries }).length === 0) continue;
    pauses.push(minute - last);
    last = minute;
    // A message about three findings fails once.
    for (const id of ["a", "b", "c"])
      deliveries.push({
        ...delivery("2021-12-02T00:00:00Z"),
        at: minutes(minute),
        entry: minute,
        finding: id,
        outcome: "failed",
        error: "refused",
      });
  }
  expect(pauses).toEqual([0, 1, 2, 4, 8, 16, 32, 60, 60]);
  const more = [finding("d"), ...OPEN];
  expect(due(more, minutes(last + 59), { deliveries })).toEqual([]);
  expect(due(more, minutes(last + 60), { deliveries })).toEqual(["ann@clinic.example: a/0 d/0"]);
});

test("once a message got through, the next failure waits a minute again", () => {
  const failed = { outcome: "failed", error: "refused" } as const;
  const deliveries = [
    ...["10", "20", "30"].map((minute) => delivery(`2021-12-01T13:${minute}:00Z`, failed)),
    delivery("2021-12-01T14:00:00Z", { finding: "b" }),
    delivery("2021-12-01T15:00:00Z", failed),
  ];
  expect(due(OPEN, "2021-12-01T15:00:59Z", { deliveries })).toEqual([]);
  expect(due(OPEN, "2021-12-01T15:01:00Z", { deliveries })).toHaveLength(1);
});

test("a year of passes: never twice within the interval, never silent for longer, never after the answer", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 50, maxLength: 200 }),
      fc.integer({ min: 10, max: 2000 }),
      (waits, answeredAfter) => {
        const deliveries: PlacedDelivery[] = [];
        let hour = 0;
        for (const wait of waits) {
          const now = known(
            toTicks(at("2021-12-01T12:00:00Z") + BigInt(hour * 3600) * TICKS_PER_SECOND),
            "a time",
          );
          const state = hour >= answeredAfter ? "answered" : "open";
          const before = deliveries.findLast(({ to }) => to === ANN);
          const messages = dueMessages(
            {
              findings: [finding("a", { state })],
              steps: STEPS,
              deliveries,
              answers: new Map(),
            },
            now,
          );
          const toAnn = messages.some(({ to }) => to === ANN);
          const since =
            before === undefined ? null : (now - before.at) / (3600n * TICKS_PER_SECOND);
          const expected = state === "open" && (since === null ? hour >= 1 : since >= 24n);
          expect(toAnn).toBe(expected);
          for (const { to, about } of messages)
            for (const { step } of about)
              deliveries.push({
                ...delivery("2021-12-01T12:00:00Z"),
                entry: hour,
                step,
                to,
                at: now,
              });
          hour += wait;
        }
        expect(deliveries.filter(({ to }) => to === BOARD).length).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 50 },
  );
});
