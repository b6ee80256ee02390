import { expect, test } from "vitest";
import type { Detection, DetectionId } from "../../model/detection.ts";
import type { EventKey } from "../../model/event.ts";
import type { EvidenceHash } from "../../model/evidence.ts";
import { KeptDetections } from "./kept-detections.ts";

function detection(rule: string, offset: number): Detection {
  return {
    id: `${rule}${offset}` as DetectionId,
    rule,
    title: `title of ${rule}`,
    level: "high",
    tags: ["attack.initial-access"],
    ticks: BigInt(offset),
    digits: 0,
    host: "MX1",
    channel: "W3SVC1",
    at: {
      key: `e/${offset}` as EventKey,
      evidence: "e" as EvidenceHash,
      file: "u_ex.log",
      record: String(offset),
      offset,
    },
    fields: { "c-ip": "203.0.113.9", "cs-uri-query": "x".repeat(65), list: ["a"] },
  };
}

test("of one rule no more than the limit is kept; what is beyond is counted and said where it begins", () => {
  const kept = new KeptDetections(3);
  for (let offset = 0; offset < 10; offset++) {
    if (kept.isFull("flood")) kept.count("flood");
    else kept.add(detection("flood", offset));
  }
  kept.add(detection("rare", 100));
  expect(kept.kept.map(({ id }) => id)).toEqual(["flood0", "flood1", "flood2", "rare100"]);
  expect(kept.total).toBe(11);
  expect(kept.flaws()).toMatchObject([
    {
      offset: 3,
      what: "matches of one rule",
      need: "at most 3 to be kept",
      have: "7 more of title of flood",
    },
  ]);
});

test("what identifies and joins detections is untouched; long values are left to the record", () => {
  const kept = new KeptDetections(3);
  const given = detection("rule", 1);
  kept.add(given);
  const fields = { "c-ip": "203.0.113.9" };
  expect(kept.kept).toEqual([{ ...given, fields }]);
  expect(kept.flaws()).toEqual([]);
});

test("a record that two exports of one log hold counts once, and that is said", () => {
  const kept = new KeptDetections(3);
  const named = (offset: number, recordId: string) => ({ ...detection("r", offset), recordId });
  for (const [offset, id] of [
    [1, "a"],
    [2, "b"],
    [3, "a"],
    [4, "a"],
  ] as const)
    kept.add(named(offset, id));
  kept.add({ ...named(5, "a"), rule: "other" });
  expect(kept.kept.map(({ id }) => id)).toEqual(["r1", "r2", "r5"]);
  expect(kept.total).toBe(3);
  expect(kept.flaws()).toMatchObject([
    { offset: 3, what: "matches told twice", have: expect.stringContaining("2 in records") },
  ]);
});

test("a verdict keeps its paths, however long; a match keeps what is short", () => {
  const kept = new KeptDetections(3);
  const path = ["C:\\".padEnd(200, "a")];
  kept.add({ ...detection("verdict/defender", 1), fields: { path } });
  kept.add({ ...detection("page", 1), fields: { path, short: "a" } });
  expect(kept.kept.map(({ fields }) => fields)).toEqual([{ path }, { short: "a" }]);
});
