/**
 * Detections of correlations, from base detections: what `until`, `group` and `events` are, and their identity. Refuses to leave
 * anything out in silence: what takes no part is told as a limit. Specified in docs/design/correlations.md.
 */
import type { Detection } from "../../../model/detection.ts";
import type { EventKey, EventReference, FieldValue } from "../../../model/event.ts";
import { type CorrelationFeed, type LeftOut, referenceAt } from "./feed.ts";
import { type OrderedFeed, isSameEvent, orderFeed } from "./order.ts";
import type { Windows } from "./window.ts";
import { findWindows } from "./windows.ts";
import { detectionIdOf } from "../detection.ts";
import type { Plan } from "../plan.ts";

/** Events that a detection lists; it says how many there are. */
export const EVENTS_LISTED_MAX = 1_000;
/**
 * Steps that a detection takes into windows of other correlations. Those overlap, and reach back as far as they like: a flood is in
 * each of them, and every detection of a chain would go through all of it again.
 */
const STEPS_WITHIN_MAX = 500;

/** Something that correlations did not look at, in the words of a flaw. */
export interface CorrelationLimit {
  readonly what: string;
  readonly need: string;
  readonly have: string;
  /** The first that was left out. */
  readonly first: EventReference;
}

/** What correlations found. */
export interface Correlating {
  /** To be gone through once: correlation by correlation, in each by time. */
  readonly matches: Iterable<CorrelationMatch>;
  readonly limits: readonly CorrelationLimit[];
  /** As of when more is told although nothing came (windows that are open now); null: never. */
  readonly due: bigint | null;
}

/** A window that is told. Its detection is made when it is asked for: there may be more than anybody keeps. */
export interface CorrelationMatch {
  readonly rule: string;
  readonly detection: () => Detection;
}

/**
 * Computes the correlations of a plan over what was fed. The same detections give the same bytes, in whatever order they came. `asOf`: the
 * time, in ticks, up to which anything can have happened; null: nothing more will come.
 */
export function correlate(
  { correlations, rules }: Plan,
  feed: CorrelationFeed,
  asOf: bigint | null = null,
): Correlating {
  if (correlations.correlations.length === 0) return { matches: [], limits: [], due: null };
  const state = feed.state();
  const ordered = orderFeed(state);
  const found = findWindows(correlations, ordered, asOf);
  const dues = found.flatMap(({ due }) => due ?? []);
  const shown = found.filter(({ planned }) => !correlations.hidden.has(planned.correlation.id));
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  return {
    matches: matchesOf(shown, found, ordered),
    limits: [
      ...state.leftOut.map((left) => leftOutLimit(left, titles.get(left.rule) ?? left.rule)),
      ...found.flatMap((windows) => ungroupedLimit(windows, ordered)),
    ],
    due: dues.reduce<bigint | null>(
      (first, due) => (first === null || due < first ? due : first),
      null,
    ),
  };
}

function leftOutLimit({ why, first, count }: LeftOut, title: string): CorrelationLimit {
  const have = `${count} matches of ${title} take no part in correlations`;
  switch (why) {
    case "undated":
      return { what: "matches without a time", need: "a time to correlate them by", have, first };
    case "beyond":
      return {
        what: "matches beyond what correlations look at",
        need: "fewer matches",
        have,
        first,
      };
  }
}

function ungroupedLimit(windows: Windows, { state, entry }: OrderedFeed): CorrelationLimit[] {
  const { planned, ungrouped, firstUngrouped } = windows;
  if (ungrouped === 0) return [];
  const { title, groupBy } = planned.correlation;
  return [
    {
      what: "matches without a value to group by",
      need: groupBy.join(", "),
      have: `${ungrouped} take no part in ${title}`,
      first: referenceAt(state, entry[firstUngrouped] ?? 0),
    },
  ];
}

function* matchesOf(
  shown: readonly Windows[],
  found: readonly Windows[],
  feed: OrderedFeed,
): Generator<CorrelationMatch> {
  // The same events twice: aliases, of whichever correlation, can put one event into two groups. Nothing else can.
  const canRepeat = found.some(({ planned }) => planned.correlation.aliases.size > 0);
  for (const windows of shown) {
    const { planned, members, last } = windows;
    const rule = planned.correlation.id;
    const endOf = (window: number): number => members.rank[last[window] ?? 0] ?? 0;
    const told = [...windows.told].sort((a, b) => endOf(a) - endOf(b) || a - b);
    const ids = new Set<string>();
    for (const window of told) {
      if (!canRepeat) {
        yield { rule, detection: () => detectionOfWindow(windows, window, found, feed) };
        continue;
      }
      const detection = detectionOfWindow(windows, window, found, feed);
      if (!ids.has(detection.id)) yield { rule, detection: () => detection };
      ids.add(detection.id);
    }
  }
}

function detectionOfWindow(
  windows: Windows,
  window: number,
  found: readonly Windows[],
  feed: OrderedFeed,
): Detection {
  const { state, entry } = feed;
  const { id, title, level, tags, groupBy } = windows.planned.correlation;
  const gathering = new Gathering(found);
  gathering.gather(windows, window);
  const inOrder = Uint32Array.from(gathering.ranks).sort();
  const keys: EventKey[] = [];
  const events: EventReference[] = [];
  for (let at = 0; at < inOrder.length; at++) {
    const rank = inOrder[at] ?? 0;
    if (at > 0 && isSameEvent(feed, inOrder[at - 1] ?? 0, rank)) continue;
    const reference = referenceAt(state, entry[rank] ?? 0);
    keys.push(reference.key);
    if (events.length < EVENTS_LISTED_MAX) events.push(reference);
  }
  const first = entry[inOrder[0] ?? 0] ?? 0;
  const texts = windows.groupTexts[windows.group[window] ?? 0] ?? [];
  const group: Record<string, FieldValue> = Object.create(null);
  groupBy.forEach((name, at) => {
    group[name] = state.texts[texts[at] ?? -1] ?? null;
  });
  return {
    id: detectionIdOf(id, keys),
    rule: id,
    title,
    level,
    tags,
    ticks: state.ticks[first] ?? 0n,
    digits: state.digits[first] ?? 0,
    host: state.texts[state.host[first] ?? -1] ?? "",
    channel: state.texts[state.channel[first] ?? -1] ?? "",
    at: referenceAt(state, first),
    fields: group,
    correlated: {
      until: state.ticks[entry[inOrder.at(-1) ?? 0] ?? 0] ?? 0n,
      group,
      events,
      eventsTotal: keys.length,
      isTotalExact: gathering.isWhole,
    },
  };
}

/** Members of one group that were gone through, from one to another. */
interface Covered {
  from: number;
  to: number;
}

/** The base detections that a window rests on: all of its own, and through windows of other correlations as many as the steps allow. */
class Gathering {
  readonly ranks = new Set<number>();
  /** Whether every window within was followed to its end. */
  isWhole = true;
  readonly #found: readonly Windows[];
  #stepsLeft = STEPS_WITHIN_MAX;
  /** Windows within overlap: what was gone through, by correlation and group, is not gone through again. */
  readonly #covered = new Map<string, Covered>();

  constructor(found: readonly Windows[]) {
    this.#found = found;
  }

  /** Takes all that a window looked at; of each window in it at least the last event. */
  gather(windows: Windows, window: number): void {
    const { members, first, last } = windows;
    const to = last[window] ?? -1;
    for (let at = first[window] ?? 0; at <= to; at++) {
      this.ranks.add(members.rank[at] ?? 0);
      this.#follow(windows, at);
    }
  }

  /** Goes into the window that a member stands for, if it stands for one. */
  #follow({ planned, members }: Windows, at: number): void {
    const source = planned.sources[members.position[at] ?? 0];
    const windows = source?.kind === "correlation" ? this.#found[source.at] : undefined;
    if (windows === undefined) return;
    const window = members.window[at] ?? 0;
    const name = `${windows.planned.correlation.id}\n${windows.group[window]}`;
    const from = windows.first[window] ?? 0;
    const to = windows.last[window] ?? -1;
    const before = this.#covered.get(name);
    const isAhead = before !== undefined && from >= before.from && from <= before.to + 1;
    if (isAhead && to <= before.to) return;
    this.#covered.set(name, { from: isAhead ? before.from : from, to });
    for (let next = isAhead ? before.to + 1 : from; next <= to; next++) {
      if (this.#stepsLeft === 0) {
        this.isWhole = false;
        return;
      }
      this.#stepsLeft--;
      this.ranks.add(windows.members.rank[next] ?? 0);
      this.#follow(windows, next);
    }
  }
}
