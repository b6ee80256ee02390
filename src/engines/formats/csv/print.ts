/**
 * The cells of a row straight from its line to JSON in UTF-8: no string is made of a cell that is plain ASCII. Gives the
 * very bytes of JSON.stringify over the fields by name; a test holds one against the other.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { wholeNumber } from "../text/byte-number.ts";
import { decodeText } from "../text/encoding.ts";
import { copyPlain, putEscaped } from "../json/json-copy.ts";
import { PLAIN } from "../json/json-lead.ts";
import type { Columns } from "./columns.ts";

const BLANK = 0x20;
const QUOTE = 0x22;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
/** One byte prints as at most six (`\u0000`). */
const GROWTH = 6;

/** Opens a row's object where `from` is its length so far; nothing is put, but what follows begins with a comma. */
export function openRow(out: JsonBytes): number {
  return out.length;
}

/** Closes the object that was opened at `from`: its first comma becomes the brace. */
export function closeRow(out: JsonBytes, from: number): void {
  out.reserve(2);
  if (out.length === from) out.length++;
  out.bytes[from] = OPENING_BRACE;
  out.bytes[out.length++] = CLOSING_BRACE;
}

/**
 * Hot: appends `,"name":value` for each cell of the row whose cells start at starts[first], but for empty ones.
 * About 400 MB/s of log.
 */
export function putCells(
  out: JsonBytes,
  bytes: Uint8Array,
  view: DataView,
  starts: Int32Array,
  first: number,
  { answered, numeric, printed, names, blanks }: Columns,
): void {
  const { words, starts: leadStarts, sizes, ownBytes } = printed;
  const isCut = blanks === "cut";
  const sizeBytes = (starts[first + names.length] ?? 0) - (starts[first] ?? 0);
  const room = ownBytes + sizeBytes * GROWTH + 8;
  out.reserve(room);
  // Behind it words would be read beyond the bytes.
  const limit = view.byteLength - 3;
  let { view: target, length: to } = out;
  for (let index = 0; index < answered.length; index++) {
    const column = answered[index] ?? 0;
    let start = starts[first + column] ?? 0;
    let end = (starts[first + column + 1] ?? 0) - 1;
    const isOpened = isCut && end > start && bytes[start] === QUOTE;
    if (isOpened) {
      start++;
      end--;
    }
    if (end <= start) continue;
    if (isCut) while (end > start && (bytes[end - 1] ?? 0) <= BLANK) end--;
    const lastWord = leadStarts[index + 1] ?? 0;
    for (let word = leadStarts[index] ?? 0, at = to; word < lastWord; word++, at += 4)
      target.setInt32(at, words[word] ?? 0, true);
    to += sizes[index] ?? 0;
    if (numeric[column] === 1) {
      if (wholeNumber(bytes, start, end) >= 0) {
        for (let at = start; at < end; at++) target.setUint8(to++, bytes[at] ?? 0);
        continue;
      }
      target.setUint8(to++, QUOTE);
    }
    const copy = isOpened ? copyWithin : copyPlain;
    const after = end <= limit ? copy(view, start, end, target, to) : -1;
    if (after >= 0) to = after;
    else {
      out.length = to;
      putCareful(out, bytes, start, end, isOpened, room);
      // It may have grown.
      target = out.view;
      to = out.length;
    }
    target.setUint8(to++, QUOTE);
  }
  out.length = to;
}

/** As copyPlain, but whatever stands behind the text: a quote mostly. */
function copyWithin(
  view: DataView,
  start: number,
  end: number,
  target: DataView,
  to: number,
): number {
  const words = end - ((end - start) & 3);
  let put = copyPlain(view, start, words, target, to);
  for (let at = words; put >= 0 && at < end; at++) {
    const byte = view.getUint8(at);
    if (PLAIN[byte] !== 1) return -1;
    target.setUint8(put++, byte);
  }
  return put;
}

function putCareful(
  out: JsonBytes,
  bytes: Uint8Array,
  start: number,
  end: number,
  isOpened: boolean,
  room: number,
): void {
  const cell = bytes.subarray(start, end);
  if (isOpened ? !cell.includes(QUOTE) : cell[0] !== QUOTE) {
    putEscaped(out, bytes, start, end, room);
    return;
  }
  const text = decodeText(cell);
  out.put(JSON.stringify(isOpened ? text.replaceAll('""', '"') : unquoted(text)).slice(1, -1));
  out.reserve(room);
}

/** The text of a cell that stands in quotes. */
export function unquoted(cell: string): string {
  return cell.slice(1, -1).replaceAll('""', '"');
}
