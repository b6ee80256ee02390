/** Writes the sample case to disk, streamed; refuses a folder that holds anything else. */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileFault } from "../engines/journal/index.ts";
import { type SampleRequest, makeSample } from "../sample/index.ts";

import type { MadeFile } from "../model/sample.ts";
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
  try {
    let sizeBytes = 0;
    for (const file of makeSample(request).files) sizeBytes += await writeFile(folder, file, pace);
    return sizeBytes;
  } catch (error) {
    // Half a sample looks like a whole one with gaps.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeFile(folder: string, { path, bytes }: MadeFile, pace: Pace): Promise<number> {
  const target = join(folder, path);
  let sizeBytes = 0;
  const descriptor = openNew(target);
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
  return sizeBytes;
}

function openNew(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, "w");
  } catch (error) {
    throw fileFault(error, path);
  }
}

function writeWhole(descriptor: number, bytes: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    throw fileFault(error, path);
  }
}
