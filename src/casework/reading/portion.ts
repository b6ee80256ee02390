/**
 * A portion: what one task gave, kept under derived/ so that it is never read twice. Disposable: what does not fit its key,
 * its checksum or its version is made again. Written after its segments, by rename, so that it is there whole or not.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Range } from "../../engines/formats/index.ts";
import type { SignsState } from "../../engines/lookout/index.ts";
import type { CarriedState, FeedState } from "../../engines/sigma/index.ts";
import type { Segment } from "../../engines/store/index.ts";
import type { Detection } from "../../model/detection.ts";
import type { Flaw } from "../../model/flaw.ts";
import type { CoverageState } from "../../questions/cause/index.ts";
import type { StartsState, TrafficState } from "../../questions/answered/index.ts";
import type { ObservationsState } from "../../questions/patched/index.ts";
import { type Mac, keepValue, takeValue } from "../kept-file.ts";

export interface Portion {
  readonly segments: readonly Segment[];
  readonly detections: readonly Detection[];
  /** All matches of rules, also those beyond what is kept. */
  readonly matches: number;
  /** What correlations will read. */
  readonly feed: FeedState;
  readonly coverage: CoverageState;
  readonly carried: CarriedState;
  readonly observations: ObservationsState;
  readonly signs: SignsState;
  readonly changes: SignsState;
  readonly starts: StartsState;
  readonly traffic: TrafficState;
  /** The first FLAWS_MAX of them. */
  readonly flaws: readonly Flaw[];
  /** One count for each part of the task; exact. */
  readonly counts: readonly { readonly events: number; readonly flaws: number }[];
}

/** Flaws beyond this many are counted and not listed: a damaged disk image has millions. */
export const FLAWS_MAX = 20_000;

/** Where portions are kept, and how this vault's owner knows its own. */
export interface Shelf {
  readonly folder: string;
  readonly mac: Mac;
}

const SUFFIX = ".kept";

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
  keepValue(pathOf(folder, key), mac, value);
}

function take<T>({ folder, mac }: Shelf, key: string): T | null {
  return takeValue(pathOf(folder, key), mac);
}

function pathOf(folder: string, key: string): string {
  return join(folder, key + SUFFIX);
}

/** Removes everything whose key is none of `keys`. */
export function cleanShelf({ folder }: Shelf, keys: ReadonlySet<string>): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const key = name.slice(0, -SUFFIX.length);
    if (!name.endsWith(SUFFIX) || !keys.has(key)) rmSync(join(folder, name), { force: true });
  }
}
