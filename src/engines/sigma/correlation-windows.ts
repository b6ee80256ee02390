/**
 * The windows of a correlation that hold: detections in groups, and in each group a window that slides (docs/design/correlations.md).
 * A pure function of the ordered detections. Refuses to group what lacks a value to group by: it is counted. 20 correlations over a
 * million detections: about five seconds of one core.
 */
import { foldCase } from "./fields.ts";
import { type Correlation, onlyGrows } from "./correlation.ts";
import type { Measured } from "./correlation-gauge.ts";
import { createGauge } from "./correlation-gauges.ts";
import { type OrderedFeed, isSameEvent, ticksBetween } from "./correlation-order.ts";
import {
  type CorrelationPlan,
  type PlannedCorrelation,
  fieldAt,
  fieldsOfTest,
} from "./correlation-plan.ts";
import { readMillionths } from "./correlation-read.ts";

/** The windows of one correlation that hold: all where another correlation reads them, otherwise those that are told. */
export interface Windows {
  readonly planned: PlannedCorrelation;
  /** What was looked at, group by group and in each by time; the following columns are by place in it. */
  readonly members: Members;
  /** Of each window its first and last member, and its group. */
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly group: readonly number[];
  /** The windows that are told: in each group the first that holds, then the first that shares nothing with the one before. */
  readonly told: readonly number[];
  /** Numbers of the texts that a group has in common, as many as `group-by` has names. */
  readonly groupTexts: readonly (readonly number[])[];
  /** How many members of no group there were, and the rank of the first; -1: none. */
  readonly ungrouped: number;
  readonly firstUngrouped: number;
}

/** Detections of rules, and windows of correlations, as members of groups. */
export interface Members {
  /** Rank of the detection; of a window, of its last. */
  readonly rank: Uint32Array;
  /** The place of its rule in the correlation's list. */
  readonly position: Uint8Array;
  /** The window of the correlation at that position; -1: a detection of a rule. */
  readonly window: Int32Array;
}

/** The windows of all correlations of a plan, in its order. */
export function findWindows(plan: CorrelationPlan, feed: OrderedFeed): readonly Windows[] {
  const values = new Values(plan, feed);
  const sources = plan.correlations.flatMap((planned) => planned.sources);
  const read = new Set(sources.map((source) => (source?.kind === "correlation" ? source.at : -1)));
  const found: Windows[] = [];
  plan.correlations.forEach((planned, at) =>
    found.push(windowsOf(planned, feed, values, found, read.has(at))),
  );
  return found;
}

function windowsOf(
  planned: PlannedCorrelation,
  feed: OrderedFeed,
  values: Values,
  below: readonly Windows[],
  isRead: boolean,
): Windows {
  const { correlation } = planned;
  const all = gather(planned, feed, values, below);
  const grouping = groupOf(planned, all, values, below);
  const members = sorted(all, grouping, correlation, feed);
  const measured = measure(planned, members, values, below);
  const swept = sweep({ correlation, members, measured, feed, isRead }, grouping.starts);
  return { planned, members, ...swept, ...grouping.about };
}

/** What is counted is what is told; what only has to be there may be any window that holds. */
function countsEvents({ test }: Correlation): boolean {
  return test.kind !== "rule-count" && test.kind !== "presence";
}

/** Everything that the rules of a correlation found, by rank. */
function gather(
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
  chained.sort((a, b) => a.rank - b.rank || a.position - b.position || a.window - b.window);
  return merged(feed, positions, chained);
}

/** A window of another correlation as a member. */
interface Chained {
  readonly rank: number;
  readonly position: number;
  readonly window: number;
}

/** The detections of the rules with these positions, and windows, by rank and position. */
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
      takeChained((one) => one.rank < at || (one.rank === at && one.position < own));
    rank[to] = at;
    position[to++] = own;
  }
  takeChained(() => true);
  return { rank, position, window };
}

interface Grouping {
  /** The group of each member; -1: none. */
  readonly groups: Int32Array;
  /** Where each group begins once members are sorted; its end is the next one's beginning. */
  readonly starts: Uint32Array;
  readonly about: Pick<Windows, "groupTexts" | "ungrouped" | "firstUngrouped">;
}

function groupOf(
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
function sorted(
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

/** What the gauge of a correlation looks up, for its members. */
function measure(
  planned: PlannedCorrelation,
  { rank, position, window }: Members,
  values: Values,
  below: readonly Windows[],
): Measured {
  const { test } = planned.correlation;
  const readers = fieldsOfTest(test).map((name) => values.reader(planned, name, below));
  const value = new Int32Array(readers.length === 0 ? 0 : rank.length);
  const pairs = new Pairs();
  const isAmount = test.kind === "amount";
  for (let at = 0; at < value.length; at++) {
    let tuple = 0;
    for (const read of readers) {
      const text = read(rank[at] ?? 0, position[at] ?? 0, window[at] ?? -1);
      tuple = text < 0 ? -1 : isAmount ? text : pairs.of(tuple, values.fold(text));
      if (tuple < 0) break;
    }
    value[at] = tuple;
  }
  return { position, value, amountOf: (number) => values.amount(number) };
}

/** What a sweep goes through, and whether windows are kept that are not told. */
interface Sweeping {
  readonly correlation: Correlation;
  readonly members: Members;
  readonly measured: Measured;
  readonly feed: OrderedFeed;
  readonly isRead: boolean;
}

/** Slides the window through each group, from one time to the next. */
function sweep(
  { correlation, members, measured, feed, isRead }: Sweeping,
  starts: Uint32Array,
): Pick<Windows, "first" | "last" | "group" | "told"> {
  const { test, timespanTicks, rules } = correlation;
  const { rank } = members;
  const gauge = createGauge(test, rules.length, measured);
  const grows = onlyGrows(test);
  const [first, last, group, told]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let number = 0; number + 1 < starts.length; number++) {
    const end = starts[number + 1] ?? 0;
    let left = starts[number] ?? 0;
    let right = left;
    let toldUpTo = -1;
    gauge.begin(left, end);
    while (right < end) {
      const now = rank[right] ?? 0;
      do gauge.add(right++);
      while (right < end && ticksBetween(feed, now, rank[right] ?? 0) === 0);
      while (ticksBetween(feed, rank[left] ?? 0, now) > timespanTicks) gauge.remove(left++);
      gauge.settle();
      // What the next detection only widens is not told yet, unless it holds whatever comes.
      const whole =
        right === end || ticksBetween(feed, rank[left] ?? 0, rank[right] ?? 0) > timespanTicks;
      if (!(grows || whole) || !gauge.holds(left)) continue;
      const isTold = left > toldUpTo;
      if (!isTold && !isRead) continue;
      if (isTold) {
        told.push(first.length);
        toldUpTo = right - 1;
      }
      first.push(left);
      last.push(right - 1);
      group.push(number);
    }
  }
  return { first, last, group, told };
}

/** Numbers for tuples of numbers, from left to right: the same tuple has the same number, another of its length another. */
class Pairs {
  readonly #numbers = new Map<number, number>();

  /** `left`: the number of what stands before; 0 where nothing does. */
  of(left: number, right: number): number {
    // Of one number the tuple is as good as a name of its own, and most tuples are.
    if (left === 0) return right + 1;
    const pair = left * 2 ** 26 + right;
    const known = this.#numbers.get(pair);
    if (known !== undefined) return known;
    this.#numbers.set(pair, this.#numbers.size + 1);
    return this.#numbers.size;
  }
}

/** The number of a member's value for one name; -1: it has none. */
type ValueReader = (rank: number, position: number, window: number) => number;

/** Values of detections by number of text; what they are without case, and as amounts, is found once. */
class Values {
  readonly rules: readonly string[];
  readonly #plan: CorrelationPlan;
  readonly #feed: OrderedFeed;
  readonly #folds: Int32Array;
  readonly #folded = new Map<string, number>();
  readonly #amounts = new Map<number, bigint | null>();

  constructor(plan: CorrelationPlan, feed: OrderedFeed) {
    this.rules = [...plan.fed.keys()];
    this.#plan = plan;
    this.#feed = feed;
    this.#folds = new Int32Array(feed.state.texts.length).fill(-1);
  }

  /** The number of a text without its case. */
  fold(text: number): number {
    const known = this.#folds[text] ?? -1;
    if (known >= 0) return known;
    const folded = foldCase(this.#feed.state.texts[text] ?? "");
    const number = this.#folded.get(folded) ?? this.#folded.size;
    this.#folded.set(folded, number);
    this.#folds[text] = number;
    return number;
  }

  amount(text: number): bigint | null {
    if (text < 0) return null;
    let amount = this.#amounts.get(text);
    if (amount === undefined) {
      amount = readMillionths(this.#feed.state.texts[text] ?? "");
      this.#amounts.set(text, amount);
    }
    return amount;
  }

  /** How a name of a correlation is read from its members. A window has its group's value, otherwise that of its last detection. */
  reader(planned: PlannedCorrelation, name: string, below: readonly Windows[]): ValueReader {
    const { state, entry } = this.#feed;
    const readers = planned.sources.map((source, position): ValueReader => {
      const field = fieldAt(planned, position, name);
      if (source === null) return () => -1;
      if (source.kind === "rule") {
        const column = this.#plan.fed.get(source.id)?.indexOf(field) ?? -1;
        if (column < 0) return () => -1;
        return (rank) => state.values[(state.valueAt[entry[rank] ?? 0] ?? 0) + column] ?? -1;
      }
      const windows = below[source.at];
      if (windows === undefined) return () => -1;
      const own = windows.planned.correlation.groupBy.indexOf(field);
      if (own >= 0)
        return (_, __, window) => windows.groupTexts[windows.group[window] ?? 0]?.[own] ?? -1;
      const { members, last } = windows;
      const read = this.reader(windows.planned, field, below);
      return (_, __, window) => {
        const at = last[window] ?? 0;
        return read(members.rank[at] ?? 0, members.position[at] ?? 0, members.window[at] ?? -1);
      };
    });
    return (rank, position, window) => readers[position]?.(rank, position, window) ?? -1;
  }
}
