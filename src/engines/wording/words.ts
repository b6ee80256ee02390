/** Numbers, times and lists as a sentence writes them. Text of evidence becomes one visible, short line. */
import { formatTicks, toTicks } from "../../base/time.ts";
import { shorten, visible } from "../../base/text.ts";

const SPELT_CHARS_MAX = 120;

/** `1 record`, `182,344 records`; `many` is the plural where it is not `one` and an s. */
export function count(number: number, one: string, many = `${one}s`): string {
  const digits = String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${digits} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2
    ? (items[0] ?? "")
    : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}

/** The first `max` of them, and how many there are besides: `a, b and 3 others`. */
export function listFirst(items: readonly string[], max: number): string {
  const more = items.length - max;
  return list([...items.slice(0, max), ...(more > 0 ? [count(more, "other")] : [])]);
}

/** A time in UTC with the decimals of its source, or words where there is none; or text of evidence, made visible. */
export function spell(value: bigint | string, digits = 0): string {
  if (typeof value === "string") return shorten(visible(value), SPELT_CHARS_MAX);
  const ticks = toTicks(value);
  return ticks === null ? "an unknown time" : formatTicks(ticks, digits);
}

/** A sentence as a part of another one; a name at its head (`CU20`, `MX1`) stays as it is. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}
