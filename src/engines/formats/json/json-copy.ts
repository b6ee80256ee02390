/**
 * Text of a log copied into JSON: four bytes at a time as long as none of it needs an escape, else byte by byte.
 * Refuses nothing; whoever puts reserves first. Spec: RFC 8259, section 7.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { decodeText } from "../text/encoding.ts";
import { PLAIN, PRINTED, putWord } from "./json-lead.ts";

const NOTHING = new Uint8Array(0);

const HIGH_BITS = 0x8080_8080 | 0;
const ONES = 0x0101_0101;
const BLANKS = 0x2020_2020;
const QUOTES = 0x2222_2222;
const BACKSLASHES = 0x5c5c_5c5c;

/**
 * Hot: copies bytes [start, end) that stay as they are in JSON to `to` of `target`, four at a time; gives the byte after,
 * or -1 where one of them, or of the three behind them, does not stay as it is. Up to three bytes more are read and written.
 */
export function copyPlain(
  view: DataView,
  start: number,
  end: number,
  target: DataView,
  to: number,
): number {
  let put = to;
  for (let at = start; at < end; at += 4, put += 4) {
    const four = view.getInt32(at, true);
    if (needsCare(four)) return -1;
    target.setInt32(put, four, true);
  }
  return to + end - start;
}

/** Whether one of four bytes is a control character, a quote, a backslash or beyond ASCII. */
function needsCare(four: number): boolean {
  const quotes = four ^ QUOTES;
  const backslashes = four ^ BACKSLASHES;
  // A byte from which a borrow is taken shows it in its high bit (Warren, Hacker's Delight, 6-1).
  const care =
    four |
    ((four - BLANKS) & ~four) |
    ((quotes - ONES) & ~quotes) |
    ((backslashes - ONES) & ~backslashes);
  return (care & HIGH_BITS) !== 0;
}

/** Appends bytes[start..end) with the escapes of JSON.stringify; `room` bytes must be free before, and are again after. */
export function putEscaped(
  out: JsonBytes,
  bytes: Uint8Array,
  start: number,
  end: number,
  room: number,
): void {
  let to = out.length;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (PLAIN[byte] === 1) out.bytes[to++] = byte;
    else if (byte < 0x80) to = putWord(out.bytes, to, PRINTED[byte] ?? NOTHING);
    else {
      // Beyond ASCII the value as a whole decides how its bytes are read; it begins anew.
      out.put(JSON.stringify(decodeText(bytes.subarray(start, end))).slice(1, -1));
      out.reserve(room);
      return;
    }
  }
  out.length = to;
}
