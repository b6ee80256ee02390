import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDecimals, readDecimal } from "./decimal.ts";

function compared(left: string, right: string): number {
  const [one, two] = [readDecimal(left), readDecimal(right)];
  if (one === null || two === null) throw new Error(`no numbers: ${left}, ${right}`);
  return Math.sign(compareDecimals(one, two));
}

test.each([
  ["5", "5.0", 0],
  ["5", "05", 0],
  ["+5", "5", 0],
  ["-0", "0", 0],
  ["1e3", "1000", 0],
  ["1.5E-3", ".0015", 0],
  ["0x3e7", "999", 0],
  ["-0xA", "-10", 0],
  ["0o17", "15", 0],
  ["2", "10", -1],
  ["-2", "-10", 1],
  ["-1", "1", -1],
  ["0.1", "0.09", 1],
  ["9007199254740993", "9007199254740992", 1],
  ["18446744073709551615", "0xffffffffffffffff", 0],
  ["18446744073709551615.0000000000000000001", "18446744073709551615", 1],
  ["1e999999999", "9e999999998", 1],
])("%s against %s", (left, right, order) => {
  expect(compared(left, right)).toBe(order);
  expect(compared(right, left)).toBe(order === 0 ? 0 : -order);
});

test.each([
  "",
  ".",
  "-",
  "e5",
  "5 ",
  " 5",
  "5,0",
  "0x",
  "0xg",
  "1e",
  "1e1.5",
  "NaN",
  "Infinity",
  "1_000",
  "٣",
])("'%s' is no number", (text) => {
  expect(readDecimal(text)).toBeNull();
});

test("integers of any size compare as they are", () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), (left, right) => {
      expect(compared(String(left), String(right))).toBe(left < right ? -1 : left > right ? 1 : 0);
    }),
  );
});

test("doubles compare as they are, however they are printed", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(double, double, (left, right) => {
      expect(compared(String(left), right.toExponential())).toBe(
        Math.sign(left - right) || (left < right ? -1 : left > right ? 1 : 0),
      );
    }),
  );
});

test("a long row of zeros costs nothing", () => {
  const start = performance.now();
  expect(readDecimal(`1${"0".repeat(200_000)}1x`)).toBeNull();
  expect(compared(`${"0".repeat(200_000)}1`, "1")).toBe(0);
  expect(performance.now() - start).toBeLessThan(500);
});
