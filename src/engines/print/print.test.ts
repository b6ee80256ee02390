import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { UNDATED } from "../../base/time.ts";
import type { Detection, DetectionId } from "../../model/detection.ts";
import { eventKey, type Event } from "../../model/event.ts";
import type { EvidenceHash, Place } from "../../model/evidence.ts";
import { printDetection, printEvent, printFlaw, printTimesketch } from "./index.ts";

const place: Place = {
  evidence: "a1".repeat(32) as EvidenceHash,
  member: "logs/Security.evtx",
  file: "case/logs.zip!/logs/Security.evtx",
};

const logon: Event = {
  key: eventKey(place, 69_632),
  ticks: 16_293_852_307_654_321n,
  digits: 7,
  zoneAssumed: null,
  format: "evtx",
  place,
  record: "4711",
  offset: 69_632,
  host: "EXCH01.clinic.example",
  channel: "Security",
  eventId: 4624,
  provider: "Microsoft-Windows-Security-Auditing",
  fields: {
    TargetUserName: "a.müller",
    LogonType: 3,
    KeyLength: "18446744073709551615",
    Empty: "",
  },
};

const request: Event = {
  ...logon,
  ticks: 16_293_852_300_000_000n,
  digits: 0,
  zoneAssumed: "UTC",
  format: "iis",
  record: "12",
  host: "",
  channel: "W3SVC1",
  eventId: -1,
  provider: "",
  fields: { "cs-method": "POST", "sc-status": 200, "cs(Referer)": null },
};

test("an event prints in the order of the contract", () => {
  expect(printEvent(logon)).toBe(
    `{"time":"2021-08-19T15:00:30.7654321Z","source":"evtx","evidence":"${place.evidence}"` +
      `,"file":"case/logs.zip!/logs/Security.evtx","record":4711,"offset":69632` +
      `,"host":"EXCH01.clinic.example","channel":"Security","event_id":4624` +
      `,"provider":"Microsoft-Windows-Security-Auditing"` +
      `,"fields":{"TargetUserName":"a.müller","LogonType":3,"KeyLength":"18446744073709551615","Empty":""}}`,
  );
});

test("what the source does not give is null, and an assumed zone is said", () => {
  expect(printEvent(request)).toBe(
    `{"time":"2021-08-19T15:00:30Z","source":"iis","evidence":"${place.evidence}"` +
      `,"file":"case/logs.zip!/logs/Security.evtx","record":12,"offset":69632` +
      `,"host":null,"channel":"W3SVC1","event_id":null,"zone_assumed":"UTC"` +
      `,"fields":{"cs-method":"POST","sc-status":200,"cs(Referer)":null}}`,
  );
  expect(JSON.parse(printEvent({ ...request, ticks: UNDATED })).time).toBeNull();
  const entities = [
    { kind: "address", value: "198.51.100.7" },
    { kind: "address", value: "10.0.0.1" },
    { kind: "user", value: 'a"b' },
  ] as const;
  expect(JSON.parse(printEvent(request, entities)).entities).toEqual({
    address: ["198.51.100.7", "10.0.0.1"],
    user: ['a"b'],
  });
});

test("a record is a number only where JSON carries it exactly", () => {
  const recordOf = (record: string) => JSON.parse(printEvent({ ...logon, record })).record;
  expect(recordOf("9007199254740991")).toBe(9_007_199_254_740_991);
  expect(recordOf("9007199254740992")).toBe("9007199254740992");
  expect(recordOf("18446744073709551615")).toBe("18446744073709551615");
  expect(recordOf("007")).toBe("007");
  expect(recordOf("carved 3")).toBe("carved 3");
});

test("numbers that JSON lacks are texts of their name", () => {
  const fields = { a: Number.NaN, b: [Number.POSITIVE_INFINITY, -1.5, true, null] };
  expect(JSON.parse(printEvent({ ...logon, fields })).fields).toEqual({
    a: "NaN",
    b: ["Infinity", -1.5, true, null],
  });
});

test("a line is one line, acts on no terminal, and reads back as the value found", () => {
  const hostile = "\u001b]0;x\u0007\r\n\u009b2J\u202e\u2028\u200b\ufeff\u061c\u{e0041}\ud800";
  const line = printEvent({ ...logon, fields: { [hostile]: hostile } });
  expect(line).toMatch(/^[\u0020-\u007eü]*$/u);
  expect(JSON.parse(line).fields).toEqual({ [hostile]: hostile });
});

test("property: fields read back as they were", () => {
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string()),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "binary" }), value), (fields) => {
      const line = printEvent({ ...logon, fields });
      expect(line).not.toMatch(/\p{Cc}|\p{Cf}|[\u2028\u2029]/u);
      expect(Object.entries(JSON.parse(line).fields)).toEqual(Object.entries(fields));
    }),
  );
});

test("a flaw prints under one key, with what was found made visible", () => {
  const flaw = {
    kind: "flaw",
    place,
    offset: 4096,
    what: "chunk checksum",
    need: "1a2b3c4d",
    have: "\u001b[31mred",
  } as const;
  expect(printFlaw(flaw)).toBe(
    `{"flaw":{"evidence":"${place.evidence}","file":"case/logs.zip!/logs/Security.evtx"` +
      `,"offset":4096,"what":"chunk checksum","need":"1a2b3c4d","have":"\\u001b[31mred"}}`,
  );
});

test("a detection prints in the order of the contract", () => {
  const detection: Detection = {
    id: "0".repeat(32) as DetectionId,
    rule: "5f2a6b6e-0001-4000-8000-000000000001",
    title: "Logon with a planted account",
    level: "high",
    tags: ["attack.t1078"],
    ticks: logon.ticks,
    digits: 7,
    host: logon.host,
    channel: logon.channel,
    at: {
      key: logon.key,
      evidence: place.evidence,
      file: place.file,
      record: "4711",
      offset: 69_632,
    },
    fields: { TargetUserName: "a.müller" },
  };
  expect(printDetection(detection)).toBe(
    `{"rule":"5f2a6b6e-0001-4000-8000-000000000001","title":"Logon with a planted account"` +
      `,"level":"high","time":"2021-08-19T15:00:30.7654321Z","evidence":"${place.evidence}"` +
      `,"file":"case/logs.zip!/logs/Security.evtx","record":4711,"offset":69632` +
      `,"host":"EXCH01.clinic.example","fields":{"TargetUserName":"a.müller"}}`,
  );
  const correlated = {
    until: logon.ticks + 10_000_000n,
    group: { User: "a.müller" },
    events: [detection.at],
    eventsTotal: 2,
    isTotalExact: true,
  };
  expect(printDetection({ ...detection, correlated })).toContain(
    `"fields":{"TargetUserName":"a.müller"},"until":"2021-08-19T15:00:31.7654321Z","group":{"User":"a.müller"}` +
      `,"events":[{"evidence":"${place.evidence}"` +
      `,"file":"case/logs.zip!/logs/Security.evtx","record":4711,"offset":69632}],"events_total":2}`,
  );
  const more = { ...correlated, eventsTotal: 1, isTotalExact: false };
  expect(printDetection({ ...detection, correlated: more })).toMatch(
    /\],"events_total":1,"events_more":true\}$/,
  );
});

test("a line for Timesketch has a message, a time with its meaning, and flat texts", () => {
  expect(printTimesketch(request)).toBe(
    `{"message":"W3SVC1 cs-method=POST sc-status=200 cs(Referer)="` +
      `,"datetime":"2021-08-19T15:00:30+00:00","timestamp_desc":"Event logged","source":"iis"` +
      `,"evidence":"${place.evidence}","file":"case/logs.zip!/logs/Security.evtx","record":"12"` +
      `,"offset":69632,"host":null,"channel":"W3SVC1","event_id":null,"provider":null` +
      `,"zone_assumed":"UTC","cs-method":"POST","sc-status":"200","cs(Referer)":""}`,
  );
  const undated = JSON.parse(printTimesketch({ ...logon, ticks: UNDATED }));
  expect(undated.timestamp_desc).toBe("Not a time");
  expect(undated.datetime).toBe("1970-01-01T00:00:00+00:00");
});

test("no field takes the place of Timesketch's own names, or of another field", () => {
  const fields = { message: "m", __ts_timeline_id: "1", "a.b": "dot", a_b: "line", field_a_b: "x" };
  const line = JSON.parse(printTimesketch({ ...logon, fields }));
  expect(line).toMatchObject({
    field_message: "m",
    field___ts_timeline_id: "1",
    a_b: "dot",
    field_a_b: "line",
    field_field_a_b: "x",
  });
  expect(line.message).toMatch(/^Security 4624 /);
});

test("a message for Timesketch stays short", () => {
  const line = printTimesketch({ ...logon, fields: { Script: "\u0001".repeat(100_000) } });
  expect(JSON.parse(line).message.length).toBeLessThanOrEqual(1000);
});

/** The lines of the documentation, which is the contract: an event of the program for each. */
const DOCUMENTED = [
  ...readFileSync("docs/formats/event.md", "utf8").matchAll(/^```json\n(.*?)\n```$/gms),
].flatMap(([, lines = ""]) => lines.split("\n"));

test("the documentation shows what is printed, to the byte", () => {
  const evidence =
    "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef" as EvidenceHash;
  const at = (file: string) => ({ evidence, member: "", file });
  const ticks = 16_288_279_531_234_567n;
  const events: readonly Event[] = [
    {
      ...logon,
      ticks,
      place: at("case/logs.zip!/Security.evtx"),
      fields: {
        TargetUserName: "a.müller",
        LogonType: 3,
        LogonGuid: `${2n ** 64n - 1n}`,
        Empty: "",
      },
    },
    {
      ...request,
      ticks,
      zoneAssumed: "Europe/Guernsey",
      place: at("u_ex210813.log"),
      offset: 2048,
      fields: { "cs-method": "POST", "sc-status": 200 },
    },
    {
      ...logon,
      ticks: UNDATED,
      format: "windows-json",
      place: at("export.jsonl"),
      record: `${2n ** 64n - 1n}`,
      offset: 0,
      host: "SRV1",
      channel: "System",
      eventId: 104,
      provider: "",
      fields: { Note: "\u001b[31mred\u202e" },
    },
  ];
  const flaw = printFlaw({
    kind: "flaw",
    place: at("Security.evtx"),
    offset: 135_168,
    what: "chunk checksum",
    need: "1a2b3c4d",
    have: "00000000",
  });
  expect(DOCUMENTED).toEqual([...events.map((event) => printEvent(event)), flaw]);
});
