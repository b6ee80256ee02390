/**
 * The fields of a row straight from its line to JSON in UTF-8: no string is made of a value that is ASCII. Gives the very
 * bytes of JSON.stringify over the fields by name; a test holds one against the other.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { wholeNumber } from "../text/byte-number.ts";
import { copyPlain, putEscaped } from "../json/json-copy.ts";
import { type Lead, putLead } from "../json/json-lead.ts";
import { Kind, type Layout, type Side } from "./layout.ts";

const QUOTE = 0x22;
const DASH = 0x2d;
const QUESTION_MARK = 0x3f;
const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const GUID_BYTES = 36;
/** Makes four letters small, and leaves digits and the dash as they are. */
const SMALL = 0x2020_2020;

/** One byte prints as at most six (`\u0000`), once in its column and once in `c-uri`. */
const GROWTH = 12;

/** The lines of a batch, and where their columns start (Rows.starts). */
export interface Lines {
  readonly bytes: Uint8Array;
  /** The same bytes. */
  readonly view: DataView;
  readonly starts: Int32Array;
  readonly layout: Layout;
}

/** Appends the fields of rows, one JSON object each. About 350 MB/s of log. */
export class RowPrinter {
  readonly #lines: Lines;
  /** Bytes that must be free before a value is put. */
  #room = 0;
  /** Where the values were put that `c-uri` is made of; -1 where the row lacks them. */
  #uri = -1;
  #uriEnd = -1;
  #stem = -1;
  #stemEnd = -1;
  #query = -1;
  #queryEnd = -1;

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  /**
   * Appends the row whose columns start at starts[first]. `side` is undefined where nothing tells it, `requestIdAt` the byte
   * of the request's id or -1, `endTime` undefined where there is none and "" where the row's own date and time say it;
   * `more` is what else is known, as JSON behind a comma, mostly "".
   */
  put(
    out: JsonBytes,
    first: number,
    side: Side | undefined,
    requestIdAt: number,
    endTime: string | undefined,
    more: string,
  ): void {
    const { starts, layout } = this.#lines;
    const { printed } = layout;
    const from = out.length;
    const sizeBytes = (starts[first + layout.names.length] ?? 0) - (starts[first] ?? 0);
    this.#room = printed.ownBytes + sizeBytes * GROWTH;
    out.reserve(this.#room);
    this.#putColumns(out, first);
    if (side !== undefined && printed.side !== null) putLead(out, printed.side[side]);
    if (requestIdAt >= 0 && printed.requestId !== null)
      this.#putRequestId(out, printed.requestId, requestIdAt);
    if ((this.#uri >= 0 || this.#stem >= 0) && printed.uri !== null) this.#putUri(out, printed.uri);
    if (endTime !== undefined && printed.endTime !== null) {
      putLead(out, printed.endTime);
      if (endTime === "") this.#putDateAndTime(out, first);
      else out.put(endTime);
      out.bytes[out.length++] = QUOTE;
    }
    if (more !== "") {
      out.put(more);
      out.reserve(2);
    }
    // The first comma becomes the brace.
    if (out.length === from) out.length++;
    out.bytes[from] = OPENING_BRACE;
    out.bytes[out.length++] = CLOSING_BRACE;
  }

  /** Hot: nothing but typed arrays and numbers, as long as the row is plain ASCII. */
  #putColumns(out: JsonBytes, first: number): void {
    const { bytes, view, starts, layout } = this.#lines;
    const { columns, kinds, leadWords, leadStarts, leadSizes } = layout.printed;
    // Behind it words would be read beyond the bytes.
    const limit = view.byteLength - 3;
    let { view: target, length: to } = out;
    this.#uri = -1;
    this.#stem = -1;
    this.#query = -1;
    for (let index = 0; index < columns.length; index++) {
      const slot = first + (columns[index] ?? 0);
      const start = starts[slot] ?? 0;
      const end = (starts[slot + 1] ?? 0) - 1;
      if (end - start === 1 && bytes[start] === DASH) continue;
      const lastWord = leadStarts[index + 1] ?? 0;
      for (let word = leadStarts[index] ?? 0, at = to; word < lastWord; word++, at += 4)
        target.setInt32(at, leadWords[word] ?? 0, true);
      to += leadSizes[index] ?? 0;
      const kind = kinds[index] ?? Kind.text;
      if (kind === Kind.number) {
        if (wholeNumber(bytes, start, end) >= 0) {
          for (let at = start; at < end; at++) target.setUint8(to++, bytes[at] ?? 0);
          continue;
        }
        target.setUint8(to++, QUOTE);
      }
      const after = end <= limit ? copyPlain(view, start, end, target, to) : -1;
      if (after >= 0) {
        if (kind > Kind.number) this.#note(kind, target, to, after);
        to = after;
      } else {
        out.length = to;
        putEscaped(out, bytes, start, end, this.#room);
        // It may have grown.
        target = out.view;
        if (kind > Kind.number) this.#note(kind, target, to, out.length);
        to = out.length;
      }
      target.setUint8(to++, QUOTE);
    }
    out.length = to;
  }

  /** What is special about a text that was put at [from, to). */
  #note(kind: number, target: DataView, from: number, to: number): void {
    switch (kind) {
      case Kind.agent:
        putBlanks(target, from, to);
        break;
      case Kind.uri:
        this.#uri = from;
        this.#uriEnd = to;
        break;
      case Kind.stem:
        this.#stem = from;
        this.#stemEnd = to;
        break;
      case Kind.query:
        this.#query = from;
        this.#queryEnd = to;
        break;
      default:
    }
  }

  #putRequestId(out: JsonBytes, lead: Lead, from: number): void {
    const { view } = this.#lines;
    putLead(out, lead);
    const { view: target, length: to } = out;
    for (let at = 0; at < GUID_BYTES; at += 4)
      target.setInt32(to + at, view.getInt32(from + at, true) | SMALL, true);
    target.setUint8(to + GUID_BYTES, QUOTE);
    out.length = to + GUID_BYTES + 1;
  }

  /** The URI, or stem and query, as they were put before, escapes included. */
  #putUri(out: JsonBytes, lead: Lead): void {
    putLead(out, lead);
    if (this.#uri >= 0) putAgain(out, this.#uri, this.#uriEnd);
    else {
      putAgain(out, this.#stem, this.#stemEnd);
      if (this.#query >= 0) {
        out.bytes[out.length++] = QUESTION_MARK;
        putAgain(out, this.#query, this.#queryEnd);
      }
    }
    out.bytes[out.length++] = QUOTE;
  }

  /** `yyyy-mm-ddThh:mm:ssZ` of a row that has a time, and so these lengths. */
  #putDateAndTime(out: JsonBytes, first: number): void {
    const { starts, view, layout } = this.#lines;
    const date = starts[first + layout.date] ?? 0;
    const time = starts[first + layout.time] ?? 0;
    const { view: target, length: to } = out;
    target.setInt32(to, view.getInt32(date, true), true);
    target.setInt32(to + 4, view.getInt32(date + 4, true), true);
    target.setInt16(to + 8, view.getInt16(date + 8, true), true);
    target.setUint8(to + 10, LETTER_T);
    target.setInt32(to + 11, view.getInt32(time, true), true);
    target.setInt32(to + 15, view.getInt32(time + 4, true), true);
    target.setUint8(to + 19, LETTER_Z);
    out.length = to + 20;
  }
}

const LOW_BITS = 0x7f7f_7f7f;
const PLUSES = 0x2b2b_2b2b;
const PLUS_LESS_BLANK = 0x0b;

/** Makes blanks of the pluses in [from, to). */
function putBlanks(view: DataView, from: number, to: number): void {
  for (let at = from; at < to; at += 4) {
    const four = view.getInt32(at, true);
    const bits = four ^ PLUSES;
    const isPlus = ~(((bits & LOW_BITS) + LOW_BITS) | bits | LOW_BITS) >>> 7;
    if (isPlus !== 0) view.setInt32(at, four - Math.imul(isPlus, PLUS_LESS_BLANK), true);
  }
}

/** Appends what stands at [from, to) of the same bytes. */
function putAgain(out: JsonBytes, from: number, to: number): void {
  const { view } = out;
  for (let at = from, end = out.length; at < to; at += 4, end += 4)
    view.setInt32(end, view.getInt32(at, true), true);
  out.length += to - from;
}
