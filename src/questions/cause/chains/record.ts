/**
 * Records as they are joined: what rules and the antivirus said of one place in the evidence, with every name that a record of another
 * source could share. Refuses to follow what names nothing; an address that is nobody's (a front door, the server itself) names nobody.
 */
import type { Rung } from "../../../model/cause.ts";
import type { Detection } from "../../../model/detection.ts";
import type { FieldValue } from "../../../model/event.ts";
import { higherRung, type Trace } from "../traces.ts";
import { compiledIn, pageAsked, pagesOnDisk } from "./web-path.ts";

/** Where a record of a chain shows, in the order of the way in. */
export type Where = "front end" | "HttpProxy" | "back end" | "cmdlet" | "file" | "page" | "process";

/** One record with its names. Names are in lower case, as Windows and Exchange compare them. */
export interface JoinRecord {
  /** The earliest detection on the record: its time, its place. */
  readonly detection: Detection;
  readonly where: Where;
  /** In the words of the record, not yet fit to be shown. */
  readonly what: string;
  /** As whom a program ran, or who wrote a file: `as NT AUTHORITY\\SYSTEM`, `by w3wp.exe`; "" where the record does not say. */
  readonly who: string;
  readonly rung: Rung | null;
  /** Times in ticks as plain numbers, true to a microsecond: they are compared a million times, and never shown. */
  readonly time: number;
  /** When a request began and ended; the time of the record elsewhere. */
  readonly start: number;
  readonly end: number;
  readonly requestId: string | null;
  readonly client: string | null;
  readonly accounts: readonly string[];
  /** Addresses of pages that it names, asked for or written. */
  readonly pages: readonly string[];
  /** It asked for a page that was not there. */
  readonly isInVain: boolean;
  /** The server answered with what the page made, or failed while making it. */
  readonly isAnswered: boolean;
  /** The page that ASP.NET compiled, as `owa/x.aspx`. */
  readonly compiled: string | null;
  /** A program that the web server's worker started. */
  readonly isWorkersChild: boolean;
  readonly processId: number | null;
  /** The virtual directory that a cmdlet sets, removes or makes: a reset is all three. */
  readonly directory: string | null;
  /** The mailbox whose export a cmdlet asks for, or removes the request of. */
  readonly exportOf: string | null;
  /** A cmdlet that writes a file without naming it. */
  readonly writesUnnamed: boolean;
}

const TICKS_PER_MILLISECOND = 10_000;

type Fields = Readonly<Record<string, FieldValue>>;

/** All traces on one record as one, in order of time; null where it names nothing that could be followed. */
export function recordOf(
  traces: readonly Trace[],
  isNobodys: (address: string) => boolean,
): JoinRecord | null {
  const [first] = traces;
  if (first === undefined) return null;
  const fields = fieldsOf(first.detection, traces);
  const names = namesOf(fields, first, isNobodys);
  const { detection } = first;
  if (names.where === undefined) return null;
  const time = Number(detection.ticks);
  const rung = traces.map((trace) => trace.rung).reduce(higherRung);
  // Written out: spreading what is named into what is not costs three times as much.
  return {
    detection,
    where: names.where,
    what: names.what ?? "",
    who: names.who ?? "",
    rung,
    time,
    start: names.start ?? time,
    end: names.end ?? time,
    requestId: names.requestId ?? null,
    client: names.client ?? null,
    accounts: names.accounts ?? NONE,
    pages: names.pages ?? NONE,
    isInVain: names.isInVain ?? false,
    isAnswered: names.isAnswered ?? false,
    compiled: names.compiled ?? null,
    isWorkersChild: names.isWorkersChild ?? false,
    processId: names.processId ?? null,
    directory: names.directory ?? null,
    exportOf: names.exportOf ?? null,
    writesUnnamed: names.writesUnnamed ?? false,
  };
}

/** What all detections of the record keep of it; nearly always there is one. */
function fieldsOf(first: Detection, traces: readonly Trace[]): Fields {
  if (traces.length === 1) return first.fields;
  const fields: Record<string, FieldValue> = Object.create(null);
  for (const { detection } of traces)
    for (const [name, value] of Object.entries(detection.fields)) fields[name] ??= value;
  return fields;
}

const NONE: readonly string[] = [];

type Names = Partial<Omit<JoinRecord, "detection" | "rung">>;

function namesOf(fields: Fields, trace: Trace, isNobodys: (address: string) => boolean): Names {
  if (has(fields, "cs-uri-stem") || has(fields, "UrlStem"))
    return requestNames(fields, trace, isNobodys);
  if (has(fields, "Cmdlet")) return cmdletNames(fields);
  if (has(fields, "ParentImage") || has(fields, "ParentProcessName")) return processNames(fields);
  return fileNames(fields);
}

function requestNames(
  fields: Fields,
  { detection, requestId, isBackEnd }: Trace,
  isNobodys: (address: string) => boolean,
): Names {
  const path = textOf(fields, "cs-uri-stem", "UrlStem");
  const isProxy = has(fields, "UrlStem");
  const user = textOf(fields, "RpsCatUser");
  const client = textOf(fields, "c-ip", "ClientIpAddress").toLowerCase();
  const status = Number(textOf(fields, "sc-status", "HttpStatus"));
  const page = isBackEnd || isProxy ? null : pageAsked(path);
  const taken = Number(textOf(fields, "time-taken", "TotalRequestTime"));
  const length = Number.isSafeInteger(taken) && taken > 0 ? taken * TICKS_PER_MILLISECOND : 0;
  const time = Number(detection.ticks);
  return {
    where: isProxy ? "HttpProxy" : isBackEnd ? "back end" : page === null ? "front end" : "page",
    what: [textOf(fields, "cs-method", "Method"), path, user === "" ? "" : `as ${user}`]
      .filter((part) => part !== "")
      .join(" "),
    // IIS lines are placed at their start; HttpProxy writes when the request ended.
    start: isProxy ? time - length : time,
    end: isProxy ? time : time + length,
    requestId,
    // The back end sees the front end's own address.
    client: isBackEnd || client === "" || isNobodys(client) ? null : client,
    accounts: namesIn(fields, "RpsCatSid", "RpsCatUser"),
    pages: page === null ? NONE : [page],
    isInVain: status === 404,
    isAnswered: status === 200 || status >= 500,
  };
}

function cmdletNames(fields: Fields): Names {
  const cmdlet = textOf(fields, "Cmdlet");
  const file = textOf(fields, "Parameters.FilePath", "Parameters.RequestFile");
  const identity = textOf(fields, "Parameters.Identity");
  // CmdletInfra keeps all parameters in one text; a path in it stands between quotes or blanks.
  const pages = pagesOnDisk(file === "" ? textOf(fields, "Parameters").split(/["'\s]+/) : file);
  const target = pages[0] ?? file;
  const about = identity || textOf(fields, "Parameters.Role");
  const mailbox = /^(?:new|remove)-mailboxexportrequest$/i.test(cmdlet)
    ? textOf(fields, "Parameters.Mailbox") || (identity.split("\\", 1)[0] ?? "")
    : "";
  return {
    where: "cmdlet",
    what: [cmdlet, ...(target !== "" ? ["to", target] : about !== "" ? ["of", about] : [])].join(
      " ",
    ),
    accounts: namesIn(fields, "CallerSid", "Caller", "ExecutingUserSid", "AuthenticatedUser"),
    pages,
    directory: /-(\w+virtualdirectory)$/i.exec(cmdlet)?.[1]?.toLowerCase() ?? null,
    exportOf: mailbox === "" ? null : mailbox.toLowerCase(),
    writesUnnamed: /^set-oabvirtualdirectory$/i.test(cmdlet),
  };
}

function processNames(fields: Fields): Names {
  const parent = textOf(fields, "ParentImage", "ParentProcessName").toLowerCase();
  const image = textOf(fields, "Image", "NewProcessName");
  const command = textOf(fields, "CommandLine");
  const user = textOf(fields, "User");
  return {
    where: "process",
    what: command === "" ? image : command,
    who: user === "" ? "" : `as ${user}`,
    isWorkersChild: parent.endsWith("\\w3wp.exe"),
    // 4688 calls its own process new, and writes it in hexadecimal.
    processId: processIdOf(textOf(fields, "NewProcessId", "ProcessId")),
  };
}

function fileNames(fields: Fields): Names {
  const path =
    fields["TargetFilename"] ??
    fields["RelativeTargetName"] ??
    fields["ObjectName"] ??
    fields["Path"] ??
    fields["path"];
  const pages = pagesOnDisk(path);
  const compiled = compiledIn(path);
  const [page] = pages;
  if (page === undefined && compiled === null) return {};
  const writer = textOf(fields, "Image", "ProcessName", "SubjectUserName");
  const by = writer.slice(writer.lastIndexOf("\\") + 1);
  return {
    where: "file",
    what: compiled === null ? `${page ?? ""} on disk` : `${compiled} compiled`,
    who: by === "" ? "" : `by ${by}`,
    pages,
    compiled,
  };
}

function has(fields: Fields, name: string): boolean {
  return textOf(fields, name) !== "";
}

/** The first of these fields that says something. */
function textOf(fields: Fields, ...names: readonly string[]): string {
  for (const name of names) {
    const value = fields[name];
    if ((typeof value === "string" && value !== "") || typeof value === "number")
      return String(value);
  }
  return "";
}

function namesIn(fields: Fields, ...names: readonly string[]): readonly string[] {
  const said = names.map((name) => textOf(fields, name)).filter((text) => text !== "");
  return said.length === 0 ? NONE : [...new Set(said.map((text) => text.toLowerCase()))];
}

function processIdOf(text: string): number | null {
  const id = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : 0;
  return id > 0 ? id : null;
}
