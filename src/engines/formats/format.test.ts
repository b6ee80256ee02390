/** Heads of sources: what stands behind zeros is found, and nothing is taken for what it is not. */
import { expect, test } from "vitest";
import { concatBytes, utf8 } from "../../base/bytes.ts";
import { type Source, memorySource } from "../../base/source.ts";
import { HEAD_BYTES, LEADING_ZEROS_MAX, headOf } from "./format.ts";

const PAGE = 4_096;

/** So many zeros, then these bytes; never in memory as a whole. */
function behindZeros(zeros: number, bytes: Uint8Array): Source & { readBytes(): number } {
  let read = 0;
  const byteLength = zeros + bytes.length;
  return {
    byteLength,
    readBytes: () => read,
    read(start, end) {
      read += end - start;
      const part = new Uint8Array(end - start);
      if (end > zeros)
        part.set(
          bytes.subarray(Math.max(0, start - zeros), end - zeros),
          Math.max(0, zeros - start),
        );
      return part;
    },
  };
}

test("a head is the first bytes, also where some of them are zeros", () => {
  const text = concatBytes([new Uint8Array(PAGE * 15), utf8("text")]);
  expect(headOf(memorySource(text))).toEqual(text);
  expect(headOf(memorySource(text), 8)).toEqual(concatBytes([new Uint8Array(8)]));
  expect(headOf(memorySource(new Uint8Array(0)))).toEqual(new Uint8Array(0));
});

test.each([HEAD_BYTES, HEAD_BYTES + 1, 3_000_000, 5 * 1024 ** 3])(
  "behind %i zeros: a page of zeros, then the first page that holds something",
  (zeros) => {
    const source = behindZeros(zeros, new Uint8Array(100_000).fill(7));
    const head = headOf(source);
    const first = PAGE + (zeros % PAGE);
    expect(head.length).toBe(HEAD_BYTES);
    expect(head.indexOf(7)).toBe(first);
    expect(head.subarray(first).every((byte) => byte === 7)).toBe(true);
  },
);

test("zeros alone stay zeros, and are looked at no further than the limit", () => {
  const zeros = headOf(memorySource(new Uint8Array(10_000_000)));
  expect(zeros).toEqual(new Uint8Array(HEAD_BYTES));
  let asked = 0;
  const page = new Uint8Array(1_048_576);
  const endless: Source = {
    byteLength: 2 ** 50,
    read(start, end) {
      asked = Math.max(asked, start);
      return page.subarray(0, end - start);
    },
  };
  expect(headOf(endless)).toEqual(new Uint8Array(HEAD_BYTES));
  expect(asked).toBeLessThan(LEADING_ZEROS_MAX);
});
