/**
 * Where the rows of a CSV log and their cells start: the hot loop. Knows nothing of names and values, and stops at the
 * first line that is no plain row, so that everything odd is handled slowly elsewhere. Spec: RFC 4180.
 */
import { LINE_BYTES_MAX } from "../text/line-reading.ts";
import { COLUMNS_MAX, type Delimiter } from "./grammar.ts";

/** Rows of one window as offsets; reused from batch to batch. */
export interface RowStarts {
  length: number;
  /** Lines between the batch's first line and the one behind its last row. */
  nextLine: number;
  /** `columns + 1` entries a row: where each cell starts, quotes included, and one past the byte behind the last cell. */
  readonly starts: Int32Array;
  /** Per row: lines between the batch's first line and this one. */
  readonly lines: Int32Array;
}

/** Rows of a batch at most: together with their cells they stay near the processor. */
export const ROWS_MAX = 4_096;
const STARTS_MAX = 131_072;

/** Empty rows, with room for a batch of a file of this size: small files are many. */
export function makeRowStarts(byteLength: number): RowStarts {
  // A row has no more cells than bytes, its end included.
  const room = Math.min(STARTS_MAX, 2 * byteLength + COLUMNS_MAX + 1);
  const rows = Math.min(ROWS_MAX, byteLength + 1);
  return { length: 0, nextLine: 0, starts: new Int32Array(room), lines: new Int32Array(rows) };
}

/** How many rows of so many columns fit into a batch; one at least. */
export function rowsThatFit({ starts, lines }: RowStarts, columns: number): number {
  return Math.min(lines.length, Math.floor(starts.length / (columns + 1)));
}

/** How lines are told apart, and rows from other lines. */
export interface LineShape {
  readonly columns: number;
  readonly delimiter: Delimiter;
  /** Lines that begin with one of these two bytes are none of the rows: directives, and headers written again; -1: none. */
  readonly oddA: number;
  readonly oddB: number;
  /** Whether a cell in quotes may hold line ends; without it such a row is no plain one. */
  readonly isOverLines?: boolean;
}

const QUOTE = 34;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Appends plain rows of bytes[from..end) to `rows`; `end` is just after a line feed. Returns where it stopped: at `end`, at
 * the start of a line that is no plain row, or where the batch is full. About 500 MB/s.
 * A plain row has exactly `columns` cells, no NUL, no line end in a cell unless the shape allows it, and is within the limit.
 */
export function scanRows(
  bytes: Uint8Array,
  from: number,
  end: number,
  shape: LineShape,
  rows: RowStarts,
  line: number,
): number {
  const { starts, lines } = rows;
  const { columns, oddA, oddB } = shape;
  const isOverLines = shape.isOverLines === true;
  const delimiter = shape.delimiter.charCodeAt(0);
  const special = Math.max(delimiter, QUOTE);
  const fit = rowsThatFit(rows, columns);
  let row = rows.length;
  let at = from;
  let lineStart = from;
  let delta = line;
  let nextLine = line;
  while (row < fit && at < end) {
    let byte = bytes[at] ?? 0;
    if (byte === oddA || byte === oddB) break;
    const first = row * (columns + 1);
    const last = first + columns;
    let slot = first;
    let cell = at;
    starts[slot++] = at++;
    for (;;) {
      // One comparison passes over most bytes: letters and digits are all above the comma and the quote.
      if (byte <= special) {
        if (byte === delimiter) {
          cell = at;
          if (slot < last) starts[slot] = at;
          slot++;
        } else if (byte === QUOTE && at - 1 === cell) {
          at = behindQuotes(bytes, at, delimiter);
          for (; at < 0; nextLine++)
            at = isOverLines ? behindQuotes(bytes, -at, delimiter) : bytes.length;
        } else if (byte === LINE_FEED || byte === 0) break;
      }
      byte = bytes[at++] ?? 0;
    }
    if (byte === 0 || slot !== last || at - lineStart > LINE_BYTES_MAX) break;
    starts[last] = bytes[at - 2] === CARRIAGE_RETURN ? at - 1 : at;
    lines[row] = delta;
    delta = ++nextLine;
    row++;
    lineStart = at;
  }
  rows.length = row;
  rows.nextLine = delta;
  return lineStart;
}

/**
 * The byte behind a quoted cell that goes on at `from`: its delimiter or line end. Where a line ends within the quotes, the
 * negative of the byte behind that; where they do not close, or text stands behind them, a place beyond all bytes: the line
 * is no plain row then.
 */
function behindQuotes(bytes: Uint8Array, from: number, delimiter: number): number {
  for (let at = from; ; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === LINE_FEED) return -(at + 1);
    if (byte === 0) return bytes.length;
    if (byte !== QUOTE) continue;
    const next = bytes[at + 1] ?? 0;
    if (next === delimiter || next === LINE_FEED) return at + 1;
    if (next === CARRIAGE_RETURN && bytes[at + 2] === LINE_FEED) return at + 1;
    if (next !== QUOTE) return bytes.length;
    at++;
  }
}
