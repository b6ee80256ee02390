import { expect, test } from "vitest";
import { utf8 } from "../../../base/bytes.ts";
import { type Source, memorySource } from "../../../base/source.ts";
import { formatTicks, toTicks } from "../../../base/time.ts";
import { type Batch, type Event, eventOf } from "../../../model/event.ts";
import { NO_EVIDENCE, type Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { m365Card } from "./card.ts";
import { RECORD_UNITS_MAX } from "./json-reading.ts";
import { m365Reader } from "./read.ts";

const SETTING: Setting = {
  place: { evidence: NO_EVIDENCE, member: "", file: "export.json" },
  host: null,
  zone: null,
  skewMillis: 0,
};
const AUDIT = {
  CreationTime: "2021-08-12T09:14:04",
  Id: "a",
  Operation: "Send",
  Workload: "Exchange",
};

function read(content: string | Source, changes: Partial<Setting> = {}) {
  const source = typeof content === "string" ? memorySource(utf8(content)) : content;
  const events: Event[] = [];
  const flaws: Flaw[] = [];
  for (const piece of m365Reader.read(source, { ...SETTING, ...changes })) {
    if (piece.kind === "flaw") flaws.push(piece);
    else for (let row = 0; row < piece.length; row++) events.push(eventOf(piece, row));
  }
  return { events, whats: flaws.map(({ offset, what, have }) => `${offset} ${what}: ${have}`) };
}

/** The one batch of one record, for questions about fields that are not listed. */
function batchOf(record: object): Batch {
  const [batch] = m365Reader.read(memorySource(utf8(JSON.stringify(record))), SETTING);
  if (batch?.kind !== "batch") throw new Error("no batch");
  return batch;
}

test("a list or an object is answered with its JSON by its own name, and not listed", () => {
  const Parameters = [{ Name: "ForwardTo", Value: "eve@elsewhere.example" }];
  const batch = batchOf({ ...AUDIT, Parameters, Item: { Path: "\\Inbox" } });
  expect(batch.names(0)).toEqual([...Object.keys(AUDIT), "Parameters.ForwardTo", "Item.Path"]);
  expect(batch.field(0, "Parameters")).toBe(JSON.stringify(Parameters));
  expect(batch.field(0, "Item")).toBe('{"Path":"\\\\Inbox"}');
  expect(batch.field(0, "Nothing")).toBeUndefined();
});

test("Sigma's names for the audit log are answered", () => {
  const ask = (record: object, name: string) => batchOf({ ...AUDIT, ...record }).field(0, name);
  expect(ask({}, "eventSource")).toBe("Exchange");
  expect(ask({}, "eventName")).toBe("Send");
  expect(ask({ Operation: "AlertTriggered", Name: "Mass download" }, "eventName")).toBe(
    "Mass download",
  );
  for (const ResultStatus of ["Success", "Succeeded", "True"])
    expect(ask({ ResultStatus }, "status")).toBe("success");
  expect(ask({ ResultStatus: "Failed" }, "status")).toBe("failure");
  expect(ask({}, "status")).toBeUndefined();
});

test("items of a list gather under each name; what is nested deeper joins them in order", () => {
  const Folders = [
    { Path: "\\Inbox", FolderItems: [{ Id: "1" }, { Id: "2" }] },
    { Path: "\\Sent", FolderItems: [{ Id: "3" }] },
  ];
  const { fields } = eventOf(batchOf({ ...AUDIT, Folders }), 0);
  expect(fields).toMatchObject({
    "Folders.Path": ["\\Inbox", "\\Sent"],
    "Folders.FolderItems.Id": ["1", "2", "3"],
  });
});

test("of too many fields the record says how many it lacks", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, number) => [`n${number}`, 1]));
  const { fields } = eventOf(batchOf({ ...AUDIT, Text: JSON.stringify(many) }), 0);
  expect(Object.keys(fields).length).toBe(8_193);
  expect(fields["FieldsLeftOut"]).toBe(10_000 + 4 - 8_192);
});

test("names that mean something to JavaScript are fields", () => {
  const record = JSON.stringify(AUDIT).replace("}", ',"__proto__":{"x":1},"constructor":2}');
  expect(read(record).events[0]?.fields).toMatchObject({ "__proto__.x": 1, constructor: 2 });
});

test("integers beyond 2^53 keep their digits", () => {
  const record = JSON.stringify(AUDIT).replace("}", ',"n":9007199254740993}');
  expect(read(record).events[0]?.fields["n"]).toBe("9007199254740993");
});

test("times: ISO with and without decimals and Z, offsets, /Date()/, and none", () => {
  const timeOf = (CreationTime: unknown) => {
    const [event] = read(JSON.stringify({ ...AUDIT, CreationTime })).events;
    const ticks = toTicks(event?.ticks ?? 0n);
    return ticks === null ? null : formatTicks(ticks, event?.digits);
  };
  expect(timeOf("2021-08-12T09:14:04")).toBe("2021-08-12T09:14:04Z");
  expect(timeOf("2021-08-12T09:14:04.5Z")).toBe("2021-08-12T09:14:04.500Z");
  expect(timeOf("2021-08-12T09:14:04.1234567Z")).toBe("2021-08-12T09:14:04.1234567Z");
  expect(timeOf("2021-08-12T10:14:04+01:00")).toBe("2021-08-12T09:14:04Z");
  expect(timeOf("/Date(1628759644123)/")).toBe("2021-08-12T09:14:04.123Z");
  for (const none of ["2021-02-30T00:00:00", "2021-08-12T24:00:00", "soon", "", true, null])
    expect(timeOf(none)).toBeNull();
});

test("a zone of the case file is set aside, and that is said; a skew is taken off", () => {
  const changes = { zone: "Europe/Guernsey", skewMillis: 2_000 };
  const [event] = read(JSON.stringify(AUDIT), changes).events;
  expect([event?.ticks, event?.zoneAssumed]).toEqual([16_287_596_420_000_000n, null]);
  const said = m365Reader.assumptions(new Uint8Array(0), { ...SETTING, ...changes });
  expect(said.map(({ what, value }) => `${what} ${value}`)).toEqual(["zone UTC", "skew 2000 ms"]);
});

test("a record longer than the limit is a flaw, and the next one is read", () => {
  const long = JSON.stringify({ ...AUDIT, Id: "b", Note: "x".repeat(RECORD_UNITS_MAX) });
  const body = `${JSON.stringify(AUDIT)}\n${long}\n${JSON.stringify({ ...AUDIT, Id: "c" })}\n`;
  const { events, whats } = read(body);
  expect(events.map(({ record }) => record)).toEqual(["a", "c"]);
  expect(whats).toEqual([
    `${JSON.stringify(AUDIT).length + 1} JSON: a record of more than ${RECORD_UNITS_MAX} characters`,
  ]);
});

test("a record longer than a window and within the limit is read", () => {
  const long = JSON.stringify({ ...AUDIT, Note: "x".repeat(RECORD_UNITS_MAX - 1_000) });
  for (const body of [long, `[${long}]`, `\n\n ${long}\n`]) {
    expect(read(body).events.map(({ record }) => record)).toEqual(["a"]);
    expect(read(body).whats).toEqual([]);
  }
});

test("hostile shapes end: brackets without end, names without number, nothing but commas", () => {
  const shapes = ["[", "{", '{"value":[', ",", '"', "]", '{"@odata.context":'].map((part) =>
    part.repeat(200_000),
  );
  for (const shape of shapes) {
    const { events, whats } = read(shape);
    expect([events.length, whats.length > 0]).toEqual([0, true]);
  }
});

test("the first record is damaged: the next is found, and what is found within is told", () => {
  const damaged = JSON.stringify({ ...AUDIT, Item: { Path: "x" } }).slice(1);
  for (const body of [
    `[${damaged},${JSON.stringify(AUDIT)}]`,
    `${damaged}\n${JSON.stringify(AUDIT)}\n`,
  ]) {
    const { events, whats } = read(body);
    expect(events.map(({ record }) => record)).toEqual(["a"]);
    expect(whats.slice(0, 2).map((what) => what.replace(/^\d+ /, ""))).toEqual([
      "JSON: text between records",
      "record: another shape",
    ]);
  }
});

test("one record of a service, asked for alone", () => {
  const alert = {
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#security/alerts_v2/$entity",
    id: "x",
    createdDateTime: "2021-08-12T09:14:04Z",
    severity: "high",
    detectionSource: "antivirus",
    evidence: [{ a: 1 }],
  };
  expect(read(JSON.stringify(alert)).events).toMatchObject([{ channel: "Alerts", record: "x" }]);
});

test("the card claims no JSON of others", () => {
  const knows = (text: string) => m365Card.recognises(utf8(text));
  const others = [
    "",
    "{}",
    "[]",
    "[[[",
    '{"value":[]}',
    JSON.stringify({ Channel: "Security", EventID: 4688 }),
    JSON.stringify({ message: "a", datetime: "2021-08-12T09:14:04Z", timestamp_desc: "b" }),
    JSON.stringify([{ id: 1, createdDateTime: "2021-08-12T09:14:04Z" }]),
    "AuditData\nx\n",
    "Time,User\n1,2\n",
  ];
  expect(others.filter(knows)).toEqual([]);
  expect(knows(`[${JSON.stringify(AUDIT)}]`)).toBe(true);
  // A first record longer than the head is told by the names in it.
  expect(knows(JSON.stringify({ ...AUDIT, Note: "x".repeat(70_000) }).slice(0, 65_536))).toBe(true);
});
