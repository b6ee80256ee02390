/**
 * One reading of a table: its records in file order as columns, whatever they are written in, and what could not be read.
 * Refuses records beyond the limits, with another number of cells than the header, and elements that are no object.
 */
import type { Range } from "../format.ts";
import { COLUMNS_MAX, type CsvRecord, cellsOf, recordsOf } from "../csv/grammar.ts";
import { decodeText } from "../text/encoding.ts";
import { type NotRead, parseJson } from "../json/json-value.ts";
import { LINE_BYTES_MAX, type Line, linesOf, tooLong } from "../text/line-reading.ts";
import { type Columns, columnsOf } from "./columns.ts";
import { type ListEnd, elementsOf } from "./json-elements.ts";
import type { CsvLayout, ElementsLayout, Layout } from "./layout.ts";
import type { TextView } from "./text-view.ts";

/** A record, or why there is none. */
export interface TableRecord {
  /** Byte of the source at which it starts. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** The line on which it starts, or the number of the element; from 1. */
  readonly record: string;
  readonly columns: Columns | Omit<NotRead, "kind">;
}

/** Whether a record was refused. */
export function isRefused(columns: TableRecord["columns"]): columns is Omit<NotRead, "kind"> {
  return "what" in columns;
}

/** The records that begin in the range, which counts in units of the view. */
export function tableRecords(view: TextView, layout: Layout, range: Range): Generator<TableRecord> {
  switch (layout.kind) {
    case "csv":
      return csvRecords(view, layout, range);
    case "lines":
      return lineRecords(view, range);
    case "elements":
      return elementRecords(view, layout);
  }
}

/** A record where a line or a CSV record stands. */
export function recordAt(
  view: TextView,
  { offset, sizeBytes, number }: Omit<Line, "bytes">,
  columns: TableRecord["columns"],
): TableRecord {
  return {
    offset: view.offsetOf(offset),
    sizeBytes: view.offsetOf(sizeBytes),
    record: String(number),
    columns,
  };
}

function* csvRecords(view: TextView, layout: CsvLayout, range: Range): Generator<TableRecord> {
  for (const record of recordsOf(view.units, range, layout.delimiter)) {
    const read = csvRecord(view, layout, record);
    if (read !== null) yield read;
  }
}

/** What a record of CSV says; null of a blank one, and of what stands before the rows. */
export function csvRecord(
  view: TextView,
  layout: CsvLayout,
  record: CsvRecord,
): TableRecord | null {
  const { bytes, offset } = record;
  if (offset < layout.header) return null;
  if (bytes === null || !record.isClosed)
    return recordAt(view, record, unclosedOrLong(view.offsetOf(record.sizeBytes), record));
  if (offset > layout.header) {
    const cells = cellsOf(view.bytesOf(bytes, offset), layout.delimiter);
    const isBlank = cells?.length === 1 && cells[0]?.trim() === "";
    return isBlank ? null : recordAt(view, record, csvColumns(layout.names, cells));
  }
  if (record.sizeBytes > bytes.length) return null;
  const have = "the end of the file";
  return recordAt(view, record, { what: "header", need: "a line end", have });
}

function unclosedOrLong(sizeBytes: number, { isClosed }: CsvRecord): Omit<NotRead, "kind"> {
  if (isClosed) return tooLong(sizeBytes);
  const have = `${sizeBytes} bytes to the end of the file, unread`;
  return { what: "quote", need: "a closing quote", have };
}

function csvColumns(
  names: readonly string[],
  cells: readonly string[] | null,
): TableRecord["columns"] {
  if (cells === null)
    return { what: "quote", need: "a delimiter behind a closing quote", have: "text" };
  if (cells.length === names.length) return { names, values: cells };
  const have = cells.length > COLUMNS_MAX ? `more than ${COLUMNS_MAX}` : `${cells.length}`;
  return { what: "columns", need: `${names.length}, as in the header`, have };
}

function* lineRecords(view: TextView, range: Range): Generator<TableRecord> {
  for (const line of linesOf(view.units, range)) {
    const { bytes, offset, sizeBytes } = line;
    if (bytes === null) yield recordAt(view, line, tooLong(view.offsetOf(sizeBytes)));
    else if (!isBlank(bytes))
      yield recordAt(view, line, jsonColumns(decodeText(view.bytesOf(bytes, offset))));
  }
}

function* elementRecords(view: TextView, { wrap }: ElementsLayout): Generator<TableRecord> {
  const elements = elementsOf(view.units, wrap);
  for (let step = elements.next(); ; step = elements.next()) {
    if (step.done === true) {
      const end = listEnd(view, step.value);
      if (end !== null) yield end;
      return;
    }
    const { start, end, number } = step.value;
    const sizeBytes = end - start;
    const isLong = sizeBytes > LINE_BYTES_MAX;
    const columns = isLong
      ? tooLong(view.offsetOf(sizeBytes))
      : jsonColumns(view.textOf(start, end));
    yield recordAt(view, { offset: start, sizeBytes, number }, columns);
  }
}

/** What a row in JSON says; null of a blank one. */
export function jsonRecord(
  view: TextView,
  bytes: Uint8Array,
  at: Omit<Line, "bytes">,
): TableRecord | null {
  return isBlank(bytes) ? null : recordAt(view, at, jsonColumns(decodeText(bytes)));
}

/** What is wrong with the end of a list; null where nothing is. */
export function listEnd(view: TextView, { kind, at }: ListEnd): TableRecord | null {
  if (kind === "closed") return null;
  const have = kind === "cut" ? "the end of the file" : "more text";
  const need = kind === "cut" ? "a closing bracket" : "the end of the file";
  const columns = { what: "JSON", need, have };
  return { offset: view.offsetOf(at), sizeBytes: 0, record: "", columns };
}

/** The columns of a row by its JSON, or why there are none. */
export function jsonColumns(text: string): TableRecord["columns"] {
  const parsed = parseJson(text.trim());
  if (parsed.kind === "not") return parsed;
  const need = `an object of at most ${COLUMNS_MAX} names`;
  return columnsOf(parsed.value) ?? { what: "row", need, have: "another value" };
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte <= 0x20);
}
