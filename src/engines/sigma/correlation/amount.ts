/**
 * Amounts of events: numbers as whole millionths, since sums of fractions in floating point depend on the order in which they are made.
 * Refuses what is no number (../decimal.ts), and numbers longer than any amount.
 */
import { readDecimal } from "../decimal.ts";

/** Millionths of one. */
export const MILLION = 1_000_000n;
const PLACES = 6;
/** Digits before the point: more than any counter of bytes has, and few enough to add up in no time. */
const WHOLE_DIGITS_MAX = 30;

/** A number as whole millionths, further decimals cut off; null where the text is none, or too long. */
export function readMillionths(written: string): bigint | null {
  const decimal = readDecimal(written.trim());
  if (decimal === null || decimal.point > WHOLE_DIGITS_MAX) return null;
  const { sign, digits, point } = decimal;
  const length = Math.max(0, point + PLACES);
  const size = BigInt(digits.slice(0, length).padEnd(length, "0") || "0");
  return sign < 0 ? -size : size;
}
