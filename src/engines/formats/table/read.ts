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
} from "../day-order.ts";
import { type Range, type Reader, headOf } from "../format.ts";
import { readByClock, wholeRange } from "../line-reading.ts";
import { Rows } from "../rows.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { type Told, rangesOf } from "./ranges.ts";
import { isRefused, tableRecords } from "./reading.ts";
import { type MakeRow, type TableOf, isoOf, makeRows, makeTimeTexts } from "./row.ts";
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
  const order = decideDayOrder(timesIn(source, layout, tableOf), usualOrder(layout.table), setting);
  return readByClock(source, setting, range, (from, part, clock) =>
    readRows(from, setting, part, layout, makeRows(tableOf, { setting, clock, order })),
  );
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
  for (const { columns, ...at } of tableRecords(view, layout, view.rangeOf(range))) {
    const { offset, sizeBytes } = at;
    if (isRefused(columns)) rows.flaw(offset, columns);
    else
      rows.add(
        makeRow(columns, at, (why) => rows.flaw(offset, why)),
        sizeBytes,
      );
    if (rows.isFull) yield* rows.pieces();
  }
  if (view.restBytes > 0 && range.end === source.byteLength) {
    const have = `${view.restBytes} byte at the end of the file`;
    const offset = source.byteLength - view.restBytes;
    rows.flaw(offset, { what: "UTF-16", need: "two bytes a unit", have });
  }
  yield* rows.pieces();
}

/** The texts of the times in the first bytes, in file order. */
function* timesIn(source: Source, layout: Layout, tableOf: TableOf): Generator<string> {
  const end = Math.min(source.byteLength, DAY_ORDER_BYTES);
  const first: Source = { byteLength: end, read: (from, to) => source.read(from, to) };
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
  const times = [...timesIn(source, layout, tablesIn(layout, match))];
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
