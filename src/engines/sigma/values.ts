/**
 * A value as a rule writes it, to literals and wildcards: the escape rules of the Sigma specification.
 * `\*`, `\?` and `\\` are the plain characters; a backslash before anything else is a plain backslash.
 */
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
