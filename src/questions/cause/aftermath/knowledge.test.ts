/** knowledge/aftermath.json, check by check: a row that each must see, and the words that it is told in. */
import { expect, test } from "vitest";
import type { FormatId } from "../../../model/evidence.ts";
import { type MadeRow, batch } from "../made.test-data.ts";
import { TERMS, check } from "./made-aftermath.test-data.ts";
import { type AftermathTerms, parseAftermath } from "./terms.ts";

/** What each shipped check must see: check, row, the words of the change. */
const SEEN: readonly [string, MadeRow, string, FormatId?][] = [
  [
    "administrators-on-server",
    { at: null, eventId: 4672, channel: "Security", fields: { SubjectUserName: "adm" } },
    "logon with administrator's rights",
  ],
  [
    "administrators-on-server",
    {
      at: null,
      eventId: 4624,
      channel: "Security",
      fields: {
        TargetUserName: "adm",
        LogonType: 10,
        ElevatedToken: "%%1842",
        IpAddress: "192.0.2.7",
      },
    },
    "logon of type 10 with administrator's rights from 192.0.2.7",
  ],
  [
    "logons-to-other-hosts",
    {
      at: null,
      eventId: 4648,
      channel: "Security",
      fields: { SubjectUserName: "x", TargetUserName: "adm", TargetServerName: "FS1" },
    },
    "password of adm used towards FS1",
  ],
  [
    "directory-changes",
    {
      at: null,
      host: "DC1",
      eventId: 4728,
      channel: "Security",
      fields: { MemberName: "CN=x", TargetUserName: "Domain Admins" },
    },
    "CN=x added to the group Domain Admins",
  ],
  [
    "directory-changes",
    {
      at: null,
      host: "DC1",
      eventId: 5136,
      channel: "Security",
      fields: { ObjectDN: "CN=MX", AttributeLDAPDisplayName: "servicePrincipalName" },
    },
    "servicePrincipalName of CN=MX changed",
  ],
  [
    "shares",
    {
      at: null,
      eventId: 5140,
      channel: "Security",
      fields: { ShareName: "\\\\*\\C$", IpAddress: "192.0.2.7" },
    },
    "share \\\\*\\C$ opened from 192.0.2.7",
  ],
  [
    "remote-services",
    {
      at: null,
      host: "FS1",
      eventId: 7045,
      channel: "System",
      fields: { ServiceName: "PSEXESVC", ImagePath: "x.exe" },
    },
    "service PSEXESVC installed: x.exe",
  ],
  [
    "remote-control",
    { at: null, host: "FS1", eventId: 4698, channel: "Security", fields: { TaskName: "\\t" } },
    "task \\t registered",
  ],
  [
    "web-pages",
    {
      at: null,
      eventId: 11,
      channel: "Microsoft-Windows-Sysmon/Operational",
      fields: { TargetFilename: "C:\\inetpub\\wwwroot\\aspnet_client\\a.aspx", Image: "w3wp.exe" },
    },
    "file C:\\inetpub\\wwwroot\\aspnet_client\\a.aspx written by w3wp.exe",
  ],
  [
    "web-pages",
    {
      at: null,
      channel: "$MFT",
      fields: { FileName: "a.aspx", Path: "\\inetpub\\wwwroot\\a.aspx" },
    },
    "file \\inetpub\\wwwroot\\a.aspx came to be",
    "mft",
  ],
  [
    "web-pages",
    {
      at: null,
      channel: "$UsnJrnl",
      fields: { FileName: "a.aspx", Reason: ["DATA_EXTEND", "FILE_CREATE", "CLOSE"] },
    },
    "file a.aspx created, in a folder that the journal does not name",
    "usn",
  ],
  [
    "exchange-roles",
    {
      at: null,
      eventId: 1,
      channel: "MSExchange Management",
      fields: {
        Cmdlet: "New-ManagementRoleAssignment",
        "Parameters.Role": "Mailbox Import Export",
        "Parameters.User": "a",
      },
    },
    "role Mailbox Import Export assigned to a",
  ],
  [
    "exchange-roles",
    {
      at: null,
      channel: "CmdletInfra",
      fields: {
        Cmdlet: "New-ManagementRoleAssignment",
        Parameters: '-Role "Mailbox Import Export" -User "b"',
      },
    },
    "role Mailbox Import Export assigned to b",
    "exchange",
  ],
  [
    "mailbox-rights",
    {
      at: null,
      channel: "AdminAuditLogEvent",
      fields: {
        Cmdlet: "Add-MailboxPermission",
        "CmdletParameters.Identity": "c",
        "CmdletParameters.User": "d",
        "CmdletParameters.AccessRights": "FullAccess",
      },
    },
    "rights FullAccess on c given to d",
    "audit-xml",
  ],
  [
    "transport-agents",
    {
      at: null,
      eventId: 1,
      channel: "MSExchange Management",
      fields: {
        Cmdlet: "Install-TransportAgent",
        "Parameters.Name": "X",
        "Parameters.AssemblyPath": "C:\\x.dll",
      },
    },
    "transport agent X installed from C:\\x.dll",
  ],
  [
    "virtual-directories",
    {
      at: null,
      eventId: 1,
      channel: "MSExchange Management",
      fields: {
        Cmdlet: "Set-OabVirtualDirectory",
        "Parameters.Identity": "OAB",
        "Parameters.ExternalUrl": "http://f/<script>",
      },
    },
    "virtual directory OAB changed: http://f/<script>",
  ],
  [
    "scheduled-tasks",
    {
      at: null,
      eventId: 106,
      channel: "Microsoft-Windows-TaskScheduler/Operational",
      fields: { TaskName: "\\a" },
    },
    "task \\a registered",
  ],
  [
    "scheduled-tasks",
    { at: null, channel: "Scheduled task", fields: { URI: "\\a", Command: "x.exe" } },
    "task \\a runs x.exe, registered when it says itself",
    "task",
  ],
  [
    "accounts",
    { at: null, eventId: 4722, channel: "Security", fields: { TargetUserName: "Guest" } },
    "account Guest enabled",
  ],
  [
    "directory-accounts",
    { at: null, host: "DC1", eventId: 4724, channel: "Security", fields: { TargetUserName: "a" } },
    "password of a set by another",
  ],
  [
    "services",
    {
      at: null,
      eventId: 4697,
      channel: "Security",
      fields: { ServiceName: "s", ServiceFileName: "x.exe" },
    },
    "service s installed: x.exe",
  ],
  [
    "run-keys",
    {
      at: null,
      eventId: 13,
      channel: "Microsoft-Windows-Sysmon/Operational",
      fields: {
        TargetObject: "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\x",
        Details: "x.exe",
      },
    },
    "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\x set to x.exe",
  ],
  [
    "run-keys",
    {
      at: null,
      channel: "Registry",
      fields: { Category: "run-key", Key: "Microsoft\\Windows\\CurrentVersion\\Run" },
    },
    "run key Microsoft\\Windows\\CurrentVersion\\Run last written",
    "registry",
  ],
  [
    "mail-rules",
    {
      at: null,
      eventId: 1,
      channel: "MSExchange Management",
      fields: {
        Cmdlet: "Set-Mailbox",
        "Parameters.Identity": "a@b",
        "Parameters.ForwardingSmtpAddress": "x@y.example",
      },
    },
    "mail of a@b forwarded to x@y.example",
  ],
  [
    "mail-rules",
    {
      at: null,
      host: "",
      channel: "UnifiedAudit",
      fields: { Operation: "New-InboxRule", "Parameters.Name": "..", UserId: "a@b" },
    },
    "inbox rule .. of a@b set",
    "m365",
  ],
  [
    "iis-modules",
    {
      at: null,
      eventId: 29,
      channel: "Microsoft-IIS-Configuration/Operational",
      fields: { Configuration: "/system.webServer/modules/add[@name=x]" },
    },
    "IIS configuration /system.webServer/modules/add[@name=x] changed",
  ],
  [
    "machine-keys",
    {
      at: null,
      eventId: 1316,
      channel: "Application",
      fields: { Data: ["4009", "Viewstate verification failed"] },
    },
    "a page's state was refused (event code 4009 and its like): 4009, Viewstate verification failed",
  ],
  [
    "oauth-consents",
    {
      at: null,
      host: "",
      channel: "UnifiedAudit",
      fields: { Operation: "Consent to application.", ObjectId: "app" },
    },
    "application app: consent, rights or credentials given",
    "m365",
  ],
  [
    "wmi-subscriptions",
    {
      at: null,
      eventId: 20,
      channel: "Microsoft-Windows-Sysmon/Operational",
      fields: { Name: "n", Destination: "x.exe" },
    },
    "subscription n: x.exe",
  ],
];

test.each(SEEN)("%s: %j", (id, row, what, format = "evtx") => {
  const told = check(id, {
    batches: [batch([{ ...row, at: "2021-09-01T00:00:00Z" }], { format })],
  });
  expect([told?.state, told?.changes.map((change) => change.what)]).toEqual(["found", [what]]);
});

test("every check is seen by one of the rows above, so that none of them is dead", () => {
  const seen = new Set(SEEN.map(([id]) => id));
  expect(TERMS.checks.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
});

test("knowledge: spread first, no check twice, none without source and advice", () => {
  const all = (checks: readonly unknown[]): AftermathTerms => parseAftermath({ about: "", checks });
  const [spread] = TERMS.checks;
  const stays = TERMS.checks.find(({ about }) => about === "persistence");
  expect(() => all([spread, spread])).toThrow(/stands twice/);
  expect(() => all([stays, spread])).toThrow(/spread comes before/);
  expect(() => all([{ ...spread, source: "" }])).toThrow(/checks\.0\.source/);
  expect(() => all([{ ...spread, advice: "" }])).toThrow(/checks\.0\.advice/);
});
