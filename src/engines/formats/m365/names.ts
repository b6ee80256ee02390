/**
 * The names by which a record of Microsoft 365 tells what it is, when it was and which it is: looked up in bytes, so that
 * no string is made for them. Refuses every other name. The schemas are named in docs/formats/m365.md.
 */
import { utf8 } from "../../../base/bytes.ts";

/**
 * The names, each a slot: its place in this list. The case of the first letter does not matter: Graph writes small ones, its
 * PowerShell module and Log Analytics capitals.
 */
export const NAMES = [
  "CreationTime",
  "Operation",
  "Workload",
  "RecordType",
  "UserId",
  "OrganizationId",
  "Id",
  "AuditData",
  "CreationDate",
  "Operations",
  "Identity",
  "RecordId",
  "TimeGenerated",
  "OfficeWorkload",
  "OfficeId",
  "time",
  "category",
  "properties",
  "createdDateTime",
  "conditionalAccessStatus",
  "clientAppUsed",
  "signInEventTypes",
  "ResultType",
  "AppDisplayName",
  "ServicePrincipalName",
  "UserPrincipalName",
  "activityDateTime",
  "activityDisplayName",
  "OperationName",
  "TargetResources",
  "InitiatedBy",
  "OperationNameValue",
  "CategoryValue",
  "riskEventType",
  "detectedDateTime",
  "severity",
  "detectionSource",
  "serviceSource",
  "alertWebUrl",
  "incidentWebUrl",
  "determination",
  "incidentId",
  "incidentName",
  "createdTime",
  "alertCreationTime",
  "eventDateTime",
  "vendorInformation",
  "AlertName",
  "AlertSeverity",
  "SystemAlertId",
  "Timestamp",
  "ActionType",
  "ReportId",
  "NetworkMessageId",
  "MessageTraceId",
  "SenderAddress",
  "RecipientAddress",
  "Received",
  "receivedDateTime",
  "RuleIdentity",
  "MailboxOwnerId",
  "Enabled",
  "sequence",
  "isEnabled",
  "actions",
  "conditions",
  "roleDefinitionId",
  "principalId",
  "directoryScopeId",
  "startDateTime",
  "roleTemplateId",
  "displayName",
  "isMfaRegistered",
  "isMfaCapable",
  "lastUpdatedDateTime",
  "Control ID",
  "Criticality",
  "Result",
] as const;

/** A name that is looked for. */
export type Name = (typeof NAMES)[number];

/** The place of a name in NAMES. */
export function slotOfName(name: Name): number {
  return NAMES.indexOf(name);
}

const NAME_BYTES: readonly Uint8Array[] = NAMES.map(utf8);
const TABLE_SIZE = 1_024;
/** What a small letter has and its capital has not. */
const CASE = 0x20;

/** Slots plus one by a hash of the name; names that fall together stand behind each other. */
const TABLE = new Uint8Array(TABLE_SIZE);
for (const [slot, bytes] of NAME_BYTES.entries()) {
  let at = hashOf(bytes, 0, bytes.length);
  while (TABLE[at] !== 0) at = (at + 1) % TABLE_SIZE;
  TABLE[at] = slot + 1;
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  const first = (bytes[start] ?? 0) | CASE;
  const middle = bytes[start + ((end - start) >> 1)] ?? 0;
  const last = bytes[end - 1] ?? 0;
  return ((end - start) * 131 + first * 31 + middle * 7 + last * 17) % TABLE_SIZE;
}

/** The slot of the name in bytes[start..end), or -1. */
export function slotAt(bytes: Uint8Array, start: number, end: number): number {
  if (end === start) return -1;
  for (let at = hashOf(bytes, start, end); TABLE[at] !== 0; at = (at + 1) % TABLE_SIZE) {
    const slot = (TABLE[at] ?? 0) - 1;
    if (isName(bytes, start, end, NAME_BYTES[slot])) return slot;
  }
  return -1;
}

function isName(
  bytes: Uint8Array,
  start: number,
  end: number,
  name: Uint8Array | undefined,
): boolean {
  if (name === undefined || name.length !== end - start) return false;
  if (((bytes[start] ?? 0) | CASE) !== ((name[0] ?? 0) | CASE)) return false;
  for (let at = 1; at < name.length; at++) if (bytes[start + at] !== name[at]) return false;
  return true;
}
