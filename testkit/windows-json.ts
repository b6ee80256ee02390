/** Cases for Windows events exported as JSON lines: one behaviour each. */
import type { TestCase } from "./case.ts";

const FLAT = {
  SourceName: "Microsoft-Windows-Security-Auditing",
  Channel: "Security",
  Hostname: "mail1.clinic.example",
  TimeCreated: "2021-08-12T09:14:04.123Z",
  EventID: 4688,
};
const lines = (...values: readonly unknown[]) =>
  values
    .map((value) => `${typeof value === "string" ? value : JSON.stringify(value)}\r\n`)
    .join("");
const at = (text: string) => new TextEncoder().encode(text).length;
const flatLine = lines(FLAT);

export const WINDOWS_JSON_CASES: readonly TestCase[] = [
  {
    name: "windows-json/flat",
    why: "everything beside each other, as NXLog writes it; Sigma's names are there too",
    format: "windows-json",
    events: [
      {
        time: "2021-08-12T09:14:04.123Z",
        record: "1",
        host: "mail1.clinic.example",
        channel: "Security",
        eventId: 4688,
        fields: {
          Provider_Name: FLAT.SourceName,
          SourceName: FLAT.SourceName,
          Computer: FLAT.Hostname,
        },
      },
    ],
    body: flatLine,
  },
  {
    name: "windows-json/event",
    why: "Event, System and EventData, as evtx_dump writes it, with 7 decimals",
    format: "windows-json",
    events: [
      {
        time: "2021-08-12T09:14:04.1234567Z",
        record: "77",
        eventId: 1,
        fields: {
          Provider_Name: "MSExchange CmdletLogs",
          Execution_ProcessID: 12,
          Data: ["a", "b"],
        },
      },
    ],
    body: lines({
      Event: {
        System: {
          Provider: { "#attributes": { Name: "MSExchange CmdletLogs" } },
          EventID: { "#attributes": { Qualifiers: 16384 }, "#text": 1 },
          TimeCreated: { "#attributes": { SystemTime: "2021-08-12T09:14:04.1234567Z" } },
          EventRecordID: 77,
          Execution: { "#attributes": { ProcessID: 12, ThreadID: 0 } },
          Channel: "MSExchange Management",
          Computer: "mail1",
        },
        EventData: { Data: { "#text": ["a", "b"] } },
      },
    }),
  },
  {
    name: "windows-json/winlog",
    why: "below winlog, as Winlogbeat ships it",
    format: "windows-json",
    events: [
      {
        time: "2021-08-12T09:14:04.000Z",
        record: "5",
        eventId: 4648,
        fields: { SubjectUserName: "eve" },
      },
    ],
    body: lines({
      "@timestamp": "2021-08-12T09:14:04.000Z",
      winlog: {
        channel: "Security",
        event_id: "4648",
        record_id: 5,
        event_data: { SubjectUserName: "eve" },
      },
    }),
  },
  {
    name: "windows-json/local-time-as-utc",
    why: "the exporter wrote local time with a Z; the events' own UtcTime tells: said, not corrected",
    format: "windows-json",
    events: [{ time: "2021-03-14T01:39:32.609Z" }],
    assumptions: ["zone UTC"],
    body: lines({
      ...FLAT,
      TimeCreated: "2021-03-14T01:39:32.609Z",
      UtcTime: "2021-03-14 06:39:30.227",
    }),
  },
  {
    name: "windows-json/local-time-named",
    why: "the same, once the case file names the zone",
    format: "windows-json",
    zone: "America/New_York",
    events: [{ time: "2021-03-14T06:39:32.609Z" }],
    assumptions: ["zone America/New_York"],
    body: lines({
      ...FLAT,
      TimeCreated: "2021-03-14T01:39:32.609Z",
      UtcTime: "2021-03-14 06:39:30.227",
    }),
  },
  {
    name: "windows-json/no-zone",
    why: "a time without a zone is taken as UTC, and that is said",
    format: "windows-json",
    events: [{ time: "2021-08-12T09:14:04Z" }],
    assumptions: ["zone UTC"],
    body: lines({ ...FLAT, TimeCreated: "2021-08-12 09:14:04" }),
  },
  {
    name: "windows-json/undated",
    why: "a time that is none leaves the event undated, never dropped",
    format: "windows-json",
    events: [{ time: null, fields: { TimeCreated: "yesterday" } }],
    body: lines({ ...FLAT, TimeCreated: "yesterday" }),
  },
  {
    name: "windows-json/cut",
    why: "a copy that stopped in the middle of an event",
    format: "windows-json",
    events: 1,
    flaws: [`${at(flatLine)} JSON`],
    body: flatLine + flatLine.slice(0, 60),
  },
  {
    name: "windows-json/not-an-event",
    why: "an object of another shape among the events",
    format: "windows-json",
    events: [{ record: "1" }, { record: "3" }],
    flaws: [`${at(flatLine)} event`],
    body: lines(FLAT, { message: "exporter restarted" }, FLAT),
  },
  {
    name: "windows-json/nested-too-deep",
    why: "a line of brackets is a flaw before it is a full stack",
    format: "windows-json",
    events: 1,
    flaws: [`${at(flatLine)} nesting`],
    body: lines(FLAT, `{"EventID":1,"Channel":"C","a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`),
  },
  {
    name: "windows-json/log-injection",
    why: "line ends and escape sequences in a value stay in it",
    format: "windows-json",
    events: [{ fields: { CommandLine: 'cmd\r\n{"EventID":1102,"Channel":"Security"}\u001b[2J' } }],
    body: lines({ ...FLAT, CommandLine: 'cmd\r\n{"EventID":1102,"Channel":"Security"}\u001b[2J' }),
  },
  {
    name: "windows-json/two-names",
    why: "blanks in names are removed; of a name that comes twice the first counts",
    format: "windows-json",
    events: [{ host: "mail1", fields: { ThreatName: "first", Computer: "mail1" } }],
    body: lines({ ...FLAT, Computer: "mail1", "Threat Name": "first", ThreatName: "second" }),
  },
  {
    name: "windows-json/long-number",
    why: "an integer beyond 2^53 keeps its digits",
    format: "windows-json",
    events: [{ record: "18446744073709551615" }],
    body: lines(`{"Channel":"Security","EventID":4688,"EventRecordID":18446744073709551615}`),
  },
  {
    name: "windows-json/prototype",
    why: "names that mean something to JavaScript are only names",
    format: "windows-json",
    events: [{ fields: { constructor: "x", toString: "y" } }],
    body: lines(
      `{"Channel":"Security","EventID":4688,"__proto__":{"eventId":1},"constructor":"x","toString":"y"}`,
    ),
  },
  {
    name: "windows-json/wrong-extension",
    why: "the kind of a file is found by its content",
    format: "windows-json",
    file: "Security.evtx",
    events: 1,
    body: flatLine,
  },
  {
    name: "windows-json/not-windows",
    why: "JSON lines of something else are read by nobody, and kept",
    format: "none",
    events: 0,
    body: lines({ EventID: 1, message: "no channel" }),
  },
];
