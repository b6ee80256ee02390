/**
 * Which container a file is, by its first bytes. Refuses documents that are built on zip (docx, odt, jar): they are for
 * readers of their own, and a name never decides.
 */
import type { ContainerId } from "../../../model/evidence.ts";
import { BLOCK_BYTES, readTarHeader } from "./tar-header.ts";

const SEVEN_ZIP = "377abcaf271c";
/** Local header, empty archive, and the marks of an archive that was to be split and was not. */
const ZIPS = ["504b0304", "504b0506", "504b0708504b0304", "504b3030504b0304"];
const GZIP = "1f8b08";
/** First member of what is a document, or of a disk image that happens to be a zip. */
const BUILT_ON_ZIP =
  /^(\[Content_Types\]\.xml|_rels\/|mimetype|META-INF\/|docProps\/|container\.description)/;
const NAME_AT = 30;
const NAME_CHARS = 64;

/** The container whose first bytes (512 are enough) these are; null where it is none that is opened. */
export function recogniseContainer(head: Uint8Array): ContainerId | null {
  const start = Buffer.from(head.subarray(0, 8)).toString("hex");
  if (start.startsWith(SEVEN_ZIP)) return "7z";
  if (start.startsWith(GZIP)) return "gzip";
  if (ZIPS.some((mark) => start.startsWith(mark))) {
    const name = Buffer.from(head.subarray(NAME_AT, NAME_AT + NAME_CHARS)).toString("latin1");
    return BUILT_ON_ZIP.test(name) ? null : "zip";
  }
  return readTarHeader(head.subarray(0, BLOCK_BYTES)) === null ? null : "tar";
}
