/**
 * Batches into segments: Parquet files that nothing counts until they are published (manifest.ts). One writer a name;
 * several may write into one folder at once, each in its own thread. In memory: one row group, packed but for a page.
 */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { assert } from "../../base/assert.ts";
import type { Batch } from "../../model/event.ts";
import { EventColumns } from "./event-columns.ts";
import { onDisk } from "./files.ts";
import { sourceOf } from "./order.ts";
import { ParquetFile } from "./parquet/file.ts";
import { type Group, NO_TICKS, type Segment } from "./segment.ts";

/** A segment closes after this many groups (two million rows at most), or at this size. */
const SEGMENT_GROUPS_MAX = 64;
const SEGMENT_BYTES_FULL = 256 << 20;
/** A segment with more sources does not list them. */
const SOURCES_MAX = 256;

export interface SegmentWriter {
  /** Takes the rows of the batch, which may change afterwards. Faults: disk-full, not-writable. */
  append(batch: Batch): void;
  /** Closes the files. They count once they are published. */
  finish(): readonly Segment[];
  /** Removes what was written; after `finish`, nothing. */
  discard(): void;
}

/**
 * Writes segments `<name>-<n>.parquet` into `dir`, which is made where it is not there. The name (lower-case letters,
 * digits and `-`) is the writer's alone; files of that name which were left unpublished are replaced.
 */
export function createSegments(dir: string, name: string): SegmentWriter {
  assert(/^[a-z0-9-]+$/.test(name), "a segment's name is lower-case letters, digits and -");
  onDisk("write", () => {
    mkdirSync(dir, { recursive: true });
    chmodSync(dir, 0o700);
  });
  return new Writer((number) => join(dir, segmentFile(name, number)), name);
}

function segmentFile(name: string, number: number): string {
  return `${name}-${number}.parquet`;
}

class Writer implements SegmentWriter {
  readonly #pathOf: (number: number) => string;
  readonly #name: string;
  readonly #columns = new EventColumns();
  #segments: Segment[] = [];
  #file: ParquetFile | null = null;
  #groups: Group[] = [];
  #sources = new Set<string>();
  #finished = false;

  constructor(pathOf: (number: number) => string, name: string) {
    this.#pathOf = pathOf;
    this.#name = name;
  }

  append(batch: Batch): void {
    assert(!this.#finished, "a finished writer takes nothing");
    let row = 0;
    while (row < batch.length) {
      row = this.#columns.add(batch, row);
      this.#sources.add(sourceOf(batch.place));
      if (this.#columns.full) this.#closeGroup();
    }
  }

  finish(): readonly Segment[] {
    this.#closeGroup();
    this.#closeSegment();
    this.#finished = true;
    return this.#segments;
  }

  discard(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#file?.discard();
    for (const [number] of this.#segments.entries()) rmSync(this.#pathOf(number), { force: true });
  }

  #closeGroup(): void {
    if (this.#columns.rows === 0) return;
    this.#file ??= new ParquetFile(this.#pathOf(this.#segments.length));
    this.#groups.push(this.#columns.group());
    this.#file.writeGroup(this.#columns.columns, this.#columns.rows);
    this.#columns.clear();
    if (this.#groups.length >= SEGMENT_GROUPS_MAX || this.#file.sizeBytes >= SEGMENT_BYTES_FULL)
      this.#closeSegment();
  }

  #closeSegment(): void {
    if (this.#file === null) return;
    const written = this.#file.finish();
    this.#file = null;
    this.#segments.push({
      file: segmentFile(this.#name, this.#segments.length),
      ...written,
      ...extentOf(this.#groups),
      sources: this.#sources.size > SOURCES_MAX ? null : [...this.#sources],
      groups: this.#groups,
    });
    this.#groups = [];
    this.#sources = new Set();
  }
}

function extentOf(groups: readonly Group[]) {
  let [rows, undated] = [0, 0];
  let { ticksMin, ticksMax }: { ticksMin: bigint; ticksMax: bigint } = NO_TICKS;
  for (const group of groups) {
    rows += group.rows;
    undated += group.undated;
    if (group.ticksMin < ticksMin) ticksMin = group.ticksMin;
    if (group.ticksMax > ticksMax) ticksMax = group.ticksMax;
  }
  return { rows, undated, ticksMin, ticksMax };
}
