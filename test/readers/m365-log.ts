/** Made-up exports of Microsoft 365: the audit log as JSON and as CSV, answers of Graph, each with its own way to write. */
import { utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

const START = Date.UTC(2021, 7, 12, 9);
const OPERATIONS = ["MailItemsAccessed", "Send", "New-InboxRule", "UserLoggedIn"] as const;

/** An id that looks like those of the services. */
export function madeId(number: number): string {
  return `5e2a1b3c-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** Records of the audit log as the Management Activity API gives them; the same ones each time. */
export function madeAudit(count: number, seed = 1): readonly Readonly<Record<string, unknown>>[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, number) => {
    const operation = OPERATIONS[Math.floor(random() * OPERATIONS.length)] ?? "Send";
    return {
      // Newer records begin with what others lack.
      ...(number % 5 === 4 ? { AppAccessContext: { IssuedAtTime: "2021-08-12T08:00:00" } } : {}),
      CreationTime: new Date(START + number * 61_000).toISOString().slice(0, 19),
      Id: madeId(number),
      Operation: operation,
      OrganizationId: "00000000-0000-0000-0000-000000000001",
      RecordType: operation === "MailItemsAccessed" ? 50 : 1,
      ResultStatus: "Succeeded",
      UserId: number % 3 === 0 ? "anna@clinic.example" : "zoë@clinic.example",
      Workload: operation === "UserLoggedIn" ? "AzureActiveDirectory" : "Exchange",
      ClientIP: `203.0.113.${Math.floor(random() * 250)}`,
      ...detailsOf(operation, number),
    };
  });
}

function detailsOf(operation: (typeof OPERATIONS)[number], number: number): object {
  switch (operation) {
    case "MailItemsAccessed":
      return {
        OperationProperties: [
          { Name: "MailAccessType", Value: number % 2 === 0 ? "Bind" : "Sync" },
          { Name: "IsThrottled", Value: "False" },
        ],
        Folders: [
          { Path: "\\Inbox", FolderItems: [{ InternetMessageId: `<${number}@clinic.example>` }] },
        ],
        OperationCount: 1,
      };
    case "New-InboxRule":
      return {
        Parameters: [
          { Name: "ForwardTo", Value: "eve@elsewhere.example" },
          { Name: "SubjectContainsWords", Value: 'invoice; "payment" {urgent}' },
        ],
      };
    case "Send":
      return { Item: { Subject: "Results, as asked", ParentFolder: { Path: "\\Sent Items" } } };
    case "UserLoggedIn":
      return { ExtendedProperties: [{ Name: "UserAgent", Value: "BAV2ROPC" }] };
  }
}

/** One record a line. */
export function madeAuditLines(count: number): Uint8Array {
  return utf8(
    madeAudit(count)
      .map((record) => `${JSON.stringify(record)}\n`)
      .join(""),
  );
}

/** All records in one list, on one line. */
export function madeAuditList(count: number): Uint8Array {
  return utf8(JSON.stringify(madeAudit(count)));
}

/** As Purview exports it. */
export function madeAuditCsv(count: number): Uint8Array {
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = madeAudit(count).map((record) => {
    const { Id, CreationTime, RecordType, Operation, UserId } = record;
    const date = `${String(CreationTime)}.0000000Z`;
    const data = cell(JSON.stringify(record));
    return [Id, date, RecordType, Operation, UserId, data, "", ""].join(",");
  });
  const header =
    "RecordId,CreationDate,RecordType,Operation,UserId,AuditData,AssociatedAdminUnits,AssociatedAdminUnitsNames";
  return utf8(`\ufeff${[header, ...rows].map((row) => `${row}\r\n`).join("")}`);
}

/** An answer of Graph with sign-ins, as PowerShell prints it, in UTF-16. */
export function madeSignIns(count: number): Uint8Array {
  const value = Array.from({ length: count }, (_, number) => ({
    id: madeId(number),
    createdDateTime: new Date(START + number * 61_000).toISOString().replace(".000Z", "Z"),
    userPrincipalName: number % 3 === 0 ? "anna@clinic.example" : "zoë@clinic.example",
    appDisplayName: "Office 365 Exchange Online",
    ipAddress: "203.0.113.7",
    clientAppUsed: "IMAP4",
    conditionalAccessStatus: "notApplied",
    status: { errorCode: number % 4 === 0 ? 50126 : 0, failureReason: "Other." },
    deviceDetail: { deviceId: "", browser: "" },
    location: { city: "St Peter Port", countryOrRegion: "GG" },
    authenticationDetails: [],
  }));
  const answer = {
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns",
    value,
  };
  return wide(`${JSON.stringify(answer, null, 4).replaceAll("\n", "\r\n")}\r\n`);
}

/** UTF-16 with a byte order mark, as Windows PowerShell writes a file. */
export function wide(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
}
