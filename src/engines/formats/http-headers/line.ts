/**
 * What kind of line of a response's head a line is, decided from its bytes: a status line, a header, or neither.
 * The same forms as layout.ts reads from text. Spec: RFC 9112 4, RFC 9110 5, 5.6.7.
 */
import { utf8 } from "../../../base/bytes.ts";
import { hasShape, isDigit, shapeOf } from "../text/byte-shape.ts";
import { type Day, dayMillis, monthAt, timeAt, twoDigits } from "../time/byte-time.ts";
import { beginsWith } from "../text/text-lines.ts";

/** Before what curl -v received. */
const RECEIVED = utf8("< ");
const HTTP = utf8("HTTP/");
const CODE = shapeOf(" 000");
const DATE = shapeOf("Aaa, 00 Aaa 0000 00:00:00 GMT");
/** Bytes of a header's name at most. */
const NAME_BYTES_MAX = 128;
const BLANK = 32;
const DOT = 46;
const COLON = 58;
/** 1 for each byte that a name may have. */
const TOKEN = new Uint8Array(0x100);
for (const byte of utf8(
  "!#$%&'*+.^_`|~-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
))
  TOKEN[byte] = 1;

/** Whether bytes[from..to) are a status line. */
export function isStatus(bytes: Uint8Array, from: number, to: number): boolean {
  let at = lineFrom(bytes, from, to);
  if (!beginsWith(bytes, at, to, HTTP)) return false;
  at += HTTP.length;
  if (!isDigit(bytes[at])) return false;
  at += bytes[at + 1] === DOT && isDigit(bytes[at + 2]) ? 3 : 1;
  const end = at + CODE.length;
  return hasShape(bytes, at, to, CODE) && (end === to || bytes[end] === BLANK);
}

/** The colon behind the name of the header that the line is; -1 where it is none. */
export function headerColon(bytes: Uint8Array, from: number, to: number): number {
  const name = lineFrom(bytes, from, to);
  let at = name;
  while (TOKEN[bytes[at] ?? 0] === 1) at++;
  const isNamed = at > name && at - name <= NAME_BYTES_MAX && at < to && bytes[at] === COLON;
  return isNamed && (at + 1 === to || bytes[at + 1] === BLANK) ? at : -1;
}

/** Whether the name before the colon is this one, in whatever case; `name` is in small letters. */
export function isNamed(bytes: Uint8Array, from: number, colon: number, name: Uint8Array): boolean {
  const at = lineFrom(bytes, from, colon);
  if (colon - at !== name.length) return false;
  for (let index = 0; index < name.length; index++)
    if (((bytes[at + index] ?? 0) | 0x20) !== name[index]) return false;
  return true;
}

/** Milliseconds since 1970 of the date behind the colon, `Sun, 18 Dec 2022 10:12:35 GMT`; NaN where it is none. */
export function dateMillis(bytes: Uint8Array, colon: number, to: number, day: Day): number {
  let at = colon + 1;
  while (bytes[at] === BLANK) at++;
  if (to - at !== DATE.length || !hasShape(bytes, at, to, DATE)) return Number.NaN;
  const year = twoDigits(bytes, at + 12) * 100 + twoDigits(bytes, at + 14);
  const first = dayMillis(day, year, monthAt(bytes, at + 8), twoDigits(bytes, at + 5));
  return first + timeAt(bytes, at + 17, at + 25);
}

function lineFrom(bytes: Uint8Array, from: number, to: number): number {
  return beginsWith(bytes, from, to, RECEIVED) ? from + RECEIVED.length : from;
}
