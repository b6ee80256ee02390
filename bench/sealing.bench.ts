/** Sealing and reading back against plain SHA-256 of the same bytes: memory to nothing, and file to file. */
import { createHash } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Source } from "../src/base/source.ts";
import { fileSource } from "../src/casework/file-source.ts";
import { createSealer, deriveKeys, openSealed } from "../src/engines/sealed/index.ts";
import { FULL, ledger, measure } from "./measure.ts";

const MEGABYTE = 1_000_000;
const BLOCK_BYTES = 2_097_152;
const SIZE_BYTES = FULL ? 512 * MEGABYTE : 3 * MEGABYTE;
const PLAIN = repeat(Math.min(SIZE_BYTES, 64 * MEGABYTE));
const KEYS = deriveKeys(new Uint8Array(32).fill(7));
const ID = "01".repeat(16);

const folder = mkdtempSync(join(tmpdir(), "breakwater-bench-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bytes that do not compress and repeat from run to run. */
function repeat(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = 1;
  for (let at = 0; at < sizeBytes; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** PLAIN again and again, SIZE_BYTES in all, without the memory for it. */
const longSource: Source = {
  byteLength: SIZE_BYTES,
  read(start, end) {
    const at = start % (PLAIN.length - BLOCK_BYTES || 1);
    return PLAIN.subarray(at, at + end - start);
  },
};

function hashAll(source: Source): string {
  const hash = createHash("sha256");
  for (let at = 0; at < source.byteLength; at += BLOCK_BYTES)
    hash.update(source.read(at, Math.min(at + BLOCK_BYTES, source.byteLength)));
  return hash.digest("hex");
}

/** Seals all of `source` in blocks as the vault does; gives the object's hash. */
function sealAll(source: Source, write: (bytes: Uint8Array) => void): string {
  const objectId = new Uint8Array(16).fill(1);
  const objectKey = new Uint8Array(32).fill(2);
  const wrapNonce = new Uint8Array(12).fill(3);
  const sealer = createSealer({ objectId, objectKey, wrapNonce, keys: KEYS });
  for (let at = 0; at < source.byteLength; at += BLOCK_BYTES)
    write(sealer.push(source.read(at, Math.min(at + BLOCK_BYTES, source.byteLength))));
  const end = sealer.finish();
  write(end.tail);
  return end.reference.sha256;
}

function sealToFile(source: Source, path: string): string {
  const file = openSync(path, "w");
  try {
    return sealAll(source, (bytes) => void writeSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

test("sealing and reading back, as ratios to SHA-256", () => {
  const plainPath = join(folder, "plain");
  const sealedPath = join(folder, "sealed");
  const plainFile = openSync(plainPath, "w");
  for (let at = 0; at < SIZE_BYTES; at += BLOCK_BYTES)
    writeSync(plainFile, longSource.read(at, Math.min(at + BLOCK_BYTES, SIZE_BYTES)));
  closeSync(plainFile);

  const work = (result: () => string) => () => ({ amount: SIZE_BYTES, result: result() });
  const hashed = measure(
    "sha256 of memory, bytes",
    work(() => hashAll(longSource)),
  );
  const sealed = measure(
    "seal memory, bytes",
    work(() => sealAll(longSource, () => undefined)),
  );
  const toFile = measure(
    "seal file to file, bytes",
    work(() => {
      const source = fileSource(plainPath);
      try {
        return sealToFile(source, sealedPath);
      } finally {
        source.close();
      }
    }),
  );
  const opened = measure(
    "open sealed file, bytes",
    work(() => {
      const source = fileSource(sealedPath);
      try {
        return hashAll(openSealed(source, KEYS, ID));
      } finally {
        source.close();
      }
    }),
  );
  const ratio = (rate: number) => Number((rate / hashed.perSecond).toFixed(2));
  for (const { name, perSecond } of [sealed, toFile, opened])
    process.stdout.write(`bench: ${name}: ${ratio(perSecond)} of sha256\n`);
  for (const measured of [sealed, toFile, opened])
    ledger(measured, {
      sha256_per_second: Math.round(hashed.perSecond),
      ratio: ratio(measured.perSecond),
    });

  expect(sealed.resultHash).toBe(toFile.resultHash);
  expect(opened.resultHash).toBe(hashed.resultHash);
  // Flat: 512 MB went through, and neither they nor a second copy of the 64 MB stayed.
  expect(opened.peakRssMb).toBeLessThan(400);
}, 600_000);
