/** The card of mail: messages and mailboxes by their header fields, Outlook's files by their marks. */
import { isItemHead } from "./outlook-item.ts";
import type { Card } from "../format.ts";
import { isMailText, kindOf } from "./kind.ts";

/** The card of mail files. */
export const mailCard: Card = {
  id: "mail",
  reads: "mails: EML, mbox, Outlook MSG and winmail.dat; headers, way, thread, attachments, quotes",
  spec: "https://www.rfc-editor.org/rfc/rfc5322",
  recognises(head) {
    const kind = kindOf(head);
    if (kind === "envelope" || kind === "data-file") return true;
    return kind === "outlook" ? isItemHead(head) : isMailText(head);
  },
};
