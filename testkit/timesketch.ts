/** Cases for timelines for Timesketch: one behaviour each. */
import type { TestCase } from "./case.ts";

const HEAD = "message,timestamp,datetime,timestamp_desc,computer,note\r\n";
const ROW = "a,1628759644123456,2021-08-12T09:14:04.123456+00:00,Event Logged,MAIL1,x\r\n";
const LINE = {
  message: "a",
  datetime: "2021-08-12T09:14:04+00:00",
  timestamp_desc: "Event Logged",
};
const json = (...values: readonly object[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

function csv(name: string, why: string, rest: Omit<TestCase, "name" | "why" | "format">): TestCase {
  return { name: `timesketch/${name}`, why, format: "timesketch", ...rest };
}

export const TIMESKETCH_CASES: readonly TestCase[] = [
  csv("csv", "columns in any order, a byte order mark before them", {
    events: [{ time: "2021-08-12T09:14:04.123456Z", host: "MAIL1", record: "2", fields: { message: "a", note: "x" } }],
    body: `\ufeffdatetime,note,message,computer,timestamp_desc\n2021-08-12T09:14:04.123456+00:00,x,a,MAIL1,Event Logged\n`,
  }),
  csv("quotes", "commas, quotes and line ends inside a cell; numbers of lines go on behind it", {
    events: [{ record: "2", fields: { message: 'a, "b"\r\nc' } }, { record: "4" }],
    body: `${HEAD}"a, ""b""\r\nc"${ROW.slice(1)}${ROW}`,
  }),
  csv("log-injection", "a row forged inside a cell is text", {
    events: [{ fields: { note: `x"\r\n${ROW.trim()}` } }],
    body: `${HEAD}${ROW.slice(0, -3)}"x""\r\n${ROW.trim()}"\r\n`,
  }),
  csv("open-quote", "a quote that never closes: the rest is one flaw, and no row is made of it", {
    events: 1,
    flaws: [`${(HEAD + ROW).length} quote`],
    body: `${HEAD}${ROW}"${ROW}${ROW}`,
  }),
  csv("stray-text", "text behind a closing quote", {
    events: 1,
    flaws: [`${HEAD.length} quote`],
    body: `${HEAD}"a"b${ROW.slice(1)}${ROW}`,
  }),
  csv("wrong-columns", "more and fewer cells than the header has", {
    events: 1,
    flaws: [`${HEAD.length} columns`, `${HEAD.length + 5} columns`],
    body: `${HEAD}a,b\r\n${ROW.trim()},y\r\n${ROW}`,
  }),
  csv("many-columns", "a header of too many columns is one flaw, and no record is read", {
    events: 0,
    flaws: ["0 columns"],
    body: `${HEAD.trim()}${",c".repeat(30_000)}\r\n${ROW.trim()}${",".repeat(30_000)}\r\n`,
  }),
  csv("microseconds", "without a datetime: timestamp, in microseconds since 1970", {
    events: [{ time: "2021-08-12T09:14:04.123456Z" }, { time: null }],
    body: "message,timestamp,timestamp_desc\na,1628759644123456,b\na,soon,b\n",
  }),
  csv("no-zone", "a datetime without a zone is UTC, and that is said", {
    events: [{ time: "2021-08-12T09:14:04Z" }],
    assumptions: ["zone UTC"],
    body: json({ ...LINE, datetime: "2021-08-12 09:14:04" }),
  }),
  csv("lines", "JSON lines; values keep their types", {
    events: [{ time: "2021-08-12T09:14:04Z", host: "MAIL1", record: "1", fields: { tries: 3, tag: ["x"] } }],
    body: json({ ...LINE, hostname: "MAIL1", tries: 3, tag: ["x"] }),
  }),
  csv("not-a-time", "what plaso calls no time is none", {
    events: [{ time: null }],
    body: json({ ...LINE, datetime: "1970-01-01T00:00:00+00:00", timestamp_desc: "Not a time" }),
  }),
  csv("by-plaso", "a record of an event log that plaso gave to Timesketch", {
    events: [{ time: "2021-08-12T09:14:04.1234567Z", channel: "Security", eventId: 4625, fields: { TargetUserName: "eve" } }],
    body: json({
      ...LINE,
      data_type: "windows:evtx:record",
      xml_string:
        '<Event><System><EventID>4625</EventID><TimeCreated SystemTime="2021-08-12T09:14:04.1234567Z"/><Channel>Security</Channel></System><EventData><Data Name="TargetUserName">eve</Data></EventData></Event>',
    }),
  }),
  csv("another-shape", "a line without the names among the events", {
    events: 2,
    flaws: [`${json(LINE).length} event`],
    body: json(LINE, { message: "a" }, LINE),
  }),
  {
    name: "timesketch/other-csv",
    why: "a CSV without the names is read by nobody, and kept",
    format: "none",
    events: 0,
    body: "date,message\n2021-08-12,a\n",
  },
];
