/** Cases for syslog files: one behaviour each. */
import type { TestCase } from "./case.ts";

const MODERN = "<165>1 2021-08-12T09:14:04.123456+02:00 fw1 sshd 23 ID47 - Failed password\n";
const OLD = "<34>Aug 12 09:14:04 mail1 su[7]: 'su root' failed\n";

/** A message behind the count of its octets. */
const counted = (text: string) => `${text.length} ${text}`;
const SHORT = "<13>1 2021-08-12T09:14:04Z h a - - -";

function kept(name: string, why: string, rest: Omit<TestCase, "name" | "why" | "format">): TestCase {
  return { name: `syslog/${name}`, why, format: "syslog", ...rest };
}

export const SYSLOG_CASES: readonly TestCase[] = [
  kept("rfc5424", "version, structured data with escapes, a byte order mark before the text", {
    events: [
      {
        time: "2021-08-12T07:14:04.123456Z",
        host: "fw1",
        record: "1",
        fields: {
          facility: 20,
          severity: 5,
          app_name: "sshd",
          proc_id: "23",
          msg_id: "ID47",
          "auth@32473.user": 'a "b] \\c',
          "x@1.y": "",
          message: "Failed password",
        },
      },
    ],
    body: '<165>1 2021-08-12T09:14:04.123456+02:00 fw1 sshd 23 ID47 [auth@32473 user="a \\"b\\] \\\\c"][x@1 y=""] \ufeffFailed password\n',
  }),
  kept("nil", "what is nil is missing; a message without a time is undated", {
    events: [{ time: null, host: "", fields: { app_name: null, message: "a" } }],
    body: "<13>1 - - - - - - a\n",
  }),
  kept("malformed-data", "structured data that does not close stays in the text, and is a flaw", {
    events: [{ fields: { message: '[a b="c] text' } }],
    flaws: ["0 structured data"],
    body: '<13>1 2021-08-12T09:14:04Z h a - - [a b="c] text\n',
  }),
  kept("rfc3164-named", "no year and no zone: the year of the day in the file's name, and UTC; both are said", {
    file: "messages-20210815",
    events: [
      { time: "2021-08-12T09:14:04Z", host: "mail1", fields: { app_name: "su", proc_id: "7", message: "'su root' failed" } },
      { time: "2020-12-31T23:59:59Z" },
    ],
    assumptions: ["year until 2021-08-16", "zone UTC"],
    body: `${OLD}<34>Dec 31 23:59:59 mail1 su: a\n`,
  }),
  kept("rfc3164-unnamed", "no year anywhere: undated, and that is said", {
    events: [{ time: null }],
    assumptions: ["year unknown"],
    body: OLD,
  }),
  kept("leap-day", "29 February is of the last leap year", {
    file: "2021-08-15.log",
    events: [{ time: "2020-02-29T09:14:04Z" }],
    body: "<34>Feb 29 09:14:04 mail1 su: a\n",
  }),
  kept("no-priority", "as servers write it into files: no priority, an ISO time or an old one", {
    file: "messages-20210815",
    zone: "Europe/Zurich",
    events: [
      { time: "2021-08-12T09:14:04.5Z", host: "mail1", fields: { app_name: "CRON", message: "a", facility: null } },
      { time: "2021-08-12T07:14:04Z", host: "mail1" },
    ],
    body: "2021-08-12T11:14:04.5+02:00 mail1 CRON[7]: a\nAug 12 09:14:04 mail1 su: b\n",
  }),
  kept("no-host", "a program that writes to its own machine leaves the host out", {
    file: "messages-20210815",
    events: [{ host: "", fields: { app_name: "su", proc_id: "7", message: "a b" } }],
    body: "<34>Aug 12 09:14:04 su[7]: a b\n",
  }),
  kept("windows", "a Windows event that NXLog sent as JSON is that event, with its own time", {
    events: [
      {
        time: "2021-08-12T09:14:04.123Z",
        host: "MAIL1.clinic.example",
        channel: "Security",
        eventId: 4625,
        fields: { TargetUserName: "eve", Provider_Name: "P", app_name: "NXLog", message: null },
      },
    ],
    body: `<14>1 2021-08-12T09:14:09Z mail1 NXLog 1 - - ${JSON.stringify({
      EventTime: "2021-08-12T09:14:04.123Z",
      Hostname: "MAIL1.clinic.example",
      SourceName: "P",
      Channel: "Security",
      EventID: 4625,
      TargetUserName: "eve",
    })}\n`,
  }),
  kept("cookie", "JSON behind its cookie, as Winlogbeat's by way of rsyslog", {
    file: "messages-20210815",
    events: [{ channel: "System", eventId: 104, time: "2021-08-12T09:14:04.000Z" }],
    body: `<14>Aug 12 09:14:09 mail1 agent: @cee: ${JSON.stringify({
      "@timestamp": "2021-08-12T09:14:04.000Z",
      winlog: { channel: "System", event_id: "104" },
    })}\n`,
  }),
  kept("other-json", "JSON that is no Windows event stays the text that it is", {
    events: [{ channel: "", fields: { message: '{"a":1}' } }],
    body: '<14>1 2021-08-12T09:14:09Z h app - - - {"a":1}\n',
  }),
  kept("counted", "messages behind the counts of their octets; one holds a line feed", {
    events: [{ record: "1", fields: { message: "a\nb" } }, { record: "2", fields: { message: "c" } }],
    body: counted(`${SHORT} a\nb`) + counted(`${SHORT} c`),
  }),
  kept("counted-cut", "a count that reaches beyond the end", {
    events: 1,
    flaws: [`${counted(`${SHORT} c`).length} frame`],
    body: `${counted(`${SHORT} c`)}999 <13>1 2021`,
  }),
  kept("not-a-message", "a line of another kind among the messages", {
    events: 2,
    flaws: [`${MODERN.length} message`],
    body: `${MODERN}something else\n${MODERN}`,
  }),
  {
    name: "syslog/dated-text",
    why: "text that merely begins with dates is no syslog",
    format: "none",
    events: 0,
    body: "2021-08-12T09:14:04Z server started\nit went on\nand on\n",
  },
];
