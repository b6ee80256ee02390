/** The door of sealed objects: bytes in, sealed bytes out, and back. Format: docs/formats/sealed-object.md. */
export {
  KEY_BYTES,
  NONCE_BYTES,
  actorId,
  contentMac,
  deriveKeys,
  unwrapKey,
  wrapKey,
} from "./keys.ts";
export type { VaultKeys } from "./keys.ts";
export { CHUNK_BYTES, HEADER_BYTES, ID_BYTES, readHeader } from "./layout.ts";
export { inspectSealed, openSealed } from "./opener.ts";
export type { Damage, Inspection } from "./opener.ts";
export { createSealer, Sealer } from "./sealer.ts";
export type { SealedEnd, SealerSettings } from "./sealer.ts";
