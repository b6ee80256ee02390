/**
 * The escapes of quoted values: Apache writes `\"`, `\\`, `\n` and `\xhh`, nginx `\xhh` alone. Bytes beyond ASCII are
 * put together before they are read as text. Refuses nothing: a backslash before anything else stays.
 */
import { Buffer } from "node:buffer";
import { decodeText } from "../text/encoding.ts";

const BACKSLASH = 92;
const LETTER_X = 120;
/** What stands behind the backslash, and what is meant. */
const SHORT: ReadonlyMap<number, number> = new Map([
  [34, 34],
  [92, 92],
  [98, 8],
  [102, 12],
  [110, 10],
  [114, 13],
  [116, 9],
  [118, 11],
]);

/** The text of bytes[from..to), escapes taken back. */
export function unescaped(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString("latin1", from, to);
  if (!text.includes("\\")) return plainText(bytes, text, from, to);
  const meant = Buffer.alloc(to - from);
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    const next = byte === BACKSLASH && at + 1 < to ? (bytes[at + 1] ?? 0) : -1;
    const short = SHORT.get(next);
    const hexadecimal =
      next === LETTER_X ? bytes.toString("latin1", at + 2, Math.min(at + 4, to)) : "";
    if (/^[0-9a-fA-F]{2}$/.test(hexadecimal)) {
      meant[length++] = parseInt(hexadecimal, 16);
      at += 3;
    } else if (short !== undefined) {
      meant[length++] = short;
      at++;
    } else meant[length++] = byte;
  }
  return decodeText(meant.subarray(0, length));
}

/** The text of bytes[from..to) as it stands. */
export function textOf(bytes: Buffer, from: number, to: number): string {
  return plainText(bytes, bytes.toString("latin1", from, to), from, to);
}

function plainText(bytes: Buffer, latin: string, from: number, to: number): string {
  return /[\u0080-\u00ff]/.test(latin) ? decodeText(bytes.subarray(from, to)) : latin;
}
