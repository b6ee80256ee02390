/**
 * Reads the audit log as CSV: every record has its JSON in the column AuditData. Refuses a file without that column; where
 * the JSON is cut, as exports and spreadsheets cut it, the columns and what stands before the cut are kept, with a flaw.
 */
import { utf8 } from "../../../base/bytes.ts";
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { type CsvRecord, type Delimiter, recordsOf } from "../csv/grammar.ts";
import { readDateText } from "../time/day-order.ts";
import { decodeText } from "../text/encoding.ts";
import { tooLong, wholeRange } from "../text/line-reading.ts";
import {
  type AuditHeader,
  COLUMNS_MAX,
  auditHeaderOf,
  headerOf,
  isTypeLine,
} from "./audit-header.ts";
import { findCells, putCell } from "./cells.ts";
import { slotOfName } from "./names.ts";
import { RecordRows } from "./rows.ts";
import { passBlanks } from "../json/json-pass.ts";
import { type Scan, clearScan, makeScan, scanObject } from "./scan.ts";
import { type Form, decoded } from "../text/wide-text.ts";
import { type Units, unitsOf } from "./units.ts";

/** Bytes of records that are gathered for one batch: their JSON, and the columns beside it. */
const HELD_BYTES_MAX = 1_048_576;
const OPEN_BRACE = 0x7b;
const CARRIAGE_RETURN = 13;
const CREATION_TIME = slotOfName("CreationTime");
const ID = slotOfName("Id");
const HEAD_UNITS = 65_536;
/** The JSON that rows point into is UTF-8, whatever the file is written in. */
const UTF_8: Form = { unitBytes: 1, isBigEndian: false, markBytes: 0 };

/** One pass over one CSV. */
export class CsvReading {
  /** The byte up to which nothing changes when the text grows: the end of the last record that has ended. */
  safeEnd = 0;
  readonly #source: Source;
  readonly #units: Units;
  readonly #rows: RecordRows;
  readonly #scan: Scan = makeScan();
  readonly #bounds = new Int32Array(COLUMNS_MAX * 2);
  #header: AuditHeader | null = null;
  /** The JSON of the rows that are gathered, one behind the other. */
  #held = new Uint8Array(65_536);
  #heldBytes = 0;
  /** Bytes of the records that the rows come from. */
  #gatheredBytes = 0;

  /** Gives pieces that begin at byte `from` or behind. */
  constructor(source: Source, setting: Setting, from: number) {
    this.#source = source;
    this.#units = unitsOf(source);
    this.#rows = new RecordRows(setting, from);
  }

  *pieces(): Generator<Piece> {
    for (const record of recordsOf(this.#units, wholeRange(this.#units), this.#delimiter())) {
      this.#take(record);
      this.#gatheredBytes += record.bytes?.length ?? 0;
      if (this.#rows.isFull || this.#gatheredBytes > HELD_BYTES_MAX) yield* this.#handOn();
    }
    yield* this.#handOn();
  }

  #delimiter(): Delimiter {
    const head = this.#units.read(0, Math.min(this.#units.byteLength, HEAD_UNITS));
    return auditHeaderOf(head)?.delimiter ?? ",";
  }

  *#handOn(): Generator<Piece> {
    yield* this.#rows.pieces(this.#held, UTF_8);
    this.#heldBytes = 0;
    this.#gatheredBytes = 0;
  }

  #take(record: CsvRecord): void {
    const offset = this.#units.offsetOf(record.offset);
    const bytes = this.#bytesOf(record);
    if (!record.isClosed) {
      const have = `${record.sizeBytes} characters to the end of the file, unread`;
      this.#rows.flaw(offset, "quote", "a closing quote", have);
      return;
    }
    const hasHeader = this.#header !== null;
    if (bytes === null) {
      const { what, need, have } = tooLong(record.sizeBytes);
      this.#rows.flaw(offset, what, need, have);
    } else if (this.#header === null) this.#takeHeader(bytes, offset);
    else this.#row(bytes, this.#header, offset);
    const isEnded = bytes === null || record.sizeBytes > (record.bytes?.length ?? 0);
    if (isEnded) this.safeEnd = this.#units.offsetOf(record.offset + record.sizeBytes);
    else if (!hasHeader) this.#rows.flaw(offset, "header", "a line end", "the end of the file");
  }

  /** UTF-8 of the record; null where it is too long. */
  #bytesOf({ bytes, offset }: CsvRecord): Uint8Array | null {
    const { form, offsetOf } = this.#units;
    if (bytes === null || form.unitBytes === 1) return bytes;
    const raw = this.#source.read(offsetOf(offset), offsetOf(offset + bytes.length));
    return utf8(decoded(raw, form));
  }

  #takeHeader(bytes: Uint8Array, offset: number): void {
    if (isTypeLine(bytes)) return;
    this.#header = headerOf(bytes);
    if (this.#header === null)
      this.#rows.flaw(offset, "header", "AuditData among the columns", "other names");
  }

  #row(bytes: Uint8Array, header: AuditHeader, offset: number): void {
    const count = findCells(bytes, header.delimiter.charCodeAt(0), this.#bounds);
    if (bytes.length === 1 && bytes[0] === CARRIAGE_RETURN) return;
    if (count !== header.names.length) {
      const have = count < 0 ? "text behind a quote, or too many cells" : `${count}`;
      this.#rows.flaw(offset, "columns", `${header.names.length}, as in the header`, have);
      return;
    }
    const start = this.#heldBytes;
    const end = this.#hold(bytes, header.audit);
    const scan = this.#scan;
    const from = passBlanks(this.#held, start, end);
    clearScan(scan, from);
    const isObject = this.#held[from] === OPEN_BRACE;
    if (isObject) scanObject(this.#held, from, end, scan);
    const isWhole = scan.ending === "whole" && passBlanks(this.#held, scan.end, end) === end;
    if (!isWhole)
      this.#rows.flaw(offset, "AuditData", "one JSON object", saidOf(scan, end - start));
    const columns = columnsOf(bytes, header, this.#bounds);
    this.#stamp(columns);
    const [idStart, idEnd] = this.#idOf(bytes, header);
    const jsonEnd = isWhole ? scan.end : scan.valuesEnd;
    const place = { start: from, end: jsonEnd, isCut: isObject && !isWhole, idStart, idEnd };
    const found = { ...place, offset, kind: 0, columns };
    this.#rows.add(this.#held, found, "UnifiedAudit", [from, jsonEnd]);
  }

  /** Writes the text of a cell behind what is held; gives the byte after. */
  #hold(bytes: Uint8Array, column: number): number {
    const start = this.#bounds[column * 2] ?? 0;
    const end = this.#bounds[column * 2 + 1] ?? 0;
    const needed = this.#heldBytes + end - start;
    if (needed > this.#held.length) {
      const grown = new Uint8Array(Math.max(needed, this.#held.length * 2));
      grown.set(this.#held.subarray(0, this.#heldBytes));
      this.#held = grown;
    }
    this.#heldBytes = putCell(bytes, start, end, this.#held, this.#heldBytes);
    return this.#heldBytes;
  }

  /** The record's own id; where it was cut off, what its column says. */
  #idOf(bytes: Uint8Array, { id }: AuditHeader): readonly [start: number, end: number] {
    const start = this.#scan.starts[ID] ?? -1;
    if (start >= 0) return [start, this.#scan.ends[ID] ?? start];
    const from = this.#heldBytes;
    return id < 0 ? [from, from] : [from, this.#hold(bytes, id)];
  }

  /** The service's own time; where it was cut off, what the export says, if that can be read in one way only. */
  #stamp(columns: ReadonlyMap<string, string>): void {
    const { starts, ends } = this.#scan;
    const start = starts[CREATION_TIME] ?? -1;
    const { stamper } = this.#rows;
    if (start >= 0 && stamper.read(this.#held, start, ends[CREATION_TIME] ?? start)) return;
    const iso = onlyReading(columns.get("CreationDate") ?? "");
    const json = utf8(JSON.stringify(iso ?? ""));
    stamper.read(json, 0, json.length);
  }
}

/** What stands in AuditData instead of a whole object. */
function saidOf({ ending }: Scan, sizeBytes: number): string {
  return ending === "cut" ? `cut after ${sizeBytes} bytes` : "no JSON";
}

/** The date as ISO 8601 where only one order of day and month gives a date, or both the same. */
function onlyReading(text: string): string | null {
  const dayFirst = readDateText(text, "day-first");
  const monthFirst = readDateText(text, "month-first");
  if (dayFirst.kind === "read" && monthFirst.kind === "read")
    return dayFirst.iso === monthFirst.iso ? dayFirst.iso : null;
  return dayFirst.kind === "read"
    ? dayFirst.iso
    : monthFirst.kind === "read"
      ? monthFirst.iso
      : null;
}

/** The columns beside AuditData; an empty cell says nothing. */
function columnsOf(
  bytes: Uint8Array,
  { names, audit }: AuditHeader,
  bounds: Int32Array,
): ReadonlyMap<string, string> {
  const columns = new Map<string, string>();
  for (const [column, name] of names.entries()) {
    const start = bounds[column * 2] ?? 0;
    const end = bounds[column * 2 + 1] ?? 0;
    if (column === audit || end === start || columns.has(name)) continue;
    const text = decodeText(bytes.subarray(start, end));
    const cell = text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
    if (cell !== "") columns.set(name, cell);
  }
  return columns;
}
