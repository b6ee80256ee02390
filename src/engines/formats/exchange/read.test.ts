/** Exchange's logs: what stands before a row and has a say in it, and what nobody should write. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { type Event, eventOf } from "../../../model/event.ts";
import { NO_EVIDENCE, type Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import type { Range } from "../format.ts";
import { exchangeCard } from "./card.ts";
import { LOGS, type LogId } from "./logs.ts";
import { exchangeReader } from "./read.ts";
import { exchangeHead, exchangeHeader, writeExchange } from "./write.ts";

const SETTING: Setting = {
  place: { evidence: NO_EVIDENCE, member: "", file: "log" },
  host: null,
  zone: null,
  skewMillis: 0,
};
const STARTED = "2021-08-12T00:00:00.000Z";
const IDS = Object.keys(LOGS).filter((id): id is LogId => id in LOGS);

function read(bytes: Uint8Array, setting = SETTING, range?: Range): [Event[], Flaw[]] {
  const events: Event[] = [];
  const flaws: Flaw[] = [];
  for (const piece of exchangeReader.read(memorySource(bytes), setting, range)) {
    if (piece.kind === "flaw") flaws.push(piece);
    else for (let row = 0; row < piece.length; row++) events.push(eventOf(piece, row));
  }
  return [events, flaws];
}

test.each(IDS)("%s: known by its head, read under its channel", (id) => {
  const bytes = concatBytes([...writeExchange(id, [{}], STARTED)]);
  const names: readonly string[] = LOGS[id].fields.split(",");
  const row = names.map((name) => (/^(date-?time|timestamp)$/i.test(name) ? STARTED : "x")).join();
  expect(exchangeCard.recognises(bytes)).toBe(true);
  const text = exchangeHead(id) + exchangeHeader(id, STARTED) + row + "\r\n";
  const [events, flaws] = read(utf8(text));
  expect(flaws).toEqual([]);
  expect(events.map(({ ticks }) => ticks)).toEqual([BigInt(Date.parse(STARTED)) * 10_000n]);
  expect(events[0]?.channel).toMatch(/^[A-Z][A-Za-z0-9]+$/);
  expect(new Set(names).size).toBe(names.length);
});

test("other software is not claimed, nor columns parted by blanks", () => {
  for (const head of [
    "#Software: Microsoft HTTP API 2.0\r\n#Fields: date time c-ip\r\n",
    "#Software: Microsoft DHCP Server\r\n#Fields: Date-Time,b\r\n",
    "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time\r\n",
    "#Fields: date time cs-uri-stem\r\n",
    "DateTime,RequestId\r\n2021-08-12,1\r\n",
  ])
    expect(exchangeCard.recognises(utf8(head))).toBe(false);
  expect(exchangeCard.recognises(utf8("#Fields: date-time,session-id,event\r\n"))).toBe(true);
});

test("columns nobody should write: too few, too many, twice, nameless", () => {
  const head = "#Log-type: A\r\n";
  expect(read(utf8(`${head}#Fields: DateTime\r\na\r\n`))[1].map(({ what }) => what)).toEqual([
    "#Fields",
    "row before any #Fields",
  ]);
  const many = `${head}#Fields: ${"a,".repeat(2_000)}b\r\n${",".repeat(2_000)}\r\n`;
  expect(read(utf8(many))[1].map(({ what }) => what)).toEqual([
    "#Fields",
    "row before any #Fields",
  ]);
  const [[twice]] = read(utf8(`${head}#Fields: DateTime,a,,a\r\n${STARTED},1,2,3\r\n`));
  expect(twice?.fields).toEqual({ DateTime: STARTED, a: "1" });
});

test("the case file names host, zone and skew", () => {
  const bytes = concatBytes([
    ...writeExchange(
      "EcpServer",
      [{ TimeStamp: "2021-08-12T10:00:00.500Z", ServerName: "X" }],
      STARTED,
    ),
  ]);
  const setting = { ...SETTING, host: "mail", zone: "Europe/Guernsey", skewMillis: 500 };
  const [[event]] = read(bytes, setting);
  expect(event?.host).toBe("mail");
  expect(event?.zoneAssumed).toBe("Europe/Guernsey");
  expect(event?.ticks).toBe(BigInt(Date.UTC(2021, 7, 12, 9)) * 10_000n);
  const said = exchangeReader.assumptions(bytes, setting).map(({ what }) => what);
  expect(said).toEqual(["zone", "host", "skew"]);
  expect(exchangeReader.assumptions(bytes, SETTING)).toEqual([]);
});

test("more sessions than are followed: the oldest is forgotten, and nothing is said of it", () => {
  const at = { "date-time": STARTED };
  const opened = Array.from({ length: 1_500 }, (_, id) => ({
    ...at,
    "session-id": `S${id}`,
    event: "+",
  }));
  const asked = ["S0", "S1499"].map((id) => ({
    ...at,
    "session-id": id,
    event: "<",
    data: "MAIL FROM:<a>",
  }));
  const [events] = read(
    concatBytes([...writeExchange("SmtpReceive", [...opened, ...asked], STARTED)]),
  );
  expect(events.slice(-2).map(({ fields }) => fields["Tls"])).toEqual([undefined, false]);
});

test("a remote cmdlet's parameters have names; a column of another log is only a column", () => {
  const written = {
    DateTime: STARTED,
    Cmdlet: "New-MailboxExportRequest",
    Parameters:
      '-Mailbox "a@b" -ContentFilter "Subject -eq \'x, y\'" -Suspend -FilePath "\\\\127.0.0.1\\c$\\a.aspx"',
  };
  const [[event]] = read(concatBytes([...writeExchange("RpsCmdlet", [written], STARTED)]));
  expect(event?.fields).toEqual({
    ...written,
    "Parameters.Mailbox": "a@b",
    "Parameters.ContentFilter": "Subject -eq 'x, y'",
    "Parameters.FilePath": "\\\\127.0.0.1\\c$\\a.aspx",
  });
  const text = `#Log-type: Other\r\n#Fields: DateTime,Parameters\r\n${STARTED},-Mailbox a\r\n`;
  expect(read(utf8(text))[0][0]?.fields).toEqual({ DateTime: STARTED, Parameters: "-Mailbox a" });
});

const NEGOTIATED =
  "TLS protocol SP_PROT-TLS1_3_CLIENT negotiation succeeded using bulk encryption algorithm";
const line = fc.oneof(
  fc
    .tuple(
      fc.nat(5),
      fc.constantFrom("+", "-", "<", "*", "*"),
      fc.constantFrom("", `${NEGOTIATED} A_1`, `${NEGOTIATED} B_2`, "x"),
    )
    .map(([session, event, context]) => `${STARTED},c,S${session},0,l,r,${event},,${context}`),
  fc.constantFrom(
    "#Log-type: SMTP Send Protocol Log",
    `#Fields: ${LOGS.SmtpSend.fields}`,
    `#Fields: ${LOGS.EcpServer.fields}`,
    LOGS.EcpServer.fields,
    "#Fields: one",
    "#sessions:[[]]",
    "a,b",
    "",
    "\ufeff#Log-type: Agent Log",
    `\0\0${STARTED},c,S1,0,l,r,<,,`,
    `${STARTED},MAIL1,Request,x`,
  ),
);

test("a session goes on behind lines of other columns, in ranges as well", () => {
  const row = (event: string) => `${STARTED},c,S1,0,l,r,${event},,`;
  const lines = [row("+"), "#Fields: one", `#Fields: ${LOGS.SmtpSend.fields}`, row("*")];
  const head = exchangeHead("SmtpSend") + exchangeHeader("SmtpSend", STARTED);
  const bytes = utf8(head + lines.map((each) => `${each}\r\n`).join(""));
  const ranges = [...exchangeReader.ranges(memorySource(bytes), 1, null)];
  const [whole] = read(bytes);
  expect(ranges.flatMap((range) => read(bytes, SETTING, range)[0])).toEqual(whole);
  expect(whole.map(({ fields }) => fields["Tls"])).toEqual([false, false]);
});

test("property: in ranges of any size, sessions and columns go on", () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 60 }),
      fc.integer({ min: 1, max: 900 }),
      (lines, rangeBytes) => {
        const head = exchangeHead("SmtpSend") + exchangeHeader("SmtpSend", STARTED);
        const bytes = utf8(head + lines.map((each) => `${each}\r\n`).join(""));
        const ranges = [...exchangeReader.ranges(memorySource(bytes), rangeBytes, null)];
        const parts = ranges.map((range) => read(bytes, SETTING, range));
        const joined = [parts.flatMap(([events]) => events), parts.flatMap(([, flaws]) => flaws)];
        expect(joined).toEqual(read(bytes));
      },
    ),
    { numRuns: 300 },
  );
});
