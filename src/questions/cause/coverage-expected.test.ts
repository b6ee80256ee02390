import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Fault } from "../../base/fault.ts";
import type { CaseHost } from "../../model/case-file.ts";
import { createCoverage } from "./coverage.ts";
import { parseExpectedEvidence } from "./coverage-expected.ts";
import { batch, type MadeRow } from "./made.test-data.ts";

const JSON_TEXT = readFileSync("knowledge/expected-evidence.json", "utf8");
const KNOWLEDGE = parseExpectedEvidence(JSON.parse(JSON_TEXT));

const AT = "2021-08-01T10:00:00Z";

function expectedOf(rows: readonly MadeRow[], hosts: readonly CaseHost[] = []) {
  const collector = createCoverage();
  collector.add(batch(rows));
  return collector.finish(KNOWLEDGE, hosts).expected;
}

function answering(stem: string, status: number): MadeRow {
  return { at: AT, fields: { "cs-uri-stem": stem, "sc-status": status } };
}

test("the shipped knowledge parses, and has something for each role", () => {
  for (const role of ["exchange", "domain-controller", "any"])
    expect(KNOWLEDGE.entries.some(({ roles }) => roles.includes(role))).toBe(true);
});

test("knowledge that is not as specified is refused by the name of its field", () => {
  const broken = (change: (entry: Record<string, unknown>) => void) => () => {
    const json = JSON.parse(JSON_TEXT);
    change(json.entries[0]);
    parseExpectedEvidence(json);
  };
  expect(broken((entry) => delete entry["why"])).toThrow(/entries\.0\.why/);
  expect(broken((entry) => (entry["asOf"] = "soon"))).toThrow(/entries\.0\.asOf/);
  expect(broken((entry) => (entry["extra"] = 1))).toThrow(/extra/);
  expect(broken((entry) => (entry["id"] = KNOWLEDGE.entries[1]?.id))).toThrow(/stands twice/);
  expect(() => parseExpectedEvidence(null)).toThrow(Fault);
});

test("a stated role expects what is not here, and what is here is not missed", () => {
  const mail: CaseHost = { name: "MX1", addresses: [], aliases: [], roles: ["exchange"] };
  const whats = expectedOf([{ at: AT }], [mail]).map(({ what }) => what);
  expect(whats).not.toContain("IIS log of the front end (W3SVC1)");
  expect(whats).toContain("IIS log of the back end (W3SVC2)");
  expect(whats).toContain("Security event log");
  expect(whats).not.toContain("Directory Service event log");
});

test("a host of the case file without any evidence is missed whole", () => {
  const dc: CaseHost = { name: "DC1", addresses: [], aliases: [], roles: ["domain-controller"] };
  const own = expectedOf([{ at: AT }], [dc]).filter(({ host }) => host === "DC1");
  expect(own.map(({ what }) => what)).toContain("Directory Service event log");
});

test("an Exchange server is inferred from what it answers, and said so", () => {
  const rows = [answering("/owa/auth/logon.aspx", 200), answering("/EWS/Exchange.asmx", 401)];
  const back = expectedOf(rows).find(({ what }) => what.includes("W3SVC2"));
  expect(back?.why).toContain("is inferred from its web log");
  const scanned = [answering("/owa/", 404), answering("/ecp/", 302), answering("/ews/", 500)];
  expect(expectedOf(scanned).filter(({ what }) => what.includes("W3SVC2"))).toEqual([]);
});

test("channels tell a role too; evidence that exists nowhere says so, and one without a reader", () => {
  const expected = expectedOf([{ at: AT, channel: "MSExchange Management" }]);
  const proxy = expected.find(({ what }) => what === "Exchange HttpProxy logs");
  const items = expected.find(({ id }) => id === "mail-items-accessed");
  expect(items?.why).toContain("Not obtainable here");
  expect(items?.why).not.toContain("no reader for it");
  const unread = KNOWLEDGE.entries.map((entry) => ({ ...entry, seenIn: [] }));
  const collector = createCoverage();
  collector.add(batch([{ at: AT }]));
  const [first] = collector.finish({ entries: unread }, []).expected;
  expect(first?.why).toContain("no reader for it");
  expect(proxy?.why).toContain("inferred from its log MSExchange Management");
});

test("records whose site has no name are not taken for a site, and said", () => {
  const mail: CaseHost = { name: "MX1", addresses: [], aliases: [], roles: ["exchange"] };
  const expected = expectedOf([{ at: AT, channel: "" }], [mail]);
  const front = expected.find(({ what }) => what.includes("W3SVC1"));
  expect(front?.why).toContain("It may be among the records");
});

test("a tenant is no computer: it is asked for its own exports, and for no event log", () => {
  const tenant: CaseHost = { name: "clinic", addresses: [], aliases: [], roles: ["m365"] };
  const ids = expectedOf([{ at: AT }], [tenant])
    .filter(({ host }) => host === "clinic")
    .map(({ id }) => id);
  expect(ids).toContain("unified-audit");
  expect(ids).not.toContain("security-log");
  const collector = createCoverage();
  collector.add(batch([{ at: AT, host: "", channel: "SignIn" }], { format: "m365" }));
  const seen = collector.finish(KNOWLEDGE, []).expected.map(({ id }) => id);
  expect(seen).toContain("message-trace");
  expect(seen).not.toContain("sign-in-log");
  expect(seen).not.toContain("security-log");
});
