/**
 * Numbers as rules and events write them, compared exactly: decimals of any length, with a point or an exponent, and
 * hexadecimal and octal integers (YAML 1.2.2, 10.3.2). Refuses to round: no value passes through a double.
 */

/** A number: `sign` times 0.digits times ten to the power of `point`. */
export interface Decimal {
  readonly sign: -1 | 0 | 1;
  /** Without zeros at either end; "" for zero. */
  readonly digits: string;
  readonly point: number;
}

const DECIMAL = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,9}))?$/;
/** Longer than the integers that logs write in this notation, and short enough to convert in no time. */
const RADIX = /^([-+]?)(0x[0-9a-f]{1,64}|0o[0-7]{1,64})$/i;

/** Reads a whole text as a number; null where it is none. */
export function readDecimal(text: string): Decimal | null {
  const radix = RADIX.exec(text);
  if (radix !== null) {
    const [, sign = "", digits = ""] = radix;
    return toDecimal(sign, BigInt(digits.toLowerCase()).toString(), "", 0);
  }
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  return whole === "" && fraction === ""
    ? null
    : toDecimal(sign, whole, fraction, Number(exponent));
}

function toDecimal(sign: string, whole: string, fraction: string, exponent: number): Decimal {
  const all = whole + fraction;
  let start = 0;
  let end = all.length;
  while (start < end && all[start] === "0") start++;
  while (end > start && all[end - 1] === "0") end--;
  if (start === end) return { sign: 0, digits: "", point: 0 };
  const point = whole.length - start + exponent;
  return { sign: sign === "-" ? -1 : 1, digits: all.slice(start, end), point };
}

/** Below zero where `left` is the smaller number, above where it is the larger, zero where they are the same. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  if (left.sign !== right.sign) return left.sign - right.sign;
  if (left.point !== right.point) return left.sign * (left.point - right.point);
  if (left.digits === right.digits) return 0;
  // Both are fractions without zeros at their end, so that text and number have the same order.
  return left.digits < right.digits ? -left.sign : left.sign;
}
