/**
 * Lines of an MPLog that say something of a file, a process or a setting, and what they say. Refuses to guess: a line in
 * no known form is its message alone. The forms are not published by Microsoft: docs/formats/mplog.md says where from.
 */
import { plainPath } from "../defender-resources.ts";
import type { Fields } from "../text/text-rows.ts";
import { append, appendResources } from "./fields.ts";

/** What a form makes of the text behind its words; false where the rest does not fit. */
type ReadForm = (rest: string, fields: Fields) => boolean;

interface Form {
  readonly starts: string;
  readonly eventType: string;
  readonly read: ReadForm;
}

/** Tags of the component before the message: `[RTP] [Mini-filter]`. */
const TAGS = /^(?:\[[A-Za-z -]{1,32}\] |Engine:)+/;
const HASHES = /\(sha1=([0-9a-f]{40}), ?sha2=([0-9a-f]{64})\)$/i;
const PAIR = /^([A-Za-z]{1,32})=(.*)$/s;
const LABEL = /^([A-Za-z]{1,32}): ?(.*)$/s;

const FORMS: readonly Form[] = [
  { starts: "DETECTIONEVENT ", eventType: "Detection", read: readDetectionEvent },
  { starts: "DETECTION_CLEANEVENT ", eventType: "DetectionClean", read: readCleanEvent },
  { starts: "DETECTION_ADD", eventType: "DetectionAdd", read: readDetection },
  { starts: "DETECTION ", eventType: "DetectionAdd", read: readDetection },
  { starts: "SDN:Issuing SDN query for ", eventType: "CloudQuery", read: readQuery },
  { starts: "ProcessImageName: ", eventType: "EstimatedImpact", read: readImpact },
  { starts: "Blocked file", eventType: "BlockedFile", read: readFilter },
  { starts: "Unsuccessful scan status", eventType: "UnsuccessfulScan", read: readFilter },
  { starts: "VFZ block: ", eventType: "BlockedFile", read: readBlock },
  { starts: "command line reported as ", eventType: "CommandLine", read: readCommandLine },
  { starts: "EMS detection: ", eventType: "MemoryDetection", read: readMemoryDetection },
  { starts: "EMS scan for process: ", eventType: "MemoryScan", read: readMemoryScan },
  { starts: "Setting original file name ", eventType: "OriginalFileName", read: readOriginalName },
  { starts: "Filter caching disabled for ", eventType: "CachingDisabled", read: readCaching },
  { starts: "Internal signature match:", eventType: "SignatureMatch", read: readPairs },
];

/** Adds what the message says, and its kind as `EventType`; nothing where its form is not known. */
export function readMessage(message: string, fields: Fields): void {
  const tags = TAGS.exec(message)?.[0] ?? "";
  // What stands in the engine's tag too: `[MpRtp] Engine VFZ block`.
  const text = message.slice(tags.length).replace(/^Engine (?=VFZ)/, "");
  const read: Fields = new Map();
  if (tags.includes("[Exclusion]")) {
    readExclusion(text, read);
    fields.set("EventType", "Exclusion");
  } else {
    const form = FORMS.find(({ starts }) => text.startsWith(starts));
    if (form === undefined || !form.read(text.slice(form.starts.length), read)) return;
    fields.set("EventType", form.eventType);
  }
  for (const [name, value] of read) fields.set(name, value);
}

/** `MPSOURCE_REALTIME Backdoor:ASP/Webshell!MSR file:C:\a.aspx;` */
function readDetectionEvent(rest: string, fields: Fields): boolean {
  const [source = "", threat = "", resources = ""] = wordsOf(rest, 2);
  if (resources === "") return false;
  append(fields, "DetectionSource", source);
  append(fields, "ThreatName", threat);
  appendResources(fields, resources);
  return true;
}

/** `MPSOURCE_REALTIME MP_THREAT_ACTION_QUARANTINE 0x80508033 Backdoor:ASP/Webshell!MSR file:C:\a.aspx;` */
function readCleanEvent(rest: string, fields: Fields): boolean {
  const [source = "", action = "", result = "", threat = "", resources = ""] = wordsOf(rest, 4);
  if (resources === "") return false;
  append(fields, "DetectionSource", source);
  append(fields, "Action", action);
  append(fields, "Result", result);
  append(fields, "ThreatName", threat);
  appendResources(fields, resources);
  return true;
}

/** `#1 Backdoor:ASP/Webshell!MSR file:C:\a.aspx PropBag [length: 0, data: (null)]` */
function readDetection(rest: string, fields: Fields): boolean {
  const text = rest.startsWith("#") || rest.startsWith(" ") ? afterBlank(rest) : rest;
  const [threat = "", resources = ""] = wordsOf(text, 1);
  if (resources === "") return false;
  const bag = resources.lastIndexOf(" PropBag [");
  append(fields, "ThreatName", threat);
  appendResources(fields, bag < 0 ? resources : resources.slice(0, bag));
  return true;
}

/** `\Device\HarddiskVolume4\a.aspx (\Device\HarddiskVolume4\a.aspx) (sha1=…, sha2=…)` */
function readQuery(rest: string, fields: Fields): boolean {
  const [all = "", sha1 = "", sha256 = ""] = HASHES.exec(rest) ?? [];
  if (all === "") return false;
  const twice = rest.slice(0, rest.length - all.length).trimEnd();
  // The path stands there twice, the second time in brackets.
  const half = twice.slice(0, (twice.length - 3) / 2);
  append(fields, "Path", twice === `${half} (${half})` ? half : twice);
  append(fields, "Sha1", sha1.toLowerCase());
  append(fields, "Sha256", sha256.toLowerCase());
  return true;
}

/** `a.exe, Pid: 1, TotalTime: 1, Count: 1, MaxTime: 1, MaxTimeFile: \Device\…, EstimatedImpact: 1%` */
function readImpact(rest: string, fields: Fields): boolean {
  const file = rest.indexOf(", MaxTimeFile: ");
  const impact = rest.lastIndexOf(", EstimatedImpact: ");
  if (file < 0 || impact < file) return false;
  const [process = "", ...counts] = rest.slice(0, file).split(", ");
  append(fields, "Process", process);
  for (const count of counts) readLabel(count, fields);
  append(fields, "Path", rest.slice(file + ", MaxTimeFile: ".length, impact));
  append(fields, "EstimatedImpact", rest.slice(impact + ", EstimatedImpact: ".length));
  return true;
}

/** `(#74): \Device\…\a.aspx. Process: \Device\…\w3wp.exe, Status: 0x0, State: 16, ScanRequest #2241, …` */
function readFilter(rest: string, fields: Fields): boolean {
  const colon = rest.indexOf(": ");
  const process = rest.indexOf(" Process: ", colon);
  if (colon < 0 || process < 0) return false;
  const path = rest.slice(colon + 2, process);
  append(fields, "Path", path.endsWith(".") ? path.slice(0, -1) : path);
  const behind = rest.slice(process + " Process: ".length);
  const status = behind.indexOf(", Status: ");
  append(fields, "Process", status < 0 ? behind : behind.slice(0, status));
  if (status >= 0) for (const part of behind.slice(status + 2).split(", ")) readLabel(part, fields);
  return true;
}

/** `\Device\…\a.aspx. status=0x8070022, statusex=0x2, threatid=0x8003f5b6, sigseq=0x26677c837702` */
function readBlock(rest: string, fields: Fields): boolean {
  const pairs = rest.lastIndexOf(". status=");
  if (pairs < 0) return false;
  append(fields, "Path", rest.slice(0, pairs));
  return readPairs(rest.slice(pairs + 2), fields);
}

/** `lowfi: C:\Windows\System32\reg.exe(reg add …)` */
function readCommandLine(rest: string, fields: Fields): boolean {
  const colon = rest.indexOf(": ");
  const bracket = rest.indexOf("(", colon);
  if (colon < 0) return false;
  append(fields, "Level", rest.slice(0, colon));
  const isSplit = bracket >= 0 && rest.endsWith(")");
  append(fields, "Process", rest.slice(colon + 2, isSplit ? bracket : undefined));
  if (isSplit) append(fields, "CommandLine", rest.slice(bracket + 1, -1));
  return true;
}

/** `HackTool:Win64/Example.A!!Example.A64, sigseq=0x0000C0C53E1F0B73, pid=6108` */
function readMemoryDetection(rest: string, fields: Fields): boolean {
  const comma = rest.indexOf(", ");
  append(fields, "ThreatName", comma < 0 ? rest : rest.slice(0, comma));
  return comma < 0 || readPairs(rest.slice(comma + 2), fields);
}

/** `lsass pid: 700, sigseq: 0x0000123456789B73, sendMemoryScanReport: 0, source: 1` */
function readMemoryScan(rest: string, fields: Fields): boolean {
  const pid = rest.indexOf(" pid: ");
  if (pid < 0) return false;
  append(fields, "Process", rest.slice(0, pid));
  for (const part of rest.slice(pid + 1).split(", ")) readLabel(part, fields);
  return true;
}

/** `"psexec.c" for "c:\users\a\svc.exe", hr=0x0` */
function readOriginalName(rest: string, fields: Fields): boolean {
  const middle = rest.indexOf('" for "');
  const end = rest.lastIndexOf('"');
  if (!rest.startsWith('"') || middle < 0 || end <= middle + 6) return false;
  append(fields, "OriginalFileName", rest.slice(1, middle));
  append(fields, "Path", rest.slice(middle + '" for "'.length, end));
  return true;
}

/** `\Device\…\PsExec.exe (runtime MpDisableCaching from 0x0)` */
function readCaching(rest: string, fields: Fields): boolean {
  const bracket = rest.lastIndexOf(" (runtime ");
  append(fields, "Path", bracket < 0 ? rest : rest.slice(0, bracket));
  return true;
}

/** `C:\Tools\ -> \Device\HarddiskVolume3\Tools\`, `T:\ is discarded due to error 0x80070002` */
function readExclusion(text: string, fields: Fields): void {
  const arrow = text.indexOf(" -> ");
  const discarded = text.indexOf(" is discarded");
  const end = arrow >= 0 ? arrow : discarded;
  append(fields, "Path", plainPath(end < 0 ? text : text.slice(0, end)));
  if (arrow >= 0) append(fields, "DevicePath", text.slice(arrow + 4));
  else if (discarded >= 0) append(fields, "Result", text.slice(discarded + 1));
}

/** `subtype=Lowfi, sigseq=0x0000055555AABBCC, pid=7` */
function readPairs(rest: string, fields: Fields): boolean {
  for (const part of rest.split(", ")) {
    const [, name = "", value = ""] = PAIR.exec(part) ?? [];
    if (name !== "") append(fields, name, value);
  }
  return true;
}

function readLabel(text: string, fields: Fields): void {
  const [, name = "", value = ""] = LABEL.exec(text) ?? [];
  if (name !== "") append(fields, name, value);
}

/** The first `count` words, and what stands behind them. */
function wordsOf(text: string, count: number): string[] {
  const words: string[] = [];
  let at = 0;
  for (let word = 0; word < count; word++) {
    const end = text.indexOf(" ", at);
    if (end < 0) return words;
    words.push(text.slice(at, end));
    at = end + 1;
  }
  return [...words, text.slice(at)];
}

function afterBlank(text: string): string {
  return text.slice(text.indexOf(" ") + 1);
}
