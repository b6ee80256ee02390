/** Names of Sigma's taxonomy that a web server's log answers to and does not list (docs/formats/iis.md). */
import type { FieldValue, Unlisted } from "../../../model/event.ts";

/** The names that Sigma's web server rules use, and the columns that they mean. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ["cs-user-agent", "cs(User-Agent)"],
  ["c-useragent", "cs(User-Agent)"],
  ["cs-referer", "cs(Referer)"],
  ["cs-cookie", "cs(Cookie)"],
  ["c-uri-query", "cs-uri-query"],
]);

/** The address as logged, or its stem and query together. */
export function uriOf(ask: (name: string) => FieldValue | undefined): FieldValue | undefined {
  const logged = ask("cs-uri");
  if (logged !== undefined) return logged;
  const stem = ask("cs-uri-stem");
  const query = ask("cs-uri-query");
  if (stem === undefined) return undefined;
  return query === undefined ? stem : `${String(stem)}?${String(query)}`;
}

/** What an IIS log says besides what it lists; nothing of it is lost. */
export const iisUnlisted: Unlisted = {
  answer(name, ask) {
    if (name === "cs-uri") return uriOf(ask);
    const column = ALIASES.get(name);
    return column === undefined ? undefined : ask(column);
  },
  reach: () => "whole",
};
