/** What every format offers to the rest of the house; the registry loads the code behind it when asked. */
import { Buffer } from "node:buffer";
import { copyOf } from "../../base/bytes.ts";
import type { Source } from "../../base/source.ts";
import type { FormatId, Setting, Assumption } from "../../model/evidence.ts";
import type { Piece } from "../../model/event.ts";

/** Who a format is: small and always loaded, so that a kind can be told without its reader. */
export interface Card {
  readonly id: FormatId;
  /** What it reads, in one line for people. */
  readonly reads: string;
  /** Where the format is specified. */
  readonly spec: string;
  /** Whether these first bytes (headOf, up to HEAD_BYTES) are of this kind. By content; a name is never asked. */
  recognises(head: Uint8Array): boolean;
}

/** How many bytes of a file's head are enough to tell its kind. */
export const HEAD_BYTES = 65_536;

/**
 * How many zeros are looked past at the start of a source: a change journal keeps its place in the volume's history, and
 * gigabytes of what it forgot are zeros. Passed at about 8 GB/s where they are sparse, in less time than it takes to seal them.
 */
export const LEADING_ZEROS_MAX = 68_719_476_736;

const ZEROS = Buffer.alloc(1_048_576);
/** What begins behind many zeros begins at a page, of a disk or of a journal. */
const PAGE_BYTES = 4_096;

/**
 * The first bytes of a source by which its kind is told, owned by the caller. Where they are all zeros, the first page that
 * holds something with one page of zeros before it: so nothing is taken for a kind that has to start with the source.
 */
export function headOf(source: Source, sizeBytes: number = HEAD_BYTES): Uint8Array {
  const head = copyOf(source.read(0, Math.min(source.byteLength, sizeBytes)));
  const page = isZero(head) ? pageBehindZeros(source, head.length) : 0;
  if (page === 0) return head;
  const start = page - PAGE_BYTES;
  return copyOf(source.read(start, Math.min(source.byteLength, start + sizeBytes)));
}

/** Where the first page from `from` on starts that holds something; 0 where none does within the limit. */
function pageBehindZeros(source: Source, from: number): number {
  const end = Math.min(source.byteLength, LEADING_ZEROS_MAX);
  for (let at = from - (from % PAGE_BYTES); at < end; at += ZEROS.length) {
    const bytes = source.read(at, Math.min(at + ZEROS.length, source.byteLength));
    if (isZero(bytes)) continue;
    const first = bytes.findIndex((byte) => byte !== 0);
    return at + first - (first % PAGE_BYTES);
  }
  return 0;
}

function isZero(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0) return false;
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(at + ZEROS.length, bytes.length);
    if (ZEROS.compare(bytes, at, end, 0, end - at) !== 0) return false;
  }
  return true;
}

/**
 * A part of a source that can be read by itself: by another worker, or after a restart (decisions 17).
 * The pieces of all ranges of a source, in order, hold the rows and flaws of the whole.
 */
export interface Range {
  /** Bytes [start, end) of the source; both at the start of a line, chunk or record, or at the end of the source. */
  readonly start: number;
  readonly end: number;
  /** Number of the line that begins at `start`, from 1; 0 in formats without lines. */
  readonly line: number;
  /** What stands before `start` and governs the rows behind it, such as `#Fields` and `#Date` lines; "" where nothing does. */
  readonly header: string;
}

export interface Reader {
  /**
   * Rows and flaws of one source in file order. Never throws because of content; memory stays flat
   * with size. A batch is valid until the next step of the iteration. With `range` only what begins in it;
   * without, all.
   */
  read(source: Source, setting: Setting, range?: Range): Iterable<Piece>;
  /**
   * The source in ranges of about `rangeBytes`, in order and without a hole: from its start, or from the end of `after`
   * on, where a source has grown: if it ended within a record then, that record comes first again, and what `after` gave
   * from there on no longer holds; that can be the start, where new bytes tell how the first are read. The same source gives the same ranges. One range for a source that is smaller.
   */
  ranges(source: Source, rangeBytes: number, after: Range | null): Iterable<Range>;
  /** What has to be taken for granted to read this source under this setting; from its first bytes. */
  assumptions(head: Uint8Array, setting: Setting): readonly Assumption[];
  /** How many first bytes `assumptions` looks at; HEAD_BYTES where it does not say. */
  readonly assumptionBytes?: number;
}
