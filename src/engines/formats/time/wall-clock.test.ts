import { expect, test } from "vitest";
import { wallClock } from "./wall-clock.ts";

const HOUR = 3_600_000;
const at = (iso: string) => Date.parse(`${iso}Z`);
const shown = (clock: (wall: number) => number, iso: string) =>
  new Date(clock(at(iso))).toISOString().slice(0, 19);

test("without a zone the wall clock is UTC, less what it was ahead", () => {
  expect(shown(wallClock(null, 0), "2021-08-12T09:00:00")).toBe("2021-08-12T09:00:00");
  expect(shown(wallClock(null, 420_000), "2021-08-12T09:00:00")).toBe("2021-08-12T08:53:00");
});

test("summer and winter have their own offset", () => {
  const clock = wallClock("Europe/Guernsey", 0);
  expect(shown(clock, "2021-08-12T09:00:00")).toBe("2021-08-12T08:00:00");
  expect(shown(clock, "2021-12-12T09:00:00")).toBe("2021-12-12T09:00:00");
});

test("spring: the hour before and the hour after the one that is skipped", () => {
  const clock = wallClock("Europe/Guernsey", 0);
  expect(shown(clock, "2021-03-28T00:59:59")).toBe("2021-03-28T00:59:59");
  expect(shown(clock, "2021-03-28T01:30:00")).toBe("2021-03-28T01:30:00");
  expect(shown(clock, "2021-03-28T02:00:00")).toBe("2021-03-28T01:00:00");
});

test("autumn: the repeated hour is read twice, in the order of the file", () => {
  const clock = wallClock("Europe/Guernsey", 0);
  const walls = [
    "00:59:59",
    "01:10:00",
    "01:59:59",
    "01:00:00",
    "01:30:00",
    "02:00:00",
    "01:59:58",
  ];
  expect(walls.map((wall) => shown(clock, `2021-10-31T${wall}`).slice(11))).toEqual([
    "23:59:59",
    "00:10:00",
    "00:59:59",
    "01:00:00",
    "01:30:00",
    "02:00:00",
    // Written a moment late, after the hour: it still belongs to the second pass.
    "01:59:58",
  ]);
});

test("autumn: a jump of seconds within the hour is no change of the clock", () => {
  const clock = wallClock("Europe/Guernsey", 0);
  const walls = ["01:10:05", "01:10:03", "01:59:00"];
  expect(walls.map((wall) => shown(clock, `2021-10-31T${wall}`).slice(11))).toEqual([
    "00:10:05",
    "00:10:03",
    "00:59:00",
  ]);
});

test("each year has its own repeated hour", () => {
  const clock = wallClock("Europe/Guernsey", 0);
  for (const day of ["2020-10-25", "2021-10-31"]) {
    expect(shown(clock, `${day}T01:50:00`).slice(11)).toBe("00:50:00");
    expect(shown(clock, `${day}T01:10:00`).slice(11)).toBe("01:10:00");
  }
});

test("zones of half hours, and a change of half an hour", () => {
  expect(shown(wallClock("Asia/Kolkata", 0), "2021-08-12T09:00:00")).toBe("2021-08-12T03:30:00");
  const clock = wallClock("Australia/Lord_Howe", 0);
  const before = clock(at("2021-04-04T01:20:00"));
  const first = clock(at("2021-04-04T01:50:00"));
  const second = clock(at("2021-04-04T01:35:00"));
  // Half an hour is repeated: 01:50 comes 30 minutes after 01:20, and the second 01:35 15 minutes after that.
  expect([first - before, second - first]).toEqual([30 * 60_000, 15 * 60_000]);
});

test("what is no time stays none", () => {
  expect(wallClock("Europe/Guernsey", HOUR)(Number.NaN)).toBeNaN();
});
