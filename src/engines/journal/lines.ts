/**
 * Cuts the entries of a journal into lines, from any Source, in flat memory.
 * Refuses to hold a line longer than LINE_BYTES_MAX: it is passed over, and said to be too long.
 */
import type { Source } from "../../base/source.ts";
import { LINE_BYTES_MAX } from "./entry.ts";

const BLOCK_BYTES = 1_048_576;
const LINE_FEED = 10;

/** One line of the file, without its line feed. */
export interface Line {
  /** Null: longer than any entry is. */
  readonly text: string | null;
  readonly offset: number;
  /** Bytes up to where the next line starts. */
  readonly sizeBytes: number;
  /** False for a last line without a line feed. */
  readonly whole: boolean;
}

/** The lines of `source` in order. Entries are ASCII, so each byte becomes one character. */
export function* readLines(source: Source): Generator<Line> {
  let offset = 0;
  let kept = "";
  let keptBytes = 0;
  for (let start = 0; start < source.byteLength; start += BLOCK_BYTES) {
    const block = source.read(start, Math.min(start + BLOCK_BYTES, source.byteLength));
    const view = Buffer.from(block.buffer, block.byteOffset, block.length);
    let from = 0;
    while (from < view.length) {
      const feed = view.indexOf(LINE_FEED, from);
      const end = feed < 0 ? view.length : feed;
      keptBytes += end - from;
      if (keptBytes <= LINE_BYTES_MAX) kept += view.toString("latin1", from, end);
      from = end + 1;
      if (feed < 0) break;
      const text = keptBytes <= LINE_BYTES_MAX ? kept : null;
      yield { text, offset, sizeBytes: keptBytes + 1, whole: true };
      offset += keptBytes + 1;
      [kept, keptBytes] = ["", 0];
    }
  }
  if (keptBytes === 0) return;
  const text = keptBytes <= LINE_BYTES_MAX ? kept : null;
  yield { text, offset, sizeBytes: keptBytes, whole: false };
}
