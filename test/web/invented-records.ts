/** The records of the invented case: a web log, a Security log in an archive, an antivirus log. Nothing is real. */
import { known } from "../../src/base/assert.ts";
import { parseTime, type Ticks } from "../../src/base/time.ts";
import { eventKey, type Event, type EventReference } from "../../src/model/event.ts";
import type { EvidenceHash, FormatId } from "../../src/model/evidence.ts";

/** Ticks of an ISO time that is known to be one. */
export function at(text: string): Ticks {
  return known(parseTime(text), text).ticks;
}

/** An evidence hash of one repeated digit. */
export function hash(letter: string): EvidenceHash {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an invented hash of the right form
  return letter.repeat(64) as EvidenceHash;
}

/** A web server's log. */
export const IIS = { evidence: hash("a"), member: "", file: "evidence/W3SVC1/u_ex210813.log" };
/** A Security log inside of an archive. */
export const SECURITY = {
  evidence: hash("b"),
  member: "logs/Security.evtx",
  file: "evidence/mail01.zip!/logs/Security.evtx",
};
/** An antivirus log. */
export const DEFENDER = {
  evidence: hash("c"),
  member: "",
  file: "evidence/Defender Operational.evtx",
};

interface Line {
  readonly time: string;
  readonly fields: Event["fields"];
}

function record(place: Event["place"], format: FormatId, number: number, line: Line): Event {
  const offset = 512 + number * 1337;
  const iis = format === "iis";
  return {
    key: eventKey(place, offset),
    ticks: at(line.time),
    digits: iis ? 0 : 7,
    zoneAssumed: iis ? "UTC" : null,
    format,
    place,
    record: String(4000 + number),
    offset,
    host: "HVC-MAIL01",
    channel: iis
      ? "W3SVC1"
      : place === DEFENDER
        ? "Microsoft-Windows-Windows Defender/Operational"
        : "Security",
    eventId: iis ? -1 : place === DEFENDER ? 1116 : 4624,
    provider: iis ? "" : "Microsoft-Windows-Security-Auditing",
    fields: line.fields,
  };
}

function request(time: string, method: string, stem: string, query: string, status: number): Line {
  return {
    time,
    fields: {
      "c-ip": "203.0.113.77",
      "cs-method": method,
      "cs-uri-stem": stem,
      "cs-uri-query": query,
      "cs(User-Agent)": "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)",
      "sc-status": status,
      "time-taken": 31,
    },
  };
}

const AUTODISCOVER =
  "&Email=autodiscover/autodiscover.json%3F@clinic.example&CorrelationID=<empty>;&cafeReqId=5b7c";
const LINES: readonly (readonly [Event["place"], FormatId, Line])[] = [
  [
    IIS,
    "iis",
    request(
      "2021-08-07T22:14:08Z",
      "GET",
      "/autodiscover/autodiscover.json",
      "@scan.example/mapi/nspi/",
      302,
    ),
  ],
  [
    IIS,
    "iis",
    request("2021-08-13T04:11:52Z", "POST", "/autodiscover/autodiscover.json", AUTODISCOVER, 200),
  ],
  [
    IIS,
    "iis",
    request("2021-08-13T04:12:33Z", "POST", "/powershell/", "X-Rps-CAT=VgEAVAdXaW5kb3dz", 200),
  ],
  [IIS, "iis", request("2021-08-13T04:13:10Z", "GET", "/aspnet_client/qxzpl.aspx", "", 404)],
  [IIS, "iis", request("2021-08-13T04:14:41Z", "GET", "/aspnet_client/qxzpl.aspx", "", 200)],
  [IIS, "iis", request("2021-08-13T04:15:02Z", "POST", "/aspnet_client/qxzpl.aspx", "", 200)],
  [
    DEFENDER,
    "evtx",
    {
      time: "2021-08-14T01:02:03.1234567Z",
      fields: {
        ThreatName: "Backdoor:ASP/Webshell!MSR",
        Path: "C:\\inetpub\\wwwroot\\aspnet_client\\qxzpl.aspx",
        ActionName: "Quarantine",
        ErrorCode: "0x00000000",
      },
    },
  ],
  [
    DEFENDER,
    "evtx",
    {
      time: "2021-10-02T13:40:00.0000001Z",
      fields: {
        ThreatName: "Trojan:Win64/CoinMiner",
        Path: "C:\\Windows\\Temp\\svchost.exe",
        ActionName: "Quarantine",
        ErrorCode: "0x80508014",
        "Additional Actions": "",
      },
    },
  ],
  [
    SECURITY,
    "evtx",
    {
      time: "2021-11-20T03:01:09.5000000Z",
      fields: {
        TargetUserName: "HVC\\backup",
        LogonType: 3,
        IpAddress: "10.4.0.9",
        Privileges: ["SeBackupPrivilege", "SeRestorePrivilege"],
      },
    },
  ],
];
/** The nine records of the case, in order of time. */
export const RECORDS = LINES.map(([place, format, line], number) =>
  record(place, format, number, line),
);

/** A pointer to one of the records. */
export function reference(number: number): EventReference {
  const { key, place, record: name, offset } = known(RECORDS[number], "record");
  return { key, evidence: place.evidence, file: place.file, record: name, offset };
}
