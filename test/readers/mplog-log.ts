/** A made-up protection log of Defender: each kind of line and block, in turn. */
import { concatBytes, utf8 } from "../../src/base/bytes.ts";

const START = Date.UTC(2021, 7, 14, 3);
const THREAT = "Backdoor:ASP/Example.A!MSR";

const hex = (line: number, digits: number) => (line + 1).toString(16).padStart(digits, "0");
const shell = (line: number) => `C:\\inetpub\\wwwroot\\aspnet_client\\shell${line}.aspx`;
const device = (line: number) => `\\Device\\HarddiskVolume3\\inetpub\\wwwroot\\shell${line}.aspx`;

/** `08-14-2021 04:12:07`: local time, an hour ahead of UTC. */
function local(millis: number): string {
  const iso = new Date(millis + 3_600_000).toISOString();
  return `${iso.slice(5, 7)}-${iso.slice(8, 10)}-${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

type Make = (line: number, stamp: string, millis: number) => string;

const KINDS: readonly Make[] = [
  (line, stamp) =>
    `${stamp} SDN:Issuing SDN query for ${device(line)} (${device(line)}) (sha1=${hex(line, 40)}, sha2=${hex(line, 64)})`,
  (line, stamp) => `${stamp} DETECTIONEVENT MPSOURCE_REALTIME ${THREAT} file:${shell(line)};`,
  (line, stamp) =>
    `${stamp} DETECTION_ADD#1 ${THREAT} file:${shell(line)} PropBag [length: 0, data: (null)]`,
  (line, stamp) =>
    `${stamp} [RTP] [Mini-filter] Blocked file(#4): ${device(line)}. Process: \\Device\\HarddiskVolume3\\Windows\\System32\\inetsrv\\w3wp.exe, Status: 0x0, State: 16, ScanRequest #66604, FileId: 0x32000000042d12, Reason: OnClose`,
  (line, _, millis) =>
    `Begin Resource Scan\nScan ID:{C343E826-0000-4000-8000-${hex(line, 12)}}\nScan Source:6\nStart Time:${local(millis)}\nEnd Time:${local(millis + 9_000)}\nExplicit resource to scan\nResource Schema:file\nResource Path:${shell(line)}\nResult Count:1\nThreat Name:${THREAT}\nID:2147805916\nSeverity:5\nNumber of Resources:1\nResource Schema:file\nResource Path:${shell(line)}\nEnd Scan`,
  () => "************************************************************",
  (line, _, millis) =>
    `Beginning threat actions\nStart time:${local(millis)}\nThreat Name:${THREAT}\nThreat ID:2147805916\nAction:quarantine\nPath:\\\\?\\${shell(line)}\nFile to act on SHA1:${hex(line, 40).toUpperCase()}\nFile cleaned/removed successfully\nFinished threat actions`,
  (line, stamp) =>
    `${stamp} DETECTION_CLEANEVENT MPSOURCE_REALTIME MP_THREAT_ACTION_QUARANTINE 0x80508033 ${THREAT} file:${shell(line)};`,
  (line, stamp) =>
    `${stamp} ProcessImageName: w3wp.exe, Pid: ${4_000 + line}, TotalTime: 6070, Count: 24, MaxTime: 828, MaxTimeFile: \\Device\\HarddiskVolume3\\Temp\\a, b.ps1, EstimatedImpact: 9%`,
  (_, stamp) =>
    `${stamp} Engine:command line reported as lowfi: C:\\Windows\\System32\\cmd.exe(cmd /c whoami)`,
  (_, stamp) =>
    `${stamp} [RTP] [Exclusion] C:\\Program Files\\Exchange\\ -> \\Device\\HarddiskVolume3\\Program Files\\Exchange\\`,
  () =>
    "****************************RTP Perf Log***************************\nRTP Start:N/A\nPlugin States:  AV:2  AS:2\nProcess Exclusions:\n  C:\\Tools\\agent.exe\nPath Exclusions:\n  C:\\Tools\\*\n  %windir%\\Temp\\*.ps1\nExt Exclusions:\n  .ps1\n**************************END RTP Perf Log*************************",
  (_, stamp) =>
    `${stamp} Engine:EMS detection: HackTool:Win64/Example.A, sigseq=0x0000C0C5, pid=6108`,
  () => "AV Signature Version: 1.345.456.0",
  (_, stamp) => `${stamp} Service \u00e9 stopping`,
];

/** The text of a log with `count` records, lines ended as Windows does. */
function textOf(count: number): string {
  const records = Array.from({ length: count }, (_, line) => {
    const millis = START + line * 61_007;
    const make = KINDS[line % KINDS.length] ?? (() => "");
    return `${make(line, new Date(millis).toISOString(), millis)}\n`;
  });
  return records.join("").replaceAll("\n", "\r\n");
}

/** A log in UTF-8. */
export function madeMplog(count: number): Uint8Array {
  return utf8(textOf(count));
}

/** A log as Defender writes it: UTF-16LE behind a byte order mark. */
export function madeWideMplog(count: number): Uint8Array {
  return concatBytes([Uint8Array.of(0xff, 0xfe), Buffer.from(textOf(count), "utf16le")]);
}
