/**
 * Texts of a fixed shape in the bytes of a log, such as times: what stands where, without a string or a regular expression.
 * Refuses nothing.
 */
import { utf8 } from "../../../base/bytes.ts";

const DIGIT = 48;
const CAPITAL = 65;
const SMALL = 97;

/** A shape: `0` is any digit, `A` any capital, `a` any small letter of ASCII; all else is itself. */
export function shapeOf(text: string): Uint8Array {
  return utf8(text);
}

/** Whether bytes[from..to) begin with the shape. */
export function hasShape(bytes: Uint8Array, from: number, to: number, shape: Uint8Array): boolean {
  if (to - from < shape.length) return false;
  for (let index = 0; index < shape.length; index++) {
    const byte = bytes[from + index] ?? 0;
    const wanted = shape[index] ?? 0;
    if (wanted === DIGIT || wanted === CAPITAL || wanted === SMALL) {
      if (byte < wanted || byte >= wanted + (wanted === DIGIT ? 10 : 26)) return false;
    } else if (byte !== wanted) return false;
  }
  return true;
}

/** Whether the byte is a digit. */
export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT && byte <= DIGIT + 9;
}
