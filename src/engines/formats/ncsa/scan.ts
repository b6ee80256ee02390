/**
 * Where the columns of access lines start and end: the hot loop of the NCSA reader. Refuses every line that is none in
 * a column it can tell, and stops there, so that what is odd is handled slowly elsewhere. Spec: layout.ts.
 */
import { COLUMNS, Column, LINE_BYTES_MAX } from "./layout.ts";

/** Rows of one window as offsets; reused from batch to batch. */
export interface Rows {
  length: number;
  /** Per row and column: its first byte, or -1, and the byte after its last. */
  readonly edges: Int32Array;
  /** Per row: its first byte. */
  readonly starts: Int32Array;
}

/** Rows of a batch at most. */
export const ROWS_MAX = 4_096;
const EDGES = COLUMNS * 2;

/** Empty rows, with room for a batch of a file of this size: small files are many. */
export function makeRows(byteLength: number): Rows {
  // No row is shorter than its time.
  const room = Math.min(ROWS_MAX, Math.ceil(byteLength / 28) + 1);
  return { length: 0, edges: new Int32Array(room * EDGES), starts: new Int32Array(room) };
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const DASH = 45;
const SLASH = 47;
const COLON = 58;
const BRACKET = 91;
const BACKSLASH = 92;
const BRACKET_END = 93;
const ZERO = 48;
const NINE = 57;
/** `[10/Oct/2000:13:55:36 -0700]`. */
const TIME_CHARS = 28;

/** 1 for each byte at which a quoted text may end, or a line. */
const STOPS = Uint8Array.from({ length: 0x100 }, (_, byte) =>
  [0, LINE_FEED, QUOTE, BACKSLASH].includes(byte) ? 1 : 0,
);

/**
 * Appends the access lines of bytes[from..end) to `rows`; `end` is just after a line feed. Returns where it stopped: at
 * `end`, at the start of a line that is none, or where the batch is full. About 760 MB/s.
 */
export function scanRows(bytes: Uint8Array, from: number, end: number, rows: Rows): number {
  const { starts } = rows;
  let at = from;
  while (rows.length < starts.length && at < end) {
    const after = scanLine(bytes, at, rows.edges, rows.length * EDGES);
    if (after < 0 || after - at > LINE_BYTES_MAX) break;
    starts[rows.length++] = at;
    at = after;
  }
  return at;
}

/** The edges of one line into edges[first..]; the byte after its line feed, or -1 where it is no access line. */
function scanLine(bytes: Uint8Array, from: number, edges: Int32Array, first: number): number {
  const time = scanClient(bytes, from, edges, first);
  if (time < 0) return -1;
  const request = time + TIME_CHARS + 1;
  const requestEnd = bytes[request] === QUOTE ? quoteEnd(bytes, request + 1) : -1;
  if (requestEnd < 0 || bytes[requestEnd + 1] !== BLANK) return -1;
  put(edges, first, Column.request, request + 1, requestEnd);
  const status = requestEnd + 2;
  const statusEnd = wordEnd(bytes, status);
  if (!isCount(bytes[status] ?? 0) || bytes[statusEnd] !== BLANK) return -1;
  put(edges, first, Column.status, status, statusEnd);
  const size = statusEnd + 1;
  if (!isCount(bytes[size] ?? 0)) return -1;
  const sizeEnd = wordEnd(bytes, size);
  put(edges, first, Column.bytes, size, sizeEnd);
  const referer = scanQuoted(bytes, sizeEnd, edges, first, Column.referer);
  const agent = scanQuoted(bytes, referer, edges, first, Column.agent);
  return scanRest(bytes, agent, edges, first);
}

/** Everything before the time; where the time starts, or -1. */
function scanClient(bytes: Uint8Array, from: number, edges: Int32Array, first: number): number {
  let end = wordEnd(bytes, from);
  // A format that begins with the forwarded addresses: `198.51.100.7, 10.0.0.1`.
  while (bytes[end - 1] === COMMA && bytes[end] === BLANK) end = wordEnd(bytes, end + 1);
  const second = end + 1;
  const secondEnd = wordEnd(bytes, second);
  const third = secondEnd + 1;
  const thirdEnd = wordEnd(bytes, third);
  if (bytes[end] !== BLANK || bytes[secondEnd] !== BLANK || bytes[thirdEnd] !== BLANK) return -1;
  let time = thirdEnd + 1;
  while (!isTime(bytes, time)) {
    const next = wordEnd(bytes, time);
    if (bytes[next] !== BLANK || next - from > LINE_BYTES_MAX) return -1;
    time = next + 1;
  }
  // A word more than three: a virtual host before the others, or a user's name with a blank in it.
  const isShifted =
    time > thirdEnd + 1 && !isDash(bytes, second, secondEnd) && isDash(bytes, third, thirdEnd);
  if (isShifted) {
    put(edges, first, Column.virtualHost, from, end);
    put(edges, first, Column.client, second, secondEnd);
    put(edges, first, Column.ident, third, thirdEnd);
    put(edges, first, Column.user, thirdEnd + 1, time - 1);
  } else {
    put(edges, first, Column.virtualHost, -1, -1);
    put(edges, first, Column.client, from, end);
    put(edges, first, Column.ident, second, secondEnd);
    put(edges, first, Column.user, third, time - 1);
  }
  put(edges, first, Column.time, time, time + TIME_CHARS);
  return time;
}

/** A quoted text after the blank at `at`, where there is one that ends; the byte after it, or `at`. */
function scanQuoted(
  bytes: Uint8Array,
  at: number,
  edges: Int32Array,
  first: number,
  column: number,
): number {
  const isQuoted = bytes[at] === BLANK && bytes[at + 1] === QUOTE;
  const end = isQuoted ? quoteEnd(bytes, at + 2) : -1;
  put(edges, first, column, end < 0 ? -1 : at + 2, end);
  return end < 0 ? at : end + 1;
}

/** What is left of the line; the byte after its line feed, or -1 where NULs are in it. */
function scanRest(bytes: Uint8Array, at: number, edges: Int32Array, first: number): number {
  let end = at;
  while (bytes[end] !== LINE_FEED && bytes[end] !== 0 && end < bytes.length) end++;
  if (bytes[end] !== LINE_FEED) return -1;
  const stop = bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
  const from = bytes[at] === BLANK ? at + 1 : at;
  put(edges, first, Column.rest, from < stop ? from : -1, stop);
  return end + 1;
}

function put(edges: Int32Array, first: number, column: number, from: number, to: number): void {
  edges[first + column * 2] = from;
  edges[first + column * 2 + 1] = to;
}

/** The first byte from `at` on that is a blank or a control character, or the end. */
function wordEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) > BLANK) end++;
  return end;
}

/** The quote that ends a text: one without a backslash before it and with nothing or a blank behind it; -1 where none does. */
function quoteEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    while (STOPS[bytes[at] ?? 0] === 0) at++;
    const stop = bytes[at];
    if (stop === QUOTE) {
      if ((bytes[at + 1] ?? 0) <= BLANK) return at;
    } else if (stop !== BACKSLASH) return -1;
    else if ((bytes[at + 1] ?? 0) >= BLANK) at++;
    at++;
  }
}

function isTime(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === BRACKET &&
    bytes[at + 3] === SLASH &&
    bytes[at + 7] === SLASH &&
    bytes[at + 12] === COLON &&
    bytes[at + TIME_CHARS - 1] === BRACKET_END &&
    bytes[at + TIME_CHARS] === BLANK
  );
}

function isDash(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === 1 && bytes[from] === DASH;
}

function isCount(byte: number): boolean {
  return byte === DASH || (byte >= ZERO && byte <= NINE);
}
