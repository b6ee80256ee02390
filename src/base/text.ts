/** Text that came from evidence, made safe to look at. Refuses to decide what the text means. */

// C0, DEL, C1, and what reorders or hides text: Unicode's format characters and line separators (abuse cases 22, 27).
// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The text with control, zero-width and direction characters written as `\u{…}`: one visible line. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** At most `charsMax` UTF-16 units, with an ellipsis where it was cut; never half of a surrogate pair. */
export function shorten(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  if (charsMax < 1) return "";
  const kept = text.slice(0, charsMax - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** Orders by UTF-16 units: the same on every machine and in every language. */
export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * JSON with object keys sorted by UTF-16 units at every depth and no blanks: equal values give equal bytes.
 * Written out by hand because an object of the runtime keeps keys such as "10" before all others.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object" || "toJSON" in value)
    return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(",")}]`;
  const pairs = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([left], [right]) => byCodeUnits(left, right))
    .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`);
  return `{${pairs.join(",")}}`;
}

/** Finished JSON with what a terminal acts on or hides as `\uXXXX`: it still reads back as the same value. */
export function inertJson(json: string): string {
  // JSON itself escapes C0; outside of texts none of these characters can stand.
  return json.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => {
    const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
