/**
 * Rows that are lines of a text: kept as places in a window, decoded when a field is asked for first. A batch ends where
 * the precision or the assumed zone changes, because both hold for a whole batch. Refuses nothing.
 */
import type { JsonBytes } from "../../../base/json-bytes.ts";
import { UNDATED } from "../../../base/time.ts";
import { type Batch, type FieldValue, type Piece, putDecodedFields } from "../../../model/event.ts";
import type { FormatId, Place, Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { MILLIS_MAX, MILLIS_MIN, putTicks } from "../time/byte-time.ts";
import type { NotRead } from "../json/json-value.ts";
import type { TextLines } from "./text-lines.ts";

/** Fields of one row, in the order in which they were found. */
export type Fields = Map<string, FieldValue>;

/** What a format makes of its rows when somebody asks. */
export interface TextFormat {
  readonly format: FormatId;
  readonly channel: string;
  /** What the lines of a row say; `kind` is what the row was added with. */
  fieldsOf(lines: readonly string[], kind: number): ReadonlyMap<string, FieldValue>;
  /** The host that a row names itself, where a format has such a thing. */
  hostOf?(fields: ReadonlyMap<string, FieldValue>): string;
}

/** When a row was. One for each taker, used again for every row. */
export interface RowTime {
  /** UTC milliseconds since 1970, the skew taken off; NaN where the row has no time. */
  millis: number;
  /** 100 ns ticks beyond them, below 10,000. */
  ticks: number;
  digits: number;
  zoneAssumed: string | null;
}

/** No time. */
export function noTime(): RowTime {
  return { millis: Number.NaN, ticks: 0, digits: 0, zoneAssumed: null };
}

/** Lines of a window at most; a record that is still open has fewer. */
const LINES_MAX = 8_192;
/** See LINES_MAX. */
const FLAWS_MAX = 8_192;
/** Of rows that have no time yet: the first time of a batch says how precise it is. */
const NOT_DATED = -1;

/** Rows that follow each other with one precision and one zone. */
interface Run {
  readonly first: number;
  digits: number;
  readonly zoneAssumed: string | null;
}

/** The columns of one window: lines, and rows of one line or several. */
export class TextRows {
  readonly froms: Int32Array;
  readonly tos: Int32Array;
  readonly offsets: Float64Array;
  readonly numbers: Float64Array;
  readonly kinds: Uint8Array;
  /** The line behind the last one of each row. */
  readonly ends: Int32Array;
  readonly ticks: BigInt64Array;
  readonly format: TextFormat;
  readonly setting: Setting;
  readonly #halves: Int32Array;
  #lines = 0;
  #rows = 0;
  #runs: Run[] = [];
  #run: Run | undefined;
  #flaws: Flaw[] = [];

  /** Room for the lines of a window, or of so many bytes where they are few: small files are many. */
  constructor(format: TextFormat, setting: Setting, sizeBytes: number) {
    // A line of text and its end are two bytes at the least; the last may lack its end.
    const room = Math.min(LINES_MAX, Math.ceil(sizeBytes / 2) + 2);
    this.froms = new Int32Array(room);
    this.tos = new Int32Array(room);
    this.offsets = new Float64Array(room);
    this.numbers = new Float64Array(room);
    this.kinds = new Uint8Array(room);
    this.ends = new Int32Array(room);
    this.ticks = new BigInt64Array(room);
    this.#halves = new Int32Array(this.ticks.buffer);
    this.format = format;
    this.setting = setting;
  }

  /** Keeps the line under the cursor for the next row that is added. */
  keep({ from, to }: TextLines): void {
    this.froms[this.#lines] = from;
    this.tos[this.#lines] = to;
    this.#lines++;
  }

  /** Makes a row of the lines that were kept since the last one; the first stood at this offset, with this number. */
  add(kind: number, offset: number, number: number, time: RowTime): void {
    const row = this.#rows++;
    const { millis, zoneAssumed } = time;
    this.kinds[row] = kind;
    this.offsets[row] = offset;
    this.numbers[row] = number;
    this.ends[row] = this.#lines;
    const isDated = millis >= MILLIS_MIN && millis <= MILLIS_MAX;
    if (isDated) putTicks(this.#halves, row, millis, time.ticks);
    else this.ticks[row] = UNDATED;
    const digits = isDated ? time.digits : NOT_DATED;
    const run = this.#run;
    const isSame = digits === NOT_DATED || run?.digits === NOT_DATED || run?.digits === digits;
    if (run === undefined || run.zoneAssumed !== zoneAssumed || !isSame) {
      this.#run = { first: row, digits, zoneAssumed };
      this.#runs.push(this.#run);
    } else if (isDated) run.digits = digits;
  }

  /** The text of the lines that were kept and are in no row yet. */
  kept(lines: TextLines): string[] {
    return this.textOf(lines, this.ends[this.#rows - 1] ?? 0, this.#lines);
  }

  /** The text of the lines from `first` to `end`. */
  textOf(lines: TextLines, first: number, end: number): string[] {
    const texts: string[] = [];
    for (let line = first; line < end; line++)
      texts.push(lines.text(this.froms[line] ?? 0, this.tos[line] ?? 0));
    return texts;
  }

  flaw(offset: number, { what, need, have }: Omit<NotRead, "kind">): void {
    this.#flaws.push({ kind: "flaw", place: this.setting.place, offset, what, need, have });
  }

  /** Whether it is time to hand on what was gathered: there is room for one line more. */
  get isFull(): boolean {
    return this.#lines >= this.froms.length - 1 || this.#flaws.length >= FLAWS_MAX;
  }

  /** Lines that are kept and in no row yet, once all pieces were handed on. */
  get length(): number {
    return this.#lines;
  }

  /** Hands on what was gathered, but for the lines of a row to come. */
  *pieces(lines: TextLines): Generator<Piece> {
    for (const [index, { first, digits, zoneAssumed }] of this.#runs.entries()) {
      const end = this.#runs[index + 1]?.first ?? this.#rows;
      yield new TextBatch(this, lines, { first, end, digits: Math.max(0, digits), zoneAssumed });
    }
    yield* this.#flaws;
    const open = this.ends[this.#rows - 1] ?? 0;
    this.froms.copyWithin(0, open, this.#lines);
    this.tos.copyWithin(0, open, this.#lines);
    this.#lines -= open;
    this.#rows = 0;
    this.#runs = [];
    this.#run = undefined;
    this.#flaws = [];
  }
}

/** Rows of one window, valid as long as it is. */
class TextBatch implements Batch {
  readonly kind = "batch";
  readonly format: FormatId;
  readonly place: Place;
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly digits: number;
  readonly zoneAssumed: string | null;
  readonly offsets: Float64Array;
  readonly #rows: TextRows;
  readonly #lines: TextLines;
  readonly #first: number;
  /** What was decoded already: rules ask a row many times. */
  readonly #fields: ReadonlyMap<string, FieldValue>[] = [];

  constructor(
    rows: TextRows,
    lines: TextLines,
    run: {
      readonly first: number;
      readonly end: number;
      readonly digits: number;
      readonly zoneAssumed: string | null;
    },
  ) {
    const { first, end } = run;
    this.format = rows.format.format;
    this.place = rows.setting.place;
    this.length = end - first;
    this.ticks = rows.ticks.subarray(first, end);
    this.digits = run.digits;
    this.zoneAssumed = run.zoneAssumed;
    this.offsets = rows.offsets.subarray(first, end);
    this.#rows = rows;
    this.#lines = lines;
    this.#first = first;
  }

  record(row: number): string {
    return String(this.#rows.numbers[this.#first + row]);
  }

  host(row: number): string {
    const { format, setting } = this.#rows;
    return setting.host ?? format.hostOf?.(this.#fieldsOf(row)) ?? "";
  }

  channel(): string {
    return this.#rows.format.channel;
  }

  eventId(): number {
    return -1;
  }

  provider(): string {
    return "";
  }

  field(row: number, name: string): FieldValue | undefined {
    return this.#fieldsOf(row).get(name);
  }

  names(row: number): readonly string[] {
    return [...this.#fieldsOf(row).keys()];
  }

  putFields(row: number, out: JsonBytes): void {
    putDecodedFields(this, row, out);
  }

  #fieldsOf(row: number): ReadonlyMap<string, FieldValue> {
    const known = this.#fields[row];
    if (known !== undefined) return known;
    const { format, ends, kinds } = this.#rows;
    const at = this.#first + row;
    const lines = this.#rows.textOf(this.#lines, ends[at - 1] ?? 0, ends[at] ?? 0);
    const fields = format.fieldsOf(lines, kinds[at] ?? 0);
    this.#fields[row] = fields;
    return fields;
  }
}
