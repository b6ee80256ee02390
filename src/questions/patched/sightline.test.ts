/** Which observation counts on a day, what it proves, and what two that differ come to. */
import { expect, test } from "vitest";
import { TICKS_PER_DAY } from "../../base/time.ts";
import type { HostRemark, PatchReport } from "../../model/patch.ts";
import { ask, claimOf, dayOf, idsOf, itemOf, seen, verdictOn } from "./patched.test-data.ts";

/** In CU19 a last number of 12 holds the fixes of April, 9 does not. */
const APRIL = "2021-34473";

function remarksOf(report: PatchReport, kind: HostRemark["kind"]): string[] {
  return report.hosts.flatMap(({ remarks }) =>
    remarks.filter((each) => each.kind === kind).map(({ text }) => text),
  );
}

test("the newest strong observation counts, whatever order they come in", () => {
  const before = seen("15.1.2176.9", "2021-06-01");
  const after = seen("15.1.2176.12", "2021-07-01");
  for (const both of [
    [before, after],
    [after, before],
  ])
    expect(verdictOn(ask(both), APRIL)).toBe("fixed");
});

test("an export of AdminDisplayVersion tells the cumulative update, and its last number nothing", () => {
  for (const build of ["Version 15.1 (Build 2176.2)", "Version 15.1 (Build 2176.14)"]) {
    const report = ask([seen(build, "2021-08-20", "exported-manifest")]);
    expect(verdictOn(report, APRIL)).toBe("unknown");
    expect(verdictOn(report, "2020-16875")).toBe("fixed");
    expect(verdictOn(report, "2021-31196")).toBe("missing");
  }
});

test("a server's own log: a lower last number is no proof of a lack, a higher one shows the fix weakly", () => {
  const low = ask([seen("15.1.2176.9", "2021-08-20", "server-log")]);
  expect(verdictOn(low, APRIL)).toBe("unknown");
  expect(itemOf(low, APRIL).why).toContain("which a security update may leave as it is");
  const high = itemOf(ask([seen("15.1.2176.12", "2021-08-20", "server-log")]), APRIL);
  expect(high).toMatchObject({ verdict: "fixed", strength: "weak" });
  expect(high.why).toContain("as a log states it");
});

test("a log that shows a higher number after the file version makes what was missing unknown", () => {
  const report = ask([
    seen("15.1.2176.9", "2021-05-01"),
    seen("15.1.2176.12", "2021-08-20", "server-log"),
  ]);
  expect(verdictOn(report, APRIL)).toBe("unknown");
  expect(itemOf(report, APRIL).why).toContain("server-log shows a higher number later");
});

test("the day told of a build is that of the observation that shows it, not of a log that names only its cumulative update", () => {
  const report = ask([
    seen("15.1.2176.9", "2021-06-01"),
    seen("15.1.2176.2", "2021-08-20", "server-log"),
  ]);
  const [host] = report.hosts;
  expect(host).toMatchObject({
    build: "15.1.2176.9",
    observedAt: BigInt(dayOf("2021-06-01")) * TICKS_PER_DAY,
  });
  expect(verdictOn(report, APRIL)).toBe("missing");
  // The July update was not out on the day on which the last number was proven; of CU19 none was made.
  expect(itemOf(report, APRIL).exposure).toMatchObject({ daysMin: 49, daysMax: 129 });
});

test("the newest observation stands; where it is older than the update, that is said, and no day is sure", () => {
  const report = ask([seen("15.1.2308.8", "2021-07-12")]);
  expect(verdictOn(report, "2021-31206")).toBe("missing");
  expect(itemOf(report, "2021-31206").why).toContain(
    "seen last on 2021-07-12, before the update came out on 2021-07-13: a file version of a later day would tell",
  );
  expect(itemOf(report, "2021-31206").exposure).toMatchObject({ daysMin: 0, daysMax: 38 });
  expect(itemOf(report, "2021-31206").deadline).toMatchObject({ daysLate: 0 });
  const since = ask([seen("15.1.2308.8", "2021-07-13")]);
  expect(itemOf(since, "2021-31206").why).not.toContain("before the update came out");
});

test("an observation from before the update contradicts nobody, not even a claim without a day", () => {
  const claims = [claimOf("KB5004779", "installed", "")];
  const before = ask([seen("15.1.2308.8", "2021-07-12")], { claims });
  expect(verdictOn(before, "2021-31206")).toBe("unverified");
  const after = ask([seen("15.1.2308.8", "2021-07-13")], { claims });
  expect(verdictOn(after, "2021-31206")).toBe("contradicted");
});

test("the folder that an update leaves behind proves nothing once a higher build was seen", () => {
  const report = ask([
    seen("15.1.2176.12", "2021-05-01"),
    seen("15.1.2044.4", ["2021-01-01", "2021-08-20"], "owa-path"),
  ]);
  expect(report.hosts[0]).toMatchObject({ build: "15.1.2176.12" });
  expect(verdictOn(report, APRIL)).toBe("fixed");
  expect(remarksOf(report, "went-back")).toEqual([]);
  expect(itemOf(report, APRIL).exposure).toMatchObject({
    from: dayOf("2021-04-13"),
    to: [dayOf("2021-04-13"), dayOf("2021-05-01")],
    daysMin: 0,
    daysMax: 18,
  });
  const alone = ask([seen("15.1.2044.4", "2021-08-20", "owa-path")]);
  expect(verdictOn(alone, APRIL)).toBe("missing");
});

test("a banner, and a build that cannot be read, say nothing", () => {
  expect(ask([seen("15.1.2044.4", "2021-08-20", "banner")]).items).toEqual([]);
  const report = ask([seen("fifteen", "2021-08-20"), seen("15.1.2044.4.5", "2021-08-20")]);
  expect(report.items).toEqual([]);
  expect(remarksOf(report, "not-comparable")).toEqual([
    "No build that can be compared: Exchange Server 15.1.2044.4.5 and Exchange Server fifteen.",
  ]);
});

test("a product that no catalogue knows is said, and never taken for another", () => {
  const report = ask([
    seen("15.1.2044.4", "2021-08-20", "file-version", { product: "Acme Gateway" }),
    seen("99.1.2044.4", "2021-08-20"),
  ]);
  expect(report.items).toEqual([]);
  expect(remarksOf(report, "unknown-product")[0]).toMatch(
    /^In no catalogue here: Acme Gateway 15\.1\.2044\.4 and Exchange Server 99\.1\.2044\.4\./,
  );
});

test("two strong observations of one day that differ: what only one of them holds is unknown", () => {
  const both = [
    seen("15.1.2044.13", "2021-08-20"),
    seen("15.1.2176.12", "2021-08-20", "owa-header"),
  ];
  const report = ask(both);
  expect(verdictOn(report, APRIL)).toBe("unknown");
  expect(verdictOn(report, "2021-26855")).toBe("fixed");
  expect(verdictOn(report, "2021-31207")).toBe("missing");
  expect(remarksOf(report, "contradiction")[0]).toContain(
    "contradict each other: 15.1.2176.12 (owa-header) and 15.1.2044.13 (file-version)",
  );
  expect(report.contradictions.map(({ kind }) => kind)).toEqual(["observation-observation"]);
  // Of an update that is in one of the two nobody can tell since when it was missing, or until when.
  expect(itemOf(report, APRIL)).toMatchObject({ exposure: null, deadline: { daysLate: 0 } });
  expect(ask(both.toReversed())).toEqual(report);
});

test("of two that differ a number that only a log states is not taken for proof", () => {
  const report = ask([
    seen("15.1.2044.4", "2021-08-20"),
    seen("15.1.2176.9", "2021-08-20", "server-log"),
  ]);
  expect(verdictOn(report, APRIL)).toBe("unknown");
  expect(verdictOn(report, "2021-31196")).toBe("missing");
});

test("on the day of an update both builds are seen, and the later one counts", () => {
  const report = ask(
    [
      seen("15.1.2176.9", ["2021-05-01", "2021-05-10T17:00:00Z"]),
      seen("15.1.2176.12", ["2021-05-10T21:00:00Z", "2021-05-10T21:00:00Z"]),
    ],
    { asOf: "2021-05-10" },
  );
  expect(verdictOn(report, APRIL)).toBe("fixed");
  const day = dayOf("2021-05-10");
  expect(itemOf(report, APRIL).exposure).toMatchObject({
    to: [day, day],
    daysMin: 27,
    daysMax: 27,
  });
});

test("a window ends between the last day without the fix and the first with it", () => {
  const report = ask([
    seen("15.1.2176.9", ["2021-03-10", "2021-05-01"]),
    seen("15.1.2176.12", ["2021-06-01", "2021-08-20"]),
  ]);
  expect(itemOf(report, APRIL).exposure).toMatchObject({
    from: dayOf("2021-04-13"),
    to: [dayOf("2021-05-01"), dayOf("2021-06-01")],
    daysMin: 18,
    daysMax: 49,
  });
});

test("a build that goes backwards opens again what a higher one had closed", () => {
  const report = ask([
    seen("15.1.2176.12", "2021-05-01"),
    seen("15.1.2176.9", "2021-06-01"),
    seen("15.1.2176.9", "2021-08-20"),
  ]);
  expect(verdictOn(report, APRIL)).toBe("missing");
  expect(itemOf(report, APRIL).exposure).toMatchObject({
    from: dayOf("2021-06-01"),
    to: null,
    daysMin: 80,
  });
  // The two days of a critical update run from when it was lost.
  expect(itemOf(report, APRIL).deadline).toMatchObject({
    due: dayOf("2021-06-03"),
    daysLate: 78,
  });
  expect(remarksOf(report, "went-back")).toEqual([
    expect.stringContaining("on 2021-06-01 it was lower than before"),
  ]);
  const mended = ask([
    seen("15.1.2176.12", "2021-05-01"),
    seen("15.1.2176.9", "2021-06-01"),
    seen("15.1.2176.12", "2021-07-01"),
  ]);
  expect(itemOf(mended, APRIL).exposure).toMatchObject({
    from: dayOf("2021-06-01"),
    to: [dayOf("2021-06-01"), dayOf("2021-07-01")],
  });
  expect(remarksOf(mended, "went-back")).toHaveLength(1);
});

test("an undated observation counts where nothing dated does, and its day stays unknown", () => {
  const report = ask([seen("15.1.2176.9", "")]);
  expect(verdictOn(report, APRIL)).toBe("missing");
  expect(report.hosts[0]).toMatchObject({ observedAt: null });
  expect(itemOf(report, APRIL)).toMatchObject({
    exposure: { daysMin: 0, daysMax: 129 },
    deadline: { daysLate: 0 },
  });
  expect(remarksOf(report, "stale")[0]).toContain("the record has no time");
  expect(verdictOn(ask([seen("15.1.2176.9", ""), seen("15.1.2176.12", "2021-06-01")]), APRIL)).toBe(
    "fixed",
  );
});

test("an undated observation is no later than the last change of its file", () => {
  const on = (day: string) =>
    ask([
      seen("15.1.2308.8", "", "file-version", { notAfter: BigInt(dayOf(day)) * TICKS_PER_DAY }),
    ]);
  expect(itemOf(on("2021-07-12"), "2021-31206").why).toContain("seen last on 2021-07-12, before");
  expect(verdictOn(on("2021-07-13"), "2021-31206")).toBe("missing");
  expect(itemOf(on("2021-07-13"), "2021-31206").why).toContain(
    "the record has no time, and is taken for one of the day that is asked about",
  );
});

test("what is of a later day counts for nothing, and is said", () => {
  const report = ask([seen("15.1.2176.9", "2021-08-20"), seen("15.1.2308.14", "2021-09-01")]);
  expect(report.hosts[0]).toMatchObject({ build: "15.1.2176.9" });
  expect(remarksOf(report, "future")).toEqual([
    "1 observation of later days (from 2021-09-01) does not count for 2021-08-20.",
  ]);
  const later = ask([seen("15.1.2308.14", "2021-09-01")]);
  expect(later.items).toEqual([]);
  expect(later.hosts[0]).toMatchObject({ build: "", strength: "none", next: null });
});

test("an old observation is said to be old", () => {
  expect(remarksOf(ask([seen("15.1.2308.14", "2021-07-21")]), "stale")).toEqual([]);
  expect(remarksOf(ask([seen("15.1.2308.14", "2021-07-20")]), "stale")[0]).toContain(
    "seen last on 2021-07-20, 31 days before 2021-08-20",
  );
});

test("a last number that was proven long ago is said to be old, though a log names the cumulative update today", () => {
  const report = ask([
    seen("15.1.2308.14", "2021-07-15"),
    seen("15.1.2308.8", "2021-08-20", "server-log"),
  ]);
  expect(remarksOf(report, "stale")[0]).toContain(
    "The last number of Exchange Server 2016 was proven last on 2021-07-15, 36 days before 2021-08-20",
  );
});

test("a configuration that was seen closes what needs it; one of a later day does not", () => {
  const configured = (id: string, at: string) => seen("", at, "configuration", { kb: `CVE-${id}` });
  const on = (build: string, ...ids: string[]) =>
    ask([seen(build, "2021-08-20"), ...ids.map((id) => configured(id, "2021-08-20"))]);
  expect(verdictOn(on("15.1.2242.12"), "2021-1730")).toBe("unknown");
  expect(itemOf(on("15.1.2242.12", "2021-1730"), "2021-1730")).toMatchObject({
    verdict: "fixed",
    why: "Seen: Download Domains configured",
  });
  // The schema closes it whatever build there is; Download Domains do not replace the build.
  expect(verdictOn(on("15.1.2242.12", "2021-34470"), "2021-34470")).toBe("fixed");
  expect(verdictOn(on("15.1.2044.4", "2021-1730"), "2021-1730")).toBe("missing");
  const later = ask([seen("15.1.2242.12", "2021-08-20"), configured("2021-1730", "2021-09-01")]);
  expect(verdictOn(later, "2021-1730")).toBe("unknown");
  const asOf = "2023-06-01";
  const bound = ask([seen("15.1.2507.23", asOf)], { asOf });
  expect(itemOf(bound, "2022-21980")).toMatchObject({
    verdict: "unknown",
    requires: ["Extended Protection enabled"],
  });
  expect(
    verdictOn(
      ask([seen("15.1.2507.23", asOf), configured("2022-21980", asOf)], { asOf }),
      "2022-21980",
    ),
  ).toBe("fixed");
});

test("each host for itself: what one shows says nothing of another", () => {
  const report = ask([
    seen("15.1.2176.12", "2021-08-20"),
    seen("15.1.2176.9", "2021-08-20", "file-version", { host: "MX2" }),
  ]);
  expect([verdictOn(report, APRIL), verdictOn(report, APRIL, "MX2")]).toEqual(["fixed", "missing"]);
  expect(idsOf(report, "unverified")).toEqual([]);
});

test("one host with two names is kept apart and said; a host of the logs without inventory too", () => {
  const fqdn = { host: "mx1.example.org" };
  const report = ask(
    [seen("15.1.2176.12", "2021-08-20"), seen("15.1.2176.9", "2021-08-20", "file-version", fqdn)],
    { seenHosts: ["MX1", "WEB9", "WEB9"] },
  );
  expect(remarksOf(report, "two-names")).toHaveLength(2);
  expect(remarksOf(report, "no-inventory")).toEqual([
    "WEB9: nothing here shows what is installed on it.",
  ]);
});

test("a run of setup that ended well proves its CU, and says nothing of security updates", () => {
  const report = ask([seen("15.1.2176.2", "2021-08-20", "setup-log")]);
  expect(verdictOn(report, "2021-31196")).toBe("missing");
  expect(verdictOn(report, "2021-31207")).toBe("unknown");
  expect(verdictOn(report, "2020-16875")).toBe("fixed");
});
