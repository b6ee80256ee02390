/** Claims held against observations: what contradicts them, what does not, and what two people make of one update. */
import { expect, test } from "vitest";
import type { Claim } from "../../model/claim.ts";
import { ask, claimOf, itemOf, seen, verdictOn } from "./patched.test-data.ts";

const APRIL = "2021-34473";
const KB = "KB5001779";

function on(build: string, claims: readonly Claim[], at = "2021-08-20") {
  return ask([seen(build, at)], { claims });
}

test("a claim alone is unverified, never fixed", () => {
  const report = ask([], { claims: [claimOf(KB, "installed", "2021-05-01")] });
  expect(report.items).toMatchObject([
    { verdict: "unverified", kb: KB, host: "MX1", strength: null },
  ]);
  expect(report.items[0]?.why).toContain("Nothing here but the claim speaks of it");
});

test("a claim against a build of the same day or later is contradicted, with the honest ways to go wrong", () => {
  const report = on("15.1.2176.9", [claimOf(KB, "installed", "2021-04-20")]);
  const item = itemOf(report, APRIL);
  expect(item.verdict).toBe("contradicted");
  expect(item.excuses.join(" ")).toContain("without elevation");
  expect(item.excuses.join(" ")).not.toContain("No package of this update was made");
  expect(report.contradictions).toMatchObject([{ kind: "claim-observation", host: "MX1" }]);
  expect(report.contradictions[0]?.text).toContain(
    "MX1 shows 15.1.2176.9 on 2021-08-20 (file-version).",
  );
  const unserved = itemOf(on("15.1.2044.13", [claimOf(KB, "installed", "2021-04-20")]), APRIL);
  expect(unserved.excuses[0]).toContain(
    "No package of this update was made for the cumulative update that is installed",
  );
});

test("what was seen before the claim cannot contradict it: hours of one day count", () => {
  const claim = (at: string) => [claimOf(KB, "installed", at)];
  expect(verdictOn(on("15.1.2176.9", claim("2021-08-20"), "2021-08-19"), APRIL)).toBe("unverified");
  expect(itemOf(on("15.1.2176.9", claim("2021-08-20"), "2021-08-19"), APRIL).why).toContain(
    "for the last time before the claim",
  );
  expect(
    verdictOn(on("15.1.2176.9", claim("2021-08-20T17:00:00Z"), "2021-08-20T08:00:00Z"), APRIL),
  ).toBe("unverified");
  expect(
    verdictOn(on("15.1.2176.9", claim("2021-08-20T08:00:00Z"), "2021-08-20T17:00:00Z"), APRIL),
  ).toBe("contradicted");
  expect(verdictOn(on("15.1.2176.9", claim("2021-08-20"), "2021-08-20T08:00:00Z"), APRIL)).toBe(
    "contradicted",
  );
  // A bare date is its first moment: what was seen in that moment is not older than it.
  expect(verdictOn(on("15.1.2176.9", claim("2021-08-20"), "2021-08-20"), APRIL)).toBe(
    "contradicted",
  );
});

test("a claim without a day is held against what is there, and that is said", () => {
  const item = itemOf(on("15.1.2176.9", [claimOf(KB, "installed", "")]), APRIL);
  expect(item.verdict).toBe("contradicted");
  expect(item.why).toContain("the claim says not of which day it is");
});

test("a weak observation neither bears a claim out nor contradicts it", () => {
  const report = ask([seen("15.1.2176.9", "2021-08-20", "server-log")], {
    claims: [claimOf(KB, "installed", "2021-05-01")],
  });
  expect(verdictOn(report, APRIL)).toBe("unverified");
  expect(report.contradictions).toEqual([]);
});

test("that an update is missing is contradicted where it had been seen installed", () => {
  const missing = (at: string) => [claimOf(KB, "not installed", at)];
  expect(verdictOn(on("15.1.2176.12", missing("2021-08-20"), "2021-06-01"), APRIL)).toBe(
    "contradicted",
  );
  expect(verdictOn(on("15.1.2176.12", missing("2021-05-01"), "2021-06-01"), APRIL)).toBe("fixed");
  expect(verdictOn(on("15.1.2176.9", missing("2021-05-01")), APRIL)).toBe("missing");
  // Seen since May and still in August: who says in June that it is missing is contradicted.
  const since = ask([seen("15.1.2176.12", ["2021-05-01", "2021-08-20"])], {
    claims: missing("2021-06-10"),
  });
  expect(verdictOn(since, APRIL)).toBe("contradicted");
});

test("a claim that was not so when it was made, and is today, is told as that", () => {
  const observations = [seen("15.1.2176.9", "2021-06-01"), seen("15.1.2176.12", "2021-07-01")];
  const report = ask(observations, { claims: [claimOf(KB, "installed", "2021-05-01")] });
  expect(verdictOn(report, APRIL)).toBe("fixed");
  expect(report.contradictions.map(({ text }) => text)).toEqual([
    "Provider claims of KB5001779 (Apr21SU): installed. It was seen missing after that, on 2021-06-01, and is there today.",
  ]);
});

test("a claim may name a vulnerability or an update as well as a number, in any case", () => {
  const told = ["CVE-2021-34473", "cve-2021-34473", "Apr21SU", "kb5001779"].map((name) =>
    verdictOn(on("15.1.2176.9", [claimOf(name, "installed", "2021-05-01")]), APRIL),
  );
  expect(told).toEqual(Array.from({ length: 4 }, () => "contradicted"));
});

test("an update that is there is not claimed falsely, though it lacks what it brings elsewhere", () => {
  const report = on("15.1.2044.13", [claimOf("KB5000871", "installed", "2021-03-10")]);
  expect(verdictOn(report, "2021-26855")).toBe("fixed");
  expect(verdictOn(report, "2021-26412")).toBe("missing");
  expect(report.contradictions).toEqual([]);
  const byName = on("15.1.2044.13", [claimOf("CVE-2021-26412", "fixed", "2021-03-10")]);
  expect(verdictOn(byName, "2021-26412")).toBe("contradicted");
});

test("claims of numbers, products and hosts that nothing here knows stay open", () => {
  const report = on("15.1.2176.9", [
    claimOf("KB9999999", "installed", "2021-05-01"),
    claimOf("", "all is well", "2021-05-01"),
    claimOf(KB, "installed", "2021-05-01", { product: "Acme Gateway" }),
  ]);
  expect(verdictOn(report, APRIL)).toBe("missing");
  expect(
    report.items.filter(({ verdict }) => verdict === "unverified").map(({ kb }) => kb),
  ).toEqual(["KB5001779", "KB9999999"]);
  expect(report.unknown).toEqual([
    expect.stringContaining(
      "Whether 1 claim can be held against anything: “all is well” (claims.csv, 2)",
    ),
  ]);
});

test("a claim of a later day is not held against anything", () => {
  const report = on("15.1.2176.9", [claimOf(KB, "installed", "2021-08-21")]);
  expect(verdictOn(report, APRIL)).toBe("missing");
  expect(report.unknown).toEqual(["What to make of 1 claim made after 2021-08-20: claims.csv, 2."]);
});

test("a claim that names no host contradicts a host only where no other may have the update", () => {
  const general = [claimOf(KB, "installed", "2021-05-01", { host: "" })];
  const lacking = seen("15.1.2176.9", "2021-08-20");
  const other = (build: string) => seen(build, "2021-08-20", "file-version", { host: "MX2" });
  expect(verdictOn(ask([lacking], { claims: general }), APRIL)).toBe("contradicted");
  expect(verdictOn(ask([lacking, other("15.1.2176.9")], { claims: general }), APRIL)).toBe(
    "contradicted",
  );
  const elsewhere = ask([lacking, other("15.1.2176.12")], { claims: general });
  expect([verdictOn(elsewhere, APRIL), verdictOn(elsewhere, APRIL, "MX2")]).toEqual([
    "missing",
    "fixed",
  ]);
  expect(itemOf(elsewhere, APRIL).why).toContain(
    "a claim that names no host may be meant for another one",
  );
  expect(elsewhere.contradictions).toEqual([]);
});

test("two people who say the opposite are shown, whatever the builds say", () => {
  const report = on("15.1.2176.9", [
    claimOf(KB, "installed", "2021-05-01"),
    claimOf(KB, "was never applied", "2021-12-01", { by: "Auditor" }),
    claimOf(KB, "not installed", "2021-06-01", { by: null }),
  ]);
  const between = report.contradictions.filter(({ kind }) => kind === "claim-claim");
  expect(between.map(({ text }) => text)).toEqual([
    "Provider says that KB5001779 (Apr21SU) is installed (2021-05-01); Somebody who is not named says that it is not (2021-06-01).",
  ]);
});

test("claims are held against a host by any of its names", () => {
  const hosts = [{ name: "MX1", addresses: [], aliases: ["mail.example.org"], roles: [] }];
  const claims = [claimOf(KB, "installed", "2021-05-01", { host: "MAIL.example.org" })];
  const report = ask([seen("15.1.2176.9", "2021-08-20")], { claims, hosts });
  expect(verdictOn(report, APRIL)).toBe("contradicted");
});
