/**
 * The folder of sealed objects: written under a temporary name, synced, then renamed to `objects/aa/<id>`.
 * Refuses to overwrite: an id is drawn once. What no entry names is what a crash left (docs/design/sealed-objects.md).
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { toHex } from "../../base/bytes.ts";
import { Fault } from "../../base/fault.ts";
import type { Source } from "../../base/source.ts";
import { fileFault } from "../../engines/journal/index.ts";
import type { FileHandle } from "../../engines/journal/index.ts";
import {
  ID_BYTES,
  KEY_BYTES,
  NONCE_BYTES,
  createSealer,
  openSealed,
} from "../../engines/sealed/index.ts";
import type { SealedEnd, Sealer, VaultKeys } from "../../engines/sealed/index.ts";
import type { Progress, Sealed } from "./terms.ts";
import { fileSource } from "../file-source.ts";
import type { FileSource } from "../file-source.ts";
import type { VaultFiles } from "./files.ts";

/** Read and sealed at once: whole chunks, large enough that the disk is asked rarely. */
const BLOCK_BYTES = 2_097_152;
const TEMPORARY = "tmp";
const OBJECT_NAME = /^[0-9a-f]{32}$/;

/** Path of an object below its vault, with `/`. */
export function objectPath(id: string): string {
  return `objects/${id.slice(0, 2)}/${id}`;
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
    const path = join(this.#vaultFolder, objectPath(id));
    if (!existsSync(path))
      throw new Fault(
        "vault-damaged",
        `sealed object ${id} is not at ${path}`,
        "bring it back from a copy; `breakwater verify` lists all that is missing",
      );
    const sealed = fileSource(path);
    try {
      const plaintext = openSealed(sealed, this.#keys, id);
      return {
        byteLength: plaintext.byteLength,
        read: (start, end) => plaintext.read(start, end),
        close: () => sealed.close(),
      };
    } catch (error) {
      sealed.close();
      throw error;
    }
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

  #begin(): Draft {
    const objectId = this.#random(ID_BYTES);
    const folder = join(this.#vaultFolder, "objects", TEMPORARY);
    const path = join(folder, toHex(objectId));
    const sealer = createSealer({
      objectId,
      objectKey: this.#random(KEY_BYTES),
      wrapNonce: this.#random(NONCE_BYTES),
      keys: this.#keys,
    });
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
    const folder = join(this.#vaultFolder, "objects", end.reference.object.slice(0, 2));
    if (!existsSync(folder)) {
      this.#files.makeFolder(folder);
      this.#unsynced.add(join(this.#vaultFolder, "objects"));
    }
    this.#files.rename(draft.path, join(folder, end.reference.object));
    this.#unsynced.add(folder);
    this.#unnamed.add(end.reference.object);
    return { reference: end.reference, sha256: end.sha256, sizeBytes: end.sizeBytes };
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
