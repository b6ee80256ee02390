/** Exclusions over the shipped knowledge, judged by the day: each list by hand, every source, order, hostile values. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SourceCoverage } from "../../model/coverage.ts";
import type { Batch } from "../../model/event.ts";
import { type MadeRow, batch, shuffled, source } from "../cause/made.test-data.ts";
import { adviceOn } from "./exclusions-advice.ts";
import { exclusionFindings, judgeExclusions, tellExclusions } from "./exclusions.ts";
import { type ExclusionKind, plainExclusion } from "./exclusions-spelling.ts";
import { parseExclusions } from "./exclusions-terms.ts";
import { createSigns } from "./protection-rows.ts";

const KNOWLEDGE: unknown = JSON.parse(readFileSync("knowledge/exclusions.json", "utf8"));
const TERMS = parseExclusions(KNOWLEDGE);
const DEFENDER = "Microsoft-Windows-Windows Defender/Operational";
const EXCLUSIONS = "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions";
const TEMPORARY = "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files";

function changed(at: string, now: string, old = ""): MadeRow {
  const text = (value: string) => (value === "" ? "" : `${EXCLUSIONS}\\${value} = 0x0`);
  const fields = { NewValue: text(now), OldValue: text(old) };
  return { at, eventId: 5007, channel: DEFENDER, fields };
}

function judge(batches: readonly Batch[], sources: readonly SourceCoverage[] = []) {
  const collector = createSigns({ signs: [] });
  for (const each of batches) collector.add(each);
  return judgeExclusions(collector.state(), { terms: TERMS, hosts: [], coverage: { sources } });
}

function events(...rows: readonly MadeRow[]): Batch {
  return batch(rows, { format: "evtx", file: "defender.evtx" });
}

function findings(...rows: readonly MadeRow[]) {
  return exclusionFindings(judge([events(...rows)]));
}

test.each<[string, ExclusionKind, string]>([
  ["advised", "path", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Mailbox"],
  ["advised", "path", "%ExchangeInstallPath%Logging\\*"],
  ["advised", "path", "D:\\Exchange Server\\V15\\TransportRoles\\Logs\\Hub"],
  ["advised", "path", TEMPORARY],
  ["advised", "path", "%SystemRoot%\\System32\\Inetsrv"],
  ["advised", "path", "C:\\Windows\\Temp\\OICE_11111111-1111-1111-1111-111111111111"],
  ["advised", "process", "w3wp.exe"],
  ["advised", "process", "C:\\Windows\\System32\\inetsrv\\w3wp.exe"],
  ["advised", "process", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"],
  ["advised", "extension", ".edb"],
  ["never", "path", "C:\\"],
  ["never", "path", "D:\\*"],
  ["never", "path", "C:\\Users\\Public\\Downloads"],
  ["never", "path", "%TEMP%"],
  ["never", "path", "C:\\Windows\\Temp"],
  ["never", "path", "C:\\inetpub\\wwwroot\\aspnet_client"],
  [
    "never",
    "path",
    "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth",
  ],
  ["never", "path", "C:\\Program Files\\Microsoft\\Exchange Server\\V15"],
  ["never", "extension", "*.aspx"],
  ["never", "extension", "EXE"],
  ["never", "process", "C:\\Windows\\System32\\cmd.exe"],
  ["unknown", "path", "C:\\Program Files\\BackupAgent"],
  ["unknown", "path", "C:\\TOOLS\\mimikatz.exe"],
  ["unknown", "path", "C:\\inetpub\\wwwroot2\\V15\\Logging"],
  ["unknown", "path", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\..\\Bin"],
  ["unknown", "process", "C:\\Users\\Public\\w3wp.exe"],
  ["unknown", "extension", ""],
])("%s: %s %s", (kind, of, value) => {
  expect(adviceOn(of, value, TERMS).kind).toBe(kind);
});

test("what the vendor advised on that day is no finding, and is told", () => {
  const row = changed("2021-06-01T10:00:00Z", `Paths\\${TEMPORARY}`);
  expect(findings(row)).toEqual([]);
  expect(tellExclusions(judge([events(row)])).map(({ text }) => text)).toEqual([
    `Defender on MX1 does not scan the path ${TEMPORARY} (there at 2021-06-01T10:00:00Z; advised until 2023-02-23): as the vendor of Exchange advised on the days on which it is seen, so this is no finding.`,
  ]);
});

test("what stayed when the advice was withdrawn is a finding from that day", () => {
  const row = changed("2021-06-01T10:00:00Z", "Processes\\powershell.exe");
  const until = (last: string) => [
    source(DEFENDER, "2021-01-01T00:00:00Z", last, { format: "evtx" }),
  ];
  const at = (last: string) => exclusionFindings(judge([events(row)], until(last)));
  expect(at("2023-02-22T23:59:59Z")).toEqual([]);
  expect(at("2023-02-23T00:00:00Z")).toMatchObject([
    {
      level: "low",
      kind: "exclusion",
      rule: "exclusion/withdrawn",
      firstSeen: BigInt(Date.parse("2023-02-23")) * 10_000n,
      why: "the process powershell.exe (not advised from 2023-02-23 on), there from 2021-06-01T10:00:00Z, and not taken back by 2023-02-23T00:00:00Z",
    },
  ]);
  const removed = changed("2022-01-01T10:00:00Z", "", "Processes\\powershell.exe");
  const both = judge([events(row, removed)], until("2024-01-01T00:00:00Z"));
  expect(exclusionFindings(both)).toEqual([]);
  expect(both[0]).toMatchObject({
    wasRemoved: true,
    last: BigInt(Date.parse("2022-01-01T10:00:00Z")) * 10_000n,
  });
});

test.each([
  ["2023-02-22T23:00:00Z", 0],
  ["2023-02-23T00:00:00Z", 1],
  ["2025-10-16T23:00:00Z", 1],
  ["2025-10-17T00:00:00Z", 0],
])("w3wp.exe seen at %s", (at, number) => {
  expect(findings(changed(at, "Processes\\w3wp.exe"))).toHaveLength(number);
});

test("what nobody should exclude is a finding whatever the day, one for each host", () => {
  const [first, ...others] = findings(
    changed("2019-06-01T10:00:00Z", "Paths\\C:\\"),
    changed("2021-06-01T10:00:00Z", "Extensions\\.aspx"),
  );
  expect(others).toEqual([]);
  expect(first).toMatchObject({ level: "high", host: "MX1", counts: { exclusions: 2 } });
  expect(first?.detections).toHaveLength(2);
});

test("a hive's keys, PowerShell's exports, the protection log and Sysmon tell of exclusions too", () => {
  const hive = batch(
    [
      {
        at: "2019-02-11T10:00:00Z",
        channel: "Registry",
        fields: {
          Key: "Microsoft\\Windows Defender\\Exclusions\\Paths",
          Category: "defender-exclusion",
          "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\TemporaryASP.NETFiles": 0,
          "Value_C:\\Users": 0,
        },
      },
    ],
    { format: "registry" },
  );
  const exported = batch(
    [
      {
        at: null,
        channel: "MSFT_MpPreference",
        fields: { ExclusionProcess: ["w3wp.exe"], ExclusionPath: "C:\\" },
      },
    ],
    { format: "clixml" },
  );
  const lines = batch(
    [
      {
        at: "2021-08-01T00:00:00Z",
        channel: "MPLog",
        fields: { EventType: "RealTimeProtection", ExtExclusions: ".ps1" },
      },
    ],
    { format: "mplog" },
  );
  const sysmon = events({
    at: "2021-08-01T00:00:00Z",
    eventId: 13,
    channel: "Microsoft-Windows-Sysmon/Operational",
    fields: { TargetObject: `${EXCLUSIONS}\\Processes\\cmd.exe` },
  });
  const judged = judge([hive, exported, lines, sysmon]);
  expect(judged.map(({ kind, plain, judgement }) => [kind, plain, judgement.kind])).toEqual([
    ["extension", "ps1", "never"],
    ["path", "c:", "never"],
    ["path", "c:\\users", "never"],
    [
      "path",
      "c:\\windows\\microsoft.net\\framework64\\v4.0.30319\\temporaryasp.netfiles",
      "advised",
    ],
    ["process", "cmd.exe", "never"],
    ["process", "w3wp.exe", "undated"],
  ]);
  expect(tellExclusions(judged).at(-1)?.text).toContain(
    "w3wp.exe (undated; advised until 2023-02-23)",
  );
});

test("order decides nothing; hostile values end in one short line and no time is lost on them", () => {
  const value = fc.oneof(
    fc.constantFrom(
      "C:\\",
      "c:/",
      "%TEMP%\\*",
      TEMPORARY,
      "..\\..",
      "\\".repeat(400),
      "%".repeat(400),
    ),
    fc.string({ maxLength: 2_000, unit: "binary" }),
  );
  const row = fc.tuple(value, fc.nat({ max: 300 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), fc.nat(), (rows, seed) => {
      const made = rows.map(([text, day, isRemoval]) => {
        const at = new Date(Date.UTC(2022, 10, 1 + day)).toISOString();
        return isRemoval ? changed(at, "", `Paths\\${text}`) : changed(at, `Paths\\${text}`);
      });
      const collector = createSigns({ signs: [] });
      collector.add(events(...made));
      const { signs } = collector.state();
      const given = { terms: TERMS, hosts: [], coverage: { sources: [] } };
      const plain = exclusionFindings(judgeExclusions({ signs, uncounted: new Map() }, given));
      const mixed = { signs: shuffled(signs, seed), uncounted: new Map() };
      expect(exclusionFindings(judgeExclusions(mixed, given))).toEqual(plain);
      for (const { why } of plain) expect(why.length).toBeLessThan(4_000);
    }),
    { numRuns: 80 },
  );
  const long = `C:\\${"a\\".repeat(200_000)}exchangeserver`;
  const start = performance.now();
  plainExclusion("path", long);
  expect(performance.now() - start).toBeLessThan(500);
});

test("knowledge without a source is refused by name", () => {
  const broken: unknown = JSON.parse(
    JSON.stringify(KNOWLEDGE).replace(/"source":"[^"]+"/, '"source":""'),
  );
  expect(() => parseExclusions(broken)).toThrow(/advised\.0\.source/);
});
