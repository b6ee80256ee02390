/**
 * An object of the vault that grows while its log does: a frame a commit, written, synced, and only then counted.
 * Refuses to be continued by anybody but who began it: a nonce is never used for two texts (docs/design/growing-logs.md).
 */
import { assert } from "../../base/assert.ts";
import type { ObjectReference } from "../../model/act.ts";
import { fileFault } from "../../engines/journal/index.ts";
import type { FileHandle } from "../../engines/journal/index.ts";
import { openOpenSegment } from "../../engines/sealed/index.ts";
import type { SegmentSealer, VaultKeys } from "../../engines/sealed/index.ts";
import type { VaultFiles } from "./files.ts";
import { fileSource } from "../file-source.ts";
import type { FileSource } from "../file-source.ts";

/** What an open segment stands on; its file holds the sealer's header already. */
export interface SegmentParts {
  /** 32 hexadecimal digits. */
  readonly object: string;
  readonly path: string;
  readonly file: FileHandle;
  readonly sealer: SegmentSealer;
  readonly keys: VaultKeys;
  readonly files: VaultFiles;
}

/** A segment that this process writes. */
export class Segment {
  readonly object: string;
  readonly #parts: SegmentParts;
  /** Where the plaintext of each committed frame begins. */
  readonly #starts: number[] = [];
  #plaintextBytes = 0;
  #sealedBytes: number;
  /** A frame that is not committed yet. It stays until it is: sealing other text in its place would use its nonce twice. */
  #staged: { readonly frame: Uint8Array; readonly textBytes: number } | null = null;
  #open = true;

  /** Use Vault.openSegment. */
  constructor(parts: SegmentParts) {
    this.#parts = parts;
    this.object = parts.object;
    this.#sealedBytes = parts.sealer.header.length;
  }

  /** Committed plaintext. */
  get sizeBytes(): number {
    return this.#plaintextBytes;
  }

  /** Whether a frame waits for commit(). */
  get isStaged(): boolean {
    return this.#staged !== null;
  }

  /** Seals the next piece of the log, 1 to FRAME_BYTES_MAX bytes; commit() writes it. */
  stage(plaintext: Uint8Array): void {
    assert(this.#staged === null, "one frame at a time");
    this.#staged = { frame: this.#parts.sealer.seal(plaintext), textBytes: plaintext.length };
  }

  /**
   * Writes what is staged; when the promise resolves it survives a power cut, and counts. Where it fails, a `disk-full` or other
   * Fault, the same bytes stay staged, and the next commit() writes them again in the same place.
   */
  async commit(): Promise<void> {
    const staged = this.#staged;
    if (staged === null) return;
    const { files, file, path } = this.#parts;
    try {
      files.write(file, staged.frame, this.#sealedBytes);
      await files.syncData(file);
    } catch (error) {
      throw fileFault(error, path);
    }
    this.#starts.push(this.#plaintextBytes);
    this.#plaintextBytes += staged.textBytes;
    this.#sealedBytes += staged.frame.length;
    this.#staged = null;
  }

  /** What is committed now, as a source that grows no more; the caller closes it. */
  read(): FileSource {
    const { path, keys, object } = this.#parts;
    const sealed = fileSource(path);
    const table = { starts: this.#starts, plaintextBytes: this.#plaintextBytes };
    return { ...openOpenSegment(sealed, keys, object, table), close: () => sealed.close() };
  }

  /** Writes the end and lets go of the file; name the reference in a `log-closed` act. Nothing may be staged. */
  finish(): ObjectReference {
    assert(this.#staged === null, "everything is committed before the end");
    const { files, file, path, sealer } = this.#parts;
    const { tail, reference } = sealer.finish();
    try {
      files.write(file, tail, this.#sealedBytes);
      files.sync(file);
    } catch (error) {
      throw fileFault(error, path);
    } finally {
      this.abandon();
    }
    return reference;
  }

  /** Lets go of the file and leaves it open: the next start closes the segment. */
  abandon(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#parts.files.close(this.#parts.file);
  }
}
