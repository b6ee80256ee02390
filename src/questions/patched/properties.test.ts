/** What holds for whatever comes: hostile names, builds and words, in any order and number. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { printPatches } from "../../engines/print/index.ts";
import type { Claim } from "../../model/claim.ts";
import { OBSERVATION_KINDS, type Observation } from "../../model/observation.ts";
import { answerPatched } from "./answer.ts";
import { readClaim } from "./claim-words.ts";
import { patchFindings } from "./findings.ts";
import { SHIPPED, TERMS, ask, claimOf, seen } from "./patched.test-data.ts";
import { fixOf, makeBooks } from "./release-book.ts";

const RUNS = 60;
const build = fc.oneof(
  fc.constantFrom(
    "15.1.2044.4",
    "15.1.2176.12",
    "15.1.2176.9",
    "15.1.2308",
    "15.2.858.5",
    "15.0.1497.48",
    "10.0.14393",
    "15.1.1415.8",
    "",
  ),
  fc.constantFrom(
    "15.1.99999999999999999999.1",
    "15.1.999999.999999",
    "__proto__",
    "constructor",
    "-1.0.0.0",
    "15.1.2044.4\u0000",
    "1e3.1.1.1",
  ),
  fc.string(),
);
const host = fc.constantFrom(
  "MX1",
  "mx1",
  "MX1.example.org",
  "MX2",
  "",
  "__proto__",
  "A\u001b[31m\nB",
  "\u202eTXT",
  "x".repeat(5_000),
);
const day = fc.constantFrom(
  "",
  "1601-01-02",
  "2021-03-01",
  "2021-04-13",
  "2021-05-01",
  "2021-08-20",
  "2021-08-21",
  "9999-12-30",
);
const kb = fc.constantFrom(
  "",
  "KB5001779",
  "kb5000871",
  "CVE-2021-34473",
  "Apr21SU",
  "KB4012212",
  "__proto__",
  "toString",
);
const product = fc.constantFrom("Exchange Server", "", "Windows", "Acme", "__proto__");

const observations: fc.Arbitrary<Observation[]> = fc.array(
  fc
    .tuple(build, day, day, fc.constantFrom(...OBSERVATION_KINDS), host, kb, product)
    .map(([text, a, b, kind, on, named, of]) => {
      const [from = "", to = ""] = a === "" || b === "" ? ["", ""] : [a, b].sort();
      return seen(text, [from, to], kind, { host: on, kb: named, product: of });
    }),
  { maxLength: 30 },
);
const words = fc.oneof(
  fc.constantFrom(
    "installed",
    "not installed",
    "four security updates were missing",
    "no update for 13 months",
    "all updates are installed",
    "0 updates missing",
    "9999 years without patches",
  ),
  fc.string(),
);
const claims: fc.Arbitrary<Claim[]> = fc.array(
  fc
    .tuple(kb, words, day, host, product, fc.nat(40))
    .map(([named, said, at, on, of, offset]) =>
      claimOf(named, said, at, { host: on, product: of, offset }),
    ),
  { maxLength: 20 },
);

const NO_DAYS = { daysMin: 0, daysMax: 0, exploitedDaysMin: 0, exploitedDaysMax: 0 };

test("the order of observations and claims decides nothing", () => {
  fc.assert(
    fc.property(observations, claims, (shown, said) => {
      expect(ask(shown.toReversed(), { claims: said.toReversed() })).toEqual(
        ask(shown, { claims: said }),
      );
    }),
    { numRuns: RUNS },
  );
});

test("whatever is observed and claimed is answered, printed and found without a throw", () => {
  fc.assert(
    fc.property(observations, claims, (shown, said) => {
      const report = ask(shown, { claims: said, seenHosts: ["__proto__", "WEB\u0007"] });
      const printed = [...printPatches(report)].join("\n");
      const read: unknown = JSON.parse(printed);
      expect(JSON.parse(JSON.stringify(read))).toEqual(read);
      expect(printed).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      const answer = answerPatched(report, { claims: said, assumed: [], limits: [] });
      expect(answer.statements.length).toBeLessThanOrEqual(200);
      const ids = patchFindings(report, SHIPPED.sources, TERMS).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const odd = report.items.filter(({ exposure, deadline }) => {
        const { daysMin, daysMax, exploitedDaysMin, exploitedDaysMax } = exposure ?? NO_DAYS;
        const isInOrder =
          0 <= daysMin &&
          daysMin <= daysMax &&
          exploitedDaysMin <= exploitedDaysMax &&
          exploitedDaysMax <= daysMax;
        return !isInOrder || (deadline?.daysLate ?? 0) < 0;
      });
      expect(odd).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

test("within a cumulative update a higher build holds what a lower one holds, unless its update was made without it", () => {
  const lost = [...makeBooks(SHIPPED).values()].flatMap((book) =>
    [...book.units.values()].flatMap(({ third, releases }) =>
      book.fixes.flatMap((fix) => {
        const states = releases.map(
          ({ build: numbers }) => fixOf(book, fix, { third, fourth: numbers[3] }).state,
        );
        const first = states.indexOf("fixed");
        return releases
          .map(({ text, impliesEarlier }, at) => ({
            text,
            impliesEarlier,
            state: states[at],
            isAfter: first >= 0 && at > first,
          }))
          .filter(({ state, isAfter }) => isAfter && state !== "fixed");
      }),
    ),
  );
  expect(lost.length).toBeGreaterThan(0);
  expect(lost.filter(({ impliesEarlier, state }) => impliesEarlier || state !== "unknown")).toEqual(
    [],
  );
});

test("ten thousand claims on one host, and as many statements, take a moment", () => {
  const many = Array.from({ length: 10_000 }, (_, at) =>
    claimOf(
      at % 2 === 0 ? "KB5001779" : "",
      at % 2 === 0 ? "installed" : `${at % 20} updates were missing`,
      "2021-05-01",
      { offset: at },
    ),
  );
  const start = performance.now();
  const report = ask([seen("15.1.2176.9", "2021-08-20")], { claims: many });
  expect(performance.now() - start).toBeLessThan(2_000);
  expect(report.items.filter(({ verdict }) => verdict === "contradicted")).toHaveLength(1);
  expect(report.measured).toHaveLength(5_000);
  expect(report.contradictions.length).toBeLessThan(5_000 + 64 * 64);
});

test.each([
  "not ".repeat(25_000),
  "not a a a a ".repeat(8_000),
  "no without any ".repeat(7_000),
  `${"one ".repeat(25_000)}updates`,
  " ".repeat(100_000),
  "can't".repeat(20_000),
])("words of 100 kB are read in less than 5 ms (%#)", (text) => {
  const best = Math.min(
    ...Array.from({ length: 5 }, () => {
      const start = performance.now();
      readClaim(text, "KB5001779");
      readClaim(text, "");
      readClaim(text.slice(0, 1_000), "");
      return performance.now() - start;
    }),
  );
  expect(best).toBeLessThan(5);
  expect(readClaim(text, "")).toEqual({ says: "unclear" });
});
