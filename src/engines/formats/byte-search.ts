/**
 * A short ASCII text searched in bytes without regard to case (Horspool, 1980): most bytes are passed over.
 * Refuses nothing; what is beyond ASCII matches itself only.
 */
import { utf8 } from "../../base/bytes.ts";

/** A text made ready to be searched for. */
export interface Needle {
  /** In lower case. */
  readonly bytes: Uint8Array;
  /** How far the search goes on from each byte: to where it stands next in what is searched for. */
  readonly skips: Uint8Array;
}

const LOWER = Uint8Array.from({ length: 0x100 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);

/** Makes an ASCII text of up to 255 characters ready. */
export function needleOf(text: string): Needle {
  const bytes = utf8(text.toLowerCase());
  const skips = Uint8Array.from({ length: 0x100 }, (_, byte) => {
    const before = bytes.lastIndexOf(LOWER[byte] ?? byte, -2);
    return bytes.length - 1 - before;
  });
  return { bytes, skips };
}

/** The byte behind the first such text within bytes[from..to), or -1. About 5 GB/s. */
export function findBehind(bytes: Uint8Array, from: number, to: number, needle: Needle): number {
  const { bytes: wanted, skips } = needle;
  const last = wanted.length - 1;
  const end = wanted[last];
  for (let at = from + last; at < to; ) {
    const byte = bytes[at] ?? 0;
    if (LOWER[byte] === end && isBefore(bytes, at, wanted)) return at + 1;
    at += skips[byte] ?? 1;
  }
  return -1;
}

/** Whether the text ends with the byte at `at`, of which that much is known. */
function isBefore(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  const from = at + 1 - wanted.length;
  for (let index = 0; index < wanted.length - 1; index++)
    if (LOWER[bytes[from + index] ?? 0] !== wanted[index]) return false;
  return true;
}
