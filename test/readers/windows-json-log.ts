/** Made-up exports of Windows events, one line each, in every dialect that is read. */
import { utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

const START = Date.UTC(2021, 7, 12, 9);
const IMAGES = ["C:\\Windows\\System32\\inetsrv\\w3wp.exe", "C:\\Windows\\System32\\cmd.exe"];

function flat(line: number, time: string, pick: number): unknown {
  return {
    SourceName: "Microsoft-Windows-Security-Auditing",
    ProviderGuid: "{54849625-5478-4994-A5BA-3E3B0328C30D}",
    Level: "0",
    Keywords: "0x8020000000000000",
    Channel: "Security",
    Hostname: "MAIL1.clinic.example",
    TimeCreated: time,
    "@timestamp": time,
    EventID: 4688,
    Message: `A new process has been created.\r\n\r\nProcess: ${IMAGES[pick] ?? ""}`,
    Task: "13312",
    NewProcessName: IMAGES[pick] ?? "",
    "Process Id": `0x${(4000 + line).toString(16)}`,
  };
}

function event(line: number, time: string, pick: number): unknown {
  return {
    Event: {
      System: {
        Provider: { "#attributes": { Name: "MSExchange CmdletLogs" } },
        EventID: { "#attributes": { Qualifiers: 16384 }, "#text": 1 },
        Level: 4,
        TimeCreated: { "#attributes": { SystemTime: time } },
        EventRecordID: 80_000 + line,
        Correlation: null,
        Execution: { "#attributes": { ProcessID: 0, ThreadID: 0 } },
        Channel: "MSExchange Management",
        Computer: "MAIL1.clinic.example",
      },
      EventData: { Data: { "#text": ["New-MailboxExportRequest", `-Mailbox user${pick}`] } },
    },
  };
}

function winlog(line: number, time: string, pick: number): unknown {
  return {
    "@timestamp": time,
    message: "A logon was attempted using explicit credentials.",
    winlog: {
      channel: "Security",
      event_id: 4648,
      provider_name: "Microsoft-Windows-Security-Auditing",
      computer_name: "MAIL1.clinic.example",
      record_id: 90_000 + line,
      process: { pid: 700, thread: { id: 712 } },
      event_data: { SubjectUserName: `user${pick}`, TargetServerName: "localhost" },
    },
  };
}

const DIALECTS = [flat, event, winlog];

/** An export of `count` lines, the dialects in turn. */
export function madeExport(count: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const lines = Array.from({ length: count }, (_, line) => {
    const time = new Date(START + line * 1_500 + Math.floor(random() * 900)).toISOString();
    const make = DIALECTS[line % DIALECTS.length] ?? flat;
    return `${JSON.stringify(make(line, time, Math.floor(random() * 2)))}\r\n`;
  });
  return utf8(lines.join(""));
}
