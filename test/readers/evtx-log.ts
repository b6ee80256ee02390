/** Made-up Windows events for the tests: the logs of a mail server, drawn from a seed. */
import { known } from "../../src/base/assert.ts";
import { toTicks } from "../../src/base/time.ts";
import type { WrittenEvent } from "../../src/engines/formats/index.ts";
import * as typed from "../../src/engines/formats/evtx/write-value.ts";
import { seededRandom } from "./trials.ts";

const COMPUTER = "MX1.clinic.example";
const START = BigInt(Date.UTC(2021, 7, 12, 23, 58)) * 10_000n;
const THREATS = ["Backdoor:ASP/Chopper.F!dha", "Trojan:Win32/Sample.A", "HackTool:Win32/Sample.B"];
const CMDLETS = [
  "Set-Mailbox",
  "New-MailboxExportRequest",
  "Get-Mailbox",
  "Remove-MailboxExportRequest",
];
const LOGON_GUID = "{00000000-0000-0000-0000-000000000000}";

type Draw = (below: number) => number;
type Kind = (draw: Draw) => Omit<WrittenEvent, "ticks" | "computer">;

const defender: Kind = (draw) => ({
  provider: "Microsoft-Windows-Windows Defender",
  providerGuid: "{11cd958a-c507-4ef3-b3f2-5fd9dfbd2c78}",
  eventId: 1116 + draw(2),
  version: 0,
  level: 3,
  task: 0,
  opcode: 0,
  keywords: 0x8000000000000000n,
  processId: 2_000 + draw(9_000),
  threadId: draw(9_000),
  userSid: "S-1-5-18",
  channel: "Microsoft-Windows-Windows Defender/Operational",
  data: [
    ["Product Name", "Microsoft Defender Antivirus"],
    ["Detection ID", `{${hex(draw, 8)}-0B1C-4D2E-8F30-${hex(draw, 12)}}`],
    ["Threat ID", 2_147_700_000 + draw(90_000)],
    ["Threat Name", THREATS[draw(THREATS.length)] ?? ""],
    ["Path", `file:_C:\\inetpub\\wwwroot\\aspnet_client\\${hex(draw, 8)}.aspx`],
    ["Process Name", "C:\\Windows\\System32\\inetsrv\\w3wp.exe"],
    ["Error Description", "The operation completed successfully. "],
  ],
});

const logon: Kind = (draw) => ({
  provider: "Microsoft-Windows-Security-Auditing",
  providerGuid: "{54849625-5478-4994-a5ba-3e3b0328c30d}",
  eventId: 4624,
  version: 2,
  level: 0,
  task: 12_544,
  opcode: 0,
  keywords: 0x8020000000000000n,
  activityId: `{${hex(draw, 8)}-0B1C-4D2E-8F30-${hex(draw, 12)}}`,
  processId: 632,
  threadId: draw(9_000),
  channel: "Security",
  data: [
    ["SubjectUserSid", typed.sid("S-1-5-18")],
    ["SubjectUserName", "MX1$"],
    ["SubjectLogonId", typed.hex64(0x3e7n)],
    ["TargetUserSid", typed.sid(`S-1-5-21-1004336348-1177238915-682003330-${1_100 + draw(40)}`)],
    ["TargetUserName", `user${draw(40)}`],
    ["TargetDomainName", "CLINIC"],
    ["TargetLogonId", typed.hex64(BigInt(draw(0x7fffffff)))],
    ["LogonType", [2, 3, 5, 8, 10][draw(5)] ?? 3],
    ["LogonProcessName", "Advapi  "],
    ["LogonGuid", typed.guid(LOGON_GUID)],
    ["WorkstationName", ""],
    ["ProcessId", typed.size(BigInt(draw(9_000)))],
    ["IpAddress", `198.51.100.${draw(250)}`],
    ["ElevatedToken", draw(2) === 1],
  ],
});

const cmdlet: Kind = (draw) => ({
  provider: "MSExchange CmdletLogs",
  eventId: draw(5) === 0 ? 6 : 1,
  qualifiers: 16_384,
  level: 4,
  task: 1,
  keywords: 0x80000000000000n,
  channel: "MSExchange Management",
  data: [
    CMDLETS[draw(CMDLETS.length)] ?? "",
    `-Identity "user${draw(40)}" -Comment "Übergabe \u{1f4ec}"`,
    "clinic.example/Users/Administrator",
    "",
    "5668 w3wp#MSExchangePowerShellAppPool",
    `00:00:0${draw(10)}.0389557`,
  ].map((text) => ["", text] as const),
});

const cleared: Kind = (draw) => ({
  provider: "Microsoft-Windows-Eventlog",
  providerGuid: "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}",
  eventId: 104,
  version: 0,
  level: 4,
  task: 104,
  opcode: 0,
  keywords: 0x8000000000000000n,
  processId: 1_020,
  threadId: draw(9_000),
  userSid: "S-1-5-21-1004336348-1177238915-682003330-500",
  channel: "System",
  userData: {
    element: "LogFileCleared",
    namespace: "http://manifests.microsoft.com/win/2004/08/windows/eventlog",
    values: [
      ["SubjectUserName", "admin"],
      ["SubjectDomainName", "CLINIC"],
      ["Channel", "Application"],
      ["BackupPath", null],
    ],
  },
});

const scriptBlock: Kind = (draw) => ({
  provider: "Microsoft-Windows-PowerShell",
  providerGuid: "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}",
  eventId: 4104,
  version: 1,
  level: 5,
  task: 2,
  opcode: 15,
  keywords: 0n,
  processId: 4_100,
  threadId: draw(9_000),
  userSid: "S-1-5-18",
  channel: "Microsoft-Windows-PowerShell/Operational",
  data: [
    ["MessageNumber", 1],
    ["MessageTotal", 1],
    [
      "ScriptBlockText",
      `Get-Item "C:\\Temp\\${hex(draw, 6)}"\r\n\t# made up\r\n`.repeat(1 + draw(40)),
    ],
    ["ScriptBlockId", `${hex(draw, 8)}-0b1c-4d2e-8f30-${hex(draw, 12)}`],
    ["Path", ""],
  ],
});

const KINDS: readonly Kind[] = [logon, logon, logon, defender, cmdlet, scriptBlock, cleared];

function hex(draw: Draw, digits: number): string {
  return Array.from({ length: digits }, () => draw(16).toString(16))
    .join("")
    .toUpperCase();
}

/** `count` events of seven kinds, some seconds apart. */
export function* madeEvents(count: number, seed: number): Generator<WrittenEvent> {
  const random = seededRandom(seed);
  const draw: Draw = (below) => Math.floor(random() * below);
  let ticks = START;
  for (let number = 0; number < count; number++) {
    ticks += BigInt(draw(90_000_000));
    const kind = KINDS[draw(KINDS.length)] ?? logon;
    yield { ticks: known(toTicks(ticks), "in 2021"), computer: COMPUTER, ...kind(draw) };
  }
}
