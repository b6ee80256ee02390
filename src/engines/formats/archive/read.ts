/** The archives that this house opens by itself. Refuses 7z, which casework gives to a supervised child. */
import type { Source } from "../../../base/source.ts";
import { unreachable } from "../../../base/assert.ts";
import { ByteStream } from "./byte-stream.ts";
import { readGzip } from "./gzip.ts";
import { type Found, type Opening, piecesOf } from "./member.ts";
import { readTar } from "./tar.ts";
import { readZip } from "./zip.ts";

/** Members and troubles of an archive in its own order. Faults of the source only. */
export async function* readArchive(
  id: "zip" | "tar" | "gzip",
  source: Source,
  opening: Opening,
): AsyncGenerator<Found> {
  switch (id) {
    case "zip":
      return yield* readZip(source, opening);
    case "gzip":
      return yield* readGzip(source, opening);
    case "tar":
      return yield* readTar(
        new ByteStream(plainPieces(source, opening)),
        source.byteLength,
        opening,
      );
    default:
      return unreachable(id);
  }
}

async function* plainPieces(source: Source, opening: Opening): AsyncGenerator<Uint8Array> {
  for (const piece of piecesOf(source, 0, source.byteLength)) {
    yield piece;
    await opening.breathe();
  }
}
