/**
 * The field catalogue: what several sources say alike, under one name, with its meaning, its Sigma name, and what each source
 * calls it. Raw fields keep their own names; the catalogue is how they are found. Behaviour is in engines/entities.
 */
import type { EntityKind } from "./entity.ts";
import type { FormatId } from "./evidence.ts";

/** What a value is. An entity can be followed from source to source; the others are shown and searched. */
export type FieldType = EntityKind | "text" | "number" | "result" | "version";

/** One row of the catalogue. */
export interface CatalogueField {
  readonly name: string;
  readonly type: FieldType;
  readonly meaning: string;
  /** As Sigma rules name it, in the taxonomy of its log sources; null where no rule asks for it. */
  readonly sigma: string | null;
  /** What the sources call it, the first that a row has counts. */
  readonly raw: Readonly<Partial<Record<FormatId, readonly string[]>>>;
}

/** What Windows events say, whoever exported them. */
function windows(...names: readonly string[]): CatalogueField["raw"] {
  return { evtx: names, "windows-json": names, plaso: names, timesketch: names, syslog: names };
}

/** What web servers' logs say in the words of the W3C format. */
function web(...names: readonly string[]): CatalogueField["raw"] {
  return { iis: names };
}

/** The catalogue, by what is asked most often. */
export const FIELDS: readonly CatalogueField[] = [
  {
    name: "client_address",
    type: "address",
    meaning:
      "The address that the request or logon came from, as the source saw it: behind a proxy it is the proxy's.",
    sigma: "c-ip",
    raw: {
      ...windows("IpAddress", "SourceAddress", "SourceIp", "ClientAddress"),
      ...web("c-ip"),
      exchange: [
        "ClientIpAddress",
        "client-ip",
        "original-client-ip",
        "remote-endpoint",
        "cIp",
        "ClientIP",
      ],
      table: ["ClientAddress"],
      m365: [
        "ClientIP",
        "ClientIPAddress",
        "Client_IPAddress",
        "ActorIpAddress",
        "ipAddress",
        "IPAddress",
        "properties.ipAddress",
        "CallerIPAddress",
        "FromIP",
      ],
      ncsa: ["c-ip"],
      mail: ["ExternalAddress", "X-Originating-IP"],
      clixml: ["ClientIPAddress", "ClientIP"],
      "audit-xml": ["ClientIPAddress", "ClientIP"],
      clamav: ["Client"],
    },
  },
  {
    name: "forwarded_for",
    type: "address",
    meaning:
      "The client as a proxy before this server stated it. Whoever sends the request can write it.",
    sigma: null,
    raw: {
      ...web("X-Forwarded-For", "X-FORWARDED-FOR", "cs(X-Forwarded-For)"),
      ncsa: ["X-Forwarded-For"],
    },
  },
  {
    name: "server_address",
    type: "address",
    meaning: "The address that was asked: of the server itself, or of what a process connected to.",
    sigma: "s-ip",
    raw: {
      ...windows("DestinationIp", "DestAddress"),
      ...web("s-ip"),
      exchange: ["server-ip", "local-endpoint"],
    },
  },
  {
    name: "user",
    type: "user",
    meaning: "Who did it, as far as the source knows; of a logon, the account that was logged on.",
    sigma: "User",
    raw: {
      ...windows("TargetUserName", "SubjectUserName", "User", "Caller", "UserName"),
      ...web("cs-username", "RpsCatUser"),
      exchange: [
        "AuthenticatedUser",
        "RpsCatUser",
        "user",
        "UserName",
        "ImpersonatedUser",
        "client-name",
      ],
      table: ["User"],
      m365: [
        "UserId",
        "userPrincipalName",
        "UserPrincipalName",
        "initiatedBy.user.userPrincipalName",
        "InitiatedBy.user.userPrincipalName",
        "AccountUpn",
        "evidence.userAccount.userPrincipalName",
      ],
      ncsa: ["cs-username"],
      task: ["UserId", "Author"],
      mail: ["FromAddress", "SenderSmtpAddress"],
      clixml: ["Caller", "LogonUserDisplayName", "InstalledBy"],
      "audit-xml": ["Caller", "LogonUserDisplayName"],
    },
  },
  {
    name: "user_sid",
    type: "user",
    meaning: "The same account by its security identifier, which renaming does not change.",
    sigma: "SubjectUserSid",
    raw: {
      ...windows("TargetUserSid", "SubjectUserSid", "CallerSid", "Security_UserID"),
      ...web("RpsCatSid"),
      exchange: ["RpsCatSid", "ExecutingUserSid"],
    },
  },
  {
    name: "mailbox",
    type: "mailbox",
    meaning: "Whose mailbox it was about.",
    sigma: null,
    raw: {
      ...windows("Parameters.Mailbox", "Parameters.Identity"),
      exchange: ["AnchorMailbox", "recipient-address", "Recipient"],
      table: ["Mailbox"],
      m365: ["MailboxOwnerUPN"],
      mail: ["Recipients"],
      clixml: ["MailboxOwnerUPN", "Mailbox"],
      "audit-xml": ["MailboxOwnerUPN", "Owner"],
    },
  },
  {
    name: "process",
    type: "process",
    meaning: "The program that acted, with its path.",
    sigma: "Image",
    raw: {
      ...windows("Image", "NewProcessName", "ProcessName", "CallerProcess"),
      table: ["Process"],
      mplog: ["Process", "ProcessName"],
      task: ["Command"],
      m365: ["InitiatingProcessFileName"],
      clixml: ["ClientProcessName"],
    },
  },
  {
    name: "parent_process",
    type: "process",
    meaning: "The program that started it.",
    sigma: "ParentImage",
    raw: windows("ParentImage", "ParentProcessName"),
  },
  {
    name: "command_line",
    type: "text",
    meaning: "What the program was started with.",
    sigma: "CommandLine",
    raw: {
      ...windows("CommandLine"),
      table: ["CommandLine"],
      mplog: ["CommandLine"],
      task: ["Arguments"],
      m365: ["ProcessCommandLine", "InitiatingProcessCommandLine"],
    },
  },
  {
    name: "file",
    type: "file",
    meaning: "The file that was written, found or asked for.",
    sigma: "TargetFilename",
    raw: {
      ...windows("File", "TargetFilename", "Path", "ObjectName", "Parameters.FilePath"),
      table: ["File"],
      mplog: ["Path"],
      clamav: ["Path"],
      mft: ["Path", "FileName"],
      usn: ["FileName"],
      registry: ["Path"],
      m365: ["FolderPath", "FileName", "evidence.fileDetails.filePath", "ObjectId"],
    },
  },
  {
    name: "hash",
    type: "hash",
    meaning: "What identifies a file's content.",
    sigma: "Hashes",
    raw: {
      ...windows("Hashes"),
      table: ["Hash"],
      mplog: ["Sha1", "Sha256"],
      registry: ["Sha1"],
      m365: ["SHA256", "SHA1", "evidence.fileDetails.sha256", "evidence.fileDetails.sha1"],
      mail: ["AttachmentSha256"],
    },
  },
  {
    name: "operation",
    type: "text",
    meaning: "What was done: a cmdlet, an operation, a method.",
    sigma: null,
    raw: {
      ...windows("Cmdlet"),
      ...web("cs-method"),
      exchange: ["Cmdlet", "SoapAction", "event-id", "Method", "operation", "command"],
      table: ["Operation", "Action"],
      m365: ["Operation", "OperationName", "activityDisplayName"],
      ncsa: ["cs-method"],
      mplog: ["Action"],
      clamav: ["Action"],
      clixml: ["CmdletName", "Operation"],
      "audit-xml": ["Cmdlet", "Operation"],
      usn: ["Reason"],
    },
  },
  {
    name: "uri_path",
    type: "text",
    meaning: "What was asked for, without the query.",
    sigma: "cs-uri-stem",
    raw: { ...web("cs-uri-stem"), exchange: ["UrlStem"], ncsa: ["cs-uri-stem"] },
  },
  {
    name: "uri_query",
    type: "text",
    meaning: "The query of the request as sent.",
    sigma: "cs-uri-query",
    raw: { ...web("cs-uri-query"), exchange: ["UrlQuery"], ncsa: ["cs-uri-query"] },
  },
  {
    name: "user_agent",
    type: "text",
    meaning: "What the client calls itself. Whoever sends the request can write it.",
    sigma: "cs-user-agent",
    raw: {
      ...web("cs(User-Agent)"),
      exchange: ["UserAgent", "client-software", "ClientApplication"],
      table: ["UserAgent"],
      m365: ["UserAgent", "userAgent", "ClientInfoString"],
      ncsa: ["cs(User-Agent)"],
      mail: ["X-Mailer", "User-Agent"],
    },
  },
  {
    name: "result",
    type: "result",
    meaning: "How it ended, in the source's own code.",
    sigma: "sc-status",
    raw: {
      ...windows("Status", "Succeeded", "ErrorCode"),
      ...web("sc-status"),
      exchange: ["HttpStatus", "ExecutionResult", "recipient-status", "ErrorCode"],
      table: ["Result"],
      m365: ["ResultStatus", "status.errorCode", "ResultType"],
      ncsa: ["sc-status"],
      mplog: ["Result"],
      clamav: ["Result"],
    },
  },
  {
    name: "sent_bytes",
    type: "number",
    meaning: "Bytes that the server sent: a bound of what can have left.",
    sigma: "sc-bytes",
    raw: {
      ...web("sc-bytes"),
      exchange: ["ResponseBytes", "ResponseSize", "total-bytes"],
      ncsa: ["sc-bytes"],
    },
  },
  {
    name: "threat",
    type: "text",
    meaning: "What an antivirus calls it.",
    sigma: "Signature",
    raw: {
      ...windows("ThreatName"),
      table: ["Threat"],
      mplog: ["ThreatName"],
      clamav: ["ThreatName"],
    },
  },
  {
    name: "message_id",
    type: "message-id",
    meaning: "The Message-ID of a mail, the same in every log and mailbox that it passed.",
    sigma: null,
    raw: {
      exchange: ["message-id", "MessageId"],
      table: ["MessageId"],
      m365: ["InternetMessageIds", "Item.InternetMessageId", "MessageId", "InternetMessageId"],
      mail: ["Message-ID"],
    },
  },
  {
    name: "record_id",
    type: "text",
    meaning:
      "The record by a name that no other record in the world has: two exports of one log repeat it.",
    sigma: null,
    raw: { m365: ["Id", "OfficeId", "Identity", "RecordId", "id"] },
  },
  {
    name: "build",
    type: "version",
    meaning: "The version of the product, as written.",
    sigma: null,
    raw: {
      "exchange-setup": ["Build"],
      table: ["Build"],
      clixml: ["Build"],
      systeminfo: ["Build"],
      nmap: ["Build"],
      "http-headers": ["Build"],
      registry: ["Build"],
    },
  },
];
