/**
 * The rows of a CSV file under a header, by folded column names. Refuses rows that are not whole; what parts the cells is told
 * by the header. Spec: RFC 4180.
 */
import { memorySource } from "../../../base/source.ts";
import { type Delimiter, cellsOf, recordsOf } from "../csv/grammar.ts";
import { wholeRange } from "../text/line-reading.ts";
import { fold } from "../table/table.ts";
import type { Tally } from "./reading.ts";

/** More than any maker has published. */
const ROWS_MAX = 1_000_000;
/** As far as a header is looked for. */
const HEADER_BYTES_MAX = 16_384;
const DELIMITERS: readonly Delimiter[] = [",", ";", "\t"];

/** One row: its line, and what stands under a column; "" where it has no such column. */
export interface Row {
  readonly line: number;
  /** The first of these columns that is not empty. */
  readonly cell: (...names: readonly string[]) => string;
}

/** A header and what parts its cells. */
export interface Header {
  readonly delimiter: Delimiter;
  readonly columns: ReadonlyMap<string, number>;
}

/** The header of a text whose first line has what `fits` asks of folded names; null for any other. */
export function headerOf(
  bytes: Uint8Array,
  fits: (columns: ReadonlySet<string>) => boolean,
): Header | null {
  const end = bytes.indexOf(10);
  const line = bytes.subarray(0, Math.min(end < 0 ? bytes.length : end, HEADER_BYTES_MAX));
  for (const delimiter of DELIMITERS) {
    const names = (cellsOf(line, delimiter) ?? []).map(fold);
    if (!fits(new Set(names))) continue;
    const columns = new Map<string, number>();
    for (const [at, name] of names.entries()) if (!columns.has(name)) columns.set(name, at);
    return { delimiter, columns };
  }
  return null;
}

/** The rows behind the header. Rows that cannot be read are counted. About 60 MB/s. */
export function* rowsOf(bytes: Uint8Array, header: Header, tally: Tally): Generator<Row> {
  const { delimiter, columns } = header;
  const source = memorySource(bytes);
  let rows = -1;
  for (const record of recordsOf(source, wholeRange(source), delimiter)) {
    if (++rows === 0) continue;
    const which = `line ${record.number}`;
    if (rows > ROWS_MAX) {
      tally.add(which, `more than ${ROWS_MAX} rows; the rest is left out`);
      return;
    }
    const cells = record.bytes === null ? null : cellsOf(record.bytes, delimiter);
    if (cells === null || !record.isClosed) {
      tally.add(which, record.bytes === null ? "too long" : "its quotes do not close");
      continue;
    }
    if (cells.every((cell) => cell.trim() === "")) continue;
    yield {
      line: record.number,
      cell: (...names) => {
        for (const name of names) {
          const text = cells[columns.get(name) ?? -1]?.trim() ?? "";
          if (text !== "") return text;
        }
        return "";
      },
    };
  }
}
