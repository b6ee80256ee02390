/**
 * Whether a segment is what was written: its length, and everything in it that no checksum of zstd covers. What
 * DuckDB then unpacks is as it was, or fails to unpack. A few small reads a row group.
 */
import { closeSync, fstatSync, openSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { Fault } from "../../base/fault.ts";
import { damaged, onDisk, readAt } from "./files.ts";
import { readManifest } from "./manifest.ts";
import type { Segment } from "./segment.ts";

/** Refuses a segment that was cut or altered. Faults: vault-damaged, not-readable. */
export function checkSegment(dir: string, segment: Segment): void {
  const file = onDisk("read", () => openSync(join(dir, segment.file), "r"));
  try {
    const { size } = onDisk("read", () => fstatSync(file));
    if (size !== segment.sizeBytes || sumOf(file, segment) !== segment.sum)
      throw damaged("a segment is not as it was written");
  } finally {
    closeSync(file);
  }
}

/** Whether all of these segments are in `dir` as they were written. */
export function areSound(dir: string, segments: readonly Segment[]): boolean {
  try {
    for (const segment of segments) checkSegment(dir, segment);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** Whether what was published in `dir` can be asked. */
export function isSoundStore(dir: string): boolean {
  try {
    return areSound(dir, readManifest(dir));
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/** The checksum of the file as it lies; null where it cannot be one of ours. */
function sumOf(file: number, { sizeBytes, tailAt, bare }: Segment): number | null {
  const tail = readAt(file, tailAt, Math.max(0, sizeBytes - tailAt));
  if (tail === null || tail.length < bare * 8) return null;
  const list = new DataView(tail.buffer, tail.byteOffset, bare * 8);
  let sum = 0;
  let at = 0;
  for (let entry = 0; entry < bare; entry++) {
    at += list.getUint32(entry * 8, true);
    const size = list.getUint32(entry * 8 + 4, true);
    if (at + size > tailAt) return null;
    const bytes = readAt(file, at, size);
    if (bytes === null) return null;
    sum = crc32(bytes, sum);
    at += size;
  }
  return crc32(tail, sum);
}
