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
export {
  CHUNK_BYTES,
  HEADER_BYTES,
  ID_BYTES,
  WRAPPED_AT,
  isKeyDropped,
  readHeader,
} from "./layout.ts";
export type { Damage } from "./damage.ts";
export { FRAME_BYTES_MAX } from "./frames.ts";
export { inspectSealed, openSealed } from "./opener.ts";
export type { Inspection } from "./opener.ts";
export { createSealer, Sealer } from "./sealer.ts";
export type { SealedEnd, SealerSettings } from "./sealer.ts";
export { inspectSegment, openOpenSegment } from "./segment-opener.ts";
export type { SegmentInspection } from "./segment-opener.ts";
export { SegmentSealer } from "./segment-sealer.ts";
