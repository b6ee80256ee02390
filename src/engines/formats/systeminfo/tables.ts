/**
 * Lists of updates: tables with fixed columns (wmic qfe, Get-HotFix), and lines of number and title. Refuses to say that an
 * update of the latter is installed: such a list does not tell. Spec: docs/formats/systeminfo.md.
 */
import type { FieldValue } from "../../../model/event.ts";
import { type Column, TITLED, columnsOf } from "./layout.ts";
import { type ListingLine, type ListingSink, kbOf } from "./system.ts";

/** Rows of a table under its line of names, which may come again for another host. */
export class UpdateTable {
  readonly #sink: ListingSink;
  #columns: readonly Column[] | null = null;

  constructor(sink: ListingSink) {
    this.#sink = sink;
  }

  take(line: ListingLine): void {
    const { text, offset, sizeBytes, number, isEnded } = line;
    if (/(^|\s)HotFixID(\s|$)/.test(text)) {
      this.#columns = columnsOf(text);
      return;
    }
    // Get-HotFix underlines its names.
    if (/^[-\s]+$/.test(text)) return;
    if (this.#columns === null) {
      this.#sink.flaw(offset, {
        what: "line",
        need: "the names of the columns first",
        have: "text",
      });
      return;
    }
    const fields = cellsIn(text, this.#columns);
    const of = (name: string) => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    // On Windows XP a package of many files is listed once for each, and named in another column.
    const name = kbOf(of("HotFixID")) === "" ? of("ServicePackInEffect") : of("HotFixID");
    // A number that was cut would be another update.
    const kb = isEnded || !text.endsWith(name) ? kbOf(name) : "";
    if (kb !== "") fields.set("Product", "Windows").set("Observation", "hotfix-list").set("Kb", kb);
    const host = of("CSName") || of("Source") || of("PSComputerName");
    const date = of("InstalledOn");
    this.#sink.row({ offset, line: number, sizeBytes, fields, date, host, channel: "qfe" });
  }
}

/**
 * The cells of a line that are not empty. Two blanks end a cell: where a name has letters that take two bytes, wmic counts
 * wrongly, and the cells behind it stand too far to the left.
 */
function cellsIn(text: string, columns: readonly Column[]): Map<string, FieldValue> {
  const fields = new Map<string, FieldValue>();
  let shifted = "";
  for (const { name, start, end } of columns) {
    const own = text.slice(start, end).trim();
    const [value = "", ...rest] = (own === "" ? shifted : own).split(/ {2,}/);
    if (value !== "") fields.set(name, value);
    shifted = rest.join("  ");
  }
  return fields;
}

/** Updates by number and title. */
export class TitledUpdates {
  readonly #sink: ListingSink;

  constructor(sink: ListingSink) {
    this.#sink = sink;
  }

  take({ text, offset, sizeBytes, number }: ListingLine): void {
    const [, numbers = "", title = ""] = TITLED.exec(text) ?? [];
    if (title === "") {
      this.#sink.flaw(offset, {
        what: "line",
        need: "the number and title of an update",
        have: "another text",
      });
      return;
    }
    const kbs = numbers.split(", ");
    const fields = new Map<string, FieldValue>([
      ["Title", title],
      ["Product", title],
      ["Observation", "offered-update"],
      ["Kb", kbs[0] ?? ""],
    ]);
    if (kbs.length > 1) fields.set("KbArticleIds", kbs);
    this.#sink.row({
      offset,
      line: number,
      sizeBytes,
      fields,
      date: "",
      host: "",
      channel: "updates",
    });
  }
}
