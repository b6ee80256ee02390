import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes, fromHex, toHex } from "../../base/bytes.ts";
import { MerkleTree, leafHash, verifyConsistency, verifyInclusion } from "./index.ts";
import type { Hash } from "./index.ts";

/** The leaves and roots that Certificate Transparency's implementations are tested with (RFC 6962). */
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** The naive oracle: the recursive definitions of RFC 6962 section 2.1, letter by letter, on raw leaves. */
const sha = (...parts: Uint8Array[]): Hash =>
  createHash("sha256").update(concatBytes(parts)).digest();
const prefix = (byte: number) => Uint8Array.of(byte);

function treeHash(leaves: readonly Uint8Array[]): Hash {
  const [only] = leaves;
  if (only === undefined) return sha();
  if (leaves.length === 1) return sha(prefix(0), only);
  const k = largestPowerBelow(leaves.length);
  return sha(prefix(1), treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

function path(m: number, leaves: readonly Uint8Array[]): Hash[] {
  if (leaves.length <= 1) return [];
  const k = largestPowerBelow(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), treeHash(leaves.slice(0, k))];
}

function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Hash[] {
  if (m === leaves.length) return whole ? [] : [treeHash(leaves)];
  const k = largestPowerBelow(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), treeHash(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))];
}

function largestPowerBelow(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

function leaf(at: number): Uint8Array {
  return fromHex(LEAVES[at] ?? "") ?? new Uint8Array();
}

function treeOf(leaves: readonly Uint8Array[]): MerkleTree {
  const tree = new MerkleTree();
  for (const bytes of leaves) tree.append(leafHash(bytes));
  return tree;
}

const hex = (hashes: readonly Hash[]) => hashes.map(toHex);

test("roots that others publish, while it grows and afterwards", () => {
  const tree = new MerkleTree();
  for (const [size, root] of ROOTS.entries()) {
    expect(toHex(tree.root())).toBe(root);
    if (size < LEAVES.length) tree.append(leafHash(leaf(size)));
  }
  for (const [size, root] of ROOTS.entries()) expect(toHex(tree.root(size))).toBe(root);
});

const manyLeaves = fc
  .integer({ min: 1, max: 70 })
  .map((count) => Array.from({ length: count }, (_, at) => Uint8Array.of(at, count)));

test("roots and proofs are those of the recursive definition", () => {
  fc.assert(
    fc.property(manyLeaves, fc.nat(), fc.nat(), (leaves, one, two) => {
      const tree = treeOf(leaves);
      const size = 1 + (one % leaves.length);
      const index = two % size;
      const part = leaves.slice(0, size);
      expect(toHex(tree.root(size))).toBe(toHex(treeHash(part)));
      expect(hex(tree.inclusionProof(index, size))).toEqual(hex(path(index, part)));
      expect(hex(tree.consistencyProof(index + 1, size))).toEqual(
        hex(subproof(index + 1, part, true)),
      );
    }),
    { numRuns: 200 },
  );
});

const LONGEST = 17;
const numbered = treeOf(Array.from({ length: LONGEST }, (_, at) => Uint8Array.of(at)));
const pairs = Array.from({ length: LONGEST }, (_, at) => at + 1).flatMap((size) =>
  Array.from({ length: size }, (_, index) => ({ index, size })),
);
const wrong = leafHash("wrong");

test("an inclusion proof verifies for its leaf, index, size and root, and for no other", () => {
  for (const { index, size } of pairs) {
    const proof = numbered.inclusionProof(index, size);
    const verify = (at: number, by: readonly Hash[], leaf = leafHash(Uint8Array.of(index))) =>
      verifyInclusion(leaf, at, size, by, numbered.root(size));
    const fitting = Array.from({ length: size }, (_, at) => at).filter((at) => verify(at, proof));
    expect(fitting).toEqual([index]);
    expect(verify(index, proof, wrong)).toBe(false);
    expect(verify(index, [...proof, wrong])).toBe(false);
    const shorter = [proof.slice(1), proof.slice(0, -1)].filter((by) => by.length < proof.length);
    expect(shorter.some((by) => verify(index, by))).toBe(false);
  }
});

test("a consistency proof verifies for its two trees, and for no other", () => {
  for (const { index, size } of pairs) {
    const older = index + 1;
    const proof = numbered.consistencyProof(older, size);
    const verify = (by: readonly Hash[], olderRoot: Hash, root: Hash) =>
      verifyConsistency(older, olderRoot, size, root, by);
    const [olderRoot, root] = [numbered.root(older), numbered.root(size)];
    expect(verify(proof, olderRoot, root)).toBe(true);
    expect(verify(proof, wrong, root)).toBe(false);
    expect(verify(proof, olderRoot, wrong)).toBe(false);
    expect(verify([...proof, wrong], olderRoot, root)).toBe(false);
    const shorter = [proof.slice(1), proof.slice(0, -1)].filter((by) => by.length < proof.length);
    expect(shorter.some((by) => verify(by, olderRoot, root))).toBe(false);
  }
});

test("numbers from a stranger that make no sense are false, not an error", () => {
  const root = leafHash("a");
  for (const [index, size] of [
    [0, 0],
    [-1, 1],
    [1, 1],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
    [0.5, 2],
  ] as const)
    expect(verifyInclusion(root, index, size, [], root)).toBe(false);
  expect(verifyInclusion(root, 0, Number.MAX_SAFE_INTEGER, [root], root)).toBe(false);
  expect(verifyConsistency(0, root, 5, root, [])).toBe(false);
  expect(verifyConsistency(6, root, 5, root, [])).toBe(false);
  expect(verifyConsistency(3, root, 5, root, [])).toBe(false);
});

test("a tree that shrinks goes on as if the lost leaves had never been", () => {
  const tree = treeOf([leaf(0), leaf(1), leaf(2), leaf(3), leaf(4), leaf(5), leaf(6)]);
  tree.shrink(3);
  for (let at = 3; at < 8; at++) tree.append(leafHash(leaf(at)));
  expect(toHex(tree.root())).toBe(ROOTS[8]);
});
