/**
 * Rows of an IIS log, decoded when asked for. Values are as logged, except that `-` is a missing value, codes and
 * counts are numbers, and `+` in the user agent is a blank again. What several fields say together are virtual
 * fields (docs/formats/iis.md): Side, RequestId, c-uri, EndTime.
 */
import { Buffer, isAscii } from "node:buffer";
import { TICKS_PER_MILLISECOND, UNDATED, formatTicks, toTicks } from "../../../base/time.ts";
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { type Batch, type FieldValue, putDecodedFields } from "../../../model/event.ts";
import type { Place, Setting } from "../../../model/evidence.ts";
import { decodeText } from "../encoding.ts";
import type { Layout } from "./layout.ts";
import type { Rows } from "./scan.ts";
import { takenAt } from "./stamp.ts";

/** The names that Sigma's web server rules use, and the columns that they mean; answered, but not listed. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["cs-user-agent", "cs(User-Agent)"],
  ["c-useragent", "cs(User-Agent)"],
  ["cs-referer", "cs(Referer)"],
  ["cs-cookie", "cs(Cookie)"],
  ["c-uri-query", "cs-uri-query"],
]);

/** Fields that several columns say together, in the order in which they are listed. */
const VIRTUAL = ["Side", "RequestId", "c-uri", "EndTime"] as const;

const DASH = 45;
const ZERO = 48;
/** The longest run of digits that every double holds exactly. */
const DIGITS_MAX = 15;
/** Exchange writes this into the query, and the id after it. */
const REQUEST_ID = "cafeReqId=";
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])/i;
const GUID_CHARS = 36;

/** What every batch of one file shares. */
export interface LogFile {
  readonly setting: Setting;
  /** Site by the folder of the file, "" where it tells none. */
  readonly folderSite: string;
}

/** The site (`W3SVC1`) that the folder of a log names; "" where it names none. */
export function siteOfPath(file: string): string {
  const match = /(?:^|[\\/])(W3SVC\d{1,10})[\\/][^\\/]*$/i.exec(file);
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
  readonly #rows: Rows;
  readonly #firstLine: number;
  /** Whether all bytes of the window are ASCII; null until somebody asks for a text. */
  #isAscii: boolean | null = null;
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
    this.#bytes = Buffer.from(parts.bytes.buffer, parts.bytes.byteOffset, parts.bytes.length);
    this.#rows = parts.rows;
    this.#firstLine = parts.line;
    this.place = parts.file.setting.place;
    this.length = parts.rows.length;
    this.ticks = parts.ticks.subarray(0, this.length);
    this.offsets = parts.offsets.subarray(0, this.length);
    // The end is whole seconds, the length milliseconds: their difference is written with milliseconds.
    this.digits = parts.layout.taken < 0 ? 0 : 3;
    this.zoneAssumed = parts.file.setting.zone;
  }

  record(row: number): string {
    return String(this.#firstLine + (this.#rows.lines[row] ?? 0));
  }

  host(row: number): string {
    return this.#file.setting.host ?? this.#text(row, this.#layout.computer) ?? "";
  }

  channel(row: number): string {
    return this.#text(row, this.#layout.site) ?? this.#file.folderSite;
  }

  eventId(): number {
    return -1;
  }

  provider(): string {
    return "";
  }

  field(row: number, name: string): FieldValue | undefined {
    const column = this.#layout.columnOf.get(name);
    if (column !== undefined) return this.#value(row, column);
    const alias = ALIASES.get(name);
    return alias === undefined ? this.#virtual(row, name) : this.#named(row, alias);
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
    putDecodedFields(this, row, out);
  }

  #virtual(row: number, name: string): FieldValue | undefined {
    switch (name) {
      case "Side":
        return this.#side(row);
      case "RequestId":
        return this.#requestId(row);
      case "c-uri":
      case "cs-uri":
        return this.#uri(row);
      case "EndTime":
        return this.#endTime(row);
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

  /** A row's line, made once for all of its fields: a call into the runtime costs more than the text. */
  #lineOf(row: number): string {
    if (row !== this.#lineRow) {
      const start = this.#start(row, 0);
      const end = this.#start(row, this.#layout.names.length) - 1;
      this.#line = this.#bytes.toString("latin1", start, end);
      this.#lineRow = row;
      this.#isAscii ??= isAscii(this.#bytes);
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
  #side(row: number): "front-end" | "back-end" | undefined {
    const site = this.channel(row).toUpperCase();
    if (site === "W3SVC1") return "front-end";
    if (site === "W3SVC2") return "back-end";
    if (site !== "") return undefined;
    const port = this.#named(row, "s-port");
    if (port === 443 || port === 80) return "front-end";
    return port === 444 || port === 81 ? "back-end" : undefined;
  }

  /** Exchange's own id of the request: the same in both sites' logs and in HttpProxy's RequestId. */
  #requestId(row: number): string | undefined {
    const query = this.#named(row, "cs-uri-query");
    const found = typeof query === "string" ? query.indexOf(REQUEST_ID) : -1;
    if (typeof query !== "string" || found < 0) return undefined;
    const start = found + REQUEST_ID.length;
    const id = GUID.exec(query.slice(start, start + GUID_CHARS + 1));
    return id?.[0].toLowerCase();
  }

  #uri(row: number): FieldValue | undefined {
    const logged = this.#named(row, "cs-uri");
    if (logged !== undefined) return logged;
    const stem = this.#named(row, "cs-uri-stem");
    const query = this.#named(row, "cs-uri-query");
    if (stem === undefined) return undefined;
    return query === undefined ? stem : `${String(stem)}?${String(query)}`;
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

/** The number whose digits are bytes[from..to), written as a number would be; -1 where they are anything else. */
function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  const digits = to - from;
  if (digits < 1 || digits > DIGITS_MAX || (bytes[from] === ZERO && digits > 1)) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
