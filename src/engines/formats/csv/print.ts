/**
 * The cells of a row straight from its line to JSON in UTF-8: no string is made of a cell that is plain ASCII. Gives the
 * very bytes of JSON.stringify over the fields by name; a test holds one against the other.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { wholeNumber } from "../byte-number.ts";
import { decodeText } from "../encoding.ts";
import { copyPlain, putEscaped } from "../json-copy.ts";
import type { Columns } from "./columns.ts";

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
  { answered, numeric, printed, names }: Columns,
): void {
  const { words, starts: leadStarts, sizes, ownBytes } = printed;
  const sizeBytes = (starts[first + names.length] ?? 0) - (starts[first] ?? 0);
  const room = ownBytes + sizeBytes * GROWTH + 8;
  out.reserve(room);
  // Behind it words would be read beyond the bytes.
  const limit = view.byteLength - 3;
  let { view: target, length: to } = out;
  for (let index = 0; index < answered.length; index++) {
    const column = answered[index] ?? 0;
    const start = starts[first + column] ?? 0;
    const end = (starts[first + column + 1] ?? 0) - 1;
    if (end <= start) continue;
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
    const after = end <= limit ? copyPlain(view, start, end, target, to) : -1;
    if (after >= 0) to = after;
    else {
      out.length = to;
      putCareful(out, bytes, start, end, room);
      // It may have grown.
      target = out.view;
      to = out.length;
    }
    target.setUint8(to++, QUOTE);
  }
  out.length = to;
}

function putCareful(
  out: JsonBytes,
  bytes: Uint8Array,
  start: number,
  end: number,
  room: number,
): void {
  if (bytes[start] !== QUOTE) {
    putEscaped(out, bytes, start, end, room);
    return;
  }
  out.put(JSON.stringify(unquoted(decodeText(bytes.subarray(start, end)))).slice(1, -1));
  out.reserve(room);
}

/** The text of a cell that stands in quotes. */
export function unquoted(cell: string): string {
  return cell.slice(1, -1).replaceAll('""', '"');
}
