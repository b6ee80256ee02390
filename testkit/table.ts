/** Cases for tables of other products: one behaviour each. */
import type { TestCase } from "./case.ts";

const HEAD = "host,product,observation,build,observed_at\r\n";
const ROW = "MX1,Exchange Server,file-version,15.1.2106.2,2021-08-12T09:14:04Z\r\n";
const OBJECT = {
  host: "MX1",
  product: "Exchange Server",
  observation: "file-version",
  build: "15.1.2106.2",
  observed_at: "2021-08-12T09:14:04Z",
};
const EVENT = {
  time: "2021-08-12T09:14:04Z",
  host: "MX1",
  channel: "Inventory",
  fields: { Product: "Exchange Server", Build: "15.1.2106.2", Observation: "file-version", build: "15.1.2106.2" },
};

function table(name: string, why: string, rest: Omit<TestCase, "name" | "why" | "format">): TestCase {
  return { name: `table/${name}`, why, format: "table", ...rest };
}

function wide(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), true);
  return bytes;
}

/** Rows with these dates; about the rest nobody asks. */
function dated(...dates: readonly string[]): string {
  return HEAD + dates.map((date) => `MX1,p,dashboard,1,${date}\r\n`).join("");
}

export const TABLE_CASES: readonly TestCase[] = [
  table("csv", "the neutral inventory; common names stand beside its own", {
    events: [{ ...EVENT, record: "2" }],
    body: HEAD + ROW,
  }),
  table("bom-and-quotes", "a byte order mark before a quoted name; names as they like, commas and line ends in cells", {
    events: [{ time: null, channel: "Configuration", fields: { ControlID: "MS.AAD.3.1v1", Details: 'a, "b"\r\nc', Result: "Fail" } }],
    body: '\ufeff"Control ID","Requirement","Result","Criticality","Details"\r\n"MS.AAD.3.1v1","x","Fail","Shall","a, ""b""\r\nc"\r\n',
  }),
  table("semicolons", "as spreadsheets of some countries write it, with the line that tells Excel so", {
    events: [{ ...EVENT, record: "3" }],
    body: `sep=;\r\n${(HEAD + ROW).replaceAll(",", ";")}`,
  }),
  table("pipes", "as osqueryi --csv writes it", {
    events: [{ host: "PC1", fields: { Kb: "KB5005076", Product: "Windows", Observation: "hotfix-list" } }],
    assumptions: ["day-order month-first: 8/12/2021 is 12 August 2021; the other reading is 8 December 2021"],
    body: "csname|hotfix_id|caption|installed_on\nPC1|KB5005076|x|8/12/2021\n",
  }),
  table("unicode", "as Export-Csv -Encoding Unicode writes it: UTF-16, the type of the objects before the header", {
    events: [{ ...EVENT, record: "3", fields: { ...EVENT.fields, product: "Exchange Server", note: "überprüft, \u{1f512}" } }],
    body: wide(`\ufeff#TYPE Selected.System.String\r\n${HEAD.trim()},note\r\n${ROW.trim()},"überprüft, \u{1f512}"\r\n`),
  }),
  table("unicode-cut", "half a unit at the end of UTF-16", {
    events: 1,
    flaws: [`${(HEAD + ROW).length * 2 + 2} UTF-16`],
    body: wide(`\ufeff${HEAD}${ROW}x`).slice(0, -1),
  }),
  table("wmic", "as wmic /format:csv writes it: UTF-16, an empty line first, two carriage returns before a line feed", {
    events: [{ record: "3", host: "PC1", time: "2021-08-13T00:00:00Z", fields: { Kb: "KB5005076", Node: "PC1", InstalledOn: "8/13/2021" } }],
    assumptions: ["day-order month-first: 8/13/2021 is 13 August 2021"],
    body: wide("\ufeff\r\r\nNode,Description,HotFixID,InstalledOn\r\r\nPC1,Update,KB5005076,8/13/2021\r\r\n"),
  }),
  table("lines", "one object of JSON a line", {
    events: [{ ...EVENT, record: "1" }, { record: "3" }],
    body: `${JSON.stringify(OBJECT)}\n\n${JSON.stringify(OBJECT)}\n`,
  }),
  table("list", "a list of objects over many lines, as ConvertTo-Json writes it", {
    events: [{ ...EVENT, record: "1" }, { record: "2" }],
    body: `\ufeff${JSON.stringify([OBJECT, OBJECT], null, 4)}\r\n`,
  }),
  table("one-object", "a single object over many lines, as ConvertTo-Json writes a list of one", {
    events: [{ ...EVENT, record: "1" }],
    body: JSON.stringify(OBJECT, null, 4),
  }),
  table("wrapped", "a list in an object, as interfaces answer", {
    events: [EVENT],
    body: JSON.stringify({ "@odata.context": "x", value: [OBJECT], "@odata.nextLink": "y" }),
  }),
  table("list-cut", "a list without its end", {
    events: 1,
    flaws: [`${JSON.stringify([OBJECT]).length} JSON`],
    body: `${JSON.stringify([OBJECT]).slice(0, -1)},${JSON.stringify(OBJECT).slice(0, 40)}`,
  }),
  table("list-and-more", "text behind the end of a list", {
    events: 1,
    flaws: [`${JSON.stringify([OBJECT]).length + 1} JSON`],
    body: `${JSON.stringify([OBJECT])}\n{"host":"MX2"}`,
  }),
  table("list-of-others", "an element that is no object, between those that are", {
    events: 2,
    flaws: [`${JSON.stringify([OBJECT]).length} row`],
    body: `${JSON.stringify([OBJECT]).slice(0, -1)},7,${JSON.stringify(OBJECT)}]`,
  }),
  table("dotnet-date", "a date as ConvertTo-Json of Windows PowerShell writes it", {
    events: [{ time: "2021-08-12T09:14:04.123Z" }],
    body: JSON.stringify([{ ...OBJECT, observed_at: "/Date(1628759644123)/" }]),
  }),
  table("day-first", "a day over 12 decides how the others are read", {
    events: [{ time: "2021-04-03T09:14:00Z" }, { time: "2021-04-13T09:14:00Z" }],
    assumptions: [
      "zone UTC",
      "day-order day-first: 03/04/2021 is 3 April 2021; the other reading is 4 March 2021",
    ],
    body: dated("03/04/2021 09:14", "13/04/2021 09:14"),
  }),
  table("month-first", "the same days, as a server in the United States writes them", {
    events: [{ time: "2021-03-04T09:14:00Z" }, { time: "2021-04-13T21:14:00Z" }],
    assumptions: ["day-order month-first: 3/4/2021 is 4 March 2021; the other reading is 3 April 2021"],
    body: dated("3/4/2021 9:14 AM", "4/13/2021 9:14\u202fPM"),
  }),
  table("day-undecided", "nothing decides: the day is taken to stand first, and the other reading is shown", {
    events: [{ time: "2021-04-03T00:00:00Z" }],
    assumptions: ["day-order day-first: 03/04/2021 is 3 April 2021; the other reading is 4 March 2021"],
    body: dated("03/04/2021"),
  }),
  table("day-contradicted", "a date that only the other order can read is undated, and said", {
    events: [{ time: "2021-04-13T00:00:00Z" }, { time: "2021-04-14T00:00:00Z" }, { time: null }],
    flaws: [`${dated("13/04/2021", "14/04/2021").length} date`],
    body: dated("13/04/2021", "14/04/2021", "4/13/2021"),
  }),
  table("no-time", "what is no time leaves a row undated; an empty cell is none", {
    events: [{ time: null }, { time: null }],
    flaws: [`${HEAD.length} time`],
    body: dated("soon", ""),
  }),
  table("zone", "local times by the zone that the case file names", {
    zone: "Europe/Guernsey",
    events: [{ time: "2021-08-12T08:14:00Z" }],
    body: dated("2021-08-12 09:14"),
  }),
  table("epoch", "osquery's results log: seconds since 1970, columns in an object of their own", {
    events: [{ time: "2021-08-12T09:14:04Z", host: "PC1", channel: "Updates", fields: { Kb: "KB5005076" } }],
    body: '{"name":"pack_updates","hostIdentifier":"PC1","calendarTime":"Thu Aug 12 09:14:04 2021 UTC","unixTime":1628759644,"columns":{"hotfix_id":"KB5005076"},"action":"added"}\n',
  }),
  table("log-injection", "a row forged inside a cell is text", {
    events: [{ fields: { build: `1"\r\n${ROW.trim()}` } }],
    body: `${HEAD}MX1,p,dashboard,"1""\r\n${ROW.trim()}",\r\n`,
  }),
  table("open-quote", "a quote that never closes: the rest is one flaw, and no row is made of it", {
    events: 1,
    flaws: [`${(HEAD + ROW).length} quote`],
    body: `${HEAD}${ROW}"${ROW}${ROW}`,
  }),
  table("wrong-columns", "more and fewer cells than the header has", {
    events: 1,
    flaws: [`${HEAD.length} columns`, `${HEAD.length + 5} columns`],
    body: `${HEAD}a,b\r\n${ROW.trim()},y\r\n${ROW}`,
  }),
  table("most-needed", "of two tables that fit the one that needs more", {
    events: [{ channel: "Inventory", fields: { Kb: "KB1", CveId: "CVE-2021-34473" } }],
    body: "DeviceName,SoftwareVendor,SoftwareName,SoftwareVersion,CveId,CvssScore,RecommendedSecurityUpdateId,DeviceId\nPC1,x,y,1,CVE-2021-34473,9,KB1,z\n",
  }),
  {
    name: "table/unknown-columns",
    why: "a table that nobody described is read by nobody, and kept",
    format: "none",
    events: 0,
    body: "patient,born\r\nx,1970-01-01\r\n",
  },
];
