/**
 * JSON text from evidence into a value, within limits, and what may be asked of such a value. Refuses what is cut, what
 * is nested too deep. Spec: RFC 8259; integers beyond 2^53 come out as texts of digits, so that none is rounded.
 */
import { canonicalJson } from "../../../base/text.ts";
import type { FieldValue } from "../../../model/event.ts";

/** A parsed value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A parsed object; its names come from evidence, so only own members count. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** A value deeper than this is refused: no exporter nests an event further, and every walk over it recurses. */
export const DEPTH_MAX = 24;

/** Why a text was not read, in the words of a flaw. */
export interface NotRead {
  readonly kind: "not";
  readonly what: string;
  readonly need: string;
  readonly have: string;
}

/** A value, or the reason why there is none. */
export type ParsedJson = { readonly kind: "value"; readonly value: Json } | NotRead;

/** Parses one JSON text. Never throws because of content. */
export function parseJson(text: string): ParsedJson {
  let value: Json;
  try {
    // Only texts that hold a long number pay for keeping its digits.
    value = LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    const have = /\}\s*$/.test(text) ? "no JSON" : "no closing brace";
    return { kind: "not", what: "JSON", need: "one whole object a line", have };
  }
  return isWithin(value, DEPTH_MAX)
    ? { kind: "value", value }
    : { kind: "not", what: "nesting", need: `at most ${DEPTH_MAX} levels`, have: "more" };
}

/** What can lie beyond 2^53 = 9,007,199,254,740,992. */
const LONG_NUMBER = /[:,[\s]-?(?:9\d{15}|\d{17,})/;

/** A reviver: JSON.parse hands over the digits as written (ECMAScript proposal-json-parse-with-source). */
function keepDigits(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? "";
  return /^-?\d+$/.test(digits) ? digits : value;
}

function isWithin(value: Json, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWithin(inner, levels - 1));
}

/** Whether it is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether it is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether it is a text, a number or a truth value. */
export function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The object, or an empty one. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The text, or "". */
export function stringOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A field from a value: trailing blanks go, as from EVTX data in every Sigma reference; objects become their JSON. */
export function fieldValueOf(value: Json): FieldValue {
  if (typeof value === "string") return withoutTrailingBlanks(value);
  if (isList(value)) return value.map(fieldValueOf);
  return isObject(value) ? canonicalJson(value) : value;
}

/** Cuts blanks and control characters from the end; a loop, because a pattern would look at every run of blanks. */
export function withoutTrailingBlanks(text: string): string {
  let length = text.length;
  while (length > 0 && text.charCodeAt(length - 1) <= 0x20) length--;
  return length === text.length ? text : text.slice(0, length);
}
