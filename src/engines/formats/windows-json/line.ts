/**
 * One line of JSON into a value, within limits. Refuses what is cut, what is nested too deep, what is no event.
 * Spec: RFC 8259; integers beyond 2^53 come out as strings of digits, so that none is rounded.
 */
import { type WindowsEvent, eventOfJson } from "./dialect.ts";

/** A value deeper than this is refused: no exporter nests an event further, and every walk over it recurses. */
export const DEPTH_MAX = 24;

/** What a line is: an event, or the reason why not. */
export type ReadLine =
  | { readonly kind: "event"; readonly event: WindowsEvent }
  | { readonly kind: "not"; readonly what: string; readonly need: string; readonly have: string };

/** Reads one line. Never throws because of content. */
export function readLine(text: string): ReadLine {
  let value: unknown;
  try {
    // Only lines that hold a long number pay for keeping its digits.
    value = LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    const have = /\}\s*$/.test(text) ? "no JSON" : "no closing brace";
    return { kind: "not", what: "JSON", need: "one whole object a line", have };
  }
  if (!isWithin(value, DEPTH_MAX))
    return { kind: "not", what: "nesting", need: `at most ${DEPTH_MAX} levels`, have: "more" };
  const event = eventOfJson(value);
  if (event === null)
    return { kind: "not", what: "event", need: "EventID and Channel", have: "another shape" };
  return { kind: "event", event };
}

const LONG_NUMBER = /[:,[\s]-?\d{16,}/;

/** A reviver: JSON.parse hands over the digits as written (ECMAScript proposal-json-parse-with-source). */
function keepDigits(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? "";
  return /^-?\d+$/.test(digits) ? digits : value;
}

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWithin(inner, levels - 1));
}
