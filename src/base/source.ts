/**
 * The least that a reader of evidence needs: a length, and bytes by range.
 * Files, sealed objects, archive members and memory all look like this, so no format knows a path.
 */
import { copyOf } from "./bytes.ts";
import { assert } from "./assert.ts";

export interface Source {
  /** Length in bytes; fixed for as long as the Source is open. */
  readonly byteLength: number;
  /**
   * Bytes of [start, end), exactly `end - start` of them; the caller keeps 0 <= start <= end <= byteLength.
   * The view may be reused by the next call: copy what must outlive it.
   * Throws a Fault when the medium beneath fails (a disk, a key), never because of content.
   */
  read(start: number, end: number): Uint8Array;
}

/** A Source over bytes already in memory. */
export function memorySource(bytes: Uint8Array): Source {
  return {
    byteLength: bytes.length,
    read(start, end) {
      assert(start >= 0 && start <= end && end <= bytes.length, "read within the source");
      return bytes.subarray(start, end);
    },
  };
}

/** The whole Source as one owned array; for small inputs, the caller bounds the length first. */
export function readAll(source: Source): Uint8Array {
  return copyOf(source.read(0, source.byteLength));
}
