/**
 * Seals an object that grows: one frame a commit, an empty one at its end, both hashes kept as it goes.
 * Refuses to touch files, and to seal after its end. Specified in docs/formats/sealed-object.md (version 2).
 */
import { createHash } from "node:crypto";
import { assert } from "../../base/assert.ts";
import { concatBytes, toHex } from "../../base/bytes.ts";
import { sealFrame } from "./frames.ts";
import { KEY_BYTES, TAG_BYTES, contentMac, wrapKey } from "./keys.ts";
import { ID_BYTES, headerStart } from "./layout.ts";
import type { SealedEnd, SealerSettings } from "./sealer.ts";

/** Seals one growing object: write the header, then every frame in the order in which seal() gave them. */
export class SegmentSealer {
  /** The first bytes of the object. */
  readonly header: Uint8Array;
  readonly #settings: SealerSettings;
  readonly #plainHash = createHash("sha256");
  readonly #sealedHash = createHash("sha256");
  #previousTag: Uint8Array;
  #frames = 0;
  #plaintextBytes = 0;
  #sealedBytes: number;
  #finished = false;

  /** Never the same object key twice: nonces are counted under it. */
  constructor(settings: SealerSettings) {
    const { objectId, objectKey, wrapNonce, keys } = settings;
    assert(objectId.length === ID_BYTES && objectKey.length === KEY_BYTES, "sizes of id and key");
    this.#settings = settings;
    const start = headerStart(objectId, 2);
    this.header = concatBytes([start, wrapKey(keys.wrap, objectKey, wrapNonce, start)]);
    this.#previousTag = this.header.subarray(-TAG_BYTES);
    this.#sealedHash.update(this.header);
    this.#sealedBytes = this.header.length;
  }

  /** The next frame, of 1 to FRAME_BYTES_MAX bytes of plaintext. It must be written before any other, or the object ends here. */
  seal(plaintext: Uint8Array): Uint8Array {
    assert(!this.#finished && plaintext.length > 0, "a frame holds something, before the end");
    return this.#seal(plaintext);
  }

  /** The empty frame that closes the object, and how the journal will know it. */
  finish(): SealedEnd {
    assert(!this.#finished, "finish once");
    this.#finished = true;
    const tail = this.#seal(new Uint8Array(0));
    const plaintextSha256 = this.#plainHash.digest();
    const reference = {
      object: toHex(this.#settings.objectId),
      sizeBytes: this.#sealedBytes,
      sha256: this.#sealedHash.digest("hex"),
      hmac: contentMac(this.#settings.keys, plaintextSha256),
    };
    const sha256 = toHex(plaintextSha256);
    return { tail, reference, sha256, sizeBytes: this.#plaintextBytes };
  }

  #seal(plaintext: Uint8Array): Uint8Array {
    const { objectKey } = this.#settings;
    const frame = sealFrame(objectKey, this.#frames, this.#previousTag, plaintext);
    this.#previousTag = frame.slice(-TAG_BYTES);
    this.#frames++;
    this.#plainHash.update(plaintext);
    this.#sealedHash.update(frame);
    this.#plaintextBytes += plaintext.length;
    this.#sealedBytes += frame.length;
    return frame;
  }
}
