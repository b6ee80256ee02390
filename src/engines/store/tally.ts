/** How many rows match: altogether, over time, and by the values of a column. DuckDB counts; only rows in doubt are decoded. */
import type { DuckDBValue } from "@duckdb/node-api";
import type { Event } from "../../model/event.ts";
import { byCodeUnits } from "../../base/text.ts";
import { UNDATED } from "../../base/time.ts";
import type { Query, QueryColumn } from "../../model/query.ts";
import { columnSql, conditionOf } from "./condition.ts";
import type { Database } from "./database.ts";
import { matches, textOfEventId, valueOf } from "./decide.ts";
import { asLong, asNumber, asText, EVENT_COLUMNS, eventOfRow } from "./event-rows.ts";
import type { Segment } from "./segment.ts";
import { type Sql, sql } from "./sql.ts";
import { segmentsWithin, tableOf, timesOf } from "./table.ts";

/** Matching events over time. */
export interface Density {
  /** Stretches that hold an event, the earliest first; `from` is a multiple of the stretch's length. */
  readonly buckets: readonly { readonly from: bigint; readonly events: number }[];
  /** Matching events without a time. */
  readonly undated: number;
  /** Matching events in stretches beyond the VALUES_MAX fullest; 0 where the stretches suit the times. */
  readonly others: number;
}

/** Matching events by the values of a column. */
export interface Facet {
  /** As the sources write them, the most frequent first, then in the order of their code units. */
  readonly values: readonly { readonly value: string; readonly events: number }[];
  /** Matching events with any other value. */
  readonly others: number;
}

/** A column may have as many values, and time as many stretches, as an attacker likes: of more, the most frequent are told apart. */
const VALUES_MAX = 100_000;

interface Counted {
  /** Rows that surely match, by value. */
  readonly values: ReadonlyMap<DuckDBValue, number>;
  /** Rows that surely match, with values beyond VALUES_MAX. */
  readonly others: number;
  /** Whether there are rows that may match. */
  readonly doubtful: boolean;
}

/** Counts over one open store. */
export class Tally {
  readonly #dir: string;
  readonly #database: Database;
  readonly #segments: readonly Segment[];

  constructor(dir: string, database: Database, segments: readonly Segment[]) {
    this.#dir = dir;
    this.#database = database;
    this.#segments = segments;
  }

  /** How many rows match. */
  async count(query: Query): Promise<number> {
    const counted = await this.#counted(query, sql`NULL`);
    let count = sumOf(counted.values.values());
    for await (const _ of this.#doubtful(query, counted)) count++;
    return count;
  }

  /** How many matching rows fall into each stretch of `bucketTicks`, which is positive. */
  async density(query: Query, bucketTicks: bigint): Promise<Density> {
    // Rounded down, before 1970 as well.
    const within = sql`ticks % ${bucketTicks}`;
    const below = sql`CASE WHEN ${within} < 0 THEN ${bucketTicks} ELSE 0 END`;
    const counted = await this.#counted(query, sql`ticks - ${within} - ${below}`);
    let undated = counted.values.get(null) ?? 0;
    const counts = new Map<bigint, number>();
    for (const [from, events] of counted.values)
      if (from !== null && events > 0) counts.set(asLong(from), events);
    for await (const { ticks } of this.#doubtful(query, counted)) {
      if (ticks === UNDATED) undated++;
      else increase(counts, bucketOf(ticks, bucketTicks), 1);
    }
    const buckets = [...counts].map(([from, events]) => ({ from, events }));
    return {
      buckets: buckets.sort((a, b) => (a.from < b.from ? -1 : 1)),
      undated,
      others: counted.others,
    };
  }

  /** The `limit` most frequent values of the column among matching rows. */
  async facet(query: Query, column: QueryColumn, limit: number): Promise<Facet> {
    const counted = await this.#counted(query, columnSql(column));
    const counts = new Map<string, number>();
    for (const [value, events] of counted.values)
      if (events > 0)
        counts.set(typeof value === "number" ? textOfEventId(value) : asText(value), events);
    for await (const event of this.#doubtful(query, counted))
      increase(counts, valueOf(column, event), 1);
    const values = [...counts]
      .map(([value, events]) => ({ value, events }))
      .sort((a, b) => b.events - a.events || byCodeUnits(a.value, b.value))
      .slice(0, limit);
    const listed = sumOf(values.map(({ events }) => events));
    return { values, others: sumOf(counts.values()) + counted.others - listed };
  }

  /** What DuckDB counts by the value of an expression, in one pass: rows that surely match, and rows in doubt. */
  async #counted(query: Query, value: Sql): Promise<Counted> {
    const table = this.#tableOf(query);
    const { may, must } = conditionOf(query);
    if (table === null) return { values: new Map(), others: 0, doubtful: false };
    // The cheaper condition passes over most rows before the other is asked.
    const rows = await this.#database.all(
      sql`WITH counted AS (
          SELECT ${value} AS value, count(*) FILTER (WHERE ${must}) AS sure, count(*) AS all_of
          FROM ${table} WHERE ${may} GROUP BY 1)
        SELECT value, sure, sum(sure) OVER ()::BIGINT, sum(all_of) OVER ()::BIGINT
        FROM counted ORDER BY sure DESC, value LIMIT ${VALUES_MAX}`,
    );
    const values = new Map(rows.map(([one = null, sure]) => [one, asNumber(sure)] as const));
    const [, , sure = 0n, all = 0n] = rows[0] ?? [];
    const others = asNumber(sure) - sumOf(values.values());
    return { values, others, doubtful: asNumber(sure) < asNumber(all) };
  }

  /** The rows that match without DuckDB being sure of it. */
  async *#doubtful(query: Query, { doubtful }: Counted): AsyncGenerator<Event> {
    const table = this.#tableOf(query);
    const { may, must } = conditionOf(query);
    if (table === null || !doubtful) return;
    const rows = this.#database.stream(
      sql`SELECT ${EVENT_COLUMNS} FROM ${table} WHERE (${may}) AND NOT (${must})`,
    );
    for await (const some of rows)
      for (const row of some) {
        const event = eventOfRow(row);
        if (matches(query, event)) yield event;
      }
  }

  #tableOf(query: Query): Sql | null {
    return tableOf(this.#dir, segmentsWithin(this.#segments, timesOf(query)));
  }
}

function sumOf(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

function increase<T>(counts: Map<T, number>, key: T, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** The start of the bucket that holds this time: rounded down, before 1970 as well. */
function bucketOf(ticks: bigint, bucketTicks: bigint): bigint {
  const within = ticks % bucketTicks;
  return ticks - within - (within < 0n ? bucketTicks : 0n);
}
