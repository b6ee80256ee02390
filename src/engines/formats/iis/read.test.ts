import { expect, test } from "vitest";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { formatTicks, toTicks } from "../../../base/time.ts";
import { type Event, eventOf } from "../../../model/event.ts";
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { LINE_BYTES_MAX } from "./layout.ts";
import { iisReader } from "./read.ts";

const FIELDS = "#Fields: date time cs-uri-stem sc-status time-taken";
const ROW = "2021-08-12 09:14:04 /a 200 350";

function settingOf(changes: Partial<Setting> & { readonly file?: string }): Setting {
  const { file = "u_ex.log", ...rest } = changes;
  const place = { evidence: "0".repeat(64) as EvidenceHash, member: "", file };
  return { place, host: null, zone: null, skewMillis: 0, ...rest };
}

function read(content: string | Uint8Array, changes: Parameters<typeof settingOf>[0] = {}) {
  const bytes = typeof content === "string" ? utf8(content) : content;
  const events: Event[] = [];
  const flaws: Flaw[] = [];
  for (const piece of iisReader.read(memorySource(bytes), settingOf(changes))) {
    if (piece.kind === "flaw") flaws.push(piece);
    else for (let row = 0; row < piece.length; row++) events.push(eventOf(piece, row));
  }
  return {
    events,
    flaws,
    whats: flaws.map(({ offset, what, have }) => `${offset} ${what}: ${have}`),
  };
}

function timesOf(events: readonly Event[]): (string | null)[] {
  return events.map(({ ticks, digits }) => {
    const dated = toTicks(ticks);
    return dated === null ? null : formatTicks(dated, digits);
  });
}

/** One row under the given columns. */
function one(columns: string, row: string, changes: Parameters<typeof settingOf>[0] = {}) {
  const { events } = read(`#Fields: ${columns}\r\n${row}\r\n`, changes);
  const [event] = events;
  if (event === undefined) throw new Error("no event");
  return event;
}

test("the time is the end less the time taken, and the end is kept", () => {
  const event = one("date time time-taken", "2021-08-12 09:14:04 350");
  expect(timesOf([event])).toEqual(["2021-08-12T09:14:03.650Z"]);
  expect(event.fields["EndTime"]).toBe("2021-08-12T09:14:04Z");
});

test("without time-taken the time is the end, in whole seconds", () => {
  expect(timesOf([one("date time", "2021-08-12 09:14:04")])).toEqual(["2021-08-12T09:14:04Z"]);
  expect(timesOf([one("date time time-taken", "2021-08-12 09:14:04 -")])).toEqual([
    "2021-08-12T09:14:04.000Z",
  ]);
});

test("a time taken that no request can take is not taken off", () => {
  for (const taken of ["99999999999", "4294967296", "-5", "3x", "1e3"]) {
    const event = one("date time time-taken", `2021-08-12 09:14:04 ${taken}`);
    expect(timesOf([event])).toEqual(["2021-08-12T09:14:04.000Z"]);
  }
});

test("what is no date leaves the row undated, and keeps it", () => {
  const bad = [
    "2021-02-29",
    "2021-13-01",
    "2021-00-10",
    "1600-01-01",
    "12/08/2021",
    "-",
    "2021-08-1x",
  ];
  for (const date of bad) expect(timesOf([one("date time", `${date} 09:14:04`)])).toEqual([null]);
  for (const time of ["24:00:00", "09:60:00", "9:14:04", "-", "09:14:0"])
    expect(timesOf([one("date time", `2021-08-12 ${time}`)])).toEqual([null]);
  const edges = ["1601-01-01", "2020-02-29", "2262-04-12", "9999-12-31"];
  for (const date of edges)
    expect(timesOf([one("date time", `${date} 23:59:59`)])).toEqual([`${date}T23:59:59Z`]);
  expect(timesOf([one("date time time-taken", "1601-01-01 00:00:00 1")])).toEqual([null]);
});

test("the case file's zone and skew", () => {
  const zoned = one("date time", "2021-08-12 09:14:04", { zone: "Europe/Guernsey" });
  expect(timesOf([zoned])).toEqual(["2021-08-12T08:14:04Z"]);
  expect(zoned.zoneAssumed).toBe("Europe/Guernsey");
  expect(zoned.fields["EndTime"]).toBe("2021-08-12T08:14:04Z");
  const skewed = one("date time", "2021-08-12 09:14:04", { skewMillis: 420_000 });
  expect(timesOf([skewed])).toEqual(["2021-08-12T09:07:04Z"]);
  expect(skewed.zoneAssumed).toBeNull();
});

test("without a date column the day is the directive's, across midnight", () => {
  const rows = "23:59:58 /a\r\n00:00:01 /b\r\n#Date: 2021-09-01 00:00:00\r\n10:00:00 /c\r\n";
  const { events } = read(`#Date: 2021-08-12 23:00:00\r\n#Fields: time cs-uri-stem\r\n${rows}`);
  expect(timesOf(events)).toEqual([
    "2021-08-12T23:59:58Z",
    "2021-08-13T00:00:01Z",
    "2021-09-01T10:00:00Z",
  ]);
  expect(timesOf(read("#Fields: time cs-uri-stem\r\n10:00:00 /c\r\n").events)).toEqual([null]);
});

test("values: missing, numbers, blanks of the user agent, and what is no number", () => {
  const columns = "cs-username sc-status s-port sc-bytes cs(User-Agent) cs-uri-query";
  const event = one(columns, "- 404 0443 12345678901234567890 Mozilla/5.0+(X;+Y) a+b");
  expect(event.fields).toEqual({
    "sc-status": 404,
    "s-port": "0443",
    "sc-bytes": "12345678901234567890",
    "cs(User-Agent)": "Mozilla/5.0 (X; Y)",
    "cs-uri-query": "a+b",
  });
});

test("bytes that are no UTF-8 are windows-1252, value by value", () => {
  const line = concatBytes([utf8("caf\u00e9 "), Uint8Array.of(0x63, 0x92, 0x73, 13, 10)]);
  const { events } = read(concatBytes([utf8("#Fields: cs-username cs-host\r\n"), line]));
  expect(events[0]?.fields).toEqual({ "cs-username": "caf\u00e9", "cs-host": "c\u2019s" });
});

test("the site comes from the line, then from the folder; the port only tells the side", () => {
  const named = one("s-sitename s-port", "W3SVC2 443", { file: "logs/W3SVC1/u_ex.log" });
  expect([named.channel, named.fields["Side"]]).toEqual(["W3SVC2", "back-end"]);
  const folder = one("cs-method s-port", "GET 444", { file: "C:\\logs\\w3svc1\\u_ex.log" });
  expect([folder.channel, folder.fields["Side"]]).toEqual(["W3SVC1", "front-end"]);
  const port = one("cs-method s-port", "GET 444");
  expect([port.channel, port.fields["Side"]]).toEqual(["", "back-end"]);
  expect(one("s-sitename s-port", "W3SVC7 443").fields["Side"]).toBeUndefined();
  expect(one("cs-method s-port", "GET 8080").fields["Side"]).toBeUndefined();
});

test("the host comes from the case file, then from the line", () => {
  expect(one("s-computername cs-method", "MAIL1 GET").host).toBe("MAIL1");
  expect(one("s-computername cs-method", "MAIL1 GET", { host: "mail" }).host).toBe("mail");
  expect(one("cs-method sc-status", "GET 200").host).toBe("");
});

test("the request id is Exchange's, and only a whole one", () => {
  const id = "0A1B2C3D-8F1E-4A52-9D3C-00000000FFFF";
  const column = "cs-uri-query sc-status";
  expect(one(column, `&Email=a%3F@x&cafeReqId=${id}; 200`).fields["RequestId"]).toBe(
    id.toLowerCase(),
  );
  expect(one(column, `&cafeReqId=${id}0; 200`).fields["RequestId"]).toBeUndefined();
  expect(one(column, "&cafeReqId=; 200").fields["RequestId"]).toBeUndefined();
});

test("c-uri is stem and query; names of Sigma's taxonomy are answered too", () => {
  const event = one("cs-uri-stem cs-uri-query", "/owa/ a=b");
  expect(event.fields["c-uri"]).toBe("/owa/?a=b");
  expect(one("cs-uri-stem cs-uri-query", "/owa/ -").fields["c-uri"]).toBe("/owa/");
  const bytes = utf8("#Fields: cs(User-Agent) cs(Referer)\r\nA+b https://x/\r\n");
  for (const piece of iisReader.read(memorySource(bytes), settingOf({}))) {
    if (piece.kind === "flaw") throw new Error(piece.what);
    expect(piece.field(0, "c-useragent")).toBe("A b");
    expect(piece.field(0, "cs-referer")).toBe("https://x/");
    expect(piece.field(0, "cs-cookie")).toBeUndefined();
  }
});

test("columns that change in the middle of a file", () => {
  const rest = "#Fields: sc-status date time\r\n200 2021-08-12 10:00:00\r\n";
  const { events, flaws } = read(`${FIELDS}\r\n${ROW}\r\n${FIELDS}\r\n${ROW}\r\n${rest}`);
  expect(flaws).toEqual([]);
  expect(events.map(({ record, fields }) => [record, fields["sc-status"]])).toEqual([
    ["2", 200],
    ["4", 200],
    ["6", 200],
  ]);
  expect(timesOf(events)[2]).toBe("2021-08-12T10:00:00Z");
});

test("line numbers count every line; offsets are where lines start", () => {
  const log = `#Software: IIS\n${FIELDS}\n\n${ROW}\n#Remark: x\nbroken\n${ROW}\n`;
  const { events, whats } = read(log);
  expect(events.map(({ record }) => record)).toEqual(["4", "7"]);
  expect(events.map(({ offset }) => log.slice(offset, offset + 10))).toEqual([
    "2021-08-12",
    "2021-08-12",
  ]);
  expect(whats).toEqual([`${log.indexOf("broken")} number of columns: 1`]);
});

test("a byte order mark is no content", () => {
  const { events, flaws } = read(`\ufeff${FIELDS}\r\n${ROW}\r\n`);
  expect([events.length, flaws.length]).toEqual([1, 0]);
});

test("rows before any #Fields are flaws, and so is a #Fields line that names too few or too many", () => {
  expect(read(`${ROW}\r\n`).whats).toEqual(["0 row before any #Fields: 30 bytes"]);
  expect(read("#Fields: date\r\na b\r\n").whats).toEqual([
    "0 #Fields: 1 names",
    "15 row before any #Fields: 3 bytes",
  ]);
  expect(read(`#Fields:${" x".repeat(300)}\r\n`).whats).toEqual(["0 #Fields: 300 names"]);
});

test("a last line without an end is a row if its columns are there, and a flaw if not", () => {
  expect(read(`${FIELDS}\r\n${ROW}`).events.length).toBe(1);
  expect(read(`${FIELDS}\r\n${ROW}\r`).events[0]?.fields["time-taken"]).toBe(350);
  expect(read(`${FIELDS}\r\n${ROW.slice(0, 25)}`).whats).toEqual(["53 line cut short: 25 bytes"]);
});

test("a block of NULs is one flaw with its length, wherever it stands", () => {
  const nuls = "\0".repeat(70_000);
  const { events, whats } = read(
    `${FIELDS}\r\n${ROW}\r\n2021-08-12 09:1${nuls}${FIELDS}\r\n${ROW}\r\n${nuls}`,
  );
  expect(events.length).toBe(2);
  expect(whats).toEqual([
    "85 NUL bytes: 70000 bytes, and 15 of text beside them",
    "70185 NUL bytes: 70000 bytes",
  ]);
});

test("NULs within a line are one flaw, however many; rows and directives beside them are kept", () => {
  const utf16 = `${ROW}\r\n`.replaceAll(/[^]/g, "$&\0");
  const { events, whats } = read(
    `${FIELDS}\r\na\0\0b\0c\r\n${ROW}\0${ROW}\0x\r\n\0#Remark: x\r\n${utf16}\n${ROW}\r\n`,
  );
  expect(events.map(({ record, offset }) => `${record} ${offset}`)).toEqual([
    "3 61",
    "3 92",
    "7 204",
  ]);
  expect(whats).toEqual([
    "53 NUL bytes: 3 bytes, and 3 of text beside them",
    "91 NUL bytes: 2 bytes, and 1 of text beside them",
    "126 NUL bytes: 1 bytes",
    "139 NUL bytes: 31 bytes, and 31 of text beside them",
    "202 NUL bytes: 1 bytes",
  ]);
});

test("without a date column the day goes on from the time of the directive", () => {
  const rows = "00:00:01 /a\r\n12:30:00 /b\r\n";
  const dated = (head: string) =>
    timesOf(read(`${head}\r\n#Fields: time cs-uri-stem\r\n${rows}`).events);
  expect(dated("#Date: 2021-08-12 23:59:58")).toEqual([
    "2021-08-13T00:00:01Z",
    "2021-08-13T12:30:00Z",
  ]);
  // The columns before were dated: the directive counts all the same.
  expect(dated(`${FIELDS}\r\n#Date: 2021-09-01 00:00:00`)[0]).toBe("2021-09-01T00:00:01Z");
  expect(dated("#Date: 9999-12-31 23:59:59")).toEqual([null, null]);
});

test("a line at the limit is read, one beyond it is skipped, and the rest is read", () => {
  const rowOf = (bytes: number) => `${"x".repeat(bytes - 4)} y\r\n`;
  const head = "#Fields: a b\r\n";
  const longest = read(head + rowOf(LINE_BYTES_MAX) + rowOf(10));
  expect([longest.events.length, longest.flaws.length]).toEqual([2, 0]);
  for (const bytes of [LINE_BYTES_MAX + 1, LINE_BYTES_MAX * 3, LINE_BYTES_MAX * 20]) {
    const beyond = read(head + rowOf(bytes) + rowOf(10));
    expect(beyond.events.map(({ record }) => record)).toEqual(["3"]);
    expect(beyond.whats).toEqual([`14 line longer than the limit: ${bytes} bytes`]);
  }
});

test("log injection stays in its value", () => {
  const { events, flaws } = read(
    `${FIELDS}\r\n2021-08-12 09:14:04 /\u001b[2J\r%0d%0a2021 200 1\r\n`,
  );
  expect([events.length, flaws.length]).toEqual([1, 0]);
  expect(events[0]?.fields["cs-uri-stem"]).toBe("/\u001b[2J\r%0d%0a2021");
});

test("what is assumed is said", () => {
  const said = (columns: string, changes: Parameters<typeof settingOf>[0]) =>
    iisReader
      .assumptions(utf8(`#Fields: ${columns}\r\n`), settingOf(changes))
      .map(({ what, value }) => `${what} ${value}`);
  expect(said("date time", {})).toEqual(["zone UTC", "host unknown", "site unknown"]);
  expect(said("date s-port", { file: "W3SVC2/u.log", host: "mail" })).toEqual([
    "zone UTC",
    "host mail",
    "site W3SVC2",
  ]);
  const named = "s-sitename s-computername";
  expect(said(named, { zone: "Europe/Guernsey", skewMillis: 5 })).toEqual([
    "zone Europe/Guernsey",
    "skew 5 ms",
  ]);
  expect(said("date s-port", { host: "mail" })).toEqual(["zone UTC", "host mail", "site by port"]);
});
