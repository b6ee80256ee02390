import { expect, test } from "vitest";
import { concatBytes, utf8 } from "../../../base/bytes.ts";
import { memorySource } from "../../../base/source.ts";
import { formatTicks, toTicks } from "../../../base/time.ts";
import { type Event, eventOf } from "../../../model/event.ts";
import type { EvidenceHash, Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { windowsJsonCard } from "./card.ts";
import { DEPTH_MAX } from "../json/json-value.ts";
import { LINE_BYTES_MAX } from "../text/line-reading.ts";
import { windowsJsonReader } from "./read.ts";

const SETTING: Setting = {
  place: { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "export.json" },
  host: null,
  zone: null,
  skewMillis: 0,
};
const FLAT = { Channel: "Security", EventID: 4688, Hostname: "mail1" };

function read(content: string | Uint8Array, changes: Partial<Setting> = {}) {
  const bytes = typeof content === "string" ? utf8(content) : content;
  const events: Event[] = [];
  const flaws: Flaw[] = [];
  for (const piece of windowsJsonReader.read(memorySource(bytes), { ...SETTING, ...changes })) {
    if (piece.kind === "flaw") flaws.push(piece);
    else for (let row = 0; row < piece.length; row++) events.push(eventOf(piece, row));
  }
  return {
    events,
    flaws,
    whats: flaws.map(({ offset, what, have }) => `${offset} ${what}: ${have}`),
  };
}

function one(line: unknown, changes: Partial<Setting> = {}): Event {
  const [event] = read(JSON.stringify(line), changes).events;
  if (event === undefined) throw new Error("no event");
  return event;
}

function timeOf({ ticks, digits }: Event): string | null {
  const dated = toTicks(ticks);
  return dated === null ? null : formatTicks(dated, digits);
}

test("flat: the source's names, and Sigma's beside them", () => {
  const event = one({
    ...FLAT,
    SourceName: "Provider",
    EventRecordID: 77,
    ExecutionProcessID: 12,
    "Threat Name": "x",
    CommandLine: null,
    Empty: "",
  });
  expect(event).toMatchObject({
    record: "77",
    host: "mail1",
    channel: "Security",
    eventId: 4688,
    provider: "Provider",
  });
  expect(event.fields).toMatchObject({
    Provider_Name: "Provider",
    Computer: "mail1",
    Execution_ProcessID: 12,
    ThreatName: "x",
    CommandLine: null,
    Empty: "",
  });
});

test("a number that no event can have is none, and never another event's", () => {
  for (const EventID of [2 ** 32 + 4688, 2 ** 31, 1e300])
    expect(one({ ...FLAT, EventID })).toMatchObject({ eventId: -1, fields: { EventID } });
  expect(one({ ...FLAT, EventID: 2 ** 31 - 1 }).eventId).toBe(2 ** 31 - 1);
});

test("flat: the same thing under two names keeps both, and the better one speaks", () => {
  const event = one({ ...FLAT, Computer: "mail1.clinic.example", EventID: "4688" });
  expect([event.host, event.fields["Hostname"], event.eventId]).toEqual([
    "mail1.clinic.example",
    "mail1",
    4688,
  ]);
});

test("event: attributes below #attributes, with an @, or plain", () => {
  const nodes = [
    [
      { "#attributes": { Name: "P" } },
      { "#attributes": { SystemTime: "2021-08-12T09:00:00.1234567Z" } },
    ],
    [{ "@Name": "P" }, { "@SystemTime": "2021-08-12T09:00:00.1234567Z" }],
    [{ Name: "P" }, { SystemTime: "2021-08-12T09:00:00.1234567Z" }],
  ];
  for (const [Provider, TimeCreated] of nodes) {
    const System = {
      Provider,
      TimeCreated,
      EventID: { "#text": "1" },
      Channel: "C",
      Computer: "h",
    };
    const event = one({ Event: { System, EventData: { "A B": "x  " } } });
    expect(event).toMatchObject({ provider: "P", eventId: 1, channel: "C", host: "h" });
    expect(timeOf(event)).toBe("2021-08-12T09:00:00.1234567Z");
    expect(event.fields).toMatchObject({ AB: "x", TimeCreated: "2021-08-12T09:00:00.1234567Z" });
  }
});

test("event: data as named nodes, as bare values, as user data", () => {
  const System = { EventID: 1, Channel: "C" };
  const named = [{ "@Name": "a", "#text": "1" }, { "@Name": "b" }];
  const fields = (parts: object) => one({ Event: { System, ...parts } }).fields;
  expect(fields({ EventData: { Data: named } })).toMatchObject({ a: "1", b: "" });
  expect(fields({ EventData: { Data: ["x", "y"] } })).toMatchObject({ Data: ["x", "y"] });
  expect(fields({ EventData: { Data: { "#text": ["x"] } } })).toMatchObject({ Data: ["x"] });
  const user = { LogFileCleared: { "#attributes": { xmlns: "u" }, SubjectUserName: "eve" } };
  expect(fields({ EventData: null, UserData: user })).toEqual({
    EventID: 1,
    Channel: "C",
    SubjectUserName: "eve",
  });
});

test("event: data that has the name of a System field hides nothing, and nothing hides it", () => {
  const System = { EventID: "1", Channel: "C", Level: "4", EventRecordID: 9 };
  const EventData = { Channel: "y", Level: "high", EventRecordID: "x" };
  const event = one({ Event: { System, EventData } });
  expect([event.channel, event.record]).toEqual(["C", "9"]);
  expect(event.fields).toEqual({
    EventID: 1,
    Channel: "C",
    System_Level: 4,
    System_EventRecordID: 9,
    EventData_Channel: "y",
    Level: "high",
    EventRecordID: "x",
  });
});

test("winlog: what Winlogbeat ships", () => {
  const winlog = {
    channel: "Security",
    event_id: "4648",
    computer_name: "h",
    record_id: 5,
    event_data: { A: "b" },
  };
  const event = one({ "@timestamp": "2021-08-12T09:00:00.000Z", winlog });
  expect(event).toMatchObject({ eventId: 4648, channel: "Security", host: "h", record: "5" });
  expect([timeOf(event), event.fields["A"]]).toEqual(["2021-08-12T09:00:00.000Z", "b"]);
});

test("the card knows what the reader reads, and nothing else", () => {
  const knows = (text: string) => windowsJsonCard.recognises(utf8(text));
  expect(knows(`\ufeff\r\n ${JSON.stringify(FLAT)}\r\nrubbish`)).toBe(true);
  expect(knows(JSON.stringify({ Event: { System: { EventID: 1, Channel: "C" } } }))).toBe(true);
  expect(knows(JSON.stringify({ winlog: { event_id: 1, channel: "C" } }))).toBe(true);
  // A line longer than the head is told by its start.
  expect(knows(JSON.stringify({ ...FLAT, Message: "x".repeat(70_000) }).slice(0, 65_536))).toBe(
    true,
  );
  const others = [
    "",
    "{}",
    "[]",
    `[${JSON.stringify(FLAT)}]`,
    "{\n",
    JSON.stringify({ EventID: 1 }),
    JSON.stringify({ Id: 4688, LogName: "Security" }),
    JSON.stringify({ eventVersion: "1.08", EventID: { a: 1 }, Channel: "x" }),
    JSON.stringify(FLAT).slice(0, -1) + "\n",
  ];
  expect(others.filter(knows)).toEqual([]);
});

test("time: TimeCreated before EventTime before @timestamp", () => {
  const times = { "@timestamp": "2021-01-03T00:00:00Z", EventTime: "2021-01-02T00:00:00Z" };
  expect(timeOf(one({ ...FLAT, ...times, TimeCreated: "2021-01-01T00:00:00.5Z" }))).toBe(
    "2021-01-01T00:00:00.5Z",
  );
  expect(timeOf(one({ ...FLAT, ...times }))).toBe("2021-01-02T00:00:00Z");
  expect(timeOf(one({ ...FLAT, TimeCreated: "yesterday" }))).toBeNull();
  expect(timeOf(one(FLAT))).toBeNull();
});

test("time: the case file's zone sets a Z aside, and keeps a numeric offset", () => {
  const zoned = (TimeCreated: string) =>
    one({ ...FLAT, TimeCreated }, { zone: "America/New_York" });
  const habit = zoned("2021-03-14T01:39:32.6091234Z");
  expect([timeOf(habit), habit.zoneAssumed]).toEqual([
    "2021-03-14T06:39:32.6091234Z",
    "America/New_York",
  ]);
  const numbered = zoned("2021-03-14T01:39:32+01:00");
  expect([timeOf(numbered), numbered.zoneAssumed]).toEqual(["2021-03-14T00:39:32Z", null]);
  const bare = one({ ...FLAT, TimeCreated: "2021-03-14 01:39:32" });
  expect([timeOf(bare), bare.zoneAssumed]).toEqual(["2021-03-14T01:39:32Z", "UTC"]);
  const skewed = one({ ...FLAT, TimeCreated: "2021-03-14T01:39:32Z" }, { skewMillis: 2_000 });
  expect(timeOf(skewed)).toBe("2021-03-14T01:39:30Z");
});

test("time: events that contradict their own time are told of, and not corrected", () => {
  const line = (utc: string) =>
    `${JSON.stringify({ ...FLAT, TimeCreated: "2021-03-14T01:39:32.609Z", UtcTime: utc })}\n`;
  const said = (text: string, changes: Partial<Setting> = {}) =>
    windowsJsonReader.assumptions(utf8(text), { ...SETTING, ...changes });
  const apart = said(line("2021-03-14 06:39:30.227"));
  expect(apart).toMatchObject([{ what: "zone", value: "UTC" }]);
  expect(apart[0]?.why).toContain("+5:00");
  expect(said(line("2021-03-14 01:38:59.000"))).toEqual([]);
  expect(said(line("2021-03-14 06:39:30.227") + line("2021-03-14 03:39:30.227"))).toEqual([]);
  expect(said(line("2021-03-14 06:39:30.227"), { zone: "America/New_York" })).toMatchObject([
    { what: "zone", value: "America/New_York" },
  ]);
});

test("a broken line is a flaw where it starts, and the rest is read", () => {
  const good = JSON.stringify(FLAT);
  const deep = `{"EventID":1,"Channel":"C","a":${"[".repeat(DEPTH_MAX)}${"]".repeat(DEPTH_MAX)}}`;
  const lines = [
    good,
    good.slice(0, -5),
    "[1]",
    '"x"',
    "{}",
    deep,
    `${good}${good}`,
    "\0\0\0",
    good,
  ];
  const { events, whats } = read(lines.join("\n"));
  expect(events.map(({ record }) => record)).toEqual(["1", "9"]);
  const starts = lines.map((_, at) => lines.slice(0, at).join("\n").length + (at > 0 ? 1 : 0));
  expect(whats).toEqual([
    `${starts[1]} JSON: no closing brace`,
    `${starts[2]} event: another shape`,
    `${starts[3]} event: another shape`,
    `${starts[4]} event: another shape`,
    `${starts[5]} nesting: more`,
    `${starts[6]} JSON: no JSON`,
    `${starts[7]} JSON: no closing brace`,
  ]);
});

test("a line beyond the limit is skipped, one at the limit is read", () => {
  const lineOf = (bytes: number) => {
    const bare = JSON.stringify({ ...FLAT, Message: "" });
    return JSON.stringify({ ...FLAT, Message: "x".repeat(bytes - bare.length) });
  };
  const good = JSON.stringify(FLAT);
  expect(read(`${lineOf(LINE_BYTES_MAX)}\n${good}\n`).events.length).toBe(2);
  for (const bytes of [LINE_BYTES_MAX + 1, 5 * LINE_BYTES_MAX]) {
    const { events, whats } = read(`${good}\n${lineOf(bytes)}\n${good}\n`);
    expect(events.map(({ record }) => record)).toEqual(["1", "3"]);
    expect(whats).toEqual([`${good.length + 1} line longer than the limit: ${bytes + 1} bytes`]);
  }
});

test("a megabyte of brackets is a flaw, not a full stack", () => {
  const bomb = "[".repeat(LINE_BYTES_MAX / 2);
  const closed = `{"EventID":1,"Channel":"C","a":${"[".repeat(300_000)}${"]".repeat(300_000)}}`;
  expect(read(`${bomb}\n${closed}\n`).whats.map((what) => what.replace(/^\d+ /, ""))).toEqual([
    "JSON: no closing brace",
    "nesting: more",
  ]);
});

test("long numbers keep their digits, nested objects become text, hostile names are only names", () => {
  const text =
    '{"EventID":1,"Channel":"C","big":18446744073709551615,"f":0.25,"__proto__":{"x":1},"constructor":"y"}';
  const [event] = read(text).events;
  expect(event?.fields["big"]).toBe("18446744073709551615");
  expect(event?.fields["f"]).toBe(0.25);
  expect(Object.keys(event?.fields ?? {})).toContain("__proto__");
  expect(event?.fields["constructor"]).toBe("y");
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

test("bytes that are no UTF-8 are windows-1252", () => {
  const head = '{"EventID":1,"Channel":"C","a":"';
  const bytes = concatBytes([utf8(head), Uint8Array.of(0x92), utf8('"}')]);
  expect(read(bytes).events[0]?.fields["a"]).toBe("\u2019");
});

test("in ranges: the hour that autumn repeats is told by the lines before", () => {
  const walls = ["00:59", "01:40", "01:10", "01:20", "02:00"].map((of) => `2021-11-07T${of}:00Z`);
  const text = walls.map((TimeCreated) => `${JSON.stringify({ ...FLAT, TimeCreated })}\n`).join("");
  const source = memorySource(utf8(text));
  const setting = { ...SETTING, zone: "America/New_York" };
  const ticks = [...windowsJsonReader.ranges(source, 1, null)].flatMap((range) =>
    [...windowsJsonReader.read(source, setting, range)].flatMap((piece) =>
      piece.kind === "flaw" ? [] : [...piece.ticks],
    ),
  );
  expect(ticks).toEqual(read(text, setting).events.map(({ ticks: whole }) => whole));
  // 01:10 comes after 01:40: the clock has been set back between them.
  expect((ticks[2] ?? 0n) - (ticks[1] ?? 0n)).toBe(30n * 60n * 10_000_000n);
});
