/**
 * The columns of one row out of JSON: objects within it are opened, so that `columns.name` is a column. Refuses rows of too
 * many columns; lists of objects stay JSON texts, because a row has one value a column.
 */
import { COLUMNS_MAX } from "../csv/grammar.ts";
import { type Json, type JsonObject, isObject } from "../json/json-value.ts";

/** Names and values of one row, in the order of the source. */
export interface Columns {
  readonly names: readonly string[];
  readonly values: readonly Json[];
}

/** The columns of an object; null where it is none, or has more than COLUMNS_MAX. */
export function columnsOf(value: Json): Columns | null {
  if (!isObject(value)) return null;
  const names: string[] = [];
  const values: Json[] = [];
  const open = (object: JsonObject, path: string) => {
    for (const name of Object.keys(object)) {
      if (names.length > COLUMNS_MAX) return;
      const inner = object[name] ?? null;
      // Depth is within what parseJson allows.
      if (isObject(inner) && Object.keys(inner).length > 0) {
        open(inner, `${path}${name}.`);
      } else {
        names.push(`${path}${name}`);
        values.push(inner);
      }
    }
  };
  open(value, "");
  return names.length > COLUMNS_MAX ? null : { names, values };
}
