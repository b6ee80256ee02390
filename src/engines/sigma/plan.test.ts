import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type PlainEvent, batchOf } from "../../../test/sigma/rows.ts";
import { Fault } from "../../base/fault.ts";
import type { FormatId } from "../../model/evidence.ts";
import { detectionOf } from "./detection.ts";
import { parseLogSources } from "./log-sources.ts";
import { createMatcher } from "./match.ts";
import { parseRules } from "./parse.ts";
import { type Plan, planRules } from "./plan.ts";

const KNOWLEDGE: object = JSON.parse(readFileSync("knowledge/sigma-logsources.json", "utf8"));
const SOURCES = parseLogSources(KNOWLEDGE);

function planOf(logsource: string, detection = "a: {F: x}\n  condition: a"): Plan {
  const text = `title: t\nid: r\nlogsource: {${logsource}}\ndetection:\n  ${detection}\n`;
  return planRules(parseRules("r.yml", text), SOURCES);
}

function rows(plan: Plan, format: FormatId, events: readonly PlainEvent[]): number[] {
  const found: number[] = [];
  createMatcher(plan).match(batchOf(format, events), (row) => found.push(row));
  return found;
}

const SYSMON = "Microsoft-Windows-Sysmon/Operational";

test("a category fans out to every log that carries it, under its own names", () => {
  const plan = planOf(
    "category: process_creation, product: windows",
    "a: {Image: x, CommandLine: y}\n  condition: a",
  );
  const own = { Image: "x", CommandLine: "y" };
  const events = [
    { channel: SYSMON, eventId: 1, fields: own },
    { channel: "Security", eventId: 4688, fields: { NewProcessName: "x", CommandLine: "y" } },
    { channel: "Security", eventId: 4688, fields: own },
    { channel: SYSMON, eventId: 5, fields: own },
    { channel: "Security", eventId: 1, fields: own },
  ];
  expect(rows(plan, "evtx", events)).toEqual([0, 1]);
  expect(rows(plan, "windows-json", events)).toEqual([0, 1]);
  expect(rows(plan, "iis", events)).toEqual([]);
  for (const timeline of ["plaso", "timesketch", "syslog"] as const)
    expect(rows(plan, timeline, events)).toEqual([0, 1]);
});

test("a rule that asks for no channel stays with logs that hold nothing but Windows events", () => {
  const plan = planOf("product: windows");
  const events = [{ channel: "", eventId: -1, fields: { F: "x" } }];
  expect(rows(plan, "evtx", events)).toEqual([0]);
  expect(rows(plan, "syslog", events)).toEqual([]);
});

test("a line of an IIS log that came by way of plaso is a web request under plaso's names", () => {
  const plan = planOf(
    "category: webserver",
    "a: {cs-method: POST, sc-status: 200}\n  condition: a",
  );
  const line = { http_method: "POST", http_status: 200 };
  const events = [
    { channel: "W3SVC1", eventId: -1, fields: { ...line, data_type: "iis:log:line" } },
    { channel: "", eventId: -1, fields: { ...line, data_type: "apache:access_log:entry" } },
  ];
  expect(rows(plan, "plaso", events)).toEqual([0]);
  expect(rows(plan, "iis", events)).toEqual([]);
});

test("a field that a log never carries is missing there, not false", () => {
  const events = [
    { channel: SYSMON, eventId: 1, fields: { Image: "x", OriginalFileName: "o" } },
    { channel: "Security", eventId: 4688, fields: { NewProcessName: "x" } },
  ];
  const plan = (test: string) =>
    planOf(
      "category: process_creation, product: windows",
      `a: {Image: x}\n  b: {OriginalFileName: ${test}}\n  condition: a and b`,
    );
  expect(rows(plan("o"), "evtx", events)).toEqual([0]);
  expect(rows(plan("null"), "evtx", events)).toEqual([1]);
});

test("registry events are told apart by their type", () => {
  const events = ["CreateKey", "DeleteKey", "DeleteValue"].map((type) => ({
    channel: SYSMON,
    eventId: 12,
    fields: { EventType: type, F: "x" },
  }));
  expect(rows(planOf("category: registry_add, product: windows"), "evtx", events)).toEqual([0]);
  expect(rows(planOf("category: registry_delete, product: windows"), "evtx", events)).toEqual([
    1, 2,
  ]);
  expect(rows(planOf("category: registry_event, product: windows"), "evtx", events)).toEqual([
    0, 1, 2,
  ]);
});

test("a category within a service is read where both are", () => {
  const events = [
    { channel: SYSMON, eventId: 1, fields: { F: "x" } },
    { channel: "Security", eventId: 4688, fields: { F: "x" } },
  ];
  const plan = planOf("category: process_creation, product: windows, service: security");
  expect(rows(plan, "evtx", events)).toEqual([1]);
});

test("web server rules find the whole address under the names that they use", () => {
  const plan = planOf(
    "category: webserver",
    "a: {cs-uri-query|contains: /x?y=1, c-useragent: z}\n  condition: a",
  );
  const fields = {
    "cs-uri-stem": "/x",
    "cs-uri-query": "y=1",
    "c-uri": "/x?y=1",
    "cs(User-Agent)": "z",
  };
  expect(rows(plan, "iis", [{ fields }])).toEqual([0]);
});

test.each([
  [
    "product: linux, category: process_creation",
    "log source linux/process_creation/-: Sysmon for Linux is not read here",
  ],
  [
    "category: proxy, product: zeek",
    "log source zeek/proxy/-: of forward proxies only access logs in NCSA's form are read here",
  ],
  ["product: macos, category: webserver", "log source macos/webserver/-: no reader for it"],
  [
    "product: windows, category: file_access",
    "log source windows/file_access/-: comes from event tracing (Kernel-File), which no log keeps",
  ],
  [
    "product: windows, category: ps_script, service: security",
    "log source windows/ps_script/security: no reader for it",
  ],
])("not applicable here: %s", (logsource, reason) => {
  expect(planOf(logsource).accounts).toMatchObject([{ state: "not-applicable", reason }]);
});

test("not applicable here: a field that is never logged, by name", () => {
  const security = "category: process_creation, product: windows, service: security";
  const plan = (condition: string) =>
    planOf(security, `a: {OriginalFileName: x}\n  b: {Image: y}\n  condition: ${condition}`);
  expect(plan("a and b").accounts).toMatchObject([
    {
      file: "r.yml",
      line: 1,
      id: "r",
      title: "t",
      kind: "rule",
      state: "not-applicable",
      reason: "log source windows/process_creation/security never carries OriginalFileName",
    },
  ]);
  expect(plan("a or b").accounts).toMatchObject([{ state: "run" }]);
});

test("a refusal keeps its place in the accounts, and an id counts once", () => {
  const good =
    "title: t\nid: r\nlogsource: {product: windows}\ndetection:\n  a: {F: x}\n  condition: a\n";
  const parsed = [
    ...parseRules("a", good),
    ...parseRules("b", "title: u\ncorrelation: {}"),
    ...parseRules("c", good),
  ];
  expect(planRules(parsed, SOURCES).accounts).toMatchObject([
    { file: "a", state: "run" },
    { file: "b", state: "refused", title: "u", id: "", reason: "a correlation without a type" },
    { file: "c", state: "refused", reason: "the id r is taken by a:1" },
  ]);
});

test("knowledge that is not as it should be is a fault that names the place", () => {
  const broken = { ...KNOWLEDGE, rows: [{ product: "windows" }] };
  expect(() => parseLogSources(broken)).toThrow(Fault);
  expect(() => parseLogSources(broken)).toThrow(/rows\.0\.product/);
  const unsourced = { ...KNOWLEDGE, sources: {} };
  expect(() => parseLogSources(unsourced)).toThrow(/is not described/);
});

test("a detection is known by its rule and event, and shows what the rule looked at, as found", () => {
  const plan = planOf(
    "category: process_creation, product: windows",
    "a: {Image|endswith: x, EventID: 4688, OriginalFileName: null}\n  condition: a\nfields: [Command Line, User]",
  );
  const batch = batchOf("evtx", [
    {
      channel: "Security",
      eventId: 4688,
      host: "H",
      fields: { NewProcessName: "C:\\X ", CommandLine: "c", SubjectUserName: "u" },
    },
  ]);
  const found: unknown[] = [];
  createMatcher(plan).match(batch, (row, rule) => found.push(detectionOf(rule, batch, row)));
  expect(found).toMatchObject([
    {
      id: createHash("sha256")
        .update(`r\n${"0".repeat(64)}/0`)
        .digest("hex")
        .slice(0, 32),
      rule: "r",
      level: "informational",
      host: "H",
      channel: "Security",
      at: { record: "1", offset: 0 },
      fields: { NewProcessName: "C:\\X ", EventID: 4688, CommandLine: "c", SubjectUserName: "u" },
    },
  ]);
});
