import { expect, test } from "vitest";
import type { TimePart } from "./rule.ts";
import { readTimePart } from "./time-parts.ts";

const PARTS: readonly TimePart[] = ["year", "month", "day", "hour", "minute", "week"];

test.each([
  ["2021-08-13T04:12:59.9999999Z", [2021, 8, 13, 4, 12, 32]],
  ["2021-08-13 04:12:59.123", [2021, 8, 13, 4, 12, 32]],
  ["2021-12-31T23:30:00-01:00", [2022, 1, 1, 0, 30, 52]],
  ["2021-08-13", [2021, 8, 13, 0, 0, 32]],
  // Years whose first days belong to the last week of the year before, and the other way round (ISO 8601).
  ["2021-01-03T23:59:59Z", [2021, 1, 3, 23, 59, 53]],
  ["2021-01-04T00:00:00Z", [2021, 1, 4, 0, 0, 1]],
  ["2019-12-30T00:00:00Z", [2019, 12, 30, 0, 0, 1]],
  ["2020-12-31T00:00:00Z", [2020, 12, 31, 0, 0, 53]],
  ["2025-12-29T00:00:00Z", [2025, 12, 29, 0, 0, 1]],
  ["2026-01-01T00:00:00Z", [2026, 1, 1, 0, 0, 1]],
  ["2027-01-01T00:00:00Z", [2027, 1, 1, 0, 0, 53]],
  ["1601-01-01T00:00:00Z", [1601, 1, 1, 0, 0, 1]],
])("%s", (text, numbers) => {
  expect(PARTS.map((part) => readTimePart(text, part))).toEqual(numbers);
});

test.each(["", "04:12", "13/08/2021", "2021-13-01", "1628827979", "2021-02-30"])(
  "'%s' is no time",
  (text) => {
    expect(PARTS.map((part) => readTimePart(text, part))).toEqual(PARTS.map(() => null));
  },
);
