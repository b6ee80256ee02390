/**
 * Batches to a store: a folder of immutable segments and a manifest, which is renamed into place last.
 * Until then nothing of what was written counts; a later writer removes what the manifest does not name.
 * Nothing is forced to the disk: a store is derived, and its checksums show what a crash took.
 */
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync } from "node:fs";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assert } from "../../base/assert.ts";
import type { Batch } from "../../model/event.ts";
import type { Place } from "../../model/evidence.ts";
import { BlockBuilder } from "./builder.ts";
import { encodeHead, pack } from "./columns.ts";
import { onDisk, writeAll } from "./files.ts";
import { emptyManifest, formatManifest, MANIFEST_FILE, parseManifest } from "./manifest.ts";
import type { Manifest, Section } from "./manifest.ts";

/** A segment that has reached this size is closed and the next one begun. */
const SEGMENT_BYTES_FULL = 48 * 1024 * 1024;
const PARTIAL = ".partial";

/** Takes events in; nothing can be asked before `finish`. */
export interface StoreWriter {
  /** Keeps every row of the batch, in any order of places; the batch may be reused afterwards. */
  append(batch: Batch): void;
  /** Makes the store visible, in place of an earlier one in the same folder, and returns its index. */
  finish(): Manifest;
  /** Removes what was written; an earlier store stays. Does nothing after `finish`. */
  discard(): void;
}

/**
 * A writer of a new store in `dir`, which is made with mode 0700 where it is absent. Removes what an
 * unfinished writer left there; one writer at a time (the owner of the vault). Faults: disk-full,
 * not-writable, here and in every call.
 */
export function createStore(dir: string): StoreWriter {
  onDisk("write", () => mkdirSync(dir, { recursive: true, mode: 0o700 }));
  const kept = keptFiles(dir);
  removeOthers(dir, kept);
  return new SegmentWriter(dir, nextGeneration(kept));
}

/** Files of the finished store in this folder, if there is one. */
function keptFiles(dir: string): ReadonlySet<string> {
  try {
    const manifest = parseManifest(readFileSync(join(dir, MANIFEST_FILE), "utf8"));
    if (manifest !== null)
      return new Set([MANIFEST_FILE, ...manifest.segments.map(({ file }) => file)]);
  } catch {
    // No manifest, or none that can be read: there is no finished store to keep.
  }
  return new Set();
}

/** Removes the store's files that are not among `kept`; files of others are left alone. */
function removeOthers(dir: string, kept: ReadonlySet<string>): void {
  for (const file of onDisk("write", () => readdirSync(dir))) {
    const ours = file.endsWith(".segment") || file.startsWith(MANIFEST_FILE);
    if (ours && !kept.has(file)) onDisk("write", () => rmSync(join(dir, file), { force: true }));
  }
}

/** Segments are called `GENERATION-NUMBER.segment`, so that a new store never overwrites an old one. */
function nextGeneration(kept: ReadonlySet<string>): number {
  const generations = [...kept].map((file) => Number(/^(\d+)-/.exec(file)?.[1] ?? 0));
  return Math.max(0, ...generations) + 1;
}

class SegmentWriter implements StoreWriter {
  readonly #dir: string;
  readonly #generation: number;
  readonly #manifest: Manifest = emptyManifest();
  readonly #builder = new BlockBuilder();
  readonly #places = new Map<string, number>();
  /** How the rows in the builder were read, and the number of their place. */
  #reading: Pick<Batch, "format" | "digits" | "zoneAssumed"> | null = null;
  #place = 0;
  #placeLast: Place | null = null;
  #file: number | null = null;
  #sizeBytes = 0;
  #open = true;

  constructor(dir: string, generation: number) {
    this.#dir = dir;
    this.#generation = generation;
  }

  append(batch: Batch): void {
    assert(this.#open, "a finished store takes no more events");
    this.#turnTo(batch);
    for (let row = 0; row < batch.length; row++) {
      if (this.#builder.full) this.#closeBlock();
      this.#builder.add(batch, row);
    }
  }

  finish(): Manifest {
    assert(this.#open, "a store is finished once");
    this.#closeBlock();
    this.#closeSegment();
    this.#open = false;
    const path = join(this.#dir, MANIFEST_FILE);
    onDisk("write", () => {
      writeFileSync(path + PARTIAL, formatManifest(this.#manifest), { mode: 0o600 });
      renameSync(path + PARTIAL, path);
    });
    removeOthers(this.#dir, keptFiles(this.#dir));
    return this.#manifest;
  }

  discard(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#file !== null) closeSync(this.#file);
    removeOthers(this.#dir, keptFiles(this.#dir));
  }

  /** A block holds rows of one place, read in one way. */
  #turnTo(batch: Batch): void {
    const { format, digits, zoneAssumed, place } = batch;
    const number = this.#placeLast === place ? this.#place : this.#numberOf(place);
    const before = this.#reading;
    this.#placeLast = place;
    if (
      before !== null &&
      this.#place === number &&
      before.format === format &&
      before.digits === digits &&
      before.zoneAssumed === zoneAssumed
    )
      return;
    this.#closeBlock();
    this.#reading = { format, digits, zoneAssumed };
    this.#place = number;
  }

  #numberOf(place: Place): number {
    const name = JSON.stringify([place.evidence, place.member, place.file]);
    const before = this.#places.get(name);
    if (before !== undefined) return before;
    const { evidence, member, file } = place;
    const number = this.#manifest.places.push({ evidence, member, file }) - 1;
    this.#places.set(name, number);
    return number;
  }

  #closeBlock(): void {
    const builder = this.#builder;
    if (builder.rows === 0 || this.#reading === null) return;
    if (this.#sizeBytes >= SEGMENT_BYTES_FULL) this.#closeSegment();
    const head = this.#writeSection(encodeHead(builder.head(), builder.rows));
    const body = this.#writeSection(builder.body());
    this.#manifest.blocks.push({
      segment: this.#manifest.segments.length,
      place: this.#place,
      ...this.#reading,
      rows: builder.rows,
      ...builder.extent(),
      head,
      body,
    });
    this.#manifest.rows += builder.rows;
    builder.clear();
  }

  #writeSection(raw: Uint8Array): Section {
    const packed = pack(raw);
    this.#file ??= onDisk("write", () =>
      openSync(join(this.#dir, this.#segmentFile()), "wx", 0o600),
    );
    writeAll(this.#file, packed.bytes);
    const at = this.#sizeBytes;
    this.#sizeBytes += packed.bytes.length;
    return { at, sizeBytes: packed.bytes.length, rawBytes: packed.rawBytes, crc32: packed.crc32 };
  }

  #closeSegment(): void {
    if (this.#file === null) return;
    closeSync(this.#file);
    this.#manifest.segments.push({ file: this.#segmentFile(), sizeBytes: this.#sizeBytes });
    this.#file = null;
    this.#sizeBytes = 0;
  }

  #segmentFile(): string {
    return `${this.#generation}-${this.#manifest.segments.length}.segment`;
  }
}
