/** Cases for Exchange's logs: one behaviour each. */
import type { TestCase } from "./case.ts";

const SOFTWARE = "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2044.004\r\n";
const FIELDS = "DateTime,RequestId,Protocol,UrlStem,ServerHostName,HttpStatus,UrlQuery";
const HEAD = `${SOFTWARE}#Log-type: HttpProxy Logs\r\n#Date: 2021-08-12T00:00:00.000Z\r\n#Fields: ${FIELDS}\r\n`;
const ROW = "2021-08-12T09:14:04.123Z,1,Owa,/owa/,MAIL1,200,\r\n";
const TRACKING = `${SOFTWARE}#Log-type: Message Tracking Log\r\n#Fields: date-time,client-hostname,server-hostname,event-id\r\n`;
const SMTP = `${SOFTWARE}#Log-type: SMTP Receive Protocol Log\r\n#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context\r\n`;
const NEGOTIATED =
  '"TLS protocol SP_PROT_TLS1_2_SERVER negotiation succeeded using bulk encryption algorithm CALG_AES_256 with strength 256 bits, MAC hash"';
/** V, T, C, A, L and U of a token for `user@c.example` with the SID S-1-5-21-1-2-3-500, nothing behind them. */
const TOKEN =
  "VgEAVAdXaW5kb3dzQwBBCEtlcmJlcm9zTA51c2VyQGMuZXhhbXBsZVUSUy0xLTUtMjEtMS0yLTMtNTAw";

const smtp = (session: string, event: string, data = "", context = "") =>
  `2021-08-12T09:14:04.123Z,MAIL1\\Default Frontend MAIL1,${session},0,10.0.0.1:25,198.51.100.7:4000,${event},${data},${context}\r\n`;

function log(name: string, why: string, rest: Omit<TestCase, "name" | "why" | "format">): TestCase {
  return { name: `exchange/${name}`, why, format: "exchange", ...rest };
}

function setup(name: string, why: string, rest: Omit<TestCase, "name" | "why" | "format">): TestCase {
  return { name: `exchange-setup/${name}`, why, format: "exchange-setup", ...rest };
}

export const EXCHANGE_CASES: readonly TestCase[] = [
  log("http-proxy", "names first, for spreadsheets, then the directives; an empty cell is a missing field", {
    events: [
      {
        time: "2021-08-12T09:14:04.123Z",
        host: "MAIL1",
        channel: "HttpProxy",
        record: "7",
        fields: { Protocol: "Owa", HttpStatus: 200, UrlQuery: null },
      },
    ],
    body: `${FIELDS}\r\n${HEAD}${ROW}`,
  }),
  log("byte-order-mark", "before the first directive, and before one in the middle", {
    events: 2,
    body: `\ufeff${HEAD}${ROW}\ufeff${HEAD}${ROW}`,
  }),
  log("restart", "after a restart the log goes on with other columns", {
    events: [{ fields: { HttpStatus: 200 } }, { time: "2021-08-12T10:00:00.000Z", host: "", fields: { Protocol: "Ecp" } }],
    body: `${HEAD}${ROW}${SOFTWARE}#Log-type: HttpProxy Logs\r\n#Fields: DateTime,Protocol,UrlStem\r\n2021-08-12T10:00:00.000Z,Ecp,/ecp/\r\n`,
  }),
  log("unknown-log", "a log that nobody knows is read under the name that it gives itself", {
    events: [{ time: "2021-08-12T09:14:04.123Z", host: "MAIL1", channel: "Widget Diagnostics", fields: { Widget: "a" } }],
    body: `${SOFTWARE}#Log-type: Widget Diagnostics\r\n#Fields: TimeStamp,ServerName,Widget\r\n2021-08-12T09:14:04.123Z,MAIL1,a\r\n`,
  }),
  log("quotes", "a comma and quotes in a cell; a quote in the middle of one is a character", {
    events: [{ fields: { UrlStem: '/a,b "c"' } }, { fields: { UrlStem: '/a"b' } }],
    body: `${HEAD}${ROW.replace("/owa/", '"/a,b ""c"""')}${ROW.replace("/owa/", '/a"b')}`,
  }),
  log("open-quote", "a quote that its line does not close costs this line and no other", {
    events: 1,
    flaws: [`${HEAD.length} quote`],
    body: `${HEAD}${ROW.replace("/owa/", '"/owa/')}${ROW}`,
  }),
  log("wrong-columns", "more and fewer cells than the header has", {
    events: 1,
    flaws: [`${HEAD.length} number of columns`, `${HEAD.length + 5} number of columns`],
    body: `${HEAD}a,b\r\n${ROW.trim()},c\r\n${ROW}`,
  }),
  log("cut", "the last line was being written", {
    events: 1,
    flaws: [`${(HEAD + ROW).length} line cut short`],
    body: `${HEAD}${ROW}2021-08-12T09:14:05.000Z,2,Ow`,
  }),
  log("no-line-end", "the last row is whole but for its line end", {
    events: [{}, { record: "7", fields: { UrlQuery: "?a" } }],
    body: `${HEAD}${ROW}${ROW.trim()}?a`,
  }),
  log("nul-bytes", "a block of NULs that a crash left; the row behind it is whole", {
    events: [{}, { record: "7" }],
    flaws: [`${(HEAD + ROW).length} NUL bytes`],
    body: `${HEAD}${ROW}${"\0".repeat(512)}${ROW}`,
  }),
  log("undated", "what is no time leaves the row undated", {
    events: [{ time: null, fields: { DateTime: "soon" } }, { time: null }],
    body: `${HEAD}${ROW.replace(/^[^,]*/, "soon")}${ROW.replace(/^[^,]*/, "2021-02-30T00:00:00.000Z")}`,
  }),
  log("local-time", "somebody converted the log to local time: the case file names the zone", {
    zone: "Europe/Guernsey",
    events: [{ time: "2021-08-12T08:14:04.123Z" }],
    assumptions: ["zone Europe/Guernsey"],
    body: `${HEAD}${ROW}`,
  }),
  log("rps-cat", "account and SID of a request to PowerShell; what is no token says nothing", {
    events: [
      { fields: { RpsCatUser: "user@c.example", RpsCatSid: "S-1-5-21-1-2-3-500" } },
      { fields: { RpsCatUser: null, RpsCatSid: null } },
    ],
    body: `${HEAD}${ROW.trim()}?a@b.example/Powershell?X-Rps-CAT=${TOKEN}&Email=x\r\n${ROW.trim()}?X-Rps-CAT=%00\r\n`,
  }),
  log("tracking-hosts", "the server that wrote the row: the client of what is sent, the server of what comes in", {
    events: [{ host: "MAIL1", channel: "MessageTracking" }, { host: "MAIL1" }, { host: "MAIL1" }],
    body: `${TRACKING}2021-08-12T09:14:04.123Z,mx.partner.example,MAIL1,RECEIVE\r\n2021-08-12T09:14:05.000Z,MAIL1,mx.partner.example,SEND\r\n2021-08-12T09:14:06.000Z,MAIL1,,AGENTINFO\r\n`,
  }),
  log("tls", "from the negotiation on a session is encrypted; another beside it never is", {
    events: [
      { channel: "SmtpReceive", host: "MAIL1", fields: { Tls: false } },
      { fields: { Tls: false } },
      { fields: { Tls: true, TlsVersion: "TLS 1.2", TlsCipher: "CALG_AES_256" } },
      { fields: { Tls: true, data: "MAIL FROM:<a@b.example>" } },
      { fields: { Tls: false, data: "MAIL FROM:<c@d.example>" } },
    ],
    body: `${SMTP}${smtp("A", "+")}${smtp("B", "+")}${smtp("A", "*", "", NEGOTIATED)}${smtp("A", "<", "MAIL FROM:<a@b.example>")}${smtp("B", "<", "MAIL FROM:<c@d.example>")}`,
  }),
  log("tls-unknown", "of a session whose start is in another file nothing is known", {
    events: [{ fields: { Tls: null } }, { fields: { Tls: null } }, { fields: { Tls: false } }],
    body: `${SMTP}${smtp("A", "<", "MAIL FROM:<a@b.example>")}${smtp("A", "-")}${smtp("A", "+")}`,
  }),
  log("forged-sessions", "a comment in the log cannot say which sessions are open", {
    events: [{ fields: { Tls: null } }],
    body: `${SMTP}#sessions:[[["A",0]],[]]\r\n${smtp("A", "<", "MAIL FROM:<a@b.example>")}`,
  }),
  log("no-host", "no column names the server: that is said", {
    events: [{ host: "", channel: "Imap4" }],
    assumptions: ["host unknown"],
    body: `${SOFTWARE}#Log-type: IMAP4 Log\r\n#Fields: dateTime,sessionId,user,command\r\n2021-08-12T09:14:04.123Z,1,eve,login\r\n`,
  }),
  setup("messages", "a message over several lines is one; the server is named by the way", {
    events: [
      { time: "2021-03-13T05:01:29.042Z", host: "", fields: { Level: 0, SetupBuild: "15.1.2106.2", Build: null } },
      { host: "MAIL1", record: "2" },
      { host: "MAIL1", fields: { Product: "Exchange Server", Build: "15.1.2044.4", Observation: "registry-key" } },
      { record: "4", fields: { Level: 1, Message: "Executing:\n  $x\n" } },
      { record: "7", fields: { Severity: "ERROR", ErrorCode: 1612 } },
      { fields: { Status: 1 } },
    ],
    assumptions: ["zone UTC"],
    body: [
      "[03/13/2021 05:01:29.0042] [0] Setup version: 15.1.2106.2.",
      "[03/13/2021 05:01:30.0001] [0] Server Name=MAIL1",
      "[03/13/2021 05:01:31.0001] [0] The locally installed version is 15.1.2044.4.",
      "[03/13/2021 05:01:32.0001] [1] Executing: ",
      "  $x",
      "        ",
      "[03/13/2021 05:01:33.0001] [2] [ERROR] Couldn't remove product. Error code is 1612.",
      "[03/13/2021 05:01:34.0001] [0] CurrentResult setupbase.maincore:396: 1",
      "",
    ].join("\r\n"),
  }),
  setup("installed", "a build is installed when a run of setup ends with 0, without an error, and was to install it", {
    events: [
      {},
      { fields: { SetupBuild: "15.1.2106.2", Build: null } },
      {},
      { host: "MAIL1", fields: { Status: 0, Build: "15.1.2106.2", Observation: "setup-log" } },
      {},
      {},
      {},
      { fields: { Status: 0, Build: null, Observation: null } },
      {},
      {},
      { fields: { Status: 0, Build: null, Observation: null } },
    ],
    assumptions: ["zone UTC"],
    body: [
      "[03/13/2021 05:01:28.0042] [0] Server Name=MAIL1",
      "[03/13/2021 05:01:29.0042] [0] Setup version: 15.1.2106.2.",
      "[03/13/2021 05:01:30.0042] [0] Command Line Parameter Name='mode', Value='Upgrade'.",
      "[03/13/2021 06:01:31.0001] [0] CurrentResult launcherbase.maincore:90: 0",
      "[03/14/2021 05:01:29.0042] [0] Setup version: 15.1.2176.2.",
      "[03/14/2021 05:01:30.0042] [0] Command Line Parameter Name='mode', Value='Upgrade'.",
      "[03/14/2021 05:01:31.0042] [1] [ERROR] Couldn't remove product.",
      "[03/14/2021 06:01:31.0001] [0] CurrentResult launcherbase.maincore:90: 0",
      "[03/15/2021 05:01:29.0042] [0] Setup version: 15.1.2176.2.",
      "[03/15/2021 05:01:30.0042] [0] Command Line Parameter Name='mode', Value='PrepareSchema'.",
      "[03/15/2021 06:01:31.0001] [0] CurrentResult launcherbase.maincore:90: 0",
      "",
    ].join("\r\n"),
  }),
  setup("other-languages", "what parts the numbers is the server's own; the month comes first all the same", {
    events: [{ time: "2022-11-14T17:13:08.074Z" }, { time: "2021-04-17T11:23:40.036Z" }],
    body: "[11.14.2022 17:13:08.0074] [0] a\r\n[04-17-2021 11:23:40.0036] [1] b\r\n",
  }),
  setup("cut", "the last line was being written; it is not taken for a part of the message", {
    events: [{ fields: { Message: "a" } }],
    flaws: ["34 line cut short"],
    body: "[03/13/2021 05:01:29.0042] [0] a\r\n[03/13/20",
  }),
];
