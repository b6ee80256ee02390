/**
 * A file that is being written by somebody else: its head, its whole lines from a position on, what stands before it.
 * Refuses to trust a length or a name: the bytes before the position must still be those that were committed.
 */
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { sameBytes } from "../../base/bytes.ts";
import { FRAME_BYTES_MAX } from "../../engines/sealed/index.ts";
import { readingFault } from "../file-source.ts";
import { watchedFile } from "./watched-paths.ts";
import type { WatchedFile } from "./watched-paths.ts";

/** The head of a log is at most this long; two different logs do not begin with more of the same. */
export const HEAD_BYTES_MAX = 4096;
/** What is kept of a log to know it again: the bytes before the position. */
export const TAIL_BYTES = 4096;
const LINE_FEED = 10;

/** Never waits, never follows: what was a file when it was found may be a pipe or a link now. */
const READING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Room for a tail and a frame behind it; one for all logs, since they are read in turn. */
const buffer = new Uint8Array(TAIL_BYTES + FRAME_BYTES_MAX);

/** What was found behind a position. */
export type Fresh =
  /** Whole lines, a piece of one line that is longer than a frame, or nothing; valid until the next call of any file. */
  | {
      readonly kind: "bytes";
      readonly lines: Uint8Array;
      readonly rest: number;
      readonly more: boolean;
    }
  /** The file is shorter than the position, or the bytes before it are others. */
  | { readonly kind: "replaced" };

/** An open file. */
export class LogFile {
  readonly #path: string;
  readonly #file: number;

  /** Throws the Fault of a file that cannot be read. */
  constructor(path: string) {
    this.#path = path;
    this.#file = attempt(path, () => openSync(path, READING));
  }

  /** The file as it is now, under the path by which it was opened. */
  stat(): WatchedFile {
    const stat = attempt(this.#path, () => fstatSync(this.#file, { bigint: true }));
    return watchedFile(this.#path, stat);
  }

  /** Bytes [start, end), fewer where the file ends before; valid until the next call of any file. */
  read(start: number, end: number): Uint8Array {
    const view = buffer.subarray(0, Math.min(end - start, buffer.length));
    let done = 0;
    while (done < view.length) {
      const count = attempt(this.#path, () =>
        readSync(this.#file, view, done, view.length - done, start + done),
      );
      if (count === 0) break;
      done += count;
    }
    return view.subarray(0, done);
  }

  /** What stands behind `position`, if `tail` still stands before it. `all`: the rest behind the last line feed too. */
  after(position: number, tail: Uint8Array, all: boolean): Fresh {
    const bytes = this.read(position - tail.length, position + FRAME_BYTES_MAX);
    if (!sameBytes(bytes.subarray(0, tail.length), tail)) return { kind: "replaced" };
    const fresh = bytes.subarray(tail.length);
    const full = fresh.length === FRAME_BYTES_MAX;
    const end = fresh.lastIndexOf(LINE_FEED) + 1;
    // A line that is longer than a frame is committed in pieces: waiting for its end would need memory without a bound.
    const lines = all || (end === 0 && full) ? fresh : fresh.subarray(0, end);
    return { kind: "bytes", lines, rest: fresh.length - lines.length, more: full };
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The head of a log as its file has it now. */
export interface Head {
  readonly headHash: string;
  readonly headBytes: number;
}

/** What the first bytes of a file say about it. */
export type HeadFound =
  | { readonly kind: "head"; readonly head: Head }
  /** Not yet one whole line. */
  | { readonly kind: "none" }
  | { readonly kind: "no-lines"; readonly why: string };

/** The head: all whole lines in the first 4 KiB, or the first 4 KiB where they hold no line feed. `first`: the file's first bytes. */
export function headOf(first: Uint8Array): HeadFound {
  const bytes = first.subarray(0, HEAD_BYTES_MAX);
  const why = whyNoLines(bytes);
  if (why !== null) return { kind: "no-lines", why };
  const end = bytes.lastIndexOf(LINE_FEED) + 1;
  const headBytes = end === 0 && bytes.length === HEAD_BYTES_MAX ? HEAD_BYTES_MAX : end;
  if (headBytes === 0) return { kind: "none" };
  return { kind: "head", head: { headHash: hashOf(bytes.subarray(0, headBytes)), headBytes } };
}

/** Whether `first`, the first bytes of a file, begins with this head. */
export function hasHead(first: Uint8Array, { headHash, headBytes }: Head): boolean {
  return first.length >= headBytes && hashOf(first.subarray(0, headBytes)) === headHash;
}

/** SHA-256, hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const EVTX = "ElfFile";
/** Control characters that stand in texts: tab, line feed, vertical tab, form feed, carriage return, escape. */
const IN_TEXT = new Set([9, 10, 11, 12, 13, 27]);

function whyNoLines(bytes: Uint8Array): string | null {
  if (Buffer.from(bytes.subarray(0, EVTX.length)).toString("latin1") === EVTX)
    return "Windows rewrites an event log in place; hand in a copy when it is needed";
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return "it is UTF-16, whose lines cannot be told by a line feed";
  if (bytes.some((byte) => byte < 32 && !IN_TEXT.has(byte)))
    return "it is no text in lines; hand it in when it is complete";
  return null;
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw readingFault(error, path);
  }
}
