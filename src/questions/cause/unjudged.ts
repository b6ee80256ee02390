/**
 * Grave detections that no ladder takes up, because their rules do not say how far an intruder got.
 * Refuses to call them an intrusion, and refuses to leave them out of the answer.
 */
import { UNDATED, isPlausible } from "../../base/time.ts";
import { type Detection, LEVELS } from "../../model/detection.ts";
import type { Unjudged } from "../../model/cause.ts";
import { exampleReferences } from "./ladder.ts";
import { type Trace, byTime } from "./traces.ts";

const GRAVE = LEVELS.indexOf("high");

/**
 * By host, in the order of the first one. Detections without a usable time are among them whatever their rung: they
 * show that something happened, and not when.
 */
export function unjudgedOf(
  traces: readonly Trace[],
  timeless: readonly Detection[],
  nameOf: (host: string) => string,
): Unjudged[] {
  // A record may be told by several rules; it is on the ladder where one of them says how far it shows somebody got.
  const onLadder = new Set(
    traces.filter(({ rung }) => rung !== null).map(({ detection }) => detection.at.key),
  );
  const isGrave = ({ level }: Detection) => LEVELS.indexOf(level) >= GRAVE;
  const grave = [
    ...traces
      .filter(({ test, detection }) => test === null && isGrave(detection))
      .filter(({ detection }) => !onLadder.has(detection.at.key))
      .map(({ host, detection }) => ({ host, detection })),
    ...timeless
      .filter(isGrave)
      .toSorted(byTime)
      .map((detection) => ({ host: nameOf(detection.host), detection })),
  ];
  return [...Map.groupBy(grave, ({ host }) => host)].flatMap(([host, own]) => {
    const detections = own
      .map(({ detection }) => detection)
      .toSorted((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level));
    const dated = own.filter(({ detection }) => isPlausible(detection.ticks));
    const [first, last] = [dated[0]?.detection, dated.at(-1)?.detection];
    return [
      {
        host,
        detections: own.length,
        titles: [...new Set(detections.map(({ title }) => title))],
        first: first?.ticks ?? UNDATED,
        digits: first?.digits ?? 0,
        last: last?.ticks ?? UNDATED,
        at: exampleReferences(detections),
      },
    ];
  });
}
