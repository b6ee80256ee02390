/**
 * Typed values of BinXML ([MS-EVEN6] 2.2.12, types 2.2.18) into field values.
 * Never fails: a value whose size does not fit its type is given as its bytes in hexadecimal.
 */
import type { FieldValue } from "../../../model/event.ts";
import {
  isSystemtime,
  putBinary,
  putFiletime,
  putGuid,
  putHex,
  putSid,
  putSystemtime,
  sidSize,
} from "./ascii.ts";
import { ARRAY, VALUE_BYTES, ValueType } from "./layout.ts";
import { type Bytes, codePageAt, scratch, scratchText, unicodeAt } from "./text.ts";

/** The value of `size` bytes at `at`; the caller keeps the range within the chunk. */
export function valueAt(bytes: Bytes, type: number, at: number, size: number): FieldValue {
  if (type === ValueType.unicode) return terminatedAt(bytes, at, size);
  if ((type & ARRAY) !== 0) return arrayAt(bytes, type & ~ARRAY, at, size);
  if (type === ValueType.none) return null;
  const expected = VALUE_BYTES[type] ?? 0;
  if (expected !== 0 && size !== expected) return size === 0 ? null : binaryAt(bytes, at, size);
  return scalarAt(bytes, type, at, size);
}

function scalarAt(bytes: Bytes, type: number, at: number, size: number): FieldValue {
  const { view } = bytes;
  switch (type) {
    case ValueType.ansi:
      return withoutZeros(codePageAt(bytes, at, size));
    case ValueType.int8:
      return view.getInt8(at);
    case ValueType.uint8:
      return view.getUint8(at);
    case ValueType.int16:
      return view.getInt16(at, true);
    case ValueType.uint16:
      return view.getUint16(at, true);
    case ValueType.int32:
      return view.getInt32(at, true);
    case ValueType.uint32:
      return view.getUint32(at, true);
    case ValueType.int64:
      return signedAt(view, at);
    case ValueType.uint64:
      return unsignedAt(view, at);
    case ValueType.real32:
      return realOf(shortestSingle(view.getFloat32(at, true)));
    case ValueType.real64:
      return realOf(view.getFloat64(at, true));
    case ValueType.bool:
      return view.getUint32(at, true) !== 0;
    case ValueType.guid:
      return scratchText(putGuid(scratch, 0, view, at));
    case ValueType.hex32:
      return scratchText(putHex(scratch, 0, view.getUint32(at, true), 0));
    case ValueType.hex64:
      return hex64At(view, at);
    case ValueType.size:
      return sizeAt(bytes, at, size);
    case ValueType.filetime:
      return filetimeAt(view, at);
    case ValueType.systemtime:
      if (!isSystemtime(view, at)) return binaryAt(bytes, at, size);
      return scratchText(putSystemtime(scratch, 0, view, at));
    case ValueType.sid:
      return sidAt(bytes, at, size);
    case ValueType.xml:
      return terminatedAt(bytes, at, size);
    default:
      return binaryAt(bytes, at, size);
  }
}

/** Text up to its terminating zeros; an odd last byte belongs to no unit and is left out. */
function terminatedAt(bytes: Bytes, at: number, size: number): string {
  let units = size >>> 1;
  while (units > 0 && bytes.view.getUint16(at + units * 2 - 2, true) === 0) units--;
  return unicodeAt(bytes, at, units);
}

function withoutZeros(text: string): string {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) === 0) length--;
  return text.slice(0, length);
}

function arrayAt(bytes: Bytes, type: number, at: number, size: number): FieldValue {
  const step = VALUE_BYTES[type] ?? 0;
  if (type === ValueType.unicode) return textsAt(bytes, at, size);
  if (type === ValueType.ansi) return splitTexts(codePageAt(bytes, at, size));
  if (type === ValueType.sid) return sidsAt(bytes, at, size);
  if (step === 0 || size % step !== 0) return binaryAt(bytes, at, size);
  const values: FieldValue[] = [];
  for (let from = at; from < at + size; from += step)
    values.push(scalarAt(bytes, type, from, step));
  return values;
}

/** Texts of an array end with a zero unit each. */
function textsAt(bytes: Bytes, at: number, size: number): readonly string[] {
  const texts: string[] = [];
  const end = at + (size & ~1);
  let from = at;
  for (let unit = at; unit < end; unit += 2) {
    if (bytes.view.getUint16(unit, true) !== 0) continue;
    texts.push(unicodeAt(bytes, from, (unit - from) >>> 1));
    from = unit + 2;
  }
  if (from < end) texts.push(unicodeAt(bytes, from, (end - from) >>> 1));
  return texts;
}

function splitTexts(joined: string): readonly string[] {
  const texts = joined.split("\0");
  if (texts.at(-1) === "") texts.pop();
  return texts;
}

function binaryAt(bytes: Bytes, at: number, size: number): string {
  return scratchText(putBinary(scratch, 0, bytes.view, at, size));
}

/** Integers are numbers as long as a number holds them exactly, and digits beyond. */
function unsignedAt(view: DataView, at: number): number | string {
  const high = view.getUint32(at + 4, true);
  if (high < 0x20_0000) return high * 4_294_967_296 + view.getUint32(at, true);
  return view.getBigUint64(at, true).toString();
}

function signedAt(view: DataView, at: number): number | string {
  const high = view.getInt32(at + 4, true);
  if (high >= -0x20_0000 && high < 0x20_0000)
    return high * 4_294_967_296 + view.getUint32(at, true);
  return view.getBigInt64(at, true).toString();
}

function hex64At(view: DataView, at: number): string {
  return scratchText(putHex(scratch, 0, view.getUint32(at, true), view.getUint32(at + 4, true)));
}

function filetimeAt(view: DataView, at: number): string {
  const end = putFiletime(scratch, 0, view.getUint32(at, true), view.getUint32(at + 4, true));
  // Hardly one time is like the last: not worth a look among the kept texts.
  return scratch.toString("latin1", 0, end);
}

/** A pointer-sized number: 4 or 8 bytes by the machine that wrote it. */
function sizeAt(bytes: Bytes, at: number, size: number): string {
  if (size === 4) return scratchText(putHex(scratch, 0, bytes.view.getUint32(at, true), 0));
  return size === 8 ? hex64At(bytes.view, at) : binaryAt(bytes, at, size);
}

/** JSON has no word for what is not finite: those are their names as text. */
function realOf(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The shortest decimal that is still this single-precision number: 0.1, not 0.10000000149011612. */
function shortestSingle(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function sidAt(bytes: Bytes, at: number, size: number): FieldValue {
  if (size === 0) return null;
  if (sidSize(bytes.view, at, size) > size) return binaryAt(bytes, at, size);
  return scratchText(putSid(scratch, 0, bytes.view, at));
}

function sidsAt(bytes: Bytes, at: number, size: number): FieldValue {
  const values: FieldValue[] = [];
  let from = at;
  while (from < at + size) {
    const length = Math.min(sidSize(bytes.view, from, at + size - from), at + size - from);
    values.push(sidAt(bytes, from, length));
    from += length;
  }
  return values;
}
