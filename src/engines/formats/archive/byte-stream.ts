/** Pieces of bytes that come one after another, taken by length. Refuses to go back: what was taken is gone. */
import { concatBytes } from "../../../base/bytes.ts";
import { copyOf } from "../../../base/bytes.ts";
import { isBytes, type Trouble } from "./member.ts";

/** A stream of bytes with trouble in between; the trouble is kept aside until somebody asks. */
export class ByteStream {
  /** Bytes taken so far. */
  offset = 0;
  readonly #pieces: AsyncIterator<Uint8Array | Trouble>;
  readonly #troubles: Trouble[] = [];
  #held: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array | Trouble>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next `length` bytes as an array of its own, fewer only where the stream ends. */
  async take(length: number): Promise<Uint8Array> {
    if (this.#held.length >= length) {
      const taken = copyOf(this.#held.subarray(0, length));
      this.#held = this.#held.subarray(length);
      this.offset += length;
      return taken;
    }
    const parts: Uint8Array[] = [];
    for await (const piece of this.pass(length)) parts.push(copyOf(piece));
    return concatBytes(parts);
  }

  /** The next `length` bytes without taking them, fewer only where the stream ends. */
  async peek(length: number): Promise<Uint8Array> {
    const bytes = await this.take(length);
    this.offset -= bytes.length;
    this.#held = concatBytes([bytes, this.#held]);
    return bytes;
  }

  /** The next `length` bytes piece by piece, each valid until the next. */
  async *pass(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.#held.length === 0 && !(await this.#fetch())) return;
      const piece = this.#held.subarray(0, left);
      this.#held = this.#held.subarray(piece.length);
      this.offset += piece.length;
      left -= piece.length;
      yield piece;
    }
  }

  /** Passes over `length` bytes; false where the stream ends before. */
  async skip(length: number): Promise<boolean> {
    let left = length;
    for await (const piece of this.pass(length)) left -= piece.length;
    return left === 0;
  }

  /** Trouble of the stream since this was last asked. */
  takeTroubles(): readonly Trouble[] {
    return this.#troubles.splice(0);
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #fetch(): Promise<boolean> {
    for (;;) {
      const next = await this.#pieces.next();
      if (next.done === true) return false;
      if (!isBytes(next.value)) this.#troubles.push(next.value);
      else if (next.value.length > 0) {
        this.#held = next.value;
        return true;
      }
    }
  }
}
