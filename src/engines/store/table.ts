/** The segments that an open store reads, as one table for DuckDB: only those files are named that a question can concern. */
import { join } from "node:path";
import type { Query } from "../../model/query.ts";
import { quoted } from "./database.ts";
import type { Segment } from "./segment.ts";
import type { Sql } from "./sql.ts";

/** `FROM` of these segments; null where there are none, since DuckDB has no table of no files. */
export function tableOf(dir: string, segments: readonly Segment[]): Sql | null {
  if (segments.length === 0) return null;
  const paths = segments.map(({ file }) => quoted(join(dir, file))).join(", ");
  // A folder named `a=b` must not become a column.
  return { text: `read_parquet([${paths}], hive_partitioning = false)`, values: [] };
}

/** The times that a query can match, ends included, and whether it can match undated rows. */
export interface Times {
  readonly from: bigint;
  readonly to: bigint;
  readonly undated: boolean;
}

const ANY_TIME: Times = { from: -(2n ** 63n), to: 2n ** 63n - 1n, undated: true };

/** The times outside of which the query matches nothing: what "and" says of time; everything else is left to DuckDB. */
export function timesOf(query: Query): Times {
  if (query.kind === "time")
    return {
      from: query.from ?? ANY_TIME.from,
      to: query.to === null ? ANY_TIME.to : query.to - 1n,
      undated: false,
    };
  if (query.kind !== "and") return ANY_TIME;
  return query.parts.map(timesOf).reduce(
    (all, one) => ({
      from: one.from > all.from ? one.from : all.from,
      to: one.to < all.to ? one.to : all.to,
      undated: all.undated && one.undated,
    }),
    ANY_TIME,
  );
}

/** Segments that hold a row of these times. */
export function segmentsWithin(segments: readonly Segment[], times: Times): readonly Segment[] {
  return segments.filter(
    ({ ticksMin, ticksMax, undated }) =>
      (ticksMin <= times.to && ticksMax >= times.from) || (times.undated && undated > 0),
  );
}
