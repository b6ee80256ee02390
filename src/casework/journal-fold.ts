/**
 * What the acts of a journal come to, kept in memory: each act is opened once, however often it is asked for. Refuses to be a state of its
 * own: entries only come and never change, so that a vault that is opened anew gives the same.
 */
import type { JournalEntry } from "../model/act.ts";
import type { Vault } from "./vault/index.ts";

/**
 * What gives the fold of a vault's whole journal; make it once, in a module. `add` takes an entry in, all of it or, where it throws, nothing;
 * nobody else changes what it is given.
 */
export function foldJournal<T>(
  begin: () => T,
  add: (folded: T, vault: Vault, entry: JournalEntry) => void,
): (vault: Vault) => T {
  const folds = new WeakMap<Vault, { readonly folded: T; length: number }>();
  return (vault) => {
    const fold = folds.get(vault) ?? { folded: begin(), length: 0 };
    folds.set(vault, fold);
    for (const entry of vault.entries().slice(fold.length)) {
      add(fold.folded, vault, entry);
      fold.length++;
    }
    return fold.folded;
  };
}
