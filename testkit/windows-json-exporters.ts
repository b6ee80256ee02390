/** Cases for Windows events as JSON lines, one for each exporter: the same logon, in the exporter's shape. */
import type { TestCase } from "./case.ts";

const TIME = "2021-08-12T09:14:04.1234567Z";
const HOST = "mail1.clinic.example";
const PROVIDER = "Microsoft-Windows-Security-Auditing";
const DATA = { TargetUserName: "a.meier", LogonType: "3" };

/** What every exporter must come to. */
function exported(name: string, why: string, line: object, changes: object = {}): TestCase {
  const fields = { Provider_Name: PROVIDER, ...DATA };
  const event = { time: TIME, host: HOST, channel: "Security", eventId: 4624, fields, ...changes };
  const body = `${JSON.stringify(line)}\n`;
  return { name: `windows-json/${name}`, why, format: "windows-json", events: [event], body };
}

const winlog = {
  channel: "Security",
  event_id: "4624",
  provider_name: PROVIDER,
  computer_name: HOST,
  record_id: 5,
  event_data: DATA,
};
const beat = {
  "@timestamp": "2021-08-12T09:14:04.123Z",
  event: { code: "4624", kind: "event", provider: PROVIDER },
  host: { name: HOST },
  message: "An account was successfully logged on.",
};
const short = { time: "2021-08-12T09:14:04.123Z" };
const system = {
  Provider: { Name: PROVIDER, Guid: "{54849625-5478-4994-A5BA-3E3B0328C30D}" },
  Level: 0,
  EventRecordID: 77,
  Channel: "Security",
  Computer: HOST,
};

export const WINDOWS_JSON_EXPORTER_CASES: readonly TestCase[] = [
  exported("winlogbeat-8", "Winlogbeat 7 and 8: ids are texts", { ...beat, winlog }, short),
  exported(
    "elastic-agent",
    "host, provider and id only where ECS has them",
    { ...beat, winlog: { channel: "Security", event_data: DATA } },
    short,
  ),
  exported(
    "winlogbeat-6",
    "Winlogbeat before version 7: beside everything else, under other names",
    {
      "@timestamp": "2021-08-12T09:14:04.123Z",
      log_name: "Security",
      source_name: PROVIDER,
      computer_name: HOST,
      event_id: 4624,
      record_number: "5",
      event_data: DATA,
    },
    { ...short, record: "5" },
  ),
  exported(
    "elasticsearch-hit",
    "a hit of Elasticsearch holds the event as it was sent",
    { _index: "winlogbeat-7.14", _id: "x", _source: { ...beat, winlog } },
    short,
  ),
  exported("nxlog", "NXLog: EventTime without a zone, the host as Hostname", {
    EventTime: "2021-08-12 09:14:04",
    Hostname: HOST,
    SourceName: PROVIDER,
    Channel: "Security",
    EventID: 4624,
    EventReceivedTime: "2021-08-12 09:14:06",
    ...DATA,
  }, { time: "2021-08-12T09:14:04Z" }),
  exported(
    "nxlog-epoch",
    "NXLog where EventTime was turned into milliseconds since 1970",
    { EventTime: 1628759644123, Hostname: HOST, SourceName: PROVIDER, Channel: "Security", EventID: 4624, ...DATA },
    short,
  ),
  exported("velociraptor", "Velociraptor: sections without Event, the time as seconds", {
    System: { ...system, EventID: { Value: 4624 }, TimeCreated: { SystemTime: 1628759644.1234567 } },
    EventData: DATA,
    Message: "An account was successfully logged on.",
  }),
  exported("go-evtx", "readers in Go: the id as Value, with its qualifiers", {
    Event: {
      System: { ...system, EventID: { Qualifiers: "0", Value: "4624" }, TimeCreated: { SystemTime: TIME } },
      EventData: DATA,
    },
  }),
  exported("evtx-dump-separate", "evtx_dump with attributes beside the elements", {
    Event: {
      System: {
        Provider_attributes: { Name: PROVIDER },
        EventID: 4624,
        TimeCreated_attributes: { SystemTime: TIME },
        Channel: "Security",
        Computer: HOST,
      },
      EventData: DATA,
    },
  }),
  exported(
    "evtxecmd",
    "EvtxECmd: the event's data is JSON in a text, beside the words of its maps",
    {
      PayloadData1: "Target: a.meier",
      MapDescription: "Successful logon",
      Computer: HOST,
      Payload: JSON.stringify({
        EventData: { Data: Object.entries(DATA).map(([name, text]) => ({ "@Name": name, "#text": text })) },
      }),
      Channel: "Security",
      Provider: PROVIDER,
      EventId: 4624,
      EventRecordId: "77",
      ProcessId: 700,
      Level: "LogAlways",
      TimeCreated: "2021-08-12T09:14:04.1234567+00:00",
      RecordNumber: 1,
    },
    { record: "77", fields: { ...DATA, PayloadData1: "Target: a.meier", Execution_ProcessID: 700 } },
  ),
  exported(
    "evtxecmd-payload",
    "a payload that is no JSON is kept as it stands",
    { Payload: '{"EventData":', Channel: "Security", Provider: PROVIDER, EventId: 4624, Computer: HOST, TimeCreated: TIME },
    { fields: { Payload: '{"EventData":' } },
  ),
  exported(
    "powershell",
    "Get-WinEvent through ConvertTo-Json: values without names, the time as .NET wrote it",
    {
      Id: 4624,
      Level: 0,
      RecordId: 77,
      ProviderName: PROVIDER,
      LogName: "Security",
      MachineName: HOST,
      UserId: null,
      TimeCreated: "/Date(1628759644123)/",
      Properties: [{ Value: "S-1-5-18" }, { Value: 3 }],
      Message: "An account was successfully logged on.",
    },
    { ...short, record: "77", fields: { Data: ["S-1-5-18", 3] } },
  ),
];
