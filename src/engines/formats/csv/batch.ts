/**
 * Rows of a CSV log, decoded when asked for: a cell is a string only while somebody looks at it. An empty cell is a
 * missing field; of what a format knows beyond the cells (host, channel, fields that several cells say together) it asks
 * the format. Spec: RFC 4180.
 */
import { Buffer, isAscii } from "node:buffer";
import type { JsonBytes } from "../../../base/json-bytes.ts";
import type { Batch, FieldValue, Span } from "../../../model/event.ts";
import type { FormatId, Place } from "../../../model/evidence.ts";
import { wholeNumber } from "../text/byte-number.ts";
import { decodeText } from "../text/encoding.ts";
import { withoutTrailingBlanks } from "../json/json-value.ts";
import type { Columns } from "./columns.ts";
import { closeRow, openRow, putCells, unquoted } from "./print.ts";
import type { RowStarts } from "./scan.ts";

const QUOTE = 34;

/** The cells of a batch's rows, as bytes and as text. */
export interface Cells {
  readonly columns: Columns;
  readonly bytes: Uint8Array;
  /** Where a cell's bytes begin and end, its quotes included; equal where it is empty. */
  start(row: number, column: number): number;
  end(row: number, column: number): number;
  /** Without its quotes; undefined where it is empty, and for column -1. */
  text(row: number, column: number): string | undefined;
  /** As the column's field. */
  value(row: number, column: number): FieldValue | undefined;
  /** The text, for a column that says the same in row after row: the same string then. One such column a batch. */
  repeated(row: number, column: number): string | undefined;
}

/** What a format knows of a row beyond its cells. */
export interface Beyond {
  host(cells: Cells, row: number): string;
  channel(cells: Cells, row: number): string;
  /** Fields beside the columns, in the order in which they are listed; a column of that name comes first. */
  readonly names: readonly string[];
  field(cells: Cells, row: number, name: string): FieldValue | undefined;
  /** The same fields as they stand in the row's JSON, each behind a comma; "" where there is none. */
  json(cells: Cells, row: number): string;
}

/** Beyond.json of a format that has nothing quicker. */
export function jsonBeyond(
  { names, field }: Pick<Beyond, "names" | "field">,
  cells: Cells,
  row: number,
): string {
  let json = "";
  for (const name of names) {
    const value = cells.columns.columnOf.has(name) ? undefined : field(cells, row, name);
    if (value !== undefined) json += `,${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return json;
}

/** What a batch is made of; rows, bytes, ticks and offsets are valid until the reader goes on. */
export interface CsvParts {
  readonly format: FormatId;
  readonly place: Place;
  readonly columns: Columns;
  readonly beyond: Beyond;
  readonly bytes: Uint8Array;
  readonly rows: RowStarts;
  /** Number of the line that the rows' line counts start from. */
  readonly line: number;
  readonly ticks: BigInt64Array;
  readonly offsets: Float64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  /** Who wrote the rows, in the words of Windows; "" where it is not given. */
  readonly provider?: string;
}

/** Rows that share one window of bytes and one header. */
export class CsvBatch implements Batch, Cells {
  readonly kind = "batch";
  readonly format: FormatId;
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly offsets: Float64Array;
  readonly columns: Columns;
  readonly bytes: Buffer;
  readonly #view: DataView;
  readonly #beyond: Beyond;
  readonly #rows: RowStarts;
  readonly #stride: number;
  readonly #firstLine: number;
  readonly #provider: string;
  /** Whether all bytes of the rows are ASCII; null until somebody asks for a text. */
  #isAscii: boolean | null = null;
  #lineRow = -1;
  #line = "";
  #lineIsAscii = false;
  readonly #last = { start: 0, end: -1, text: "" };

  constructor(parts: CsvParts) {
    const { buffer, byteOffset } = parts.bytes;
    this.#stride = parts.columns.names.length + 1;
    const end = parts.rows.starts[parts.rows.length * this.#stride - 1] ?? 0;
    // Up to the end of the last row: a window may hold many batches, and no search goes from one into the next.
    this.bytes = Buffer.from(buffer, byteOffset, end);
    this.#view = new DataView(buffer, byteOffset, parts.bytes.length);
    this.format = parts.format;
    this.place = parts.place;
    this.columns = parts.columns;
    this.#beyond = parts.beyond;
    this.#rows = parts.rows;
    this.#firstLine = parts.line;
    this.#provider = parts.provider ?? "";
    this.length = parts.rows.length;
    this.ticks = parts.ticks.subarray(0, this.length);
    this.offsets = parts.offsets.subarray(0, this.length);
    this.digits = parts.digits;
    this.zoneAssumed = parts.zoneAssumed;
  }

  get declared(): readonly string[] {
    return [...this.columns.columnOf.keys(), ...this.#beyond.names];
  }

  record(row: number): string {
    return String(this.#firstLine + (this.#rows.lines[row] ?? 0));
  }

  host(row: number): string {
    return this.#beyond.host(this, row);
  }

  channel(row: number): string {
    return this.#beyond.channel(this, row);
  }

  eventId(): number {
    return -1;
  }

  provider(): string {
    return this.#provider;
  }

  field(row: number, name: string): FieldValue | undefined {
    const column = this.columns.columnOf.get(name);
    if (column !== undefined) return this.value(row, column);
    return this.#beyond.names.includes(name) ? this.#beyond.field(this, row, name) : undefined;
  }

  span(row: number, name: string, into: Span): boolean {
    const column = this.columns.columnOf.get(name);
    if (column === undefined) return false;
    into.view = this.#view;
    into.start = this.start(row, column);
    into.end = this.end(row, column);
    into.encoding = this.#isText(row, column) ? "utf-8" : null;
    return true;
  }

  names(row: number): readonly string[] {
    const { answered, answeredNames, columnOf } = this.columns;
    const present: string[] = [];
    for (const [index, column] of answered.entries())
      if (this.#isPresent(row, column)) present.push(answeredNames[index] ?? "");
    for (const name of this.#beyond.names)
      if (!columnOf.has(name) && this.#beyond.field(this, row, name) !== undefined)
        present.push(name);
    return present;
  }

  putFields(row: number, out: JsonBytes): void {
    const from = openRow(out);
    putCells(out, this.bytes, this.#view, this.#rows.starts, row * this.#stride, this.columns);
    const beyond = this.#beyond.json(this, row);
    if (beyond !== "") out.put(beyond);
    closeRow(out, from);
  }

  start(row: number, column: number): number {
    return this.#rows.starts[row * this.#stride + column] ?? 0;
  }

  end(row: number, column: number): number {
    return (this.#rows.starts[row * this.#stride + column + 1] ?? 0) - 1;
  }

  text(row: number, column: number): string | undefined {
    if (column < 0 || !this.#isPresent(row, column)) return undefined;
    const start = this.start(row, column);
    const end = this.end(row, column);
    const line = this.#lineOf(row);
    const first = this.start(row, 0);
    const cell = this.#lineIsAscii
      ? line.slice(start - first, end - first)
      : decodeText(this.bytes.subarray(start, end));
    const text = this.bytes[start] === QUOTE ? unquoted(cell) : cell;
    return this.columns.blanks === "cut" ? withoutTrailingBlanks(text) : text;
  }

  repeated(row: number, column: number): string | undefined {
    if (column < 0) return undefined;
    const last = this.#last;
    const start = this.start(row, column);
    const end = this.end(row, column);
    if (end <= start) return undefined;
    if (!isSame(this.bytes, last, start, end)) last.text = this.text(row, column) ?? "";
    last.start = start;
    last.end = end;
    return last.text;
  }

  /** Whether a cell's bytes are its text as they stand: no number, no quotes, nothing that is cut. */
  #isText(row: number, column: number): boolean {
    if (this.columns.numeric[column] === 1 || !this.#isPresent(row, column)) return false;
    const last = this.bytes[this.end(row, column) - 1] ?? 0;
    const isCut = this.columns.blanks === "cut" && last <= 0x20;
    return !isCut && this.bytes[this.start(row, column)] !== QUOTE;
  }

  #isPresent(row: number, column: number): boolean {
    const start = this.start(row, column);
    const sizeBytes = this.end(row, column) - start;
    // Two bytes that begin with a quote are two quotes.
    const isNothing = sizeBytes === 2 && this.bytes[start] === QUOTE;
    return sizeBytes > 0 && !(isNothing && this.columns.blanks === "cut");
  }

  /** A row's line, made once for all of its cells: a call into the runtime costs more than the text. */
  #lineOf(row: number): string {
    if (row !== this.#lineRow) {
      const start = this.start(row, 0);
      const end = this.end(row, this.columns.names.length - 1);
      this.#line = this.bytes.toString("latin1", start, end);
      this.#lineRow = row;
      this.#isAscii ??= isAscii(this.bytes.subarray(this.start(0, 0)));
      this.#lineIsAscii = this.#isAscii || isAscii(this.bytes.subarray(start, end));
    }
    return this.#line;
  }

  value(row: number, column: number): FieldValue | undefined {
    if (this.columns.numeric[column] === 1) {
      const value = wholeNumber(this.bytes, this.start(row, column), this.end(row, column));
      if (value >= 0) return value;
    }
    return this.text(row, column);
  }
}

function isSame(
  bytes: Uint8Array,
  last: { readonly start: number; readonly end: number },
  start: number,
  end: number,
): boolean {
  if (last.end - last.start !== end - start) return false;
  for (let at = 0; at < end - start; at++)
    if (bytes[last.start + at] !== bytes[start + at]) return false;
  return true;
}
