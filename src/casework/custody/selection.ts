/**
 * Which evidence a person means: by hash, by the beginning of one, or by the name under which it was handed in.
 * Refuses to guess: what fits several is told with the hashes to choose from.
 */
import { Fault } from "../../base/fault.ts";
import type { Custody } from "./account.ts";

const HASH_BEGINNING = /^[0-9a-f]{8,64}$/i;
const SHOWN_MAX = 5;

/** All evidence that a word names; never none. Faults: not-found, usage where a short hash fits several. */
export function evidenceNamed(all: readonly Custody[], word: string): readonly Custody[] {
  const begin = word.toLowerCase();
  const byHash = HASH_BEGINNING.test(word)
    ? all.filter(({ evidence }) => evidence.hash.startsWith(begin))
    : [];
  if (new Set(byHash.map(({ evidence }) => evidence.hash)).size > 1)
    throw ambiguous(word, byHash, "give more digits");
  const found = byHash.length > 0 ? byHash : all.filter(({ evidence }) => evidence.file === word);
  if (found.length > 0) return presentFirst(found);
  const container = word.includes("!/") ? word.slice(0, word.indexOf("!/")) : null;
  throw new Fault(
    "not-found",
    `${word} is no evidence of this vault`,
    container === null
      ? "breakwater evidence list --vault DIR shows what is there"
      : `a member goes with its container: name ${container}`,
  );
}

/** The one evidence that a word names. Faults: not-found, and usage where it names several. */
export function oneEvidence(all: readonly Custody[], word: string): Custody {
  const found = evidenceNamed(all, word);
  const [first] = found;
  if (first === undefined || found.length > 1) throw ambiguous(word, found, "name it by its hash");
  return first;
}

/** The same bytes may have been destroyed and handed in again: then the word means those that are there. */
function presentFirst(found: readonly Custody[]): readonly Custody[] {
  const present = found.filter(({ evidence }) => evidence.holding.kind !== "destroyed");
  return present.length > 0 ? present : found.slice(-1);
}

function ambiguous(word: string, found: readonly Custody[], hint: string): Fault {
  const hashes = [...new Set(found.map(({ evidence }) => evidence.hash))];
  const more = hashes.length > SHOWN_MAX ? " …" : "";
  return new Fault(
    "usage",
    `${word} is ${found.length} evidence: ${hashes.slice(0, SHOWN_MAX).join(", ")}${more}`,
    hint,
  );
}
