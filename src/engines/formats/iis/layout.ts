/**
 * The columns of an IIS log as its `#Fields` line names them, and the limits of the format.
 * Spec: W3C Extended Log File Format, "Directives"; Microsoft, "W3C Logging" (names and units of the fields).
 */

import { type Lead, leadOf } from "../json/json-lead.ts";

/** A longer line is a flaw: IIS cuts every value long before (http.sys takes 16 KiB of URL and headers). */
export const LINE_BYTES_MAX = 65_536;
/** IIS knows about 30 fields; custom ones add up to a few dozen. */
export const COLUMNS_MAX = 256;

/** Fields that IIS writes as whole numbers (milliseconds, bytes, ports, codes). */
const NUMBERS: ReadonlySet<string> = new Set([
  "s-port",
  "c-port",
  "sc-status",
  "sc-substatus",
  "sc-win32-status",
  "sc-bytes",
  "cs-bytes",
  "time-taken",
  "s-siteid",
  "src-port",
  "dst-port",
  "size",
  "tcpsyn",
  "tcpack",
  "tcpwin",
  "icmptype",
  "icmpcode",
  "pid",
]);

/** Logs of other parts of Windows in the same form, by columns that only they have. */
const LOGS = [
  { log: "HTTPERR", columns: ["s-reason", "c-ip", "s-ip"] },
  { log: "FTPSVC", columns: ["x-session", "x-fullpath"] },
  { log: "Firewall", columns: ["action", "protocol", "src-ip", "dst-ip"] },
] as const;

/** Which log its columns say it is; "" is that of a web site. */
export type Log = (typeof LOGS)[number]["log"] | "";

/** One `#Fields` line: what stands in which column. A column that is not logged is -1. */
export interface Layout {
  readonly names: readonly string[];
  readonly log: Log;
  readonly columnOf: ReadonlyMap<string, number>;
  /** Columns that are answered: of a name that stands twice only the first. */
  readonly columns: readonly number[];
  /** Per column: whether its digits are read as a number. */
  readonly numeric: readonly boolean[];
  readonly date: number;
  readonly time: number;
  readonly taken: number;
  readonly agent: number;
  readonly site: number;
  readonly computer: number;
  readonly query: number;
  readonly port: number;
  readonly printed: Printed;
}

/** Fields that several columns say together (docs/formats/iis.md), in the order in which they are listed. */
export const VIRTUAL = [
  "Side",
  "RequestId",
  "c-uri",
  "EndTime",
  "RpsCatUser",
  "RpsCatSid",
] as const;

/** Which of Exchange's two sites served a request. */
export type Side = "front-end" | "back-end";

/** How a column is printed; from `agent` on, what else is done with its text. */
export const Kind = { text: 0, number: 1, agent: 2, uri: 3, stem: 4, query: 5 } as const;

const KINDS: ReadonlyMap<string, number> = new Map([
  ["cs(User-Agent)", Kind.agent],
  ["cs-uri", Kind.uri],
  ["cs-uri-stem", Kind.stem],
  ["cs-uri-query", Kind.query],
]);

/** What of a row's JSON is the same in every row; null for a virtual field whose name a column has. */
interface Printed {
  /** The columns that are answered, and the Kind of each. */
  readonly columns: Int32Array;
  readonly kinds: Uint8Array;
  /** What stands before each value, as putLead has it: the words of all, where those of each start, its bytes. */
  readonly leadWords: Int32Array;
  readonly leadStarts: Int32Array;
  readonly leadSizes: Int32Array;
  readonly side: Readonly<Record<Side, Lead>> | null;
  readonly requestId: Lead | null;
  readonly uri: Lead | null;
  readonly endTime: Lead | null;
  /** Bytes of all of this, and of values that are not longer for a longer line. */
  readonly ownBytes: number;
}

/** The layout that a `#Fields` line declares; null where it names fewer than two fields or more than COLUMNS_MAX. */
export function layoutOf(names: readonly string[]): Layout | null {
  if (names.length < 2 || names.length > COLUMNS_MAX) return null;
  const columnOf = new Map<string, number>();
  // Of a name that stands twice the first column counts: appending a column cannot hide one.
  for (const [column, name] of names.entries()) if (!columnOf.has(name)) columnOf.set(name, column);
  const find = (name: string) => columnOf.get(name) ?? -1;
  return {
    names,
    log: logOf(names),
    columnOf,
    columns: [...columnOf.values()],
    numeric: names.map((name) => NUMBERS.has(name)),
    date: find("date"),
    time: find("time"),
    taken: find("time-taken"),
    agent: find("cs(User-Agent)"),
    site: find("s-sitename"),
    computer: find("s-computername"),
    query: find("cs-uri-query"),
    port: find("s-port"),
    printed: printedOf(columnOf),
  };
}

/** The log that writes these columns. */
export function logOf(names: readonly string[]): Log {
  return LOGS.find(({ columns }) => columns.every((name) => names.includes(name)))?.log ?? "";
}

function printedOf(columnOf: ReadonlyMap<string, number>): Printed {
  const names = [...columnOf.keys()];
  const kinds = names.map((name) =>
    NUMBERS.has(name) ? Kind.number : (KINDS.get(name) ?? Kind.text),
  );
  const leads = names.map((name) => leadBefore(name, !NUMBERS.has(name)));
  const starts = [0];
  for (const { words } of leads) starts.push((starts.at(-1) ?? 0) + words.length);
  const unless = (name: (typeof VIRTUAL)[number]) =>
    columnOf.has(name) ? null : leadBefore(name, true);
  return {
    columns: Int32Array.from(columnOf.values()),
    kinds: Uint8Array.from(kinds),
    leadWords: Int32Array.from(leads.flatMap(({ words }) => [...words])),
    leadStarts: Int32Array.from(starts),
    leadSizes: Int32Array.from(leads, ({ sizeBytes }) => sizeBytes),
    side: columnOf.has("Side")
      ? null
      : {
          "front-end": leadOf(',"Side":"front-end"'),
          "back-end": leadOf(',"Side":"back-end"'),
        },
    requestId: unless("RequestId"),
    uri: unless("c-uri"),
    endTime: unless("EndTime"),
    ownBytes: leads.reduce((sum, { sizeBytes }) => sum + sizeBytes + 2, VIRTUAL_BYTES),
  };
}

/** More than the names, quotes and constant values of the virtual fields take. */
const VIRTUAL_BYTES = 256;

/** From the comma on; with the quote of a text, which a number lacks. */
function leadBefore(name: string, isText: boolean): Lead {
  return leadOf(`,${JSON.stringify(name)}:${isText ? '"' : ""}`);
}

/** What a line that begins with `#` says: its name in lower case, and the text after the colon. */
export interface Directive {
  readonly name: string;
  readonly text: string;
}

/** A directive line; null where it is another comment. */
export function directiveOf(line: string): Directive | null {
  const match = /^#([A-Za-z-]+):(.*)$/.exec(line);
  if (match === null) return null;
  const [, name = "", text = ""] = match;
  return { name: name.toLowerCase(), text: text.trim() };
}

/** The field names of a `#Fields` directive's text. */
export function fieldNamesOf(text: string): readonly string[] {
  return text.split(/[ \t]+/).filter((name) => name !== "");
}
