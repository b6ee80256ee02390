import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, fromHex, sameBytes, toHex, utf8 } from "./bytes.ts";

const bytes = fc.uint8Array({ maxLength: 40 });

test("hexadecimal is lower case, two digits a byte", () => {
  expect(toHex(Uint8Array.of(0, 10, 255))).toBe("000aff");
  expect(fromHex("000AfF")).toEqual(Uint8Array.of(0, 10, 255));
  expect(fromHex("")).toEqual(new Uint8Array());
});

test.each(["0", "0g", "0x00", " 00", "00 ", "0\n", "００"])("'%s' is no hexadecimal", (text) => {
  expect(fromHex(text)).toBeNull();
});

test("property: hexadecimal there and back", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(fromHex(toHex(value))).toEqual(value);
      expect(toHex(value)).toBe(Buffer.from(value).toString("hex"));
    }),
  );
});

test("property: parts are joined in order, into an array of their own", () => {
  fc.assert(
    fc.property(fc.array(bytes), (parts) => {
      const joined = concatBytes(parts);
      expect(joined).toEqual(Uint8Array.from(parts.flatMap((part) => [...part])));
      joined.fill(1);
      expect(concatBytes(parts)).toEqual(Uint8Array.from(parts.flatMap((part) => [...part])));
    }),
  );
});

test("property: bytes are the same when all of them are", () => {
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      expect(sameBytes(left, left.slice())).toBe(true);
      expect(sameBytes(left, right)).toBe(toHex(left) === toHex(right));
    }),
  );
  expect(sameBytes(Uint8Array.of(1), Uint8Array.of(1, 2))).toBe(false);
});

test("UTF-8 of a text; half a surrogate pair becomes the replacement character", () => {
  expect(toHex(utf8("ü😀"))).toBe("c3bcf09f9880");
  expect(toHex(utf8("\ud83d"))).toBe("efbfbd");
});
