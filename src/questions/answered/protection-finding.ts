/**
 * Findings about sensors: one of what befell a thing on a host, whose detections are what befell it, one each, so that an answer
 * covers what was there and what comes later opens it again. Refuses to let the order of evidence into an id.
 */
import { createHash } from "node:crypto";
import { type Level, type DetectionId, LEVELS } from "../../model/detection.ts";
import type { Finding } from "../../model/finding.ts";

const EXAMPLES_MAX = 6;

/** What a finding says, and what it is about. */
export interface Told extends Omit<Finding, "question" | "id" | "detections"> {
  /** What tells it from others of its rule on the host. */
  readonly thing: string;
  /** What befell it, by words that no other occurrence on the host has. */
  readonly marks: readonly string[];
}

/** The finding, with ids that depend on rule, host, thing and marks alone. */
export function sensorFinding({ thing, marks, ...told }: Told): Finding {
  return {
    ...told,
    question: "answered",
    id: hashOf([told.rule, told.host, thing]),
    detections: [...new Set(marks)].map(
      (mark) => hashOf([told.rule, told.host, thing, mark]) as DetectionId,
    ),
    examples: [...new Map(told.examples.map((at) => [at.key, at])).values()].slice(0, EXAMPLES_MAX),
  };
}

function hashOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** The graver of two levels. */
export function graver(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}

/** Orders times, UNDATED before all others. */
export function byTicks(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
