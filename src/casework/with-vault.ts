/** A vault for the length of one piece of work: opened or made, owned, closed whatever happens; or one lent. */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../base/fault.ts";
import { fileFault } from "../engines/journal/index.ts";
import { finishRemoval } from "./remove-derived.ts";
import {
  type Vault,
  type VaultSettings,
  clockBehind,
  createVault,
  openVault,
  isHalfMade,
  isOwned,
} from "./vault/index.ts";

/** A vault that this process owns already, and how a piece of work gets its turn in it. */
export interface LentVault {
  readonly vault: Vault;
  turn<T>(work: () => Promise<T>): Promise<T>;
}

/** How a door gets at a vault: with its key, or by borrowing it from the process's own work. */
export interface VaultAccess extends VaultSettings {
  readonly lent?: LentVault | null;
}

/**
 * Opens the vault, or with `createBy` makes one where the folder does not exist or is empty; closes it after the work.
 * Where that vault is lent, borrows it instead, and leaves it open.
 * Faults: not-found, vault-in-use, key-missing, key-wrong, vault-damaged, not-writable.
 */
export async function withVault<T>(
  folder: string,
  settings: VaultAccess,
  mode: Mode,
  work: (vault: Vault) => Promise<T>,
): Promise<T> {
  const { lent } = settings;
  if (lent && isSameFolder(lent.vault.folder, folder)) {
    return await lent.turn(() => work(lent.vault));
  }
  const vault = vaultAt(folder, settings, mode);
  try {
    const behind = clockBehind(vault.entries(), settings.clock());
    const told = behind === null ? [] : [behind];
    for (const line of [...vault.cleaned, ...finishRemoval(vault), ...told])
      settings.notice?.(line);
    return await work(vault);
  } finally {
    vault.close();
  }
}

/** Open an existing vault, or make one by that person where there is none. */
export type Mode = "open" | { readonly createBy: string };

function vaultAt(folder: string, settings: VaultSettings, mode: Mode): Vault {
  const isThere = (): boolean => existsSync(join(folder, "vault.json"));
  if (isThere()) return openVault(folder, settings);
  if (mode !== "open") {
    if (isEmpty(folder)) return createVault(folder, mode.createBy, settings);
    // Whoever was making it a moment ago is done, or is at it still.
    if (isThere()) return openVault(folder, settings);
    if (isOwned(join(folder, "run")))
      throw new Fault(
        "vault-in-use",
        "another process owns this vault and is making it at this moment",
        "wait for it to end, and try again",
      );
  }
  throw new Fault(
    "not-found",
    `${folder} is no vault`,
    mode !== "open"
      ? "name a folder that does not exist yet, or an existing vault"
      : "breakwater investigate PATH... --vault DIR makes one",
  );
}

function isSameFolder(left: string, right: string): boolean {
  return existsSync(right) && realpathSync(left) === realpathSync(right);
}

function isEmpty(folder: string): boolean {
  try {
    return !existsSync(folder) || readdirSync(folder).length === 0 || isHalfMade(folder);
  } catch (error) {
    throw fileFault(error, folder);
  }
}
