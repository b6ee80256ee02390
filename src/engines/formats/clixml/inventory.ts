/**
 * What exported objects say about installed software: product, build and update, said in the same words whatever the format, and
 * when and where the object was. Refuses to weigh it: how much each kind proves is knowledge/observations.json.
 */
import type { FieldValue } from "../../../model/event.ts";
import { stringOf } from "../json/json-value.ts";
import { EXCHANGE, type ObservedFields, WINDOWS, auditedBy, observed } from "../observed.ts";

type FieldMap = ReadonlyMap<string, FieldValue>;

/** What a row says besides the object's own properties. */
export interface Said {
  /** `Product`, `Build`, `Observation`, `Kb`, as far as the object says them. */
  readonly fields: ObservedFields;
  /** The name of the machine that the object speaks of, "" where it names none. */
  readonly host: string;
  /** The time that the object stands for, as text; "" where it stands for none. */
  readonly time: string;
  readonly channel: string;
}

const KB = /\bKB\d{6,7}\b/i;
/** HealthChecker's object, and where the file version of ExSetup.exe stands in its releases. */
const SETUP_VERSION = /(?:^|\.)ExchangeSetup\.FileVersion$/;
const SETUP_BUILD = /(?:^|\.)BuildInformation\.(?:VersionInformation\.)?BuildVersion$/;

/** The time that objects of a type stand for. Anything else has no time of its own. */
const TIMES: ReadonlyMap<string, string> = new Map([
  ["AdminAuditLogEvent", "RunDate"],
  ["MailboxAuditLogEvent", "LastAccessed"],
  ["MailboxAuditLogRecord", "LastAccessed"],
  ["UnifiedAuditLogEvent", "CreationDate"],
  ["HotFix", "InstalledOn"],
  ["MailboxExportRequest", "WhenCreated"],
  ["MailboxExportRequestStatistics", "QueuedTimestamp"],
  ["MessageTrackingEvent", "Timestamp"],
  ["EventLogRecord", "TimeCreated"],
  ["EventLogEntry", "TimeGenerated"],
]);

/** Properties that name the machine, in the order in which they are believed. */
const HOSTS = [
  "PSComputerName",
  "CSName",
  "__SERVER",
  "MachineName",
  "ServerName",
  "ServerHostname",
];

/** What an object of this type and these properties says. */
export function saidBy(type: string, fields: FieldMap): Said {
  const text = (name: string) => stringOf(fields.get(name) ?? "").trim();
  const checked = checkedBy(type, fields);
  if (checked !== null) return checked;
  const host = HOSTS.map(text).find((name) => name !== "" && name !== "localhost") ?? "";
  const time = text(TIMES.get(type) ?? "");
  const plain = { fields: [], host, time, channel: type };
  switch (type) {
    case "FileVersionInfo":
      return { ...plain, fields: fileVersion(text) };
    case "ExchangeServer":
      return {
        ...plain,
        host: text("Fqdn") || text("Name"),
        fields: observed(EXCHANGE, text("AdminDisplayVersion"), "exported-manifest"),
      };
    case "HotFix": {
      const kb = KB.exec(text("HotFixID"))?.[0].toUpperCase() ?? "";
      return { ...plain, fields: updated(WINDOWS, "hotfix-list", kb) };
    }
    case "Win32_OperatingSystem":
      return { ...plain, fields: observed(WINDOWS, text("Version"), "exported-manifest") };
    case "AdminAuditLogEvent":
    case "MailboxAuditLogEvent": {
      const { server, build } = auditedBy(text("OriginatingServer"));
      return { ...plain, host: server, fields: observed(EXCHANGE, build, "server-log") };
    }
    default:
      return { ...plain, fields: installedPackage(text) };
  }
}

/** HealthChecker's object of one server, exported whole or inside of its analysis. */
function checkedBy(type: string, fields: FieldMap): Said | null {
  const within = ["", "HealthCheckerExchangeServer."].find((path) =>
    fields.has(`${path}ServerName`),
  );
  if (
    within === undefined ||
    ![...fields.keys()].some((name) => name.startsWith(`${within}ExchangeInformation`))
  )
    return null;
  const find = (pattern: RegExp) =>
    stringOf(fields.get([...fields.keys()].find((name) => pattern.test(name)) ?? "") ?? "");
  const build = find(SETUP_VERSION);
  return {
    fields:
      build === ""
        ? observed(EXCHANGE, find(SETUP_BUILD), "exported-manifest")
        : observed(EXCHANGE, build, "file-version"),
    host: stringOf(fields.get(`${within}ServerName`) ?? ""),
    time: stringOf(fields.get(`${within}GenerationTime`) ?? ""),
    channel: type === "" || type === "PSCustomObject" ? "HealthChecker" : type,
  };
}

/** ExSetup.exe has the version of the whole product; any other file speaks for itself alone. */
function fileVersion(text: (name: string) => string): ObservedFields {
  const build = text("FileVersion") || text("FileVersionRaw");
  const isSetup = /(?:^|[\\/])ExSetup\.exe$/i.test(text("FileName") || text("OriginalFilename"));
  return observed(isSetup ? EXCHANGE : text("ProductName"), build, "file-version");
}

/** An entry of the list of installed programs, as scripts read it from the registry. */
function installedPackage(text: (name: string) => string): ObservedFields {
  const name = text("DisplayName");
  const build = text("DisplayVersion");
  if (name === "" || build === "") return [];
  const kb = KB.exec(name)?.[0].toUpperCase() ?? "";
  return [...observed(name, build, "registry-key"), ...(kb === "" ? [] : [["Kb", kb] as const])];
}

function updated(product: string, observation: string, kb: string): ObservedFields {
  if (kb === "") return [];
  return [
    ["Product", product],
    ["Observation", observation],
    ["Kb", kb],
  ];
}
