/**
 * What a record of Microsoft 365 is, told by the names that it has: the audit log, sign-ins, alerts, rules and roles, in the
 * words of each service that exports them. Refuses what has too few of the names to be sure. Spec: docs/formats/m365.md.
 */
import { type Name, slotOfName } from "./names.ts";
import type { Scan } from "./scan.ts";

/** Logs of Microsoft 365 as our channels name them. */
export type Channel =
  | "UnifiedAudit"
  | "SignIn"
  | "DirectoryAudit"
  | "RiskDetections"
  | "Alerts"
  | "Incidents"
  | "AdvancedHunting"
  | "AzureActivity"
  | "MessageTrace"
  | "InboxRules"
  | "Roles"
  | "MfaRegistration"
  | "ScubaGear";

/** In what shape the record tells it: where its values are to be looked for. */
export type Shape =
  /** The names are the record's own. */
  | "plain"
  /** An audit record stands inside, as text or as an object, below AuditData or auditData. */
  | "exported";

/** A kind of record. */
export interface Kind {
  /** Null: the category of the resource log says it. */
  readonly channel: Channel | null;
  readonly shape: Shape;
  /** Slots of names that it must have, all of the first and one of each list of the second. */
  readonly all: readonly number[];
  readonly oneOf: readonly (readonly number[])[];
  /** Slots that may hold its time, the best first. Empty: it tells a state, and is undated. */
  readonly times: readonly number[];
  /** Slots that may hold its id. */
  readonly ids: readonly number[];
  /** Whether the service never changes a record once written: the same id is then the same record. */
  readonly isImmutable: boolean;
}

type Told = Partial<Omit<Kind, "channel" | "all" | "oneOf" | "times" | "ids">>;

function kind(
  channel: Channel | null,
  names: { readonly all: readonly Name[]; readonly oneOf?: readonly (readonly Name[])[] },
  places: { readonly times: readonly Name[]; readonly ids: readonly Name[] },
  told: Told = {},
): Kind {
  return {
    channel,
    all: names.all.map(slotOfName),
    oneOf: (names.oneOf ?? []).map((list) => list.map(slotOfName)),
    times: places.times.map(slotOfName),
    ids: places.ids.map(slotOfName),
    shape: "plain",
    isImmutable: true,
    ...told,
  };
}

const STATE: Told = { isImmutable: false };

/** The kinds in the order in which they are asked: what has more of the names first. */
export const KINDS: readonly Kind[] = [
  // Office 365 Management Activity API, and AuditData of every export.
  kind(
    "UnifiedAudit",
    {
      all: ["CreationTime", "Operation"],
      oneOf: [["Workload", "RecordType", "OrganizationId", "UserId"]],
    },
    { times: ["CreationTime"], ids: ["Id"] },
  ),
  // Search-UnifiedAuditLog as JSON; Graph security/auditLog/queries/{id}/records.
  kind(
    "UnifiedAudit",
    {
      all: ["AuditData"],
      oneOf: [["Operations", "Operation", "CreationDate", "RecordType", "Identity"]],
    },
    { times: ["CreationDate", "createdDateTime"], ids: ["Identity", "RecordId", "Id"] },
    { shape: "exported" },
  ),
  // Sentinel's table OfficeActivity.
  kind(
    "UnifiedAudit",
    { all: ["TimeGenerated", "Operation"], oneOf: [["OfficeWorkload", "OfficeId"]] },
    { times: ["TimeGenerated"], ids: ["OfficeId"] },
  ),
  // Azure Monitor: event hubs, storage accounts.
  kind(null, { all: ["time", "category", "properties"] }, { times: ["time"], ids: [] }),
  // Graph identityProtection/riskDetections.
  kind(
    "RiskDetections",
    { all: ["riskEventType"], oneOf: [["detectedDateTime", "activityDateTime"]] },
    { times: ["detectedDateTime", "activityDateTime"], ids: ["Id"] },
    STATE,
  ),
  // Graph auditLogs/signIns and the portal's download.
  kind(
    "SignIn",
    {
      all: ["createdDateTime"],
      oneOf: [["conditionalAccessStatus", "clientAppUsed", "signInEventTypes"]],
    },
    { times: ["createdDateTime"], ids: ["Id"] },
  ),
  // Log Analytics: SigninLogs, AADNonInteractiveUserSignInLogs, AADServicePrincipalSignInLogs.
  kind(
    "SignIn",
    {
      all: ["TimeGenerated", "ResultType"],
      oneOf: [["AppDisplayName", "UserPrincipalName", "ServicePrincipalName"]],
    },
    { times: ["TimeGenerated"], ids: ["Id"] },
  ),
  // Graph auditLogs/directoryAudits.
  kind(
    "DirectoryAudit",
    {
      all: ["activityDateTime"],
      oneOf: [["activityDisplayName", "InitiatedBy", "TargetResources"]],
    },
    { times: ["activityDateTime"], ids: ["Id"] },
  ),
  // Log Analytics: AuditLogs.
  kind(
    "DirectoryAudit",
    { all: ["TimeGenerated", "OperationName"], oneOf: [["TargetResources", "InitiatedBy"]] },
    { times: ["TimeGenerated"], ids: ["Id"] },
  ),
  // Log Analytics: AzureActivity.
  kind(
    "AzureActivity",
    { all: ["TimeGenerated", "OperationNameValue"], oneOf: [["CategoryValue"]] },
    { times: ["TimeGenerated"], ids: [] },
  ),
  // Graph security/incidents, and incidents of Defender's own API.
  kind(
    "Incidents",
    {
      all: ["severity"],
      oneOf: [
        ["incidentWebUrl", "incidentName"],
        ["createdDateTime", "createdTime"],
      ],
    },
    { times: ["createdDateTime", "createdTime"], ids: ["Id", "incidentId"] },
    STATE,
  ),
  // Graph security/alerts_v2.
  kind(
    "Alerts",
    {
      all: ["createdDateTime", "severity"],
      oneOf: [["detectionSource", "serviceSource", "alertWebUrl", "determination"]],
    },
    { times: ["createdDateTime"], ids: ["Id"] },
    STATE,
  ),
  // Graph security/alerts, and alerts of Defender for Endpoint's API.
  kind(
    "Alerts",
    { all: ["severity", "vendorInformation", "eventDateTime"] },
    { times: ["eventDateTime"], ids: ["Id"] },
    STATE,
  ),
  kind(
    "Alerts",
    { all: ["severity", "alertCreationTime"] },
    { times: ["alertCreationTime"], ids: ["Id"] },
    STATE,
  ),
  // Log Analytics: SecurityAlert.
  kind(
    "Alerts",
    { all: ["TimeGenerated", "AlertName", "AlertSeverity"] },
    { times: ["TimeGenerated"], ids: ["SystemAlertId"] },
    STATE,
  ),
  // Defender XDR: every table of advanced hunting.
  kind(
    "AdvancedHunting",
    { all: ["Timestamp"], oneOf: [["ActionType", "NetworkMessageId", "ReportId"]] },
    { times: ["Timestamp"], ids: [] },
  ),
  // Get-MessageTrace and Get-MessageTraceV2 as JSON; Graph's exchangeMessageTrace.
  kind(
    "MessageTrace",
    { all: ["SenderAddress", "RecipientAddress"], oneOf: [["Received", "receivedDateTime"]] },
    { times: ["Received", "receivedDateTime"], ids: [] },
  ),
  // Get-InboxRule as JSON; Graph mailFolders/inbox/messageRules.
  kind(
    "InboxRules",
    { all: ["Enabled"], oneOf: [["RuleIdentity", "MailboxOwnerId"]] },
    { times: [], ids: [] },
    STATE,
  ),
  kind(
    "InboxRules",
    { all: ["sequence", "isEnabled"], oneOf: [["actions", "conditions"]] },
    { times: [], ids: ["Id"] },
    STATE,
  ),
  // Graph roleManagement: assignments, and those that PIM schedules; directoryRoles.
  kind(
    "Roles",
    { all: ["roleDefinitionId"], oneOf: [["principalId", "directoryScopeId"]] },
    { times: ["createdDateTime", "startDateTime"], ids: ["Id"] },
    STATE,
  ),
  kind("Roles", { all: ["roleTemplateId", "displayName"] }, { times: [], ids: ["Id"] }, STATE),
  // Graph reports/authenticationMethods/userRegistrationDetails.
  kind(
    "MfaRegistration",
    { all: ["isMfaRegistered"], oneOf: [["isMfaCapable", "UserPrincipalName"]] },
    { times: ["lastUpdatedDateTime"], ids: ["Id"] },
    STATE,
  ),
  // One control in ScubaResults.json: the report around it has the time.
  kind(
    "ScubaGear",
    { all: ["Control ID", "Criticality", "Result"] },
    { times: [], ids: ["Control ID"] },
    STATE,
  ),
];

/** Categories of resource logs (learn.microsoft.com/entra: activity log schemas; Azure Monitor activity log categories). */
const CATEGORIES: ReadonlyMap<string, Channel> = new Map([
  ["SignInLogs", "SignIn"],
  ["NonInteractiveUserSignInLogs", "SignIn"],
  ["ServicePrincipalSignInLogs", "SignIn"],
  ["ManagedIdentitySignInLogs", "SignIn"],
  ["ADFSSignInLogs", "SignIn"],
  ["AuditLogs", "DirectoryAudit"],
  ["UserRiskEvents", "RiskDetections"],
  ["ServicePrincipalRiskEvents", "RiskDetections"],
  ["Administrative", "AzureActivity"],
]);

/** The channel of a resource log with this category, as its JSON text; null where it is none of ours. */
export function channelOfCategory(json: string): Channel | null {
  return CATEGORIES.get(json.slice(1, -1)) ?? null;
}

/** The place in KINDS of what a scan has found, or -1. */
export function kindOf({ starts }: Scan): number {
  for (let at = 0; at < KINDS.length; at++) {
    const candidate = KINDS[at];
    if (
      candidate !== undefined &&
      hasAll(starts, candidate.all) &&
      candidate.oneOf.every((list) => hasOne(starts, list))
    )
      return at;
  }
  return -1;
}

function hasAll(starts: Int32Array, slots: readonly number[]): boolean {
  for (const slot of slots) if ((starts[slot] ?? -1) < 0) return false;
  return true;
}

function hasOne(starts: Int32Array, slots: readonly number[]): boolean {
  for (const slot of slots) if ((starts[slot] ?? -1) >= 0) return true;
  return false;
}
