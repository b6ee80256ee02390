/**
 * Rows of JSON as batches: told and dated by their bytes, their values parsed when asked for. Refuses rows that are no plain
 * objects of a kind that can stay bytes; those are given back, to be parsed by themselves.
 */
import { isAscii, isUtf8 } from "node:buffer";
import type { Batch } from "../../../model/event.ts";
import { COLUMNS_MAX } from "../csv/grammar.ts";
import { ROWS_MAX } from "../csv/scan.ts";
import { decodeText } from "../text/encoding.ts";
import { type CellPlan, cellPlanOf } from "./cell-plan.ts";
import { JsonBatch, type JsonRows, isPresent, textAt } from "./json-batch.ts";
import type { JsonPlaces, RowPlace } from "./json-stretches.ts";
import { NameTree, type RowCells, makeRowCells } from "./name-tree.ts";
import { isRefused, jsonColumns } from "./reading.ts";
import { type Dating, type TableOf, makePlan, timeOf } from "./row.ts";
import { type Refuse, Stamps, readTold } from "./stamps.ts";
import { noTime } from "./usual-time.ts";

const QUOTE = 0x22;
/** JSON moves names that are numbers to the front: what the columns are then, only parsing tells. */
const NUMBERED = /(?:^|\.)\d+(?:\.|$)/;
const CELLS_MIN = 65_536;
/** Kinds of rows that are remembered: each may have many columns. */
const KINDS_MAX = 256;

/** Tells the kinds of rows of one file. */
export class RowKinds {
  readonly cells: RowCells = makeRowCells();
  /** What is read of a time whose meaning matters to nobody. */
  readonly time = noTime();
  readonly #tree = new NameTree<CellPlan>();
  readonly #tableOf: TableOf;
  #count = 0;

  constructor(tableOf: TableOf) {
    this.#tableOf = tableOf;
  }

  /** What the row is whose values are in `cells` then; null where it has to be parsed. */
  take(bytes: Uint8Array, { start, end }: RowPlace, isText: boolean): CellPlan | null {
    if (!isText && !isUtf8(bytes.subarray(start, end))) return null;
    const node = this.#tree.take(bytes, start, end, this.cells);
    if (node === null) return null;
    if (node.shape === undefined) node.shape = this.#planOf(bytes.subarray(start, end));
    return node.shape;
  }

  #planOf(row: Uint8Array): CellPlan | null {
    const columns = this.#count++ < KINDS_MAX ? jsonColumns(decodeText(row)) : null;
    if (columns === null || isRefused(columns)) return null;
    const { names } = columns;
    // A name that comes twice makes them fewer.
    if (names.length !== this.cells.columns || names.some((name) => NUMBERED.test(name)))
      return null;
    return cellPlanOf(makePlan(this.#tableOf(names), names), true);
  }
}

/** Whether all of the bytes are UTF-8. */
export function isText(bytes: Uint8Array): boolean {
  return isAscii(bytes) || isUtf8(bytes);
}

/** What makes batches of the rows of one file, in file order. */
export class JsonRowsOf {
  readonly #kinds: RowKinds;
  readonly #dating: Dating;
  readonly #stamps: Stamps;
  readonly #rows: JsonRows = {
    length: 0,
    plans: [],
    firsts: new Int32Array(ROWS_MAX),
    numbers: new Float64Array(ROWS_MAX),
    offsets: new Float64Array(ROWS_MAX),
    starts: new Int32Array(CELLS_MIN),
    ends: new Int32Array(CELLS_MIN),
  };
  #used = 0;

  constructor(tableOf: TableOf, dating: Dating) {
    this.#kinds = new RowKinds(tableOf);
    this.#dating = dating;
    this.#stamps = new Stamps(ROWS_MAX, dating);
  }

  /** How many rows are held. */
  get length(): number {
    return this.#rows.length;
  }

  get isFull(): boolean {
    return this.#rows.length === ROWS_MAX;
  }

  /** Takes a row; false where it has to be parsed. What is no time goes to `refuse`. */
  take(stretch: JsonPlaces, place: RowPlace, isWhole: boolean, refuse: Refuse): boolean {
    const { bytes, base } = stretch;
    const kind = this.#kinds.take(bytes, place, isWhole);
    if (kind === null) return false;
    const rows = this.#rows;
    const row = rows.length++;
    const { columns, starts, ends } = this.#kinds.cells;
    this.#makeRoom();
    for (let column = 0; column < columns; column++) {
      rows.starts[this.#used + column] = starts[column] ?? 0;
      rows.ends[this.#used + column] = ends[column] ?? 0;
    }
    rows.plans[row] = kind;
    rows.firsts[row] = this.#used;
    rows.numbers[row] = place.number;
    rows.offsets[row] = base + place.start;
    this.#used += columns;
    this.#stamp(row, kind, bytes, base + place.start, refuse);
    return true;
  }

  /** The rows so far as batches: one ends where precision or zone changes. */
  *batches({ bytes }: JsonPlaces): Generator<Batch> {
    const rows = this.#rows;
    const stamps = this.#stamps;
    const { place, host } = this.#dating.setting;
    for (let from = 0; from < rows.length; ) {
      const to = stamps.endOfAlike(from, rows.length);
      yield new JsonBatch({
        place,
        host,
        bytes,
        rows,
        from,
        length: to - from,
        ticks: stamps.ticks.subarray(from, to),
        digits: stamps.digits(from),
        zoneAssumed: stamps.zoneAssumed(from),
      });
      from = to;
    }
    rows.length = 0;
    this.#used = 0;
  }

  #stamp(row: number, { plan }: CellPlan, bytes: Uint8Array, offset: number, refuse: Refuse) {
    const { cells } = this.#kinds;
    const column = firstPresent(bytes, cells, plan.time);
    if (column < 0) {
      this.#stamps.undated(row);
      return;
    }
    const start = cells.starts[column] ?? 0;
    const end = cells.ends[column] ?? 0;
    const isQuoted = bytes[start] === QUOTE ? 1 : 0;
    if (!this.#stamps.byBytes(row, bytes, start + isQuoted, end - isQuoted, plan))
      this.#stamps.byText(row, rowTime(bytes, cells, plan), plan, offset, refuse);
  }

  #makeRoom(): void {
    const rows = this.#rows;
    if (this.#used + COLUMNS_MAX <= rows.starts.length) return;
    rows.starts = doubled(rows.starts);
    rows.ends = doubled(rows.ends);
  }
}

function doubled(column: Int32Array): Int32Array {
  const wider = new Int32Array(column.length * 2);
  wider.set(column);
  return wider;
}

function firstPresent(bytes: Uint8Array, cells: RowCells, columns: readonly number[]): number {
  for (const column of columns)
    if (isPresent(bytes, cells.starts[column] ?? 0, cells.ends[column] ?? 0)) return column;
  return -1;
}

/** The text of a row's time, its time of day included. */
function rowTime(bytes: Uint8Array, cells: RowCells, { time, clock }: CellPlan["plan"]): string {
  const text = (columns: readonly number[]) => {
    const column = firstPresent(bytes, cells, columns);
    return column < 0 ? "" : textAt(bytes, cells.starts[column] ?? 0, cells.ends[column] ?? 0);
  };
  return timeOf(text(time), text(clock));
}

/** The text of a row's time where it may tell the order of days; "" where it does not; null where the row has to be parsed. */
export function openTime(
  kinds: RowKinds,
  bytes: Uint8Array,
  place: RowPlace,
  isWhole: boolean,
): string | null {
  const kind = kinds.take(bytes, place, isWhole);
  if (kind === null) return null;
  const { cells } = kinds;
  const { plan } = kind;
  const column = firstPresent(bytes, cells, plan.time);
  if (column < 0) return "";
  const start = cells.starts[column] ?? 0;
  const end = cells.ends[column] ?? 0;
  const isQuoted = bytes[start] === QUOTE ? 1 : 0;
  const isTold =
    plan.clock.length === 0 &&
    readTold(bytes, start + isQuoted, end - isQuoted, plan.table, kinds.time);
  return isTold ? "" : rowTime(bytes, cells, plan);
}
