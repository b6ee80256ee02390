/**
 * Writes IIS logs as IIS does, in blocks, for the sample case and the tests. Refuses to hide what the format cannot
 * hold: a value is written as IIS would write it, blanks as `+`, nothing as `-`. Spec: see card.ts.
 */

/** One request; `fields` in the order of the header's names. null and "" are written as `-`. */
export type IisLine = readonly (string | number | null)[];

const BLOCK_BYTES = 262_144;

/**
 * A whole log: IIS's header, then a line for each of `lines`, in blocks of about 256 KiB.
 * `startedAt` is the text of the `#Date` line, `yyyy-mm-dd hh:mm:ss`. More than 500,000 lines a second.
 */
export function* writeIis(
  lines: Iterable<IisLine>,
  names: readonly string[],
  startedAt: string,
): Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  let text = iisHeader(names, startedAt);
  for (const line of lines) {
    text += iisLine(line);
    if (text.length >= BLOCK_BYTES) {
      yield encoder.encode(text);
      text = "";
    }
  }
  if (text !== "") yield encoder.encode(text);
}

/** The four directives that IIS writes at the start of a log and after each restart. */
export function iisHeader(names: readonly string[], startedAt: string): string {
  return `#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: ${startedAt}\r\n#Fields: ${names.join(" ")}\r\n`;
}

/** One line with its end. */
function iisLine(line: IisLine): string {
  let text = "";
  let separator = "";
  for (const value of line) {
    text += separator + (typeof value === "string" ? escaped(value) : (value ?? "-"));
    separator = " ";
  }
  return `${text}\r\n`;
}

// What ends a column or a line for the reader: written as IIS writes blanks.
// oxlint-disable-next-line no-control-regex -- NUL is one of them
const SEPARATING = /[\0\n\r ]/g;

function escaped(value: string): string {
  return value === "" ? "-" : value.replace(SEPARATING, "+");
}
