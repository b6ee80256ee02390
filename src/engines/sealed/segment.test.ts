/** Objects that grow: any cut at a frame opens to what was committed, anything else is found, and a crash is told from damage. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, toHex, utf8 } from "../../base/bytes.ts";
import { memorySource } from "../../base/source.ts";
import {
  FRAME_BYTES_MAX,
  HEADER_BYTES,
  SegmentSealer,
  deriveKeys,
  inspectSealed,
  inspectSegment,
  openOpenSegment,
  openSealed,
} from "./index.ts";
import type { SegmentInspection } from "./index.ts";

const KEYS = deriveKeys(numbered(32, 1));
const NAME = toHex(numbered(16, 0));

function numbered(length: number, start: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (start + at) % 256);
}

function sealerOf(idStart = 0): SegmentSealer {
  return new SegmentSealer({
    objectId: numbered(16, idStart),
    objectKey: numbered(32, 64 + idStart),
    wrapNonce: numbered(12, 128 + idStart),
    keys: KEYS,
  });
}

function seal(texts: readonly Uint8Array[], idStart = 0) {
  const sealer = sealerOf(idStart);
  const frames = texts.map((text) => sealer.seal(text));
  const end = sealer.finish();
  const open = concatBytes([sealer.header, ...frames]);
  return { header: sealer.header, frames, open, closed: concatBytes([open, end.tail]), end };
}

function inspected(bytes: Uint8Array): SegmentInspection {
  const found = inspectSegment(memorySource(bytes), KEYS, NAME);
  if ("what" in found) throw new Error(found.what);
  return found;
}

test("golden bytes: fixed key and randomness give these bytes", () => {
  const { closed, end } = seal([utf8("Break\n"), utf8("water\n")]);
  // Computed by another implementation (Python's cryptography) from docs/formats/sealed-object.md.
  expect(toHex(closed)).toBe(
    "62777365616c0200000102030405060708090a0b0c0d0e0f" +
      "808182838485868788898a8b" +
      "397af9d3b12cd81562776b7b91dcd8db03f1e2cc615fee3333d890d15719348d" +
      "2d2f2a9f4f2f74d7e7bb769e6ebc0a23" +
      "0600000018465519ff622df46c5f2d44317f8b374d7cc65e9bc6" +
      "06000000be3fd22e06875abe5e4bbc6e42304e7610809ff8fc5e" +
      "00000000c654d44b33b033cf33f2fae97832e461",
  );
  expect(end.reference).toEqual({
    object: NAME,
    sizeBytes: 156,
    sha256: "eb18fc438cd0d8877af3d531cf42e749b74250d113162cc92cd45306fe17d7dc",
    hmac: "4b8c3535e02c8a155659a5dc809370a9428e7e9ef885aecb440843ce233622ef",
  });
});

const TEXTS = fc.array(
  fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.constant(numbered(70_000, 3))),
  { maxLength: 12 },
);

test("any range of any frames reads as it does from memory, closed and open", () => {
  fc.assert(
    fc.property(TEXTS, fc.nat(), fc.nat(), (texts, one, other) => {
      const { open, closed, end } = seal(texts);
      const plain = concatBytes(texts);
      const { starts, plaintextBytes } = inspected(open);
      expect(plaintextBytes).toBe(plain.length);
      const sources = [
        openSealed(memorySource(closed), KEYS, NAME),
        openOpenSegment(memorySource(open), KEYS, NAME, { starts, plaintextBytes }),
      ];
      const [start = 0, stop = 0] = [one % (plain.length + 1), other % (plain.length + 1)].sort(
        (left, right) => left - right,
      );
      for (const source of sources) {
        expect(source.byteLength).toBe(plain.length);
        expect(Buffer.compare(source.read(start, stop), plain.subarray(start, stop))).toBe(0);
      }
      const { damages, hmac } = inspectSealed(memorySource(closed), KEYS);
      expect([damages, hmac]).toEqual([[], end.reference.hmac]);
    }),
    { numRuns: 60 },
  );
});

test("cut at every byte: what was committed stays, the rest is torn, and the end that fits is given", () => {
  const texts = ["one\n", "two two\n", "three\n"].map(utf8);
  const { open, closed, header, frames } = seal(texts);
  const ends = frames.map((_, at) => concatBytes([header, ...frames.slice(0, at + 1)]).length);
  for (let length = HEADER_BYTES; length <= closed.length; length++) {
    const whole = ends.filter((end) => end <= length).length;
    const found = inspected(closed.subarray(0, length));
    const cut = [HEADER_BYTES, ...ends, closed.length].includes(length);
    expect([length, found.starts.length, found.torn, found.damage === null]).toEqual([
      length,
      whole,
      !cut,
      cut,
    ]);
    expect(found.closed).toBe(length === closed.length);
    // Closing what is left gives an object like any other, and the same one however often it is done.
    const ended = concatBytes([closed.subarray(0, found.soundBytes), found.end.tail]);
    expect(ended).toEqual(seal(texts.slice(0, whole)).closed);
    expect(found.end.reference).toEqual(seal(texts.slice(0, whole)).end.reference);
    expect(inspected(ended)).toMatchObject({ closed: true, damage: null });
  }
  // Nobody takes an open object for a whole one.
  for (let length = HEADER_BYTES; length < closed.length; length++)
    expect(() => openSealed(memorySource(closed.subarray(0, length)), KEYS, NAME)).toThrow(
      /the end is not there/,
    );
  for (let length = 0; length < HEADER_BYTES; length++)
    expect(inspectSegment(memorySource(open.subarray(0, length)), KEYS, NAME)).toMatchObject({
      chunk: null,
    });
});

test("every byte is protected: before the last frame as damage, in it as a commit that never was", () => {
  const { open, frames } = seal(["one\n", "two two\n", "three\n"].map(utf8));
  const lastAt = open.length - (frames.at(-1)?.length ?? 0);
  for (let at = 0; at < open.length; at++) {
    const altered = open.slice();
    altered[at] = (altered[at] ?? 0) ^ 0x40;
    const found = inspectSegment(memorySource(altered), KEYS, NAME);
    const [soundBytes, torn] = "what" in found ? [0, false] : [found.soundBytes, found.torn];
    expect(["what" in found, soundBytes <= at]).toEqual([at < HEADER_BYTES, true]);
    // In a length it depends on what is read there; one that reaches beyond the end is what a torn frame has too.
    expect([at, torn || at < lastAt + 4]).toEqual([at, true]);
  }
  const middle = open.slice();
  middle[HEADER_BYTES + 4] = (middle[HEADER_BYTES + 4] ?? 0) ^ 1;
  expect(inspected(middle)).toMatchObject({ plaintextBytes: 0, torn: false });
});

test("blocks that never reached the disk read as zeros, and are torn", () => {
  const { open, frames } = seal([utf8("one\n"), numbered(20_000, 0)]);
  const lastAt = open.length - (frames.at(-1)?.length ?? 0);
  for (const [from, to] of [
    [lastAt, open.length],
    [lastAt, lastAt + 4096],
    [lastAt + 4096, lastAt + 8192],
    [lastAt + 8192, open.length],
  ] as const) {
    const holed = open.slice().fill(0, from, to);
    expect(inspected(holed)).toMatchObject({ plaintextBytes: 4, torn: true, soundBytes: lastAt });
  }
});

test("frames cannot change places, come twice, or come from another object", () => {
  const texts = ["one\n", "two\n", "six\n"].map(utf8);
  const { header, frames } = seal(texts);
  const [first, second, third] = frames;
  const [other] = seal(texts, 1).frames;
  if (!first || !second || !third || !other) throw new Error("three frames");
  for (const [order, sound] of [
    [[second, first, third], 0],
    [[first, third], 4],
    [[first, first, second, third], 4],
    [[other, second, third], 0],
  ] as const)
    expect(inspected(concatBytes([header, ...order])).plaintextBytes).toBe(sound);
  // Nor can the same frames stand behind another beginning: each is bound to the tag before it.
  const forked = seal([utf8("ten\n"), ...texts.slice(1)]);
  const spliced = concatBytes([header, forked.frames[0] ?? first, second, third]);
  expect(inspected(spliced)).toMatchObject({ plaintextBytes: 4, torn: false });
});

test("what stands behind the end is damage, and an end of another length is none", () => {
  const { closed, open, end } = seal([utf8("one\n"), utf8("two\n")]);
  const more = concatBytes([closed, new Uint8Array(20)]);
  expect(inspected(more)).toMatchObject({ closed: true, torn: false });
  expect(inspected(more).damage).not.toBeNull();
  const shorter = seal([utf8("one\n")]);
  const early = concatBytes([open.subarray(0, HEADER_BYTES + 24), end.tail]);
  expect(() => openSealed(memorySource(early), KEYS, NAME)).toThrow(/altered or cut/);
  expect(openSealed(memorySource(shorter.closed), KEYS, NAME).byteLength).toBe(4);
});

test("a frame is never larger than a reader may have to decrypt, and never empty", () => {
  expect(() => sealerOf().seal(new Uint8Array(FRAME_BYTES_MAX + 1))).toThrow(/sizes/);
  expect(() => sealerOf().seal(new Uint8Array(0))).toThrow(/holds something/);
});
