/**
 * The lines of a text under a cursor: windows of bytes in; no string, no object and no read of the source for a line.
 * Refuses lines beyond the limit without ever holding one. Lines end with a line feed; the last may lack it.
 */
import { Buffer, isUtf8 } from "node:buffer";
import type { Source } from "../../../base/source.ts";
import type { Range } from "../format.ts";
import { LINE_BYTES_MAX, lineAfter } from "./line-reading.ts";
import { decodedText, textFormOf } from "./text-form.ts";

/** Lines that must outlive their window: the first `length` of [froms, tos). */
export interface HeldLines {
  readonly froms: Int32Array;
  readonly tos: Int32Array;
  readonly length: number;
}

/** Bytes read at a time: they stay in the processor's second cache. A multiple of two. */
const WINDOW_BYTES = 524_288;
const LINE_FEED = 10;
const BEYOND_ASCII = 0x80;
const MARK = [0xef, 0xbb, 0xbf];
const NO_LINES: HeldLines = { froms: new Int32Array(0), tos: new Int32Array(0), length: 0 };

/** 1 for each blank of ASCII, as String.trimEnd knows them. */
const BLANKS = Uint8Array.from({ length: 0x100 }, (_, byte) =>
  byte === 32 || (byte >= 9 && byte <= 13) ? 1 : 0,
);

/** Lines that hold more than blanks, in file order. About 1 GB/s of UTF-8, and of UTF-16. */
export class TextLines {
  /** The window, one byte a character: ASCII as it is, at least 0x80 for each byte or unit beyond it. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The line is bytes[from..to), without blanks at its end. */
  from = 0;
  to = 0;
  /** The first byte of the line in the source. */
  offset = 0;
  /** From 1. */
  number = 0;
  /** False: nothing ends the line, so that it may have been cut. */
  isEnded = false;
  /** The length of a line beyond the limit, with its line feed; 0 for all others. Such a line has no text. */
  tooLongBytes = 0;

  readonly #source: Source;
  readonly #unitBytes: 1 | 2;
  readonly #end: number;
  /** The window as it stands in the source; of UTF-8 the same as `bytes`. */
  #raw: Uint8Array = this.bytes;
  /** Characters in the window, and the first of the next line. */
  #length = 0;
  #at = 0;
  /** Where the window's character 0 would stand in the source, and what is read next of it. */
  #base = 0;
  #position: number;
  #line: number;
  #halfBytes = 0;

  /** The range starts at the start of a line, or of the source. */
  constructor(source: Source, range: Range) {
    const form = textFormOf(source.read(0, Math.min(source.byteLength, 4)));
    this.#source = source;
    this.#unitBytes = form.unitBytes;
    this.#end = range.end;
    this.#position = range.start === 0 ? Math.min(form.markBytes, range.end) : range.start;
    this.#line = range.line;
  }

  /** Reads on; false at the end. The lines that are held move to the start of the window, as their edges say then. */
  fill(held: HeldLines = NO_LINES): boolean {
    const sizeBytes = Math.min(WINDOW_BYTES, this.#end - this.#position);
    if (sizeBytes === 0) return false;
    const unitBytes = this.#unitBytes;
    const offset = this.#position - (this.#length - this.#at) * unitBytes;
    const count = Math.floor(sizeBytes / unitBytes);
    this.#makeRoom(held, count);
    this.#base = offset - this.#at * unitBytes;
    const read = this.#source.read(this.#position, this.#position + sizeBytes);
    this.#halfBytes = sizeBytes % unitBytes;
    this.#raw.set(read.subarray(0, sizeBytes - this.#halfBytes), this.#length * unitBytes);
    if (unitBytes === 2) narrow(this.#raw, this.bytes, this.#length, this.#length + count);
    this.#position += sizeBytes;
    this.#length += count;
    // Behind the last character a line ends in any case: the search needs no other bound.
    this.bytes[this.#length] = LINE_FEED;
    return true;
  }

  /** Goes to the next line that holds more than blanks; false where the window must be filled first. */
  next(): boolean {
    const { bytes } = this;
    const unitBytes = this.#unitBytes;
    while (this.#at < this.#length) {
      const start = this.#at;
      let end = start;
      while (bytes[end] !== LINE_FEED) end++;
      const isEnded = end < this.#length;
      const sizeBytes = (end - start) * unitBytes + (isEnded ? 0 : this.#halfBytes);
      if (!isEnded && this.#position < this.#end && sizeBytes <= LINE_BYTES_MAX) return false;
      this.offset = this.#base + start * unitBytes;
      this.number = this.#line++;
      this.isEnded = isEnded;
      this.#at = isEnded ? end + 1 : end;
      if (sizeBytes > LINE_BYTES_MAX) {
        this.#passLong(sizeBytes);
        return true;
      }
      this.#trim(start, end);
      if (this.from < this.to) return true;
    }
    return false;
  }

  /** The text of characters of the window. */
  text(from: number, to: number): string {
    const unitBytes = this.#unitBytes;
    return decodedText(this.#raw.subarray(from * unitBytes, to * unitBytes), unitBytes);
  }

  /** Where UTF-16 ends with half a character; -1 where it does not. */
  get halfAt(): number {
    return this.#halfBytes === 0 ? -1 : this.#end - 1;
  }

  /** Makes room for so many characters behind the lines that are held and the line that was begun. */
  #makeRoom({ froms, tos, length }: HeldLines, count: number): void {
    const unitBytes = this.#unitBytes;
    const [bytes, raw] = [this.bytes, this.#raw];
    let needed = this.#length - this.#at + count + 1;
    for (let line = 0; line < length; line++) needed += (tos[line] ?? 0) - (froms[line] ?? 0);
    if (needed > bytes.length) {
      this.bytes = new Uint8Array(needed);
      this.#raw = unitBytes === 1 ? this.bytes : new Uint8Array(needed * unitBytes);
    }
    let room = 0;
    const move = (from: number, to: number) => {
      this.bytes.set(bytes.subarray(from, to), room);
      if (unitBytes === 2)
        this.#raw.set(raw.subarray(from * unitBytes, to * unitBytes), room * unitBytes);
      room += to - from;
    };
    for (let line = 0; line < length; line++) {
      const [from = 0, to = 0] = [froms[line], tos[line]];
      froms[line] = room;
      move(from, to);
      tos[line] = room;
    }
    const [from, to] = [this.#at, this.#length];
    this.#at = room;
    move(from, to);
    this.#length = room;
  }

  /** Takes the line for one beyond the limit, of which so much was seen. */
  #passLong(sizeBytes: number): void {
    this.from = this.to = this.#at;
    this.tooLongBytes = sizeBytes + this.#unitBytes;
    if (this.isEnded) return;
    this.#position = lineAfter(this.#source, this.#position, this.#end, this.#unitBytes);
    this.tooLongBytes = this.#position - this.offset;
    this.#halfBytes = 0;
  }

  #trim(start: number, end: number): void {
    const { bytes } = this;
    let to = end;
    while (to > start && BLANKS[bytes[to - 1] ?? 0] === 1) to--;
    this.tooLongBytes = 0;
    this.from = start;
    this.to = to;
    if (to === start) return;
    if ((bytes[to - 1] ?? 0) >= BEYOND_ASCII) this.to = this.#endBeyondAscii(start, to);
    if (bytes[start] === MARK[0] && this.#isMarked(start, to)) this.from = start + MARK.length;
  }

  /** The end of a line that may end with blanks beyond ASCII. */
  #endBeyondAscii(from: number, to: number): number {
    const text = this.text(from, to);
    const kept = text.trimEnd();
    if (kept === "") return from;
    const blanks = text.slice(kept.length);
    const isUnits = this.#unitBytes === 2 || !isUtf8(this.bytes.subarray(from, to));
    return to - (isUnits ? blanks.length : Buffer.byteLength(blanks));
  }

  /** Whether the line begins with a byte order mark, as where files were put together. */
  #isMarked(from: number, to: number): boolean {
    const { bytes } = this;
    return (
      bytes[from + 1] === MARK[1] &&
      bytes[from + 2] === MARK[2] &&
      this.#unitBytes === 1 &&
      isUtf8(bytes.subarray(from, to))
    );
  }
}

/** Whether bytes[from..to) are these. */
export function isText(bytes: Uint8Array, from: number, to: number, wanted: Uint8Array): boolean {
  return to - from === wanted.length && beginsWith(bytes, from, to, wanted);
}

/** Whether bytes[from..to) begin with these. */
export function beginsWith(
  bytes: Uint8Array,
  from: number,
  to: number,
  wanted: Uint8Array,
): boolean {
  if (to - from < wanted.length) return false;
  for (let index = 0; index < wanted.length; index++)
    if (bytes[from + index] !== wanted[index]) return false;
  return true;
}

/** Units of UTF-16LE as one byte each. About 1.5 GB/s. */
function narrow(raw: Uint8Array, bytes: Uint8Array, from: number, to: number): void {
  const units = new Uint16Array(raw.buffer, 0, to);
  for (let at = from; at < to; at++) {
    const unit = units[at] ?? 0;
    bytes[at] = unit < BEYOND_ASCII ? unit : BEYOND_ASCII;
  }
}
