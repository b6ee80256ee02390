/**
 * The windows of a correlation that hold: in each group of its members a window that slides (docs/design/correlations.md). A pure function
 * of the ordered detections. 20 correlations over a million detections: about five seconds of one core.
 */
import { type Correlation, onlyGrows } from "./correlation.ts";
import type { Measured } from "./gauge.ts";
import { createGauge } from "./gauges.ts";
import { gather, groupOf, sorted } from "./members.ts";
import { type OrderedFeed, ticksBetween } from "./order.ts";
import { type CorrelationPlan, type PlannedCorrelation, fieldsOfTest } from "./plan.ts";
import { Pairs, Values } from "./values.ts";
import type { Members, Windows } from "./window.ts";

/** The windows of all correlations of a plan, in its order. `asOf`: as in correlate. */
export function findWindows(
  plan: CorrelationPlan,
  feed: OrderedFeed,
  asOf: bigint | null,
): readonly Windows[] {
  const values = new Values(plan, feed);
  const sources = plan.correlations.flatMap((planned) => planned.sources);
  const read = new Set(sources.map((source) => (source?.kind === "correlation" ? source.at : -1)));
  const found: Windows[] = [];
  plan.correlations.forEach((planned, at) =>
    found.push(windowsOf(planned, { feed, asOf, isRead: read.has(at) }, values, found)),
  );
  return found;
}

function windowsOf(
  planned: PlannedCorrelation,
  terms: Pick<Sweeping, "feed" | "asOf" | "isRead">,
  values: Values,
  below: readonly Windows[],
): Windows {
  const { feed } = terms;
  const { correlation } = planned;
  const all = gather(planned, feed, values, below);
  const grouping = groupOf(planned, all, values, below);
  const members = sorted(all, grouping, correlation, feed);
  const measured = measure(planned, members, values, below);
  const swept = sweep({ ...terms, correlation, members, measured }, grouping.starts);
  return { planned, members, ...swept, ...grouping.about };
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
  readonly asOf: bigint | null;
  readonly isRead: boolean;
}

/** Slides the window through each group, from one time to the next. */
function sweep(
  { correlation, members, measured, feed, asOf, isRead }: Sweeping,
  starts: Uint32Array,
): Pick<Windows, "first" | "last" | "group" | "told" | "due"> {
  const { test, timespanTicks, rules } = correlation;
  const { rank } = members;
  const gauge = createGauge(test, rules.length, measured);
  const grows = onlyGrows(test);
  const [first, last, group, told]: [number[], number[], number[], number[]] = [[], [], [], []];
  let due: bigint | null = null;
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
      const over =
        grows || right < end ? null : openUntil(feed, rank[left] ?? 0, now, correlation, asOf);
      if (over !== null) {
        if (due === null || over < due) due = over;
        continue;
      }
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
  return { first, last, group, told, due };
}

/** As of when nothing more can come into the last window of a group; null: nothing can now. */
function openUntil(
  { state, entry }: OrderedFeed,
  left: number,
  now: number,
  { timespanTicks }: Correlation,
  asOf: bigint | null,
): bigint | null {
  if (asOf === null) return null;
  const over = (state.ticks[entry[left] ?? 0] ?? 0n) + BigInt(timespanTicks) + 1n;
  // What is dated later than anything can be has a clock of its own, and nobody waits for that.
  const isAhead = (state.ticks[entry[now] ?? 0] ?? 0n) > asOf;
  return isAhead || asOf >= over ? null : over;
}
