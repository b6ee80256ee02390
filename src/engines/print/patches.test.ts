/** The report as JSON: one document in many lines, with nothing of the evidence that a page or a terminal would act on. */
import { expect, test } from "vitest";
import { toDay } from "../../base/day.ts";
import { known } from "../../base/assert.ts";
import type { VulnerabilityId } from "../../model/catalogue.ts";
import type { Claim } from "../../model/claim.ts";
import type { EventKey } from "../../model/event.ts";
import type { EvidenceHash } from "../../model/evidence.ts";
import type { PatchItem, PatchReport } from "../../model/patch.ts";
import { printPatches } from "./patches.ts";

const DAY = known(toDay(18_859), "a day");
const AT = {
  key: "e/1" as EventKey,
  evidence: "e" as EvidenceHash,
  file: "a.csv",
  record: "2",
  offset: 7,
};
const CLAIM: Claim = {
  host: "MX1",
  product: "Exchange Server",
  kb: "KB5001779",
  claim: "installed</script>\u2028",
  by: null,
  at: null,
  digits: 0,
  atText: "",
  reference: "",
  lacks: [],
  more: {},
  file: "claims.csv",
  record: "2",
  offset: 41,
};
const ITEM: PatchItem = {
  host: "MX1",
  product: "Exchange Server 2016",
  build: "15.1.2176.9",
  observedAt: 16_294_176_000_000_000n,
  strength: "strong",
  kb: "KB5001779",
  kbs: ["KB5001779"],
  update: "Apr21SU",
  vulnerabilities: [
    {
      id: "CVE-2021-34473" as VulnerabilityId,
      alias: "ProxyShell",
      state: "missing",
      severity: "critical",
      rank: "critical",
      lentBy: "",
      why: "Below.",
      requires: "",
      disputed: "",
      epss: null,
    },
  ],
  severity: "critical",
  rank: "critical",
  released: DAY,
  verdict: "contradicted",
  requires: [],
  claims: [CLAIM],
  excuses: ["Not elevated."],
  exposure: {
    from: DAY,
    to: [DAY, DAY],
    daysMin: 1,
    daysMax: 2,
    exploitedDaysMin: 0,
    exploitedDaysMax: 1,
    daysWithoutFix: 0,
  },
  known: [{ day: DAY, what: "published", text: "CVE-2021-34473" }],
  deadline: { rule: "within 14 days", due: DAY, daysLate: 3 },
  why: "Below.",
  at: [AT],
};
const REPORT: PatchReport = {
  asOf: DAY,
  hosts: [],
  items: [
    ITEM,
    {
      ...ITEM,
      claims: [],
      exposure: null,
      deadline: null,
      released: null,
      observedAt: null,
      at: [],
      build: "",
      kb: "",
      update: "",
    },
  ],
  measured: [{ claim: CLAIM, reads: "4 updates missing", verdict: "unknown", why: "No." }],
  contradictions: [{ kind: "claim-observation", host: "MX1", text: "Said.", at: [AT] }],
  unknown: ["What."],
  catalogueAgeDays: 12,
};

test("a line for each thing, one document together", () => {
  const lines = [...printPatches(REPORT)];
  expect(lines.length).toBeGreaterThan(REPORT.items.length + 4);
  const read = JSON.parse(lines.join("\n"));
  expect(Object.keys(read)).toEqual([
    "as_of",
    "hosts",
    "items",
    "statements",
    "contradictions",
    "unknown",
    "catalogue_age_days",
  ]);
  expect(read.as_of).toBe("2021-08-20");
  expect(read.items[0]).toMatchObject({
    host: "MX1",
    kb: "KB5001779",
    cves: ["CVE-2021-34473"],
    verdict: "contradicted",
    released: "2021-08-20",
    observed_at: "2021-08-20T00:00:00Z",
    exposure: {
      from: "2021-08-20",
      to: ["2021-08-20", "2021-08-20"],
      days_min: 1,
      days_max: 2,
      exploited_days: 0,
      exploited_days_max: 1,
    },
    deadline: { rule: "within 14 days", due: "2021-08-20", days_late: 3 },
    file: "a.csv",
    record: "2",
    offset: 7,
  });
  expect(JSON.parse(JSON.stringify(read))).toEqual(read);
});

test("what is not known is null, never an empty word or a zero", () => {
  const read = JSON.parse([...printPatches(REPORT)].join(""));
  expect(read.items[1]).toMatchObject({
    build: null,
    kb: null,
    update: null,
    observed_at: null,
    released: null,
    exposure: null,
    deadline: null,
    claim: null,
    file: null,
    offset: null,
  });
  expect(read.items[0].vulnerabilities[0].lent_by).toBeNull();
});

test("an empty report is a document too", () => {
  const nothing: PatchReport = {
    asOf: DAY,
    hosts: [],
    items: [],
    measured: [],
    contradictions: [],
    unknown: [],
    catalogueAgeDays: 0,
  };
  expect(JSON.parse([...printPatches(nothing)].join(""))).toMatchObject({ hosts: [], items: [] });
});

test("words of claims come through as words", () => {
  const text = [...printPatches(REPORT)].join("\n");
  expect(text).not.toContain("\u2028");
  expect(JSON.parse(text).items[0].claim.claim).toBe("installed</script>\u2028");
});
