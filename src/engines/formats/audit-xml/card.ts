/**
 * Recognises the audit logs that Exchange sends as an attachment (New-MailboxAuditLogSearch, New-AdminAuditLogSearch): a root
 * `SearchResults` over `Event`s with the attributes of either. Refuses other search results. Spec: docs/formats/audit-xml.md.
 */
import type { Card } from "../format.ts";
import { decodeXml, rootNameOf, xmlEncodingOf } from "../xml/encoding.ts";

/** Attributes that every entry of one of the two logs has. */
const ENTRY = /<Event\s[^<>]{0,4096}?\b(?:RunDate|LastAccessed)\s*=/;

/** The card of audit logs in XML. */
export const auditXmlCard: Card = {
  id: "audit-xml",
  reads: "mailbox and administrator audit logs that Exchange exported as XML",
  spec: "https://learn.microsoft.com/en-us/exchange/policy-and-compliance/admin-audit-logging/log-structure",
  recognises: (head) =>
    rootNameOf(head) === "SearchResults" && ENTRY.test(decodeXml(head, xmlEncodingOf(head))),
};
