/**
 * Grave detections that no ladder takes up, because their rules do not say how far an intruder got.
 * Refuses to call them an intrusion, and refuses to leave them out of the answer.
 */
import { LEVELS } from "../../model/detection.ts";
import type { Unjudged } from "../../model/cause.ts";
import { exampleReferences } from "./ladder.ts";
import type { Trace } from "./traces.ts";

const GRAVE = LEVELS.indexOf("high");

/** By host, in the order of the first one; traces in order of time. */
export function unjudgedOf(traces: readonly Trace[]): Unjudged[] {
  const grave = traces.filter(
    ({ rung, test, detection }) =>
      rung === null && test === null && LEVELS.indexOf(detection.level) >= GRAVE,
  );
  return [...Map.groupBy(grave, ({ host }) => host)].flatMap(([host, own]) => {
    const detections = own
      .map(({ detection }) => detection)
      .toSorted((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level));
    const [first, last] = [own[0]?.detection, own.at(-1)?.detection];
    if (first === undefined || last === undefined) return [];
    return [
      {
        host,
        detections: own.length,
        titles: [...new Set(detections.map(({ title }) => title))],
        first: first.ticks,
        digits: first.digits,
        last: last.ticks,
        at: exampleReferences(detections),
      },
    ];
  });
}
