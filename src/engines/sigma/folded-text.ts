/**
 * The text of one value as gates see it: case-folded, without trailing blanks, its units in an array that is used again for the
 * next. Taken from the bytes of the source where they are ASCII, so that no string is made. Refuses bytes beyond ASCII: what their
 * lower case is, and what of them are blanks, only the string says (fields.ts).
 */
import type { Span } from "../../model/event.ts";
import { folded } from "./fields.ts";

const LOWER = Uint8Array.from({ length: 0x80 }, (_, code) =>
  code >= 0x41 && code <= 0x5a ? code + 0x20 : code,
);

/** Longest value that room is made for at the start, in units; a longer one makes more. */
const ROOM = 4_096;

/** One value's text, to be filled again and again. */
export class FoldedText {
  units: Uint16Array = new Uint16Array(ROOM);
  length = 0;
  isAscii = true;

  /** Takes a text as it is decoded. */
  takeText(text: string): void {
    const { length } = text;
    this.#makeRoom(length);
    const { units } = this;
    let last = 0;
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return this.#takeFolded(folded(text, false));
      units[at] = LOWER[unit] ?? 0;
      if (!isBlank(unit)) last = at + 1;
    }
    this.length = last;
    this.isAscii = true;
  }

  #takeFolded(text: string): void {
    const { length } = text;
    this.#makeRoom(length);
    let seen = 0;
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      this.units[at] = unit;
      seen |= unit;
    }
    this.length = length;
    this.isAscii = seen <= 0x7f;
  }

  /** Takes the text that these bytes are; false where it goes beyond ASCII. About 360 million characters a second. */
  takeSpan({ view, start, end, encoding }: Span): boolean {
    const wide = encoding === "utf-16le";
    const length = wide ? (end - start) >>> 1 : end - start;
    this.#makeRoom(length);
    const { units } = this;
    let last = 0;
    for (let at = 0; at < length; at++) {
      const unit = wide ? view.getUint16(start + at * 2, true) : view.getUint8(start + at);
      if (unit > 0x7f) return false;
      units[at] = LOWER[unit] ?? 0;
      if (!isBlank(unit)) last = at + 1;
    }
    this.length = last;
    this.isAscii = true;
    return true;
  }

  #makeRoom(units: number): void {
    if (units > this.units.length) this.units = new Uint16Array(units * 2);
  }
}

/** The blanks of ASCII, as String.trimEnd has them. */
function isBlank(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
}
