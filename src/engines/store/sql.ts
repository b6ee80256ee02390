/**
 * SQL that is put together from pieces. A text never becomes a part of the statement: it is bound; only numbers are
 * written out.
 */

/** A piece of a statement, `?` where a text is bound, and these texts in their order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly string[];
}

/** Template tag: pieces are put in, texts are bound, numbers are written out. */
export function sql(
  parts: TemplateStringsArray,
  ...inserts: (Sql | string | number | bigint)[]
): Sql {
  let text = parts[0] ?? "";
  const values: string[] = [];
  for (const [at, insert] of inserts.entries()) {
    if (typeof insert === "string") {
      text += "?";
      values.push(insert);
    } else if (typeof insert === "object") {
      text += insert.text;
      values.push(...insert.values);
    } else text += `${insert}`;
    text += parts[at + 1] ?? "";
  }
  return { text, values };
}

/** The pieces with `between` between them. */
export function joined(pieces: readonly Sql[], between: " AND " | " OR " | ", "): Sql {
  return {
    text: pieces.map(({ text }) => text).join(between),
    values: pieces.flatMap(({ values }) => values),
  };
}

/** Every row, and no row. */
export const TRUE = sql`true`;
export const FALSE = sql`false`;
