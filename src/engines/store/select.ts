/**
 * Which rows of a block a query matches: one byte a row, 1 or 0, exactly as src/model/query.ts says.
 * Hot: a pass over one column each; the cheap parts of an "and" decide whether the body is read at all.
 */
import { unreachable } from "../../base/assert.ts";
import { UNDATED } from "../../base/time.ts";
import type { Query, QueryColumn } from "../../model/query.ts";
import type { Block } from "./block.ts";
import { foldAscii } from "./fold.ts";
import { selectText } from "./search.ts";
import { shareOf, textOfEventId } from "./share.ts";

/** One byte a row: 1 where the query matches it. */
export type Selection = Uint8Array;

/** The rows of the block that the query matches. */
export function select(query: Query, block: Block): Selection {
  const rows = block.entry.rows;
  const share = shareOf(query, block.entry, block.place);
  if (share !== "some") return new Uint8Array(rows).fill(share === "all" ? 1 : 0);
  switch (query.kind) {
    case "all":
      return new Uint8Array(rows).fill(1);
    case "and":
      return selectAll(query.parts, block);
    case "or":
      return inverted(
        selectAll(
          query.parts.map((part) => ({ kind: "not", part })),
          block,
        ),
      );
    case "not":
      return inverted(select(query.part, block));
    case "time":
      return selectTime(query.from, query.to, block.head.ticks);
    case "is":
      return selectValue(query.column, foldAscii(query.value), block);
    case "contains":
      return selectText(query.text, block);
    default:
      return unreachable(query);
  }
}

/** How many rows are selected. */
export function countOf(selection: Selection): number {
  let count = 0;
  for (let row = 0; row < selection.length; row++) count += selection[row] ?? 0;
  return count;
}

/** Rows that every part matches. */
function selectAll(parts: readonly Query[], block: Block): Selection {
  const selection = new Uint8Array(block.entry.rows).fill(1);
  for (const part of [...parts].sort((a, b) => costOf(a) - costOf(b))) {
    const next = select(part, block);
    for (let row = 0; row < selection.length; row++)
      selection[row] = (selection[row] ?? 0) & (next[row] ?? 0);
    if (!selection.includes(1)) break;
  }
  return selection;
}

/** 1 where the part has to look into the body, 0 where a column is enough. */
function costOf(query: Query): number {
  switch (query.kind) {
    case "and":
    case "or":
      return Math.max(0, ...query.parts.map(costOf));
    case "not":
      return costOf(query.part);
    case "contains":
      return 1;
    case "all":
    case "time":
    case "is":
      return 0;
    default:
      return unreachable(query);
  }
}

function inverted(selection: Selection): Selection {
  for (let row = 0; row < selection.length; row++) selection[row] = (selection[row] ?? 0) ^ 1;
  return selection;
}

function selectTime(from: bigint | null, to: bigint | null, column: BigInt64Array): Selection {
  const selection = new Uint8Array(column.length);
  for (let row = 0; row < column.length; row++) {
    const ticks = column[row] ?? UNDATED;
    // Without this an open start would take undated rows for the earliest.
    if (ticks === UNDATED) continue;
    if ((from === null || ticks >= from) && (to === null || ticks < to)) selection[row] = 1;
  }
  return selection;
}

function selectValue(column: QueryColumn, folded: string, block: Block): Selection {
  const { head } = block;
  switch (column) {
    case "host":
      return selectNumbers(head.hosts, head.names.hosts, (text) => foldAscii(text) === folded);
    case "channel":
      return selectNumbers(
        head.channels,
        head.names.channels,
        (text) => foldAscii(text) === folded,
      );
    case "eventId":
      return Uint8Array.from(head.eventIds, (id) => (textOfEventId(id) === folded ? 1 : 0));
    // One value a block: the manifest has decided.
    case "format":
    case "evidence":
      return new Uint8Array(block.entry.rows);
    default:
      return unreachable(column);
  }
}

/** Rows whose name fits; each name is looked at once, however many rows bear it. */
export function selectNumbers(
  numbers: Uint16Array,
  names: readonly string[],
  fits: (name: string) => boolean,
): Selection {
  const fitting = Uint8Array.from(names, (name) => (fits(name) ? 1 : 0));
  const selection = new Uint8Array(numbers.length);
  for (let row = 0; row < numbers.length; row++) selection[row] = fitting[numbers[row] ?? 0] ?? 0;
  return selection;
}
