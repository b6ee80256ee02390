/**
 * The Merkle tree of RFC 6962 section 2.1 over SHA-256, grown one leaf at a time, with its proofs.
 * Refuses to forget: it keeps every complete subtree's hash (64 bytes a leaf), so each proof takes O(log n) hashes.
 */
import { createHash } from "node:crypto";
import { assert, known } from "../../base/assert.ts";

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

/** Hash of a leaf's bytes. */
export function leafHash(bytes: Uint8Array | string): Hash {
  return createHash("sha256").update(LEAF).update(bytes).digest();
}

/** Hash of two neighbouring subtrees. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash("sha256").update(NODE).update(left).update(right).digest();
}

/** The largest power of two below `count` (2 or more). */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** A growing tree; leaves are given as their leafHash. */
export class MerkleTree {
  /** At level k: hashes of the complete subtrees of 2^k leaves, from the left. */
  readonly #levels: Hash[][] = [[]];

  /** Number of leaves. */
  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  /** Adds a leaf, given its leafHash. */
  append(leaf: Hash): void {
    let hash = leaf;
    for (let level = 0; ; level++) {
      const hashes = (this.#levels[level] ??= []);
      hashes.push(hash);
      if (hashes.length % 2 === 1) return;
      hash = nodeHash(known(hashes.at(-2), "a left neighbour"), hash);
    }
  }

  /** Takes the last leaves away again, down to `size`. */
  shrink(size: number): void {
    assert(size <= this.size, "shrink to a size it had");
    this.#levels.forEach((hashes, level) => {
      hashes.length = Math.floor(size / 2 ** level);
    });
  }

  /** Root of the first `size` leaves; of no leaves, the hash of nothing. */
  root(size: number = this.size): Hash {
    assert(size >= 0 && size <= this.size, "root of a size it had");
    return size === 0 ? createHash("sha256").digest() : this.#hashOf(0, size);
  }

  /** Audit path of leaf `index` in the tree of the first `size` leaves, lowest first (RFC 6962 2.1.1). */
  inclusionProof(index: number, size: number = this.size): Hash[] {
    assert(index >= 0 && index < size && size <= this.size, "a leaf of the tree");
    const path: Hash[] = [];
    let [start, end] = [0, size];
    while (end - start > 1) {
      const middle = start + splitOf(end - start);
      const left = index < middle;
      path.push(left ? this.#hashOf(middle, end) : this.#hashOf(start, middle));
      [start, end] = left ? [start, middle] : [middle, end];
    }
    return path.reverse();
  }

  /** Proof that the tree of the first `older` leaves is a prefix of that of `size` (RFC 6962 2.1.2). */
  consistencyProof(older: number, size: number = this.size): Hash[] {
    assert(older > 0 && older <= size && size <= this.size, "sizes that it had");
    const proof: Hash[] = [];
    let [start, end] = [0, size];
    while (end !== older) {
      const middle = start + splitOf(end - start);
      const left = older <= middle;
      proof.push(left ? this.#hashOf(middle, end) : this.#hashOf(start, middle));
      [start, end] = left ? [start, middle] : [middle, end];
    }
    // Where the older tree is a subtree from the very left, the verifier has its hash already.
    if (start > 0) proof.push(this.#hashOf(start, end));
    return proof.reverse();
  }

  /** Hash of leaves [start, end): kept where they are a complete subtree, else of its two parts. */
  #hashOf(start: number, end: number): Hash {
    const count = end - start;
    const level = Math.log2(count);
    if (Number.isInteger(level) && start % count === 0)
      return known(this.#levels[level]?.[start / count], "a complete subtree");
    const middle = start + splitOf(count);
    return nodeHash(this.#hashOf(start, middle), this.#hashOf(middle, end));
  }
}
