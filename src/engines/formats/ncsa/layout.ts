/**
 * The columns of an access log in NCSA's common and combined form, as Apache and nginx write it, and its limits.
 * Spec: Apache "Log Files" and mod_log_config (%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"); nginx
 * ngx_http_log_module (`combined`).
 */
import type { Unlisted } from "../../../model/event.ts";

/** A longer line is a flaw: servers cut requests and headers long before (8 to 16 KiB each). */
export const LINE_BYTES_MAX = 65_536;

/** What is kept of a row: where each of these starts and ends. What the row lacks starts at -1. */
export const Column = {
  virtualHost: 0,
  client: 1,
  ident: 2,
  user: 3,
  time: 4,
  request: 5,
  status: 6,
  bytes: 7,
  referer: 8,
  agent: 9,
  /** What a longer format writes behind it: a forwarded address, how long it took. */
  rest: 10,
} as const;

/** How many columns there are. */
export const COLUMNS = 11;

/** Names under which W3C logs and Sigma's web server rules know the same things; answered, but not listed. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ["cs-user-agent", "cs(User-Agent)"],
  ["c-useragent", "cs(User-Agent)"],
  ["cs-referer", "cs(Referer)"],
  ["cs-referrer", "cs(Referer)"],
  ["c-uri-query", "cs-uri-query"],
  ["cs-uri", "c-uri"],
]);

/** What an access log says besides what it lists; nothing of it is lost. */
export const ncsaUnlisted: Unlisted = {
  answer(name, ask) {
    const listed = ALIASES.get(name);
    return listed === undefined ? undefined : ask(listed);
  },
  reach: () => "whole",
};
