/** The door of the vault: create, open, seal, act, verify. */
export { clockBehind } from "./act-times.ts";
export type {
  Act,
  DestroyedObject,
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
export { isOwned } from "./lock.ts";
export { destroyedObjects } from "./destruction.ts";
export { vaultIdOf } from "./manifest.ts";
export { createVault, isHalfMade, openVault } from "./opening.ts";
export type { Segment } from "./segment.ts";
export { SEGMENT_CLOSED, SEGMENT_OPENED } from "./segment-acts.ts";
export type { SegmentClosed, SegmentOpened } from "./segment-acts.ts";
export { type ObjectAccess, openObjectWith } from "./object-access.ts";
export { Vault, damagedFault } from "./vault.ts";
export { verifyVault } from "./verify.ts";
