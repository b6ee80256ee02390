/**
 * The event store of a vault, open for the length of one question. Refuses to leave a person with a store that says "rebuild me"
 * and is then taken for sound again: what cannot be unpacked is removed, so that the next reading makes it anew.
 */
import { join } from "node:path";
import { Fault } from "../base/fault.ts";
import { type Store, openStore, removeUnreadable } from "../engines/store/index.ts";
import type { Vault } from "./vault/index.ts";

/** What the event store may take of the machine, wherever it is asked (decisions 28). */
const SETTINGS = { memoryMegabytes: 300, threads: 2 };

/** The folder of the event store inside a vault. */
export function storeFolder(vault: Vault): string {
  return join(vault.derivedFolder, "events");
}

/** The last question to each vault: they are put one after another, since each takes the memory of a whole DuckDB. */
const queues = new WeakMap<Vault, Promise<unknown>>();

/** Puts questions to the store of a vault, in their turn. Faults: vault-damaged, not-readable, and those of the questions. */
export function withStore<T>(vault: Vault, ask: (store: Store) => Promise<T>): Promise<T> {
  const before = queues.get(vault) ?? Promise.resolve();
  const asked = before.then(() => askStore(vault, ask));
  queues.set(
    vault,
    asked.catch(() => undefined),
  );
  return asked;
}

async function askStore<T>(vault: Vault, ask: (store: Store) => Promise<T>): Promise<T> {
  const folder = storeFolder(vault);
  const store = await openStore(folder, SETTINGS);
  let failure: unknown = null;
  try {
    return await ask(store);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    store.close();
    if (failure instanceof Fault && failure.code === "vault-damaged")
      await removeUnreadable(folder, SETTINGS);
  }
}
