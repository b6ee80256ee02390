/**
 * Findings of analytics: one for each host and analytic, which the records carry that are out of the ordinary, and nothing else. Refuses
 * to be long: what is told is the most telling, and the rest is counted.
 */
import { createHash } from "node:crypto";
import { detectionId } from "../../../engines/sigma/index.ts";
import type { Level } from "../../../model/detection.ts";
import type { EventReference } from "../../../model/event.ts";
import type { Finding, FindingCounts } from "../../../model/finding.ts";
import type { CaseHost } from "../../../model/case-file.ts";
import { type Sight, ticksOf } from "./counts.ts";
import type { IntruderAddress } from "./takings.ts";
import type { TrafficState } from "./traffic-state.ts";

/** What the analytics are put to. */
export interface TrafficMatter {
  readonly traffic: TrafficState;
  readonly hosts: readonly CaseHost[];
  readonly intruders: readonly IntruderAddress[];
  /** Whether an address is of one's own staff, hosts or front doors. */
  readonly isOwn: (address: string) => boolean;
}

/** One thing out of the ordinary on a host: what it is in words, and the records that carry it, the first of them first. */
export interface Oddity {
  readonly words: string;
  readonly sights: readonly Sight[];
  readonly lastMillis: number;
  /** What makes it graver than it is by itself; "" where nothing does. */
  readonly graver: string;
}

const TOLD_MAX = 6;
const EXAMPLES_MAX = 6;
const DETECTIONS_MAX = 200;

/** The finding of one host and analytic; null where nothing is out of the ordinary. */
export function analyticFinding(
  about: {
    readonly rule: string;
    readonly host: string;
    readonly title: string;
    readonly level: Level;
    /** Where something makes one of them graver. */
    readonly graverLevel: Level;
    readonly counts: FindingCounts;
    /** The rule in a sentence, with its numbers. */
    readonly because: string;
  },
  oddities: readonly Oddity[],
): Finding | null {
  const ordered = oddities.toSorted(
    (a, b) =>
      Number(b.graver !== "") - Number(a.graver !== "") ||
      firstOf(a) - firstOf(b) ||
      (a.words < b.words ? -1 : 1),
  );
  if (ordered.length === 0) return null;
  const told = ordered
    .slice(0, TOLD_MAX)
    .map(({ words, graver }) => (graver === "" ? words : `${words}; ${graver}`));
  const more = ordered.length > TOLD_MAX ? `; and ${ordered.length - TOLD_MAX} more` : "";
  const { rule, host, title, counts, because } = about;
  const keys = [...new Set(ordered.flatMap(({ sights }) => sights.map(({ at }) => at.key)))];
  return {
    kind: "analytic",
    question: "answered",
    id: createHash("sha256")
      .update(JSON.stringify([rule, host]))
      .digest("hex")
      .slice(0, 32),
    title,
    level: ordered.some(({ graver }) => graver !== "") ? about.graverLevel : about.level,
    counts,
    host,
    rule,
    firstSeen: ticksOf(ordered.map(firstOf).reduce((a, b) => Math.min(a, b))),
    lastSeen: ticksOf(ordered.map(({ lastMillis }) => lastMillis).reduce((a, b) => Math.max(a, b))),
    detections: keys.slice(0, DETECTIONS_MAX).map((key) => detectionId(rule, key)),
    examples: examplesOf(ordered),
    why: `${because}: ${told.join("; ")}${more}`,
  };
}

function firstOf({ sights, lastMillis }: Oddity): number {
  return Math.min(lastMillis, ...sights.map(({ millis }) => millis));
}

/** The first record of each before the second of any. */
function examplesOf(oddities: readonly Oddity[]): readonly EventReference[] {
  const ranked = oddities.flatMap(({ sights }) => sights.map((sight, nth) => ({ sight, nth })));
  const chosen = ranked
    .sort(
      (a, b) =>
        a.nth - b.nth ||
        a.sight.millis - b.sight.millis ||
        (a.sight.at.key < b.sight.at.key ? -1 : 1),
    )
    .map(({ sight }) => sight.at);
  return [...new Map(chosen.map((at) => [at.key, at])).values()].slice(0, EXAMPLES_MAX);
}
