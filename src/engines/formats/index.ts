/** The door of the formats: who they are, how to tell them, and the writers that make sample evidence. */
export { makeFormats, type Formats } from "./registry.ts";
export { unlistedOf } from "./unlisted.ts";
export { cellsOf } from "./csv/grammar.ts";
export { parseTables, type Table } from "./table/table.ts";
export { parseClaims } from "./claims/read.ts";
export { toVulnerabilityId } from "./catalogue/vulnerability-id.ts";
export {
  CATALOGUE_BYTES_MAX,
  type CatalogueFile,
  type CatalogueForm,
  readCatalogue,
} from "./catalogue/read.ts";
export { HEAD_BYTES, headOf, type Card, type Range, type Reader } from "./format.ts";
export { writeExchange, exchangeHeader, type ExchangeRow } from "./exchange/write.ts";
export { type FieldOf, type LogId } from "./exchange/logs.ts";
export { writeRpsCat } from "./rps-cat.ts";
export { writeExchangeSetup, type SetupLine } from "./exchange-setup/write.ts";
export { writeIis, type IisLine } from "./iis/write.ts";
export { writeEvtx, type WrittenEvent } from "./evtx/write.ts";
export { writeHive, type WrittenKey } from "./registry-hive/write.ts";
export {
  writeMft,
  writeUsnJournal,
  type WrittenChange,
  type WrittenFile,
} from "./ntfs/write.ts";
export { writeTaskList, writeTasks, type WrittenTask } from "./task/write.ts";
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
