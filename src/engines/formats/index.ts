/** The door of the formats: who they are, how to tell them, and the writers that make sample evidence. */
export { makeFormats, type Formats } from "./registry.ts";
export { parseTables, type Table } from "./table/table.ts";
export { HEAD_BYTES, headOf, type Card, type Range, type Reader } from "./format.ts";
export { writeIis, type IisLine } from "./iis/write.ts";
export { writeEvtx, type WrittenEvent } from "./evtx/write.ts";
export { recogniseContainer } from "./archive/recognise.ts";
export { type DiskImage, recogniseDiskImage } from "./archive/disk-image.ts";
export { readArchive } from "./archive/read.ts";
export {
  ENCRYPTED,
  type Found,
  isBytes,
  type Member,
  type Opening,
  trouble,
  type Trouble,
} from "./archive/member.ts";
export { cleanName } from "./archive/names.ts";
