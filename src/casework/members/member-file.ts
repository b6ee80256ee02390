/** A member on its way to disk: counted, hashed, its head kept to tell what it is. Refuses any name but a number. */
import { createHash } from "node:crypto";
import { closeSync, openSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../../base/fault.ts";

const HEAD_BYTES = 512;
/** How many bytes are written between two looks at the disk. */
const LOOK_BYTES = 64 << 20;
/** What is left for the rest of the vault: its journal must still be written when an archive has filled the disk. */
const SPARE_BYTES = 256 << 20;

/** A file `folder/number` that grows by what is written to it. */
export class MemberFile {
  readonly path: string;
  sizeBytes = 0;
  readonly #file: number;
  readonly #folder: string;
  readonly #hash = createHash("sha256");
  readonly #head = new Uint8Array(HEAD_BYTES);
  #lookedAt = 0;

  constructor(folder: string, number: number) {
    this.#folder = folder;
    this.path = join(folder, String(number));
    this.#file = openSync(this.path, "wx", 0o600);
  }

  /** Appends bytes. Faults: disk-full where the spare room would be used. */
  write(bytes: Uint8Array): void {
    if (this.sizeBytes + bytes.length > this.#lookedAt) this.#lookForRoom();
    if (this.sizeBytes < HEAD_BYTES)
      this.#head.set(bytes.subarray(0, HEAD_BYTES - this.sizeBytes), this.sizeBytes);
    this.#hash.update(bytes);
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#file, bytes, done, bytes.length - done);
    this.sizeBytes += bytes.length;
  }

  /** Its first bytes, up to 512. */
  head(): Uint8Array {
    return this.#head.subarray(0, this.sizeBytes);
  }

  /** Of all bytes, hexadecimal; once. */
  sha256(): string {
    return this.#hash.digest("hex");
  }

  close(): void {
    closeSync(this.#file);
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
