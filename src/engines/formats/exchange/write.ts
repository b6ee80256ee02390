/**
 * Writes Exchange's logs as Exchange 2016 does, in blocks, for the sample case and the tests. Refuses to hide what the
 * format cannot hold: a cell is written as Exchange writes it, line ends as `\r` and `\n`. Sources: docs/formats/exchange.md.
 */
import { LOGS, type FieldOf, type LogId } from "./logs.ts";

/** One row by the names of its columns; what is absent or null is an empty cell. */
export type ExchangeRow<Id extends LogId> = Readonly<
  Partial<Record<FieldOf<Id>, string | number | boolean | null>>
>;

const BLOCK_BYTES = 262_144;

/**
 * A whole log: its header, then a line for each of `rows`, in blocks of about 256 KiB. `startedAt` is the text of the
 * `#Date` line, ISO 8601 in UTC with milliseconds, as are the times of the rows.
 */
export function* writeExchange<Id extends LogId>(
  id: Id,
  rows: Iterable<ExchangeRow<Id>>,
  startedAt: string,
): Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  const names = fieldsOf(id);
  let text = exchangeHead(id) + exchangeHeader(id, startedAt);
  for (const row of rows) {
    text += rowText(id, names, row);
    if (text.length >= BLOCK_BYTES) {
      yield encoder.encode(text);
      text = "";
    }
  }
  if (text !== "") yield encoder.encode(text);
}

/** What a new file begins with, before its header. */
export function exchangeHead(id: LogId): string {
  return LOGS[id].isLed ? `${LOGS[id].fields}\r\n` : "\ufeff";
}

/** The directives at the start of a log, and again wherever it goes on after a restart. */
export function exchangeHeader(id: LogId, startedAt: string): string {
  const { software, version, logType, fields } = LOGS[id];
  return `#Software: ${software}\r\n#Version: ${version}\r\n#Log-type: ${logType}\r\n#Date: ${startedAt}\r\n#Fields: ${fields}\r\n`;
}

function fieldsOf<Id extends LogId>(id: Id): readonly FieldOf<Id>[] {
  const fields: string = LOGS[id].fields;
  return fields.split(",").filter((name): name is FieldOf<Id> => name !== "");
}

function rowText<Id extends LogId>(
  id: Id,
  names: readonly FieldOf<Id>[],
  row: ExchangeRow<Id>,
): string {
  let text = "";
  let separator = "";
  for (const name of names) {
    const value: string | number | boolean | null | undefined = row[name];
    text += separator;
    if (typeof value === "string") text += cellText(id === "HttpProxy" ? unparted(value) : value);
    else if (typeof value === "boolean" || typeof value === "number") text += String(value);
    separator = ",";
  }
  return `${text}\r\n`;
}

/** HttpProxy writes a blank for a comma (`KHTML  like Gecko`). */
function unparted(value: string): string {
  return value.replaceAll(",", " ");
}

/** Quotes where a comma or a quote is in the cell, never for anything else. */
function cellText(value: string): string {
  const text = value.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
