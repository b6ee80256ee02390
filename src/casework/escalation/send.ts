/** One message to one recipient, by whatever way it goes. Refuses nothing: what fails is words. */
import type { Ticks } from "../../base/time.ts";
import type { MailServer, Recipient } from "../../model/escalation.ts";
import type { Message } from "../../questions/answered/index.ts";
import { sendMail } from "./mail.ts";
import { sendSyslog } from "./syslog.ts";
import { sendWebhook } from "./webhook.ts";

/** What sending needs besides recipient and words. */
export interface SendTerms {
  readonly mail: MailServer | null;
  readonly now: Ticks;
  readonly signal: AbortSignal;
}

/** Sends; gives "" or, in one line, why it failed. Settles within SEND_SECONDS_MAX, and at once when the signal comes. */
export function sendMessage(
  to: Recipient,
  message: Message,
  { mail, now, signal }: SendTerms,
): Promise<string> {
  switch (to.kind) {
    case "mail":
      return mail === null
        ? Promise.resolve("the case file names no mail server")
        : sendMail(mail, to.to, message, now, signal);
    case "webhook":
      return sendWebhook(to.url, message, signal);
    case "syslog":
      return sendSyslog(to, message, now, signal);
  }
}
