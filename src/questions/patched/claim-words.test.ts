/** What words of claims come to: each is a way in which somebody says it. */
import { expect, test } from "vitest";
import { readClaim } from "./claim-words.ts";

function named(words: string): string {
  return readClaim(words, "KB5001779").says;
}

test.each([
  "installed",
  "Installed",
  "applied on Tuesday",
  "update completed successfully",
  "patched",
  "rolled out to all",
  "yes",
  "installed without errors",
  "installed, no reboot needed after all, no issues",
  "in place",
])("of a named update “%s” says that it is there", (words) => {
  expect(named(words)).toBe("installed");
});

test.each([
  "not installed",
  "was not yet installed",
  "never applied",
  "weren't installed",
  "hasn’t been deployed",
  "missing",
  "failed to install",
  "pending",
  "not installed; rated critical",
  "rolled back",
  "cannot be installed",
])("of a named update “%s” says that it is not there", (words) => {
  expect(named(words)).toBe("missing");
});

test.each([
  "",
  "see ticket",
  "will be installed tonight",
  "to be installed",
  "should be installed",
  "scheduled",
  "installed?",
  "installed if rebooted",
  "not missing",
  "no longer missing, installed",
  "installed; restart pending",
  "is it installed? no",
  "none installed",
  "not applicable",
])("of a named update “%s” says nothing that could be held against anybody", (words) => {
  expect(named(words)).toBe("unclear");
});

test("statements on updates in general are numbers and times", () => {
  const read = (words: string) => readClaim(words, "");
  expect(read("four security updates were missing, one of them rated critical")).toEqual({
    says: "count",
    missing: 4,
  });
  expect(read("2 patches not installed")).toEqual({ says: "count", missing: 2 });
  expect(read("no security update was installed for 13 months before the attack")).toEqual({
    says: "lapse",
    days: 396,
    text: "13 months",
  });
  expect(read("without patches for two years")).toMatchObject({ says: "lapse", days: 730 });
  expect(read("all updates are installed")).toEqual({ says: "count", missing: 0 });
  expect(read("security updates were installed")).toEqual({ says: "count", missing: 0 });
  expect(read("fully patched")).toEqual({ says: "count", missing: 0 });
});

test("some updates that are there are not all of them", () => {
  const some = [
    "four updates were installed",
    "an update was installed",
    "the update is installed",
    "updates will be installed",
    "not up to date",
    "installed",
  ];
  expect(some.filter((words) => readClaim(words, "").says !== "unclear")).toEqual([]);
});

test("a page is no sentence: nobody reads its end", () => {
  expect(readClaim(`installed${" word".repeat(300)} not installed`, "KB1")).toEqual({
    says: "unclear",
  });
});
