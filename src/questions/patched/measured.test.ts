/** Statements that count updates or measure time, held against each day that the records cover. */
import { expect, test } from "vitest";
import type { Claim } from "../../model/claim.ts";
import { ask, claimOf, seen } from "./patched.test-data.ts";

/** Each stands behind the one before it. */
let offset = 0;
const say = (words: string, at = "2021-08-20", more: Partial<Claim> = {}) =>
  claimOf("", words, at, { offset: offset++, ...more });
/** Lacks the updates of April, May and July, and of the June schema, which is no security update. */
const SEEN = [
  seen("15.1.2176.9", ["2021-03-10", "2021-08-20"], "file-version", {
    days: Array.from({ length: 164 }, (_, at) => 18_696 + at),
  }),
];

function verdicts(claims: readonly Claim[], observations = SEEN): string[] {
  return ask(observations, { claims }).measured.map(({ reads, verdict }) => `${reads}: ${verdict}`);
}

test("a number is borne out by a day on which so many were missing", () => {
  expect(
    verdicts([
      say("three security updates were missing"),
      say("four security updates were missing"),
    ]),
  ).toEqual(["MX1: 3 updates missing: agrees", "MX1: 4 updates missing: contradicted"]);
  expect(verdicts([say("two updates were missing", "2021-06-01")])).toEqual([
    "MX1: 2 updates missing: agrees",
  ]);
  // Not yet so when it was said.
  expect(verdicts([say("three updates were missing", "2021-06-01")])).toEqual([
    "MX1: 3 updates missing: contradicted",
  ]);
});

test("that all are installed is contradicted by every host that lacks one", () => {
  expect(verdicts([say("all updates are installed", "2021-08-20", { host: "" })])).toEqual([
    "MX1: no update missing: agrees",
  ]);
  const late = [seen("15.1.2176.9", "2021-08-20")];
  expect(verdicts([say("all updates are installed", "2021-08-20", { host: "" })], late)).toEqual([
    "MX1: no update missing: contradicted",
  ]);
});

test("four missing updates and thirteen months without any contradict each other where no day has both", () => {
  const { contradictions, measured } = ask(SEEN, {
    claims: [say("three updates were missing"), say("no update for 13 months")],
  });
  expect(measured.map(({ verdict }) => verdict)).toEqual(["agrees", "contradicted"]);
  expect(contradictions.map(({ kind }) => kind)).toEqual(["claim-claim"]);
  expect(contradictions[0]?.text).toMatch(
    /“three updates were missing”: .*“no update for 13 months”: .*On no day that the records cover can both be so\.$/,
  );
});

test("what names no host may be meant for any of them", () => {
  const other = seen("15.1.2308.14", "2021-08-20", "file-version", { host: "MX2" });
  expect(
    verdicts([say("three updates were missing", "2021-08-20", { host: "" })], [...SEEN, other]),
  ).toEqual(["MX1: 3 updates missing: agrees", "MX2: 3 updates missing: unknown"]);
});

test("without a strong observation no number is known", () => {
  expect(
    verdicts(
      [say("four updates were missing")],
      [seen("15.1.2176.9", "2021-08-20", "registry-key")],
    ),
  ).toEqual(["MX1: 4 updates missing: unknown"]);
  expect(ask([], { claims: [say("four updates were missing")] }).unknown[0]).toContain(
    "Whether 1 claim can be held against anything",
  );
});
