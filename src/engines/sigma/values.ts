/**
 * A value as a rule writes it, to literals and wildcards: the escape rules of the Sigma specification.
 * `\*`, `\?` and `\\` are the plain characters; a backslash before anything else is a plain backslash.
 */
import type { Placeholders } from "./placeholders.ts";
import type { Part } from "./rule.ts";

/** What the values of one file may come to, each alternative counted: placeholders and encodings multiply them. */
export const VALUES_MAX = 100_000;
/** How many characters they may have together. */
export const CHARS_MAX = 16_000_000;

/** Reads the wildcards and escapes of a text. */
export function readParts(text: string): Part[] {
  const parts: Part[] = [];
  let literal = "";
  const close = (): void => {
    if (literal !== "") parts.push({ kind: "literal", text: literal });
    literal = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === "\\" && (next === "*" || next === "?" || next === "\\")) {
      literal += next;
      at++;
    } else if (char === "*" || char === "?") {
      close();
      parts.push({ kind: char === "*" ? "many" : "one" });
    } else {
      literal += char;
    }
  }
  close();
  return parts;
}

/** The text that the parts stand for, or null where they hold a wildcard. */
export function plainText(parts: readonly Part[]): string | null {
  let text = "";
  for (const part of parts) {
    if (part.kind !== "literal") return null;
    text += part.text;
  }
  return text;
}

/** How long the literals are, each wildcard as one character. */
export function charsOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === "literal" ? part.text.length : 1), 0);
}

/** The dashes that introduce an option on Windows: hyphen, slash, en dash, em dash, horizontal bar. */
export const OPTION_DASHES = "-/\u2013\u2014\u2015";
const SPELLED_DASHES_MAX = 3;
const SPELLED_CHARS_MAX = 4_096;

/** The parts with each dash spelled out, in every combination; or the reason why there would be too many. */
export function spellings(parts: readonly Part[]): readonly (readonly Part[])[] | string {
  const dashes = parts.filter(({ kind }) => kind === "dash").length;
  if (dashes > SPELLED_DASHES_MAX) return `cannot spell out more than ${SPELLED_DASHES_MAX} dashes`;
  if (dashes > 0 && charsOf(parts) > SPELLED_CHARS_MAX)
    return `cannot spell out dashes in more than ${SPELLED_CHARS_MAX} characters`;
  let spelled: readonly (readonly Part[])[] = [parts];
  for (let left = dashes; left > 0; left--) spelled = spelled.flatMap(spellFirst);
  return spelled.map(joined);
}

function spellFirst(parts: readonly Part[]): readonly (readonly Part[])[] {
  const at = parts.findIndex(({ kind }) => kind === "dash");
  return OPTION_DASHES.split("").map((text) => parts.with(at, { kind: "literal", text }));
}

/** The parts with literals that stand side by side as one. */
export function joined(parts: readonly Part[]): readonly Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.kind === "literal" && last?.kind === "literal")
      merged[merged.length - 1] = { kind: "literal", text: last.text + part.text };
    else merged.push(part);
  }
  return merged;
}

/** A backslash with what it stands before, or a placeholder. */
const PLACEHOLDER = /\\[\\%]|%([^%]+)%/g;

/** What stands between placeholders, and their names, by turns: the text first and last. `\%` is a percent sign. */
function splitAtPlaceholders(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  let from = 0;
  for (const { index, 0: found, 1: name } of text.matchAll(PLACEHOLDER)) {
    piece += text.slice(from, index);
    from = index + found.length;
    if (name === undefined) {
      piece += found === "\\%" ? "%" : found;
      continue;
    }
    pieces.push(piece, name);
    piece = "";
  }
  return [...pieces, piece + text.slice(from)];
}

/** Placeholders in one value: names that have one value each multiply nothing, and would never end. */
const PLACEHOLDERS_MAX = 16;

/** What a value may come to: spellings, and characters in all of them. */
export interface Most {
  readonly values: number;
  readonly chars: number;
}

/**
 * A value with the values of its placeholders (the modifier `expand`), in every combination: each as the pieces between
 * which a value was put in. Or the reason why there is none: a placeholder without a value, more than `most` of them.
 */
export function expand(
  text: string,
  placeholders: Placeholders,
  most: Most,
): readonly (readonly string[])[] | string {
  const written = splitAtPlaceholders(text);
  if (written.length > 2 * PLACEHOLDERS_MAX + 1)
    return `more than ${PLACEHOLDERS_MAX} placeholders in a value`;
  let made: readonly (readonly string[])[] = [[]];
  let chars = 0;
  for (const [at, piece] of written.entries()) {
    const values = at % 2 === 0 ? [piece] : (placeholders.get(piece) ?? []);
    if (values.length === 0)
      return `the placeholder '%${piece}%' without a value in a file of placeholders`;
    const added = values.reduce((sum, value) => sum + value.length, 0);
    chars = chars * values.length + made.length * added;
    if (values.length * made.length > most.values || chars > most.chars)
      return `placeholders with more combinations than ${VALUES_MAX} values or ${CHARS_MAX} characters`;
    made = made.flatMap((pieces) => values.map((value) => [...pieces, value]));
  }
  return made;
}
