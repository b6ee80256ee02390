/**
 * Recognises tables of other products by their columns, as knowledge/tables.json describes them. Refuses CSV and JSON with
 * other columns: a person would have to say what they mean.
 */
import type { Card } from "../format.ts";
import { layoutOf } from "./layout.ts";
import { type Table, makeMatch } from "./table.ts";

/** The card of the tables that knowledge describes. */
export function makeTableCard(tables: readonly Table[]): Card {
  const match = makeMatch(tables);
  return {
    id: "table",
    reads: `exports of ${new Set(tables.map(({ product }) => product)).size} products as CSV or JSON, by their columns`,
    spec: "knowledge/tables.json; RFC 4180; RFC 8259",
    recognises: (head) => layoutOf(head, match) !== null,
  };
}
