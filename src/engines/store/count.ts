/** How many rows match, altogether and over time, without making events of them. */
import { UNDATED } from "../../base/time.ts";
import type { Query } from "../../model/query.ts";
import type { Segments } from "./segments.ts";
import { countOf, select } from "./select.ts";

/** Matching events over time. */
export interface Density {
  /** Stretches that hold an event, the earliest first; `from` is a multiple of the stretch's length. */
  readonly buckets: readonly { readonly from: bigint; readonly events: number }[];
  /** Matching events without a time. */
  readonly undated: number;
}

/** How many rows the query matches; blocks that match whole are not read. */
export function countRows(segments: Segments, query: Query): number {
  let count = 0;
  for (const entry of segments.entries) {
    const share = segments.shareOf(query, entry);
    if (share === "all") count += entry.rows;
    if (share === "some") count += countOf(select(query, segments.open(entry)));
  }
  return count;
}

/** How many matching rows fall into each stretch of `bucketTicks`, which is positive. */
export function densityOf(segments: Segments, query: Query, bucketTicks: bigint): Density {
  const counts = new Map<bigint, number>();
  let undated = 0;
  const add = (from: bigint, events: number) => {
    if (events > 0) counts.set(from, (counts.get(from) ?? 0) + events);
  };
  for (const entry of segments.entries) {
    const share = segments.shareOf(query, entry);
    if (share === "none") continue;
    const first = bucketOf(entry.ticksMin, bucketTicks);
    if (share === "all" && first === bucketOf(entry.ticksMax, bucketTicks)) {
      add(first, entry.rows - entry.undated);
      undated += entry.undated;
      continue;
    }
    const block = segments.open(entry);
    const selection = select(query, block);
    // Rows mostly follow one another in time: the bucket is looked up when it changes.
    let [from, events] = [first, 0];
    for (let row = selection.indexOf(1); row >= 0; row = selection.indexOf(1, row + 1)) {
      const ticks = block.head.ticks[row] ?? UNDATED;
      if (ticks === UNDATED) undated++;
      else if (ticks >= from && ticks < from + bucketTicks) events++;
      else {
        add(from, events);
        [from, events] = [bucketOf(ticks, bucketTicks), 1];
      }
    }
    add(from, events);
  }
  const buckets = [...counts].map(([from, events]) => ({ from, events }));
  return { buckets: buckets.sort((a, b) => (a.from < b.from ? -1 : 1)), undated };
}

/** The start of the bucket that holds this time: rounded down, before 1970 as well. */
function bucketOf(ticks: bigint, bucketTicks: bigint): bigint {
  const within = ticks % bucketTicks;
  return ticks - within - (within < 0n ? bucketTicks : 0n);
}
