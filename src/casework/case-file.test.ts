import { expect, test } from "vitest";
import { Fault } from "../base/fault.ts";
import type { EvidenceHash } from "../model/evidence.ts";
import { parseCaseFile, settingFor } from "./case-file.ts";

const HASH = "0".repeat(64) as EvidenceHash;
const settingOf = (yaml: string, file: string) =>
  settingFor(parseCaseFile(yaml), { evidence: HASH, member: "", file });

const SOURCES = `
name: a clinic
sources:
  - files: local-time/**
    zone: Europe/Guernsey
  - files: MX1/**
    host: MX1
  - files: W3SVC1/u_ex*.log
    skew_ms: 420000
`;

test("per value, the first source whose pattern fits the end of the path", () => {
  const setting = settingOf(SOURCES, "/evidence/MX1/local-time/W3SVC1/u_ex210813.log");
  expect(setting).toMatchObject({ host: "MX1", zone: "Europe/Guernsey", skewMillis: 420_000 });
});

test("patterns begin at a part, cross parts with **, and ignore case and the kind of slash", () => {
  expect(settingOf(SOURCES, "C:\\logs\\mx1\\w3svc1\\U_EX210813.LOG").skewMillis).toBe(420_000);
  expect(settingOf(SOURCES, "XMX1/a.log").host).toBeNull();
  expect(settingOf(SOURCES, "W3SVC1/deeper/u_ex210813.log").skewMillis).toBe(0);
  expect(settingOf(SOURCES, "W3SVC1/u_ex210813.log.bak").skewMillis).toBe(0);
});

test("a pattern full of stars is decided in a moment", () => {
  const yaml = `name: x\nsources:\n  - files: "${"*a".repeat(40)}/${"**/".repeat(40)}b"\n    host: h\n`;
  const before = performance.now();
  expect(settingOf(yaml, `${"a".repeat(4000)}/${"c/".repeat(2000)}d`).host).toBeNull();
  expect(performance.now() - before).toBeLessThan(1000);
});

test.each([
  ["name: [", /the case file cannot be used/],
  ["hosts: []", /name/],
  ["name: x\nhots: []", /hots/],
  ["name: x\nsources:\n  - files: a\n    zone: Mars/Olympus", /sources\.0\.zone/],
  ["name: x\nsources:\n  - files: a\n    skew_ms: 1.5", /skew_ms/],
  ["name: x\ntests:\n  - who: us\n    from: yesterday", /tests\.0\.from/],
  ["- a", /cannot be used/],
])("a mistake is named, never passed over: %j", (yaml, message) => {
  expect(() => parseCaseFile(yaml)).toThrow(Fault);
  expect(() => parseCaseFile(yaml)).toThrow(message);
});

test("times of tests are read with their zone", () => {
  const { tests } = parseCaseFile(
    "name: x\ntests:\n  - who: us\n    addresses: [192.0.2.1]\n    from: 2021-09-14T09:00:00+01:00\n",
  );
  expect(tests[0]?.from).toBe(BigInt(Date.UTC(2021, 8, 14, 8)) * 10_000n);
  expect(tests[0]?.to).toBeNull();
});
