import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, toHex, utf8 } from "../../base/bytes.ts";
import { memorySource } from "../../base/source.ts";
import type { Source } from "../../base/source.ts";
import {
  CHUNK_BYTES,
  HEADER_BYTES,
  actorId,
  createSealer,
  deriveKeys,
  inspectSealed,
  openSealed,
  unwrapKey,
  wrapKey,
} from "./index.ts";
import { chunkNonce, extentOf } from "./layout.ts";

const SEALED_CHUNK = CHUNK_BYTES + 16;
const KEYS = deriveKeys(numbered(32, 1));

/** Bytes start, start + 1, … (mod 256): easy to repeat in any language. */
function numbered(length: number, start: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (start + at) % 256);
}

function seal(plaintext: Uint8Array, idStart = 0, pieceBytes = 1 << 20) {
  const sealer = createSealer({
    objectId: numbered(16, idStart),
    objectKey: numbered(32, 64 + idStart),
    wrapNonce: numbered(12, 128 + idStart),
    keys: KEYS,
  });
  const parts: Uint8Array[] = [];
  for (let at = 0; at < plaintext.length; at += pieceBytes)
    parts.push(sealer.push(plaintext.subarray(at, at + pieceBytes)).slice());
  const end = sealer.finish();
  return { ...end, bytes: concatBytes([...parts, end.tail]) };
}

function name(idStart = 0): string {
  return toHex(numbered(16, idStart));
}

function open(bytes: Uint8Array, idStart = 0): Source {
  return openSealed(memorySource(bytes), KEYS, name(idStart));
}

function faultOf(work: () => unknown): { code: unknown; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && "code" in error)
      return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("no fault");
}

/** What is said about the whole of `bytes` when it is read. */
function damageOf(bytes: Uint8Array): string {
  const fault = faultOf(() => {
    const source = open(bytes);
    source.read(0, source.byteLength);
  });
  expect(fault.code).toBe("vault-damaged");
  return fault.message;
}

function damagedChunk(chunk: number): string {
  const at = HEADER_BYTES + chunk * SEALED_CHUNK;
  return `sealed object ${name()} is damaged at byte ${at}: chunk ${chunk} does not authenticate`;
}

const THREE = numbered(2 * CHUNK_BYTES + 1000, 7);

test("golden bytes: fixed key and randomness give these bytes", () => {
  const { bytes, reference, sha256 } = seal(utf8("Breakwater"));
  // Computed by another implementation (Python's cryptography) from docs/formats/sealed-object.md.
  expect(toHex(bytes)).toBe(
    "62777365616c0100000102030405060708090a0b0c0d0e0f" +
      "808182838485868788898a8b" +
      "397af9d3b12cd81562776b7b91dcd8db03f1e2cc615fee3333d890d15719348d" +
      "55b7731b04b1bbe9904dee8691d193d1" +
      "f1dc1650f9d1853575f8" +
      "2b425a95267d5de7d6127919d99f5128",
  );
  expect(reference).toEqual({
    object: "000102030405060708090a0b0c0d0e0f",
    sizeBytes: 110,
    sha256: "53e197b9c8a94e67aaf111fb1f07d40a33f5a25e46a2be28a0aaffae0893f5f0",
    hmac: "f134ce347c401ba03e8341450e732ebe2aabd1bcec4d086dab8a8ceaf435d6d1",
  });
  expect(actorId(KEYS, "Zoë Tostevin")).toBe("94e27cf80e0bcac453d71fb38876261b");
  expect(sha256).toBe(createHash("sha256").update("Breakwater").digest("hex"));
});

test("what is sealed in any pieces opens to the same bytes", () => {
  const sizes = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES];
  fc.assert(
    fc.property(
      fc.constantFrom(...sizes, THREE.length),
      fc.constantFrom(4096, 100_000, CHUNK_BYTES, CHUNK_BYTES + 5, 3 * CHUNK_BYTES),
      (sizeBytes, pieceBytes) => {
        const plaintext = THREE.subarray(0, sizeBytes);
        const sealed = seal(plaintext, 0, pieceBytes);
        expect(Buffer.compare(sealed.bytes, seal(plaintext).bytes)).toBe(0);
        expect(sealed.sizeBytes).toBe(sizeBytes);
        const source = open(sealed.bytes);
        expect(source.byteLength).toBe(sizeBytes);
        expect(Buffer.compare(source.read(0, sizeBytes), plaintext)).toBe(0);
      },
    ),
    { numRuns: 20 },
  );
});

test("the reference says what anybody can recompute", () => {
  const { bytes, reference } = seal(THREE);
  expect(reference.object).toBe(name());
  expect(reference.sizeBytes).toBe(bytes.length);
  expect(reference.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
  const plaintext = createHash("sha256").update(THREE).digest();
  expect(reference.hmac).toBe(createHmac("sha256", KEYS.mac).update(plaintext).digest("hex"));
});

test("any range reads as it does from memory", () => {
  const source = open(seal(THREE).bytes);
  const edge = fc.oneof(
    fc.nat(THREE.length),
    fc.constantFrom(0, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, THREE.length),
  );
  fc.assert(
    fc.property(edge, edge, (one, other) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)];
      expect(Buffer.compare(source.read(start, end), THREE.subarray(start, end))).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test("every byte of a small object is protected", () => {
  const { bytes } = seal(utf8("a diagnosis"));
  for (let at = 0; at < bytes.length; at++) {
    const altered = bytes.slice();
    altered[at] = (altered[at] ?? 0) ^ 0x40;
    expect(faultOf(() => open(altered)).code).toBe("vault-damaged");
    expect(inspectSealed(memorySource(altered), KEYS)).toMatchObject({ hmac: null });
  }
});

test("a flipped bit is found in the chunk it is in, and the others still read", () => {
  const { bytes } = seal(THREE);
  const altered = bytes.slice();
  altered[HEADER_BYTES + SEALED_CHUNK + 5] = (altered[HEADER_BYTES + SEALED_CHUNK + 5] ?? 0) ^ 1;
  expect(damageOf(altered)).toBe(damagedChunk(1));
  expect(open(altered).read(0, 10)).toEqual(Buffer.from(THREE.subarray(0, 10)));
  expect(inspectSealed(memorySource(altered), KEYS).damages).toEqual([
    { offset: HEADER_BYTES + SEALED_CHUNK, chunk: 1, what: "chunk 1 does not authenticate" },
  ]);
});

test("cut at every length of a small object, and at the edges of a large one", () => {
  const small = seal(utf8("a diagnosis")).bytes;
  for (let length = 0; length < small.length; length++)
    expect(faultOf(() => open(small.subarray(0, length))).code).toBe("vault-damaged");
  const { bytes } = seal(THREE);
  for (const chunks of [1, 2])
    for (const off of [-17, -16, -1, 0, 1, 15, 16, 17]) {
      const cut = bytes.subarray(0, HEADER_BYTES + chunks * SEALED_CHUNK + off);
      // Opening is enough: the length is authenticated before a byte is given out.
      expect(faultOf(() => open(cut)).code).toBe("vault-damaged");
    }
});

test("lengthened: with anything, with a chunk of its own, with a chunk of another", () => {
  const { bytes } = seal(THREE);
  const whole = seal(THREE.subarray(0, CHUNK_BYTES)).bytes;
  const chunk = bytes.subarray(HEADER_BYTES, HEADER_BYTES + SEALED_CHUNK);
  for (const extra of [new Uint8Array(1), new Uint8Array(16), chunk.subarray(0, 40), chunk]) {
    expect(faultOf(() => open(concatBytes([bytes, extra]))).code).toBe("vault-damaged");
    expect(faultOf(() => open(concatBytes([whole, extra]))).code).toBe("vault-damaged");
  }
});

test("chunks cannot change places, within an object or between two", () => {
  const { bytes } = seal(THREE);
  const chunkAt = (of: Uint8Array, chunk: number) =>
    of.subarray(HEADER_BYTES + chunk * SEALED_CHUNK, HEADER_BYTES + (chunk + 1) * SEALED_CHUNK);
  const reordered = concatBytes([
    bytes.subarray(0, HEADER_BYTES),
    chunkAt(bytes, 1),
    chunkAt(bytes, 0),
    chunkAt(bytes, 2),
  ]);
  expect(damageOf(reordered)).toBe(damagedChunk(0));
  const other = seal(THREE, 1).bytes;
  const swapped = bytes.slice();
  swapped.set(chunkAt(other, 1), HEADER_BYTES + SEALED_CHUNK);
  expect(damageOf(swapped)).toBe(damagedChunk(1));
});

test("a whole object cannot stand for another", () => {
  const other = seal(THREE, 1).bytes;
  expect(faultOf(() => openSealed(memorySource(other), KEYS, name(0))).message).toContain(
    "another object",
  );
  // Nor with its id rewritten: the wrapped key is bound to it.
  const renamed = other.slice();
  renamed.set(numbered(16, 0), 8);
  expect(faultOf(() => open(renamed)).message).toContain("key does not unwrap");
});

test("another vault's key opens nothing", () => {
  const other = deriveKeys(numbered(32, 2));
  const { bytes } = seal(utf8("a diagnosis"));
  expect(faultOf(() => openSealed(memorySource(bytes), other, name())).code).toBe("vault-damaged");
  const wrapped = wrapKey(KEYS.wrap, numbered(32, 5), numbered(12, 0), utf8("here"));
  expect(unwrapKey(KEYS.wrap, wrapped, utf8("here"))).toEqual(numbered(32, 5));
  expect(unwrapKey(KEYS.wrap, wrapped, utf8("there"))).toBeNull();
  expect(unwrapKey(other.wrap, wrapped, utf8("here"))).toBeNull();
});

test("a nonce never comes twice under one key", () => {
  const seen = new Set<string>();
  for (const chunk of [0, 1, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40])
    for (const last of [false, true]) seen.add(toHex(chunkNonce(chunk, last)));
  expect(seen.size).toBe(18);
  expect(toHex(chunkNonce(258, true))).toBe("000000000000000000010201");
});

test("every length has one reading or none", () => {
  for (const [plaintextBytes, chunks] of [
    [0, 1],
    [1, 1],
    [CHUNK_BYTES, 1],
    [CHUNK_BYTES + 1, 2],
    [2 * CHUNK_BYTES, 2],
  ] as const)
    expect(extentOf(HEADER_BYTES + plaintextBytes + 16 * chunks)).toEqual({
      chunks,
      plaintextBytes,
    });
  for (let rest = 1; rest <= 16; rest++)
    expect(extentOf(HEADER_BYTES + SEALED_CHUNK + rest)).toBeNull();
});

test("an actor's id depends on key and name, not on how the name is composed", () => {
  expect(actorId(KEYS, "Zoë Tostevin")).toBe(actorId(KEYS, " Zoe\u0308 Tostevin"));
  expect(actorId(KEYS, "Zoë Tostevin")).not.toBe(actorId(KEYS, "Zoe Tostevin"));
  expect(actorId(deriveKeys(numbered(32, 2)), "A")).not.toBe(actorId(KEYS, "A"));
  expect(actorId(KEYS, "A")).toMatch(/^[0-9a-f]{32}$/);
});
