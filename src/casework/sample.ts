/** Writes the sample case to disk, streamed; refuses a folder that holds anything else. */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileFault } from "../engines/journal/index.ts";
import { type SampleRequest, makeSample } from "../sample/index.ts";

import type { Pace } from "./pace.ts";
import { makeEmpty } from "./write-dossier.ts";

/** Writes every file below the folder; gives the bytes written. Faults: already-exists, disk-full. */
export async function writeSample(
  folder: string,
  request: SampleRequest,
  pace: Pace,
): Promise<number> {
  makeEmpty(folder);
  pace.start("writing the sample", null);
  let sizeBytes = 0;
  for (const { path, bytes } of makeSample(request).files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    const descriptor = openSync(target, "w");
    try {
      for (const block of bytes) {
        writeWhole(descriptor, block, target);
        sizeBytes += block.length;
        pace.add(block.length);
        await pace.breathe();
      }
    } finally {
      closeSync(descriptor);
    }
  }
  return sizeBytes;
}

function writeWhole(descriptor: number, bytes: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    throw fileFault(error, path);
  }
}
