/**
 * Tables cut into ranges. JSON lines are cut at line feeds; everything else is one range, because which line feed ends a
 * record depends on what stands before it. Of a file that has grown the rest, unless its new bytes change how it is read.
 */
import type { Source } from "../../../base/source.ts";
import { type CsvRecord, type Delimiter, recordsOf } from "../csv/grammar.ts";
import { DAY_ORDER_BYTES } from "../time/day-order.ts";
import type { Range } from "../format.ts";
import { WINDOW_BYTES, wholeRange } from "../text/line-reading.ts";
import { countLineFeeds, lineRanges } from "../text/lines.ts";
import type { Layout } from "./layout.ts";
import { viewText } from "./text-view.ts";

/** What the first bytes of a source say. */
export interface Told {
  readonly layout: Layout | null;
  /** Equal texts: the same bytes are read in the same way. */
  readonly decided: string;
}

const LINE_FEED = 10;

/** Reader.ranges of a table, whose reading `tell` tells from its first bytes. */
export function* rangesOf(
  source: Source,
  rangeBytes: number,
  after: Range | null,
  tell: (source: Source) => Told,
): Generator<Range> {
  if (after !== null && after.end >= source.byteLength) return;
  const told = tell(source);
  const goesOn = after !== null && isReadAlike(source, after, told, tell);
  // Only of UTF-8 a part can be read without what stands before it.
  const layout = viewText(source).unitBytes === 1 ? told.layout : null;
  if (layout?.kind === "lines") yield* lineRanges(source, rangeBytes, goesOn ? after : null);
  else if (layout?.kind === "csv" && goesOn) yield csvRest(source, after, layout.delimiter);
  else yield wholeRange(source);
}

function isReadAlike(
  source: Source,
  after: Range,
  told: Told,
  tell: (source: Source) => Told,
): boolean {
  if (after.end >= DAY_ORDER_BYTES) return true;
  const before: Source = { byteLength: after.end, read: (from, to) => source.read(from, to) };
  return tell(before).decided === told.decided;
}

/** What came since; a record that was cut comes again. */
function csvRest(source: Source, after: Range, delimiter: Delimiter): Range {
  let last: CsvRecord | null = null;
  const before = viewText(source).rangeOf(after);
  for (const record of recordsOf(source, before, delimiter)) last = record;
  const endsLine = source.read(after.end - 1, after.end)[0] === LINE_FEED;
  const isOver = endsLine && last?.isClosed !== false;
  const start = isOver ? after.end : (last?.offset ?? after.start);
  const line = isOver ? after.line + lineFeedsIn(source, after) : (last?.number ?? after.line);
  return { start, end: source.byteLength, line, header: "" };
}

function lineFeedsIn(source: Source, { start, end }: Range): number {
  let count = 0;
  for (let at = start; at < end; at += WINDOW_BYTES)
    count += countLineFeeds(source.read(at, Math.min(at + WINDOW_BYTES, end)));
  return count;
}
