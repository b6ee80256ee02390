/** A vault for the length of one piece of work: opened or made, owned, closed whatever happens. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../base/fault.ts";
import { fileFault } from "../engines/journal/index.ts";
import { type Vault, type VaultSettings, createVault, openVault } from "./vault/index.ts";

/**
 * Opens the vault, or with `createBy` makes one where the folder does not exist or is empty; closes it after the work.
 * Faults: not-found, vault-in-use, key-missing, key-wrong, vault-damaged, not-writable.
 */
export async function withVault<T>(
  folder: string,
  settings: VaultSettings,
  mode: Mode,
  work: (vault: Vault) => Promise<T>,
): Promise<T> {
  const vault = vaultAt(folder, settings, mode);
  for (const line of vault.cleaned) settings.notice?.(line);
  try {
    return await work(vault);
  } finally {
    vault.close();
  }
}

/** Open an existing vault, or make one by that person where there is none. */
export type Mode = "open" | { readonly createBy: string };

function vaultAt(folder: string, settings: VaultSettings, mode: Mode): Vault {
  if (existsSync(join(folder, "vault.json"))) return openVault(folder, settings);
  if (mode !== "open" && isEmpty(folder)) return createVault(folder, mode.createBy, settings);
  throw new Fault(
    "not-found",
    `${folder} is no vault`,
    mode !== "open"
      ? "name a folder that does not exist yet, or an existing vault"
      : "breakwater investigate PATH... --vault DIR makes one",
  );
}

function isEmpty(folder: string): boolean {
  try {
    return !existsSync(folder) || readdirSync(folder).length === 0;
  } catch (error) {
    throw fileFault(error, folder);
  }
}
