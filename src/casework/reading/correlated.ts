/**
 * Correlations of a run: computed once all base detections are there, so that a replay gives the same however it was read. Refuses to
 * leave out in silence what correlations did not look at: each kind is a flaw at its first record.
 */
import type { Ticks } from "../../base/time.ts";
import {
  type CorrelationFeed,
  type CorrelationLimit,
  type Plan,
  correlate,
} from "../../engines/sigma/index.ts";
import type { Detection } from "../../model/detection.ts";
import type { Flaw } from "../../model/flaw.ts";
import type { KeptDetections } from "./kept-detections.ts";

/** Events that a kept detection lists; its count is that of all. */
const KEPT_EVENTS_MAX = 100;
/** Events that all kept detections list together; beyond, each lists its first and its last. */
const KEPT_EVENTS_OF_RUN_MAX = 200_000;

/** Adds what correlations find, as of a time, to the detections of a run; gives what they did not look at, and when they find more. */
export function addCorrelated(
  plan: Plan,
  feed: CorrelationFeed,
  asOf: Ticks,
  detections: KeptDetections,
): { readonly flaws: readonly Flaw[]; readonly due: bigint | null } {
  const { matches, limits, due } = correlate(plan, feed, asOf);
  let listed = 0;
  for (const { rule, detection } of matches) {
    if (detections.isFull(rule)) {
      detections.count(rule);
      continue;
    }
    const kept = shortened(detection(), listed < KEPT_EVENTS_OF_RUN_MAX ? KEPT_EVENTS_MAX : 2);
    listed += kept.correlated?.events.length ?? 0;
    detections.add(kept);
  }
  return { flaws: limits.map(flawOf), due };
}

/** The detection with so many of its events: the first ones, and the last. */
function shortened(detection: Detection, eventsMax: number): Detection {
  const { correlated } = detection;
  if (correlated === undefined || correlated.events.length <= eventsMax) return detection;
  const events = [...correlated.events.slice(0, eventsMax - 1), ...correlated.events.slice(-1)];
  return { ...detection, correlated: { ...correlated, events } };
}

function flawOf({ what, need, have, first }: CorrelationLimit): Flaw {
  const place = { evidence: first.evidence, member: "", file: first.file };
  return { kind: "flaw", place, offset: first.offset, what, need, have };
}
