/**
 * Records of a CSV file by RFC 4180, cells parted by a comma, a semicolon or a tab: quoted cells may hold delimiters,
 * quotes written twice, and line ends. Refuses records beyond a limit without holding them. A quote that never closes
 * swallows the rest, by the grammar; that is one flaw, because to go on at the next line would let a cell forge rows.
 */
import type { Source } from "../../../base/source.ts";
import { decodeText } from "../text/encoding.ts";
import type { Range } from "../format.ts";
import { LINE_BYTES_MAX, type Line, WINDOW_BYTES } from "../text/line-reading.ts";

/** Logs and timelines have dozens of columns; some tools write hundreds. */
export const COLUMNS_MAX = 1_024;
const QUOTE = 34;
const LINE_FEED = 10;

/** What parts the cells of a record: RFC 4180 knows the comma; spreadsheets of some countries write the others. */
export type Delimiter = "," | ";" | "\t" | "|";

/** One record; valid until the next step. */
export interface CsvRecord extends Line {
  /** False: its last quote is open when the source ends. */
  readonly isClosed: boolean;
}

/** Where a scan stands within a record. */
class Scan {
  readonly #delimiter: number;
  #inQuotes = false;
  /** Before the first byte of a cell, the only place where a quote opens. */
  #starts = true;
  /** A quote within quotes: it closes, unless another follows. */
  #closes = false;

  constructor(delimiter: Delimiter) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  get isOpen(): boolean {
    return this.#inQuotes && !this.#closes;
  }

  /** The place of the line feed that ends the record, or -1 where it does not end in these bytes. About 300 MB/s. */
  findEnd(bytes: Uint8Array, from: number): number {
    const delimiter = this.#delimiter;
    let inQuotes = this.#inQuotes;
    let starts = this.#starts;
    let closes = this.#closes;
    let at = from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (inQuotes) {
        if (byte === QUOTE) {
          closes = !closes;
          continue;
        }
        if (!closes) continue;
        inQuotes = false;
        closes = false;
      }
      if (byte === LINE_FEED) return at;
      if (byte === QUOTE && starts) inQuotes = true;
      starts = byte === delimiter;
    }
    this.#inQuotes = inQuotes;
    this.#starts = starts;
    this.#closes = closes;
    return -1;
  }
}

/** The records that begin in the range, but for empty lines. */
export function* recordsOf(
  source: Source,
  range: Range,
  delimiter: Delimiter = ",",
): Generator<CsvRecord> {
  const { end } = range;
  let { start: position, line: number } = range;
  while (position < end) {
    const until = Math.min(position + WINDOW_BYTES, end);
    const bytes = source.read(position, until);
    let at = 0;
    while (at < bytes.length) {
      const scan = new Scan(delimiter);
      const found = scan.findEnd(bytes, at);
      // The next window begins with this record; a window holds every record within the limit.
      if (found < 0 && until < end && at > 0) break;
      const offset = position + at;
      if (found < 0 && until < end) {
        const rest = passRecord(source, scan, until, end);
        const lines = lineFeedsIn(bytes) + rest.lineFeeds;
        yield { bytes: null, offset, sizeBytes: rest.at - offset, number, isClosed: !scan.isOpen };
        number += lines;
        at = rest.at - position;
        break;
      }
      const stop = found < 0 ? bytes.length : found;
      const sizeBytes = Math.min(stop + 1, bytes.length) - at;
      const whole = bytes.subarray(at, stop);
      const isLong = whole.length > LINE_BYTES_MAX;
      const lines = lineFeedsIn(whole) + 1;
      if (whole.length > 0)
        yield { bytes: isLong ? null : whole, offset, sizeBytes, number, isClosed: !scan.isOpen };
      number += lines;
      at = stop + 1;
    }
    position = Math.min(position + at, end);
  }
}

/** Past the end of a record that is larger than a window. */
function passRecord(
  source: Source,
  scan: Scan,
  from: number,
  end: number,
): { readonly at: number; readonly lineFeeds: number } {
  let lineFeeds = 0;
  for (let at = from; at < end; at += WINDOW_BYTES) {
    const bytes = source.read(at, Math.min(at + WINDOW_BYTES, end));
    const found = scan.findEnd(bytes, 0);
    if (found >= 0)
      return {
        at: at + found + 1,
        lineFeeds: lineFeeds + lineFeedsIn(bytes.subarray(0, found + 1)),
      };
    lineFeeds += lineFeedsIn(bytes);
  }
  return { at: end, lineFeeds };
}

function lineFeedsIn(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
}

/** The line feed that ends the record from `from` on, or -1 where it does not end in these bytes. */
export function recordEnd(bytes: Uint8Array, from: number, delimiter: Delimiter): number {
  return new Scan(delimiter).findEnd(bytes, from);
}

/** Whether a quote that opens in this line is still open at its end. */
export function isLeftOpen(line: Uint8Array, delimiter: Delimiter = ","): boolean {
  const scan = new Scan(delimiter);
  return scan.findEnd(line, 0) < 0 && scan.isOpen;
}

/**
 * The cells of one record, or null where text stands behind a closing quote. One more than COLUMNS_MAX at the most:
 * who has that many has too many.
 */
export function cellsOf(bytes: Uint8Array, delimiter: Delimiter = ","): readonly string[] | null {
  const text = decodeText(bytes).replace(/\r$/, "");
  if (!text.includes('"')) return text.split(delimiter, COLUMNS_MAX + 1);
  const cells: string[] = [];
  for (let at = 0; at <= text.length && cells.length <= COLUMNS_MAX; ) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? closingQuote(text, at + 1) + 1 : nextDelimiter(text, at, delimiter);
    if (end < text.length && text[end] !== delimiter) return null;
    // An open quote at the end of the source has been told of already.
    cells.push(isQuoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end));
    at = end + 1;
  }
  return cells;
}

function nextDelimiter(text: string, at: number, delimiter: Delimiter): number {
  const found = text.indexOf(delimiter, at);
  return found < 0 ? text.length : found;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2))
    if (text[at + 1] !== '"') return at;
  return text.length;
}
