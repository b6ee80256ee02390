/**
 * The columns of an IIS log as its `#Fields` line names them, and the limits of the format.
 * Spec: W3C Extended Log File Format, "Directives"; Microsoft, "W3C Logging" (names and units of the fields).
 */

/** A longer line is a flaw: IIS cuts every value long before (http.sys takes 16 KiB of URL and headers). */
export const LINE_BYTES_MAX = 65_536;
/** IIS knows about 30 fields; custom ones add up to a few dozen. */
export const COLUMNS_MAX = 256;

/** Fields that IIS writes as whole numbers (milliseconds, bytes, ports, codes). */
const NUMBERS: ReadonlySet<string> = new Set([
  "s-port",
  "c-port",
  "sc-status",
  "sc-substatus",
  "sc-win32-status",
  "sc-bytes",
  "cs-bytes",
  "time-taken",
]);

/** One `#Fields` line: what stands in which column. A column that is not logged is -1. */
export interface Layout {
  readonly names: readonly string[];
  readonly columnOf: ReadonlyMap<string, number>;
  /** Columns that are answered: of a name that stands twice only the first. */
  readonly columns: readonly number[];
  /** Per column: whether its digits are read as a number. */
  readonly numeric: readonly boolean[];
  readonly date: number;
  readonly time: number;
  readonly taken: number;
  readonly agent: number;
  readonly site: number;
  readonly computer: number;
}

/** The layout that a `#Fields` line declares; null where it names fewer than two fields or more than COLUMNS_MAX. */
export function layoutOf(names: readonly string[]): Layout | null {
  if (names.length < 2 || names.length > COLUMNS_MAX) return null;
  const columnOf = new Map<string, number>();
  // Of a name that stands twice the first column counts: appending a column cannot hide one.
  for (const [column, name] of names.entries()) if (!columnOf.has(name)) columnOf.set(name, column);
  const find = (name: string) => columnOf.get(name) ?? -1;
  return {
    names,
    columnOf,
    columns: [...columnOf.values()],
    numeric: names.map((name) => NUMBERS.has(name)),
    date: find("date"),
    time: find("time"),
    taken: find("time-taken"),
    agent: find("cs(User-Agent)"),
    site: find("s-sitename"),
    computer: find("s-computername"),
  };
}

/** A directive line as its name in lower case and the text after the colon; null where it is another comment. */
export function directiveOf(line: string): { readonly name: string; readonly text: string } | null {
  const match = /^#([A-Za-z-]+):(.*)$/.exec(line);
  if (match === null) return null;
  const [, name = "", text = ""] = match;
  return { name: name.toLowerCase(), text: text.trim() };
}

/** The field names of a `#Fields` directive's text. */
export function fieldNamesOf(text: string): readonly string[] {
  return text.split(/[ \t]+/).filter((name) => name !== "");
}
