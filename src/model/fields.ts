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
    raw: { ...windows("IpAddress", "SourceAddress", "SourceIp", "ClientAddress"), ...web("c-ip") },
  },
  {
    name: "forwarded_for",
    type: "address",
    meaning:
      "The client as a proxy before this server stated it. Whoever sends the request can write it.",
    sigma: null,
    raw: web("X-Forwarded-For", "X-FORWARDED-FOR", "cs(X-Forwarded-For)"),
  },
  {
    name: "server_address",
    type: "address",
    meaning: "The address that was asked: of the server itself, or of what a process connected to.",
    sigma: "s-ip",
    raw: { ...windows("DestinationIp", "DestAddress"), ...web("s-ip") },
  },
  {
    name: "user",
    type: "user",
    meaning: "Who did it, as far as the source knows; of a logon, the account that was logged on.",
    sigma: "User",
    raw: {
      ...windows("TargetUserName", "SubjectUserName", "User", "Caller", "UserName"),
      ...web("cs-username", "RpsCatUser"),
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
    },
  },
  {
    name: "mailbox",
    type: "mailbox",
    meaning: "Whose mailbox it was about.",
    sigma: null,
    raw: windows("Parameters.Mailbox", "Parameters.Identity"),
  },
  {
    name: "process",
    type: "process",
    meaning: "The program that acted, with its path.",
    sigma: "Image",
    raw: windows("Image", "NewProcessName", "ProcessName", "CallerProcess"),
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
    raw: windows("CommandLine"),
  },
  {
    name: "file",
    type: "file",
    meaning: "The file that was written, found or asked for.",
    sigma: "TargetFilename",
    raw: { ...windows("TargetFilename", "Path", "ObjectName", "Parameters.FilePath") },
  },
  {
    name: "hash",
    type: "hash",
    meaning: "What identifies a file's content.",
    sigma: "Hashes",
    raw: windows("Hashes"),
  },
  {
    name: "operation",
    type: "text",
    meaning: "What was done: a cmdlet, an operation, a method.",
    sigma: null,
    raw: { ...windows("Cmdlet"), ...web("cs-method") },
  },
  {
    name: "uri_path",
    type: "text",
    meaning: "What was asked for, without the query.",
    sigma: "cs-uri-stem",
    raw: web("cs-uri-stem"),
  },
  {
    name: "uri_query",
    type: "text",
    meaning: "The query of the request as sent.",
    sigma: "cs-uri-query",
    raw: web("cs-uri-query"),
  },
  {
    name: "user_agent",
    type: "text",
    meaning: "What the client calls itself. Whoever sends the request can write it.",
    sigma: "cs-user-agent",
    raw: web("cs(User-Agent)"),
  },
  {
    name: "result",
    type: "result",
    meaning: "How it ended, in the source's own code.",
    sigma: "sc-status",
    raw: { ...windows("Status", "Succeeded", "ErrorCode"), ...web("sc-status") },
  },
  {
    name: "sent_bytes",
    type: "number",
    meaning: "Bytes that the server sent: a bound of what can have left.",
    sigma: "sc-bytes",
    raw: web("sc-bytes"),
  },
  {
    name: "threat",
    type: "text",
    meaning: "What an antivirus calls it.",
    sigma: "Signature",
    raw: windows("ThreatName"),
  },
  {
    name: "message_id",
    type: "message-id",
    meaning: "The Message-ID of a mail, the same in every log and mailbox that it passed.",
    sigma: null,
    raw: {},
  },
  {
    name: "build",
    type: "version",
    meaning: "The version of the product, as written.",
    sigma: null,
    raw: {},
  },
];
