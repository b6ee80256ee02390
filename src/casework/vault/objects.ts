/**
 * The folder of sealed objects: written under a temporary name, synced, then renamed to `objects/aa/<id>`.
 * Refuses to overwrite: an id is drawn once. What no entry names is what a crash left (docs/design/sealed-objects.md).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import type { Source } from "../../base/source.ts";
import type { JournalEntry } from "../../model/act.ts";
import { fileFault } from "../../engines/journal/index.ts";
import type { FileHandle } from "../../engines/journal/index.ts";
import {
  ID_BYTES,
  KEY_BYTES,
  NONCE_BYTES,
  SegmentSealer,
  createSealer,
  openOpenSegment,
  openSealed,
} from "../../engines/sealed/index.ts";
import type {
  SealedEnd,
  Sealer,
  SealerSettings,
  SegmentInspection,
  VaultKeys,
} from "../../engines/sealed/index.ts";
import { Segment } from "./segment.ts";
import type { Progress, Sealed } from "./terms.ts";
import { plaintextOf } from "./object-access.ts";
import { objectPath } from "./object-path.ts";
import type { FileSource } from "../file-source.ts";
import type { VaultFiles } from "./files.ts";

/** Read and sealed at once: whole chunks, large enough that the disk is asked rarely. */
const BLOCK_BYTES = 2_097_152;
const TEMPORARY = "tmp";
const OBJECT_NAME = /^[0-9a-f]{32}$/;

/** Objects that an entry names: its words, what it brought in, and the segment whose opening it tells. */
export function objectsNamedBy({ kind, subject, body, sealed }: JournalEntry): readonly string[] {
  const parts = [body, sealed].flatMap((reference) => (reference ? [reference.object] : []));
  return kind === "log-opened" ? [...parts, subject] : parts;
}

/** Files under objects/ that are none of `known`: by path below the vault. */
export function strayFiles(
  vaultFolder: string,
  files: VaultFiles,
  known: ReadonlySet<string>,
): string[] {
  const folder = join(vaultFolder, "objects");
  return files.list(folder).flatMap((name) =>
    files
      .list(join(folder, name))
      .filter((file) => !(OBJECT_NAME.test(file) && file.startsWith(name) && known.has(file)))
      .map((file) => `objects/${name}/${file}`),
  );
}

/** An object that is being sealed. */
interface Draft {
  readonly sealer: Sealer;
  readonly path: string;
  readonly file: FileHandle;
  sizeBytes: number;
  open: boolean;
}

/** Seals into, and opens from, the objects of one vault. */
export class ObjectFolder {
  readonly #vaultFolder: string;
  readonly #keys: VaultKeys;
  readonly #random: (sizeBytes: number) => Uint8Array;
  readonly #files: VaultFiles;
  /** Folders with names that are not synced yet. */
  readonly #unsynced = new Set<string>();
  /** Sealed here, and named by no entry that was ever handed to the journal. */
  readonly #unnamed = new Set<string>();
  /** Written by this process, by object id. */
  readonly #segments = new Map<string, Segment>();
  #damaged: ReadonlyMap<string, SegmentInspection | null> = new Map();

  constructor(
    vaultFolder: string,
    keys: VaultKeys,
    random: (sizeBytes: number) => Uint8Array,
    files: VaultFiles,
  ) {
    this.#vaultFolder = vaultFolder;
    this.#keys = keys;
    this.#random = random;
    this.#files = files;
  }

  /** Seals all of `source` in blocks of 2 MiB, hashing in the same pass. */
  seal(source: Source, progress?: Progress): Sealed {
    const draft = this.#begin();
    return this.#guard(draft, () => {
      for (let start = 0; start < source.byteLength; start += BLOCK_BYTES) {
        const end = Math.min(start + BLOCK_BYTES, source.byteLength);
        this.#write(draft, draft.sealer.push(source.read(start, end)));
        progress?.(end, source.byteLength);
      }
      return this.#finish(draft);
    });
  }

  /** Seals what comes, in the pieces in which it comes. */
  async sealStream(pieces: AsyncIterable<Uint8Array>): Promise<Sealed> {
    const draft = this.#begin();
    try {
      for await (const piece of pieces) this.#write(draft, draft.sealer.push(piece));
      return this.#finish(draft);
    } catch (error) {
      this.#discard(draft);
      throw fileFault(error, draft.path);
    }
  }

  /** The plaintext of an object; the caller closes it. Throws `vault-damaged` where it is gone or altered. */
  open(id: string): FileSource {
    const segment = this.#segments.get(id);
    if (segment !== undefined) return segment.read();
    const path = join(this.#vaultFolder, objectPath(id));
    if (!existsSync(path))
      throw new Fault(
        "vault-damaged",
        `sealed object ${id} is not at ${path}`,
        "bring it back from a copy; `breakwater verify` lists all that is missing",
      );
    const table = this.#damaged.get(id) ?? null;
    return plaintextOf(path, (sealed) =>
      table === null
        ? openSealed(sealed, this.#keys, id)
        : openOpenSegment(sealed, this.#keys, id, table),
    );
  }

  /** A new segment with nothing in it; its name is synced with the act that tells of it. */
  openSegment(): Segment {
    const settings = this.#drawSettings();
    const object = toHex(settings.objectId);
    const temporary = join(this.#vaultFolder, "objects", TEMPORARY, object);
    const path = join(this.#vaultFolder, objectPath(object));
    const sealer = new SegmentSealer(settings);
    const [files, keys] = [this.#files, this.#keys];
    let file: FileHandle | null = null;
    try {
      files.makeFolder(join(temporary, ".."));
      file = files.open(temporary);
      files.write(file, sealer.header, 0);
      files.sync(file);
      this.#place(temporary, object);
    } catch (error) {
      if (file !== null) files.close(file);
      throw fileFault(error, temporary);
    }
    const segment = new Segment({ object, path, file, sealer, keys, files });
    this.#segments.set(object, segment);
    return segment;
  }

  /** An act has closed this segment of this process; from here on it is read as all others are. */
  forgetSegment(id: string): void {
    this.#segments.delete(id);
  }

  /** Lets go of segments that nobody closed, as a crash would. */
  abandonSegments(): void {
    for (const segment of this.#segments.values()) segment.abandon();
    this.#segments.clear();
  }

  /** Segments that the start could not close, as far as they can be read; null where nothing can. */
  keepDamaged(damaged: ReadonlyMap<string, SegmentInspection | null>): void {
    this.#damaged = damaged;
  }

  /** Committed bytes of a segment that is not closed: written here, or damaged. */
  segmentBytes(id: string): number {
    return this.#segments.get(id)?.sizeBytes ?? this.#damaged.get(id)?.plaintextBytes ?? 0;
  }

  /** These are about to be named by entries: from here on only a start may remove them, after it has read the journal. */
  name(ids: readonly string[]): void {
    for (const id of ids) this.#unnamed.delete(id);
  }

  /** Removes what was sealed and never named: work that was given up leaves nothing behind. */
  removeUnnamed(): void {
    for (const id of this.#unnamed) {
      try {
        this.#files.remove(join(this.#vaultFolder, objectPath(id)));
      } catch {
        // The disk is failing: the next start cleans.
      }
    }
    this.#unnamed.clear();
  }

  /** After this, the names of all objects sealed so far survive a power cut. */
  syncNames(): void {
    for (const folder of this.#unsynced) this.#files.syncFolder(folder);
    this.#unsynced.clear();
  }

  #drawSettings(): SealerSettings {
    return {
      objectId: this.#random(ID_BYTES),
      objectKey: this.#random(KEY_BYTES),
      wrapNonce: this.#random(NONCE_BYTES),
      keys: this.#keys,
    };
  }

  #begin(): Draft {
    const settings = this.#drawSettings();
    const folder = join(this.#vaultFolder, "objects", TEMPORARY);
    const path = join(folder, toHex(settings.objectId));
    const sealer = createSealer(settings);
    try {
      this.#files.makeFolder(folder);
      return { sealer, path, file: this.#files.open(path), sizeBytes: 0, open: true };
    } catch (error) {
      throw fileFault(error, path);
    }
  }

  #write(draft: Draft, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#files.write(draft.file, bytes, draft.sizeBytes);
    draft.sizeBytes += bytes.length;
  }

  #finish(draft: Draft): Sealed {
    const end: SealedEnd = draft.sealer.finish();
    this.#write(draft, end.tail);
    this.#files.sync(draft.file);
    this.#close(draft);
    this.#place(draft.path, end.reference.object);
    return { reference: end.reference, sha256: end.sha256, sizeBytes: end.sizeBytes };
  }

  /** Gives a synced file its name among the objects. */
  #place(temporary: string, object: string): void {
    const folder = join(this.#vaultFolder, "objects", object.slice(0, 2));
    if (!existsSync(folder)) {
      this.#files.makeFolder(folder);
      this.#unsynced.add(join(this.#vaultFolder, "objects"));
    }
    this.#files.rename(temporary, join(folder, object));
    this.#unsynced.add(folder);
    this.#unnamed.add(object);
  }

  #guard<T>(draft: Draft, work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#discard(draft);
      throw fileFault(error, draft.path);
    }
  }

  /** What failed leaves nothing behind; where even that fails, the next start cleans. */
  #discard(draft: Draft): void {
    try {
      this.#close(draft);
      this.#files.remove(draft.path);
    } catch {
      // The disk is failing; the first error is the one to tell.
    }
  }

  #close(draft: Draft): void {
    if (!draft.open) return;
    draft.open = false;
    this.#files.close(draft.file);
  }
}
