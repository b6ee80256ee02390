/** Audit logs in XML before the trials. */
import { auditXmlCard } from "../../src/engines/formats/audit-xml/card.ts";
import { auditXmlReader } from "../../src/engines/formats/audit-xml/read.ts";
import { madeAuditXml } from "./audit-xml-log.ts";
import { runTrials } from "./trials.ts";

runTrials({
  name: "audit-xml",
  reader: auditXmlReader,
  card: auditXmlCard,
  sample: () => madeAuditXml(12),
  startsRecord: (bytes, offset) => bytes[offset] === 60,
});
