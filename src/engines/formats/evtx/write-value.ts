/**
 * Typed values for writing: a type byte and the bytes as they stand in a record ([MS-EVEN6] 2.2.18).
 * Refuses what does not fit its type: an event that is written is ours, so that is a bug.
 */
import { assert } from "../../../base/assert.ts";
import { concatBytes, fromHex } from "../../../base/bytes.ts";
import { filetimeFromTicks, type Ticks } from "../../../base/time.ts";
import { ARRAY, ValueType } from "./layout.ts";

/** A value as it stands in a record. */
export interface TypedValue {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** What data may be given as: texts, integers (32 bits), truth, nothing, several texts, or a type by name. */
export type WrittenValue = string | number | boolean | null | readonly string[] | TypedValue;

/** The value with its type: a number is UInt32, or Int32 below zero. */
export function typedValue(value: WrittenValue): TypedValue {
  if (value === null) return { type: ValueType.none, bytes: new Uint8Array(0) };
  if (typeof value === "string") return unicode(value);
  if (typeof value === "number") return value < 0 ? int32(value) : uint32(value);
  if (typeof value === "boolean") return bool(value);
  return "type" in value ? value : unicodes(value);
}

/** UTF-16LE of a text. */
export function utf16(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "utf16le"));
}

/** UTF-16 text. */
export function unicode(text: string): TypedValue {
  return { type: ValueType.unicode, bytes: utf16(text) };
}

/** Several texts in one value: each ends with a zero unit, so none may hold one. */
export function unicodes(texts: readonly string[]): TypedValue {
  assert(!texts.some((text) => text.includes("\0")), "texts of an array hold no zero");
  return {
    type: ValueType.unicode | ARRAY,
    bytes: utf16(texts.map((text) => `${text}\0`).join("")),
  };
}

function fixed(type: number, size: number, set: (view: DataView) => void): TypedValue {
  const bytes = new Uint8Array(size);
  set(new DataView(bytes.buffer));
  return { type, bytes };
}

function whole(value: number, least: number, most: number): number {
  assert(Number.isInteger(value) && value >= least && value <= most, "integer fits its type");
  return value;
}

/** A signed byte. */
export function int8(value: number): TypedValue {
  return fixed(ValueType.int8, 1, (view) => view.setInt8(0, whole(value, -0x80, 0x7f)));
}

/** An unsigned byte. */
export function uint8(value: number): TypedValue {
  return fixed(ValueType.uint8, 1, (view) => view.setUint8(0, whole(value, 0, 0xff)));
}

/** A signed integer of 16 bits. */
export function int16(value: number): TypedValue {
  return fixed(ValueType.int16, 2, (view) => view.setInt16(0, whole(value, -0x8000, 0x7fff), true));
}

/** An unsigned integer of 16 bits. */
export function uint16(value: number): TypedValue {
  return fixed(ValueType.uint16, 2, (view) => view.setUint16(0, whole(value, 0, 0xffff), true));
}

/** A signed integer of 32 bits. */
export function int32(value: number): TypedValue {
  const checked = whole(value, -0x8000_0000, 0x7fff_ffff);
  return fixed(ValueType.int32, 4, (view) => view.setInt32(0, checked, true));
}

/** An unsigned integer of 32 bits. */
export function uint32(value: number): TypedValue {
  const checked = whole(value, 0, 0xffff_ffff);
  return fixed(ValueType.uint32, 4, (view) => view.setUint32(0, checked, true));
}

/** A signed integer of 64 bits. */
export function int64(value: bigint): TypedValue {
  assert(BigInt.asIntN(64, value) === value, "integer fits its type");
  return fixed(ValueType.int64, 8, (view) => view.setBigInt64(0, value, true));
}

/** An unsigned integer of 64 bits. */
export function uint64(value: bigint): TypedValue {
  return unsigned64(ValueType.uint64, value);
}

function unsigned64(type: number, value: bigint): TypedValue {
  assert(BigInt.asUintN(64, value) === value, "integer fits its type");
  return fixed(type, 8, (view) => view.setBigUint64(0, value, true));
}

/** A number of single precision. */
export function real32(value: number): TypedValue {
  return fixed(ValueType.real32, 4, (view) => view.setFloat32(0, value, true));
}

/** A number of double precision. */
export function real64(value: number): TypedValue {
  return fixed(ValueType.real64, 8, (view) => view.setFloat64(0, value, true));
}

/** Truth, in 32 bits. */
export function bool(value: boolean): TypedValue {
  return fixed(ValueType.bool, 4, (view) => view.setUint32(0, value ? 1 : 0, true));
}

/** Bytes as they are. */
export function binary(bytes: Uint8Array): TypedValue {
  return { type: ValueType.binary, bytes };
}

/** From `{00112233-4455-6677-8899-AABBCCDDEEFF}`, with or without braces, in any case. */
export function guid(text: string): TypedValue {
  const bytes = fromHex(text.replace(/[{}-]/g, ""));
  assert(bytes !== null && bytes.length === 16, "a GUID has 32 hexadecimal digits");
  return fixed(ValueType.guid, 16, (view) => {
    for (const [at, from] of [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].entries())
      view.setUint8(at, bytes[from] ?? 0);
  });
}

/** A pointer-sized number, of 8 bytes. */
export function size(value: bigint): TypedValue {
  return unsigned64(ValueType.size, value);
}

/** A time to 100 ns. */
export function filetime(ticks: Ticks): TypedValue {
  return unsigned64(ValueType.filetime, filetimeFromTicks(ticks));
}

/** Year, month, day, hour, minute, second, millisecond. */
export type SystemTime = readonly [number, number, number, number, number, number, number];

/** A time to the millisecond; the day of the week is worked out. */
export function systemtime([year, month, day, ...clock]: SystemTime): TypedValue {
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return fixed(ValueType.systemtime, 16, (view) => {
    for (const [at, part] of [year, month, weekday, day, ...clock].entries())
      view.setUint16(at * 2, part, true);
  });
}

/** From `S-1-5-21-…`, its authority below 2^32. */
export function sid(text: string): TypedValue {
  const [mark, revision = "", authority = "", ...parts] = text.split("-");
  assert(mark === "S" && parts.length <= 15, "a SID has an S and at most 15 parts");
  return fixed(ValueType.sid, 8 + parts.length * 4, (view) => {
    view.setUint8(0, whole(Number(revision), 0, 0xff));
    view.setUint8(1, parts.length);
    view.setUint32(4, whole(Number(authority), 0, 0xffff_ffff), false);
    for (const [at, part] of parts.entries())
      view.setUint32(8 + at * 4, whole(Number(part), 0, 0xffff_ffff), true);
  });
}

/** An integer of 32 bits that prints in hexadecimal. */
export function hex32(value: number): TypedValue {
  return { ...uint32(value), type: ValueType.hex32 };
}

/** An integer of 64 bits that prints in hexadecimal. */
export function hex64(value: bigint): TypedValue {
  return unsigned64(ValueType.hex64, value);
}

/** Values of one type, one after the other. Texts have their own: unicodes(). */
export function arrayOf(values: readonly TypedValue[]): TypedValue {
  const [first] = values;
  assert(first !== undefined && values.every(({ type }) => type === first.type), "of one type");
  assert(first.type !== ValueType.unicode && first.type < ARRAY, "of a type that arrays have");
  return { type: first.type | ARRAY, bytes: concatBytes(values.map(({ bytes }) => bytes)) };
}
