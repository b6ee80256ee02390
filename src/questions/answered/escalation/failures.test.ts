import { expect, test } from "vitest";
import { known } from "../../../base/assert.ts";
import type { Recipient } from "../../../model/escalation.ts";
import { deliveryFindings } from "./failures.ts";
import { BOARD, at, delivery } from "./made.test-data.ts";

const FAILED = { outcome: "failed", error: "the connection was refused" } as const;

test("where all messages got through there is nothing to answer", () => {
  expect(deliveryFindings([])).toEqual([]);
  expect(deliveryFindings([delivery("2021-12-01T13:00:00Z")])).toEqual([]);
});

test("one finding for each recipient that failed: since when, how often, why, and what came after", () => {
  const findings = deliveryFindings([
    delivery("2021-12-01T13:00:00Z"),
    delivery("2021-12-02T13:00:00Z", FAILED),
    // The same message was about another finding as well.
    delivery("2021-12-02T13:00:00Z", { ...FAILED, finding: "b" }),
    delivery("2021-12-02T13:01:00Z", { ...FAILED, error: "no answer within 15 seconds" }),
    delivery("2021-12-02T13:01:00Z", { ...FAILED, to: BOARD }),
    delivery("2021-12-03T00:00:00Z", { to: BOARD }),
  ]);
  expect(findings).toHaveLength(2);
  expect(findings[0]).toMatchObject({
    kind: "delivery",
    question: "answered",
    level: "high",
    title: "Messages fail: mail to ann@clinic.example",
    counts: { messages: 2 },
    firstSeen: at("2021-12-02T13:00:00Z"),
    lastSeen: at("2021-12-02T13:01:00Z"),
    why: "2 messages did not get through (mail to ann@clinic.example), the first on 2021-12-02T13:00:00Z, the last on 2021-12-02T13:01:00Z: no answer within 15 seconds; none has got through since 2021-12-01T13:00:00Z",
  });
  expect(findings[0]?.detections).toHaveLength(2);
  expect(findings[1]?.why).toMatch(/refused; a later one got through on 2021-12-03T00:00:00Z$/);
});

test("what came after a failure is known by its place, whatever the clock said", () => {
  const [finding] = deliveryFindings([
    delivery("2021-12-02T13:00:00Z", FAILED),
    delivery("2021-12-01T13:00:00Z"),
  ]);
  expect(finding?.why).toMatch(/a later one got through on 2021-12-01T13:00:00Z$/);
});

test("an answer covers what failed until then; the next failure is not in it, and the finding is the same", () => {
  const once = [delivery("2021-12-02T13:00:00Z", FAILED)];
  const [before] = deliveryFindings(once);
  const [after] = deliveryFindings([...once, delivery("2021-12-09T13:00:00Z", FAILED)]);
  expect(before?.why).toMatch(/none has ever got through$/);
  expect(after?.id).toBe(before?.id);
  expect(after?.detections.slice(0, 1)).toEqual(before?.detections);
  expect(after?.detections).toHaveLength(2);
});

test("the path of a webhook, which is a password with many services, is in no finding", () => {
  const to: Recipient = {
    kind: "webhook",
    url: "https://hooks.example/services/T0/s3cret?k=t0ken",
  };
  const finding = known(
    deliveryFindings([delivery("2021-12-02T13:00:00Z", { ...FAILED, to })])[0],
    "one",
  );
  expect(finding.title).toBe("Messages fail: webhook https://hooks.example/…");
  const { title, why, id, rule, detections } = finding;
  expect([title, why, id, rule, ...detections].join(" ")).not.toMatch(/s3cret|t0ken/);
});
