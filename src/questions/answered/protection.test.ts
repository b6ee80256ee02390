/** Signs of sensors over the shipped knowledge and made batches: each entry by hand, order, bounds, hostile values. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { UNDATED } from "../../base/time.ts";
import { leftOut } from "../../engines/lookout/index.ts";
import type { Batch, FieldValue } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import { type MadeRow, batch, iso, shuffled, ticks } from "../cause/made.test-data.ts";
import { protectionFindings } from "./protection.ts";
import { createSigns, signLimits } from "./protection-rows.ts";
import { parseProtection } from "./protection-terms.ts";

const KNOWLEDGE: unknown = JSON.parse(readFileSync("knowledge/protection.json", "utf8"));
const TERMS = parseProtection(KNOWLEDGE);
const DEFENDER = "Microsoft-Windows-Windows Defender/Operational";

function defender(
  at: string | null,
  eventId: number,
  fields: Readonly<Record<string, FieldValue>> = {},
): MadeRow {
  return { at, eventId, channel: DEFENDER, fields };
}

function signsOf(...batches: readonly Batch[]) {
  const collector = createSigns(TERMS);
  for (const each of batches) collector.add(each);
  return collector.state();
}

function findingsOf(rows: readonly MadeRow[], format: FormatId = "evtx") {
  return protectionFindings(signsOf(batch(rows, { format, file: "a.evtx" })), TERMS, []);
}

function told(rows: readonly MadeRow[], format?: FormatId) {
  return findingsOf(rows, format).map(({ level, title, why }) => [level, title, why]);
}

const DAY_1 = "2021-08-13T10:00:00Z";
const DAY_2 = "2021-08-14T12:30:00Z";

test("off and on again: how long it was off is told", () => {
  expect(told([defender(DAY_1, 5001), defender(DAY_2, 5000)])).toEqual([
    [
      "high",
      "Defender's real-time protection was turned off",
      "was turned off from 2021-08-13T10:00:00Z to 2021-08-14T12:30:00Z (1 day 2 hours)",
    ],
  ]);
  expect(told([defender(DAY_1, 5000), defender(DAY_2, 5001)])[0]?.[2]).toBe(
    "was turned off at 2021-08-14T12:30:00Z, and nothing shows that it came back on",
  );
  expect(told([defender(DAY_1, 5000)])).toEqual([]);
});

const SETTING = "HKLM\\SOFTWARE\\Microsoft\\Windows Defender";

test.each<[string, string, MadeRow, FormatId?]>([
  ["high", "scanning for malware was turned off", defender(DAY_1, 5012)],
  ["high", "scanning for malware was turned off", defender(DAY_1, 5010)],
  ["medium", "real-time protection failed", defender(DAY_1, 3002)],
  ["low", "real-time protection was configured anew", defender(DAY_1, 5004)],
  ["low", "history of threats was deleted", defender(DAY_1, 1013)],
  ["high", "stands as off", defender(DAY_1, 1151, { RTPstate: "Disabled" })],
  [
    "medium",
    "signatures were older than a week",
    defender(DAY_1, 1151, { LastAVsecurityintelligenceage: "8" }),
  ],
  [
    "high",
    "real-time protection was turned off",
    defender(DAY_1, 5007, {
      NewValue: `${SETTING}\\Real-Time Protection\\DisableRealtimeMonitoring = 0x1`,
    }),
  ],
  [
    "high",
    "a part of Defender was turned off",
    defender(DAY_1, 5007, {
      NewValue: `${SETTING}\\Real-Time Protection\\DisableIOAVProtection = 0x1`,
    }),
  ],
  [
    "high",
    "set to let threats be",
    defender(DAY_1, 5007, {
      NewValue: `${SETTING}\\Threats\\ThreatSeverityDefaultAction\\5 = 0x6`,
    }),
  ],
  [
    "medium",
    "told to record less",
    {
      at: DAY_1,
      eventId: 4719,
      channel: "Security",
      fields: { AuditPolicyChanges: "%%8448, %%8450" },
    },
  ],
  [
    "high",
    "administrators' audit log of Exchange was turned off",
    {
      at: DAY_1,
      eventId: 1,
      channel: "MSExchange Management",
      fields: { Cmdlet: "Set-AdminAuditLogConfig", "Parameters.AdminAuditLogEnabled": "False" },
    },
  ],
  [
    "high",
    "audit log of a mailbox was turned off",
    {
      at: DAY_1,
      channel: "CmdletInfra",
      fields: { Cmdlet: "Set-Mailbox", Parameters: '-Identity "a b" -AuditEnabled:$false' },
    },
    "exchange",
  ],
  [
    "high",
    "mailbox auditing of the organisation was turned off",
    {
      at: DAY_1,
      channel: "UnifiedAudit",
      fields: { Operation: "Set-OrganizationConfig", "Parameters.AuditDisabled": "True" },
    },
    "m365",
  ],
  [
    "high",
    "auditing of what an account does was bypassed",
    {
      at: DAY_1,
      channel: "UnifiedAudit",
      fields: {
        Operation: "Set-MailboxAuditBypassAssociation",
        "Parameters.AuditBypassEnabled": "True",
      },
    },
    "m365",
  ],
])("%s: %s", (level, title, row, format) => {
  const findings = findingsOf([row], format);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ level, kind: "protection", question: "answered" });
  expect(findings[0]?.title.toLowerCase()).toContain(title.toLowerCase());
  expect(findings[0]?.detections).toHaveLength(1);
  expect(findings[0]?.firstSeen).toBe(ticks(DAY_1));
});

test.each<[string, MadeRow, FormatId?]>([
  ["signatures of a week", defender(DAY_1, 1151, { LastAVsecurityintelligenceage: "7" })],
  ["protection that is on", defender(DAY_1, 1151, { RTPstate: "%%901" })],
  ["another log's event", { at: DAY_1, eventId: 5001, channel: "System" }],
  ["another setting", defender(DAY_1, 5007, { NewValue: `${SETTING}\\DisableAntiSpyware = 0x0` })],
  ["one failed renewal", defender(DAY_1, 2001)],
  [
    "more auditing",
    { at: DAY_1, eventId: 4719, channel: "Security", fields: { AuditPolicyChanges: "%%8449" } },
  ],
  [
    "a cmdlet that failed",
    {
      at: DAY_1,
      eventId: 6,
      channel: "MSExchange Management",
      fields: { Cmdlet: "Set-AdminAuditLogConfig", "Parameters.AdminAuditLogEnabled": "False" },
    },
  ],
])("no finding: %s", (_, row, format) => {
  expect(findingsOf([row], format)).toEqual([]);
});

test("renewals that failed on three days, and signatures that aged, are one finding", () => {
  const rows = [0, 1, 2].flatMap((day) => [
    defender(iso(ticks(DAY_1) + BigInt(day) * 864_000_000_000n), 2001),
    defender(iso(ticks(DAY_1) + BigInt(day) * 864_000_000_000n + 1n), 1151, {
      LastAVsecurityintelligenceage: String(8 + day),
    }),
  ]);
  expect(told(rows)).toEqual([
    [
      "medium",
      "Defender's signatures were older than a week",
      "were older than a week on 3 days, up to 10 days old, from 2021-08-13T10:00:00Z to 2021-08-15T10:00:00Z; could not be renewed on 3 days, from 2021-08-13T10:00:00Z to 2021-08-15T10:00:00Z",
    ],
  ]);
});

test("a version that stands for over a week, with no other between, was not renewed", () => {
  const line = (at: string, version: string): MadeRow => ({
    at,
    channel: "MPLog",
    fields: { AVSignatureVersion: version },
  });
  const old = [
    line("2021-08-01T00:00:00Z", "1.345.1.0"),
    line("2021-08-20T00:00:00Z", "1.345.1.0"),
  ];
  expect(told(old, "mplog")[0]?.[2]).toBe(
    "stayed the same for more than a week: 1.345.1.0 from 2021-08-01T00:00:00Z to 2021-08-20T00:00:00Z (19 days)",
  );
  expect(told([...old, line("2021-08-09T00:00:00Z", "1.346.1.0")], "mplog")).toEqual([]);
});

test("what has no time is told as such, and hostile values stay one short line", () => {
  const [finding] = findingsOf([
    {
      ...defender(null, 5001, { SubjectUserName: `\u202e${"x".repeat(1_000_000)}\n` }),
      host: "\u0000",
    },
  ]);
  expect(finding?.firstSeen).toBe(UNDATED);
  expect(finding?.why).toContain("at an unknown time, and nothing shows that it came back on");
  expect(finding?.why.length).toBeLessThan(400);
  expect(finding?.why).not.toMatch(/[\u202e\n]/);
});

test("one log cannot take the room of all: what is left out is counted", () => {
  const rows = Array.from({ length: 9_000 }, (_, at) =>
    defender(iso(ticks(DAY_1) + BigInt(at) * 10_000_000n), 5001),
  );
  const state = signsOf(
    batch(rows, { format: "evtx" }),
    batch([{ ...defender(DAY_1, 5001), host: "DC1" }], { format: "evtx" }),
  );
  expect(leftOut(state)).toBe(9_000 - 8_192);
  expect(signLimits(state)[0]).toContain("808 further records");
  expect(state.signs.some(({ host }) => host === "DC1")).toBe(true);
});

test("order of rows and of absorbing decides nothing; a copy of a log adds nothing", () => {
  const row = fc.record({
    minute: fc.nat({ max: 3_000 }),
    id: fc.constantFrom(5001, 5000, 3002, 2001, 1151, 5007),
    host: fc.constantFrom("MX1", "mx1", "DC1", ""),
    age: fc.nat({ max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), fc.nat(), (rows, seed) => {
      const made = rows.map(
        ({ minute, id, host, age }): MadeRow => ({
          ...defender(iso(ticks(DAY_1) + BigInt(minute) * 600_000_000n), id, {
            LastAVsecurityintelligenceage: String(age),
            NewValue: `${SETTING}\\DisableAntiSpyware = 0x${age % 2}`,
          }),
          host,
        }),
      );
      const all = (file: string) => batch(made, { format: "evtx", file });
      const plain = protectionFindings(signsOf(all("a"), all("b")), TERMS, []);
      const half = made.length >> 1;
      const parts = [
        signsOf(all("b")),
        signsOf(batch(made.slice(half), { format: "evtx", file: "a", from: half })),
        signsOf(batch(made.slice(0, half), { format: "evtx", file: "a" })),
      ];
      const merged = createSigns(TERMS);
      for (const part of shuffled(parts, seed)) merged.absorb(structuredClone(part));
      const state = merged.state();
      const mixed = { ...state, signs: shuffled(state.signs, seed) };
      expect(protectionFindings(mixed, TERMS, [])).toEqual(plain);
      const once = protectionFindings(signsOf(all("a")), TERMS, []);
      expect(once.map(({ id, detections }) => [id, detections])).toEqual(
        plain.map(({ id, detections }) => [id, detections]),
      );
    }),
    { numRuns: 60 },
  );
});

test("knowledge without a source is refused by name", () => {
  const broken: unknown = JSON.parse(
    JSON.stringify(KNOWLEDGE).replace(/"source":"[^"]+"/, '"source":""'),
  );
  expect(() => parseProtection(broken)).toThrow(/signs\.0\.source/);
});
