/** Standing findings, steps and deliveries for the tests of escalation. */
import { known } from "../../../base/assert.ts";
import { TICKS_PER_SECOND, type Ticks, parseTime } from "../../../base/time.ts";
import type { EscalationStep, Recipient } from "../../../model/escalation.ts";
import type { StandingFinding } from "../../../model/finding.ts";
import type { PlacedDelivery } from "./due.ts";

/** The time that a text names. */
export function at(text: string): Ticks {
  return known(parseTime(text), `${text} is a time`).ticks;
}

/** One who reads mail. */
export const ANN: Recipient = { kind: "mail", to: "ann@clinic.example" };
/** One who is told later. */
export const BOARD: Recipient = { kind: "mail", to: "board@clinic.example" };

/** Findings of high and graver: Ann at once and every day, the board after three days, once. */
export const STEPS: readonly EscalationStep[] = [
  { level: "high", afterHours: 1, everyHours: 24, to: [ANN] },
  { level: "critical", afterHours: 72, everyHours: null, to: [BOARD] },
];

/** A finding that a run told of on the first of December at noon. */
export function finding(id: string, more: Partial<StandingFinding> = {}): StandingFinding {
  return {
    kind: "rule",
    question: "answered",
    id,
    title: "Web shell in a folder of Exchange",
    level: "critical",
    counts: { files: 54 },
    host: "MX1",
    rule: "shell",
    firstSeen: at("2021-08-13T04:12:07Z"),
    lastSeen: at("2021-11-20T04:12:07Z"),
    detections: [],
    examples: [],
    why: "",
    state: "open",
    owner: null,
    opened: at("2021-12-01T12:00:00Z"),
    due: at("2021-12-02T12:00:00Z"),
    answer: null,
    stateWhy: "",
    ...more,
  };
}

/** A message as the journal has it; without an entry of its own it shares that of all that have its time. */
export function delivery(time: string, more: Partial<PlacedDelivery> = {}): PlacedDelivery {
  const ticks = at(time);
  const entry = Number(ticks / TICKS_PER_SECOND);
  return { finding: "a", step: 0, to: ANN, at: ticks, entry, outcome: "sent", error: "", ...more };
}
