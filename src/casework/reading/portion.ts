/**
 * A portion: what one task gave, kept under derived/ so that it is never read twice. Disposable: what does not fit its key,
 * its checksum or its version is made again. Written after its segments, by rename, so that it is there whole or not.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { Range } from "../../engines/formats/index.ts";
import type { Segment } from "../../engines/store/index.ts";
import type { Detection } from "../../model/detection.ts";
import type { Flaw } from "../../model/flaw.ts";
import type { CoverageState } from "../../questions/cause/index.ts";
import { writeOwn } from "../write-dossier.ts";

export interface Portion {
  readonly segments: readonly Segment[];
  readonly detections: readonly Detection[];
  /** All matches of rules, also those beyond what is kept. */
  readonly matches: number;
  readonly coverage: CoverageState;
  /** The first FLAWS_MAX of them. */
  readonly flaws: readonly Flaw[];
  /** One count for each part of the task; exact. */
  readonly counts: readonly { readonly events: number; readonly flaws: number }[];
}

/** Flaws beyond this many are counted and not listed: a damaged disk image has millions. */
export const FLAWS_MAX = 20_000;

/** Where portions are kept, and how this vault's owner knows its own: the HMAC of a SHA-256, hexadecimal. */
export interface Shelf {
  readonly folder: string;
  readonly mac: (sha256: Uint8Array) => string;
}

const SUFFIX = ".kept";
const MAC_BYTES = 32;

/** Keeps what one task gave under its key. */
export function keepPortion(shelf: Shelf, key: string, portion: Portion): void {
  keep(shelf, key, { key, portion });
}

/** What the task of that key gave, or null where it must be read (again). */
export function takePortion(shelf: Shelf, key: string): Portion | null {
  const kept: { readonly key: string; readonly portion: Portion } | null = take(shelf, key);
  return kept?.key === key ? kept.portion : null;
}

/** Keeps how a large source is cut, under a key that stands for its bytes. */
export function keepRanges(shelf: Shelf, key: string, ranges: readonly Range[]): void {
  keep(shelf, key, { key, ranges });
}

/** How the source of that key is cut, or null where that must be found (again). */
export function takeRanges(shelf: Shelf, key: string): readonly Range[] | null {
  const kept: { readonly key: string; readonly ranges: readonly Range[] } | null = take(shelf, key);
  return kept?.key === key ? kept.ranges : null;
}

function keep({ folder, mac }: Shelf, key: string, value: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const body = serialize(value);
  const path = join(folder, key + SUFFIX);
  writeOwn(`${path}.new`, Buffer.concat([macOf(mac, body), body]));
  renameSync(`${path}.new`, path);
}

/** What is read back without a check of its shape must be what this program wrote: the vault's key says so. */
function take<T>({ folder, mac }: Shelf, key: string): T | null {
  const path = join(folder, key + SUFFIX);
  if (!existsSync(path)) return null;
  try {
    const bytes = readFileSync(path);
    const body = bytes.subarray(MAC_BYTES);
    return macOf(mac, body).equals(bytes.subarray(0, MAC_BYTES)) ? deserialize(body) : null;
  } catch {
    return null;
  }
}

/** Removes everything whose key is none of `keys`. */
export function cleanShelf({ folder }: Shelf, keys: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const key = name.slice(0, -SUFFIX.length);
    if (!name.endsWith(SUFFIX) || !keys.has(key)) rmSync(join(folder, name), { force: true });
  }
}

function macOf(mac: Shelf["mac"], bytes: Uint8Array): Buffer {
  return Buffer.from(mac(createHash("sha256").update(bytes).digest()), "hex");
}
