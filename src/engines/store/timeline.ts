/**
 * Pages of a timeline. What the manifest knows of each row group bounds how far a page can reach: the stretch from its
 * start up to the time by which enough rows have surely passed. DuckDB sees only that stretch; where the rows in it do not
 * match, a stretch four times as long follows. In memory: the page.
 */
import { UNDATED } from "../../base/time.ts";
import type { Event } from "../../model/event.ts";
import type { PageStart, Query } from "../../model/query.ts";
import { type Condition, conditionOf } from "./condition.ts";
import type { Database } from "./database.ts";
import { matches } from "./decide.ts";
import { asLong, EVENT_COLUMNS, eventOfRow } from "./event-rows.ts";
import { splitKey } from "./order.ts";
import type { Segment } from "./segment.ts";
import { type Sql, sql } from "./sql.ts";
import { Stretches } from "./stretches.ts";
import { segmentsWithin, tableOf, type Times, timesOf } from "./table.ts";

/** Each stretch is this many times as rich as the one before. */
const GROWTH = 4;

/** The rows of an open store in their order; asked page by page. */
export class Timeline {
  readonly #dir: string;
  readonly #database: Database;
  readonly #segments: readonly Segment[];
  readonly #groups: Stretches;

  constructor(dir: string, database: Database, segments: readonly Segment[]) {
    this.#dir = dir;
    this.#database = database;
    this.#segments = segments;
    this.#groups = new Stretches(segments);
  }

  /** The first `limit` matching rows strictly after `after`. */
  async page(query: Query, after: PageStart | null, limit: number): Promise<readonly Event[]> {
    const condition = conditionOf(query);
    const found: Event[] = [];
    for (const stretch of this.#stretches(timesOf(query), after, limit)) {
      let start = after;
      for (;;) {
        const wanted = limit - found.length;
        const rows = await this.#rows(stretch, condition, start, wanted);
        found.push(...rows.filter((event) => matches(query, event)));
        if (found.length === limit) return found;
        if (rows.length < wanted) break;
        start = rows.at(-1) ?? null;
      }
    }
    return found;
  }

  /** Stretches of time, the earliest first, that hold every row of these times after the start; undated rows last. */
  *#stretches(times: Times, after: PageStart | null, limit: number): Generator<Times | "undated"> {
    if (after === null || after.ticks !== UNDATED) {
      let from = after === null || after.ticks < times.from ? times.from : after.ticks;
      let rows = limit;
      while (from <= times.to) {
        const end = this.#groups.endOf(from, rows);
        if (end === null || end >= times.to) {
          yield { from, to: times.to, undated: false };
          break;
        }
        yield { from, to: end, undated: false };
        from = end + 1n;
        rows *= GROWTH;
      }
    }
    if (times.undated) yield "undated";
  }

  /** The first rows of the stretch that may match, after the start. */
  async #rows(
    stretch: Times | "undated",
    { may, isWide }: Condition,
    start: PageStart | null,
    limit: number,
  ): Promise<readonly Event[]> {
    const condition = sql`${standsAfter(start)} AND (${may})`;
    const isUndated = stretch === "undated";
    const reach = isUndated || isWide ? stretch : await this.#reachOf(stretch, condition, limit);
    if (reach === null) return [];
    const table = tableOf(
      this.#dir,
      reach === "undated" ? this.#undated() : segmentsWithin(this.#segments, reach),
    );
    if (table === null) return [];
    const within = reach === "undated" ? sql`ticks IS NULL` : withinTimes(reach);
    const rows = await this.#database.all(
      sql`SELECT ${EVENT_COLUMNS} FROM ${table} WHERE ${within} AND ${condition}
        ORDER BY ticks, source, "offset" LIMIT ${limit}`,
    );
    return rows.map(eventOfRow);
  }

  /** The times of the first `limit` rows of the stretch, by its narrow columns: the wide ones are read only of these times. */
  async #reachOf(stretch: Times, condition: Sql, limit: number): Promise<Times | null> {
    const table = tableOf(this.#dir, segmentsWithin(this.#segments, stretch));
    if (table === null) return null;
    const [row] = await this.#database.all(
      sql`SELECT min(ticks), max(ticks) FROM (
        SELECT ticks FROM ${table} WHERE ${withinTimes(stretch)} AND ${condition} ORDER BY ticks LIMIT ${limit})`,
    );
    const [from = null, to = null] = row ?? [];
    return from === null ? null : { from: asLong(from), to: asLong(to), undated: false };
  }

  #undated(): readonly Segment[] {
    return this.#segments.filter(({ undated }) => undated > 0);
  }
}

function withinTimes({ from, to }: Times): Sql {
  return sql`ticks >= ${from} AND ticks <= ${to}`;
}

/** Rows strictly after this one, in the order (ticks, key); of an undated one, among the undated. */
function standsAfter(start: PageStart | null): Sql {
  if (start === null) return sql`true`;
  const { source, offset } = splitKey(start.key);
  const key = sql`(source > ${source} OR (source = ${source} AND "offset" > ${offset}))`;
  // Undated rows stand after every dated one.
  if (start.ticks === UNDATED) return sql`(ticks IS NULL AND ${key})`;
  return sql`(ticks IS NULL OR ticks > ${start.ticks} OR (ticks = ${start.ticks} AND ${key}))`;
}
