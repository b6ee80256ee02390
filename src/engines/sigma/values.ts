/**
 * A value as a rule writes it, to literals and wildcards: the escape rules of the Sigma specification.
 * `\*`, `\?` and `\\` are the plain characters; a backslash before anything else is a plain backslash.
 */
import type { Placeholders } from "./placeholders.ts";
import type { Part } from "./rule.ts";

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

/** The dashes that introduce an option on Windows: hyphen, slash, en dash, em dash, horizontal bar. */
export const OPTION_DASHES = "-/\u2013\u2014\u2015";
const SPELLED_DASHES_MAX = 3;

/** The parts with each dash spelled out, in every combination; or the reason why there would be too many. */
export function spellings(parts: readonly Part[]): readonly (readonly Part[])[] | string {
  const dashes = parts.filter(({ kind }) => kind === "dash").length;
  if (dashes > SPELLED_DASHES_MAX) return `cannot spell out more than ${SPELLED_DASHES_MAX} dashes`;
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

const PLACEHOLDER = /%([^%\s]+)%/;

/**
 * A value with the values of its placeholders (the modifier `expand`), in every combination: each as the pieces between
 * which a value was put in. Or the reason why there is none: a placeholder without a value, more than `most` combinations.
 */
export function expand(
  text: string,
  placeholders: Placeholders,
  most: number,
): readonly (readonly string[])[] | string {
  let made: readonly (readonly string[])[] = [[]];
  // Names stand at odd places: what a pattern with one group splits at.
  for (const [at, piece] of text.split(PLACEHOLDER).entries()) {
    const values = at % 2 === 0 ? [piece] : (placeholders.get(piece) ?? []);
    if (values.length === 0) return `the placeholder '%${piece}%' without a value`;
    if (values.length * made.length > most)
      return `placeholders with more than ${most} combinations`;
    made = made.flatMap((pieces) => values.map((value) => [...pieces, value]));
  }
  return made;
}
