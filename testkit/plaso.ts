/** Cases for plaso timelines as JSON lines: one behaviour each. */
import type { TestCase } from "./case.ts";

const XML = (data: string) =>
  `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Microsoft-Windows-Sysmon"/><EventID>1</EventID><TimeCreated SystemTime="2021-08-12T09:14:04.1234567Z"/><EventRecordID>77</EventRecordID><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>mail1.clinic.example</Computer></System>${data}</Event>`;
const DATA = '<EventData><Data Name="CommandLine">cmd &amp; &#x61;</Data><Data Name="Empty"/></EventData>';
const CONTAINER = { __container_type__: "event", __type__: "AttributeContainer" };
const RECORD = {
  ...CONTAINER,
  data_type: "windows:evtx:record",
  timestamp: 1628759644123456,
  timestamp_desc: "Content Modification Time",
  parser: "winevtx",
  event_identifier: 1,
  source_name: "Microsoft-Windows-Sysmon",
  computer_name: "mail1.clinic.example",
  record_number: 77,
  strings: ["cmd & a"],
  filename: "/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx",
};
const LINE = { ...CONTAINER, parser: "text/winiis", timestamp: 1628759644000000, timestamp_desc: "Last Written Time" };
const lines = (...values: readonly unknown[]) =>
  values.map((value) => `${typeof value === "string" ? value : JSON.stringify(value)}\n`).join("");
const told = {
  time: "2021-08-12T09:14:04.1234567Z",
  record: "77",
  host: "mail1.clinic.example",
  channel: "Microsoft-Windows-Sysmon/Operational",
  eventId: 1,
};

/** An XML that is refused: the flaw, and the event as plaso itself tells it. */
function refused(name: string, why: string, xml: string): TestCase {
  const fields = { Data: ["cmd & a"], xml_string: xml };
  return {
    name: `plaso/${name}`,
    why,
    format: "plaso",
    events: [{ ...told, time: "2021-08-12T09:14:04.123456Z", fields }],
    flaws: ["0 event XML"],
    body: lines({ ...RECORD, xml_string: xml }),
  };
}

export const PLASO_CASES: readonly TestCase[] = [
  {
    name: "plaso/windows",
    why: "a record of an event log: its fields come out of the XML",
    format: "plaso",
    events: [{ ...told, fields: { CommandLine: "cmd & a", Empty: "", parser: "winevtx", xml_string: null } }],
    body: lines({ ...RECORD, xml_string: XML(DATA) }),
  },
  {
    name: "plaso/told-twice",
    why: "plaso tells one record once as written and once as created: it is one Windows event",
    format: "plaso",
    events: [told, { channel: "", eventId: -1, fields: { timestamp_desc: "Creation Time" } }],
    body: lines(
      { ...RECORD, xml_string: XML(DATA) },
      { ...RECORD, timestamp_desc: "Creation Time", xml_string: XML(DATA) },
    ),
  },
  {
    name: "plaso/no-xml",
    why: "without XML: what plaso says of the record, its log by the name of the file",
    format: "plaso",
    events: [{ ...told, time: "2021-08-12T09:14:04.123456Z", fields: { Data: ["cmd & a"] } }],
    body: lines(RECORD),
  },
  refused("external-entity", "a document type is refused, and nothing is fetched", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${XML("<EventData><Data>&x;</Data></EventData>")}`),
  refused("billion-laughs", "an entity of its own is refused, so nothing grows", XML("<EventData><Data>&lol9;</Data></EventData>")),
  refused("deep-xml", "elements nested without end", XML(`${"<a>".repeat(5_000)}${"</a>".repeat(5_000)}`)),
  refused("cut-xml", "XML that stops in the middle", XML(DATA).slice(0, -30)),
  {
    name: "plaso/iis",
    why: "a line of an IIS log under plaso's names",
    format: "plaso",
    events: [{ time: "2021-08-12T09:14:04Z", channel: "W3SVC1", fields: { http_method: "POST", http_status: 200 } }],
    body: lines({
      ...LINE,
      data_type: "iis:log:line",
      date_time: { __class_name__: "TimeElements", __type__: "DateTimeValues", time_elements_tuple: [2021, 8, 12, 9, 14, 4] },
      http_method: "POST",
      http_status: 200,
      s_sitename: "W3SVC1",
    }),
  },
  {
    name: "plaso/times",
    why: "the precision of the source, where plaso kept it; a time that was not set is none",
    format: "plaso",
    events: [
      { time: "2021-08-12T09:14:04.1234567Z" },
      { time: "2021-08-12T09:14:04.123Z" },
      { time: null },
      { time: "2021-08-12T09:14:04.000000Z" },
    ],
    assumptions: ["zone UTC"],
    body: lines(
      `{"__container_type__":"event","data_type":"fs:stat","date_time":{"__class_name__":"Filetime","timestamp":132732332441234567},"timestamp":1628759644123456,"timestamp_desc":"Creation Time"}`,
      { ...LINE, data_type: "a", date_time: { __class_name__: "TimeElementsInMilliseconds", time_elements_tuple: [2021, 8, 12, 9, 14, 4], milliseconds: 123 } },
      { ...LINE, data_type: "a", timestamp: 0, date_time: { __class_name__: "SemanticTime", string: "Not set" } },
      { ...LINE, data_type: "a", date_time: { __class_name__: "TimeElements", is_local_time: true, time_elements_tuple: [2021, 8, 12, 10, 14, 4] } },
    ),
  },
  {
    name: "plaso/not-an-event",
    why: "an object that is no event among the events",
    format: "plaso",
    events: 2,
    flaws: [`${lines(RECORD).length} event`],
    body: lines(RECORD, { __container_type__: "event_tag" }, RECORD),
  },
  {
    name: "plaso/cut",
    why: "a copy that stopped in the middle of an event",
    format: "plaso",
    events: 1,
    flaws: [`${lines(RECORD).length} JSON`],
    body: lines(RECORD) + lines(RECORD).slice(0, 100),
  },
];
