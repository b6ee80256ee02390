/** Cases for access logs, Defender's protection log, ClamAV's logs and saved response headers: one behaviour each. */
import type { TestCase } from "./case.ts";

const ACCESS = '198.51.100.7 - - [12/Aug/2021:10:00:04 +0100] "GET /owa/ HTTP/1.1" 200 512';
const COMBINED = `${ACCESS} "-" "curl/7.68.0"`;
const SHELL = "C:\\inetpub\\wwwroot\\a.aspx";
const DETECTED = `2021-08-14T03:12:07.123Z DETECTIONEVENT MPSOURCE_REALTIME Backdoor:ASP/Example.A file:${SHELL};`;
const FOUND = "Sat Aug 14 03:12:07 2021 -> /srv/a.php: Php.Webshell-1 FOUND";
const OWA = "HTTP/1.1 302 Found\r\nX-OWA-Version: 15.1.2044.4\r\nX-FEServer: MX1\r\nDate: Sat, 14 Aug 2021 03:12:07 GMT\r\n\r\n";

type Rest = Omit<TestCase, "name" | "why" | "format">;
const of =
  (format: "ncsa" | "mplog" | "clamav" | "http-headers") =>
  (name: string, why: string, rest: Rest): TestCase => ({ name: `${format}/${name}`, why, format, ...rest });
const ncsa = of("ncsa");
const mplog = of("mplog");
const clamav = of("clamav");
const headers = of("http-headers");

const wide = (text: string) => Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, "utf16le")]);

const NCSA_CASES = [
  ncsa("common", "the line's own zone counts, whatever the case file says", {
    zone: "America/New_York",
    events: [{ time: "2021-08-12T09:00:04Z", record: "1", channel: "access", fields: { "c-ip": "198.51.100.7", "cs-username": null, "sc-status": 200, "cs(User-Agent)": null } }],
    body: `${ACCESS}\n`,
  }),
  ncsa("forwarded", "a quoted forwarded address and a response time behind the user agent", {
    events: [{ fields: { "X-Forwarded-For": "203.0.113.9, 10.0.0.1", "response-time": "0.004", "cs(User-Agent)": "curl/7.68.0" } }],
    body: `${COMBINED} "203.0.113.9, 10.0.0.1" 0.004\n`,
  }),
  ncsa("behind", "what nobody knows behind the user agent stays in one piece", {
    events: [{ fields: { extra: '"text/html" rt=0.1 uct="0.0"', "X-Forwarded-For": null } }],
    body: `${COMBINED} "text/html" rt=0.1 uct="0.0"\n`,
  }),
  ncsa("virtual-host", "a virtual host before the client", {
    events: [{ fields: { "cs-host": "mail.clinic.example", "s-port": 443, "c-ip": "198.51.100.7" } }],
    body: `mail.clinic.example:443 ${COMBINED}\n`,
  }),
  ncsa("escapes", "escapes of Apache and of nginx; a forged line inside quotes is text", {
    events: [{ fields: { "cs(Referer)": 'a" 200 1 "b', "cs(User-Agent)": "\n10.0.0.1 - é\\" } }],
    body: `${ACCESS} "a\\" 200 1 \\"b" "\\x0a10.0.0.1 - \\xc3\\xa9\\\\"\n`,
  }),
  ncsa("no-request", "bytes that are no request stay in one piece", {
    events: [{ fields: { request: "\u0016\u0003\u0001", "cs-method": null, "c-uri": null } }],
    body: `${COMBINED.replace("GET /owa/ HTTP/1.1", "\\x16\\x03\\x01")}\n`,
  }),
  ncsa("blanks-in-address", "blanks that an attacker left in the address", {
    events: [{ fields: { "cs-uri-stem": "/a b", "cs-uri-query": "c d", "cs-version": "HTTP/1.1" } }],
    body: `${COMBINED.replace("/owa/", "/a b?c d")}\n`,
  }),
  ncsa("no-time", "a day that does not exist leaves the row undated", {
    events: [{ time: "2021-08-12T09:00:04Z" }, { time: "2021-08-12T09:00:04Z" }, { time: null }],
    body: `${COMBINED}\n${COMBINED}\n${COMBINED.replace("12/Aug", "31/Feb")}\n`,
  }),
  ncsa("odd-lines", "lines that are none, a NUL block before a line, and a line without an end", {
    events: [{ record: "1" }, { record: "3" }, { record: "4" }, { record: "5" }],
    flaws: [`${COMBINED.length + 1} access line`, `${COMBINED.length + 7} NUL bytes`],
    body: `${COMBINED}\nhello\n\0\0\0\0${COMBINED}\n${COMBINED}\n${COMBINED}`,
  }),
];

const BLOCK = `Begin Resource Scan\r\nScan ID:{C343E826-0000-4000-8000-000000000001}\r\nStart Time:08-14-2021 04:12:33\r\nResource Schema:file\r\nResource Path:${SHELL}\r\nResult Count:1\r\nThreat Name:Backdoor:ASP/Example.A\r\nID:2147805916\r\n`;

const MPLOG_CASES = [
  mplog("wide", "UTF-16LE behind a byte order mark, as Defender writes it", {
    events: [{ time: "2021-08-14T03:12:07.123Z", channel: "MPLog", record: "1", fields: { EventType: "Detection", ThreatName: "Backdoor:ASP/Example.A", Path: SHELL, DetectionSource: "MPSOURCE_REALTIME" } }],
    body: wide(`${DETECTED}\r\n`),
  }),
  mplog("resources", "each resource of a detection; of a process there is no path", {
    events: [{ fields: { Resource: [`file:${SHELL}`, "containerfile:C:\\a;b.zip", "process:pid:4,ProcessStart:1"], Path: [SHELL, "C:\\a;b.zip"] } }],
    body: `${DETECTED.slice(0, -1)};containerfile:C:\\a;b.zip;process:pid:4,ProcessStart:1;\r\n`,
  }),
  mplog("block", "a block is one row; its time is local, and that is said; a line's own time is UTC", {
    zone: "Europe/Guernsey",
    events: [
      { time: "2021-08-14T03:12:07.123Z" },
      { time: "2021-08-14T03:12:33Z", record: "2", fields: { EventType: "ResourceScan", ThreatName: "Backdoor:ASP/Example.A", Path: SHELL, ThreatID: "2147805916" } },
      { time: null, fields: { Message: "hello" } },
    ],
    assumptions: ["zone Europe/Guernsey"],
    body: `${DETECTED}\r\n${BLOCK}End Scan\r\nhello\r\n`,
  }),
  mplog("open-block", "a block without its end, and a line with a time behind it", {
    events: [{ fields: { EventType: "ResourceScan" } }, { fields: { EventType: "Detection" } }],
    flaws: ["0 block without its end"],
    assumptions: ["zone UTC"],
    body: `${BLOCK}${DETECTED}\r\n`,
  }),
  mplog("spoken-for", "names that rows of every format have in one sense are not a log's to use", {
    events: [{ fields: { EventType: "ResourceScan", Observation: null, Build: null } }, { fields: { EventType: "Detection" } }],
    body: `${BLOCK}Observation:file-version\r\nBuild:15.1.2044.4\r\nEnd Scan\r\n${DETECTED}\r\n`,
  }),
  mplog("half-a-character", "UTF-16 cut within a character", {
    events: 1,
    flaws: [`${2 * DETECTED.length + 2} half a character`],
    body: Uint8Array.from([...wide(DETECTED), 0x41]),
  }),
];

const CLAMAV_CASES = [
  clamav("found", "a time without a zone is UTC, and that is said", {
    events: [{ time: "2021-08-14T03:12:07Z", channel: "ClamAV", fields: { Path: "/srv/a.php", ThreatName: "Php.Webshell-1", Result: "FOUND" } }],
    assumptions: ["zone UTC"],
    body: `${FOUND}\n`,
  }),
  clamav("actions", "what was done with a file; colons in paths", {
    events: [
      { fields: { Path: "/srv/a: b.php", ThreatName: "Php.Webshell-1" } },
      { fields: { Path: "/srv/a: b.php", Action: "moved", Destination: "/q/a: b.php" } },
      { fields: { Path: "/srv/c.php", Action: "removed" } },
    ],
    body: "/srv/a: b.php: Php.Webshell-1 FOUND\n/srv/a: b.php: moved to '/q/a: b.php'\n/srv/c.php: Removed.\n",
  }),
  clamav("summary", "a summary is one row, at the time when the scan began", {
    zone: "Europe/Guernsey",
    events: [{ fields: { Result: "FOUND" } }, { time: "2021-08-14T03:12:07Z", record: "3", fields: { Infectedfiles: "1", Engineversion: "0.103.3" } }, { fields: { Result: "OK" } }],
    body: "/a: B FOUND\n\n----------- SCAN SUMMARY -----------\nEngine version: 0.103.3\nInfected files: 1\nStart Date: 2021:08:14 04:12:07\n\n/c: OK\n",
  }),
  clamav("freshclam", "signatures, warnings before the time, lines in no known form", {
    events: [
      { fields: { Database: "daily.cld", SignatureVersion: "26280", Result: "updated" } },
      { time: "2021-08-14T03:12:08Z", fields: { Level: "WARNING" } },
      { fields: { Message: "Database test passed.", Result: null } },
    ],
    body: "Sat Aug 14 03:12:07 2021 -> daily.cld updated (version: 26280, sigs: 1969710, f-level: 90, builder: raynman)\nWARNING: Sat Aug 14 03:12:08 2021 -> Clamd was NOT notified\nSat Aug 14 03:12:09 2021 -> Database test passed.\n",
  }),
];

const HEADER_CASES = [
  headers("owa", "the build that Outlook on the web tells, with host and time", {
    events: [{ time: "2021-08-14T03:12:07Z", host: "MX1", channel: "HTTP headers", fields: { Product: "Exchange Server", Build: "15.1.2044.4", Observation: "owa-header", "sc-status": 302 } }],
    body: OWA,
  }),
  headers("redirects", "several responses; names in small letters; a header that stands twice", {
    events: [{ record: "1" }, { record: "6", fields: { "X-OWA-Version": "15.2.986.14", "WWW-Authenticate": ["Negotiate", "NTLM"], Build: "15.2.986.14" } }],
    body: `${OWA}HTTP/2 401\r\nx-owa-version: 15.2.986.14\r\nwww-authenticate: Negotiate\r\nwww-authenticate: NTLM\r\n\r\n`,
  }),
  headers("spoken-for", "a server that sends our names is not taken for us", {
    events: [{ fields: { Observation: null, Build: null, "header-Observation": "file-version" } }],
    body: "HTTP/1.1 200 OK\nObservation: file-version\nProduct: Exchange Server\nBuild: 15.2.1748.10\nX-OWA-Version: none\n\n",
  }),
  headers("body", "a page behind its headers is one flaw", {
    events: 1,
    flaws: [`${OWA.length} response headers`],
    body: `${OWA}<html>\r\n<body>\r\n</html>\r\n`,
  }),
];

export const TEXT_LOG_CASES: readonly TestCase[] = [
  ...NCSA_CASES,
  ...MPLOG_CASES,
  ...CLAMAV_CASES,
  ...HEADER_CASES,
];
