/**
 * All rows that may match a query, in the order of the timeline, as batches: a superset, for whoever decides each row again. Stretch by
 * stretch, so that DuckDB never sorts more than about what it can hold; the fewer rows match, the longer the stretches.
 */
import { UNDATED } from "../../base/time.ts";
import type { Query } from "../../model/query.ts";
import { conditionOf } from "./condition.ts";
import type { Database } from "./database.ts";
import { EVENT_COLUMNS } from "./event-rows.ts";
import { batchesOf, type KeptBatch, type UnlistedOf } from "./kept-batch.ts";
import type { Segment } from "./segment.ts";
import { type Sql, sql } from "./sql.ts";
import { Stretches } from "./stretches.ts";
import { segmentsWithin, tableOf, type Times } from "./table.ts";

/** Rows of the first stretch, and of the shortest. */
const STRETCH_ROWS_MIN = 65_536;
/** With fewer rows found in a stretch the next is longer, with more it is shorter. */
const FOUND_ROWS = 32_768;
const GROWTH = 4;

/** What a scan looks at. */
export interface ScanAsked {
  readonly query: Query;
  /** Dated rows outside [from, to) are left out; undated ones never are. Null leaves a side open. */
  readonly from: bigint | null;
  readonly to: bigint | null;
  readonly unlistedOf: UnlistedOf;
}

/** A part of what a scan finds. */
export interface Scanned {
  readonly batches: readonly KeptBatch[];
  /** Rows of the store that were passed so far, about. */
  readonly passed: number;
}

/** Walks the rows of these segments. */
export async function* scanEvents(
  dir: string,
  database: Database,
  segments: readonly Segment[],
  { query, from, to, unlistedOf }: ScanAsked,
): AsyncGenerator<Scanned> {
  const { may } = conditionOf(query);
  const stretches = new Stretches(segments);
  const last = to === null ? 2n ** 63n - 1n : to - 1n;
  let start = from ?? UNDATED + 1n;
  let rows = STRETCH_ROWS_MIN;
  let passed = 0;
  const find = async function* (within: Sql, times: Times): AsyncGenerator<Scanned> {
    const table = tableOf(dir, segmentsWithin(segments, times));
    if (table === null) return;
    const found = database.columns(
      sql`SELECT ${EVENT_COLUMNS} FROM ${table} WHERE ${within} AND (${may})
        ORDER BY ticks, source, "offset"`,
    );
    for await (const some of found) yield { batches: batchesOf(some, unlistedOf), passed };
  };
  while (start <= last) {
    const end = stretches.endOf(start, rows) ?? last;
    const times = { from: start, to: end < last ? end : last, undated: false };
    let count = 0;
    for await (const some of find(sql`ticks >= ${times.from} AND ticks <= ${times.to}`, times)) {
      for (const { length } of some.batches) count += length;
      yield some;
    }
    if (count * GROWTH < FOUND_ROWS) rows *= GROWTH;
    else if (count > FOUND_ROWS) rows = Math.max(STRETCH_ROWS_MIN, Math.floor(rows / GROWTH));
    passed = stretches.rowsUntil(times.to);
    yield { batches: [], passed };
    start = times.to + 1n;
  }
  const undated = segments.filter((segment) => segment.undated > 0);
  yield* find(sql`ticks IS NULL`, { ...NO_TIMES, undated: undated.length > 0 });
}

/** No dated row is of these times. */
const NO_TIMES = { from: 1n, to: 0n } as const;
