/**
 * A finished store's files, open for reading: hands out its blocks one at a time.
 * Refuses files that are not what the manifest states: Fault vault-damaged.
 */
import { closeSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { assert, known } from "../../base/assert.ts";
import type { Place } from "../../model/evidence.ts";
import type { Query } from "../../model/query.ts";
import { Block, placeOf } from "./block.ts";
import { damaged, onDisk, openChecked, readAt } from "./files.ts";
import { type BlockEntry, type Manifest, MANIFEST_FILE, parseManifest } from "./manifest.ts";
import { shareOf, type Share } from "./share.ts";

/** The segments and the index of an open store. */
export class Segments {
  readonly rows: number;
  readonly entries: readonly BlockEntry[];
  readonly #places: readonly Place[];
  #files: readonly number[];

  constructor(manifest: Manifest, files: readonly number[]) {
    this.rows = manifest.rows;
    this.entries = manifest.blocks;
    this.#places = manifest.places.map(placeOf);
    this.#files = files;
  }

  /** Where the rows of this block stand. */
  placeOf(entry: BlockEntry): Place {
    return known(this.#places[entry.place], "a manifest names the place of every block");
  }

  /** How much of the block the query can match, without reading it. */
  shareOf(query: Query, entry: BlockEntry): Share {
    return shareOf(query, entry, this.placeOf(entry));
  }

  /** The block, nothing of it read yet. Its memory is free when the caller drops it. */
  open(entry: BlockEntry): Block {
    return new Block(entry, this.placeOf(entry), (segment, { at, sizeBytes }) => {
      assert(this.#files.length > 0, "the store is open");
      return readAt(known(this.#files[segment], "an open segment"), at, sizeBytes);
    });
  }

  close(): void {
    for (const file of this.#files) closeSync(file);
    this.#files = [];
  }
}

/** Opens the files of the store in `dir`. */
export function openSegments(dir: string): Segments {
  const text = onDisk("read", () => readFileSync(join(dir, MANIFEST_FILE), "utf8"));
  const manifest = parseManifest(text);
  if (manifest === null) throw damaged("its manifest is cut, altered or of another version");
  const files: number[] = [];
  try {
    for (const { file, sizeBytes } of manifest.segments)
      files.push(openChecked(join(dir, file), sizeBytes));
  } catch (error) {
    for (const file of files) closeSync(file);
    throw error;
  }
  return new Segments(manifest, files);
}
