/**
 * Rows of an access log, decoded when asked for, under the names that W3C logs have: Sigma's web server rules know them.
 * `-` is a missing value, codes and counts are numbers, escapes are taken back. Refuses nothing. Spec: docs/formats/ncsa.md.
 */
import { Buffer } from "node:buffer";
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { type Batch, type FieldValue, putDecodedFields } from "../../../model/event.ts";
import type { Place, Setting } from "../../../model/evidence.ts";
import { wholeNumber } from "../text/byte-number.ts";
import { textOf, unescaped } from "./escapes.ts";
import { ALIASES, COLUMNS, Column } from "./layout.ts";
import {
  type Behind,
  type Proxied,
  type Request,
  behindOf,
  proxiedOf,
  requestOf,
} from "./request.ts";
import type { Rows } from "./scan.ts";

const DASH = 45;
const SLASH = 47;
const BLANK = 32;
/** Longer methods are none (request.ts). */
const METHOD_BYTES_MAX = 32;
/** Names of the fields that a row can have, in the order of its line; `c-uri` last, as in W3C logs. */
const NAMES = [
  "cs-host",
  "s-port",
  "c-ip",
  "ident",
  "cs-username",
  "cs-method",
  "cs-uri-stem",
  "cs-uri-query",
  "cs-version",
  "request",
  "sc-status",
  "sc-bytes",
  "cs(Referer)",
  "cs(User-Agent)",
  "X-Forwarded-For",
  "response-time",
  "extra",
  "c-uri-extension",
  "c-uri",
] as const;

type Name = (typeof NAMES)[number];
const DECLARED: readonly string[] = [...NAMES, ...ALIASES.keys()];
const KNOWN: ReadonlyMap<string, Name> = new Map(NAMES.map((name) => [name, name]));

const NO_REQUEST = { text: null, parts: null };
const NOTHING_BEHIND: Behind = { forwardedFor: null, responseTime: null, extra: null };

/** Rows that share one window of bytes. */
export class NcsaBatch implements Batch {
  readonly kind = "batch";
  readonly format = "ncsa";
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits = 0;
  readonly zoneAssumed = null;
  readonly offsets: Float64Array;
  readonly declared = DECLARED;
  readonly #setting: Setting;
  readonly #bytes: Buffer;
  readonly #rows: Rows;
  readonly #firstLine: number;
  #requestRow = -1;
  #request: { readonly text: string | null; readonly parts: Request | null } = NO_REQUEST;
  #behindRow = -1;
  #behind: Behind = NOTHING_BEHIND;

  constructor(parts: {
    readonly setting: Setting;
    readonly bytes: Uint8Array;
    readonly rows: Rows;
    /** Number of the first row's line; the others follow without a gap. */
    readonly line: number;
    readonly ticks: BigInt64Array;
    readonly offsets: Float64Array;
  }) {
    const { buffer, byteOffset, length } = parts.bytes;
    this.#setting = parts.setting;
    this.#bytes = Buffer.from(buffer, byteOffset, length);
    this.#rows = parts.rows;
    this.#firstLine = parts.line;
    this.place = parts.setting.place;
    this.length = parts.rows.length;
    this.ticks = parts.ticks.subarray(0, this.length);
    this.offsets = parts.offsets.subarray(0, this.length);
  }

  record(row: number): string {
    return String(this.#firstLine + row);
  }

  host(): string {
    return this.#setting.host ?? "";
  }

  /** Of nearly every row the byte behind the method decides: a server is asked for a path. */
  channel(row: number): string {
    const from = this.#edge(row, Column.request);
    const to = Math.min(this.#end(row, Column.request), from + METHOD_BYTES_MAX + 1);
    const blank = from < 0 ? -1 : this.#bytes.subarray(from, to).indexOf(BLANK);
    if (blank < 0 || this.#bytes[from + blank + 1] === SLASH) return "access";
    return this.#proxiedOf(row) === null ? "access" : "proxy";
  }

  eventId(): number {
    return -1;
  }

  provider(): string {
    return "";
  }

  field(row: number, name: string): FieldValue | undefined {
    const known = KNOWN.get(ALIASES.get(name) ?? name);
    return known === undefined ? undefined : this.#value(row, known);
  }

  names(row: number): readonly string[] {
    return NAMES.filter((name) => this.#value(row, name) !== undefined);
  }

  putFields(row: number, out: JsonBytes): void {
    putDecodedFields(this, row, out);
  }

  #value(row: number, name: Name): FieldValue | undefined {
    const { text, parts } = this.#requestOf(row);
    switch (name) {
      case "cs-host":
        return this.#proxiedOf(row)?.host ?? this.#virtualHost(row).host;
      case "s-port":
        return this.#virtualHost(row).port;
      case "c-ip":
        return this.#text(row, Column.client);
      case "ident":
        return this.#text(row, Column.ident);
      case "cs-username":
        return this.#text(row, Column.user);
      case "cs-method":
        return parts?.method;
      case "cs-uri-stem":
        return parts?.stem;
      case "cs-uri-query":
        return parts?.query ?? undefined;
      case "cs-version":
        return parts?.version ?? undefined;
      case "request":
        return parts === null ? (text ?? undefined) : undefined;
      case "sc-status":
        return this.#count(row, Column.status);
      case "sc-bytes":
        return this.#count(row, Column.bytes);
      case "cs(Referer)":
        return this.#text(row, Column.referer);
      case "cs(User-Agent)":
        return this.#text(row, Column.agent);
      case "X-Forwarded-For":
        return this.#behindOf(row).forwardedFor ?? undefined;
      case "response-time":
        return this.#behindOf(row).responseTime ?? undefined;
      case "extra":
        return this.#behindOf(row).extra ?? undefined;
      case "c-uri-extension":
        return this.#proxiedOf(row)?.extension ?? undefined;
      case "c-uri":
        return parts === null || parts.query === null
          ? parts?.stem
          : `${parts.stem}?${parts.query}`;
    }
  }

  #edge(row: number, column: number): number {
    return this.#rows.edges[(row * COLUMNS + column) * 2] ?? -1;
  }

  #end(row: number, column: number): number {
    return this.#rows.edges[(row * COLUMNS + column) * 2 + 1] ?? -1;
  }

  #text(row: number, column: number): string | undefined {
    const from = this.#edge(row, column);
    const to = this.#end(row, column);
    if (from < 0 || (to - from === 1 && this.#bytes[from] === DASH)) return undefined;
    return unescaped(this.#bytes, from, to);
  }

  #count(row: number, column: number): FieldValue | undefined {
    const value = wholeNumber(this.#bytes, this.#edge(row, column), this.#end(row, column));
    return value >= 0 ? value : this.#text(row, column);
  }

  #virtualHost(row: number): { readonly host?: string; readonly port?: number | string } {
    const text = this.#text(row, Column.virtualHost);
    if (text === undefined) return {};
    const [, host = text, port] = /^(.*):(\d{1,5})$/s.exec(text) ?? [];
    return port === undefined ? { host } : { host, port: Number(port) };
  }

  #requestOf(row: number): { readonly text: string | null; readonly parts: Request | null } {
    if (row === this.#requestRow) return this.#request;
    const text = this.#text(row, Column.request) ?? null;
    this.#requestRow = row;
    this.#request = text === null ? NO_REQUEST : { text, parts: requestOf(text) };
    return this.#request;
  }

  #proxiedOf(row: number): Proxied | null {
    const { parts } = this.#requestOf(row);
    return parts === null ? null : proxiedOf(parts);
  }

  #behindOf(row: number): Behind {
    if (row === this.#behindRow) return this.#behind;
    const from = this.#edge(row, Column.rest);
    this.#behindRow = row;
    this.#behind =
      from < 0 ? NOTHING_BEHIND : behindOf(textOf(this.#bytes, from, this.#end(row, Column.rest)));
    return this.#behind;
  }
}
