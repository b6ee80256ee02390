/**
 * Deflated bytes to plain ones, as a stream through node:zlib. Specification: RFC 1951.
 * Refuses to judge: where the stream ends and why is told, whether that is right is for the container to say.
 */
import { createInflateRaw } from "node:zlib";
import { Fault } from "../../../base/fault.ts";
import { copyOf } from "../../../base/bytes.ts";

/** How a deflated stream ended; filled in when the last piece was given. */
export interface Inflated {
  /** Packed bytes that belong to the stream. */
  packedBytes: number;
  /** Null where the stream ended as it should; otherwise zlib's words. */
  damage: string | null;
}

const OUT_BYTES = 1 << 17;

/**
 * Plain bytes of one deflated stream, which may end before `packed` does. After damage everything is given that was
 * whole up to the last 128 KiB. Measured: about 330 MB/s of plain bytes with hashing and writing, on IIS logs.
 */
export async function* inflate(
  packed: Iterable<Uint8Array>,
  ended: Inflated,
): AsyncGenerator<Uint8Array> {
  const engine = createInflateRaw({ chunkSize: OUT_BYTES });
  const feed = async () => {
    for (const piece of packed) {
      if (engine.destroyed || engine.readableEnded) return;
      // A copy: zlib works beside this thread, and the piece is the source's to use again.
      const own = copyOf(piece);
      await new Promise<void>((resolve) => engine.write(own, () => resolve()));
    }
    engine.end();
  };
  feed().catch((error: unknown) => engine.destroy(error instanceof Error ? error : undefined));
  try {
    yield* engine;
  } catch (error) {
    if (error instanceof Fault || !isOfZlib(error)) throw error;
    ended.damage = error.message;
  } finally {
    ended.packedBytes = engine.bytesWritten;
    engine.destroy();
  }
}

function isOfZlib(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
