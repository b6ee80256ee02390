/** The ladder of each host: the first sight of every rung, over requests and records that each count once. */
import { byCodeUnits } from "../../base/text.ts";
import { RUNGS, type Ladder, type LadderStep, type Rung } from "../../model/cause.ts";
import type { Detection } from "../../model/detection.ts";
import type { EventReference } from "../../model/event.ts";
import { byTime, higherRung, type Trace } from "./traces.ts";

/** References that one step, entry or test shows. */
export const EXAMPLES_MAX = 5;

/** One request or record, on the highest rung that any of its detections shows. */
export interface Sight {
  readonly rung: Rung;
  /** The join that shows it, where no rule does. */
  readonly joinedBy?: string;
  /** The earliest detection that shows this rung. */
  readonly detection: Detection;
}

/** A trace that shows how far somebody got. */
type RungTrace = Trace & { readonly rung: Rung };

function showsRung(trace: Trace): trace is RungTrace {
  return trace.rung !== null && trace.test === null;
}

/** What each host has seen, in order of time; traces of stated tests and those without a rung left out. */
export function sightsByHost(traces: readonly Trace[]): ReadonlyMap<string, readonly Sight[]> {
  const byHost = Map.groupBy(traces.filter(showsRung), ({ host }) => host);
  return new Map(
    [...byHost]
      .sort(([a], [b]) => byCodeUnits(a, b))
      .map(([host, own]) => [host, sightsOf(own)] as const),
  );
}

/** The ladder of one host; rungs that nothing shows have no step. */
export function ladderOf(host: string, sights: readonly Sight[]): Ladder {
  return { host, steps: stepsOf(sights) };
}

/** One step for each rung among these sights, the lowest first. */
export function stepsOf(sights: readonly Sight[]): LadderStep[] {
  return RUNGS.flatMap((rung) => {
    const shown = sights.filter((sight) => sight.rung === rung);
    const own = shown.map(({ detection }) => detection);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return [];
    const joinedBy = shown[0]?.joinedBy;
    return [
      {
        rung,
        first: first.ticks,
        digits: first.digits,
        last: last.ticks,
        count: own.length,
        ...(joinedBy === undefined ? {} : { joinedBy }),
        at: exampleReferences(own),
      },
    ];
  });
}

/** The first few records behind detections in order of time, each once. */
export function exampleReferences(detections: Iterable<Detection>): EventReference[] {
  const examples = new Map<string, EventReference>();
  for (const { at } of detections) {
    if (examples.size >= EXAMPLES_MAX) break;
    if (!examples.has(at.key)) examples.set(at.key, at);
  }
  return [...examples.values()];
}

/**
 * Sights of one host. Records are told apart by their key. Records with one RequestId in different logs are one
 * request; where a log has the id more than once, each of its lines is a request of its own, so that a client
 * who repeats an id cannot make its requests fewer.
 */
function sightsOf(traces: readonly RungTrace[]): Sight[] {
  const records = Map.groupBy(traces, ({ detection }) => detection.at.key);
  const lines = [...records.values()].map(recordOf);
  const requests = Map.groupBy(lines, ({ requestId, key }) => requestId ?? key);
  return [...requests.values()]
    .flatMap((lines) => {
      if (lines.length === 1) return lines;
      const logs = Map.groupBy(lines, ({ channel }) => channel);
      const length = Math.max(...[...logs.values()].map((log) => log.length));
      return Array.from({ length }, (_, nth) =>
        [...logs.values()].flatMap((log) => log.slice(nth, nth + 1)).reduce(furthest),
      );
    })
    .sort((a, b) => byTime(a.detection, b.detection));
}

interface Line extends Sight {
  readonly key: string;
  readonly channel: string;
  readonly requestId: string | null;
}

/** All traces on one record, in order of time and id, as one line. */
function recordOf(traces: readonly RungTrace[]): Line {
  return traces.map(lineOf).reduce(furthest);
}

function lineOf({ detection, rung, requestId, joinedBy }: RungTrace): Line {
  const { at, channel } = detection;
  const line = { rung, detection, requestId, key: at.key, channel };
  return joinedBy === undefined ? line : { ...line, joinedBy };
}

/** The line that shows the higher rung; the earlier one where both show the same. */
function furthest<T extends Sight>(a: T, b: T): T {
  if (a.rung === b.rung) return byTime(a.detection, b.detection) <= 0 ? a : b;
  return higherRung(a.rung, b.rung) === a.rung ? a : b;
}
