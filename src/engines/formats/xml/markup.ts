/**
 * Where the markup of a large XML document begins and ends, by absolute byte, one window in memory. Knows start tags,
 * end tags and what is passed over; makes no text and checks no names: tree.ts does, element by element.
 */
import { Buffer } from "node:buffer";
import { copyOf } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import type { XmlEncoding } from "./encoding.ts";

/** One piece of markup, [start, end) in bytes. `other`: a comment, CDATA, an instruction, a document type. */
export interface Markup {
  readonly kind: "start" | "end" | "empty" | "other";
  readonly start: number;
  readonly end: number;
}

const WINDOW_BYTES = 524_288;
/** A start tag longer than this is no tag. */
const TAG_BYTES_MAX = 1_048_576;
const [LESS, GREATER, QUOTE, APOSTROPHE, SLASH, BANG, QUESTION] = [60, 62, 34, 39, 47, 33, 63];

/** Marks between which nothing is markup, by how they begin. */
const PASSED: readonly (readonly [begins: string, ends: string])[] = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
  ["<!", ">"],
];

/** Finds the markup of a source. About 130 MB/s where tags are short: their ends are looked for byte by byte. */
export class MarkupScan {
  readonly #source: Source;
  readonly #end: number;
  /** Bytes of a character of markup, and which of them is not zero. */
  readonly #width: number;
  readonly #low: number;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  constructor(source: Source, encoding: XmlEncoding) {
    this.#source = source;
    this.#width = encoding === "utf-8" ? 1 : 2;
    this.#low = encoding === "utf-16be" ? 1 : 0;
    this.#end = source.byteLength - (source.byteLength % this.#width);
  }

  /** Bytes of the source; without half a character at its end. */
  get sizeBytes(): number {
    return this.#end;
  }

  /** The next markup from `from` on; null where none begins; `end` -1 where it does not end. */
  next(from: number): Markup | null {
    const start = this.#find(LESS, from, this.#end);
    if (start < 0) return null;
    const second = this.#unit(start + this.#width);
    if (second === BANG || second === QUESTION) {
      const [, ends = ">"] = PASSED.find(([begins]) => this.#stands(begins, start)) ?? [];
      return { kind: "other", start, end: this.#behind(ends, start + this.#width) };
    }
    const end = this.#endOfTag(start);
    if (second === SLASH) return { kind: "end", start, end };
    const isEmpty = end > 0 && this.#unit(end - 2 * this.#width) === SLASH;
    return { kind: isEmpty ? "empty" : "start", start, end };
  }

  /** The first byte of [from, to) at which something other than blanks stands, or -1. */
  text(from: number, to: number): number {
    for (let at = from; at < Math.min(to, this.#end); at += this.#width)
      if (this.#unit(at) > 0x20) return at;
    return -1;
  }

  /** Bytes of the source, owned by the caller. */
  bytes(start: number, end: number): Uint8Array {
    const from = start - this.#windowAt;
    if (from >= 0 && end <= this.#windowAt + this.#window.length)
      return this.#window.subarray(from, from + end - start);
    return copyOf(this.#source.read(start, end));
  }

  /** The byte behind the `>` that no quote holds; mostly the window has it all. */
  #endOfTag(start: number): number {
    let quote = 0;
    const until = Math.min(start + TAG_BYTES_MAX, this.#end);
    for (let at = start + this.#width; at < until; ) {
      this.#unit(at);
      const [window, windowAt, width] = [this.#window, this.#windowAt, this.#width];
      const [low, high] = [this.#low, 1 - this.#low];
      const last = Math.min(until - windowAt, window.length - width + 1);
      let inside = at - windowAt;
      for (; inside < last; inside += width) {
        if (width === 2 && window[inside + high] !== 0) continue;
        const unit = window[inside + (width === 2 ? low : 0)];
        if (quote !== 0) quote = unit === quote ? 0 : quote;
        else if (unit === GREATER) return windowAt + inside + width;
        else if (unit === QUOTE || unit === APOSTROPHE) quote = unit;
      }
      at = windowAt + inside;
    }
    return -1;
  }

  #stands(mark: string, start: number): boolean {
    for (let index = 0; index < mark.length; index++)
      if (this.#unit(start + index * this.#width) !== mark.charCodeAt(index)) return false;
    return true;
  }

  #behind(mark: string, from: number): number {
    const first = mark.charCodeAt(0);
    for (let at = from; ; at += this.#width) {
      at = this.#find(first, at, this.#end);
      if (at < 0) return -1;
      if (this.#stands(mark, at)) return at + mark.length * this.#width;
    }
  }

  /** Where a character of ASCII next stands, or -1. */
  #find(unit: number, from: number, end: number): number {
    for (let at = from; at < end; ) {
      this.#unit(at);
      const found = this.#window.indexOf(unit, at - this.#windowAt);
      if (found < 0) {
        at = this.#windowAt + this.#window.length;
        at += (at - from) % this.#width;
        continue;
      }
      at = this.#windowAt + found;
      const start = at - ((at - from) % this.#width);
      if (this.#unit(start) === unit) return start;
      at = start + this.#width;
    }
    return -1;
  }

  /** The character at a byte: 0 behind the end. What is no ASCII is only known to be none. */
  #unit(at: number): number {
    const inside = at - this.#windowAt;
    if (inside >= 0 && inside + this.#width <= this.#window.length) {
      if (this.#width === 1) return this.#window[inside] ?? 0;
      return this.#window[inside + 1 - this.#low] === 0
        ? (this.#window[inside + this.#low] ?? 0)
        : 0xffff;
    }
    if (at < 0 || at + this.#width > this.#end) return 0;
    const bytes = copyOf(this.#source.read(at, Math.min(at + WINDOW_BYTES, this.#end)));
    this.#window = Buffer.from(bytes.buffer);
    this.#windowAt = at;
    return this.#unit(at);
  }
}
