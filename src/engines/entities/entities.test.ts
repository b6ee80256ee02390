import { expect, test } from "vitest";
import type { Event, FieldValue } from "../../model/event.ts";
import type { EvidenceHash, FormatId } from "../../model/evidence.ts";
import { FIELDS } from "../../model/fields.ts";
import { eventKey } from "../../model/event.ts";
import { entitiesOf } from "./entities.ts";

function event(format: FormatId, fields: Record<string, FieldValue>, host = ""): Event {
  const place = { evidence: "0".repeat(64) as EvidenceHash, member: "", file: "f" };
  return {
    key: eventKey(place, 0),
    ticks: 0n,
    digits: 0,
    zoneAssumed: null,
    format,
    place,
    record: "1",
    offset: 0,
    host,
    channel: "",
    eventId: -1,
    provider: "",
    fields,
  };
}

const told = (...given: Parameters<typeof event>) =>
  entitiesOf(event(...given)).map(({ kind, value }) => `${kind} ${value}`);

test("one name for what sources name differently", () => {
  expect(told("iis", { "c-ip": "198.51.100.7", "cs-username": "CLINIC\\Anna" }, "MX1")).toEqual([
    "host mx1",
    "address 198.51.100.7",
    "user clinic\\anna",
  ]);
  expect(told("evtx", { IpAddress: "::ffff:198.51.100.7", TargetUserName: "Anna" })).toEqual([
    "address 198.51.100.7",
    "user anna",
  ]);
});

test("addresses without port, brackets and zone; what is no address is none", () => {
  const of = (text: string) => told("iis", { "c-ip": text });
  expect(of("198.51.100.7:443")).toEqual(["address 198.51.100.7"]);
  expect(of("[2001:DB8::1]:443")).toEqual(["address 2001:db8::1"]);
  expect(of("fe80::1%12")).toEqual(["address fe80::1"]);
  expect(told("iis", { "X-Forwarded-For": "198.51.100.7,+10.0.0.1" })).toEqual([
    "address 198.51.100.7",
    "address 10.0.0.1",
  ]);
  for (const none of ["-", "", "LOCAL", "999.1.1.1", "::", "1.2.3", "x".repeat(5_000)])
    expect(of(none)).toEqual([]);
});

test("the strongest hash; a list of files; Windows' own accounts are nobody", () => {
  const sha1 = "A".repeat(40);
  const sha256 = "B".repeat(64);
  expect(told("evtx", { Hashes: `SHA1=${sha1},SHA256=${sha256}` })).toEqual([
    `hash ${"b".repeat(64)}`,
  ]);
  expect(told("evtx", { Path: ["file:_C:\\A.aspx", "file:_C:\\b.aspx"] })).toEqual([
    "file c:\\a.aspx",
    "file c:\\b.aspx",
  ]);
  expect(told("evtx", { SubjectUserName: "SYSTEM", SubjectUserSid: "S-1-5-18" })).toEqual([]);
});

test("a mailbox is its address, whatever Exchange routes it by", () => {
  for (const anchor of [
    "Smtp~Anna@clinic.example",
    "UserPrincipalName~anna@clinic.example",
    "SMTP:anna@clinic.example",
  ])
    expect(told("exchange", { AnchorMailbox: anchor })).toEqual(["mailbox anna@clinic.example"]);
});

test("no field stands twice in the catalogue, and each says what it means", () => {
  const names = FIELDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(FIELDS.filter(({ meaning }) => !/^[A-Z].*\.$/.test(meaning))).toEqual([]);
});
