/** What a named person must answer, and what nobody has to. */
import { expect, test } from "vitest";
import type { Claim } from "../../model/claim.ts";
import type { Finding } from "../../model/finding.ts";
import type { Observation } from "../../model/observation.ts";
import { patchFindings } from "./findings.ts";
import { type Asked, SHIPPED, TERMS, ask, claimOf, dayOf, seen } from "./patched.test-data.ts";

function find(
  observations: readonly Observation[],
  claims: readonly Claim[] = [],
  asked: Asked = {},
): readonly Finding[] {
  return patchFindings(ask(observations, { claims, ...asked }), [], TERMS);
}

function rules(found: readonly Finding[]): string[] {
  return found.map(({ rule, level }) => `${rule.replace("patched/", "")} ${level}`);
}

const APRIL = claimOf("KB5001779", "installed", "2021-04-20");
const MAY = claimOf("KB5003435", "installed", "2021-05-20");

test("nothing above low for a host that is up to date", () => {
  const found = find([seen("15.1.2308.14", "2021-08-20")], [APRIL, MAY]);
  expect(found).toEqual([]);
  const old = patchFindings(ask([seen("15.1.2308.14", "2021-08-20")]), SHIPPED.sources, TERMS);
  expect(old.every(({ level }) => level === "low")).toBe(true);
});

test("each contradiction is a finding of its own, at least high", () => {
  const found = find([seen("15.1.2176.9", "2021-08-20")], [APRIL, MAY]).filter(
    ({ rule }) => rule === "patched/contradicted",
  );
  expect(found.map(({ level, host }) => [level, host])).toEqual([
    ["critical", "MX1"],
    ["critical", "MX1"],
  ]);
  expect(found[0]).toMatchObject({ question: "patched", kind: "patch", examples: [{ file: "f" }] });
  expect(found.map(({ why }) => why)).toContain(
    "Provider claims: installed; but below 15.1.2176.12 (Apr21SU), the first build of CU19 with the fix",
  );
});

test("what is missing is a finding once it is past its day: one for a product on a host", () => {
  const missing = (asOf: string) =>
    find([seen("15.1.2242.4", asOf)], [], { asOf }).filter(
      ({ rule }) => rule === "patched/missing",
    );
  expect(missing("2021-04-15")).toEqual([]);
  const [late] = missing("2021-04-16");
  expect(late).toMatchObject({
    level: "critical",
    title: "Exchange Server 2016: 1 update missing past the day",
  });
  expect(late?.why).toContain("the longest is 1 day late");
  expect(missing("2021-08-20")).toHaveLength(1);
});

test("a claim that nobody verified is a finding after 14 days, or when nobody says when", () => {
  const alone = (at: string) => rules(find([], [claimOf("KB5001779", "installed", at)]));
  expect(alone("2021-08-06")).toEqual([]);
  expect(alone("2021-08-05")).toEqual(["unverified medium"]);
  expect(alone("")).toEqual(["unverified medium"]);
});

test("claims that differ, and claims that came too early, are findings of their host", () => {
  const differ = find(
    [],
    [APRIL, claimOf("KB5001779", "not installed", "2021-08-15", { by: "Auditor" })],
  );
  expect(rules(differ)).not.toContain("contradicted high");
  const both = find(
    [seen("15.1.2176.9", "2021-08-20")],
    [APRIL, claimOf("KB5001779", "not installed", "2021-06-01", { by: "Auditor" })],
  );
  expect(rules(both)).toContain("claims-differ medium");
  const early = find(
    [seen("15.1.2176.9", "2021-06-01"), seen("15.1.2308.14", "2021-07-20")],
    [APRIL],
  );
  expect(rules(early)).toContain("claimed-early medium");
});

test("out of support, not seen for long, gone back, and two observations that differ", () => {
  expect(rules(find([seen("15.1.2044.4", "2021-08-20")]))).toContain("unsupported high");
  expect(rules(find([seen("15.1.2308.14", "2021-07-14")]))).toEqual(["stale low"]);
  expect(
    rules(find([seen("15.1.2308.14", "2021-07-20"), seen("15.1.2242.12", "2021-08-20")])),
  ).toContain("went-back high");
  expect(
    rules(
      find([seen("15.1.2308.14", "2021-08-20"), seen("15.1.2308.8", "2021-08-20", "owa-header")]),
    ),
  ).toEqual(["contradiction medium"]);
});

test("hosts of the logs without inventory are one finding together, and a catalogue that is old is one", () => {
  const found = find([], [], { seenHosts: ["WEB1", "WEB2"] });
  expect(found).toMatchObject([
    {
      rule: "patched/no-inventory",
      level: "low",
      host: "",
      title: "2 hosts in logs and in no inventory",
    },
  ]);
  const source = (day: string) => [{ id: "a", isKept: true, name: "A", day: dayOf(day), hash: "" }];
  const old = (day: string) => patchFindings(ask([]), source(day), TERMS).length;
  expect([old("2021-07-21"), old("2021-07-20")]).toEqual([0, 1]);
});

test("ids tell findings apart, and are the same on another day and for an update of another number", () => {
  const on = (asOf: string) =>
    find([seen("15.1.2044.4", asOf)], [APRIL, MAY], { asOf, seenHosts: ["WEB1"] });
  const [today, later] = [on("2021-08-20"), on("2022-06-01")];
  const ids = (found: readonly Finding[]) =>
    found
      .filter(({ rule }) => rule !== "patched/missing")
      .map(({ id }) => id)
      .sort();
  expect(new Set(ids(today)).size).toBe(ids(today).length);
  expect(ids(later)).toEqual(ids(today));
});
