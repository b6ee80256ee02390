/**
 * Transfer encodings, decoded as a stream of slabs, and what becomes of the bytes: kept up to a limit, hashed, counted.
 * Refuses no byte: what is no base64 is passed over, and said once. Spec: RFC 2045, section 6.
 */
import { createHash, type Hash } from "node:crypto";
import { concatBytes, copyOf } from "../../../base/bytes.ts";
import { hexOf } from "./encoded-word.ts";

/** Takes bytes [from, to) of a slab that the next call may overwrite. */
export interface Sink {
  write(bytes: Uint8Array, from: number, to: number): void;
  /** Nothing more comes. */
  end(): void;
}

/** The decoded bytes of one part: counted, and as asked kept and hashed. */
export class Content implements Sink {
  sizeBytes = 0;
  readonly #keptMax: number;
  readonly #hash: Hash | null;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;

  constructor(keptMax: number, isHashed: boolean) {
    this.#keptMax = keptMax;
    this.#hash = isHashed ? createHash("sha256") : null;
  }

  write(bytes: Uint8Array, from: number, to: number): void {
    this.sizeBytes += to - from;
    if (this.#hash !== null) this.#hash.update(bytes.subarray(from, to));
    const room = Math.min(to - from, this.#keptMax - this.#keptBytes);
    if (room <= 0) return;
    this.#kept.push(copyOf(bytes.subarray(from, from + room)));
    this.#keptBytes += room;
  }

  end(): void {}

  /** What was kept, whole or cut. */
  kept(): Uint8Array {
    return concatBytes(this.#kept);
  }

  get isCut(): boolean {
    return this.#keptBytes < this.sizeBytes;
  }

  /** Once, at the end; "" where it was not asked for. */
  sha256(): string {
    return this.#hash === null ? "" : this.#hash.digest("hex");
  }
}

/** The decoder of a transfer encoding before `content`; what has no known name is taken as it stands. */
export function decoderOf(encoding: string, content: Sink): Sink {
  const name = encoding.trim().toLowerCase();
  if (name === "base64") return new Base64Sink(content);
  return name === "quoted-printable" ? new QuotedSink(content) : content;
}

const OUT_BYTES = 49_152;
/** One for all decoders: each hands on what it decoded before its write returns. */
const OUT = new Uint8Array(OUT_BYTES);
/** Six bits of each character of base64; 64: a blank or line end; 65: padding; 66: no base64. */
const SIX_BITS = makeSixBits();

function makeSixBits(): Uint8Array {
  const table = new Uint8Array(256).fill(66);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let value = 0; value < 64; value++) table[alphabet.charCodeAt(value)] = value;
  for (const blank of [9, 10, 13, 32]) table[blank] = 64;
  table[61] = 65;
  return table;
}

/** Base64 as a stream. */
export class Base64Sink implements Sink {
  readonly #to: Sink;
  #bits = 0;
  /** Characters gathered of the current four. */
  #count = 0;
  /** Whether something stood there that is no base64. */
  isStrange = false;

  constructor(to: Sink) {
    this.#to = to;
  }

  /** About 400 MB/s. */
  write(bytes: Uint8Array, from: number, to: number): void {
    const out = OUT;
    let length = 0;
    let bits = this.#bits;
    let count = this.#count;
    for (let at = from; at < to; at++) {
      const six = SIX_BITS[bytes[at] ?? 0] ?? 66;
      if (six < 64) {
        bits = (bits << 6) | six;
        if (++count < 4) continue;
        out[length] = bits >> 16;
        out[length + 1] = bits >> 8;
        out[length + 2] = bits;
        length += 3;
        bits = count = 0;
        if (length === OUT_BYTES) {
          this.#to.write(out, 0, length);
          length = 0;
        }
      } else if (six === 65) {
        // Padding ends a run; some clients write one run behind another.
        this.#to.write(out, 0, length);
        length = 0;
        this.#close(bits, count);
        bits = count = 0;
      } else if (six === 66) this.isStrange = true;
    }
    this.#bits = bits;
    this.#count = count;
    if (length > 0) this.#to.write(out, 0, length);
  }

  end(): void {
    this.#close(this.#bits, this.#count);
    this.#count = 0;
    this.#to.end();
  }

  /** The one or two bytes of a run that is no whole four. */
  #close(bits: number, count: number): void {
    if (count === 2) this.#to.write(Uint8Array.of(bits >> 4), 0, 1);
    if (count === 3) this.#to.write(Uint8Array.of(bits >> 10, bits >> 2), 0, 2);
  }
}

const EQUALS = 61;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Quoted-printable as a stream; an escape that is none stays as it stands, as every client shows it. */
export class QuotedSink implements Sink {
  readonly #to: Sink;
  #length = 0;
  /** What of an escape stood at the end of the last slab. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(to: Sink) {
    this.#to = to;
  }

  /** About 400 MB/s. */
  write(bytes: Uint8Array, from: number, to: number): void {
    if (this.#rest.length > 0) {
      const joined = concatBytes([this.#rest, bytes.subarray(from, to)]);
      this.#rest = new Uint8Array(0);
      this.#decode(joined, 0, joined.length);
    } else {
      this.#decode(bytes, from, to);
    }
    this.#flush();
  }

  end(): void {
    // A mark at the end is a line break that was left out.
    const isBreak = this.#rest.length < 2 || this.#rest[1] === CARRIAGE_RETURN;
    if (!isBreak) this.#to.write(this.#rest, 0, this.#rest.length);
    this.#rest = new Uint8Array(0);
    this.#to.end();
  }

  #decode(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte !== EQUALS) {
        this.#put(byte);
        continue;
      }
      const next = bytes[at + 1];
      if (at + 1 < to && next === LINE_FEED) {
        at++;
      } else if (at + 2 >= to) {
        this.#rest = copyOf(bytes.subarray(at, to));
        return;
      } else if (next === CARRIAGE_RETURN) {
        at += bytes[at + 2] === LINE_FEED ? 2 : 1;
      } else {
        const high = hexOf(next);
        const low = hexOf(bytes[at + 2]);
        const isEscape = high >= 0 && low >= 0;
        this.#put(isEscape ? high * 16 + low : EQUALS);
        if (isEscape) at += 2;
      }
    }
  }

  #put(byte: number): void {
    if (this.#length === OUT_BYTES) this.#flush();
    OUT[this.#length++] = byte;
  }

  #flush(): void {
    if (this.#length > 0) this.#to.write(OUT, 0, this.#length);
    this.#length = 0;
  }
}
