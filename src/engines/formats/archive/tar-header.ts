/**
 * A header block of tar: old, ustar, GNU. Specification: POSIX.1-2017 pax, "ustar Interchange Format"; GNU tar manual,
 * "Basic Tar Format". Refuses a block whose checksum does not fit: that is what tells a header from anything else.
 */
import { sameBytes } from "../../../base/bytes.ts";
import { decodeUtf8 } from "./code-page.ts";

/** Everything in a tar is padded to this. */
export const BLOCK_BYTES = 512;

/** What a header block says. */
export interface TarHeader {
  readonly name: string;
  readonly link: string;
  /** Negative or beyond 2^53 where the field says so. */
  readonly sizeBytes: number;
  readonly modifiedSeconds: number | null;
  /** The type flag as a character; `0` where an old archive has NUL. */
  readonly type: string;
}

const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;
const BLANK = 0x20;

/** The header in a block, or null where the block is none. */
export function readTarHeader(block: Uint8Array): TarHeader | null {
  if (block.length < BLOCK_BYTES || !hasChecksum(block)) return null;
  const isUstar = text(block, 257, 5) === "ustar";
  // GNU's magic is "ustar  ": the bytes of the prefix then hold other things.
  const isPosix = isUstar && block[262] === 0;
  const prefix = isPosix ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  const flag = block[156] ?? 0;
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    link: text(block, 157, 100),
    sizeBytes: number(block, 124, 12) ?? -1,
    modifiedSeconds: number(block, 136, 12),
    type: flag === 0 ? "0" : String.fromCharCode(flag),
  };
}

const ZEROS = new Uint8Array(BLOCK_BYTES);

/** Whether every byte is zero: two such blocks end an archive. */
export function isZeroBlock(block: Uint8Array): boolean {
  return sameBytes(block, ZEROS);
}

/** The sum of all bytes with the field itself as blanks; old programs summed signed bytes. */
function hasChecksum(block: Uint8Array): boolean {
  const stated = number(block, CHECKSUM_AT, CHECKSUM_BYTES);
  if (stated === null) return false;
  let sum = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK_BYTES; at++) {
    const isField = at >= CHECKSUM_AT && at < CHECKSUM_AT + CHECKSUM_BYTES;
    const byte = isField ? BLANK : (block[at] ?? 0);
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stated === sum || stated === signed;
}

/** A number in octal digits, or in base 256 where the first bit is set (GNU); null where it is neither. */
function number(block: Uint8Array, at: number, length: number): number | null {
  const field = block.subarray(at, at + length);
  const first = field[0] ?? 0;
  if ((first & 0x80) !== 0) {
    // 0x80 begins a positive number; 0xff a negative one, in two's complement.
    let value = first === 0xff ? -1 : first & 0x7f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return value;
  }
  const digits = text(block, at, length).trim();
  return /^[0-7]+$/.test(digits) ? parseInt(digits, 8) : null;
}

function text(block: Uint8Array, at: number, length: number): string {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return tarText(end < 0 ? field : field.subarray(0, end));
}

/** Names in tar are bytes: UTF-8 where they are, one character a byte otherwise. */
export function tarText(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? Buffer.from(bytes).toString("latin1");
}
