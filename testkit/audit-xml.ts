/** Cases for audit logs that Exchange exported as XML: one behaviour each. */
import type { TestCase } from "./case.ts";

const HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<SearchResults>\n';
const log = (entries: string) => `${HEAD}${entries}</SearchResults>\n`;
const CMDLET =
  '<Event Caller="clinic.example/Users/a" Cmdlet="Set-Mailbox" ObjectModified="clinic.example/Users/b" RunDate="2021-08-13T04:12:07+01:00" Succeeded="true" Error="None" OriginatingServer="MX1 (15.01.2044.004)"><CmdletParameters><Parameter Name="Identity" Value="b" /></CmdletParameters><ModifiedProperties><Property Name="Quota" OldValue="1" NewValue="2" /></ModifiedProperties></Event>\n';

function audit(
  name: string,
  why: string,
  rest: Omit<TestCase, "name" | "why" | "format">,
): TestCase {
  return { name: `audit-xml/${name}`, why, format: "audit-xml", ...rest };
}

export const AUDIT_XML_CASES: readonly TestCase[] = [
  audit("cmdlet", "an administrator's cmdlet: parameters by name, and the build of the server that wrote it", {
    events: [
      {
        time: "2021-08-13T03:12:07Z",
        host: "MX1",
        channel: "AdminAuditLogEvent",
        fields: {
          "Cmdlet": "Set-Mailbox",
          "CmdletParameters.Identity": "b",
          "ModifiedProperties.Quota.NewValue": "2",
          "Build": "15.01.2044.004",
          "Observation": "server-log",
        },
      },
    ],
    body: log(CMDLET),
  }),
  audit("mailbox", "an access to a mailbox: items as lists", {
    events: [
      {
        time: "2021-08-13T11:13:00.5Z",
        channel: "MailboxAuditLogEvent",
        fields: {
          "Operation": "HardDelete",
          "SourceItems.Id": ["1", "2"],
          "SourceItems.Subject": ["Results", "Appointment"],
        },
      },
    ],
    body: log(
      '<Event MailboxGuid="6d4f" LastAccessed="2021-08-13T04:13:00.5-07:00" Operation="HardDelete" LogonType="Admin"><SourceItems><Item Id="1" Subject="Results" /><Item Id="2" Subject="Appointment" /></SourceItems></Event>\n',
    ),
  }),
  audit("month-first", "Exchange 2010 wrote the month first, and no zone", {
    events: [{ time: "2010-03-05T23:59:12Z" }],
    assumptions: ["zone UTC", "day-order month-first: 3/5/2010 is 5 March 2010; the other reading is 3 May 2010"],
    body: log('<Event Caller="a" Cmdlet="Set-Mailbox" RunDate="3/5/2010 11:59:12 PM" Succeeded="true"></Event>\n'),
  }),
  audit("cut", "a log that is cut: whole entries are read", {
    events: 1,
    flaws: [`${HEAD.length + CMDLET.length} XML`],
    body: `${HEAD}${CMDLET}<Event Caller="a"`,
  }),
  {
    name: "audit-xml/other-results",
    why: "results of another search are read by nobody, and kept",
    format: "none",
    events: 0,
    body: "<SearchResults><Hit>a</Hit></SearchResults>",
  },
];
