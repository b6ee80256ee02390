/** Whole numbers in the bytes of a log. Refuses signs, leading zeros and whatever a double does not hold exactly. */

const ZERO = 48;
/** The longest run of digits that every double holds exactly. */
const DIGITS_MAX = 15;

/** The number whose digits are bytes[from..to), written as a number would be; -1 where they are anything else. */
export function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  const digits = to - from;
  if (digits < 1 || digits > DIGITS_MAX || (bytes[from] === ZERO && digits > 1)) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
