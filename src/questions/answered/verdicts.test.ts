import { expect, test } from "vitest";
import threats from "../../../knowledge/threats.json" with { type: "json" };
import type { Detection } from "../../model/detection.ts";
import type { Batch } from "../../model/event.ts";
import { type MadeRow, batch } from "../cause/made.test-data.ts";
import { classOf, familyOf, parseThreats } from "./threats.ts";
import { createVerdicts, isVerdict } from "./verdicts.ts";

const knowledge = parseThreats(threats);
const verdicts = createVerdicts(knowledge);

function found(rows: Batch): Detection[] {
  const all: Detection[] = [];
  verdicts.look(rows, (_, rule, detection) => {
    const made = detection();
    expect(made.rule).toBe(rule);
    all.push(made);
  });
  return all;
}

const PROVIDER = "Microsoft-Windows-Windows Defender";
const PAGE = "C:\\inetpub\\wwwroot\\aspnet_client\\a.aspx";
const defender = (eventId: number, fields: MadeRow["fields"] = {}): MadeRow => ({
  at: "2021-08-13T10:00:00Z",
  channel: `${PROVIDER}/Operational`,
  provider: PROVIDER,
  eventId,
  fields: {
    ThreatName: "Backdoor:ASP/Chopper.F!dha",
    Resource: [`file:_${PAGE}`, "process:_pid:4,ProcessStart:1"],
    File: [PAGE],
    DetectionID: "{A}",
    ActionName: "Quarantine",
    ProcessName: "w3wp.exe",
    DetectionUser: "NT AUTHORITY\\SYSTEM",
    ...fields,
  },
});

test("what Defender found, did and failed to do are verdicts; how it is, is none", () => {
  const ids = [1116, 1117, 1118, 1119, 1006, 1007, 1151, 2000, 1001];
  const rows = batch(
    ids.map((id) => defender(id)),
    { format: "evtx" },
  );
  expect(found(rows).map(({ fields }) => fields["outcome"])).toEqual([
    "found",
    "acted",
    "failed",
    "failed",
    "found",
    "acted",
  ]);
  const [first] = found(rows);
  expect(first).toMatchObject({
    rule: "verdict/defender",
    level: "high",
    title: "Microsoft Defender Antivirus: web shell",
    fields: {
      threat: "Backdoor:ASP/Chopper.F!dha",
      family: "web-shell",
      path: [PAGE],
      resource: ["process:_pid:4,ProcessStart:1"],
      detection: "{A}",
      process: "w3wp.exe",
      user: "NT AUTHORITY\\SYSTEM",
    },
  });
  expect(first !== undefined && isVerdict(first)).toBe(true);
  expect(isVerdict({ rule: "cbb730a0-32f8-417f-baab-489d31a1da29" })).toBe(false);
});

test("another provider's event of the same number is none; nor is a row without a threat's name", () => {
  const other = { ...defender(1116), provider: "Microsoft-Windows-Other" };
  expect(found(batch([other], { format: "evtx" }))).toEqual([]);
  expect(found(batch([defender(1116, { ThreatName: "" })], { format: "evtx" }))).toEqual([]);
  expect(found(batch([defender(1116)], { format: "iis" }))).toEqual([]);
});

test("ClamAV, the protection log and consoles", () => {
  const at = "2021-08-13T10:00:00Z";
  const clamav = batch(
    [
      {
        at,
        fields: { Path: "/srv/a.php", ThreatName: "Php.Webshell.A", Result: "FOUND", Sha1: "aa" },
      },
      { at, fields: { Path: "/srv/b.php", Result: "OK" } },
    ],
    { format: "clamav" },
  );
  expect(found(clamav).map(({ fields }) => [fields["path"], fields["hash"]])).toEqual([
    [["/srv/a.php"], ["aa"]],
  ]);
  const clean = (Result: string): MadeRow => ({
    at,
    fields: { EventType: "DetectionClean", ThreatName: "Trojan:Win32/A", Path: [PAGE], Result },
  });
  const query: MadeRow = { at, fields: { EventType: "CloudQuery", Path: PAGE, Sha1: "bb" } };
  const log = batch([clean("0x0"), clean("0x80070020"), query], { format: "mplog" });
  expect(found(log).map(({ fields, level }) => [fields["outcome"], level])).toEqual([
    ["acted", "medium"],
    ["failed", "medium"],
  ]);
  const row = (provider: string, fields: MadeRow["fields"]): MadeRow => ({
    at,
    provider,
    channel: "Antivirus",
    ...(fields === undefined ? {} : { fields }),
  });
  const tables = batch(
    [
      row("ESET", { Threat: "PHP/WebShell.NHD", File: "C:\\w\\a.php", Action: "cleaned" }),
      row("Sophos", { threat: "Mal/A", Operation: "Event::Endpoint::Threat::Detected" }),
      row("Sophos", { name: "Update succeeded", Operation: "Event::Endpoint::UpdateSuccess" }),
      row("Nobody", { Threat: "x" }),
    ],
    { format: "table" },
  );
  expect(found(tables).map(({ rule, fields }) => [rule, fields["threat"]])).toEqual([
    ["verdict/console", "PHP/WebShell.NHD"],
    ["verdict/sophos", "Mal/A"],
  ]);
});

test("an alert without a known threat is an alert, as grave as its service says", () => {
  const alert = (fields: MadeRow["fields"]): MadeRow => ({
    at: "2021-08-13T10:00:00Z",
    host: "",
    channel: "Alerts",
    ...(fields === undefined ? {} : { fields }),
  });
  const rows = batch(
    [
      alert({ title: "Unfamiliar sign-in properties", severity: "low", determination: "unknown" }),
      alert({
        title: "Malware was seen",
        threatDisplayName: "HackTool:Win32/Mikatz",
        severity: "low",
        "evidence.deviceDnsName": "pc7.clinic.example",
        "evidence.fileDetails.filePath": "C:\\Windows\\Temp",
      }),
    ],
    { format: "m365" },
  );
  expect(found(rows).map(({ host, level, fields }) => [host, level, fields["family"]])).toEqual([
    ["", "low", "alert"],
    ["pc7.clinic.example", "high", "tool"],
  ]);
});

test("a container of a million files is a hundred, and says so", () => {
  const File = Array.from({ length: 50_000 }, (_, at) => `${PAGE}${at}`);
  const [detection] = found(batch([defender(1116, { File })], { format: "evtx" }));
  const paths = detection?.fields["path"];
  expect(Array.isArray(paths) && paths.length).toBe(100);
  expect(detection?.fields["paths_left_out"]).toBe(49_900);
  const [long] = found(
    batch([defender(1116, { File: [`C:\\${"x".repeat(1e6)}`] })], { format: "evtx" }),
  );
  expect(JSON.stringify(long?.fields).length).toBeLessThan(2_000);
});

test.each([
  ["Virus:DOS/EICAR_Test_File", "test"],
  ["Win.Test.EICAR_HDB-1", "test"],
  ["Eicar-Test-Signature", "test"],
  ["Backdoor:ASP/Chopper.F!dha", "web-shell"],
  ["Trojan:ASP/Webshell!MSR", "web-shell"],
  ["PUA.Php.Webshell.A", "web-shell"],
  ["Exploit:ASP/CVE-2021-27065.B!dha", "exploit"],
  ["HackTool:Win64/Mikatz!dha", "tool"],
  ["Win.Tool.Mimikatz-9862700-0", "tool"],
  ["Backdoor:Win32/Agent", "backdoor"],
  ["Ransom:Win32/Lockbit", "ransomware"],
  ["Trojan:Win64/CoinMiner.RB!MTB", "miner"],
  ["PUA:Win32/Presenoker", "pua"],
  ["not-a-virus:RemoteAdmin.Win32", "pua"],
  ["Trojan:Win32/Explorer.Rating", "malware"],
  ["", "malware"],
])("%s is of the family %s", (threat, family) => {
  expect(familyOf(threat, knowledge).id).toBe(family);
});

test.each([
  [PAGE, "shell"],
  [
    "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\root\\1\\2\\App_Web_x.dll",
    "compiled",
  ],
  ["/var/www/html/up.php", "shell"],
  ["C:\\Users\\a\\page.aspx", "other"],
  ["C:\\Windows\\Temp\\m64.exe", "tool"],
  ["C:\\inetpub\\wwwroot\\nc.EXE", "tool"],
  ["D:\\x.7z", "archive"],
  ["noextension", "other"],
])("%s is of the class %s", (path, fileClass) => {
  expect(classOf(path, knowledge)).toBe(fileClass);
});

test("knowledge that leaves something open is refused by name", () => {
  const { families, ...rest } = threats;
  expect(() => parseThreats(rest)).toThrow(/families/);
  expect(() => parseThreats({ ...threats, families: [...families, families[0]] })).toThrow(/twice/);
});
