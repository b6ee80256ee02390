/**
 * A member on its way to disk: counted, hashed, its head held back until it tells what it is. What nobody will read never touches
 * the disk in plain: programs, documents, malware. Refuses any name but a number.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../base/fault.ts";
import { HEAD_BYTES } from "../../engines/formats/index.ts";

/** How many bytes are written between two looks at the disk. */
const LOOK_BYTES = 64 << 20;
/** What is left for the rest of the vault: its journal must still be written when an archive has filled the disk. */
const SPARE_BYTES = 256 << 20;

/** A file `folder/number` that grows by what is written to it, once its head is wanted. */
export class MemberFile {
  sizeBytes = 0;
  readonly #path: string;
  readonly #wants: (head: Uint8Array) => boolean;
  /** Null before the head is whole, and for what is not wanted. */
  #file: number | null = null;
  #isDecided = false;
  readonly #folder: string;
  readonly #hash = createHash("sha256");
  readonly #head = new Uint8Array(HEAD_BYTES);
  #lookedAt = 0;

  constructor(folder: string, number: number, wants: (head: Uint8Array) => boolean) {
    this.#folder = folder;
    this.#path = join(folder, String(number));
    this.#wants = wants;
  }

  /** Where it lies; null where its head was not wanted. Call after close(). */
  get path(): string | null {
    return this.#file === null ? null : this.#path;
  }

  /** Appends bytes. Faults: disk-full where the spare room would be used. */
  write(bytes: Uint8Array): void {
    if (this.sizeBytes + bytes.length > this.#lookedAt) this.#lookForRoom();
    this.#hash.update(bytes);
    const held = Math.min(bytes.length, Math.max(0, HEAD_BYTES - this.sizeBytes));
    if (held > 0) this.#head.set(bytes.subarray(0, held), this.sizeBytes);
    this.sizeBytes += bytes.length;
    if (held === bytes.length && this.sizeBytes < HEAD_BYTES) return;
    this.#decide();
    this.#append(bytes.subarray(held));
  }

  /** Its first bytes, up to HEAD_BYTES. */
  head(): Uint8Array {
    return this.#head.subarray(0, this.sizeBytes);
  }

  /** Of all bytes, hexadecimal; once. */
  sha256(): string {
    return this.#hash.digest("hex");
  }

  /** Nothing more comes. */
  close(): void {
    this.#decide();
    if (this.#file !== null) closeSync(this.#file);
  }

  #decide(): void {
    if (this.#isDecided) return;
    this.#isDecided = true;
    if (!this.#wants(this.head())) return;
    this.#file = openSync(this.#path, "wx", 0o600);
    this.#append(this.head());
  }

  #append(bytes: Uint8Array): void {
    if (this.#file === null) return;
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#file, bytes, done, bytes.length - done);
  }

  #lookForRoom(): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    if (bavail * bsize < SPARE_BYTES + LOOK_BYTES) {
      throw new Fault(
        "disk-full",
        "no room left to open an archive",
        "free some space, or put the vault on a larger disk; nothing acknowledged is lost",
      );
    }
    this.#lookedAt = this.sizeBytes + LOOK_BYTES;
  }
}
