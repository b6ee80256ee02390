/** Fields of a row as short texts: numbers, lists and parameters of cmdlets alike. Refuses long ones: what is behind the limit is in the record. */
import type { Batch, FieldValue } from "../../model/event.ts";

const TEXT_CHARS_MAX = 200;
const OF_PARAMETERS = "Parameters.";

/** How a text is held against words, whatever their case: one of them is enough. */
export interface Words {
  readonly is?: readonly string[] | undefined;
  readonly contains?: readonly string[] | undefined;
  readonly starts?: readonly string[] | undefined;
  readonly ends?: readonly string[] | undefined;
}

/** Whether a text is, has in it, begins or ends with one of the words. */
export function saysOneOf(text: string, words: Words): boolean {
  const value = text.toLowerCase();
  const { is = [], contains = [], starts = [], ends = [] } = words;
  return (
    is.some((word) => value === word.toLowerCase()) ||
    contains.some((word) => value.includes(word.toLowerCase())) ||
    starts.some((word) => value.startsWith(word.toLowerCase())) ||
    ends.some((word) => value.endsWith(word.toLowerCase()))
  );
}

/** A value as one short text; "" where there is none. */
export function textOf(value: FieldValue | undefined): string {
  const plain = Array.isArray(value) ? value.join(", ") : value;
  return plain === undefined || plain === null ? "" : String(plain).trim().slice(0, TEXT_CHARS_MAX);
}

/** The first of these fields that says anything; `Parameters.X` is looked for wherever logs keep parameters. */
export function firstText(batch: Batch, row: number, names: readonly string[]): string {
  for (const name of names) {
    const text = name.startsWith(OF_PARAMETERS)
      ? parameterOf(batch, row, name.slice(OF_PARAMETERS.length))
      : textOf(batch.field(row, name));
    if (text !== "") return text;
  }
  return "";
}

/** The same of fields that are not a row's. */
export function firstTextOf(
  read: (name: string) => FieldValue | undefined,
  names: readonly string[],
): string {
  for (const name of names) {
    const text = textOf(read(name));
    if (text !== "") return text;
  }
  return "";
}

/** A parameter by its own name, or within the one text that some logs keep of all: `-AuditEnabled:$false -Identity "a b"`. */
export function parameterOf(batch: Batch, row: number, parameter: string): string {
  for (const name of [`Parameters.${parameter}`, `CmdletParameters.${parameter}`]) {
    const own = textOf(batch.field(row, name));
    if (own !== "") return own;
  }
  const text = batch.field(row, "Parameters");
  if (typeof text !== "string") return "";
  const at = text.toLowerCase().indexOf(`-${parameter.toLowerCase()}`);
  if (at < 0) return "";
  const rest = text.slice(at + parameter.length + 1, at + parameter.length + 1 + TEXT_CHARS_MAX);
  const [, quoted, plain] = /^[ :]{1,3}(?:["']([^"']{1,64})|([^\s"']{1,64}))/.exec(rest) ?? [];
  return quoted ?? plain ?? "";
}
