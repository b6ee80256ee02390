/**
 * How much of a block a query can match, by the manifest alone: none of its rows, all of them, or some.
 * Never wrong, only sometimes undecided: `some` may turn out to be none or all.
 */
import { unreachable } from "../../base/assert.ts";
import type { Place } from "../../model/evidence.ts";
import type { Query, QueryColumn } from "../../model/query.ts";
import { foldAscii } from "./fold.ts";
import type { BlockEntry } from "./manifest.ts";

export type Share = "none" | "some" | "all";

/** The share of the block's rows that the query can match. */
export function shareOf(query: Query, entry: BlockEntry, place: Place): Share {
  switch (query.kind) {
    case "all":
      return "all";
    case "and":
    case "or": {
      // `none` decides an "and", `all` decides an "or"; without a deciding part they are each other's rest.
      const [decides, rest] =
        query.kind === "and" ? (["none", "all"] as const) : (["all", "none"] as const);
      let share: Share = rest;
      for (const part of query.parts) {
        const next = shareOf(part, entry, place);
        if (next === decides) return decides;
        if (next === "some") share = "some";
      }
      return share;
    }
    case "not":
      return inverse(shareOf(query.part, entry, place));
    case "time":
      return shareOfTime(query.from, query.to, entry);
    case "is":
      return shareOfValue(foldAscii(query.value), textsOf(query.column, entry, place));
    case "contains":
      return "some";
    default:
      return unreachable(query);
  }
}

function inverse(share: Share): Share {
  return share === "some" ? "some" : share === "all" ? "none" : "all";
}

function shareOfTime(from: bigint | null, to: bigint | null, entry: BlockEntry): Share {
  const { ticksMin, ticksMax, undated, rows } = entry;
  if (undated === rows) return "none";
  if ((from !== null && ticksMax < from) || (to !== null && ticksMin >= to)) return "none";
  const covered = (from === null || ticksMin >= from) && (to === null || ticksMax < to);
  return covered && undated === 0 ? "all" : "some";
}

function shareOfValue(folded: string, texts: readonly string[] | null): Share {
  if (texts === null) return "some";
  const equal = texts.filter((text) => foldAscii(text) === folded).length;
  return equal === 0 ? "none" : equal === texts.length ? "all" : "some";
}

/** Every value of the column in the block, or null where the manifest does not list them. */
function textsOf(column: QueryColumn, entry: BlockEntry, place: Place): readonly string[] | null {
  switch (column) {
    case "host":
      return entry.hosts;
    case "channel":
      return entry.channels;
    case "eventId":
      return entry.eventIds?.map(textOfEventId) ?? null;
    case "format":
      return [entry.format];
    case "evidence":
      return [place.evidence];
    default:
      return unreachable(column);
  }
}

/** An event id as a query sees it; "" where the source has none. */
export function textOfEventId(eventId: number): string {
  return eventId === -1 ? "" : `${eventId}`;
}
