/**
 * A bounds-checked way through bytes that someone else may have written on purpose.
 * The first trouble is kept and ends the walk: from then on there is nothing more to read, and every number is 0.
 */
import { type Bytes, unicodeAt } from "./text.ts";

/** Something wrong in a chunk, before it has a place in a file: `offset` counts from the chunk's first byte. */
export interface Trouble {
  readonly offset: number;
  readonly what: string;
  readonly need: string;
  readonly have: string;
}

/** A place in [at, end) that moves on as it is read. */
export class Cursor {
  readonly bytes: Bytes;
  at: number;
  end: number;
  trouble: Trouble | null = null;

  constructor(bytes: Bytes, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  /** Notes the first trouble and ends the walk. */
  fail(what: string, need: string, have: string, offset = this.at): void {
    this.trouble ??= { offset, what, need, have };
    this.at = this.end;
  }

  /** Whether `size` more bytes are there; if not, that is the trouble. */
  has(size: number, what: string): boolean {
    if (this.at + size <= this.end) return true;
    this.fail(what, `${size} bytes`, `${this.end - this.at} bytes`);
    return false;
  }

  byte(): number {
    return this.has(1, "BinXML token") ? this.bytes.view.getUint8(this.at++) : 0;
  }

  short(what: string): number {
    if (!this.has(2, what)) return 0;
    this.at += 2;
    return this.bytes.view.getUint16(this.at - 2, true);
  }

  long(what: string): number {
    if (!this.has(4, what)) return 0;
    this.at += 4;
    return this.bytes.view.getUint32(this.at - 4, true);
  }

  /** UTF-16 text with its count of units before it. */
  counted(what: string): string {
    const units = this.short(what);
    if (!this.has(units * 2, what)) return "";
    this.at += units * 2;
    return unicodeAt(this.bytes, this.at - units * 2, units);
  }
}
