/** What is said where a clock was set back. */
import { expect, test } from "vitest";
import { TICKS_PER_HOUR, TICKS_PER_SECOND, type Ticks, parseTime } from "../../base/time.ts";
import type { JournalEntry } from "../../model/act.ts";
import { clockBehind, timesGoBack } from "./act-times.ts";

const NOON = at("2021-12-06T12:00:00Z");

function at(text: string): Ticks {
  const time = parseTime(text);
  if (time === null) throw new Error(`${text} is no time`);
  return time.ticks;
}

const entries = (...times: readonly string[]): readonly JournalEntry[] =>
  times.map((text, index) => ({
    index,
    kind: "run",
    time: at(text),
    actor: "",
    subject: "",
    body: null,
    sealed: null,
  }));

test("times that rise, or stay, are not spoken of", () => {
  expect(timesGoBack([])).toBeNull();
  const same = entries("2021-12-06T12:00:00Z", "2021-12-06T12:00:00Z", "2021-12-06T13:00:00Z");
  expect(timesGoBack(same)).toBeNull();
  expect(clockBehind(same.slice(0, 2), NOON)).toBeNull();
  expect(clockBehind([], NOON)).toBeNull();
});

test("the first act that is dated before the one before it is named, the others are counted", () => {
  const back = entries("2021-12-06T12:00:00Z", "2021-12-06T09:30:00Z", "2021-12-06T09:29:50Z");
  expect(timesGoBack(back.slice(0, 2))).toMatch(
    /^times: act 1 is dated 2 hours 30 minutes before act 0: a clock was set back;/,
  );
  expect(timesGoBack(back)).toMatch(/before act 0, and 1 more likewise: a clock/);
  expect(timesGoBack(back.slice(1))).toMatch(/act 2 is dated 10 seconds before act 1/);
});

test("a clock behind the last act is told with how far", () => {
  const list = entries("2021-12-06T12:00:00Z");
  expect(clockBehind(list, (NOON - 5n * TICKS_PER_HOUR) as Ticks)).toMatch(
    /clock of this machine is 5 hours behind the last act, which is of 2021-12-06T12:00:00Z;/,
  );
  expect(clockBehind(list, (NOON - TICKS_PER_SECOND / 2n) as Ticks)).toMatch(/less than a second/);
});
