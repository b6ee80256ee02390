/** Text that came from evidence, made safe to look at. Refuses to decide what the text means. */

// C0, DEL, C1, and the characters that reorder or hide text (abuse cases 22 and 27).
// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The text with control, zero-width and direction characters written as `\u{…}`: one visible line. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** At most `charsMax` UTF-16 units, with an ellipsis where it was cut. */
export function shorten(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}

/** Orders by UTF-16 units: the same on every machine and in every language. */
export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** JSON with object keys sorted at every depth and no blanks: equal values give equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => byCodeUnits(a, b)))
      : inner,
  );
}
