/**
 * A growing log as one Source: the plaintext of its segments, one after another, up to a stated length.
 * Refuses a length that is not committed: that is damage, not the end of the log.
 */
import { assert } from "../../base/assert.ts";
import { Fault } from "../../base/fault.ts";
import type { EvidenceHash } from "../../model/evidence.ts";
import type { FileSource } from "../file-source.ts";
import type { Vault } from "../vault/index.ts";
import { knownLogs } from "./known-logs.ts";
import type { LogSegment } from "./known-logs.ts";

/** Segments held open at once: a log of years has hundreds. */
const OPEN_MAX = 4;

/**
 * The first `sizeBytes` bytes of the log `hash`; the caller closes it. The length is fixed however the log goes on, so that a run
 * can be replayed over exactly what it read. Throws `not-found` and, here and in read(), `vault-damaged`.
 */
export function openLog(vault: Vault, hash: EvidenceHash, sizeBytes: number): FileSource {
  const log = knownLogs(vault).find(({ evidence }) => evidence.hash === hash);
  if (log === undefined)
    throw new Fault("not-found", `no growing log ${hash} is in this vault`, "check the id");
  if (sizeBytes > log.evidence.sizeBytes)
    throw shortFault(`log ${hash} has ${log.evidence.sizeBytes} of ${sizeBytes} bytes`);
  return concatenate(vault, log.segments, sizeBytes);
}

function concatenate(vault: Vault, segments: readonly LogSegment[], sizeBytes: number): FileSource {
  const open = new Map<number, FileSource>();

  const sourceOf = (index: number, { object }: LogSegment): FileSource => {
    const there = open.get(index);
    if (there !== undefined) return there;
    for (const [oldest, source] of open) {
      if (open.size < OPEN_MAX) break;
      source.close();
      open.delete(oldest);
    }
    const source = vault.openObject(object);
    open.set(index, source);
    return source;
  };

  /** Bytes [start, end) as far as segment `index` holds them. */
  const readFrom = (index: number, start: number, end: number): Uint8Array => {
    const segment = segments[index];
    assert(segment !== undefined, "a position within the log is in a segment");
    const source = sourceOf(index, segment);
    const segmentEnd = segments[index + 1]?.base ?? sizeBytes;
    const stop = Math.min(end, segmentEnd) - segment.base;
    if (stop > source.byteLength)
      throw shortFault(`segment ${segment.object} has ${source.byteLength} of ${stop} bytes`);
    return source.read(start - segment.base, stop);
  };

  return {
    byteLength: sizeBytes,
    read(start, end) {
      assert(start >= 0 && start <= end && end <= sizeBytes, "read within the source");
      if (start === end) return new Uint8Array(0);
      let index = segmentAt(segments, start);
      const first = readFrom(index, start, end);
      if (first.length === end - start) return first;
      const bytes = new Uint8Array(end - start);
      bytes.set(first);
      for (let done = first.length; done < bytes.length; ) {
        const part = readFrom(++index, start + done, end);
        bytes.set(part, done);
        done += part.length;
      }
      return bytes;
    },
    close() {
      for (const source of open.values()) source.close();
      open.clear();
    },
  };
}

/** The last segment that begins at or before `position`: one that a crash left empty begins where the next one does. */
function segmentAt(segments: readonly LogSegment[], position: number): number {
  return segments.findLastIndex(({ base }) => base <= position);
}

function shortFault(what: string): Fault {
  return new Fault(
    "vault-damaged",
    `a growing log is damaged: ${what}`,
    "run `breakwater verify` on the vault, and bring the object back from a copy",
  );
}
