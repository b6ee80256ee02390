/**
 * The calendar of missed signals against the sample's own truth: every day on which the antivirus took a file first, none that a test or
 * a test file made, and no day at all in a benign half-year. Two seeds in every run; BENCH=full takes all twenty.
 */
import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { known } from "../../src/base/assert.ts";
import { dayOfTicks, formatDay } from "../../src/base/day.ts";
import { parseCaseFile } from "../../src/casework/case-file.ts";
import { missedSignals, parseTools } from "../../src/questions/answered/index.ts";
import { testsOf } from "../../src/questions/cause/index.ts";
import type { SampleVariant } from "../../src/sample/index.ts";
import { detectedIn } from "./detected.ts";
import { at } from "./investigation.ts";
import { madeSample } from "./made-sample.ts";

const SEEDS =
  process.env["BENCH"] === "full" ? Array.from({ length: 20 }, (_, n) => n + 1) : [2, 7];
const WANTED = /Windows Defender%4Operational\.evtx$|W3SVC1.*u_ex/i;
const TOOLS = parseTools(JSON.parse(readFileSync("knowledge/tools.json", "utf8")));

interface Truth {
  readonly defender: { readonly files: readonly { path: string; first: string }[] };
  readonly incident: readonly { event: string; at: string }[];
}

/** The calendar of a sample's antivirus and web logs, with the truth that nothing here was made from. */
async function calendarOf(seed: number, variant: SampleVariant) {
  const sample = madeSample(seed, variant);
  const { textOf } = sample;
  const held = [...sample.held((path) => WANTED.test(path))];
  const caseFile = parseCaseFile(textOf("case.yaml"));
  const truth: Truth = JSON.parse(textOf("truth.json"));
  const detections = await detectedIn(held, caseFile);
  const incident = truth.incident.flatMap(({ event, at: time }) =>
    event === "suspected" || event === "aware"
      ? [{ kind: event, at: at(time), recordedAt: at(time), by: "", note: "", law: null } as const]
      : [],
  );
  const missed = missedSignals({
    detections,
    findings: [],
    tests: testsOf({ detections, caseFile }),
    answers: [],
    incident,
    sources: [],
    tools: TOOLS,
    asOf: at("2021-12-31T00:00:00Z"),
  });
  return { missed, truth };
}

test.each(SEEDS)("exchange, seed %i: every day of the truth, and the discovery", async (seed) => {
  const { missed, truth } = await calendarOf(seed, "exchange");
  const { discovered, until, days } = known(missed, "a calendar");
  const stated = truth.incident.map(({ at: time }) => time).toSorted()[0];
  expect(formatDay(until)).toBe(stated?.slice(0, 10));
  expect(discovered).toBe(until);
  const alarming = days.filter(({ signals }) => signals.some(({ alarms }) => alarms));
  const taken = truth.defender.files.map(({ first }) => dayOfTicks(at(first)));
  const before = taken.filter((day) => day !== null && day <= until);
  expect(before.filter((day) => !alarming.some((each) => each.day === day))).toEqual([]);
  expect(days.every(({ day }) => day <= until)).toBe(true);
});

test("a benign half-year has no day on which anything was missed", async () => {
  expect((await calendarOf(3, "benign")).missed).toBeNull();
});
