/**
 * Which field of a log says what of a request, and on which side of the server the log is written. Refuses logs that name neither a client
 * nor a mailbox. The names are those of model/fields.ts; a log of several kinds of rows has them by its channel.
 */
import type { FormatId } from "../../../model/evidence.ts";

/**
 * Where a request is seen: as the client reaches the server, as Exchange hands it on, where it is served, and what serves it. One
 * request may stand in all four, and counts once; in one of them it stands once.
 */
export const SIDES = ["front end", "proxy", "back end", "service"] as const;
/** One of SIDES. */
export type Side = (typeof SIDES)[number];

/** The names of the fields; "" where the log has no such thing. */
export interface RowWords {
  /** Null: the row's own field `Side` tells. */
  readonly side: Side | null;
  readonly client: string;
  /** "": every row is of `part`. */
  readonly path: string;
  readonly query: string;
  readonly method: string;
  readonly status: string;
  readonly bytes: string;
  readonly items: string;
  readonly agent: string;
  /** Whose mailbox, the first that a row has. */
  readonly mailboxes: readonly string[];
  readonly part: "EWS" | "mailbox in Microsoft 365" | "pages elsewhere";
  /** Rows are read only where this field says this. */
  readonly only: { readonly field: string; readonly is: string } | null;
}

const WEB: RowWords = {
  side: null,
  client: "c-ip",
  path: "cs-uri-stem",
  query: "cs-uri-query",
  method: "cs-method",
  status: "sc-status",
  bytes: "sc-bytes",
  items: "",
  agent: "cs(User-Agent)",
  mailboxes: ["cs-username"],
  part: "pages elsewhere",
  only: null,
};

const PROXY: RowWords = {
  ...WEB,
  side: "proxy",
  client: "ClientIpAddress",
  path: "UrlStem",
  query: "UrlQuery",
  method: "Method",
  status: "HttpStatus",
  bytes: "ResponseBytes",
  agent: "UserAgent",
  mailboxes: ["AnchorMailbox", "AuthenticatedUser"],
};

/** By `format` or `format channel`. */
const WORDS: ReadonlyMap<string, RowWords> = new Map<string, RowWords>([
  ["iis", WEB],
  ["ncsa", { ...WEB, side: "front end" }],
  ["exchange HttpProxy", PROXY],
  [
    "exchange Ews",
    {
      ...PROXY,
      side: "service",
      path: "",
      query: "",
      method: "",
      bytes: "ResponseSize",
      items: "LocalIdCount",
      mailboxes: ["ImpersonatedUser", "ActAsUser", "AuthenticatedUser"],
      part: "EWS",
    },
  ],
  [
    "m365 UnifiedAudit",
    {
      ...WEB,
      side: "front end",
      client: "ClientIPAddress",
      path: "",
      query: "",
      method: "",
      status: "",
      bytes: "",
      items: "ItemCount",
      agent: "ClientInfoString",
      mailboxes: ["MailboxOwnerUPN", "UserId"],
      part: "mailbox in Microsoft 365",
      only: { field: "Operation", is: "MailItemsAccessed" },
    },
  ],
]);

/** Logs in the form of a web log that tell of no request to a web site. */
const NOT_WEB = /^(?:HTTPERR|FTPSVC|Firewall)/i;

/** The words of a log; null where its rows tell nothing of requests. */
export function wordsOf(format: FormatId, channel: string): RowWords | null {
  if (format === "iis" && NOT_WEB.test(channel)) return null;
  return WORDS.get(format) ?? WORDS.get(`${format} ${channel}`) ?? null;
}
