/**
 * Messages that each follow the count of their octets (RFC 6587, 3.4.1), as receivers on TCP keep them: a message may
 * hold line feeds. Refuses counts beyond the limit and what stands where a count should: the line is one flaw.
 * Whether a count is right shows behind the message: what is said of one frame never depends on what follows it.
 */
import type { Source } from "../../../base/source.ts";
import type { Range } from "../format.ts";
import type { NotRead } from "../json/json-value.ts";
import { LINE_BYTES_MAX, WINDOW_BYTES, lineAfter } from "../text/line-reading.ts";

const LINE_FEED = 10;
/** The digits of LINE_BYTES_MAX, and a blank. */
const COUNT_CHARS_MAX = 8;
const COUNT = /^([1-9]\d{0,6}) </;

/** One frame, or why there is none. `bytes` are valid until the next step. */
export type Frame = {
  readonly offset: number;
  readonly sizeBytes: number;
  /** From 1. */
  readonly number: number;
  /** False: the source ends within it. */
  readonly isOver: boolean;
} & (
  | { readonly bytes: Uint8Array }
  | { readonly bytes: null; readonly why: Omit<NotRead, "kind"> }
);

/** Whether the first message follows its count. */
export function isCounted(head: Uint8Array): boolean {
  return countAt(head, 0) !== null;
}

function countAt(
  bytes: Uint8Array,
  at: number,
): { readonly size: number; readonly start: number } | null {
  const text = String.fromCharCode(...bytes.subarray(at, at + COUNT_CHARS_MAX + 1));
  const digits = COUNT.exec(text)?.[1];
  return digits === undefined ? null : { size: Number(digits), start: at + digits.length + 1 };
}

/** The frames in the range. */
export function* framesOf(source: Source, { start, end, line }: Range): Generator<Frame> {
  let position = start;
  let number = line;
  while (position < end) {
    const until = Math.min(position + WINDOW_BYTES, end);
    const bytes = source.read(position, until);
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] === LINE_FEED) {
        at++;
        continue;
      }
      const count = countAt(bytes, at);
      const stop = count === null ? -1 : count.start + count.size;
      // A window holds what is within the limit: on with one that begins here.
      if (until < end && at > 0 && at + COUNT_CHARS_MAX + LINE_BYTES_MAX > bytes.length) break;
      const offset = position + at;
      if (count !== null && count.size <= LINE_BYTES_MAX && stop <= bytes.length) {
        const sizeBytes = stop - at;
        const message = bytes.subarray(count.start, stop);
        yield { bytes: message, offset, sizeBytes, number: number++, isOver: true };
        at = stop;
        continue;
      }
      const isCut = count !== null && count.size <= LINE_BYTES_MAX;
      const next = isCut ? end : lineAfter(source, offset, end);
      const sizeBytes = next - offset;
      const isOver = !isCut && source.read(next - 1, next)[0] === LINE_FEED;
      const why = whyNot(count?.size ?? null, sizeBytes);
      yield { bytes: null, why, offset, sizeBytes, number: number++, isOver };
      at = next - position;
      break;
    }
    position = Math.min(position + at, end);
  }
}

function whyNot(size: number | null, have: number): Omit<NotRead, "kind"> {
  const need = size === null ? "a count of octets" : `${size} octets, at most ${LINE_BYTES_MAX}`;
  return { what: "frame", need, have: `${have} bytes` };
}
