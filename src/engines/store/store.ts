/**
 * Questions to a finished store. Blocks that cannot match are passed over by the manifest, the rest are
 * decoded one at a time, so memory does not grow with the store. Answers are exact, not supersets.
 * Refuses to answer from altered files: Fault vault-damaged, and the hint to rebuild.
 */
import { assert } from "../../base/assert.ts";
import type { Event, EventKey } from "../../model/event.ts";
import type { PageStart, Query } from "../../model/query.ts";
import { countRows, type Density, densityOf } from "./count.ts";
import { blocksBySource, findEvents } from "./find.ts";
import { openSegments } from "./segments.ts";
import { Timeline } from "./timeline.ts";

/** The longest page that may be asked for. */
export const PAGE_ROWS_MAX = 10_000;

export interface Store {
  /** Events in the store. */
  readonly rows: number;
  /**
   * The first `limit` (1 to PAGE_ROWS_MAX) matching events strictly after `after` (null: from the start), in
   * the order (ticks, key): undated ones last, offsets of one file as numbers. The last event gives the next
   * `after`; a page shorter than `limit` is the last.
   */
  page(query: Query, after: PageStart | null, limit: number): readonly Event[];
  /** The events with these keys, in the order of the keys; a key that is not here is left out. */
  find(keys: readonly EventKey[]): readonly Event[];
  /** How many events match. */
  count(query: Query): number;
  /** How many matching events fall into each stretch of `bucketTicks` (above 0), counted from 1970. */
  density(query: Query, bucketTicks: bigint): Density;
  /** Closes the files; the store answers nothing more. */
  close(): void;
}

/**
 * Opens the finished store in `dir`. Faults, here and in every question: vault-damaged where it was altered
 * or is not there at all, not-readable where the disk fails.
 */
export function openStore(dir: string): Store {
  const segments = openSegments(dir);
  const timeline = new Timeline(segments);
  const blocks = blocksBySource(segments);
  return {
    rows: segments.rows,
    page(query, after, limit) {
      assert(limit >= 1 && limit <= PAGE_ROWS_MAX, "a page has 1 to PAGE_ROWS_MAX rows");
      return timeline.page(query, after, limit);
    },
    find: (keys) => findEvents(segments, blocks, keys),
    count: (query) => countRows(segments, query),
    density(query, bucketTicks) {
      assert(bucketTicks > 0n, "a stretch of time is above 0");
      return densityOf(segments, query, bucketTicks);
    },
    close: () => segments.close(),
  };
}
