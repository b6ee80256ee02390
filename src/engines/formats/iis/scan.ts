/**
 * Where rows and their columns start: the hot loop of the IIS reader. Knows nothing of names and values,
 * and stops at the first line that is not a plain row, so that everything odd is handled slowly elsewhere.
 */
import { COLUMNS_MAX, LINE_BYTES_MAX } from "./layout.ts";

/** Rows of one window as offsets; reused from batch to batch. */
export interface Rows {
  length: number;
  /** `columns + 1` entries a row: where each column starts, and one past the blank or line end after the last. */
  readonly starts: Int32Array;
  /** Per row: lines between the batch's first line and this one. */
  readonly lines: Int32Array;
}

/** Rows of a batch at most: together with their columns they stay in the processor's second cache. */
export const ROWS_MAX = 4_096;
const STARTS_MAX = ROWS_MAX * 24;

/** Empty rows, with room for a batch of a file of this size: small files are many. */
export function makeRows(byteLength: number): Rows {
  // A row has no more columns than bytes, its end included.
  const room = Math.min(STARTS_MAX, 2 * byteLength + COLUMNS_MAX + 1);
  return { length: 0, starts: new Int32Array(room), lines: new Int32Array(ROWS_MAX) };
}

/** How many rows of this many columns fit into a batch; one at least. */
export function rowsThatFit(rows: Rows, columns: number): number {
  return Math.min(ROWS_MAX, Math.floor(rows.starts.length / (columns + 1)));
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const HASH = 35;

/**
 * Appends plain rows of bytes[at..end) to `rows`; `end` is just after a line feed. Returns where it stopped:
 * at `end`, at the start of a line that is no plain row, or where the batch is full. About 700 MB/s.
 * A plain row has exactly `columns` columns, no NUL, no leading `#`, and is within the limit; HTTPERR writes a blank more.
 */
export function scanRows(
  bytes: Uint8Array,
  from: number,
  end: number,
  columns: number,
  rows: Rows,
  line: number,
): number {
  const { starts, lines } = rows;
  const fit = rowsThatFit(rows, columns);
  let row = rows.length;
  let at = from;
  let lineStart = from;
  let delta = line;
  while (row < fit && at < end && bytes[at] !== HASH) {
    const first = row * (columns + 1);
    const last = first + columns;
    let slot = first;
    starts[slot++] = at;
    let byte = bytes[at++] ?? 0;
    for (;;) {
      // One comparison passes over nearly every byte: letters and digits are all above the blank.
      if (byte <= BLANK) {
        if (byte === BLANK) {
          if (slot < last) starts[slot] = at;
          slot++;
        } else if (byte === LINE_FEED || byte === 0) break;
      }
      byte = bytes[at++] ?? 0;
    }
    if (byte === 0 || at - lineStart > LINE_BYTES_MAX) break;
    const end = bytes[at - 2] === CARRIAGE_RETURN ? at - 1 : at;
    const blanks = slot === last + 1 && bytes[end - 2] === BLANK ? 1 : 0;
    if (slot !== last + blanks) break;
    starts[last] = end - blanks;
    lines[row] = delta++;
    row++;
    lineStart = at;
  }
  rows.length = row;
  return lineStart;
}
