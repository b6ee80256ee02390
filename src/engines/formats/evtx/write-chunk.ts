/**
 * One chunk while it is written: bytes, the names and templates that are in it already, and the two tables
 * that lead to them. Refuses a record that does not fit: what was written of it is taken back.
 */
import { crc32 } from "node:zlib";
import { assert } from "../../../base/assert.ts";
import {
  CHUNK_BYTES,
  CHUNK_FIRST_NUMBER,
  CHUNK_FIRST_RECORD,
  CHUNK_FLAGS,
  CHUNK_FREE_OFFSET,
  CHUNK_HEADER_CHECKSUM,
  CHUNK_HEADER_SIZE,
  CHUNK_LAST_NUMBER,
  CHUNK_LAST_OFFSET,
  CHUNK_LAST_RECORD,
  CHUNK_MAGIC,
  CHUNK_NAME_TABLE,
  CHUNK_RECORDS,
  CHUNK_RECORDS_CHECKSUM,
  CHUNK_TEMPLATE_TABLE,
  hashName,
  NAME_BUCKETS,
  TEMPLATE_BUCKETS,
} from "./layout.ts";

/** A record is written past the chunk's end before it is known not to fit; no event of ours is longer. */
const ROOM_BYTES = 2 * 1024 * 1024;

/** libevtx leaves out the last record of a chunk that is full to its last byte: ours never are. */
const RECORDS_END = CHUNK_BYTES - 8;

/** A table entry as it was before the record that is being written. */
type Undo = () => void;

/** Takes records until one does not fit; then finish() gives the chunk. */
export class ChunkWriter {
  readonly #bytes = Buffer.alloc(CHUNK_BYTES + ROOM_BYTES);
  readonly #names = new Map<string, number>();
  readonly #templates = new Map<string, number>();
  #undo: Undo[] = [];
  #lastRecordAt = 0;
  #records = 0;
  #firstId = 0n;
  #lastId = 0n;
  /** Next byte to be written. */
  at = CHUNK_RECORDS;

  byte(value: number): void {
    this.at = this.#bytes.writeUInt8(value, this.at);
  }

  short(value: number): void {
    this.at = this.#bytes.writeUInt16LE(value, this.at);
  }

  long(value: number): void {
    this.at = this.#bytes.writeUInt32LE(value, this.at);
  }

  longlong(value: bigint): void {
    this.at = this.#bytes.writeBigUInt64LE(value, this.at);
  }

  patchShort(at: number, value: number): void {
    this.#bytes.writeUInt16LE(value, at);
  }

  patchLong(at: number, value: number): void {
    this.#bytes.writeUInt32LE(value, at);
  }

  put(bytes: Uint8Array): void {
    assert(this.at + bytes.length <= this.#bytes.length, "an event of ours fits into a chunk");
    this.#bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Reserves four bytes for a size, runs `write`, and puts how much it wrote into them. */
  sized(write: () => void): void {
    const from = this.at;
    this.long(0);
    write();
    this.#bytes.writeUInt32LE(this.at - from - 4, from);
  }

  /** The offset of a name; where the chunk does not have it yet, the name itself follows. */
  name(name: string): void {
    const known = this.#names.get(name);
    this.long(known ?? this.at + 4);
    if (known !== undefined) return;
    const offset = this.at;
    this.#names.set(name, offset);
    this.#undo.push(() => this.#names.delete(name));
    const hash = hashName(name);
    this.#chain(CHUNK_NAME_TABLE + (hash % NAME_BUCKETS) * 4, offset);
    this.short(hash);
    this.short(name.length);
    this.put(Buffer.from(name, "utf16le"));
    this.short(0);
  }

  /** The offset of a template's definition; where the chunk does not have it yet, the definition follows. */
  template(key: string, guid: Uint8Array, body: () => void): void {
    const known = this.#templates.get(key);
    this.long(known ?? this.at + 4);
    if (known !== undefined) return;
    const offset = this.at;
    this.#templates.set(key, offset);
    this.#undo.push(() => this.#templates.delete(key));
    this.#chain(CHUNK_TEMPLATE_TABLE + ((guid[0] ?? 0) % TEMPLATE_BUCKETS) * 4, offset);
    this.put(guid);
    this.sized(body);
  }

  /** Puts `offset` at the head of a bucket, and what was there before into its next pointer. */
  #chain(bucket: number, offset: number): void {
    const before = this.#bytes.readUInt32LE(bucket);
    this.long(before);
    this.#bytes.writeUInt32LE(offset, bucket);
    this.#undo.push(() => this.#bytes.writeUInt32LE(before, bucket));
  }

  /** Whether the record that `write` writes fits; where it does not, the chunk is as it was. */
  record(id: bigint, write: () => void): boolean {
    const from = this.at;
    this.#undo = [];
    write();
    if (this.at > RECORDS_END) {
      for (const undo of this.#undo.reverse()) undo();
      this.#bytes.fill(0, from, this.at);
      this.at = from;
      return false;
    }
    if (this.#records === 0) this.#firstId = id;
    this.#records++;
    this.#lastId = id;
    this.#lastRecordAt = from;
    return true;
  }

  /** The finished chunk; `firstNumber` counts the records of the file from 1. */
  finish(firstNumber: bigint): { readonly bytes: Uint8Array; readonly nextNumber: bigint } {
    const bytes = this.#bytes.subarray(0, CHUNK_BYTES);
    const lastNumber = firstNumber + BigInt(this.#records) - 1n;
    bytes.write(CHUNK_MAGIC, 0, "latin1");
    bytes.writeBigUInt64LE(firstNumber, CHUNK_FIRST_NUMBER);
    bytes.writeBigUInt64LE(lastNumber, CHUNK_LAST_NUMBER);
    bytes.writeBigUInt64LE(this.#firstId, CHUNK_FIRST_RECORD);
    bytes.writeBigUInt64LE(this.#lastId, CHUNK_LAST_RECORD);
    bytes.writeUInt32LE(128, CHUNK_HEADER_SIZE);
    bytes.writeUInt32LE(this.#lastRecordAt, CHUNK_LAST_OFFSET);
    bytes.writeUInt32LE(this.at, CHUNK_FREE_OFFSET);
    bytes.writeUInt32LE(crc32(bytes.subarray(CHUNK_RECORDS, this.at)), CHUNK_RECORDS_CHECKSUM);
    const tables = bytes.subarray(CHUNK_NAME_TABLE, CHUNK_RECORDS);
    const sum = crc32(tables, crc32(bytes.subarray(0, CHUNK_FLAGS)));
    bytes.writeUInt32LE(sum, CHUNK_HEADER_CHECKSUM);
    return { bytes: new Uint8Array(bytes), nextNumber: lastNumber + 1n };
  }
}
