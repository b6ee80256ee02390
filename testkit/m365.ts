/** Cases for exports of Microsoft 365: one behaviour each. */
import type { TestCase } from "./case.ts";

const ID = "5e2a1b3c-0000-4000-8000-000000000001";
const AUDIT = {
  CreationTime: "2021-08-12T09:14:04",
  Id: ID,
  Operation: "Send",
  OrganizationId: "00000000-0000-0000-0000-000000000001",
  RecordType: 2,
  ResultStatus: "Succeeded",
  UserId: "anna@clinic.example",
  Workload: "Exchange",
};
const OTHER = { ...AUDIT, Id: ID.replace(/1$/, "2"), CreationTime: "2021-08-12T09:15:00" };
const ACCESS = {
  ...AUDIT,
  Operation: "MailItemsAccessed",
  RecordType: 50,
  OperationCount: 3,
};
const json = (...values: readonly object[]) =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");
/** As Windows PowerShell writes dates. */
const slashed = (text: string) => text.replaceAll(/\/(Date\(\d+\))\//g, "\\/$1\\/");
/** A result of Search-UnifiedAuditLog as JSON. */
const page = (index: number) =>
  slashed(json({ RecordType: "ExchangeItem", CreationDate: "/Date(1628759644000)/", Operations: "Send", AuditData: JSON.stringify(AUDIT), ResultIndex: index, Identity: ID }));
const size = (text: string) => new TextEncoder().encode(text).length;
const wide = (text: string) => {
  const bytes = new Uint8Array(2 + text.length * 2);
  const view = new DataView(bytes.buffer);
  for (const [at, unit] of [0xfeff, ...Array.from(text, (char) => char.charCodeAt(0))].entries())
    view.setUint16(at * 2, unit, true);
  return bytes;
};
const access = (type: string, throttled: string, rest: object) => ({
  ...ACCESS,
  OperationProperties: [
    { Name: "MailAccessType", Value: type },
    { Name: "IsThrottled", Value: throttled },
  ],
  ...rest,
});
const sent = { time: "2021-08-12T09:14:04Z", record: ID, host: "", channel: "UnifiedAudit", fields: { Operation: "Send", OrganizationId: AUDIT.OrganizationId } };

const HEADER = "RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits\r\n";
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const row = (data: string, date = "2021-08-12T09:14:04.0000000Z") =>
  `${ID},${date},2,Send,anna@clinic.example,${quoted(data)},\r\n`;
const WHOLE = JSON.stringify(OTHER);

function m365(name: string, why: string, rest: Omit<TestCase, "name" | "why" | "format">): TestCase {
  return { name: `m365/${name}`, why, format: "m365", ...rest };
}

const AUDIT_LOG: readonly TestCase[] = [
  m365("lines", "the audit log, a record a line; the time is UTC by its schema, without a zone, and nothing is assumed", {
    zone: "Europe/Guernsey",
    events: [sent],
    assumptions: ["zone UTC"],
    body: json(AUDIT),
  }),
  m365("list", "records in one list on one line, behind a byte order mark", {
    events: [sent, { record: OTHER.Id }],
    body: `\ufeff${JSON.stringify([AUDIT, OTHER])}`,
  }),
  m365("printed", "records printed over many lines, in UTF-16 as Windows PowerShell writes it", {
    events: [sent, { record: OTHER.Id, fields: { UserId: "zoë@clinic.example" } }],
    body: wide(JSON.stringify([AUDIT, { ...OTHER, UserId: "zoë@clinic.example" }], null, 2)),
  }),
  m365("duplicate", "a record that stands twice is given once, and the second is told", {
    events: 2,
    flaws: [`${size(json(AUDIT, OTHER))} duplicate`],
    body: json(AUDIT, OTHER, AUDIT),
  }),
  m365("same-id", "one id with two contents: both are kept, and that is told", {
    events: [{ fields: { UserId: "anna@clinic.example" } }, { fields: { UserId: "eve@clinic.example" } }],
    flaws: [`${size(json(AUDIT))} same id`],
    body: json(AUDIT, { ...AUDIT, UserId: "eve@clinic.example" }),
  }),
  m365("pages", "an export that repeats a record on its next page: the count beside the record does not make it another", {
    events: [{ ...sent, fields: { Operation: "Send", ResultIndex: 1 } }],
    flaws: [`${size(page(1))} duplicate`],
    body: page(1) + page(2),
  }),
  m365("cut", "a copy that stopped within a record", {
    events: 1,
    flaws: [`${size(json(AUDIT))} JSON`],
    body: json(AUDIT, OTHER).slice(0, -20),
  }),
  m365("broken-line", "a damaged record costs itself, not its neighbours", {
    events: [{ record: ID }, { record: OTHER.Id }],
    flaws: [`${size(json(AUDIT))} JSON`],
    body: json(AUDIT) + json(AUDIT).replace('"Operation":', '"Operation"') + json(OTHER),
  }),
  m365("broken-in-list", "the same within a list on one line; objects in the damaged record are no records", {
    events: [{ record: ID }, { record: OTHER.Id }],
    flaws: [`${size(JSON.stringify(AUDIT)) + 2} JSON`],
    body: `[${JSON.stringify(AUDIT)},${JSON.stringify({ ...AUDIT, Item: { Id: "x" } }).replace('"Operation":', '"Operation"')},${JSON.stringify(OTHER)}]`,
  }),
  m365("forged", "text in a value that looks like the beginning of a record is text, also behind damage", {
    events: [{ record: ID }, { record: OTHER.Id }],
    flaws: [`${size(json(AUDIT))} JSON`],
    body: json(AUDIT, { ...AUDIT, UserId: `\n${JSON.stringify(AUDIT)}\n` }).replace('Send","OrganizationId":"00000000-0000-0000-0000-000000000001","RecordType":2,"ResultStatus":"Succeeded","UserId":"\\n', 'Send""\\n') + json(OTHER),
  }),
  m365("another-shape", "an object that is no record of a known kind", {
    events: 1,
    flaws: [`${size(json(AUDIT))} record`],
    body: json(AUDIT, { a: 1 }),
  }),
  m365("sentinel", "the audit log as Sentinel keeps it: nested values as text", {
    events: [{ time: "2021-08-12T09:14:04Z", channel: "UnifiedAudit", record: ID, fields: { MailAccessType: "Bind", IsThrottled: false, ItemCount: 1, InternetMessageIds: ["<a@b>"] } }],
    body: json({
      TimeGenerated: "2021-08-12T09:14:04Z",
      Operation: "MailItemsAccessed",
      OfficeWorkload: "Exchange",
      OfficeId: ID,
      OperationProperties: JSON.stringify([{ Name: "MailAccessType", Value: "Bind" }, { Name: "IsThrottled", Value: "False" }]),
      Folders: JSON.stringify([{ Path: "\\Inbox", FolderItems: [{ InternetMessageId: "<a@b>" }] }]),
      Type: "OfficeActivity",
    }),
  }),
];

const MAIL: readonly TestCase[] = [
  m365("bind", "a bound access names its messages", {
    events: [{ fields: { MailAccessType: "Bind", IsThrottled: false, FolderCount: 2, FolderPaths: ["\\Inbox", "\\Sent"], ItemCount: 3, InternetMessageIds: ["<1@x>", "<2@x>", "<3@x>"], OperationCount: 3 } }],
    body: json(access("Bind", "False", { Folders: [{ Path: "\\Inbox", FolderItems: [{ InternetMessageId: "<1@x>" }, { InternetMessageId: "<2@x>" }] }, { Path: "\\Sent", FolderItems: [{ InternetMessageId: "<3@x>" }] }] })),
  }),
  m365("sync", "a synchronised access names a folder, and no message", {
    events: [{ fields: { MailAccessType: "Sync", IsThrottled: false, ItemCount: null, InternetMessageIds: null, FolderCount: 1, FolderPaths: ["\\Inbox"] } }],
    body: json(access("Sync", "False", { Item: { ParentFolder: { Path: "\\Inbox" } } })),
  }),
  m365("throttled", "a throttled mailbox: from here on accesses are missing", {
    events: [{ fields: { MailAccessType: "Bind", IsThrottled: true } }],
    body: json(access("Bind", "True", {})),
  }),
  m365("inbox-rule", "parameters of a cmdlet under their names", {
    events: [{ fields: { "Parameters.ForwardTo": "eve@elsewhere.example", "Parameters.DeleteMessage": "True" } }],
    body: json({ ...AUDIT, Operation: "New-InboxRule", Parameters: [{ Name: "ForwardTo", Value: "eve@elsewhere.example" }, { Name: "DeleteMessage", Value: "True" }] }),
  }),
  m365("consent", "properties that changed, old and new", {
    events: [{ fields: { "ModifiedProperties.ConsentContext.IsAdminConsent.NewValue": "True", "ModifiedProperties.ConsentContext.IsAdminConsent.OldValue": "" } }],
    body: json({ ...AUDIT, Operation: "Consent to application.", ModifiedProperties: [{ Name: "ConsentContext.IsAdminConsent", NewValue: "True", OldValue: "" }] }),
  }),
];

const CSV: readonly TestCase[] = [
  m365("csv", "the audit log as CSV: the record's own words first, the columns beside them", {
    events: [{ time: "2021-08-12T09:15:00Z", record: OTHER.Id, channel: "UnifiedAudit", fields: { Operation: "Send", CreationDate: "2021-08-12T09:14:04.0000000Z", RecordId: ID, RecordType: 2 } }],
    body: HEADER + row(WHOLE),
  }),
  m365("csv-cut-data", "AuditData that was cut: the columns stay, and what stands before the cut", {
    events: [{ time: "2021-08-12T09:15:00Z", record: OTHER.Id, fields: { CreationTime: "2021-08-12T09:15:00", Operation: "Send", UserId: "anna@clinic.example", Workload: null } }],
    flaws: [`${size(HEADER)} AuditData`],
    body: HEADER + row(WHOLE.slice(0, 90)),
  }),
  m365("csv-no-data", "AuditData that is no JSON: the columns alone, their time where it can be read in one way only", {
    events: [
      { time: "2021-08-12T09:14:04.0000000Z", record: ID, fields: { Operation: "Send" } },
      { time: "2021-08-13T09:14:04Z" },
      { time: null },
    ],
    flaws: [`${size(HEADER)} AuditData`, `${size(HEADER + row("x"))} AuditData`, `${size(HEADER + row("x") + row("y", "8/13/2021 9:14:04 AM"))} AuditData`],
    body: HEADER + row("x") + row("y", "8/13/2021 9:14:04 AM").replace(ID, OTHER.Id) + row("z", "8/12/2021 9:14:04 AM").replace(ID, "-"),
  }),
  m365("csv-duplicate", "a record that an export holds twice", {
    events: 1,
    flaws: [`${size(HEADER + row(WHOLE))} duplicate`],
    body: HEADER + row(WHOLE) + row(WHOLE),
  }),
  m365("csv-cells", "a row with a cell too many", {
    events: 1,
    flaws: [`${size(HEADER)} columns`],
    body: HEADER + row(WHOLE).replace("\r\n", ",x\r\n") + row(WHOLE),
  }),
  m365("csv-powershell", "Search-UnifiedAuditLog in UTF-16, semicolons, the type of the objects first", {
    events: [{ time: "2021-08-12T09:14:04Z", fields: { Operations: "Send", UserIds: "anna@clinic.example" } }],
    body: wide(`#TYPE Selected.Row\r\n"CreationDate";"UserIds";"Operations";"AuditData";"Identity"\r\n"12.08.2021 09:14:04";"anna@clinic.example";"Send";${quoted(JSON.stringify(AUDIT))};"${ID}"\r\n`),
  }),
];

const graph = (what: string, ...value: readonly object[]) =>
  JSON.stringify({ "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#${what}`, value });
const SIGN_IN = {
  id: ID,
  createdDateTime: "2021-08-12T09:14:04Z",
  userPrincipalName: "anna@clinic.example",
  clientAppUsed: "IMAP4",
  conditionalAccessStatus: "notApplied",
  status: { errorCode: 50126, failureReason: "Invalid username or password" },
  location: { city: "St Peter Port", countryOrRegion: "GG" },
};

const ENTRA: readonly TestCase[] = [
  m365("sign-in", "sign-ins of Graph; nested objects under dotted names", {
    events: [{ time: "2021-08-12T09:14:04Z", record: ID, channel: "SignIn", fields: { "status.errorCode": 50126, "location.city": "St Peter Port" } }],
    body: graph("auditLogs/signIns", SIGN_IN),
  }),
  m365("no-sign-in", "an answer without a record is an answer", {
    events: 0,
    body: graph("auditLogs/signIns"),
  }),
  m365("answer-cut", "an answer that lacks its end", {
    events: 1,
    flaws: [`${size(graph("auditLogs/signIns", SIGN_IN)) - 1} JSON`],
    body: graph("auditLogs/signIns", SIGN_IN).slice(0, -1),
  }),
  m365("two-pages", "two answers, one behind the other, with what else they say", {
    events: [{ record: ID }, { record: OTHER.Id }],
    body: `${graph("auditLogs/signIns", SIGN_IN).slice(0, -1)},"@odata.nextLink":"https://x/?a=[{"}\n${graph("auditLogs/signIns", { ...SIGN_IN, id: OTHER.Id })}`,
  }),
  m365("graph-module", "sign-ins of Graph's PowerShell module, which writes capitals", {
    events: [{ time: "2021-08-12T09:14:04.000Z", record: ID, channel: "SignIn", fields: { "Status.ErrorCode": 50126 } }],
    body: slashed(JSON.stringify([{ AppDisplayName: "x", ClientAppUsed: "IMAP4", ConditionalAccessStatus: "notApplied", CreatedDateTime: "/Date(1628759644000)/", Id: ID, Status: { ErrorCode: 50126 } }], null, 4)),
  }),
  m365("audit-query", "the audit log as Graph's queries answer", {
    events: [{ ...sent, fields: { Operation: "Send", operation: "Send", service: "Exchange" } }],
    body: graph("security/auditLog/queries", { id: ID, createdDateTime: "2021-08-12T09:14:04Z", auditLogRecordType: "exchangeItem", operation: "Send", service: "Exchange", auditData: AUDIT }),
  }),
  m365("resource-log", "sign-ins as Azure Monitor sends them", {
    events: [{ time: "2021-08-12T09:14:04.250Z", channel: "SignIn", fields: { resultType: "50126", "properties.ipAddress": "203.0.113.7" } }],
    body: json({ time: "2021-08-12T09:14:04.25Z", category: "SignInLogs", operationName: "Sign-in activity", resultType: "50126", properties: { ipAddress: "203.0.113.7" } }),
  }),
  m365("directory-audit", "who changed what in the directory", {
    events: [{ channel: "DirectoryAudit", fields: { "initiatedBy.user.userPrincipalName": "anna@clinic.example", "targetResources.modifiedProperties.displayName": ["Role.DisplayName", "Role.ObjectID"] } }],
    body: graph("auditLogs/directoryAudits", {
      id: ID,
      activityDateTime: "2021-08-12T09:14:04.1234567Z",
      activityDisplayName: "Add member to role",
      initiatedBy: { user: { userPrincipalName: "anna@clinic.example" } },
      targetResources: [{ type: "User", modifiedProperties: [{ displayName: "Role.DisplayName", oldValue: null, newValue: '"Global Administrator"' }, { displayName: "Role.ObjectID", oldValue: null, newValue: '"1"' }] }],
    }),
  }),
];

const STATES: readonly TestCase[] = [
  m365("alert", "an alert with its evidence; told anew when its state changes", {
    events: [{ channel: "Alerts", fields: { status: "new", "evidence.fileDetails.sha1": "aa" } }, { fields: { status: "resolved" } }],
    body: graph(
      "security/alerts_v2",
      ...["new", "resolved"].map((status) => ({ id: ID, createdDateTime: "2021-08-12T09:14:04Z", severity: "high", status, detectionSource: "antivirus", evidence: [{ "@odata.type": "#microsoft.graph.security.fileEvidence", fileDetails: { sha1: "aa" } }] })),
    ),
  }),
  m365("incident", "an incident", {
    events: [{ channel: "Incidents", fields: { displayName: "Multi-stage" } }],
    body: graph("security/incidents", { id: "29", displayName: "Multi-stage", createdDateTime: "2021-08-12T09:14:04Z", severity: "high", incidentWebUrl: "https://x" }),
  }),
  m365("inbox-rules", "rules of a mailbox, of Get-InboxRule and of Graph: a state, without a time", {
    events: [{ time: null, channel: "InboxRules", record: "1", fields: { ForwardTo: ["eve@elsewhere.example"] } }, { time: null, channel: "InboxRules", record: "A1", fields: { "actions.forwardTo.emailAddress.address": "eve@elsewhere.example" } }],
    body: json(
      { Name: ".", RuleIdentity: 1, MailboxOwnerId: "anna", Enabled: true, ForwardTo: ["eve@elsewhere.example"] },
      { id: "A1", displayName: ".", sequence: 1, isEnabled: true, actions: { forwardTo: [{ emailAddress: { address: "eve@elsewhere.example" } }] } },
    ),
  }),
  m365("roles", "who has which role", {
    events: [{ channel: "Roles", time: "2021-08-12T09:14:04Z" }, { channel: "Roles", time: null }],
    body: json(
      { id: "r1", principalId: "p", roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10", directoryScopeId: "/", startDateTime: "2021-08-12T09:14:04Z", assignmentType: "Activated" },
      { id: "r2", principalId: "p", roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10", directoryScopeId: "/" },
    ),
  }),
  m365("mfa", "who has registered what", {
    events: [{ channel: "MfaRegistration", fields: { isMfaRegistered: false, methodsRegistered: ["mobilePhone"] } }],
    body: graph("reports/authenticationMethods/userRegistrationDetails", { id: ID, userPrincipalName: "anna@clinic.example", isMfaRegistered: false, methodsRegistered: ["mobilePhone"], lastUpdatedDateTime: "2021-08-12T09:14:04Z" }),
  }),
  m365("message-trace", "where mail went", {
    events: [{ channel: "MessageTrace", time: "2021-08-12T09:14:04.123Z", fields: { RecipientAddress: "eve@elsewhere.example" } }],
    body: slashed(JSON.stringify([{ MessageTraceId: ID, MessageId: "<1@x>", Received: "/Date(1628759644123)/", SenderAddress: "anna@clinic.example", RecipientAddress: "eve@elsewhere.example", Status: "Delivered" }])),
  }),
  m365("scubagear", "controls of ScubaGear, with the time of the report", {
    events: [{ channel: "ScubaGear", time: "2026-05-04T17:15:48.307Z", record: "MS.EXO.1.1v2", fields: { ControlID: "MS.EXO.1.1v2", Result: "Fail", TenantId: "t" } }],
    body: JSON.stringify({ MetaData: { TenantId: "t", Tool: "ScubaGear", TimestampZulu: "2026-05-04T17:15:48.307Z" }, Results: { EXO: [{ GroupName: "g", Controls: [{ "Control ID": "MS.EXO.1.1v2", Requirement: "r", Result: "Fail", Criticality: "Shall" }] }] }, Raw: { a: [{ b: 1 }] } }, null, 4),
  }),
  { name: "m365/other-json", why: "JSON of others is not claimed", format: "none", events: 0, body: json({ id: 1, name: "x" }) },
  { name: "m365/other-csv", why: "CSV without AuditData is not claimed here", format: "none", events: 0, body: "a,b\n1,2\n" },
];

export const M365_CASES: readonly TestCase[] = [...AUDIT_LOG, ...MAIL, ...CSV, ...ENTRA, ...STATES];
