/**
 * Reads tables of other products: CSV under one header, JSON lines, JSON lists. What a table is, is data. Refuses files whose
 * columns no table has: one flaw, and no row. Spec: docs/formats/table.md.
 */
import { copyOf } from "../../../base/bytes.ts";
import { type Source, memorySource } from "../../../base/source.ts";
import { parseTime } from "../../../base/time.ts";
import type { Piece } from "../../../model/event.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import {
  DAY_ORDER_BYTES,
  type UsualOrder,
  dayOrderAssumption,
  decideDayOrder,
} from "../time/day-order.ts";
import { decodeText } from "../text/encoding.ts";
import { type Range, type Reader, headOf } from "../format.ts";
import { readByClock, wholeRange } from "../text/line-reading.ts";
import { Rows } from "../rows.ts";
import { type CellPlan, cellPlanOf } from "./cell-plan.ts";
import { CsvRows, openTimes } from "./csv-rows.ts";
import { Stretches } from "./csv-stretches.ts";
import { RowKinds, JsonRowsOf, isText, openTime } from "./json-rows.ts";
import { jsonStretches } from "./json-stretches.ts";
import {
  type CsvLayout,
  type ElementsLayout,
  type Layout,
  type LinesLayout,
  layoutOf,
} from "./layout.ts";
import { type Told, rangesOf } from "./ranges.ts";
import { type TableRecord, isRefused, jsonColumns, jsonRecord, tableRecords } from "./reading.ts";
import {
  type Dating,
  type MakeRow,
  type TableOf,
  isoOf,
  makePlan,
  makeRows,
  makeTimeTexts,
} from "./row.ts";
import type { Refuse } from "./stamps.ts";
import { type Match, type Table, makeMatch } from "./table.ts";
import { viewText } from "./text-view.ts";

/** The reader of the tables that knowledge describes. */
export function makeTableReader(tables: readonly Table[]): Reader {
  const match = makeMatch(tables);
  return {
    read: (source, setting, range = wholeRange(source)) => readTable(source, setting, range, match),
    ranges: (source, rangeBytes, after) =>
      rangesOf(source, rangeBytes, after, (part) => tell(part, match)),
    assumptions: (head, setting) => assumptionsOf(head, setting, match),
    assumptionBytes: DAY_ORDER_BYTES,
  };
}

function readTable(source: Source, setting: Setting, range: Range, match: Match): Iterable<Piece> {
  const layout = layoutOf(headOf(source), match);
  if (layout === null) return unknownTable(source, setting, range);
  const tableOf = tablesIn(layout, match);
  const order = decideDayOrder(
    openTimesIn(source, layout, tableOf),
    usualOrder(layout.table),
    setting,
  );
  const csv = csvIn(source, layout);
  return readByClock(source, setting, range, (from, part, clock) => {
    const dating = { setting, clock, order };
    const makeRow = makeRows(tableOf, dating);
    if (csv !== null) return readCsv(from, part, csv, dating, makeRow);
    return layout.kind === "csv" || viewText(source).unitBytes !== 1
      ? readRows(from, setting, part, layout, makeRow)
      : readJson(from, part, { layout, tableOf }, dating, makeRow);
  });
}

/** A CSV whose rows can stay bytes. */
interface PlainCsv extends CellPlan {
  readonly layout: CsvLayout;
}

function csvIn(source: Source, layout: Layout): PlainCsv | null {
  if (layout.kind !== "csv" || viewText(source).unitBytes !== 1) return null;
  const csv = cellPlanOf(makePlan(layout.table, layout.names), false);
  return csv === null ? null : { ...csv, layout };
}

/** Rows of a CSV as offsets, and as decoded rows where they need more care. About 300 MB/s. */
function* readCsv(
  source: Source,
  range: Range,
  csv: PlainCsv,
  dating: Dating,
  makeRow: MakeRow,
): Generator<Piece> {
  const view = viewText(source);
  const rows = new Rows("table", dating.setting.place);
  const plainRows = new CsvRows(csv, dating);
  for (const stretch of new Stretches(view, csv.layout, view.rangeOf(range)).all()) {
    if (stretch.kind === "record") take(rows, stretch.record, makeRow);
    else {
      yield* rows.pieces();
      yield* plainRows.batches(stretch, (offset, why) => rows.flaw(offset, why));
    }
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

/** How rows of JSON are found, and what each of them is. */
interface JsonTable {
  readonly layout: LinesLayout | ElementsLayout;
  readonly tableOf: TableOf;
}

/** Rows of JSON as offsets, and as decoded rows where they are of no usual kind. About 130 MB/s. */
function* readJson(
  source: Source,
  range: Range,
  { layout, tableOf }: JsonTable,
  dating: Dating,
  makeRow: MakeRow,
): Generator<Piece> {
  const view = viewText(source);
  const rows = new Rows("table", dating.setting.place);
  const plain = new JsonRowsOf(tableOf, dating);
  const refuse: Refuse = (offset, why) => rows.flaw(offset, why);
  for (const stretch of jsonStretches(view, layout, view.rangeOf(range))) {
    if (stretch.kind === "record") {
      take(rows, stretch.record, makeRow);
      continue;
    }
    const { bytes, base, places } = stretch;
    const isWhole = isText(bytes);
    for (const place of places) {
      if (plain.take(stretch, place, isWhole, refuse) && !plain.isFull) continue;
      if (plain.length > 0) {
        yield* rows.pieces();
        const { isFull } = plain;
        yield* plain.batches(stretch);
        if (isFull) continue;
      }
      const { start, end, number } = place;
      const at = { offset: base + start, sizeBytes: end - start, number };
      const record = jsonRecord(view, bytes.subarray(start, end), at);
      if (record !== null) take(rows, record, makeRow);
      if (rows.isFull) yield* rows.pieces();
    }
    if (plain.length > 0) {
      yield* rows.pieces();
      yield* plain.batches(stretch);
    }
  }
  yield* rows.pieces();
}

/** Takes a record as a row, or as a flaw. */
function take(
  rows: Rows,
  { offset, sizeBytes, record, columns }: TableRecord,
  makeRow: MakeRow,
): void {
  if (isRefused(columns)) rows.flaw(offset, columns);
  else {
    const row = makeRow(columns, { offset, record }, (why) => rows.flaw(offset, why));
    rows.add(row, sizeBytes);
  }
}

/** Rows of JSON each say what they are: a log of results holds those of many queries. Others are as the first. */
function tablesIn({ kind, table }: Layout, match: Match): TableOf {
  if (kind === "csv") return () => table;
  return (names) => {
    const own = match(names);
    return own?.product === table.product ? own : table;
  };
}

function* unknownTable(source: Source, setting: Setting, range: Range): Generator<Piece> {
  if (range.start > 0 || source.byteLength === 0) return;
  const have = "others; no record is read";
  const { place } = setting;
  yield {
    kind: "flaw",
    place,
    offset: 0,
    what: "table",
    need: "the columns of a known table",
    have,
  };
}

function* readRows(
  source: Source,
  setting: Setting,
  range: Range,
  layout: Layout,
  makeRow: MakeRow,
): Generator<Piece> {
  const view = viewText(source);
  const rows = new Rows("table", setting.place);
  for (const record of tableRecords(view, layout, view.rangeOf(range))) {
    take(rows, record, makeRow);
    if (rows.isFull) yield* rows.pieces();
  }
  if (view.restBytes > 0 && range.end === source.byteLength) {
    const have = `${view.restBytes} byte at the end of the file`;
    const offset = source.byteLength - view.restBytes;
    rows.flaw(offset, { what: "UTF-16", need: "two bytes a unit", have });
  }
  yield* rows.pieces();
}

/** The first bytes of a source, which decide on the order of days. */
function firstOf(source: Source): Source {
  const byteLength = Math.min(source.byteLength, DAY_ORDER_BYTES);
  return { byteLength, read: (from, to) => source.read(from, to) };
}

/** The texts of the times in the first bytes that may tell the order of days, and of others, in file order. */
function* openTimesIn(source: Source, layout: Layout, tableOf: TableOf): Generator<string> {
  if (layout.table.time === null && layout.kind === "csv") return;
  const csv = csvIn(source, layout);
  if (csv === null) {
    const isWide = viewText(source).unitBytes !== 1;
    if (layout.kind === "csv" || isWide) yield* timesIn(source, layout, tableOf);
    else yield* openJsonTimes(firstOf(source), { layout, tableOf });
    return;
  }
  const view = viewText(firstOf(source));
  const timeText = makeTimeTexts(tableOf);
  const range = view.rangeOf(wholeRange(firstOf(source)));
  for (const stretch of new Stretches(view, csv.layout, range).all()) {
    if (stretch.kind === "rows") yield* openTimes(stretch, csv.plan);
    else if (!isRefused(stretch.record.columns)) yield timeText(stretch.record.columns);
  }
}

function* openJsonTimes(source: Source, { layout, tableOf }: JsonTable): Generator<string> {
  const view = viewText(source);
  const timeText = makeTimeTexts(tableOf);
  const kinds = new RowKinds(tableOf);
  for (const stretch of jsonStretches(view, layout, view.rangeOf(wholeRange(source)))) {
    if (stretch.kind === "record") continue;
    const { bytes, places } = stretch;
    const isWhole = isText(bytes);
    for (const place of places) {
      const text = openTime(kinds, bytes, place, isWhole);
      const columns =
        text === null ? jsonColumns(decodeText(bytes.subarray(place.start, place.end))) : null;
      if (text !== null && text !== "") yield text;
      if (columns !== null && !isRefused(columns)) yield timeText(columns);
    }
  }
}

/** The texts of the times in the first bytes, in file order. */
function* timesIn(source: Source, layout: Layout, tableOf: TableOf): Generator<string> {
  const first = firstOf(source);
  const view = viewText(first);
  const timeText = makeTimeTexts(tableOf);
  for (const { columns } of tableRecords(view, layout, view.rangeOf(wholeRange(first))))
    if (!isRefused(columns)) yield timeText(columns);
}

function usualOrder({ product, time }: Table): UsualOrder {
  const order = time?.order ?? "day-first";
  const why =
    time?.order === undefined
      ? "the day is taken to stand first"
      : `${product} usually writes dates ${order}`;
  return { order, why };
}

/** How a source is cut, and everything that its first bytes decide for the whole of it, as a text to compare. */
function tell(source: Source, match: Match): Told {
  const layout = layoutOf(headOf(source), match);
  if (layout === null) return { layout, decided: "" };
  const { table, ...rest } = layout;
  const times = [...openTimesIn(source, layout, tablesIn(layout, match))];
  const orders = [null, "day-first", "month-first"] as const;
  const readings = orders.map(
    (dayOrder) => decideDayOrder(times, usualOrder(table), { dayOrder }).order,
  );
  return { layout, decided: JSON.stringify({ table: table.id, rest, readings }) };
}

function assumptionsOf(first: Uint8Array, setting: Setting, match: Match): readonly Assumption[] {
  const source = memorySource(copyOf(first));
  const layout = layoutOf(headOf(source), match);
  if (layout === null) return assumptionsOfSetting(setting, false);
  const { table } = layout;
  const { file } = setting.place;
  const times = [...timesIn(source, layout, tablesIn(layout, match))];
  const order = decideDayOrder(times, usualOrder(table), setting);
  const isUnzoned = times.some(
    (text) => parseTime(isoOf(text, table, order) ?? "")?.zoned === false,
  );
  const days = dayOrderAssumption(file, order);
  const told: Assumption = {
    file,
    what: "table",
    value: `${table.product}: ${table.what}`,
    why: `its columns ${table.needs.join(", ")} tell; the description is ${table.confidence}`,
  };
  return [told, ...assumptionsOfSetting(setting, isUnzoned), ...(days === null ? [] : [days])];
}
