/**
 * Which rules of a bucket are worth evaluating for a row. Gates look at the bytes of the source wherever a batch says where a text
 * stands; a string is made of what is not ASCII, of numbers and of lists. Refuses to decide: a rule it lets through may not match.
 */
import { type Batch, emptySpan, type FieldValue } from "../../model/event.ts";
import type { Row, Slots } from "./compile.ts";
import { isSourceField } from "./fields.ts";
import type { FoldedText } from "./folded-text.ts";
import type { Gate } from "./gate.ts";
import { type GramTable, Opened, buildTables, scan } from "./scan.ts";

/** A table, and the one field of the source that it looks at; null where its value is put together from more. */
interface Watch {
  readonly table: GramTable;
  readonly field: string | null;
}

/** The gates of one bucket. */
export class Prefilter {
  readonly #opened: Opened;
  /** Of values that are one field or several, and of whole rows. */
  readonly #ofFields: readonly Watch[];
  readonly #ofRows: readonly GramTable[];
  /** Rules without a gate: worth evaluating for every row. */
  readonly #ungated: Int32Array;
  readonly #span = emptySpan();
  readonly #text: FoldedText;

  /** `gates[rule]` is null where the rule has none; `text` is lent, and used while a row is looked at. */
  constructor(gates: readonly (Gate | null)[], { fields }: Slots, text: FoldedText) {
    this.#text = text;
    this.#opened = new Opened(gates.length);
    this.#ungated = Int32Array.from(gates.flatMap((gate, at) => (gate === null ? [at] : [])));
    const tables = buildTables(gates);
    const namesOf = ({ slot }: GramTable) => fields[slot] ?? [];
    this.#ofRows = tables.filter((table) => namesOf(table).length === 0);
    this.#ofFields = tables.flatMap((table) => {
      const [field, ...others] = namesOf(table);
      if (field === undefined) return [];
      return [{ table, field: others.length === 0 && isSourceField(field) ? field : null }];
    });
  }

  /** The rules whose gates the row opens, ascending; the next call fills the same object. */
  open(row: Row): Opened {
    const opened = this.#opened;
    const { batch, at } = row;
    opened.clear();
    if (batch === null) return opened;
    for (const { table, field } of this.#ofFields)
      if (field === null || !this.#scanBytes(table, batch, at, field))
        this.#scanValue(table, row.reading(table.slot));
    for (const table of this.#ofRows) this.#scanRow(table, batch, at);
    for (const rule of this.#ungated) opened.add(rule);
    opened.sort();
    return opened;
  }

  /** All that readWhole gives, one after the other. */
  #scanRow(table: GramTable, batch: Batch, at: number): void {
    this.#scanValue(table, batch.provider(at));
    this.#scanValue(table, batch.channel(at));
    this.#scanValue(table, batch.host(at));
    for (const name of batch.names(at))
      if (!this.#scanBytes(table, batch, at, name)) this.#scanValue(table, batch.field(at, name));
  }

  /** False where only the decoded value tells. */
  #scanBytes(table: GramTable, batch: Batch, at: number, name: string): boolean {
    const span = this.#span;
    if (batch.span?.(at, name, span) !== true || span.encoding === null) return false;
    if (!this.#text.takeSpan(span)) return false;
    scan(table, this.#text, this.#opened);
    return true;
  }

  #scanValue(table: GramTable, value: FieldValue | undefined): void {
    if (value === undefined || value === null) return;
    if (typeof value === "object") {
      for (const item of value) this.#scanValue(table, item);
      return;
    }
    this.#text.takeText(String(value));
    scan(table, this.#text, this.#opened);
  }
}
