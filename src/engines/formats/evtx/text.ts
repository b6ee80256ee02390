/**
 * UTF-16 and code page text out of a chunk. Most of it is ASCII and much of it repeats from row to row,
 * so short texts are looked up before they are made. Refuses to judge what the text says.
 */

/** Longest text that is kept for the next row, in UTF-16 units. */
const KEPT_UNITS_MAX = 48;
/** Kept texts: a direct-mapped table, so that no input can make it grow. */
const KEPT = 2_048;

const kept: string[] = Array.from({ length: KEPT }, () => "");

/** The bytes of one chunk, seen in the two ways that decoding needs. */
export interface Bytes {
  readonly buffer: Buffer;
  readonly view: DataView;
}

/** The same memory as a Buffer and as a DataView. */
export function bytesOf(bytes: Uint8Array): Bytes {
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    buffer: Buffer.from(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
  };
}

/** Where texts are put together before they become strings; the longest is a value of 64 KiB in hexadecimal. */
export const scratch: Buffer = Buffer.alloc(131_072);

/** Text of `units` UTF-16LE units at `at`, exactly; lone surrogates stay as they are. Hot: about 400 MB/s of UTF-16. */
export function unicodeAt({ buffer, view }: Bytes, at: number, units: number): string {
  for (let index = 0, from = at; index < units; index++, from += 2) {
    const unit = view.getUint16(from, true);
    if (unit > 0x7f) return buffer.toString("utf16le", at, at + units * 2);
    scratch[index] = unit;
  }
  return scratchText(units);
}

/** The first `length` bytes of the scratch as ASCII text. */
export function scratchText(length: number): string {
  if (length === 0) return "";
  if (length > KEPT_UNITS_MAX) return scratch.toString("latin1", 0, length);
  let hash = length;
  for (let index = 0; index < length; index++)
    hash = (Math.imul(hash, 31) + (scratch[index] ?? 0)) | 0;
  const slot = (hash ^ (hash >>> 11)) & (KEPT - 1);
  const before = kept[slot] ?? "";
  if (isScratch(before, length)) return before;
  const made = scratch.toString("latin1", 0, length);
  kept[slot] = made;
  return made;
}

function isScratch(text: string, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index++)
    if (text.charCodeAt(index) !== scratch[index]) return false;
  return true;
}

const windows1252 = new TextDecoder("windows-1252");

/** Text of one byte a character: Windows writes its own code page and does not say which; 1252 is taken. */
export function codePageAt(bytes: Bytes, at: number, sizeBytes: number): string {
  return windows1252.decode(bytes.buffer.subarray(at, at + sizeBytes));
}
