/**
 * Where the rows of a table in JSON stand, many at a time: lines, or elements of a list. Refuses rows beyond the limit, and a
 * list that does not end as it should; says nothing of what is in a row.
 */
import type { Source } from "../../../base/source.ts";
import type { Range } from "../format.ts";
import { LINE_BYTES_MAX, linesOf, tooLong } from "../text/line-reading.ts";
import { elementsOf } from "./json-elements.ts";
import type { ElementsLayout, LinesLayout } from "./layout.ts";
import { type TableRecord, listEnd, recordAt } from "./reading.ts";
import type { TextView } from "./text-view.ts";

const LINE_FEED = 10;
/** Bytes read at a time: they stay near the processor while they are looked at more than once. */
const WINDOW_BYTES = 524_288;

/** Where a row stands in bytes. */
export interface RowPlace {
  readonly start: number;
  readonly end: number;
  /** Of the line or the element, from 1. */
  readonly number: number;
}

/** Rows that stand in the same bytes; valid until the next step. */
export interface JsonPlaces {
  readonly kind: "places";
  readonly bytes: Uint8Array;
  /** The byte of the source at which the bytes begin. */
  readonly base: number;
  readonly places: readonly RowPlace[];
}

/** A part of a table. */
export type JsonStretch = JsonPlaces | { readonly kind: "record"; readonly record: TableRecord };

/** The rows that begin in a range; `view` is of UTF-8. */
export function jsonStretches(
  view: TextView,
  layout: LinesLayout | ElementsLayout,
  range: Range,
): Generator<JsonStretch> {
  return layout.kind === "lines" ? lineStretches(view, range) : elementStretches(view, layout);
}

function* lineStretches(view: TextView, range: Range): Generator<JsonStretch> {
  const { units } = view;
  const { end } = range;
  let { start: position, line } = range;
  while (position < end) {
    const until = Math.min(position + WINDOW_BYTES, end);
    const bytes = units.read(position, until);
    const places: RowPlace[] = [];
    let at = 0;
    while (at < bytes.length) {
      const found = bytes.indexOf(LINE_FEED, at);
      if (found < 0 && until < end) break;
      const stop = found < 0 ? bytes.length : found;
      if (stop > at) places.push({ start: at, end: stop, number: line });
      line++;
      at = stop + 1;
    }
    if (places.length > 0) yield { kind: "places", bytes, base: position, places };
    if (at > 0) position = Math.min(position + at, end);
    else {
      const step = yield* largeLine(view, { ...range, start: position, line });
      position = step;
      line++;
    }
  }
}

/** A line that is larger than a window; gives where the next one begins. */
function* largeLine(view: TextView, range: Range): Generator<JsonStretch, number> {
  for (const { bytes, offset, sizeBytes, number } of linesOf(view.units, range)) {
    if (bytes === null) {
      const at = { offset, sizeBytes, number };
      yield { kind: "record", record: recordAt(view, at, tooLong(sizeBytes)) };
    } else {
      const places = [{ start: 0, end: bytes.length, number }];
      yield { kind: "places", bytes, base: offset, places };
    }
    return offset + sizeBytes;
  }
  return range.end;
}

function* elementStretches(view: TextView, { wrap }: ElementsLayout): Generator<JsonStretch> {
  const elements = elementsOf(view.units, wrap);
  let held: RowPlace[] = [];
  for (let step = elements.next(); ; step = elements.next()) {
    if (step.done === true) {
      yield* heldStretch(view.units, held);
      const record = listEnd(view, step.value);
      if (record !== null) yield { kind: "record", record };
      return;
    }
    const { start, end, number } = step.value;
    const first = held[0]?.start ?? start;
    const isLong = end - start > LINE_BYTES_MAX;
    if (isLong || end - first > WINDOW_BYTES) {
      yield* heldStretch(view.units, held);
      held = [];
    }
    if (isLong) {
      const at = { offset: start, sizeBytes: end - start, number };
      yield { kind: "record", record: recordAt(view, at, tooLong(end - start)) };
    } else held.push(step.value);
  }
}

function* heldStretch(units: Source, held: readonly RowPlace[]): Generator<JsonStretch> {
  const base = held[0]?.start;
  const end = held.at(-1)?.end;
  if (base === undefined || end === undefined) return;
  const places = held.map((place) => ({
    start: place.start - base,
    end: place.end - base,
    number: place.number,
  }));
  yield { kind: "places", bytes: units.read(base, end), base, places };
}
