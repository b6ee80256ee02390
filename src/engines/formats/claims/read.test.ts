import fc from "fast-check";
import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { formatTicks } from "../../../base/time.ts";
import { parseClaims } from "./read.ts";

const HEAD = "host,product,kb,claim,by,at,reference\n";

function read(text: string) {
  const { claims, flaws, assumptions } = parseClaims(utf8(text), "claims.csv");
  return {
    claims,
    flaws: flaws.map(({ offset, what }) => `${offset} ${what}`),
    assumptions: assumptions.map(({ what, value }) => `${what} ${value}`),
  };
}

test("a claim of a CSV stands with its line, its words and its reference", () => {
  const row =
    'MX1,Exchange Server,5001779,"installed, see ticket",A. Provider,2021-05-12T10:00:00+01:00,#4711\n';
  const { claims, flaws } = read(`\ufeff${HEAD}${row}`);
  expect(flaws).toEqual([]);
  const [claim] = claims;
  expect(claim).toMatchObject({
    host: "MX1",
    product: "Exchange Server",
    kb: "KB5001779",
    claim: "installed, see ticket",
    by: "A. Provider",
    reference: "#4711",
    lacks: [],
    record: "2",
    offset: 3 + HEAD.length,
    file: "claims.csv",
  });
  expect(claim?.at === null || claim?.at === undefined ? null : formatTicks(claim.at, 0)).toBe(
    "2021-05-12T09:00:00Z",
  );
});

test("a claim without a speaker or a date is kept and says so; further columns are kept", () => {
  const { claims } = read(
    "Host;KB;Claim;By;At;Seen in\r\nMX1;KB5001779;installed;;;the minutes\r\n",
  );
  expect(claims).toMatchObject([
    {
      by: null,
      at: null,
      lacks: ["who said it", "when it was said"],
      more: { "Seen in": "the minutes" },
    },
  ]);
});

test("an update without a word of what is claimed is kept and says so; a row that says nothing is a flaw", () => {
  const { claims, flaws } = read(`${HEAD}MX1,,KB5001779,,B,2021-05-12,\n,,,,,,\n`);
  expect(claims).toMatchObject([{ lacks: ["what is claimed"] }]);
  expect(flaws).toEqual([`${HEAD.length + 30} claim`]);
});

test("of dates with two readings the reading is stated; one that contradicts is undated", () => {
  const { claims, flaws, assumptions } = read(
    `${HEAD}a,,,patched,B,03/04/2021,\na,,,patched,B,13/04/2021,\na,,,patched,B,14/04/2021,\na,,,patched,B,4/13/2021,\na,,,patched,B,soon,\n`,
  );
  expect(claims.map(({ at }) => (at === null ? null : formatTicks(at, 0).slice(0, 10)))).toEqual([
    "2021-04-03",
    "2021-04-13",
    "2021-04-14",
    null,
    null,
  ]);
  expect(flaws.map((flaw) => flaw.split(" ")[1])).toEqual(["date", "time"]);
  expect(assumptions).toEqual([
    "zone UTC",
    "day-order day-first: 03/04/2021 is 3 April 2021; the other reading is 4 March 2021",
  ]);
});

test("YAML: a list, or a list under a name; dates stay as they are written", () => {
  const text =
    "claims:\n  - host: MX1\n    kb: KB5001779\n    claim: é installed\n    by: B\n    at: 2021-05-12\n  - { host: MX2, claim: patched, ticket: 4711 }\n";
  const { claims, flaws } = read(text);
  expect(flaws).toEqual([]);
  expect(claims).toMatchObject([
    {
      host: "MX1",
      kb: "KB5001779",
      claim: "é installed",
      by: "B",
      atText: "2021-05-12",
      record: "2",
    },
    { host: "MX2", claim: "patched", by: null, more: { ticket: "4711" }, record: "7" },
  ]);
  for (const { offset } of claims) expect(utf8(text)[offset - 2]).toBe("-".charCodeAt(0));
});

test.each([
  ["claims: [\n", "0 claims"],
  ["just a text", "0 claims"],
  ["- a\n- host: x\n  claim: {deep: 1}\n", "2 claim"],
  ["- &a {host: x, claim: *a}\n", "5 claim"],
  [`${HEAD}"open`, `${HEAD.length} quote`],
  [`${HEAD}a,b\n`, `${HEAD.length} columns`],
])("%j is a flaw and never an error", (text, flaw) => {
  expect(read(text).flaws).toContain(flaw);
});

test("an empty file claims nothing", () => {
  expect(read("")).toEqual({ claims: [], flaws: [], assumptions: [] });
});

test("property: no file throws, and every claim leads back into it", () => {
  const words = fc.constantFrom(
    "host",
    "claim",
    "kb",
    "- ",
    ": ",
    ",",
    "\n",
    '"',
    "{",
    "}",
    "[",
    "*a",
    "&a",
    "é",
    "  ",
    "03/04/2021",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((parts) => parts.join("")),
      ),
      (text) => {
        const bytes = utf8(text);
        for (const { offset } of parseClaims(bytes, "f").claims)
          expect(offset).toBeLessThan(bytes.length);
      },
    ),
  );
});
