/**
 * Reads the headers of HTTP responses as curl saves them: one row a response. Refuses bodies: what is neither a header nor
 * curl's own words is a flaw, one for each stretch. Spec: RFC 9110 5, RFC 9112 4; docs/formats/http-headers.md.
 */
import { ticksFromMillis, UNDATED, TICKS_PER_MILLISECOND, toTicks } from "../../../base/time.ts";
import type { FieldValue } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Reader } from "../format.ts";
import { wholeRange } from "../line-reading.ts";
import type { Rows } from "../rows.ts";
import { type LineTaker, type TextLine, readRecords, recordRanges } from "../text-records.ts";
import { headerOf, httpDateMillis, isStatusLine, statusOf } from "./layout.ts";

/** Headers of one response at most; servers refuse more than a hundred. */
const HEADERS_MAX = 256;
const BUILD = /^\d{1,5}(?:\.\d{1,5}){2,3}$/;
/** What curl -v writes around the headers. */
const OWN_WORDS = /^[*>{}] ?/;

/** Reads saved response headers. */
export const httpHeadersReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readRecords("http-headers", source, setting, range, (rows) => new HeaderTaker(rows, setting)),
  ranges: (source, rangeBytes, after) => recordRanges(source, rangeBytes, after, isStatusLine),
  // The server's Date is in GMT by its specification: a zone of the case file would be in its way.
  assumptions: (_, setting) => assumptionsOfSetting({ ...setting, zone: null }, false),
};

/** A response whose headers may go on. */
interface Response {
  readonly first: TextLine;
  readonly fields: Map<string, FieldValue>;
  headers: number;
  sizeBytes: number;
}

class HeaderTaker implements LineTaker {
  readonly #rows: Rows;
  readonly #setting: Setting;
  #response: Response | null = null;
  /** Where text began that is no header, and how many lines it has. */
  #stray: { readonly offset: number; lines: number } | null = null;

  constructor(rows: Rows, setting: Setting) {
    this.#rows = rows;
    this.#setting = setting;
  }

  take(line: TextLine): void {
    const status = statusOf(line.text);
    if (status !== null) {
      this.end();
      const fields = new Map<string, FieldValue>([
        ["cs-version", status.version],
        ["sc-status", status.code],
      ]);
      this.#response = { first: line, fields, headers: 0, sizeBytes: line.sizeBytes };
      return;
    }
    const header = headerOf(line.text);
    const response = this.#response;
    if (response !== null && header !== null && response.headers < HEADERS_MAX) {
      const { name, value } = header;
      const before = response.fields.get(name);
      response.fields.set(name, before === undefined ? value : [before, value].flat());
      response.headers++;
      response.sizeBytes += line.sizeBytes;
    } else if (!OWN_WORDS.test(line.text)) {
      this.#close();
      this.#stray ??= { offset: line.offset, lines: 0 };
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
    const { first, fields, sizeBytes } = this.#response;
    this.#response = null;
    const text = (name: string) => [fields.get(name) ?? ""].flat()[0];
    const build = text("X-OWA-Version");
    if (typeof build === "string" && BUILD.test(build))
      fields.set("Product", "Exchange Server").set("Build", build).set("Observation", "owa-header");
    const row = {
      offset: first.offset,
      record: String(first.number),
      ticks: this.#ticksOf(text("Date")),
      digits: 0,
      zoneAssumed: null,
      host: this.#setting.host ?? String(text("X-FEServer") ?? ""),
      channel: "HTTP headers",
      eventId: -1,
      provider: "",
      fields,
    };
    this.#rows.add(row, sizeBytes);
  }

  /** When the server answered, by its own clock. */
  #ticksOf(date: FieldValue | undefined): bigint {
    const ticks = ticksFromMillis(typeof date === "string" ? httpDateMillis(date) : Number.NaN);
    const skew = BigInt(Math.round(this.#setting.skewMillis)) * TICKS_PER_MILLISECOND;
    return ticks === null ? UNDATED : (toTicks(ticks - skew) ?? UNDATED);
  }
}
