/** The door of the vault: create, open, seal, act, verify. */
export type {
  Act,
  KeyChoice,
  Progress,
  Sealed,
  Trouble,
  VaultSettings,
  VerifyReport,
  VerifySettings,
} from "./terms.ts";
export type { VaultFiles } from "./files.ts";
export { configFolderOf } from "./keys.ts";
export { vaultIdOf } from "./manifest.ts";
export { createVault, openVault } from "./opening.ts";
export { Vault } from "./vault.ts";
export { verifyVault } from "./verify.ts";
