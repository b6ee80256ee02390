/** What is said of one build on one day, held against what is publicly known of Exchange 2016. */
import { expect, test } from "vitest";
import { known } from "../../base/assert.ts";
import { formatDay } from "../../base/day.ts";
import { toVulnerabilityId } from "../../engines/formats/index.ts";
import { NO_PART } from "../../model/catalogue.ts";
import { answerPatched } from "./answer.ts";
import { mergeCatalogues } from "./catalogue.ts";
import { SHIPPED, ask, dayOf, idsOf, itemOf, seen, verdictOn } from "./patched.test-data.ts";

const DAY = "2021-08-20";

function build(text: string, asOf = DAY) {
  return ask([seen(text, asOf)], { asOf });
}

test("15.1.2044.4 lacks a critical fix that was out since April and named only in July", () => {
  const item = itemOf(build("15.1.2044.4"), "2021-34473");
  expect(item).toMatchObject({
    verdict: "missing",
    severity: "critical",
    kb: "KB5001779",
    update: "Apr21SU",
  });
  expect(item.released).toBe(dayOf("2021-04-13"));
  const facts = item.known
    .filter(({ text }) => /34473|KB/.test(text))
    .map(({ day, what }) => [formatDay(day), what]);
  expect(facts).toEqual([
    ["2021-04-13", "fix released"],
    ["2021-07-13", "published"],
  ]);
});

test("15.1.2044.13 holds the four fixes that its package names; of what came before it nothing is known", () => {
  const report = build("15.1.2044.13");
  for (const id of ["2021-26855", "2021-26857", "2021-26858", "2021-27065"])
    expect(verdictOn(report, id)).toBe("fixed");
  for (const id of ["2021-34473", "2021-28480", "2021-31207"])
    expect(verdictOn(report, id)).toBe("missing");
  expect(verdictOn(report, "2020-16875")).toBe("unknown");
  expect(itemOf(report, "2020-16875").why).toContain(
    "its number does not prove that 15.1.2044.6 (Sep20SU)",
  );
  const chained = itemOf(report, "2021-31207").vulnerabilities.find(
    ({ id }) => id === "CVE-2021-31207",
  );
  expect(chained).toMatchObject({ severity: "moderate", rank: "critical", lentBy: "ProxyShell" });
});

test("a fix that one source asserts for 15.1.2044.13 and the maker does not is shown, and never counted", () => {
  const report = build("15.1.2044.13");
  const item = itemOf(report, "2021-26412");
  expect(item.verdict).toBe("missing");
  const [state] = item.vulnerabilities;
  expect(state?.disputed).toContain("HealthChecker takes it for fixed");
  // The update itself is there: nobody can say that KB5000871 is missing.
  expect(state?.why).toContain("Mar21SU is there and does not bring it");
});

test("15.1.2176.12 has no critical gap: the chain is broken, so its weak link keeps its own rank", () => {
  const report = build("15.1.2176.12");
  for (const id of ["2021-34473", "2021-34523", "2021-33766"])
    expect(verdictOn(report, id)).toBe("fixed");
  const link = itemOf(report, "2021-31207").vulnerabilities.find(
    ({ id }) => id === "CVE-2021-31207",
  );
  expect(link).toMatchObject({ state: "missing", rank: "moderate", lentBy: "" });
  expect(report.hosts[0]).toMatchObject({ critical: 0, unfixed: 8 });
});

test("15.1.2242.12 has the updates of July; one fix is no build's alone", () => {
  const report = build("15.1.2242.12");
  for (const id of ["2021-31196", "2021-31206", "2021-33768", "2021-31207"])
    expect(verdictOn(report, id)).toBe("fixed");
  const schema = itemOf(report, "2021-34470");
  expect(schema.verdict).not.toBe("fixed");
  expect(schema.requires).toHaveLength(1);
  expect(schema.why).toContain("would close it too, and nothing here shows it");
});

test("within CU21 the last number decides", () => {
  expect(verdictOn(build("15.1.2308.8"), "2021-31206")).toBe("missing");
  expect(verdictOn(build("15.1.2308.14"), "2021-31206")).toBe("fixed");
});

test("15.1.2242.4 lacks nothing on the eve of an update, and on its day exactly what it brings", () => {
  expect(idsOf(build("15.1.2242.4", "2021-04-12"), "missing")).toEqual([]);
  const report = build("15.1.2242.4", "2021-04-13");
  expect(idsOf(report, "missing")).toEqual([
    "2021-28480",
    "2021-28481",
    "2021-28482",
    "2021-28483",
    "2021-33766",
    "2021-34473",
    "2021-34523",
  ]);
  expect(report.items.filter(({ verdict }) => verdict === "missing").map(({ kb }) => kb)).toEqual([
    "KB5001779",
  ]);
});

test("builds are numbers: padded or not, and never decimals", () => {
  const told = (text: string) =>
    build(text).items.map(({ update, verdict, why }) => `${update} ${verdict} ${why}`);
  expect(told("15.01.2044.004")).toEqual(told("15.1.2044.4"));
  expect(told("Version 15.1 (Build 2044.4)")).toEqual(told("15.1.2044.4"));
  // As decimals .10 would be less than .4, and as text as well.
  expect(verdictOn(build("15.1.2044.10"), "2020-17083")).toBe("fixed");
  expect(verdictOn(build("15.1.2044.4"), "2020-17083")).toBe("missing");
  expect(verdictOn(build("15.1.1415.10"), "2021-26855")).toBe("fixed");
});

test("three numbers tell the cumulative update and nothing within it", () => {
  const report = build("15.1.2308");
  expect(verdictOn(report, "2021-31206")).toBe("unknown");
  expect(itemOf(report, "2021-31206").why).toContain(
    "the last number of the build decides, and it is not known",
  );
  expect(verdictOn(report, "2021-34473")).toBe("fixed");
  expect(verdictOn(build("15.1.2044"), "2021-34473")).toBe("missing");
});

test("where sources set the boundary at two builds the lower one is unknown", () => {
  expect(verdictOn(build("15.1.1415.8"), "2021-26858")).toBe("unknown");
  expect(verdictOn(build("15.1.1415.10"), "2021-26858")).toBe("fixed");
  expect(verdictOn(build("15.1.1466.13"), "2021-26858")).toBe("unknown");
  expect(verdictOn(build("15.1.1415.2"), "2021-26858")).toBe("missing");
});

test("the window runs from the first fix; a deadline from the day on which its rating could be known", () => {
  const { exposure, deadline } = itemOf(build("15.1.2044.4"), "2021-34473");
  expect(exposure).toMatchObject({
    from: dayOf("2021-04-13"),
    to: null,
    daysMin: 129,
    daysMax: 129,
  });
  // Its use was reported the day after: nobody could know, and looking back it may have been used for 14 days.
  expect(exposure).toMatchObject({ exploitedDaysMin: 0, exploitedDaysMax: 14 });
  expect(deadline).toMatchObject({ due: dayOf("2021-04-15"), daysLate: 127 });
  // Rated moderate; a chain that somebody found months later is nobody's rating in May.
  const lent = itemOf(build("15.1.2044.4"), "2021-31207");
  expect(lent.rank).toBe("critical");
  expect(lent.deadline).toMatchObject({ due: dayOf("2021-05-25"), daysLate: 87 });
  const used = itemOf(
    ask([seen("15.1.2044.4", "2021-08-25")], { asOf: "2021-08-25" }),
    "2021-31207",
  );
  expect(used.deadline?.due).toBe(dayOf("2021-05-25"));
  expect(used.exposure).toMatchObject({ exploitedDaysMin: 4, exploitedDaysMax: 19 });
});

test("before a fix is out nobody can have it: 39 days of ProxyNotShell, from its naming to its fix", () => {
  const asOf = "2022-12-01";
  const item = itemOf(ask([seen("15.1.2507.12", asOf)], { asOf }), "2022-41040");
  expect(item).toMatchObject({ verdict: "missing", update: "Nov22SU" });
  expect(item.exposure).toMatchObject({ from: dayOf("2022-11-08"), daysMin: 23 });
  expect(item.exposure?.daysWithoutFix).toBe(39);
});

test("the next step names what was out on the day, and what it closes", () => {
  const next = (text: string, asOf = DAY) => build(text, asOf).hosts[0]?.next;
  expect(next("15.1.2044.4")).toMatchObject({
    cu: "CU21",
    update: "Jul21SU",
    build: "15.1.2308.14",
  });
  expect(next("15.1.2044.4")?.closes).toContain("CVE-2021-34473");
  expect(next("15.1.2308.8")).toMatchObject({ cu: "", update: "Jul21SU", build: "15.1.2308.14" });
  expect(next("15.1.2242.12")).toMatchObject({ cu: "", update: "", build: "", closes: [] });
  expect(next("15.1.2242.12")?.configuration.map(({ closes }) => closes)).toEqual([
    ["CVE-2021-1730"],
    ["CVE-2021-34470"],
  ]);
  expect(next("15.1.2044.4", "2021-05-20")).toMatchObject({
    cu: "CU20",
    update: "May21SU",
    build: "15.1.2242.10",
  });
  expect(next("15.1.2044.4", "2021-07-01")).toMatchObject({
    cu: "CU21",
    update: "",
    build: "15.1.2308.8",
  });
  expect(next("15.1.2242.4", "2021-04-13")).toMatchObject({
    cu: "",
    update: "Apr21SU",
    build: "15.1.2242.8",
  });
});

test("the next step says where the product itself ends", () => {
  const why = (text: string, asOf: string) => build(text, asOf).hosts[0]?.next?.why ?? "";
  expect(why("15.1.2044.4", DAY)).toBe(
    "CU17 gets no update any more: CU21 with Jul21SU is the newest of Exchange Server 2016.",
  );
  expect(why("15.0.1497.42", "2023-06-01")).toContain(
    "a product with support is the step after that",
  );
});

test("a cumulative update that gets no updates, and a product that gets none, are said", () => {
  const remarks = (text: string, asOf: string) =>
    (build(text, asOf).hosts[0]?.remarks ?? [])
      .filter(({ kind }) => kind === "unsupported")
      .map((each) => each.text);
  expect(remarks("15.1.2308.14", DAY)).toEqual([]);
  expect(remarks("15.1.2044.4", DAY)).toEqual([
    expect.stringContaining("CU17 of Exchange Server 2016 gets no security updates any more"),
  ]);
  expect(remarks("15.0.1497.48", "2023-06-01")[0]).toContain(
    "Exchange Server 2013 has had no updates for everybody since 2023-04-11.",
  );
});

test("older than every listed build is affected; newer than every listed one is unknown", () => {
  expect(idsOf(build("15.1.100.1"), "fixed")).toEqual([]);
  expect(verdictOn(build("15.1.100.1"), "2021-34473")).toBe("missing");
  const beyond = build("15.1.9000.1");
  expect(idsOf(beyond, "missing")).toEqual([]);
  expect(itemOf(beyond, "2021-34473").why).toContain(
    "No catalogue here knows the cumulative update",
  );
  expect(answerPatched(beyond, { claims: [], assumed: [], limits: [] }).state).toBe("partly");
});

test("a score counts from its own day on, and where sources differ on a host's own update that is said", () => {
  const id = known(toVulnerabilityId("CVE-2021-31206"), "an id");
  const scored = mergeCatalogues([
    { ...NO_PART, ...SHIPPED, vulnerabilities: [...SHIPPED.vulnerabilities.values()] },
    { ...NO_PART, vulnerabilities: [{ id, epss: { score: 0.42, day: dayOf("2021-08-01") } }] },
  ]);
  const scoreOn = (asOf: string) =>
    itemOf(
      ask([seen("15.1.2308.8", "2021-07-20")], { asOf, catalogue: scored }),
      "2021-31206",
    ).vulnerabilities.find((state) => state.id === id)?.epss;
  expect(scoreOn("2021-07-31")).toBeNull();
  expect(scoreOn("2021-08-01")).toEqual({ score: 0.42, day: dayOf("2021-08-01") });
  const [host] = ask([seen("15.1.1415.8", "2021-08-20")]).hosts;
  const told = host?.remarks.filter(({ kind }) => kind === "sources-differ") ?? [];
  expect(told.map(({ text }) => text)).toContainEqual(
    expect.stringContaining("Exchange Server 2016, CU8"),
  );
  const [other] = ask([seen("15.1.2308.14", "2021-08-20")]).hosts;
  expect(other?.remarks.map(({ kind }) => kind)).not.toContain("sources-differ");
});
