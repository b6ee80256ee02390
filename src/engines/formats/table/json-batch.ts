/**
 * Rows of JSON, decoded when asked for: a value is parsed only while somebody looks at it. A value that is null or an empty
 * text is a missing field. Refuses nothing: the grammar has been checked. Spec: RFC 8259.
 */
import { isAscii } from "node:buffer";
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { type Batch, type FieldValue, spelled } from "../../../model/event.ts";
import type { Place } from "../../../model/evidence.ts";
import { wholeNumber } from "../text/byte-number.ts";
import { closeRow, openRow } from "../csv/print.ts";
import { decodeText } from "../text/encoding.ts";
import { fieldValueOf, parseJson, withoutTrailingBlanks } from "../json/json-value.ts";
import type { CellPlan } from "./cell-plan.ts";

const BLANK = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_N = 0x6e;
const ZERO = 0x30;
const NULL_BYTES = 4;
/** Escapes that JSON.stringify writes as they stand; those that it prints otherwise are 0. */
const KEPT = new Uint8Array(256);
for (const char of '"\\bfnrt') KEPT[char.charCodeAt(0)] = 1;

/** Rows of one window of bytes; valid until the reader goes on. */
export interface JsonRows {
  length: number;
  /** Per row: what it is, where its values stand in `starts` and `ends`, its number. */
  readonly plans: (CellPlan | null)[];
  readonly firsts: Int32Array;
  readonly numbers: Float64Array;
  readonly offsets: Float64Array;
  starts: Int32Array;
  ends: Int32Array;
}

/** What a batch is made of: the rows of `rows` from `from` on. */
export interface JsonParts {
  readonly place: Place;
  readonly host: string | null;
  readonly bytes: Uint8Array;
  readonly rows: JsonRows;
  readonly from: number;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
}

/** Rows that share one window of bytes. */
export class JsonBatch implements Batch {
  readonly kind = "batch";
  readonly format = "table";
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly offsets: Float64Array;
  readonly #host: string | null;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #rows: JsonRows;
  readonly #from: number;

  constructor({ place, host, bytes, rows, from, length, ticks, digits, zoneAssumed }: JsonParts) {
    this.place = place;
    this.length = length;
    this.ticks = ticks;
    this.digits = digits;
    this.zoneAssumed = zoneAssumed;
    this.offsets = rows.offsets.subarray(from, from + length);
    this.#host = host;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#rows = rows;
    this.#from = from;
  }

  record(row: number): string {
    return String(this.#rows.numbers[this.#from + row] ?? 0);
  }

  host(row: number): string {
    return this.#host ?? this.#plan(row)?.beyond.host(this, row) ?? "";
  }

  channel(row: number): string {
    return this.#plan(row)?.plan.table.channel ?? "";
  }

  eventId(): number {
    return -1;
  }

  provider(row: number): string {
    return this.#plan(row)?.plan.table.provider ?? "";
  }

  field(row: number, name: string): FieldValue | undefined {
    const plan = this.#plan(row);
    const column = plan?.columns.columnOf.get(name);
    if (column !== undefined) return this.value(row, column);
    return plan?.beyond.names.includes(name) ? plan.beyond.field(this, row, name) : undefined;
  }

  names(row: number): readonly string[] {
    const plan = this.#plan(row);
    if (plan === null) return [];
    const { answered, answeredNames } = plan.columns;
    const present: string[] = [];
    for (const [index, column] of answered.entries())
      if (this.#isPresent(row, column)) present.push(answeredNames[index] ?? "");
    for (const name of plan.beyond.names)
      if (plan.beyond.field(this, row, name) !== undefined) present.push(name);
    return present;
  }

  /** About 150 MB/s of rows whose texts need no escapes. */
  putFields(row: number, out: JsonBytes): void {
    const plan = this.#plan(row);
    const from = openRow(out);
    if (plan !== null) {
      const { answered, printed } = plan.columns;
      for (const [index, column] of answered.entries()) {
        if (!this.#isPresent(row, column)) continue;
        const start = this.#start(row, column);
        const end = this.#end(row, column);
        out.reserve((printed.sizes[index] ?? 0) + end - start + 8);
        const last = printed.starts[index + 1] ?? 0;
        for (let word = printed.starts[index] ?? 0, at = out.length; word < last; word++, at += 4)
          out.view.setInt32(at, printed.words[word] ?? 0, true);
        out.length += printed.sizes[index] ?? 0;
        if (!this.#putSame(out, start, end))
          out.put(JSON.stringify(this.value(row, column), spelled));
      }
      const beyond = plan.beyond.json(this, row);
      if (beyond !== "") out.put(beyond);
    }
    closeRow(out, from);
  }

  /** A value as its field; undefined where it is null or an empty text. */
  value(row: number, column: number): FieldValue | undefined {
    return this.#isPresent(row, column)
      ? valueAt(this.#bytes, this.#start(row, column), this.#end(row, column))
      : undefined;
  }

  /** Puts the bytes of a value that prints as it stands; false where it does not. */
  #putSame(out: JsonBytes, start: number, end: number): boolean {
    const bytes = this.#bytes;
    if (!printsAsItStands(bytes, start, end)) return false;
    const { view: target, length } = out;
    const words = end - ((end - start) & 3);
    let to = length;
    for (let at = start; at < words; at += 4, to += 4) target.setInt32(to, this.#view.getInt32(at));
    for (let at = words; at < end; at++) target.setUint8(to++, bytes[at] ?? 0);
    out.length = to;
    return true;
  }

  #plan(row: number): CellPlan | null {
    return this.#rows.plans[this.#from + row] ?? null;
  }

  #start(row: number, column: number): number {
    return this.#rows.starts[(this.#rows.firsts[this.#from + row] ?? 0) + column] ?? 0;
  }

  #end(row: number, column: number): number {
    return this.#rows.ends[(this.#rows.firsts[this.#from + row] ?? 0) + column] ?? 0;
  }

  #isPresent(row: number, column: number): boolean {
    return isPresent(this.#bytes, this.#start(row, column), this.#end(row, column));
  }
}

/** Whether a value is neither null nor an empty text. */
export function isPresent(bytes: Uint8Array, start: number, end: number): boolean {
  const isNull = end - start === NULL_BYTES && bytes[start] === LETTER_N;
  const isEmpty = end - start === 2 && bytes[start] === QUOTE;
  return !isNull && !isEmpty;
}

/** The value whose JSON is bytes[start..end), as a field. */
function valueAt(bytes: Uint8Array, start: number, end: number): FieldValue {
  const json = bytes.subarray(start, end);
  if (json[0] === QUOTE && isAscii(json) && !json.includes(BACKSLASH))
    return withoutTrailingBlanks(decodeText(json.subarray(1, -1)));
  return fieldValueOf(parsedAt(json));
}

function parsedAt(json: Uint8Array) {
  // A blank before: a number too long for a double is known by what stands before it.
  const parsed = parseJson(` ${decodeText(json)}`);
  return parsed.kind === "value" ? parsed.value : null;
}

/** The text of a time or a host as it stands: of a text or a number, else "". */
export function textAt(bytes: Uint8Array, start: number, end: number): string {
  const value = parsedAt(bytes.subarray(start, end));
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** Whether JSON.stringify over the field gives these very bytes. */
function printsAsItStands(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  if (first !== QUOTE) return first >= ZERO && first <= 0x39 && wholeNumber(bytes, start, end) >= 0;
  // Blanks at the end go, those written as escapes too.
  if ((bytes[end - 2] ?? 0) <= BLANK || bytes[end - 3] === BACKSLASH) return false;
  for (let at = start + 1; at < end - 1; at++)
    if (bytes[at] === BACKSLASH && KEPT[bytes[++at] ?? 0] === 0) return false;
  return true;
}
