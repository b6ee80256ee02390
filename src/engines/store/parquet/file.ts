/**
 * One Parquet file, written group by group. Behind its pages lies a list, which other readers pass over, of what no checksum
 * of zstd covers: headers of pages, and pages that are not packed. With it, `sum` covers all of that.
 */
import { closeSync, fdatasyncSync, openSync, rmSync } from "node:fs";
import { crc32 } from "node:zlib";
import { onDisk, writeAll } from "../files.ts";
import type { Column } from "./columns.ts";
import { type Chunk, footer, MAGIC, pageHeader, type RowGroup } from "./layout.ts";

/** What a finished file says of itself. */
export interface Written {
  readonly sizeBytes: number;
  /** Where the list begins; behind it lie the footer, its length and the magic. */
  readonly tailAt: number;
  /** Entries of the list, two numbers of 32 bits each: how many bytes are covered by zstd, and how many then are not. */
  readonly bare: number;
  /** CRC-32 of the bytes that zstd does not cover, in their order, then of all from `tailAt` on. */
  readonly sum: number;
}

/** A Parquet file in the making: readable by its owner only. */
export class ParquetFile {
  readonly #path: string;
  readonly #file: number;
  readonly #groups: RowGroup[] = [];
  /** Sizes of stretches, in turns: covered by zstd, and not. */
  readonly #bare: number[] = [];
  #shapes: readonly Column["shape"][] = [];
  #bareEnd = 0;
  #at = 0;
  #sum = 0;

  constructor(path: string) {
    this.#path = path;
    this.#file = onDisk("write", () => {
      // What lies there counts for nothing; a reader that has it open keeps it.
      rmSync(path, { force: true });
      return openSync(path, "wx", 0o600);
    });
    this.#write([MAGIC]);
  }

  get sizeBytes(): number {
    return this.#at;
  }

  /** Closes the columns' row group and writes it. */
  writeGroup(columns: readonly Column[], rows: number): void {
    const parts: Uint8Array[] = [];
    let at = this.#at;
    this.#shapes = columns.map(({ shape }) => shape);
    const chunks = columns.map((column): Chunk => {
      const { codec, pages, encodings, statistics } = column.finish();
      const start = at;
      let rawBytes = 0;
      let [values, dataAt, dictionaryAt]: [number, number, number | null] = [0, -1, null];
      for (const page of pages) {
        const header = pageHeader(page);
        if (page.kind === "dictionary") dictionaryAt = at;
        else {
          values += page.values;
          if (dataAt < 0) dataAt = at;
        }
        this.#noteBare(header, at);
        if (codec === "none") this.#noteBare(page.bytes, at + header.length);
        parts.push(header, page.bytes);
        at += header.length + page.bytes.length;
        rawBytes += header.length + page.rawBytes;
      }
      const sizeBytes = at - start;
      const { shape } = column;
      return {
        shape,
        codec,
        values,
        encodings,
        rawBytes,
        sizeBytes,
        dataAt,
        dictionaryAt,
        statistics,
      };
    });
    this.#groups.push({ rows, chunks });
    this.#write(parts);
  }

  finish(): Written {
    const tailAt = this.#at;
    const list = Buffer.from(Uint32Array.from(this.#bare).buffer);
    const meta = footer(this.#shapes, this.#groups);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(meta.length);
    const tail = Buffer.concat([list, meta, length, MAGIC]);
    this.#write([tail]);
    onDisk("write", () => {
      // Who names this file, names bytes that a power cut cannot turn into zeros.
      fdatasyncSync(this.#file);
      closeSync(this.#file);
    });
    const sum = crc32(tail, this.#sum);
    return { sizeBytes: this.#at, tailAt, bare: this.#bare.length / 2, sum };
  }

  /** Closes and removes it. */
  discard(): void {
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }

  #noteBare(bytes: Uint8Array, at: number): void {
    const covered = at - this.#bareEnd;
    const last = this.#bare.length - 1;
    // What lies side by side is read in one go.
    if (covered === 0 && last > 0) this.#bare[last] = (this.#bare[last] ?? 0) + bytes.length;
    else this.#bare.push(covered, bytes.length);
    this.#bareEnd = at + bytes.length;
    this.#sum = crc32(bytes, this.#sum);
  }

  #write(parts: readonly Uint8Array[]): void {
    for (const bytes of parts) {
      writeAll(this.#file, bytes);
      this.#at += bytes.length;
    }
  }
}
