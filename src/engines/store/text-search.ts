/**
 * Texts sought in a row, ignoring ASCII case: in any column, or in the value of any field at any depth. The fields are
 * searched as they are stored, in JSON, by one regular expression for all texts; where a hit could be a mark of JSON,
 * the name of a field or a part of an escape, the row is in doubt. Engine: RE2, linear in the text.
 */
import type { Condition } from "./condition.ts";
import { FALSE, joined, type Sql, sql, TRUE } from "./sql.ts";

/** Longer texts are sought by their beginning and then decided row by row. */
const SOUGHT_UNITS_MAX = 256;
/** Texts of one expression; more make several, since RE2 bounds the size of each. */
const PATTERN_UNITS_MAX = 8192;

/** Columns with text of their own. */
const COLUMNS: readonly Sql[] = [
  sql`host`,
  sql`channel`,
  sql`provider`,
  sql`record`,
  sql`format`,
  sql`evidence`,
  sql`member`,
  sql`file`,
];
/** The event id as a query sees it. */
const EVENT_ID = sql`CASE WHEN event_id = -1 THEN '' ELSE event_id::VARCHAR END`;

/** Begins a value in JSON: the first of an array or a value of a field, up to any place in it that is not within an escape. */
const IN_TEXT = String.raw`[:\[]"(?:[^"\\]|\\(?:u[0-9a-f]{4}|[^u]))*`;
/** Begins a number or a word; the quote before the colon closes a name, since no opening quote follows these. */
const IN_WORD = String.raw`[^\\{,]":[-0-9.e+]*`;

/** Rows that hold any of these texts: in any column or in the value of a field, or (`inFields`) in the value of a field alone. */
export function textCondition(
  anywhere: readonly string[],
  inFields: readonly string[] = [],
): Condition {
  // Every row has a format, and so a text in which nothing can be found anywhere.
  if (anywhere.includes("")) return { may: TRUE, must: TRUE, isWide: false };
  const parts = [
    ...groupsOf([...anywhere, ...inFields]).map(fieldsCondition),
    ...groupsOf(anywhere).map(columnsCondition),
  ];
  return {
    may: joined(
      parts.map(({ may }) => may),
      " OR ",
    ),
    must: joined(
      parts.map(({ must }) => must),
      " OR ",
    ),
    isWide: true,
  };
}

/** Texts that fit one expression together. */
function groupsOf(texts: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let units = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const more = Math.min(text.length, SOUGHT_UNITS_MAX);
    units += more;
    if (units > PATTERN_UNITS_MAX) {
      groups.push([]);
      units = more;
    }
    groups.at(-1)?.push(text);
  }
  return groups;
}

/** May and must of one expression; half a surrogate pair is a part of a whole one in the text, but not in its UTF-8. */
function fieldsCondition(texts: readonly string[]): Pick<Condition, "may" | "must"> {
  if (!texts.every((text) => text.isWellFormed())) return { may: TRUE, must: FALSE };
  const json = texts.map((text) => literalOf(JSON.stringify(headOf(text)).slice(1, -1))).join("|");
  const may = sql`regexp_matches(fields, ${json})`;
  const values = wholeOf(texts).filter(isPlain).map(literalOf).join("|");
  if (values === "") return { may, must: FALSE };
  const within = `(?:${IN_TEXT}|${IN_WORD})(?:${values})`;
  return { may, must: sql`regexp_matches(fields, ${within})` };
}

/** The same of the columns. What is stored with NUL before it is not the text itself. */
function columnsCondition(texts: readonly string[]): Pick<Condition, "may" | "must"> {
  if (!texts.every((text) => text.isWellFormed())) return { may: TRUE, must: FALSE };
  const whole = wholeOf(texts);
  return {
    may: anyColumn(
      texts.map(headOf),
      (holds, column) => sql`${holds} OR starts_with(${column}, ${"\0"})`,
    ),
    must:
      whole.length === 0
        ? FALSE
        : anyColumn(
            whole,
            (holds, column) => sql`${holds} AND NOT starts_with(${column}, ${"\0"})`,
          ),
  };
}

/** The texts that are sought as they are, not by their beginning. */
function wholeOf(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => text.length <= SOUGHT_UNITS_MAX);
}

/** The beginning of the text that is sought, without half of a pair at its end. */
function headOf(text: string): string {
  if (text.length <= SOUGHT_UNITS_MAX) return text;
  return text
    .slice(0, SOUGHT_UNITS_MAX)
    .toWellFormed()
    .replace(/\ufffd$/, "");
}

function anyColumn(texts: readonly string[], rule: (holds: Sql, column: Sql) => Sql): Sql {
  const pattern = texts.map(literalOf).join("|");
  const holds = (column: Sql) => sql`regexp_matches(${column}, ${pattern})`;
  const pieces = COLUMNS.map((column) => sql`(${rule(holds(column), column)})`);
  if (texts.some((text) => /^-?\d*$/.test(text))) pieces.push(holds(EVENT_ID));
  return joined(pieces, " OR ");
}

/** The text as an expression that ignores ASCII case; the engine's own flag would fold other letters too, and is slower. */
function literalOf(text: string): string {
  return text.replace(/[A-Za-z]|[^0-9A-Za-z\u0080-\u{10ffff}]/gu, (unit) => {
    if (/[A-Za-z]/.test(unit)) return `[${unit.toLowerCase()}${unit.toUpperCase()}]`;
    return `\\x${unit.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** Whether the text, where it stands within a value, can only be a part of it: ASCII without marks of JSON, and not of `null`. */
function isPlain(text: string): boolean {
  return (
    /^[ -~]*$/.test(text) && !/[",[\]{}:\\]/.test(text) && !"null".includes(text.toLowerCase())
  );
}
