/**
 * Words of PowerShell that text from evidence may stand in. Refuses to let a text end its own quotes: PowerShell takes five
 * characters for a single quote (about_Quoting_Rules), and each is doubled.
 */
import { visible } from "../../base/text.ts";

/** A text as a single-quoted literal: nothing in it is expanded, no line ends in it. */
export function quoted(text: string): string {
  return `'${visible(text).replace(/['\u2018\u2019\u201a\u201b]/g, (quote) => quote + quote)}'`;
}

/** A text as a comment of one line. */
export function comment(text: string): string {
  return `# ${visible(text)}`;
}

/** A hashtable of literals in one line. */
export function hashtable(pairs: Readonly<Record<string, string | boolean>>): string {
  const entries = Object.entries(pairs).map(
    ([name, value]) => `${name} = ${typeof value === "boolean" ? `$${value}` : quoted(value)}`,
  );
  return `@{ ${entries.join("; ")} }`;
}
