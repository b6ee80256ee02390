/**
 * Recognises Exchange's logs by their directives: `#Software: Microsoft Exchange…`, or columns parted by commas of which
 * the first is a time. Refuses IIS, HTTPERR and DHCP logs: other software, or columns parted by blanks. Sources: docs/formats/exchange.md.
 */
import type { Card } from "../format.ts";

const SOFTWARE = /^#Software: Microsoft Exchange\b/i;
const FIELDS = /^#Fields: (?:date-?time|time-?stamp),/i;
/** Names, directives, and what stands between them. */
const HEAD_LINES_MAX = 16;

/** The card of Exchange's logs. */
export const exchangeCard: Card = {
  id: "exchange",
  reads:
    "Exchange Server logs (HttpProxy, message tracking, EWS, ECP, SMTP and others, CSV under #Fields)",
  spec: "https://learn.microsoft.com/exchange/mail-flow/transport-logs/transport-logs",
  recognises(head) {
    const text = new TextDecoder("latin1").decode(head);
    // The byte order mark as latin1 reads it.
    const lines = text.replace(/^\u00ef\u00bb\u00bf/, "").split("\n", HEAD_LINES_MAX);
    if (lines.some((line) => /^#Software: (?!Microsoft Exchange\b)/i.test(line))) return false;
    return lines.some((line) => SOFTWARE.test(line) || FIELDS.test(line));
  },
};
