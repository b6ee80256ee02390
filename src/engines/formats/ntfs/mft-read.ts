/**
 * Reads $MFT: one row a record that has a name, in use or deleted, dated by when the name came to be. Refuses records
 * whose fix-ups do not fit, and the contents of files. Spec: layout.ts; decisions: docs/formats/ntfs.md.
 */
import { Buffer } from "node:buffer";
import { copyOf } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import { formatTicks, ticksFromFiletime } from "../../../base/time.ts";
import type { FieldValue, Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Range, Reader } from "../format.ts";
import { wholeRange } from "../text/line-reading.ts";
import { skewTicks, ticksUnderSkew } from "../time/moment.ts";
import { type DecodedRow, Rows } from "../rows.ts";
import { Folders, longName } from "./folders.ts";
import {
  BAAD_MAGIC,
  FILE_ATTRIBUTES,
  FILE_MAGIC,
  HEADER_BYTES,
  RECORD_SIZES,
  TOTAL_SIZE,
  bitNames,
} from "./layout.ts";
import { type FileRecord, type FourTimes, applyFixups, readRecord } from "./record.ts";

/** Reads $MFT. About 600 MB/s to rows, 95 MB/s with all of their fields. */
export const mftReader: Reader = {
  read: (source, setting, range = wholeRange(source)) => readMft(source, setting, range),
  ranges: recordRanges,
  // Every time is a FILETIME in UTC.
  assumptions: (_, setting) => assumptionsOfSetting({ ...setting, zone: null }, false),
};

const CHANNEL = "$MFT";
const WINDOW_BYTES = 1_048_576;
const [SMALLEST] = RECORD_SIZES;

/** The size that the first record tells; of nothing else, the usual one. */
export function recordBytesOf(source: Source): number {
  const usual = SMALLEST ?? 1_024;
  if (source.byteLength < HEADER_BYTES) return usual;
  const head = source.read(0, HEADER_BYTES);
  const told = new DataView(head.buffer, head.byteOffset, head.length).getUint32(TOTAL_SIZE, true);
  return RECORD_SIZES.includes(told) ? told : usual;
}

/** Whole records. A table that has grown is read anew: folders may have come behind what lies in them. */
function* recordRanges(source: Source, rangeBytes: number, after: Range | null): Generator<Range> {
  const size = source.byteLength;
  if (after !== null && after.end >= size) return;
  const recordBytes = recordBytesOf(source);
  const step = Math.max(1, Math.floor(rangeBytes / recordBytes)) * recordBytes;
  for (let start = 0; start === 0 || start < size; start += step)
    yield { start, end: Math.min(start + step, size), line: 0, header: "" };
}

function* readMft(source: Source, setting: Setting, range: Range): Generator<Piece> {
  const rows = new Rows("mft", setting.place);
  const recordBytes = recordBytesOf(source);
  const folders = new Folders(source, recordBytes);
  for (let start = range.start; start < range.end; start += WINDOW_BYTES) {
    const until = Math.min(start + WINDOW_BYTES, range.end);
    // A copy: fix-ups are put into it, and fields are read out of it after folders were looked up.
    const window = Buffer.from(copyOf(source.read(start, until)).buffer);
    for (let at = 0; at < window.length; at += recordBytes) {
      const bytes = window.subarray(at, at + recordBytes);
      const row = rowAt(bytes, start + at, recordBytes, rows);
      if (row !== null)
        rows.add(new MftRow(row, start + at, recordBytes, setting, folders), recordBytes);
    }
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

/** The record in these bytes, where there is one with a name. What is wrong with it goes to `rows`. */
function rowAt(bytes: Buffer, offset: number, recordBytes: number, rows: Rows): FileRecord | null {
  if (bytes.length < recordBytes) {
    if (!isZero(bytes))
      rows.flaw(offset, {
        what: "FILE record",
        need: `${recordBytes} bytes`,
        have: `${bytes.length} bytes`,
      });
    return null;
  }
  const magic = bytes.readUInt32LE(0);
  if (magic !== FILE_MAGIC) {
    // Room that was never used is zeros.
    if (magic === BAAD_MAGIC)
      rows.flaw(offset, { what: "FILE record", need: "FILE", have: "BAAD" });
    else if (!isZero(bytes))
      rows.flaw(offset, { what: "FILE record", need: "FILE", have: "other bytes" });
    return null;
  }
  const torn = applyFixups(bytes);
  if (torn !== null) {
    rows.flaw(offset, torn);
    return null;
  }
  const { record, trouble } = readRecord(bytes);
  if (trouble !== null) rows.flaw(offset, trouble);
  return record.names.length > 0 ? record : null;
}

const ZEROS = new Uint8Array(4_096);

function isZero(bytes: Buffer): boolean {
  return bytes.compare(ZEROS, 0, bytes.length) === 0;
}

/** A row whose fields are made when asked for: paths cost a look-up, eight times cost their printing. */
class MftRow implements DecodedRow {
  readonly offset: number;
  readonly record: string;
  readonly ticks: bigint;
  readonly digits = 7;
  readonly zoneAssumed = null;
  readonly host: string;
  readonly channel = CHANNEL;
  readonly eventId = -1;
  readonly provider = "";
  readonly #entry: number;
  readonly #file: FileRecord;
  readonly #folders: Folders;

  constructor(
    file: FileRecord,
    offset: number,
    recordBytes: number,
    setting: Setting,
    folders: Folders,
  ) {
    this.offset = offset;
    this.#entry = file.entry ?? offset / recordBytes;
    this.record = String(this.#entry);
    this.#file = file;
    this.#folders = folders;
    this.host = setting.host ?? "";
    this.ticks = ticksUnderSkew(longName(file)?.times[0] ?? 0n, skewTicks(setting));
  }

  get fields(): ReadonlyMap<string, FieldValue> {
    return fieldsOf(this.#file, this.#entry, this.#folders);
  }

  /** The name alone is asked of every row by whoever looks for files. */
  peek(name: string): FieldValue | undefined {
    return name === "FileName" ? longName(this.#file)?.name : undefined;
  }
}

/** Under the names of MFTECmd where it has one: responders know them. */
function fieldsOf(
  file: FileRecord,
  entry: number,
  folders: Folders,
): ReadonlyMap<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  const name = longName(file);
  if (name === null) return fields;
  const { path, orphan } = folders.pathOf(name);
  fields.set("Path", path);
  fields.set("FileName", name.name);
  if (orphan !== "") fields.set("Orphan", orphan);
  fields.set("InUse", file.isInUse);
  fields.set("IsDirectory", file.isDirectory);
  if (file.sizeBytes !== null && !file.isDirectory) {
    fields.set("FileSize", integerOf(file.sizeBytes));
    fields.set("Resident", file.isResident);
  }
  if (file.streams.length > 0) fields.set("AlternateStreams", file.streams);
  putTimes(fields, "0x10", file.standard?.times ?? null);
  putTimes(fields, "0x30", name.times);
  const earlier = earlierOf(file.standard?.times[0] ?? 0n, name.times[0]);
  if (earlier !== null) fields.set("EarlierCreation", earlier);
  if (file.standard !== null) {
    fields.set("SiFlags", bitNames(file.standard.flags, FILE_ATTRIBUTES));
    if (file.standard.usn !== 0n)
      fields.set("UpdateSequenceNumber", integerOf(Number(file.standard.usn)));
  }
  fields.set("EntryNumber", entry);
  fields.set("SequenceNumber", file.sequence);
  fields.set("ParentEntryNumber", name.parent.entry);
  fields.set("ParentSequenceNumber", name.parent.sequence);
  fields.set("ReferenceCount", file.linkCount);
  const others = file.names.filter((other) => other !== name);
  if (others.length > 0)
    fields.set(
      "OtherNames",
      others.map((other) => folders.pathOf(other).path),
    );
  if (file.base.entry !== 0) fields.set("BaseEntryNumber", file.base.entry);
  if (file.hasAttributeList) fields.set("HasAttributeList", true);
  return fields;
}

const TIMES = ["Created", "LastModified", "LastRecordChange", "LastAccess"] as const;

function putTimes(fields: Map<string, FieldValue>, kind: string, times: FourTimes | null): void {
  for (const [index, label] of TIMES.entries()) {
    const filetime = times?.[index] ?? 0n;
    const ticks = filetime === 0n ? null : ticksFromFiletime(filetime);
    if (ticks !== null) fields.set(`${label}${kind}`, formatTicks(ticks));
  }
}

/** Which creation is the earlier one. A fact, and no verdict: copying, unpacking and restoring do it too. */
function earlierOf(standard: bigint, name: bigint): "0x10" | "0x30" | null {
  if (standard === 0n || name === 0n || standard === name) return null;
  return standard < name ? "0x10" : "0x30";
}

function integerOf(value: number): FieldValue {
  return Number.isSafeInteger(value) ? value : String(value);
}
