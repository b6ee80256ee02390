/**
 * Values in the compact protocol of Thrift, in which Parquet writes its headers and its footer. Writes only.
 * Spec: github.com/apache/thrift, doc/specs/thrift-compact-protocol.md.
 */
import { unreachable } from "../../../base/assert.ts";
import { JsonBytes } from "../../../base/json-bytes.ts";

/** A value to be written. Numbers are whole, and their sizes are below 2^52. */
export type Value =
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int16" | "int32" | "int64"; readonly value: number }
  | { readonly kind: "binary"; readonly bytes: Uint8Array }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "struct"; readonly fields: readonly Field[] };

/** A field of a struct: its number, rising, and its value; null leaves it out. */
export type Field = readonly [id: number, value: Value | null];

/** Values, as the tables of the format name them. */
export const bool = (value: boolean): Value => ({ kind: "bool", value });
export const int16 = (value: number): Value => ({ kind: "int16", value });
export const int32 = (value: number): Value => ({ kind: "int32", value });
export const int64 = (value: number): Value => ({ kind: "int64", value });
export const binary = (bytes: Uint8Array): Value => ({ kind: "binary", bytes });
export const text = (value: string): Value => binary(Buffer.from(value));
export const list = (items: readonly Value[]): Value => ({ kind: "list", items });
export const struct = (...fields: readonly Field[]): Value => ({ kind: "struct", fields });

/** The bytes of a value. */
export function encodeThrift(value: Value): Uint8Array {
  const out = new JsonBytes();
  putValue(value, out);
  return Buffer.from(out.written());
}

/** The number of a type in headers of fields and lists; a bool in a field carries its value there. */
function typeOf(value: Value): number {
  switch (value.kind) {
    case "bool":
      return value.value ? 1 : 2;
    case "int16":
      return 4;
    case "int32":
      return 5;
    case "int64":
      return 6;
    case "binary":
      return 8;
    case "list":
      return 9;
    case "struct":
      return 12;
    default:
      return unreachable(value);
  }
}

function putValue(value: Value, out: JsonBytes): void {
  switch (value.kind) {
    case "bool":
      return;
    case "int16":
    case "int32":
    case "int64":
      // Zigzag: the sign becomes the lowest bit.
      return putVarint(value.value < 0 ? -value.value * 2 - 1 : value.value * 2, out);
    case "binary":
      putVarint(value.bytes.length, out);
      return putBytes(value.bytes, out);
    case "list":
      return putList(value.items, out);
    case "struct":
      return putStruct(value.fields, out);
    default:
      return unreachable(value);
  }
}

function putList(items: readonly Value[], out: JsonBytes): void {
  const [first] = items;
  const type = first === undefined ? 0 : typeOf(first);
  const short = items.length < 15;
  putByte(((short ? items.length : 15) << 4) | type, out);
  if (!short) putVarint(items.length, out);
  for (const item of items) putValue(item, out);
}

function putStruct(fields: readonly Field[], out: JsonBytes): void {
  let last = 0;
  for (const [id, value] of fields) {
    if (value === null) continue;
    // All structs of Parquet number their fields so closely that the short form of the step fits.
    putByte(((id - last) << 4) | typeOf(value), out);
    putValue(value, out);
    last = id;
  }
  putByte(0, out);
}

function putByte(byte: number, out: JsonBytes): void {
  out.reserve(1);
  out.bytes[out.length++] = byte;
}

function putBytes(bytes: Uint8Array, out: JsonBytes): void {
  out.reserve(bytes.length);
  out.bytes.set(bytes, out.length);
  out.length += bytes.length;
}

/** Seven bits a byte, the lowest first. */
function putVarint(value: number, out: JsonBytes): void {
  let rest = value;
  while (rest >= 0x80) {
    putByte((rest % 0x80) | 0x80, out);
    rest = Math.floor(rest / 0x80);
  }
  putByte(rest, out);
}
