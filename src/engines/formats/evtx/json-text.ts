/**
 * UTF-16 as JSON text in UTF-8, byte by byte, with the escapes of JSON.stringify.
 * Each function writes at `at` of `out`, which must have three bytes for each byte it reads, and gives the byte after.
 */
import { PLAIN, PRINTED, putWord } from "../json/json-lead.ts";

const QUOTE = 0x22;

/** Byte after the text: without its terminating zeros and, in data, without trailing blanks. */
export function endOfText(view: DataView, start: number, size: number, isData: boolean): number {
  let end = start + (size & ~1);
  while (end > start && view.getUint16(end - 2, true) === 0) end -= 2;
  if (isData) while (end > start && view.getUint16(end - 2, true) <= 0x20) end -= 2;
  return end;
}

/** UTF-16 of [start, end) between quotes. Hot: most of what a log holds passes here, at about 1 GB/s. */
export function putUnicode(
  out: Buffer,
  at: number,
  view: DataView,
  start: number,
  end: number,
): number {
  out[at] = QUOTE;
  let to = at + 1;
  let from = start;
  while (from < end) {
    // Two units at a time, as long as both are ASCII and stay as they are.
    if (from + 4 <= end) {
      const both = view.getUint32(from, true);
      if ((both & NOT_ASCII) === 0 && PLAIN[both & 0x7f] === 1 && PLAIN[both >>> 16] === 1) {
        out[to] = both;
        out[to + 1] = both >>> 16;
        to += 2;
        from += 4;
        continue;
      }
    }
    const unit = view.getUint16(from, true);
    from += 2;
    if (unit < 0x80) to = putAsciiUnit(out, to, unit);
    else {
      const next = from < end ? view.getUint16(from, true) : 0;
      const isPair = (unit & 0xfc00) === 0xd800 && (next & 0xfc00) === 0xdc00;
      to = isPair ? putPair(out, to, unit, next) : putWide(out, to, unit);
      if (isPair) from += 2;
    }
  }
  out[to] = QUOTE;
  return to + 1;
}

/** Texts that end with a zero unit each: a list, or the text where it is one. */
export function putTexts(
  out: Buffer,
  at: number,
  view: DataView,
  start: number,
  size: number,
  isData: boolean,
): number {
  out[at] = 0x5b;
  let to = at + 1;
  let from = start;
  let texts = 0;
  const end = start + (size & ~1);
  for (let unit = start; unit < end; unit += 2) {
    const isEnd = view.getUint16(unit, true) === 0;
    if (!isEnd && unit + 2 < end) continue;
    const length = (isEnd ? unit : unit + 2) - from;
    to = putUnicode(out, to, view, from, endOfText(view, from, length, isData));
    out[to++] = 0x2c;
    from = unit + 2;
    texts++;
  }
  if (texts !== 1) {
    out[texts === 0 ? to : to - 1] = 0x5d;
    return texts === 0 ? to + 1 : to;
  }
  out.copyWithin(at, at + 1, to - 1);
  return to - 2;
}

/** Bits of two units that no two ASCII units have. */
const NOT_ASCII = 0xff80_ff80 | 0;

/** UTF-8 of a unit beyond ASCII; half of a pair alone is escaped, as JSON.stringify does. */
function putWide(out: Buffer, at: number, unit: number): number {
  if ((unit & 0xf800) === 0xd800) return at + out.write(`\\u${unit.toString(16)}`, at, "latin1");
  if (unit < 0x800) {
    out[at] = 0xc0 | (unit >>> 6);
    out[at + 1] = 0x80 | (unit & 0x3f);
    return at + 2;
  }
  out[at] = 0xe0 | (unit >>> 12);
  out[at + 1] = 0x80 | ((unit >>> 6) & 0x3f);
  out[at + 2] = 0x80 | (unit & 0x3f);
  return at + 3;
}

function putPair(out: Buffer, at: number, high: number, low: number): number {
  const point = 0x1_0000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
  out[at] = 0xf0 | (point >>> 18);
  out[at + 1] = 0x80 | ((point >>> 12) & 0x3f);
  out[at + 2] = 0x80 | ((point >>> 6) & 0x3f);
  out[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}

function putAsciiUnit(out: Uint8Array, at: number, unit: number): number {
  if (PLAIN[unit] === 0) return putWord(out, at, PRINTED[unit] ?? NOTHING);
  out[at] = unit;
  return at + 1;
}

const NOTHING = new Uint8Array(0);
