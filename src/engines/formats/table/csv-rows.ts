/**
 * Plain rows of a CSV table as batches: dated by their bytes, their cells decoded when asked for. Refuses nothing: a row
 * whose time is none stays, undated, with a flaw.
 */
import type { Batch } from "../../../model/event.ts";
import { type Beyond, CsvBatch } from "../csv/batch.ts";
import { unquoted } from "../csv/print.ts";
import { ROWS_MAX } from "../csv/scan.ts";
import { decodeText } from "../text/encoding.ts";
import type { CellPlan } from "./cell-plan.ts";
import type { PlainRows } from "./csv-stretches.ts";
import { type Dating, type Plan, timeOf } from "./row.ts";
import { type Refuse, Stamps, readTold } from "./stamps.ts";
import { noTime } from "./usual-time.ts";

const QUOTE = 0x22;
/** What makes batches of the plain rows of one file, in file order. */
export class CsvRows {
  readonly #csv: CellPlan;
  readonly #dating: Dating;
  readonly #beyond: Beyond;
  readonly #offsets = new Float64Array(ROWS_MAX);
  readonly #stamps: Stamps;

  constructor(csv: CellPlan, dating: Dating) {
    this.#csv = csv;
    this.#dating = dating;
    this.#stamps = new Stamps(ROWS_MAX, dating);
    const { table } = csv.plan;
    const own = dating.setting.host;
    this.#beyond = {
      ...csv.beyond,
      host: (cells, row) => own ?? csv.beyond.host(cells, row),
      channel: () => table.channel,
    };
  }

  /** The rows as batches: one ends where precision or zone changes. What is no time goes to `refuse`. */
  *batches(plain: PlainRows, refuse: Refuse): Generator<Batch> {
    this.#stamp(plain, refuse);
    const { rows } = plain;
    const stamps = this.#stamps;
    const stride = this.#csv.columns.names.length + 1;
    for (let from = 0; from < rows.length; ) {
      const to = stamps.endOfAlike(from, rows.length);
      yield new CsvBatch({
        format: "table",
        place: this.#dating.setting.place,
        columns: this.#csv.columns,
        beyond: this.#beyond,
        bytes: plain.bytes,
        rows: {
          length: to - from,
          nextLine: 0,
          starts: rows.starts.subarray(from * stride),
          lines: rows.lines.subarray(from),
        },
        line: plain.line,
        ticks: stamps.ticks.subarray(from),
        offsets: this.#offsets.subarray(from),
        digits: stamps.digits(from),
        zoneAssumed: stamps.zoneAssumed(from),
        provider: this.#csv.plan.table.provider,
      });
      from = to;
    }
  }

  #stamp(plain: PlainRows, refuse: Refuse): void {
    const { bytes, base, rows } = plain;
    const { plan, columns } = this.#csv;
    const stamps = this.#stamps;
    const stride = columns.names.length + 1;
    for (let row = 0; row < rows.length; row++) {
      const first = row * stride;
      const offset = base + (rows.starts[first] ?? 0);
      this.#offsets[row] = offset;
      const column = timeColumn(plain, plan.time, first);
      if (column < 0) {
        stamps.undated(row);
        continue;
      }
      const start = rows.starts[first + column] ?? 0;
      const end = (rows.starts[first + column + 1] ?? 0) - 1;
      const isQuoted = bytes[start] === QUOTE ? 1 : 0;
      if (!stamps.byBytes(row, bytes, start + isQuoted, end - isQuoted, plan))
        stamps.byText(row, timeTextAt(plain, plan, first), plan, offset, refuse);
    }
  }
}

/** The first of these columns that is not empty in the row whose cells start at starts[first]; -1 where none is. */
function timeColumn({ bytes, rows }: PlainRows, columns: readonly number[], first: number): number {
  for (const column of columns) {
    const start = rows.starts[first + column] ?? 0;
    const sizeBytes = (rows.starts[first + column + 1] ?? 0) - 1 - start;
    if (sizeBytes > 0 && !(sizeBytes === 2 && bytes[start] === QUOTE)) return column;
  }
  return -1;
}

/** The text of a row's time, its time of day included. */
function timeTextAt(plain: PlainRows, plan: Plan, first: number): string {
  const clock = timeColumn(plain, plan.clock, first);
  return timeOf(
    cellText(plain, first, timeColumn(plain, plan.time, first)),
    cellText(plain, first, clock),
  );
}

function cellText({ bytes, rows }: PlainRows, first: number, column: number): string {
  if (column < 0) return "";
  const start = rows.starts[first + column] ?? 0;
  const cell = decodeText(bytes.subarray(start, (rows.starts[first + column + 1] ?? 0) - 1));
  return bytes[start] === QUOTE ? unquoted(cell) : cell;
}

/** The texts of times that may tell the order of days, in file order; ISO 8601 and counts do not. */
export function* openTimes(plain: PlainRows, plan: Plan): Generator<string> {
  const stride = plan.fields.length + 1;
  const time = noTime();
  const { bytes, rows } = plain;
  for (let row = 0; row < rows.length; row++) {
    const first = row * stride;
    const column = timeColumn(plain, plan.time, first);
    if (column < 0) continue;
    const start = rows.starts[first + column] ?? 0;
    const end = (rows.starts[first + column + 1] ?? 0) - 1;
    const isQuoted = bytes[start] === QUOTE ? 1 : 0;
    const isTold =
      plan.clock.length === 0 &&
      readTold(bytes, start + isQuoted, end - isQuoted, plan.table, time);
    if (!isTold) yield timeTextAt(plain, plan, first);
  }
}
