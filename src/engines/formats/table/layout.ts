/**
 * What kind of table a file is, told from its first bytes: CSV by the columns of its header, JSON by the names of its first
 * object. Refuses what no table of knowledge describes. Spec: docs/formats/table.md.
 */
import { memorySource } from "../../../base/source.ts";
import { COLUMNS_MAX, type Delimiter, cellsOf, recordsOf } from "../csv/grammar.ts";
import { decodeText } from "../text/encoding.ts";
import { parseJson } from "../json/json-value.ts";
import { wholeRange } from "../text/line-reading.ts";
import { columnsOf } from "./columns.ts";
import { type Wrap, elementsOf } from "./json-elements.ts";
import type { Match, Table } from "./table.ts";
import { type TextView, viewText } from "./text-view.ts";

const LINE_FEED = 10;

/** How the rows of a file are found. */
export type Layout = CsvLayout | LinesLayout | ElementsLayout;

/** Records under a header. */
export interface CsvLayout {
  readonly kind: "csv";
  readonly table: Table;
  readonly delimiter: Delimiter;
  readonly names: readonly string[];
  /** The unit at which the header starts: lines for machines may stand before it. */
  readonly header: number;
}

/** One JSON object a line. */
export interface LinesLayout {
  readonly kind: "lines";
  readonly table: Table;
}

/** Objects in a JSON list, or one after the other over several lines. */
export interface ElementsLayout {
  readonly kind: "elements";
  readonly table: Table;
  readonly wrap: Wrap;
}

/** The layout of a file with this head; null where it is no known table. */
export function layoutOf(head: Uint8Array, match: Match): Layout | null {
  const view = viewText(memorySource(head));
  const { units, start } = view;
  const first = units.read(start, units.byteLength).find((byte) => byte > 0x20);
  const isJson = first === 0x7b || first === 0x5b;
  return isJson ? jsonLayout(view, match) : csvLayout(view, match);
}

const DELIMITERS: readonly Delimiter[] = [",", ";", "\t", "|"];
/** Lines before the header: what PowerShell says of the objects, what tells Excel the delimiter, empty ones. */
const PREAMBLE = /^(?:#TYPE\b|"?sep=|\s*$)/;
const PREAMBLE_MAX = 8;

function csvLayout(view: TextView, match: Match): CsvLayout | null {
  const layouts = DELIMITERS.flatMap((delimiter) => csvLayoutBy(delimiter, view, match) ?? []);
  // Under another delimiter some names may stand alone by chance.
  return layouts.toSorted((a, b) => b.table.needs.length - a.table.needs.length)[0] ?? null;
}

function csvLayoutBy(delimiter: Delimiter, view: TextView, match: Match): CsvLayout | null {
  const { units, start } = view;
  let passed = 0;
  for (const { bytes, offset } of recordsOf(units, { ...wholeRange(units), start }, delimiter)) {
    if (bytes === null) return null;
    const text = view.bytesOf(bytes, offset);
    if (passed++ < PREAMBLE_MAX && PREAMBLE.test(decodeText(text))) continue;
    const names = columnNames(text, delimiter);
    const table = names.length > COLUMNS_MAX ? null : match(names);
    return table === null ? null : { kind: "csv", table, delimiter, names, header: offset };
  }
  return null;
}

function columnNames(bytes: Uint8Array, delimiter: Delimiter): readonly string[] {
  return (cellsOf(bytes, delimiter) ?? []).map((name) => name.trim());
}

/** Lists in an object that are looked at: exports have one or two. */
const LISTS_MAX = 8;

function jsonLayout(view: TextView, match: Match): Layout | null {
  const { units, start } = view;
  const alone = elementsLayout(view, { from: start, depth: 0 }, match);
  if (alone === null) return listLayout(view, match);
  const [first] = elementsOf(units, alone.wrap);
  const isLine = first !== undefined && !units.read(first.start, first.end).includes(LINE_FEED);
  return isLine ? { kind: "lines", table: alone.table } : alone;
}

function listLayout(view: TextView, match: Match): Layout | null {
  for (const wrap of listsIn(view)) {
    const layout = elementsLayout(view, wrap, match);
    if (layout !== null) return layout;
  }
  return null;
}

/** The layout of these elements, where the first of them has the names of a table. */
function elementsLayout(view: TextView, wrap: Wrap, match: Match): ElementsLayout | null {
  const [first] = elementsOf(view.units, wrap);
  const parsed = first === undefined ? null : parseJson(view.textOf(first.start, first.end));
  const columns = parsed?.kind === "value" ? columnsOf(parsed.value) : null;
  const table = columns === null ? null : match(columns.names);
  return table === null ? null : { kind: "elements", table, wrap };
}

/** Where lists of elements could begin: the text is a list, or an object with lists in it. */
function* listsIn({ units, start }: TextView): Generator<Wrap> {
  const bytes = units.read(start, units.byteLength);
  let found = 0;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length && found < LISTS_MAX; at++) {
    const byte = bytes[at];
    if (byte === 0x5c && inText) at++;
    else if (byte === 0x22) inText = !inText;
    if (inText) continue;
    if (byte === 0x5b && depth < 2) {
      found++;
      yield { from: start + at + 1, depth: depth === 0 ? 1 : 2 };
    }
    if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
}
