/**
 * The members of a correlation: detections of its rules and windows of correlations that it refers to, by rank, in groups. Refuses to group
 * what lacks a value to group by: it is counted.
 */
import type { Correlation } from "./correlation.ts";
import { type OrderedFeed, isSameEvent } from "./order.ts";
import type { PlannedCorrelation } from "./plan.ts";
import { Pairs, type Values } from "./values.ts";
import type { Members, Windows } from "./window.ts";

/** What is counted is what is told; what only has to be there may be any window that holds. */
function countsEvents({ test }: Correlation): boolean {
  return test.kind !== "rule-count" && test.kind !== "presence";
}

/** Everything that the rules of a correlation found, by rank. */
export function gather(
  planned: PlannedCorrelation,
  feed: OrderedFeed,
  values: Values,
  below: readonly Windows[],
): Members {
  const { sources, correlation } = planned;
  const positions = new Int16Array(values.rules.length).fill(-1);
  const chained: Chained[] = [];
  sources.forEach((source, position) => {
    if (source?.kind === "rule") positions[values.rules.indexOf(source.id)] = position;
    const windows = source?.kind === "correlation" ? below[source.at] : undefined;
    if (windows === undefined) return;
    for (const window of countsEvents(correlation) ? windows.told : windows.first.keys()) {
      const rank = windows.members.rank[windows.last[window] ?? 0] ?? 0;
      chained.push({ rank, position, window });
    }
  });
  chained.sort(
    (a, b) =>
      (isSameEvent(feed, a.rank, b.rank) ? 0 : a.rank - b.rank) ||
      a.position - b.position ||
      a.window - b.window,
  );
  return merged(feed, positions, chained);
}

/** A window of another correlation as a member. */
interface Chained {
  readonly rank: number;
  readonly position: number;
  readonly window: number;
}

/** The detections of the rules with these positions, and windows, by rank. A window comes after all detections on the event that ends it. */
function merged(feed: OrderedFeed, positions: Int16Array, chained: readonly Chained[]): Members {
  let length = chained.length;
  for (const rule of feed.rule) if ((positions[rule] ?? -1) >= 0) length++;
  const rank = new Uint32Array(length);
  const position = new Uint8Array(length);
  const window = new Int32Array(length).fill(-1);
  let to = 0;
  let next = 0;
  const takeChained = (isDue: (one: Chained) => boolean): void => {
    for (let one = chained[next]; one !== undefined && isDue(one); one = chained[++next]) {
      rank[to] = one.rank;
      position[to] = one.position;
      window[to++] = one.window;
    }
  };
  for (let at = 0; at < feed.length; at++) {
    const own = positions[feed.rule[at] ?? 0] ?? -1;
    if (own < 0) continue;
    if (next < chained.length)
      takeChained((one) => one.rank < at && !isSameEvent(feed, one.rank, at));
    rank[to] = at;
    position[to++] = own;
  }
  takeChained(() => true);
  return { rank, position, window };
}

/** Members by group. */
export interface Grouping {
  /** The group of each member; -1: none. */
  readonly groups: Int32Array;
  /** Where each group begins once members are sorted; its end is the next one's beginning. */
  readonly starts: Uint32Array;
  readonly about: Pick<Windows, "groupTexts" | "ungrouped" | "firstUngrouped">;
}

/** Which group each member is in. */
export function groupOf(
  planned: PlannedCorrelation,
  { rank, position, window }: Members,
  values: Values,
  below: readonly Windows[],
): Grouping {
  const names = planned.correlation.groupBy;
  const readers = names.map((name) => values.reader(planned, name, below));
  const groups = new Int32Array(rank.length);
  const groupTexts: (readonly number[])[] = [];
  const pairs = new Pairs();
  const numbers = new Map<number, number>();
  let ungrouped = 0;
  let firstUngrouped = -1;
  for (let at = 0; at < rank.length; at++) {
    let tuple = 0;
    for (const read of readers) {
      const text = read(rank[at] ?? 0, position[at] ?? 0, window[at] ?? -1);
      tuple = text < 0 ? -1 : pairs.of(tuple, values.fold(text));
      if (tuple < 0) break;
    }
    if (tuple < 0) {
      groups[at] = -1;
      if (ungrouped++ === 0) firstUngrouped = rank[at] ?? 0;
      continue;
    }
    let group = numbers.get(tuple);
    if (group === undefined) {
      group = numbers.size;
      numbers.set(tuple, group);
      groupTexts.push(
        readers.map((read) => read(rank[at] ?? 0, position[at] ?? 0, window[at] ?? -1)),
      );
    }
    groups[at] = group;
  }
  const starts = new Uint32Array(numbers.size + 1);
  return { groups, starts, about: { groupTexts, ungrouped, firstUngrouped } };
}

/** Members by group and in each by rank, with the starts of the groups filled in. What counts events counts each once. */
export function sorted(
  members: Members,
  { groups, starts }: Grouping,
  correlation: Correlation,
  feed: OrderedFeed,
): Members {
  if (countsEvents(correlation) && correlation.rules.length > 1) dropRepeats(members, groups, feed);
  for (const group of groups) if (group >= 0) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  for (let group = 1; group < starts.length; group++)
    starts[group] = (starts[group] ?? 0) + (starts[group - 1] ?? 0);
  const next = starts.slice();
  const length = starts.at(-1) ?? 0;
  const rank = new Uint32Array(length);
  const position = new Uint8Array(length);
  const window = new Int32Array(length);
  for (let at = 0; at < groups.length; at++) {
    const group = groups[at] ?? -1;
    if (group < 0) continue;
    const to = next[group] ?? 0;
    next[group] = to + 1;
    rank[to] = members.rank[at] ?? 0;
    position[to] = members.position[at] ?? 0;
    window[to] = members.window[at] ?? -1;
  }
  return { rank, position, window };
}

/** Two rules that match one event are one event in its group. */
function dropRepeats({ rank, window }: Members, groups: Int32Array, feed: OrderedFeed): void {
  for (let at = 1; at < rank.length; at++) {
    if ((window[at] ?? -1) >= 0) continue;
    for (let before = at - 1; before >= 0; before--) {
      if (!isSameEvent(feed, rank[before] ?? 0, rank[at] ?? 0)) break;
      if ((window[before] ?? -1) >= 0 || groups[before] !== groups[at]) continue;
      groups[at] = -1;
      break;
    }
  }
}
