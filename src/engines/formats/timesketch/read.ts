/**
 * Reads timelines for Timesketch: JSON lines, or CSV under one header. Refuses records beyond the limits, records with
 * another number of cells than the header, and objects that are no event: each is one flaw. Spec: docs/formats/timesketch.md.
 */
import { utf8 } from "../../../base/bytes.ts";
import { type Source, memorySource } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { parseTime } from "../../../base/time.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { decodeText } from "../text/encoding.ts";
import { HEAD_BYTES, type Range, type Reader } from "../format.ts";
import { type Json, isObject, parseJson } from "../json/json-value.ts";
import {
  type ReadRow,
  WINDOW_BYTES,
  readByClock,
  readLines,
  tooLong,
  wholeRange,
} from "../text/line-reading.ts";
import { countLineFeeds, lineRanges } from "../text/lines.ts";
import type { Clock } from "../time/moment.ts";
import { Rows } from "../rows.ts";
import { COLUMNS_MAX, type CsvRecord, cellsOf, recordsOf } from "../csv/grammar.ts";
import { type Columns, isTimesketch, makeRows } from "./row.ts";

const LINE_FEED = 10;

/** Reads timelines for Timesketch. */
export const timesketchReader: Reader = {
  read: (source, setting, range = wholeRange(source)) => {
    const isJson = isJsonLines(source);
    return readByClock(source, setting, range, (from, part, clock) =>
      isJson
        ? readLines("timesketch", from, setting, part, rowReader(setting, clock))
        : readCsv(from, setting, part, clock),
    );
  },
  ranges: (source, rangeBytes, after) =>
    isJsonLines(source) ? lineRanges(source, rangeBytes, after) : csvRanges(source, after),
  assumptions: assumptionsOf,
};

function isJsonLines(source: Source): boolean {
  return /^\s*\{/.test(decodeText(source.read(0, Math.min(source.byteLength, HEAD_BYTES))));
}

function rowReader(setting: Setting, clock: Clock): ReadRow {
  const makeRow = makeRows(setting, clock);
  return (text, line, refuse) => {
    const parsed = parseJson(text);
    const columns =
      parsed.kind === "value" && isObject(parsed.value)
        ? new Map(Object.entries(parsed.value))
        : new Map<string, Json>();
    if (isTimesketch(columns)) return makeRow(columns, line, refuse);
    const shape = {
      what: "event",
      need: "message, datetime, timestamp_desc",
      have: "another shape",
    };
    refuse(parsed.kind === "not" ? parsed : shape);
    return null;
  };
}

/**
 * One range for all that is there: whether a line feed ends a record depends on every quote before it, so only a
 * reading from the start can tell. Of a timeline that has grown, the rest; a record that was cut is read again.
 */
function* csvRanges(source: Source, after: Range | null): Generator<Range> {
  const end = source.byteLength;
  if (after === null) yield wholeRange(source);
  if (after === null || after.end === end) return;
  let last: CsvRecord | null = null;
  for (const record of recordsOf(source, after)) last = record;
  const isOver =
    after.end > 0 &&
    source.read(after.end - 1, after.end)[0] === LINE_FEED &&
    last?.isClosed !== false;
  const start = isOver ? after.end : (last?.offset ?? after.start);
  const line = isOver ? after.line + lineFeedsIn(source, after) : (last?.number ?? after.line);
  const [header] = start > 0 ? recordsOf(source, wholeRange(source)) : [];
  yield { start, end, line, header: decodeText(header?.bytes ?? new Uint8Array(0)) };
}

function lineFeedsIn(source: Source, { start, end }: Range): number {
  let count = 0;
  for (let at = start; at < end; at += WINDOW_BYTES)
    count += countLineFeeds(source.read(at, Math.min(at + WINDOW_BYTES, end)));
  return count;
}

/** The names of the columns, where these bytes are the start of such a CSV. */
export function columnsOf(head: Uint8Array): readonly string[] | null {
  const [header] = recordsOf(memorySource(head), wholeRange(memorySource(head)));
  const names = header === undefined || header.bytes === null ? null : cellsOf(header.bytes);
  return names !== null && isTimesketch(new Set(names.map(bare))) ? names.map(bare) : null;
}

function bare(name: string): string {
  return name.trim();
}

function* readCsv(source: Source, setting: Setting, range: Range, clock: Clock): Generator<Piece> {
  const rows = new Rows("timesketch", setting.place);
  const reading = new CsvReading(makeRows(setting, clock), rows);
  if (range.start > 0) reading.goOn(utf8(range.header));
  for (const record of recordsOf(source, range)) {
    reading.take(record);
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

/** The records of one CSV, under its header. */
class CsvReading {
  readonly #rows: Rows;
  readonly #makeRow: ReturnType<typeof makeRows>;
  /** Null before the header, and for good where that is none: without names no record is read. */
  #names: readonly string[] | null = null;
  #isOurs = false;
  #hasHeader = false;

  constructor(makeRow: ReturnType<typeof makeRows>, rows: Rows) {
    this.#rows = rows;
    this.#makeRow = makeRow;
  }

  /** In a later range: what is wrong with the header was told in the first. */
  goOn(header: Uint8Array): void {
    this.#hasHeader = true;
    const names = (cellsOf(header) ?? []).map(bare);
    if (names.length <= COLUMNS_MAX && isTimesketch(new Set(names))) this.#use(names);
  }

  #header(bytes: Uint8Array, offset: number): void {
    this.#hasHeader = true;
    const names = (cellsOf(bytes) ?? []).map(bare);
    if (names.length > COLUMNS_MAX) {
      this.#rows.flaw(offset, {
        what: "columns",
        need: `at most ${COLUMNS_MAX}`,
        have: "more; no record is read",
      });
    } else if (!isTimesketch(new Set(names))) {
      this.#rows.flaw(offset, {
        what: "header",
        need: "message, datetime, timestamp_desc",
        have: "other names; no record is read",
      });
    } else {
      this.#use(names);
    }
  }

  #use(names: readonly string[]): void {
    this.#names = names;
    this.#isOurs = ["evidence", "offset", "fields"].every((name) => names.includes(name));
  }

  take(record: CsvRecord): void {
    const { bytes, offset, sizeBytes, isClosed } = record;
    if (!isClosed) {
      const have = `${sizeBytes} bytes to the end of the file, unread`;
      this.#rows.flaw(offset, { what: "quote", need: "a closing quote", have });
    } else if (bytes === null) {
      this.#rows.flaw(offset, tooLong(sizeBytes));
      this.#hasHeader = true;
    } else if (!this.#hasHeader) {
      this.#header(bytes, offset);
      if (sizeBytes === bytes.length)
        this.#rows.flaw(offset, {
          what: "header",
          need: "a line end",
          have: "the end of the file",
        });
    } else if (this.#names !== null) {
      this.#row(record, bytes, this.#names);
    }
  }

  #row(record: CsvRecord, bytes: Uint8Array, names: readonly string[]): void {
    const cells = cellsOf(bytes);
    const refuse: Parameters<ReadRow>[2] = (why) => this.#rows.flaw(record.offset, why);
    if (cells?.length === 1 && cells[0]?.trim() === "") return;
    if (cells === null) {
      refuse({ what: "quote", need: "a comma behind a closing quote", have: "text" });
    } else if (cells.length !== names.length) {
      const have = cells.length > COLUMNS_MAX ? `more than ${COLUMNS_MAX}` : `${cells.length}`;
      refuse({ what: "columns", need: `${names.length}, as in the header`, have });
    } else {
      const row = this.#makeRow(this.#columns(names, cells), record, refuse);
      this.#rows.add(row, record.sizeBytes);
    }
  }

  /** An empty cell is a column that the event lacks: CSV has no other way to say so. */
  #columns(names: readonly string[], cells: readonly string[]): Columns {
    const columns = new Map<string, Json>();
    for (const [column, name] of names.entries()) {
      const cell = cells[column] ?? "";
      if (cell === "" || columns.has(name)) continue;
      columns.set(name, this.#isOurs ? unguarded(cell) : cell);
    }
    return columns;
  }
}

/** Takes off the quote that our own printer puts before what a spreadsheet would take for a formula. */
function unguarded(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const isUnzoned = timesIn(head).some((time) => parseTime(time)?.zoned === false);
  return assumptionsOfSetting(setting, isUnzoned);
}

/** What stands under `datetime` in the first records. */
function timesIn(head: Uint8Array): readonly string[] {
  const names = columnsOf(head);
  if (names === null)
    return [...decodeText(head).matchAll(/"datetime"\s*:\s*"([^"\\]{1,64})"/g)].map(
      ([, time = ""]) => time,
    );
  const at = names.indexOf("datetime");
  const source = memorySource(head);
  return [...recordsOf(source, wholeRange(source))].flatMap(({ bytes }) => {
    const cell = bytes === null ? undefined : cellsOf(bytes)?.[at];
    return cell === undefined ? [] : [cell];
  });
}
