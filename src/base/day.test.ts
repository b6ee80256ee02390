import fc from "fast-check";
import { expect, test } from "vitest";
import { dayOfTicks, formatDay, parseDay, toDay } from "./day.ts";
import { UNDATED, parseTime } from "./time.ts";

test("a date is a count of days, and back", () => {
  expect(parseDay("1970-01-02")).toBe(1);
  expect(parseDay("2021-02-29")).toBeNull();
  expect(parseDay("2021-04-13T00:00:00Z")).toBeNull();
  fc.assert(
    fc.property(fc.integer({ min: -134_774, max: 2_932_896 }), (count) => {
      const day = toDay(count);
      expect(day === null ? null : parseDay(formatDay(day))).toBe(count);
    }),
  );
});

test("a time belongs to the day that it falls on, before 1970 as well", () => {
  const day = (text: string) => dayOfTicks(parseTime(text)?.ticks ?? UNDATED);
  expect(day("1970-01-01T23:59:59.9999999Z")).toBe(0);
  expect(day("1969-12-31T23:59:59Z")).toBe(-1);
  expect(day("1969-12-31T00:00:00Z")).toBe(-1);
  expect(dayOfTicks(UNDATED)).toBeNull();
  expect(toDay(0.5)).toBeNull();
});
