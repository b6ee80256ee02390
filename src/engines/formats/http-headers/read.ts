/**
 * Reads the headers of HTTP responses as curl saves them: one row a response. Refuses bodies: what is neither a header nor
 * curl's own words is a flaw, one for each stretch. Spec: RFC 9110 5, RFC 9112 4; docs/formats/http-headers.md.
 */
import { utf8 } from "../../../base/bytes.ts";
import type { FieldValue } from "../../../model/event.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { noDay } from "../time/byte-time.ts";
import type { Reader } from "../format.ts";
import { wholeRange } from "../text/line-reading.ts";
import type { TextLines } from "../text/text-lines.ts";
import { type LineTaker, readRecords, recordRanges } from "../text/text-records.ts";
import {
  type Fields,
  type RowTime,
  type TextFormat,
  type TextRows,
  noTime,
} from "../text/text-rows.ts";
import { headerOf, statusOf } from "./layout.ts";
import { dateMillis, headerColon, isNamed, isStatus } from "./line.ts";

/** Headers of one response at most; servers refuse more than a hundred. */
const HEADERS_MAX = 256;
const BUILD = /^\d{1,5}(?:\.\d{1,5}){2,3}$/;
/** What curl -v writes around the headers begins with one of these. */
const OWN_WORDS = utf8("*>{}");
const DATE = utf8("date");

const FORMAT: TextFormat = {
  format: "http-headers",
  channel: "HTTP headers",
  fieldsOf: responseFields,
  hostOf: (fields) => String(firstOf(fields, "X-FEServer") ?? ""),
};

/** Reads saved response headers. About 300 MB/s to events as offsets. */
export const httpHeadersReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readRecords(FORMAT, source, setting, range, (rows) => new HeaderTaker(rows)),
  ranges: (source, rangeBytes, after) =>
    recordRanges(source, rangeBytes, after, ({ bytes, from, to }) => isStatus(bytes, from, to)),
  // The server's Date is in GMT by its specification: a zone of the case file would be in its way.
  assumptions: (_, setting) => assumptionsOfSetting({ ...setting, zone: null }, false),
};

/** A response whose headers may go on. */
interface Response {
  readonly offset: number;
  readonly number: number;
  headers: number;
  isDated: boolean;
}

class HeaderTaker implements LineTaker {
  readonly #rows: TextRows;
  readonly #skew: number;
  readonly #day = noDay();
  readonly #time: RowTime = noTime();
  #response: Response | null = null;
  /** Where text began that is no header, and how many lines it has. */
  #stray: { readonly offset: number; lines: number } | null = null;

  constructor(rows: TextRows) {
    this.#rows = rows;
    this.#skew = Math.round(rows.setting.skewMillis);
  }

  take(line: TextLines): void {
    const { bytes, from, to, offset, number } = line;
    if (isStatus(bytes, from, to)) {
      this.end();
      this.#rows.keep(line);
      this.#time.millis = Number.NaN;
      this.#response = { offset, number, headers: 0, isDated: false };
      return;
    }
    const response = this.#response;
    const colon = headerColon(bytes, from, to);
    if (response !== null && colon >= 0 && response.headers < HEADERS_MAX) {
      this.#rows.keep(line);
      response.headers++;
      if (response.isDated || !isNamed(bytes, from, colon, DATE)) return;
      // When the server answered, by its own clock.
      response.isDated = true;
      this.#time.millis = dateMillis(bytes, colon, to, this.#day) - this.#skew;
    } else if (!OWN_WORDS.includes(bytes[from] ?? 0)) {
      this.#close();
      this.#stray ??= { offset, lines: 0 };
      this.#stray.lines++;
    }
  }

  end(): void {
    this.#close();
    if (this.#stray === null) return;
    const { offset, lines } = this.#stray;
    this.#stray = null;
    this.#rows.flaw(offset, {
      what: "response headers",
      need: "a status line, a header",
      have: `${lines} other lines`,
    });
  }

  #close(): void {
    if (this.#response === null) return;
    const { offset, number } = this.#response;
    this.#response = null;
    this.#rows.add(0, offset, number, this.#time);
  }
}

/** What a status line and the headers behind it say. */
function responseFields([first = "", ...rest]: readonly string[]): Fields {
  const fields: Fields = new Map();
  const status = statusOf(first);
  if (status !== null) fields.set("cs-version", status.version).set("sc-status", status.code);
  for (const line of rest) {
    const header = headerOf(line);
    if (header === null) continue;
    const before = fields.get(header.name);
    fields.set(header.name, before === undefined ? header.value : [before, header.value].flat());
  }
  const build = firstOf(fields, "X-OWA-Version");
  if (typeof build === "string" && BUILD.test(build))
    fields.set("Product", "Exchange Server").set("Build", build).set("Observation", "owa-header");
  return fields;
}

function firstOf(fields: ReadonlyMap<string, FieldValue>, name: string): FieldValue | undefined {
  return [fields.get(name) ?? ""].flat()[0];
}
