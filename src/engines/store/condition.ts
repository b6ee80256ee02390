/**
 * Queries as SQL, in three values: a row that fails `may` does not match, a row that meets `must` does, and what lies
 * between is decided in JavaScript (decide.ts). Most queries leave nothing between.
 */
import { assert, unreachable } from "../../base/assert.ts";
import type { Contains, Query, QueryColumn } from "../../model/query.ts";
import { foldAscii } from "./fold.ts";
import { FALSE, joined, type Sql, sql, TRUE } from "./sql.ts";
import { storedText } from "./text.ts";
import { textCondition } from "./text-search.ts";

/** Neither is ever null in SQL: `NOT` must not lose a row. The same object where nothing is in doubt. */
export interface Condition {
  readonly may: Sql;
  readonly must: Sql;
  /** Whether it looks into the fields, the one column that is as large as all others. */
  readonly isWide: boolean;
}

const DEPTH_MAX = 200;
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The condition of a query. */
export function conditionOf(query: Query, depth = 0): Condition {
  assert(depth < DEPTH_MAX, "a query is not nested deeper than 200");
  switch (query.kind) {
    case "all":
      return surely(TRUE);
    case "and":
      return combined(
        query.parts.map((part) => conditionOf(part, depth + 1)),
        " AND ",
        TRUE,
      );
    case "or":
      return anyOf(query.parts, depth);
    case "not": {
      const part = conditionOf(query.part, depth + 1);
      if (part.may === part.must) return surely(sql`NOT (${part.may})`, part.isWide);
      return {
        may: sql`NOT (${part.must})`,
        must: sql`NOT (${part.may})`,
        isWide: part.isWide,
      };
    }
    case "time":
      return surely(withinTime(query.from, query.to));
    case "is":
      return surely(columnIs(query.column, foldAscii(query.value)));
    case "contains":
      return searchOf([query]);
    default:
      return unreachable(query);
  }
}

/** All texts that are sought become one search: one pass over the fields, however many they are. */
function anyOf(parts: readonly Query[], depth: number): Condition {
  const sought = parts.filter((part) => part.kind === "contains");
  const others = parts
    .filter(({ kind }) => kind !== "contains")
    .map((part) => conditionOf(part, depth + 1));
  return combined(sought.length === 0 ? others : [...others, searchOf(sought)], " OR ", FALSE);
}

function searchOf(sought: readonly Contains[]): Condition {
  const anywhere = sought.filter((one) => one.in === undefined);
  const inFields = sought.filter((one) => one.in === "fields");
  const textOf = ({ text }: Contains) => text;
  return textCondition(anywhere.map(textOf), inFields.map(textOf));
}

function combined(parts: readonly Condition[], by: " AND " | " OR ", none: Sql): Condition {
  const all = (pieces: readonly Sql[]) =>
    pieces.length === 0
      ? none
      : joined(
          pieces.map((piece) => sql`(${piece})`),
          by,
        );
  const may = all(parts.map((part) => part.may));
  const isWide = parts.some((part) => part.isWide);
  if (parts.every((part) => part.may === part.must)) return surely(may, isWide);
  return { may, must: all(parts.map((part) => part.must)), isWide };
}

function surely(both: Sql, isWide = false): Condition {
  return { may: both, must: both, isWide };
}

function withinTime(from: bigint | null, to: bigint | null): Sql {
  const parts = [sql`ticks IS NOT NULL`];
  if (from !== null) parts.push(sql`ticks >= ${from}`);
  if (to !== null) parts.push(sql`ticks < ${to}`);
  return joined(parts, " AND ");
}

function columnIs(column: QueryColumn, folded: string): Sql {
  if (column === "eventId") return eventIdIs(folded);
  // What is stored of a text keeps the cases of its letters, so it folds as the text does.
  const stored = columnSql(column);
  return sql`translate(${stored}, ${UPPER}, ${foldAscii(UPPER)}) = ${storedText(folded)}`;
}

function eventIdIs(text: string): Sql {
  if (text === "") return sql`event_id = -1`;
  const id = Number(text);
  const isId = Number.isInteger(id) && Math.abs(id) < 2 ** 31 && `${id}` === text && id !== -1;
  return isId ? sql`event_id = ${id}` : FALSE;
}

/** The SQL of a column's value as a query sees it; of an event id, the number. */
export function columnSql(column: QueryColumn): Sql {
  switch (column) {
    case "host":
      return sql`host`;
    case "channel":
      return sql`channel`;
    case "format":
      return sql`format`;
    case "evidence":
      return sql`evidence`;
    case "eventId":
      return sql`event_id`;
    default:
      return unreachable(column);
  }
}
