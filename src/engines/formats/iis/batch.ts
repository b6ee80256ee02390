/**
 * Rows of an IIS log, decoded when asked for. Values are as logged, except that `-` is a missing value, codes and
 * counts are numbers, and `+` in the user agent is a blank again. What several fields say together are virtual
 * fields (docs/formats/iis.md): Side, RequestId, c-uri, EndTime, RpsCatUser, RpsCatSid.
 */
import { Buffer, isAscii } from "node:buffer";
import { TICKS_PER_MILLISECOND, UNDATED, formatTicks, toTicks } from "../../../base/time.ts";
import type { JsonBytes } from "../../../base/json-bytes.ts";
import type { Batch, FieldValue, Span } from "../../../model/event.ts";
import type { Place, Setting } from "../../../model/evidence.ts";
import { wholeNumber } from "../text/byte-number.ts";
import { decodeText } from "../text/encoding.ts";
import { findRpsCat, RPS_CAT_NAMES, type RpsCat, rpsCatAt } from "../rps-cat.ts";
import { RowPrinter } from "./json.ts";
import { type Layout, type Side, VIRTUAL } from "./layout.ts";
import { findRequestId, requestIdIn } from "./request-id.ts";
import type { Rows } from "./scan.ts";
import { takenAt } from "./stamp.ts";
import { ALIASES, iisUnlisted, uriOf } from "./unlisted.ts";

const DASH = 45;

const SIDES: ReadonlyMap<string, Side> = new Map([
  ["W3SVC1", "front-end"],
  ["W3SVC2", "back-end"],
]);

/** What every batch of one file shares. */
export interface LogFile {
  readonly setting: Setting;
  /** Site by the folder of the file, "" where it tells none. */
  readonly folderSite: string;
}

/** The site (`W3SVC1`, `FTPSVC2`) that the folder of a log names; "" where it names none. */
export function siteOfPath(file: string): string {
  const match = /(?:^|[\\/])((?:W3SVC|FTPSVC)\d{1,10})[\\/][^\\/]*$/i.exec(file);
  return (match?.[1] ?? "").toUpperCase();
}

/** Rows that share one window of bytes and one layout. */
export class IisBatch implements Batch {
  readonly kind = "batch";
  readonly format = "iis";
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly offsets: Float64Array;
  readonly #file: LogFile;
  readonly #layout: Layout;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #rows: Rows;
  readonly #firstLine: number;
  /** Whether all bytes of the rows are ASCII; null until somebody asks for a text. */
  #isAscii: boolean | null = null;
  readonly #printer: RowPrinter;
  readonly #host: Repeated = { start: 0, end: -1, text: "" };
  readonly #site: Repeated = { start: 0, end: -1, text: "" };
  #lineRow = -1;
  #line = "";
  #lineIsAscii = false;

  constructor(parts: {
    readonly file: LogFile;
    readonly layout: Layout;
    readonly bytes: Uint8Array;
    readonly rows: Rows;
    /** Number of the line that the rows' line counts start from. */
    readonly line: number;
    readonly ticks: BigInt64Array;
    readonly offsets: Float64Array;
  }) {
    this.#file = parts.file;
    this.#layout = parts.layout;
    const { buffer, byteOffset } = parts.bytes;
    const { starts, length } = parts.rows;
    // Up to the end of the last row: a window may hold many batches, and no search goes from one into the next.
    const end = starts[length * (parts.layout.names.length + 1) - 1] ?? 0;
    this.#bytes = Buffer.from(buffer, byteOffset, end);
    this.#view = new DataView(buffer, byteOffset, parts.bytes.length);
    this.#rows = parts.rows;
    this.#firstLine = parts.line;
    this.place = parts.file.setting.place;
    this.length = parts.rows.length;
    this.ticks = parts.ticks.subarray(0, this.length);
    this.offsets = parts.offsets.subarray(0, this.length);
    // The end is whole seconds, the length milliseconds: their difference is written with milliseconds.
    this.digits = parts.layout.taken < 0 ? 0 : 3;
    this.zoneAssumed = parts.file.setting.zone ?? (parts.layout.log === "Firewall" ? "UTC" : null);
    this.#printer = new RowPrinter({
      bytes: this.#bytes,
      view: this.#view,
      starts: parts.rows.starts,
      layout: parts.layout,
    });
  }

  get declared(): readonly string[] {
    const { names, columnOf } = this.#layout;
    const named = [...ALIASES].flatMap(([alias, name]) => (columnOf.has(name) ? [alias] : []));
    return [...names, ...named, ...VIRTUAL, "cs-uri"];
  }

  record(row: number): string {
    return String(this.#firstLine + (this.#rows.lines[row] ?? 0));
  }

  host(row: number): string {
    return this.#file.setting.host ?? this.#repeated(row, this.#layout.computer, this.#host) ?? "";
  }

  channel(row: number): string {
    const { folderSite } = this.#file;
    const { log, site } = this.#layout;
    return this.#repeated(row, site, this.#site) ?? (folderSite.startsWith(log) ? folderSite : log);
  }

  eventId(): number {
    return -1;
  }

  provider(): string {
    return "";
  }

  field(row: number, name: string): FieldValue | undefined {
    const column = this.#layout.columnOf.get(name);
    const own = column === undefined ? this.#virtual(row, name) : this.#value(row, column);
    return own === undefined ? iisUnlisted.answer(name, (other) => this.#named(row, other)) : own;
  }

  span(row: number, name: string, into: Span): boolean {
    const column = this.#layout.columnOf.get(name);
    if (column === undefined) return false;
    into.view = this.#view;
    into.start = this.#start(row, column);
    into.end = this.#start(row, column + 1) - 1;
    const { numeric, agent } = this.#layout;
    const isText = numeric[column] !== true && column !== agent && !this.#isMissing(row, column);
    into.encoding = isText ? "utf-8" : null;
    return true;
  }

  names(row: number): readonly string[] {
    const { names, columns, columnOf } = this.#layout;
    const present: string[] = [];
    for (const column of columns)
      if (!this.#isMissing(row, column)) present.push(names[column] ?? "");
    for (const name of VIRTUAL)
      if (!columnOf.has(name) && this.#virtual(row, name) !== undefined) present.push(name);
    return present;
  }

  putFields(row: number, out: JsonBytes): void {
    const first = row * (this.#layout.names.length + 1);
    const more = this.#rpsCatAt(row) < 0 ? "" : this.#rpsCatJson(row);
    this.#printer.put(
      out,
      first,
      this.#side(row),
      this.#requestIdAt(row),
      this.#shownEnd(row),
      more,
    );
  }

  #virtual(row: number, name: string): FieldValue | undefined {
    switch (name) {
      case "Side":
        return this.#side(row);
      case "RequestId":
        return this.#requestId(row);
      case "c-uri":
        return uriOf((other) => this.#named(row, other));
      case "EndTime":
        return this.#endTime(row);
      case "RpsCatUser":
        return this.#rpsCat(row)?.user ?? undefined;
      case "RpsCatSid":
        return this.#rpsCat(row)?.sid ?? undefined;
      default:
        return undefined;
    }
  }

  #start(row: number, column: number): number {
    return this.#rows.starts[row * (this.#layout.names.length + 1) + column] ?? 0;
  }

  #isMissing(row: number, column: number): boolean {
    const start = this.#start(row, column);
    return this.#bytes[start] === DASH && this.#start(row, column + 1) === start + 2;
  }

  /** The text of a column; undefined where the log has no such column, or `-` in it. */
  #text(row: number, column: number): string | undefined {
    if (column < 0 || this.#isMissing(row, column)) return undefined;
    const start = this.#start(row, column);
    const end = this.#start(row, column + 1) - 1;
    const first = this.#start(row, 0);
    const line = this.#lineOf(row);
    if (!this.#lineIsAscii) return decodeText(this.#bytes.subarray(start, end));
    return line.slice(start - first, end - first);
  }

  /** The text of a column that says the same in row after row: the same string then. */
  #repeated(row: number, column: number, last: Repeated): string | undefined {
    if (column < 0 || this.#isMissing(row, column)) return undefined;
    const start = this.#start(row, column);
    const end = this.#start(row, column + 1) - 1;
    if (!isSame(this.#bytes, last, start, end)) last.text = this.#text(row, column) ?? "";
    last.start = start;
    last.end = end;
    return last.text;
  }

  /** A row's line, made once for all of its fields: a call into the runtime costs more than the text. */
  #lineOf(row: number): string {
    if (row !== this.#lineRow) {
      const start = this.#start(row, 0);
      const end = this.#start(row, this.#layout.names.length) - 1;
      this.#line = this.#bytes.toString("latin1", start, end);
      this.#lineRow = row;
      this.#isAscii ??= isAscii(this.#bytes.subarray(this.#start(0, 0)));
      this.#lineIsAscii = this.#isAscii || isAscii(this.#bytes.subarray(start, end));
    }
    return this.#line;
  }

  #named(row: number, name: string): FieldValue | undefined {
    const column = this.#layout.columnOf.get(name);
    return column === undefined ? undefined : this.#value(row, column);
  }

  #value(row: number, column: number): FieldValue | undefined {
    if (this.#layout.numeric[column] === true) {
      const start = this.#start(row, column);
      const value = wholeNumber(this.#bytes, start, this.#start(row, column + 1) - 1);
      if (value >= 0) return value;
    }
    const text = this.#text(row, column);
    return column === this.#layout.agent ? text?.replaceAll("+", " ") : text;
  }

  /** Which of Exchange's two sites served the request: the site decides, and the port where none is known. */
  #side(row: number): Side | undefined {
    const site = this.channel(row);
    if (site !== "") return SIDES.get(site.toUpperCase());
    const { port: column } = this.#layout;
    const port = column < 0 ? undefined : this.#value(row, column);
    if (port === 443 || port === 80) return "front-end";
    return port === 444 || port === 81 ? "back-end" : undefined;
  }

  /** Exchange's own id of the request: the same in both sites' logs and in HttpProxy's RequestId. */
  #requestId(row: number): string | undefined {
    const query = this.#named(row, "cs-uri-query");
    return typeof query === "string" ? requestIdIn(query) : undefined;
  }

  /** The same id, lower case or not, as the byte that it starts at; -1 where there is none. */
  #requestIdAt(row: number): number {
    const { query } = this.#layout;
    if (query < 0) return -1;
    return findRequestId(this.#bytes, this.#start(row, query), this.#start(row, query + 1) - 1);
  }

  /** As whom a request to Exchange's PowerShell came, by the token in its query; nearly none has one. */
  #rpsCat(row: number): RpsCat | null {
    const at = this.#rpsCatAt(row);
    const to = this.#start(row, this.#layout.query + 1) - 1;
    return at < 0 ? null : rpsCatAt(this.#bytes, at, to);
  }

  /** Where that token begins, or -1. */
  #rpsCatAt(row: number): number {
    const { query } = this.#layout;
    if (query < 0) return -1;
    return findRpsCat(this.#bytes, this.#start(row, query), this.#start(row, query + 1) - 1);
  }

  /** The same for the printer: names and values, each behind a comma. */
  #rpsCatJson(row: number): string {
    const token = this.#rpsCat(row);
    if (token === null) return "";
    let json = "";
    for (const name of RPS_CAT_NAMES) {
      const value = name === "RpsCatUser" ? token.user : token.sid;
      if (value !== null && !this.#layout.columnOf.has(name))
        json += `,"${name}":${JSON.stringify(value)}`;
    }
    return json;
  }

  /** The end for the printer: "" where the row's own date and time say it, as they mostly do. */
  #shownEnd(row: number): string | undefined {
    const { zone, skewMillis } = this.#file.setting;
    if (zone !== null || skewMillis !== 0 || this.#layout.date < 0) return this.#endTime(row);
    return this.ticks[row] === UNDATED ? undefined : "";
  }

  /** The end as logged, in UTC like the row's own time. */
  #endTime(row: number): string | undefined {
    const start = this.ticks[row] ?? UNDATED;
    if (start === UNDATED) return undefined;
    const { date, time } = this.#layout;
    const { zone, skewMillis } = this.#file.setting;
    // Mostly the log says it itself.
    if (zone === null && skewMillis === 0 && date >= 0)
      return `${this.#text(row, date) ?? ""}T${this.#text(row, time) ?? ""}Z`;
    const first = row * (this.#layout.names.length + 1);
    const taken = takenAt(this.#bytes, this.#rows.starts, first, this.#layout);
    const end = toTicks(start + BigInt(taken) * TICKS_PER_MILLISECOND);
    return end === null ? undefined : formatTicks(end, 0);
  }
}

/** A value as it stood where it was asked for last. */
interface Repeated {
  start: number;
  end: number;
  text: string;
}

function isSame(bytes: Uint8Array, last: Repeated, start: number, end: number): boolean {
  if (last.end - last.start !== end - start) return false;
  for (let at = 0; at < end - start; at++)
    if (bytes[last.start + at] !== bytes[start + at]) return false;
  return true;
}
