/**
 * Sources made of lines, cut into ranges that end after a line feed (decisions 17). Counts lines and keeps what governs
 * them; makes no rows. Refuses to cut a line, however long: it stays in one range.
 */
import { copyOf } from "../../../base/bytes.ts";
import { Buffer } from "node:buffer";
import type { Source } from "../../../base/source.ts";
import type { Range } from "../format.ts";

/**
 * The header (Range.header) that governs what follows on `part`, which is whole lines. `bytes` are those of the part,
 * valid until the next read; null where it is one line longer than a window.
 */
export type HeaderAfter = (source: Source, part: Range, bytes: Uint8Array | null) => string;

/** Bytes read at a time: they stay in the processor's second cache while they are looked at more than once. */
const WINDOW_BYTES = 524_288;
const LINE_FEED = 10;

/** Where the next range begins, and what is known there. */
type Place = Omit<Range, "end">;

const BEGINNING: Place = { start: 0, line: 1, header: "" };

/** Reader.ranges of a format of lines. About 2.5 GB/s, as fast as lines are counted; `headerAfter` comes on top. */
export function* lineRanges(
  source: Source,
  rangeBytes: number,
  after: Range | null,
  headerAfter: HeaderAfter = (_, { header }) => header,
): Generator<Range> {
  const size = source.byteLength;
  if (after !== null && after.end >= size) return;
  let place = after === null ? BEGINNING : placeAfter(source, after, headerAfter);
  do {
    const aim = Math.min(place.start + Math.max(1, rangeBytes), size);
    if (aim === size) {
      // Nobody asks what governs the end.
      yield { ...place, end: size };
      return;
    }
    const next = passLines(source, place, aim, headerAfter);
    // A last line without an end is nobody's beginning.
    const end = next.start < aim ? size : next.start;
    yield { ...place, end };
    place = { ...next, start: end };
  } while (place.start < size);
}

/** The place behind a range; where the source ended within a line then, the beginning of that line. */
function placeAfter(source: Source, after: Range, headerAfter: HeaderAfter): Place {
  const before: Source = {
    byteLength: after.end,
    read: (start, end) => source.read(start, end),
  };
  return passLines(before, after, after.end, headerAfter);
}

/** Passes whole lines up to the first that ends at `aim` or behind it; stops short before a last one without an end. */
function passLines(source: Source, from: Place, aim: number, headerAfter: HeaderAfter): Place {
  let { start, line, header } = from;
  while (start < aim) {
    const bytes = asBuffer(source, start, Math.min(start + WINDOW_BYTES, source.byteLength));
    const wanted = bytes.indexOf(LINE_FEED, aim - 1 - start);
    const length =
      (aim - 1 - start < bytes.length && wanted >= 0 ? wanted : bytes.lastIndexOf(LINE_FEED)) + 1;
    const end = length > 0 ? start + length : endOfLine(source, start + bytes.length);
    if (end < 0) break;
    const lines = length > 0 ? bytes.subarray(0, length) : null;
    const count = lines === null ? 1 : countLineFeeds(lines);
    header = headerAfter(source, { start, end, line, header }, lines);
    line += count;
    start = end;
  }
  return { start, line, header };
}

/** The byte after the next line feed from `at` on, or -1. */
function endOfLine(source: Source, at: number): number {
  for (let from = at; from < source.byteLength; from += WINDOW_BYTES) {
    const bytes = asBuffer(source, from, Math.min(from + WINDOW_BYTES, source.byteLength));
    const found = bytes.indexOf(LINE_FEED);
    if (found >= 0) return from + found + 1;
  }
  return -1;
}

/** The same source, each read of it a copy: for who reads elsewhere before being done with what was read. */
export function copying(source: Source): Source {
  return {
    byteLength: source.byteLength,
    read: (start, end) => copyOf(source.read(start, end)),
  };
}

/** A Buffer searches at 12 GB/s, a Uint8Array at 2. */
function asBuffer(source: Source, start: number, end: number): Buffer {
  const bytes = source.read(start, end);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const FOUR_LINE_FEEDS = 0x0a0a_0a0a;
const LOW_BITS = 0x7f7f_7f7f;
/** So many words fill a lane of eight bits at the most. */
const WORDS_MAX = 255;

/** How many line feeds there are, four bytes at a time whatever they are: about 4 GB/s. */
export function countLineFeeds(bytes: Uint8Array): number {
  const head = -bytes.byteOffset & 3;
  const length = (bytes.length - head) >> 2;
  if (length <= 0) return countOneByOne(bytes, 0, bytes.length);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, length);
  let count = 0;
  for (let word = 0; word < length; ) {
    const stop = Math.min(word + WORDS_MAX, length);
    let lanes = 0;
    for (; word < stop; word++) {
      // A byte that was a line feed is zero now; of such a byte alone the high bit is left.
      const bits = (words[word] ?? 0) ^ FOUR_LINE_FEEDS;
      lanes = (lanes + (~(((bits & LOW_BITS) + LOW_BITS) | bits | LOW_BITS) >>> 7)) | 0;
    }
    count += (lanes & 0xff) + ((lanes >>> 8) & 0xff) + ((lanes >>> 16) & 0xff) + (lanes >>> 24);
  }
  const tail = head + length * 4;
  return count + countOneByOne(bytes, 0, head) + countOneByOne(bytes, tail, bytes.length);
}

function countOneByOne(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (bytes[at] === LINE_FEED) count++;
  return count;
}
