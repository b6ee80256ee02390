/** When files of evidence were last changed where they lay. Refuses to guess: of a member nobody knows. */
import type { EvidenceAccount } from "../model/dossier.ts";
import type { EventReference } from "../model/event.ts";
import type { Evidence, Place } from "../model/evidence.ts";

/** When a whole evidence was last changed where it lay; null for a member, and where nobody knows. */
export function lastChanges(evidence: readonly Evidence[]): (place: Place) => bigint | null {
  const changes = new Map(evidence.map(({ hash, modifiedAt }) => [hash, modifiedAt]));
  return ({ evidence: hash, member }) => (member === "" ? (changes.get(hash) ?? null) : null);
}

/** When the file of a record was last changed where it lay, as far as the accounts tell. */
export function changesOf(
  accounts: readonly EvidenceAccount[],
): (reference: EventReference) => bigint | null {
  const changes = new Map(
    accounts.map(({ evidence }) => [`${evidence.hash} ${evidence.file}`, evidence.modifiedAt]),
  );
  return ({ evidence, file }) => changes.get(`${evidence} ${file}`) ?? null;
}
