/** Events by their keys: source and offset give the segments, DuckDB the rows. */
import type { Event, EventKey } from "../../model/event.ts";
import type { Database } from "./database.ts";
import { EVENT_COLUMNS, eventOfRow } from "./event-rows.ts";
import { splitKey } from "./order.ts";
import type { Segment } from "./segment.ts";
import { joined, sql } from "./sql.ts";
import { tableOf } from "./table.ts";

/** Keys of one statement: a list of offsets that DuckDB still compares with the statistics of each row group. */
const KEYS_MAX = 500;

/** The events with these keys in the order of the keys, without those that are not here. */
export async function findEvents(
  dir: string,
  database: Database,
  segments: readonly Segment[],
  keys: readonly EventKey[],
): Promise<readonly Event[]> {
  const found = new Map<EventKey, Event>();
  const sources = Map.groupBy(new Set(keys), (key) => splitKey(key).source);
  for (const [source, inSource] of sources) {
    const offsets = inSource.map((key) => splitKey(key).offset).sort((a, b) => a - b);
    for (let from = 0; from < offsets.length; from += KEYS_MAX) {
      const some = offsets.slice(from, from + KEYS_MAX);
      const table = tableOf(dir, segmentsWith(segments, source, some));
      if (table === null) continue;
      const list = joined(
        some.map((offset) => sql`${offset}`),
        ", ",
      );
      const rows = await database.all(
        sql`SELECT ${EVENT_COLUMNS} FROM ${table} WHERE source = ${source} AND "offset" IN (${list})`,
      );
      for (const event of rows.map(eventOfRow)) found.set(event.key, event);
    }
  }
  return keys.flatMap((key) => found.get(key) ?? []);
}

/** Segments that can hold a row of the source at one of these offsets. */
function segmentsWith(
  segments: readonly Segment[],
  source: string,
  offsets: readonly number[],
): readonly Segment[] {
  const [first = 0, last = 0] = [offsets[0], offsets.at(-1)];
  return segments.filter(
    ({ sources, groups }) =>
      (sources === null || sources.includes(source)) &&
      groups.some(({ offsetMin, offsetMax }) => offsetMin <= last && offsetMax >= first),
  );
}
