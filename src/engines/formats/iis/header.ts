/**
 * What the directives of an IIS log have said so far: all that lines need to know of the lines before them. As text
 * (Range.header) it is directives again. Refuses nothing: what is no directive says nothing.
 */
import { Buffer } from "node:buffer";
import {
  type Directive,
  directiveOf,
  fieldNamesOf,
  type Layout,
  layoutOf,
  LINE_BYTES_MAX,
} from "./layout.ts";
import { type Calendar, directiveTimeOf, makeCalendar, setDirectiveTime } from "./stamp.ts";

/** The columns and the day that govern the next row. */
export interface Governing {
  /** Null before the first `#Fields`, and after one that cannot be used. */
  layout: Layout | null;
  readonly calendar: Calendar;
}

/** Takes over a `#Date` or a `#Fields`; nothing else governs. False for a `#Fields` that cannot be used. */
export function govern(governing: Governing, { name, text }: Directive): boolean {
  if (name === "date") setDirectiveTime(governing.calendar, text);
  if (name !== "fields") return true;
  const names = fieldNamesOf(text);
  if (governing.layout === null || !sameNames(names, governing.layout.names))
    governing.layout = layoutOf(names);
  return governing.layout !== null;
}

/** Whether rows under this layout move the day on, so that it is known only when they have been read. */
export function countsDays(layout: Layout | null): boolean {
  return layout !== null && layout.date < 0 && layout.time >= 0;
}

/** The directives that say as much as all so far. */
export function headerOf({ layout, calendar }: Governing): string {
  const date = directiveTimeOf(calendar);
  const lines = [
    ...(date === null ? [] : [`#Date: ${date}`]),
    ...(layout === null ? [] : [`#Fields: ${layout.names.join(" ")}`]),
  ];
  return lines.join("\n");
}

/** Takes over a header. */
export function takeHeader(governing: Governing, header: string): void {
  for (const line of header.split("\n")) {
    const directive = directiveOf(line);
    if (directive !== null) govern(governing, directive);
  }
}

const LINE_FEED = 10;
const HASH = 35;

/**
 * The header behind whole lines that stand under `header`, told from their directives alone: at 6 GB/s. Null where that is
 * not enough: rows that count days, and NULs, behind which a line begins without an end of the one before.
 */
export function headerBehind(header: string, lines: Uint8Array): string | null {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  if (bytes.includes(0)) return null;
  const governing = { layout: null, calendar: makeCalendar((wall) => wall) };
  takeHeader(governing, header);
  if (countsDays(governing.layout)) return null;
  let at = bytes[0] === HASH ? 0 : nextDirective(bytes, 0);
  for (; at >= 0; at = nextDirective(bytes, at)) {
    const end = bytes.indexOf(LINE_FEED, at);
    if (end - at >= LINE_BYTES_MAX) continue;
    const directive = directiveOf(bytes.toString("utf8", at, end).replace(/\r$/, ""));
    if (directive !== null) govern(governing, directive);
    if (countsDays(governing.layout)) return null;
  }
  return headerOf(governing);
}

/** Where the next line begins that begins with `#`, behind `at`; -1 where none does. */
function nextDirective(bytes: Buffer, at: number): number {
  const found = bytes.indexOf("\n#", at, "latin1");
  return found < 0 ? -1 : found + 1;
}

function sameNames(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, column) => name === right[column]);
}
