/**
 * One timeline over everything: detections in bursts, logs that were cleared, where each log begins and ends, gaps.
 * A function of what happened and not of the order in which it was read. Refuses to grow beyond what a person reads:
 * it groups, then leaves out, the lowest levels first, and says so.
 */
import { TICKS_PER_HOUR, UNDATED } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { callSource, count, spell } from "../../engines/wording/index.ts";
import type { TimelineEntry } from "../../model/cause.ts";
import type { Coverage, Gap } from "../../model/coverage.ts";
import { LEVELS, type Level } from "../../model/detection.ts";
import type { EventReference } from "../../model/event.ts";
import { EXAMPLES_MAX, exampleReferences } from "./ladder.ts";
import { higherRung, type Trace } from "./traces.ts";

/** Entries of one timeline. */
export const ENTRIES_MAX = 500;
/** Detections of one rule on one host that follow each other within this time are one burst. */
const BURST_TICKS = TICKS_PER_HOUR;

/** An entry that can still be joined with others of its kind on its host. */
interface Item extends TimelineEntry {
  /** Items of one host with the same kind say the same. */
  readonly kind: string;
  /** What several of them say together; `{count}` stands for their number. */
  readonly together: string;
}

/** The timeline, ordered by (ticks, key of the first record), and what was grouped or left out, in sentences. */
export function buildTimeline(
  traces: readonly Trace[],
  coverage: Coverage,
): { readonly timeline: readonly TimelineEntry[]; readonly limits: readonly string[] } {
  const all = [...burstsOf(traces), ...clearings(coverage), ...ends(coverage), ...gaps(coverage)];
  const { items, grouped } = groupLowest(all);
  const kept = items.toSorted(byWeight).slice(0, ENTRIES_MAX).sort(byMoment);
  const limits: string[] = [];
  if (grouped.length > 0)
    limits.push(
      `The timeline would have ${count(all.length, "entry", "entries")}: those of level ${grouped.join(", ")} are joined to one for each rule and host.`,
    );
  if (items.length > kept.length)
    limits.push(
      `${count(items.length - kept.length, "entry", "entries")} of the timeline are left out, the lowest levels first; findings and coverage hold them all.`,
    );
  return { timeline: kept.map(plain), limits };
}

/** Consecutive detections of one rule on one host; tests stand apart from attacks. */
function burstsOf(traces: readonly Trace[]): Item[] {
  const kinds = Map.groupBy(traces, ({ detection, host, test }) =>
    JSON.stringify([detection.rule, host, test]),
  );
  return [...kinds].flatMap(([kind, own]) => {
    const bursts: Trace[][] = [];
    let last: bigint | null = null;
    for (const trace of own) {
      const { ticks } = trace.detection;
      if (last === null || ticks - last > BURST_TICKS) bursts.push([]);
      bursts.at(-1)?.push(trace);
      last = ticks;
    }
    return bursts.map((burst) => burstItem(kind, burst));
  });
}

function burstItem(kind: string, burst: readonly Trace[]): Item {
  const detections = burst.map(({ detection }) => detection);
  const [first, last] = [detections[0], detections.at(-1)];
  const test = burst[0]?.test ?? null;
  const title = spell(first?.title ?? "");
  const what =
    test === null ? title : `Own test, stated by the case file (${spell(test)}): ${title}`;
  return {
    kind,
    ticks: first?.ticks ?? UNDATED,
    digits: first?.digits ?? 0,
    host: burst[0]?.host ?? "",
    what,
    together: what,
    level: detections.map(({ level }) => level).reduce<Level>(higherLevel, "informational"),
    rung: test === null ? burst.map(({ rung }) => rung).reduce(higherRung, null) : null,
    count: new Set(detections.map(({ at }) => at.key)).size,
    until: last?.ticks ?? UNDATED,
    at: exampleReferences(detections),
  };
}

function clearings({ cleared }: Coverage): Item[] {
  return cleared
    .filter(({ ticks }) => ticks !== UNDATED)
    .map(({ host, log, ticks, digits, by, at }) => ({
      ...momentOf(host, ticks, digits, [at]),
      kind: "cleared",
      what: `Log ${spell(log)} cleared by ${spell(by)}`,
      together: "{count} times a log was cleared",
      level: "high",
    }));
}

function ends({ sources }: Coverage): Item[] {
  return sources
    .filter(({ first }) => first !== UNDATED)
    .flatMap(
      (source) =>
        [
          {
            ...momentOf(source.host, source.first, 0, [source.firstAt]),
            kind: "begins",
            what: `First record of ${callSource(source)}`,
            together: "First records of {count} logs",
            level: "informational",
          },
          {
            ...momentOf(source.host, source.last, 0, [source.lastAt]),
            kind: "ends",
            what: `Last record of ${callSource(source)}`,
            together: "Last records of {count} logs",
            level: "informational",
          },
        ] as const,
    );
}

const GAP_WORDS: Readonly<Record<Gap["kind"], string>> = {
  quiet: "Gap",
  cleared: "Gap, cleared",
  "not-reaching-back": "Gap, not reaching back",
};

function gaps({ sources }: Coverage): Item[] {
  return sources.flatMap((source) =>
    source.gaps.map((gap) => ({
      ...momentOf(source.host, gap.from, 0, [gap.before, gap.after]),
      kind: `gap ${source.channel}`,
      what: `${GAP_WORDS[gap.kind]} in ${callSource(source)}: ${gap.why}`,
      together: `{count} gaps in ${callSource(source)}`,
      level: "low" as const,
      until: gap.to,
    })),
  );
}

function momentOf(host: string, ticks: bigint, digits: number, at: readonly EventReference[]) {
  return { host, ticks, digits, rung: null, count: 1, until: ticks, at };
}

/** While there are too many, joins all items of one kind and host, one level after the other from the lowest. */
function groupLowest(all: readonly Item[]): { items: readonly Item[]; grouped: readonly Level[] } {
  let items = all;
  const grouped: Level[] = [];
  for (const level of LEVELS) {
    if (items.length <= ENTRIES_MAX) break;
    const [low, rest] = [
      items.filter((item) => item.level === level),
      items.filter((item) => item.level !== level),
    ];
    const joined = [...Map.groupBy(low, ({ host, kind }) => `${kind}\n${host}`).values()].map(
      (same) => join(same.toSorted(byMoment)),
    );
    if (joined.length < low.length) grouped.push(level);
    items = [...rest, ...joined];
  }
  return { items, grouped };
}

/** Items in order of time as one. */
function join(same: readonly Item[]): Item {
  return same.reduce((a, b) => ({
    ...a,
    count: a.count + b.count,
    until: a.until > b.until ? a.until : b.until,
    rung: higherRung(a.rung, b.rung),
    what: a.together.replace("{count}", String(a.count + b.count)),
    at: [...a.at, ...b.at].slice(0, EXAMPLES_MAX),
  }));
}

function byMoment(a: Item, b: Item): number {
  if (a.ticks !== b.ticks) return a.ticks < b.ticks ? -1 : 1;
  return (
    byCodeUnits(a.at[0]?.key ?? "", b.at[0]?.key ?? "") ||
    byCodeUnits(a.kind, b.kind) ||
    byCodeUnits(a.what, b.what)
  );
}

/** What to keep first: high levels, then high rungs, then early. */
function byWeight(a: Item, b: Item): number {
  const level = LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level);
  if (level !== 0) return level;
  if (a.rung !== b.rung) return higherRung(a.rung, b.rung) === a.rung ? -1 : 1;
  return byMoment(a, b);
}

function higherLevel(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}

function plain({ kind: _kind, together: _together, ...entry }: Item): TimelineEntry {
  return entry;
}
