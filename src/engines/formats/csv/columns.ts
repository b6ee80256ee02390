/**
 * The columns of a CSV log as its header names them, made ready for reading and printing rows.
 * Refuses headers of fewer than two names or more than COLUMNS_MAX.
 */
import { type Lead, leadOf } from "../json/json-lead.ts";
import { COLUMNS_MAX } from "./grammar.ts";

/** What stands in which column. */
export interface Columns {
  /** As the header has them, blanks removed; a column may lack a name. */
  readonly names: readonly string[];
  /** Of a name that stands twice the first: appending a column cannot hide one. */
  readonly columnOf: ReadonlyMap<string, number>;
  /** Columns that are answered: named ones, each name once, then the other names of some of them. */
  readonly answered: Int32Array;
  /** By which name each of them is answered. */
  readonly answeredNames: readonly string[];
  /** "cut": blanks at the end of a text go, and quotes around nothing are a missing field. */
  readonly blanks: Blanks;
  /** Per column: 1 where its digits are read as a number. */
  readonly numeric: Uint8Array;
  readonly printed: Printed;
}

/** What becomes of blanks at the end of a cell. */
export type Blanks = "kept" | "cut";

/** What of a row's JSON is the same in every row: what stands before each answered value. */
interface Printed {
  /** As putLead has it: the words of all leads, where those of each start, and its bytes. */
  readonly words: Int32Array;
  readonly starts: Int32Array;
  readonly sizes: Int32Array;
  /** Bytes of all leads, and of the quotes behind the values. */
  readonly ownBytes: number;
}

/**
 * The columns that a header's cells name; `isNumber` says which of them hold whole numbers; `others` are further names of
 * columns. Null where these cannot be the names of a log.
 */
export function columnsOf(
  cells: readonly string[],
  isNumber: (name: string) => boolean,
  others: readonly (readonly [name: string, column: number])[] = [],
  blanks: Blanks = "kept",
): Columns | null {
  if (cells.length < 2 || cells.length > COLUMNS_MAX) return null;
  const names = cells.map((cell) => cell.replaceAll(/[ \t]/g, ""));
  const columnOf = new Map<string, number>();
  for (const [column, name] of names.entries())
    if (name !== "" && !columnOf.has(name)) columnOf.set(name, column);
  for (const [name, column] of others) if (!columnOf.has(name)) columnOf.set(name, column);
  const leads = [...columnOf.keys()].map((name) => leadBefore(name, !isNumber(name)));
  return {
    names,
    columnOf,
    answered: Int32Array.from(columnOf.values()),
    answeredNames: [...columnOf.keys()],
    blanks,
    numeric: Uint8Array.from(names, (name) => (isNumber(name) ? 1 : 0)),
    printed: printedOf(leads),
  };
}

/** The number of the first of these columns that there is, or -1. */
export function firstOf({ columnOf }: Columns, names: readonly string[]): number {
  for (const name of names) {
    const column = columnOf.get(name);
    if (column !== undefined) return column;
  }
  return -1;
}

/** What stands before a value, from the comma on; with the quote of a text, which a number lacks. */
export function leadBefore(name: string, isText: boolean): Lead {
  return leadOf(`,${JSON.stringify(name)}:${isText ? '"' : ""}`);
}

function printedOf(leads: readonly Lead[]): Printed {
  const starts = [0];
  for (const { words } of leads) starts.push((starts.at(-1) ?? 0) + words.length);
  return {
    words: Int32Array.from(leads.flatMap(({ words }) => [...words])),
    starts: Int32Array.from(starts),
    sizes: Int32Array.from(leads, ({ sizeBytes }) => sizeBytes),
    ownBytes: leads.reduce((sum, { sizeBytes }) => sum + sizeBytes + 2, 0),
  };
}
