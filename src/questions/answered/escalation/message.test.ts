import { expect, test } from "vitest";
import type { StandingFinding } from "../../../model/finding.ts";
import { at, finding } from "./made.test-data.ts";
import { composeMessage } from "./message.ts";

const CASE = { name: "Island Clinic", synthetic: false };
const NOW = at("2021-12-04T15:30:00Z");

function compose(...findings: readonly StandingFinding[]) {
  return composeMessage({ about: findings.map((each) => ({ finding: each, step: 0 })) }, CASE, NOW);
}

test("a message says what it is, how long it is open, by when, and how to answer", () => {
  const message = compose(finding("0123456789abcdef0123456789abcdef"));
  expect(message.subject).toBe(
    "Breakwater: critical, Web shell in a folder of Exchange on MX1, open for 3 days 3 hours (Island Clinic)",
  );
  expect(message.text).toBe(`Island Clinic: 1 finding that nobody has answered.

1. critical: Web shell in a folder of Exchange on MX1
   seen 2021-08-13T04:12:07Z to 2021-11-20T04:12:07Z; files: 54
   open for 3 days 3 hours, since 2021-12-01T12:00:00Z; was to be answered by 2021-12-02T12:00:00Z, 2 days 3 hours ago
   breakwater findings show 0123456789abcdef0123456789abcdef --vault DIR
   breakwater findings answer 0123456789abcdef0123456789abcdef --vault DIR --by NAME --determination WORD --reason TEXT

WORD is one of: malicious, benign, false-alarm, test, fixed, accepted, unknown. DIR is the folder of the vault.
These messages stop when a named person answers. What was removed is a beginning, not an end.
`);
});

test("what somebody took, or what is open again, is open since a run told of it", () => {
  const since = "open for 3 days 3 hours, since 2021-12-01T12:00:00Z";
  expect(compose(finding("a", { state: "taken" })).text).toContain(
    `${since}; somebody took it, and has not answered it; was to be`,
  );
  expect(compose(finding("a", { state: "reopened" })).text).toContain(
    `${since}; it was answered once, and is open again; was to be`,
  );
});

test("a hostile title is one visible line: no header, no terminal command, no turned text", () => {
  const title = `shell\r\nBcc: thief@evil.example\r\n\r\n\u001b[2J\u202egnp.exe\u2028${"x".repeat(5000)}`;
  const { subject, text, line, findings } = compose(finding("a", { title, host: "MX1\nX: y" }));
  for (const each of [subject, line]) {
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(each).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(each.length).toBeLessThan(450);
  }
  expect(text).not.toMatch(/^Bcc:/m);
  expect(text.split("\n").every((each) => each.length < 400)).toBe(true);
  expect(text).toContain("\\u{d}\\u{a}Bcc: thief@evil.example");
  expect(findings[0]?.title).not.toMatch(/[\r\n]/);
});

test("of a flood fifty are told and the rest is counted; a finding that two steps call for is told once", () => {
  const many = Array.from({ length: 70 }, (_, at) =>
    finding(String(at), { level: at < 60 ? "high" : "medium" }),
  );
  const message = compose(...many, ...many.slice(0, 3));
  expect(message.findings).toHaveLength(50);
  expect(message.more).toBe(20);
  expect(message.text).toContain("And 10 more of level high and 10 more of level medium:");
  expect(message.subject).toContain(", and 69 more (");
});

test("an invented case says so, and a finding without times has none", () => {
  const about = [
    {
      finding: finding("a", { firstSeen: -(2n ** 63n), lastSeen: -(2n ** 63n), due: null }),
      step: 0,
    },
  ];
  const { text, findings } = composeMessage({ about }, { ...CASE, synthetic: true }, NOW);
  expect(text).toContain("Everything in this case is invented.");
  expect(text).not.toContain("seen");
  expect(findings[0]).toMatchObject({ first_seen: null, due: null });
});
