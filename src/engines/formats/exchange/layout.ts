/**
 * What the lines before a row have said: the log, its columns, and which SMTP sessions are open. As text (Range.header)
 * it is directives again. Refuses nothing: what is no directive says nothing. Sources: docs/formats/exchange.md.
 */
import { Buffer } from "node:buffer";
import { utf8 } from "../../../base/bytes.ts";
import { type Columns, columnsOf, firstOf } from "../csv/columns.ts";
import { cellsOf } from "../csv/grammar.ts";
import type { LineShape } from "../csv/scan.ts";
import { decodeText } from "../text/encoding.ts";
import { LINE_BYTES_MAX } from "../text/line-reading.ts";
import { channelOf } from "./logs.ts";
import { type Sessions, makeSessions, sessionsFrom, sessionsText } from "./sessions.ts";

/** Columns that hold whole numbers: counts, bytes, milliseconds, codes, the parts of a build. */
const NUMBERS: ReadonlySet<string> = new Set(
  (
    "MajorVersion MinorVersion BuildVersion RevisionVersion HttpStatus BackEndStatus BackendStatus SubStatus " +
    "RequestBytes ResponseBytes RequestSize ResponseSize TotalRequestTime TotalTime LocalIdCount RemoteIdCount " +
    "LocalMailboxCount RemoteMailboxCount RemoteBackendCount ProcessId ThreadId NumRecipients " +
    "ActivityContextLifeTime ProxyTime HttpProxyOverhead " +
    "total-bytes recipient-count sequence-number seq-number seqNumber duration rqsize rpsize processing-time"
  ).split(" "),
);

/** Besides: every latency, of which there are dozens. */
const isNumber = (name: string) => NUMBERS.has(name) || name.endsWith("Latency");

/** Of the columns that date a row, the first that a log has; of logs with none of these, the first with `time` in it. */
const TIMES = ["DateTime", "date-time", "TimeStamp", "Timestamp", "timestamp", "dateTime"];
/** Columns that name the server that wrote the row. */
const HOSTS = ["ServerHostName", "ServerName", "server-hostname", "Server"];

/** One `#Fields` line under one `#Log-type`: what stands in which column. A column that is not logged is -1. */
export interface Layout {
  readonly logType: string;
  readonly channel: string;
  readonly columns: Columns;
  /** The names as they were written, parted by commas: a line of just this is a header again. */
  readonly header: Uint8Array;
  readonly shape: LineShape;
  readonly time: number;
  readonly host: number;
  readonly query: number;
  /** Of remote cmdlets: their parameters, in one text. */
  readonly parameters: number;
  /** Of message tracking: the other side of the transfer, and which transfer it was. */
  readonly clientHost: number;
  readonly eventId: number;
  /** Of SMTP protocol logs. */
  readonly smtp: SmtpColumns | null;
}

/** The columns by which an SMTP session is followed. */
export interface SmtpColumns {
  readonly connector: number;
  readonly session: number;
  readonly event: number;
  readonly data: number;
  readonly context: number;
}

/** What governs the next row. */
export interface Governing {
  logType: string;
  /** Null before the first `#Fields`, and after one that cannot be used. */
  layout: Layout | null;
  sessions: Sessions;
}

/** Before the first line. */
export function unGoverned(): Governing {
  return { logType: "", layout: null, sessions: makeSessions() };
}

const COMMA = ",";
const HASH = 35;
const NONE = -1;

/** The layout that the names declare; null where they cannot be the columns of a log. */
export function layoutOf(logType: string, fields: string): Layout | null {
  const header = utf8(fields);
  const columns = columnsOf(cellsOf(header) ?? [], isNumber);
  if (columns === null) return null;
  const find = (name: string) => columns.columnOf.get(name) ?? NONE;
  const known = firstOf(columns, TIMES);
  const channel = channelOf(logType);
  return {
    logType,
    channel,
    columns,
    header,
    shape: {
      columns: columns.names.length,
      delimiter: COMMA,
      oddA: HASH,
      oddB: header[0] ?? NONE,
    },
    time: known < 0 ? columns.names.findIndex((name) => /time/i.test(name)) : known,
    host: firstOf(columns, HOSTS),
    query: find("UrlQuery"),
    parameters: channel === "CmdletInfra" ? find("Parameters") : NONE,
    clientHost: channel === "MessageTracking" ? find("client-hostname") : NONE,
    eventId: find("event-id"),
    smtp: find("session-id") < 0 || find("context") < 0 ? null : smtpColumns(find),
  };
}

function smtpColumns(find: (name: string) => number): SmtpColumns | null {
  const columns = {
    connector: find("connector-id"),
    session: find("session-id"),
    event: find("event"),
    data: find("data"),
    context: find("context"),
  };
  return columns.event < 0 || columns.data < 0 ? null : columns;
}

/** What a line that begins with `#` says: its name in lower case, and the text after the colon. */
interface Directive {
  readonly name: string;
  readonly text: string;
}

/** A directive line; null where it is another comment. */
export function directiveOf(line: string): Directive | null {
  const match = /^#([A-Za-z-]{1,64}):/.exec(line);
  if (match === null) return null;
  const [head, name = ""] = match;
  return { name: name.toLowerCase(), text: line.slice(head.length).trim() };
}

/** Takes over a `#Log-type` or a `#Fields`; nothing else governs. False for a `#Fields` that cannot be used. */
export function govern(governing: Governing, { name, text }: Directive): boolean {
  const { layout, logType } = governing;
  if (name === "log-type") {
    governing.logType = text;
    if (layout !== null && layout.logType !== text)
      governing.layout = layoutOf(text, decodeText(layout.header));
  }
  if (name !== "fields") return true;
  if (layout === null || layout.logType !== logType || decodeText(layout.header) !== text)
    governing.layout = layoutOf(logType, text);
  return governing.layout !== null;
}

/** Whether the line is the names of columns, as a file begins that is made for spreadsheets. A row has its time. */
export function isNames(line: Uint8Array): boolean {
  const names = cellsOf(line) ?? [];
  return (
    names.length > 2 &&
    names.every((name) => /^[A-Za-z][A-Za-z0-9_-]{0,80}$/.test(name)) &&
    names.some((name) => TIMES.includes(name))
  );
}

/** Takes over such a line where no `#Fields` was before it. False where it is another line. */
export function governByNames(governing: Governing, line: Uint8Array): boolean {
  return isNames(line) && govern(governing, { name: "fields", text: decodeText(line) });
}

/** What stands before the open sessions in a header; in a log it is a comment like any other. */
const SESSIONS = "#sessions:";

/** The directives that say as much as all so far. */
export function headerOf({ logType, layout, sessions }: Governing): string {
  // Also while other columns hold: a session goes on when those of SMTP come back.
  const open = sessionsText(sessions);
  return [
    `#Log-type: ${logType}`,
    ...(layout === null ? [] : [`#Fields: ${decodeText(layout.header)}`]),
    ...(open === "" ? [] : [SESSIONS + open]),
  ].join("\n");
}

/** Takes over a header. */
export function takeHeader(governing: Governing, header: string): void {
  for (const line of header.split("\n")) {
    const directive = directiveOf(line);
    if (line.startsWith(SESSIONS)) governing.sessions = sessionsFrom(line.slice(SESSIONS.length));
    else if (directive !== null) govern(governing, directive);
  }
}

const LINE_FEED = 10;
const MARK = Buffer.from("\ufeff");

/**
 * The header behind whole lines that stand under `header`, told from their directives alone: at 6 GB/s. Null where that is
 * not enough: rows that open sessions, and NULs or byte order marks, behind which a line begins anew.
 */
export function headerBehind(header: string, lines: Uint8Array): string | null {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  if (bytes.includes(0) || bytes.includes(MARK)) return null;
  const governing = unGoverned();
  takeHeader(governing, header);
  for (let at = nextToRead(governing, bytes, 0); at >= 0; ) {
    if (governing.layout?.smtp != null) return null;
    const end = bytes.indexOf(LINE_FEED, at);
    if (end - at <= LINE_BYTES_MAX) {
      const line = bytes.subarray(at, bytes[end - 1] === 13 ? end - 1 : end);
      const directive = line[0] === HASH ? directiveOf(decodeText(line)) : null;
      if (directive !== null) govern(governing, directive);
      else if (line[0] !== HASH && governing.layout === null) governByNames(governing, line);
    }
    at = nextToRead(governing, bytes, end + 1);
  }
  return governing.layout?.smtp == null ? headerOf(governing) : null;
}

/** The next line from the one at `at` on that may govern: whichever while there are no columns, then directives; -1: none. */
function nextToRead({ layout }: Governing, bytes: Buffer, at: number): number {
  if (at >= bytes.length) return -1;
  if (layout === null || bytes[at] === HASH) return at;
  const found = bytes.indexOf("\n#", at, "latin1");
  return found < 0 ? -1 : found + 1;
}
