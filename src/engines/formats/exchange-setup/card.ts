/**
 * Recognises Exchange's setup log by its lines: a date with the month first, milliseconds in four digits, a level.
 * Refuses anything that does not begin so. Sources: docs/formats/exchange.md.
 */
import type { Card } from "../format.ts";
import { isSetupLine } from "./line.ts";

/** What may stand before the first line of a log that was cut from a longer one. */
const HEAD_LINES_MAX = 8;

/** The card of Exchange's setup log. */
export const exchangeSetupCard: Card = {
  id: "exchange-setup",
  reads: "Exchange Server setup log (ExchangeSetup.log)",
  spec: "https://learn.microsoft.com/exchange/plan-and-deploy/deploy-new-installations/install-mailbox-role",
  recognises(head) {
    const text = new TextDecoder("latin1").decode(head);
    return text
      .replace(/^\u00ef\u00bb\u00bf/, "")
      .split("\n", HEAD_LINES_MAX)
      .some(isSetupLine);
  },
};
