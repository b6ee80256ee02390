/** Cases for IIS logs: one behaviour each. */
import type { TestCase } from "./case.ts";

const SOFTWARE = "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n";
const FIELDS = "#Fields: date time cs-method cs-uri-stem cs(User-Agent) sc-status time-taken\r\n";
const HEAD = SOFTWARE + FIELDS;
const row = (time: string, stem = "/owa/", taken = 15) =>
  `2021-08-12 ${time} GET ${stem} - 200 ${taken}\r\n`;
const rowOn = (date: string, time: string) => `${date} ${time} GET /owa/ - 200 0\r\n`;
const bytesOf = (text: string) => new TextEncoder().encode(text);

function joined(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...bytesOf(part)] : part)),
  );
}

const at = (text: string) => bytesOf(text).length;

export const IIS_CASES: readonly TestCase[] = [
  {
    name: "iis/plain",
    why: "a row as IIS writes it; its time is the end less the time taken",
    format: "iis",
    file: "logs/W3SVC1/u_ex210812.log",
    events: [
      {
        time: "2021-08-12T09:14:03.650Z",
        record: "4",
        channel: "W3SVC1",
        fields: {
          Side: "front-end",
          EndTime: "2021-08-12T09:14:04Z",
          "sc-status": 200,
          "cs(User-Agent)": null,
        },
      },
    ],
    assumptions: ["zone UTC", "site W3SVC1", "host unknown"],
    body: HEAD + row("09:14:04", "/owa/", 350),
  },
  {
    name: "iis/before-midnight",
    why: "a request that ended just after midnight began the day before",
    format: "iis",
    events: [{ time: "2021-08-11T23:59:58.500Z" }],
    body: HEAD + row("00:00:01", "/owa/", 2_500),
  },
  {
    name: "iis/fields-changed",
    why: "somebody turned a column on: the new columns hold from the new #Fields line on",
    format: "iis",
    events: [
      { record: "4", fields: { "sc-status": 200, "c-ip": null } },
      { record: "6", fields: { "sc-status": 404, "c-ip": "203.0.113.9" } },
    ],
    body: `${HEAD}${row("09:00:00")}#Fields: date time c-ip sc-status\r\n2021-08-12 09:00:01 203.0.113.9 404\r\n`,
  },
  {
    name: "iis/nul-tail",
    why: "an unclean shutdown leaves a block of NULs; it is one flaw with its length, not thousands",
    format: "iis",
    events: 1,
    flaws: [`${at(HEAD + row("09:00:00"))} NUL bytes`],
    body: HEAD + row("09:00:00") + "\0".repeat(5_000),
  },
  {
    name: "iis/nul-middle",
    why: "after the unclean shutdown the server started again and went on writing",
    format: "iis",
    events: 2,
    flaws: [`${at(HEAD + row("09:00:00"))} NUL bytes`],
    body: `${HEAD + row("09:00:00")}2021-08-12 09${"\0".repeat(700)}${HEAD}${row("09:30:00")}`,
  },
  {
    name: "iis/cut",
    why: "a copy that stopped in the middle of a row",
    format: "iis",
    events: 1,
    flaws: [`${at(HEAD + row("09:00:00"))} line cut short`],
    body: HEAD + row("09:00:00") + row("09:00:01").slice(0, 30),
  },
  {
    name: "iis/no-last-line-end",
    why: "a last row with all its columns is a row, with or without a line end",
    format: "iis",
    events: 1,
    body: HEAD + row("09:00:00").trimEnd(),
  },
  {
    name: "iis/line-feeds-only",
    why: "a log that went through a Unix machine",
    format: "iis",
    events: [{ record: "4" }, { record: "5", fields: { "time-taken": 15 } }],
    body: (HEAD + row("09:00:00") + row("09:00:01")).replaceAll("\r", ""),
  },
  {
    name: "iis/byte-order-mark",
    why: "a log that somebody saved from an editor",
    format: "iis",
    events: 1,
    body: `\ufeff${HEAD}${row("09:00:00")}`,
  },
  {
    name: "iis/wrong-columns",
    why: "a user agent with an unescaped blank shifts all columns: no row, but the next one is",
    format: "iis",
    events: [{ record: "5" }],
    flaws: [`${at(HEAD)} number of columns`],
    body: `${HEAD}2021-08-12 09:00:00 GET /owa/ Mozilla 5.0 200 15\r\n${row("09:00:01")}`,
  },
  {
    name: "iis/log-injection",
    why: "an escape sequence, a lone carriage return and an encoded line end stay inside their value",
    format: "iis",
    events: [
      { record: "4", fields: { "cs-uri-stem": "/\u001b[2Ja\r%0d%0a2021-08-12", "sc-status": 200 } },
    ],
    body: HEAD + row("09:00:00", "/\u001b[2Ja\r%0d%0a2021-08-12"),
  },
  {
    name: "iis/code-page",
    why: "IIS can log in the server's code page: 0x92 is an apostrophe there, and UTF-8 stays UTF-8",
    format: "iis",
    events: [
      { fields: { "cs-uri-stem": "/caf\u00e9" } },
      { fields: { "cs-uri-stem": "/patient\u2019s" } },
    ],
    body: joined(
      HEAD,
      row("09:00:00", "/caf\u00e9"),
      "2021-08-12 09:00:01 GET /patient",
      [0x92],
      "s - 200 0\r\n",
    ),
  },
  {
    name: "iis/autumn",
    why: "local time by the case file: the repeated hour is read twice, in the order of the file",
    format: "iis",
    zone: "Europe/Guernsey",
    events: [
      "2021-10-31T00:10:00.000Z",
      "2021-10-31T00:55:00.000Z",
      "2021-10-31T01:05:00.000Z",
      "2021-10-31T02:00:00.000Z",
    ].map((time) => ({ time })),
    assumptions: ["zone Europe/Guernsey"],
    body:
      HEAD +
      ["01:10:00", "01:55:00", "01:05:00", "02:00:00"]
        .map((time) => rowOn("2021-10-31", time))
        .join(""),
  },
  {
    name: "iis/spring",
    why: "local time by the case file: an hour is missing on the wall, none in UTC",
    format: "iis",
    zone: "Europe/Guernsey",
    events: [{ time: "2021-03-28T00:59:59.000Z" }, { time: "2021-03-28T01:00:00.000Z" }],
    body: HEAD + rowOn("2021-03-28", "00:59:59") + rowOn("2021-03-28", "02:00:00"),
  },
  {
    name: "iis/skewed",
    why: "the case file says that the clock was seven minutes ahead",
    format: "iis",
    skewMillis: 420_000,
    events: [{ time: "2021-08-12T08:53:00.000Z" }],
    assumptions: ["skew 420000 ms"],
    body: HEAD + row("09:00:00", "/owa/", 0),
  },
  {
    name: "iis/odd-times",
    why: "years at the ends of what time can hold, and dates that are none: undated, never dropped",
    format: "iis",
    events: [
      "1601-01-01T00:00:00.000Z",
      "2262-04-12T00:00:00.000Z",
      "9999-12-31T23:59:59.000Z",
      null,
      null,
      null,
    ].map((time) => ({ time })),
    body:
      HEAD +
      rowOn("1601-01-01", "00:00:00") +
      rowOn("2262-04-12", "00:00:00") +
      rowOn("9999-12-31", "23:59:59") +
      rowOn("1600-12-31", "23:59:59") +
      rowOn("2021-02-29", "00:00:00") +
      rowOn("2021-08-12", "9:00:00"),
  },
  {
    name: "iis/date-directive",
    why: "without a date column the day comes from #Date, and goes on at midnight",
    format: "iis",
    events: [{ time: "2021-08-12T23:59:59Z" }, { time: "2021-08-13T00:00:01Z" }],
    body: `${SOFTWARE}#Date: 2021-08-12 00:00:00\r\n#Fields: time cs-uri-stem\r\n23:59:59 /a\r\n00:00:01 /b\r\n`,
  },
  {
    name: "iis/no-fields",
    why: "rows whose columns nobody names are flaws, until a #Fields line comes",
    format: "iis",
    events: [{ record: "5" }],
    flaws: [`${at(SOFTWARE)} row before any #Fields`],
    body: SOFTWARE + row("09:00:00") + FIELDS + row("09:00:01"),
  },
  {
    name: "iis/long-line",
    why: "a line of 70,000 bytes is beyond the limit of 65,536: skipped, and the next one read",
    format: "iis",
    events: [{ record: "5" }],
    flaws: [`${at(HEAD)} line longer than the limit`],
    body: HEAD + row("09:00:00", `/${"a".repeat(70_000)}`) + row("09:00:01"),
  },
  {
    name: "iis/wrong-extension",
    why: "the kind of a file is found by its content",
    format: "iis",
    file: "holiday.jpg",
    events: 1,
    body: HEAD + row("09:00:00"),
  },
  {
    name: "iis/not-iis",
    why: "Exchange's own logs have the same directives and other columns: another format",
    format: "exchange",
    file: "MSGTRK2021081209-1.LOG",
    events: 0,
    body: "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2044.004\r\n#Log-type: Message Tracking Log\r\n#Fields: date-time,client-ip,server-ip,sc-status\r\n",
  },
  {
    name: "iis/httperr",
    why: "HTTP.sys writes in the same form what IIS never saw; a blank at the end of a row is its habit",
    format: "iis",
    events: [
      { time: "2021-08-12T09:14:04Z", channel: "HTTPERR", fields: { "s-reason": "Timer_ConnectionIdle", "cs-uri": null } },
      { channel: "HTTPERR", fields: { "c-uri": "/owa/", "sc-status": 503, "s-queuename": "MSExchangeOWAAppPool", Side: null } },
    ],
    assumptions: ["zone UTC"],
    body: `#Software: Microsoft HTTP API 2.0\r\n#Version: 1.0\r\n#Date: 2021-08-12 09:00:00\r\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\r\n2021-08-12 09:14:04 198.51.100.7 5000 10.0.0.5 443 - - - - - Timer_ConnectionIdle - \r\n2021-08-12 09:14:05 198.51.100.7 5001 10.0.0.5 443 HTTP/1.1 GET /owa/ 503 1 QueueFull MSExchangeOWAAppPool\r\n`,
  },
  {
    name: "iis/firewall",
    why: "the Windows firewall writes local time; without a zone it is taken as UTC, and that is said",
    format: "iis",
    events: [
      { time: "2021-08-12T09:14:04Z", channel: "Firewall", fields: { action: "DROP", "src-ip": "198.51.100.7", "dst-port": 445, path: "RECEIVE" } },
    ],
    assumptions: ["zone UTC"],
    body: "#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n#Time Format: Local\r\n#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path\r\n\r\n2021-08-12 09:14:04 DROP TCP 198.51.100.7 10.0.0.5 5000 445 60 S 1 0 8192 - - - RECEIVE\r\n",
  },
  {
    name: "iis/ftp",
    why: "IIS's FTP service names itself by its columns, and by its folder",
    format: "iis",
    file: "logs/FTPSVC2/u_ex210812.log",
    events: [{ channel: "FTPSVC2", fields: { "cs-method": "PASS", "sc-status": 530 } }],
    body: `${SOFTWARE}#Fields: date time c-ip cs-username cs-method cs-uri-stem sc-status x-session x-fullpath\r\n2021-08-12 09:14:04 198.51.100.7 - PASS *** 530 6a1d -\r\n`,
  },
  {
    name: "iis/forwarded-for",
    why: "a custom field keeps its name and its value as written",
    format: "iis",
    events: [{ fields: { "X-Forwarded-For": "203.0.113.9,+10.0.0.1" } }],
    body: `${SOFTWARE}#Fields: date time cs-uri-stem sc-status X-Forwarded-For\r\n2021-08-12 09:14:04 /owa/ 200 203.0.113.9,+10.0.0.1\r\n`,
  },
];
