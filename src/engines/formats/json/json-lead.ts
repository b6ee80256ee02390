/**
 * What stands between the values of JSON that is printed from bytes: names and constants made ready once, and what
 * JSON.stringify makes of ASCII. Whoever puts reserves first. Spec: RFC 8259.
 */
import { utf8 } from "../../../base/bytes.ts";
import type { JsonBytes } from "../../../base/json-bytes.ts";

/** Text that is put again and again, as words of four bytes; what the last has too many is written over. */
export interface Lead {
  readonly words: Int32Array;
  readonly sizeBytes: number;
}

/** The text made ready. */
export function leadOf(text: string): Lead {
  const bytes = utf8(text);
  const padded = new DataView(new ArrayBuffer(bytes.length + 3));
  for (const [at, byte] of bytes.entries()) padded.setUint8(at, byte);
  const words = Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, word) =>
    padded.getInt32(word * 4, true),
  );
  return { words, sizeBytes: bytes.length };
}

/** Puts a lead; up to three bytes behind it are written too, and must be reserved. */
export function putLead(out: JsonBytes, { words, sizeBytes }: Lead): void {
  const { view, length } = out;
  for (let word = 0, at = length; word < words.length; word++, at += 4)
    view.setInt32(at, words[word] ?? 0, true);
  out.length = length + sizeBytes;
}

/** What JSON.stringify makes of each ASCII character. */
export const PRINTED: readonly Uint8Array[] = Array.from({ length: 0x80 }, (_, unit) =>
  utf8(JSON.stringify(String.fromCharCode(unit)).slice(1, -1)),
);

/** 1 for each byte that stays as it is: all of ASCII but control characters, the quote and the backslash. */
export const PLAIN: Uint8Array = Uint8Array.from({ length: 0x100 }, (_, byte) =>
  PRINTED[byte]?.length === 1 ? 1 : 0,
);

/** A word of ASCII as it is, at `at` of `out`; gives the byte after. */
export function putWord(out: Uint8Array, at: number, word: Uint8Array): number {
  for (let index = 0; index < word.length; index++) out[at + index] = word[index] ?? 0;
  return at + word.length;
}
