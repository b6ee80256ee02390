/**
 * Small numbers as runs and bit-packed groups of eight: numbers of dictionary entries, and which rows are null.
 * Hot: a column that stays the same costs one comparison a row. Spec: parquet-format, Encodings.md, "RLE / bit-packing hybrid".
 */
import { JsonBytes } from "../../../base/json-bytes.ts";

/** Bits that hold every number up to `max`; at least one, since readers disagree about none. */
export function bitsFor(max: number): number {
  return Math.max(1, 32 - Math.clz32(max));
}

/** Appends the first `length` numbers, each below 2^`bits`. */
export function putHybrid(
  numbers: Uint16Array,
  length: number,
  bits: number,
  out: JsonBytes,
): void {
  let at = 0;
  let packedFrom = 0;
  while (at < length) {
    const end = endOfRun(numbers, at, length);
    // What is packed is whole groups of eight, so a run may begin at any group.
    if (end - at >= 8) {
      putPacked(numbers, packedFrom, at, bits, out);
      putVarint((end - at) * 2, out);
      putLittle(numbers[at] ?? 0, (bits + 7) >> 3, out);
      packedFrom = at = end;
    } else at = Math.min(at + 8, length);
  }
  putPacked(numbers, packedFrom, length, bits, out);
}

function endOfRun(numbers: Uint16Array, at: number, length: number): number {
  let end = at + 1;
  while (end < length && numbers[end] === numbers[at]) end++;
  return end;
}

/** The numbers of [from, to), filled up with zeros to whole groups; nothing where there are none. */
function putPacked(
  numbers: Uint16Array,
  from: number,
  to: number,
  bits: number,
  out: JsonBytes,
): void {
  if (from === to) return;
  const groups = Math.ceil((to - from) / 8);
  putVarint(groups * 2 + 1, out);
  out.reserve(groups * bits);
  let held = 0;
  let heldBits = 0;
  for (let at = from; at < from + groups * 8; at++) {
    held |= (at < to ? (numbers[at] ?? 0) : 0) << heldBits;
    heldBits += bits;
    while (heldBits >= 8) {
      out.bytes[out.length++] = held & 0xff;
      held >>>= 8;
      heldBits -= 8;
    }
  }
}

function putVarint(value: number, out: JsonBytes): void {
  out.reserve(5);
  let rest = value;
  while (rest >= 0x80) {
    out.bytes[out.length++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  out.bytes[out.length++] = rest;
}

function putLittle(value: number, sizeBytes: number, out: JsonBytes): void {
  out.reserve(sizeBytes);
  for (let byte = 0; byte < sizeBytes; byte++) out.bytes[out.length++] = value >>> (byte * 8);
}
