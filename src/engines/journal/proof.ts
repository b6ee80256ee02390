/**
 * Checks Merkle proofs with nothing but hashes, as RFC 9162 sections 2.1.3.2 and 2.1.4.2 word it.
 * Refuses proofs that are too long or too short; never throws on what a stranger sends.
 */
import { sameBytes } from "../../base/bytes.ts";
import { nodeHash } from "./tree.ts";
import type { Hash } from "./tree.ts";

/** Whether `path` leads from the leaf hash at `index` to `root`, the root of `size` leaves. */
export function verifyInclusion(
  leaf: Hash,
  index: number,
  size: number,
  path: readonly Hash[],
  root: Hash,
): boolean {
  if (!Number.isSafeInteger(size) || !(index >= 0 && index < size)) return false;
  let [node, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // A last node without a right neighbour moves up unhashed.
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

/** Whether `proof` shows that the tree (olderSize, olderRoot) is a prefix of the tree (size, root). */
export function verifyConsistency(
  olderSize: number,
  olderRoot: Hash,
  size: number,
  root: Hash,
  proof: readonly Hash[],
): boolean {
  if (!Number.isSafeInteger(size) || !(olderSize > 0 && olderSize <= size)) return false;
  if (olderSize === size) return proof.length === 0 && sameBytes(olderRoot, root);
  const power = Number.isInteger(Math.log2(olderSize));
  const [first, ...rest] = power ? [olderRoot, ...proof] : proof;
  if (first === undefined) return false;
  let [node, last] = [olderSize - 1, size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [olderHash, hash] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      olderHash = nodeHash(sibling, olderHash);
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameBytes(olderHash, olderRoot) && sameBytes(hash, root);
}

function half(value: number): number {
  return Math.floor(value / 2);
}
