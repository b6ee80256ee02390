/**
 * Questions to the segments that were published. Answers are exact, not supersets; memory is what was given to DuckDB, and
 * the answer. Refuses to answer from altered files: Fault vault-damaged, and the hint to rebuild.
 */
import { join, resolve } from "node:path";
import { assert } from "../../base/assert.ts";
import type { Event, EventKey } from "../../model/event.ts";
import type { PageStart, Query, QueryColumn } from "../../model/query.ts";
import { checkSegment } from "./check.ts";
import { Database, type DatabaseSettings } from "./database.ts";
import { holdFile, releaseFile } from "./files.ts";
import { findEvents } from "./find.ts";
import { readManifest } from "./manifest.ts";
import { type ScanAsked, type Scanned, scanEvents } from "./scan.ts";
import type { Segment } from "./segment.ts";
import { type Density, type Facet, Tally } from "./tally.ts";
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
  page(query: Query, after: PageStart | null, limit: number): Promise<readonly Event[]>;
  /** The events with these keys, in the order of the keys; a key that is not here is left out. */
  find(keys: readonly EventKey[]): Promise<readonly Event[]>;
  /** All rows that may match, in the order of the timeline: a superset, to be decided again. Closing the store ends it. */
  scan(asked: ScanAsked): AsyncIterable<Scanned>;
  /** How many events match. */
  count(query: Query): Promise<number>;
  /** How many matching events fall into each stretch of `bucketTicks` (1 to 2^62), counted from 1970. */
  density(query: Query, bucketTicks: bigint): Promise<Density>;
  /** The `limit` most frequent values of a column among the matching events. */
  facet(query: Query, column: QueryColumn, limit: number): Promise<Facet>;
  /** Closes DuckDB; the store answers nothing more. Files that were replaced meanwhile go now. */
  close(): void;
}

/**
 * Opens what is published in `dir`; what is published later is not seen. Faults, here and in every question:
 * vault-damaged where it was altered or is not there at all, not-readable where the disk fails.
 */
export async function openStore(dir: string, settings: DatabaseSettings): Promise<Store> {
  const segments = readManifest(dir);
  const folder = resolve(dir);
  const release = hold(folder, segments);
  try {
    for (const segment of segments) checkSegment(folder, segment);
    const database = await Database.open(folder, settings);
    return storeOf(folder, database, segments, release);
  } catch (error) {
    release();
    throw error;
  }
}

function storeOf(
  dir: string,
  database: Database,
  segments: readonly Segment[],
  release: () => void,
): Store {
  const timeline = new Timeline(dir, database, segments);
  const tally = new Tally(dir, database, segments);
  return {
    rows: segments.reduce((sum, { rows }) => sum + rows, 0),
    async page(query, after, limit) {
      assert(limit >= 1 && limit <= PAGE_ROWS_MAX, "a page has 1 to PAGE_ROWS_MAX rows");
      return timeline.page(query, after, limit);
    },
    find: (keys) => findEvents(dir, database, segments, keys),
    scan: (asked) => scanEvents(dir, database, segments, asked),
    count: (query) => tally.count(query),
    async density(query, bucketTicks) {
      assert(bucketTicks > 0n && bucketTicks <= 2n ** 62n, "a stretch of time is 1 to 2^62");
      return tally.density(query, bucketTicks);
    },
    async facet(query, column, limit) {
      assert(limit >= 1, "a facet lists a value at least");
      return tally.facet(query, column, limit);
    },
    close() {
      database.close();
      release();
    },
  };
}

/** Keeps the files of these segments from being removed; gives back what ends that, once. */
function hold(dir: string, segments: readonly Segment[]): () => void {
  const paths = new Set(segments.map(({ file }) => join(dir, file)));
  for (const path of paths) holdFile(path);
  return () => {
    for (const path of paths) releaseFile(path);
    paths.clear();
  };
}
