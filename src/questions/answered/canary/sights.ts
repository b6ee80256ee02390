/**
 * Where canaries came back: marks that were set, held against those in detections. Refuses to let a mark hide an attack: whoever reads
 * the logs can use it again, so only its first sight in a source is the canary's own whatever else is in the record (docs/design/canary.md).
 */
import { byCodeUnits } from "../../../base/text.ts";
import { TICKS_PER_SECOND, isPlausible } from "../../../base/time.ts";
import type { Canary, CanarySight } from "../../../model/canary.ts";
import { type Detection, LEVELS } from "../../../model/detection.ts";
import { byTime } from "../findings.ts";
import { isCanary, marksOf } from "./marks.ts";

/** A canary as it was set, whatever became of it. */
export type SetCanary = Omit<Canary, "seen">;

/** A mark in the form of a canary's that nobody set. */
export interface NobodysMark {
  readonly mark: string;
  readonly sight: CanarySight;
}

/** What is graver than this is no harmless request. */
const HARMLESS = LEVELS.indexOf("low");
/**
 * One request leaves its mark in several logs at once, by clocks that may be so far apart (RFC 4120, 8.2, for the members of a domain).
 * Later, whoever reads the first of these logs may have put it into the others.
 */
const AT_ONCE = 300n * TICKS_PER_SECOND;
/** Sources that one mark is told of; a sender of syslog may call itself anything. */
const SIGHTS_MAX = 50;

/** Each canary with its sights: one for each source, in order of time, the first fifty; those without a usable time last. */
export function sightCanaries(
  canaries: readonly SetCanary[],
  detections: readonly Detection[],
): readonly Canary[] {
  const sights = sightsByMark(detections);
  return canaries.map((canary) => ({ ...canary, seen: sights.get(canary.mark) ?? [] }));
}

/** Marks that none of these canaries has, each with its first sight; by time. */
export function nobodysMarks(
  canaries: readonly Pick<Canary, "mark">[],
  detections: readonly Detection[],
): readonly NobodysMark[] {
  const set = new Set(canaries.map(({ mark }) => mark));
  return [...sightsByMark(detections)].flatMap(([mark, [sight]]) =>
    set.has(mark) || sight === undefined ? [] : [{ mark, sight }],
  );
}

/**
 * The detections that can be signs of an attack: neither what rules about canaries match, nor what other rules say of a record that a
 * canary left. That is its first sight in a source, until it was due and at once with its first sight anywhere; of a record that repeats the
 * mark, only what is low and less.
 */
export function withoutCanaries(
  detections: readonly Detection[],
  canaries: readonly Canary[],
): readonly Detection[] {
  const first = new Set(
    canaries.flatMap(({ mark, seen, due }) => {
      const until = (seen[0]?.ticks ?? 0n) + AT_ONCE;
      const own = seen.filter(({ ticks }) => isPlausible(ticks) && ticks <= until && ticks <= due);
      return own.map((sight) => sightKey(mark, sight));
    }),
  );
  const set = new Set(canaries.map(({ mark }) => mark));
  const own = new Set<string>();
  const repeated = new Set<string>();
  for (const detection of detections)
    for (const mark of marksOf(detection)) {
      if (!set.has(mark)) continue;
      repeated.add(detection.at.key);
      if (first.has(sightKey(mark, detection))) own.add(detection.at.key);
    }
  return detections.filter(
    (detection) =>
      !isCanary(detection) &&
      !own.has(detection.at.key) &&
      !(repeated.has(detection.at.key) && LEVELS.indexOf(detection.level) <= HARMLESS),
  );
}

/** A copy of a log tells the same sight: not the record, but mark, source and time. */
function sightKey(mark: string, sight: Pick<CanarySight, "host" | "channel" | "ticks">): string {
  return JSON.stringify([mark, sourceKey(sight), String(sight.ticks)]);
}

function sourceKey({ host, channel }: Pick<CanarySight, "host" | "channel">): string {
  return JSON.stringify([host.toLowerCase(), channel.toLowerCase()]);
}

/** The first sight in each source, by mark; marks in the order of their first. */
function sightsByMark(
  detections: readonly Detection[],
): ReadonlyMap<string, readonly CanarySight[]> {
  const marked = detections.filter((detection) => marksOf(detection).length > 0).toSorted(byTime);
  const bySource = new Map<string, Map<string, CanarySight>>();
  for (const detection of marked) {
    const { host, channel, ticks, digits, at } = detection;
    for (const mark of marksOf(detection)) {
      const sights = bySource.get(mark) ?? new Map<string, CanarySight>();
      bySource.set(mark, sights);
      const source = sourceKey(detection);
      if (!sights.has(source) && sights.size < SIGHTS_MAX)
        sights.set(source, { host, channel, ticks, digits, at });
    }
  }
  return new Map([...bySource].map(([mark, sights]) => [mark, [...sights.values()]]));
}

/** The canaries in the order of setting; of two at one moment the mark decides. */
export function bySetting(a: SetCanary, b: SetCanary): number {
  if (a.setAt !== b.setAt) return a.setAt < b.setAt ? -1 : 1;
  return byCodeUnits(a.mark, b.mark);
}
