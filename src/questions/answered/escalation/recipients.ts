/** Recipients by name. Refuses to show the path of a webhook: with many services it is the password. */
import { canonicalJson } from "../../../base/text.ts";
import type { Recipient } from "../../../model/escalation.ts";

/** The same for two recipients that are one. */
export function recipientKey(to: Recipient): string {
  return canonicalJson(to);
}

/** The recipient as it may be shown to anybody: a webhook by its server alone. */
export function shownRecipient(to: Recipient): Recipient {
  if (to.kind !== "webhook") return to;
  const url = URL.parse(to.url);
  if (url === null) return { kind: "webhook", url: "…" };
  const isBare = url.pathname === "/" && url.search === "" && url.hash === "";
  return { kind: "webhook", url: isBare ? url.origin : `${url.origin}/…` };
}

/** The recipient in a sentence: `mail to ann@clinic.example`. */
export function nameRecipient(to: Recipient): string {
  const shown = shownRecipient(to);
  switch (shown.kind) {
    case "mail":
      return `mail to ${shown.to}`;
    case "webhook":
      return `webhook ${shown.url}`;
    case "syslog":
      return `syslog ${shown.host}:${shown.port} (${shown.transport})`;
  }
}
