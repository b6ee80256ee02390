/** Digits written into bytes, against the slow and obvious way to write each. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isSystemtime, putFiletime, putGuid, putHex, putInteger, putSid } from "./ascii.ts";
import { systemtime } from "./write-value.ts";

const out = Buffer.alloc(4_096);
const text = (end: number): string => out.toString("latin1", 0, end);

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

test("integers of up to 53 bits", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(text(putInteger(out, 0, value))).toBe(String(value));
    }),
  );
  for (const value of [0, 9, 10, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 31)])
    expect(text(putInteger(out, 0, value))).toBe(String(value));
});

test("hexadecimal numbers of up to 64 bits", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
      const end = putHex(out, 0, Number(value & 0xffffffffn), Number(value >> 32n));
      expect(text(end)).toBe(`0x${value.toString(16)}`);
    }),
  );
});

test("every FILETIME, to the tick", () => {
  const expected = (filetime: bigint): string => {
    const millis = filetime / 10_000n - 11_644_473_600_000n;
    const year = new Date(Number(millis)).getUTCFullYear();
    const rest = new Date(Number(millis))
      .toISOString()
      .replace(/^[+-]?\d+/, "")
      .slice(0, -1);
    return `${String(year).padStart(4, "0")}${rest}${String(filetime % 10_000n).padStart(4, "0")}Z`;
  };
  const printed = (filetime: bigint): string =>
    text(putFiletime(out, 0, Number(filetime & 0xffffffffn), Number(filetime >> 32n)));
  const day = 864_000_000_000n;
  for (const filetime of [
    0n,
    1n,
    day - 1n,
    day,
    132_735_168_000_000_000n,
    2n ** 63n - 1n,
    2n ** 64n - 1n,
  ])
    expect(printed(filetime)).toBe(expected(filetime));
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (filetime) => {
      expect(printed(filetime)).toBe(expected(filetime));
    }),
  );
  expect(printed(2n ** 63n - 1n)).toBe("30828-09-14T02:48:05.4775807Z");
});

test("GUIDs turn their first three groups around", () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, at) => at * 17);
  expect(text(putGuid(out, 0, viewOf(bytes), 0))).toBe("{33221100-5544-7766-8899-AABBCCDDEEFF}");
});

test("SIDs, and one whose authority has more than 32 bits", () => {
  const short = Uint8Array.of(1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0);
  expect(text(putSid(out, 0, viewOf(short), 0))).toBe("S-1-5-32-544");
  const wide = Uint8Array.of(1, 1, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0);
  expect(text(putSid(out, 0, viewOf(wide), 0))).toBe("S-1-0x010203040506-7");
});

test("a SYSTEMTIME that is no time is known", () => {
  expect(isSystemtime(viewOf(systemtime([2021, 8, 12, 23, 59, 59, 999]).bytes), 0)).toBe(true);
  expect(isSystemtime(viewOf(systemtime([2021, 13, 12, 0, 0, 0, 0]).bytes), 0)).toBe(false);
  expect(isSystemtime(viewOf(new Uint8Array(16)), 0)).toBe(false);
});
