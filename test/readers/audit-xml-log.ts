/** Made-up audit logs, as Exchange attaches them to a mail: entries of cmdlets, or of accesses to mailboxes. */
import { utf8 } from "../../src/base/bytes.ts";
import { seededRandom } from "./trials.ts";

function cmdlet(at: number, random: () => number): string {
  const second = String(at % 60).padStart(2, "0");
  return `  <Event Caller="clinic.example/Users/svc${Math.floor(random() * 9)}" Cmdlet="New-MailboxExportRequest" ObjectModified="clinic.example/Users/a" RunDate="2021-08-13T04:12:${second}+01:00" Succeeded="true" Error="None" OriginatingServer="MX1 (15.01.2044.004)">
    <CmdletParameters>
      <Parameter Name="Mailbox" Value="a@clinic.example" />
      <Parameter Name="FilePath" Value="\\\\localhost\\c$\\x${at}.aspx" />
    </CmdletParameters>
    <ModifiedProperties>
      <Property Name="Status" OldValue="" NewValue="Queued &amp; new" />
    </ModifiedProperties>
  </Event>
`;
}

function access(at: number, random: () => number): string {
  const second = String(at % 60).padStart(2, "0");
  return `  <Event MailboxGuid="6d4fbdae-0000-4530-8d0b-${String(at).padStart(12, "0")}" Owner="CLINIC\\a" LastAccessed="2021-08-13T04:13:${second}.5-07:00" Operation="HardDelete" OperationResult="Succeeded" LogonType="Admin" ClientIPAddress="203.0.113.${Math.floor(random() * 250)}" MailboxOwnerUPN="a@clinic.example">
    <SourceItems>
      <Item Id="00A1" Subject="Results" FolderPathName="\\Inbox" />
      <Item Id="00A2" Subject="Appointment" FolderPathName="\\Inbox" />
    </SourceItems>
  </Event>
`;
}

/** A log of `count` entries, both kinds in turn. */
export function madeAuditXml(count: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const entries = Array.from({ length: count }, (_, at) =>
    at % 2 === 0 ? cmdlet(at, random) : access(at, random),
  );
  return utf8(
    `<?xml version="1.0" encoding="utf-8"?>\n<SearchResults>\n${entries.join("")}</SearchResults>`,
  );
}
