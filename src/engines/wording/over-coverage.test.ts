import { expect, test } from "vitest";
import { source, ticks } from "../../questions/cause/made.test-data.ts";
import { callSource, overCoverage } from "./over-coverage.ts";
import { count, list, spell } from "./words.ts";

const WEB = source("W3SVC1", "2021-06-01T00:00:03Z", "2021-12-20T23:59:58Z", { events: 182_344 });

test("what was looked at is named with its records, its time and its holes", () => {
  const gap = {
    kind: "quiet" as const,
    why: "",
    before: WEB.firstAt,
    after: WEB.lastAt,
    from: ticks("2021-09-01T00:00:00Z"),
    to: ticks("2021-09-12T00:00:00Z"),
  };
  const overlapping = { ...gap, from: ticks("2021-09-05T00:00:00Z") };
  expect(overCoverage([{ ...WEB, gaps: [gap, overlapping] }])).toBe(
    "in 182,344 IIS records of MX1 W3SVC1 from 2021-06-01T00:00:03Z to 2021-12-20T23:59:58Z, with 11 days missing",
  );
  expect(overCoverage([{ ...WEB, rhythm: null, undated: 1 }])).toContain(
    "1 record undated, too little to tell whether any are missing",
  );
  expect(overCoverage([{ ...WEB, undated: WEB.events }])).toContain("none of them dated");
});

test("mails and what a tenant exports are of no host, named or not", () => {
  const mails = { ...WEB, host: "", format: "mail" as const, channel: "Mail", events: 5 };
  expect(overCoverage([mails])).toMatch(/^in 5 mail records from /);
  expect(overCoverage([{ ...mails, host: "MX1" }])).toMatch(/^in 5 mail records of MX1 Mail from /);
});

test("many sources are named by size and counted beyond six, in any order", () => {
  const many = Array.from({ length: 9 }, (_, at) => ({
    ...WEB,
    channel: `c${at}`,
    events: at + 1,
  }));
  const words = overCoverage(many);
  expect(words).toMatch(/^in 9 IIS records of MX1 c8 /);
  expect(words).toMatch(/in 6 records of 3 further logs$/);
  expect(overCoverage(many.toReversed())).toBe(words);
  expect(overCoverage([])).toContain("no log whose coverage was followed");
});

test("hostile names become one visible line", () => {
  const name = callSource({ host: "MX1\n\u202eevil", channel: "x".repeat(5000) });
  expect(name).toContain("MX1\\u{a}\\u{202e}evil");
  expect(name.length).toBeLessThan(300);
  expect(callSource({ host: "", channel: "" })).toBe("an unnamed host");
});

test("numbers and lists", () => {
  expect([count(1, "day"), count(1_234_567, "day"), count(0, "entry", "entries")]).toEqual([
    "1 day",
    "1,234,567 days",
    "0 entries",
  ]);
  expect([list([]), list(["a"]), list(["a", "b", "c"])]).toEqual(["", "a", "a, b and c"]);
  expect(spell(-(2n ** 63n))).toBe("an unknown time");
});
