/**
 * Takes records as they are found: tells their kind and time, leaves out what was given before, and gathers the rest into
 * batches with the flaws between them. A batch ends where the precision changes, because it holds for a whole batch.
 */
import { Buffer } from "node:buffer";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { M365Batch, type Places, ROWS_MAX, makePlaces } from "./batch.ts";
import { type Channel, KINDS, type Kind, channelOfCategory, kindOf } from "./kinds.ts";
import { IDS_MAX, KnownIds } from "./known-ids.ts";
import { slotOfName } from "./names.ts";
import type { Scan } from "./scan.ts";
import { Stamper } from "./stamp.ts";
import type { Form } from "../text/wide-text.ts";

const CATEGORY = slotOfName("category");
const AUDIT_DATA = slotOfName("AuditData");
/** Of an audit record that stands as text in another, quotes escaped. */
const INNER_TIME = Buffer.from('CreationTime\\":\\"', "latin1");
const INNER_TIME_CHARS = 19;

/** A record, and what is known of it before it is decoded. */
export interface FoundRecord {
  /** First unit in the bytes of the step, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** First byte in the file. */
  readonly offset: number;
  /** Place in KINDS. */
  readonly kind: number;
  /** What an export says beside it; null where there is nothing. */
  readonly columns: ReadonlyMap<string, string> | null;
  /** Behind which value it was cut: it is kept up to there. */
  readonly isCut: boolean;
  /** Units of its id; the same twice where it has none. */
  readonly idStart: number;
  readonly idEnd: number;
}

/** Gathers the rows of one reading. */
export class RecordRows {
  readonly stamper: Stamper;
  readonly #setting: Setting;
  readonly #from: number;
  readonly #known = new KnownIds();
  readonly #places: Places = makePlaces();
  #flaws: Flaw[] = [];
  #ordinal = 0;
  #toldFull = false;

  /** Only what begins at byte `from` or behind is given; what stands before is only remembered. */
  constructor(setting: Setting, from: number) {
    this.#setting = setting;
    this.#from = from;
    this.stamper = new Stamper(setting.skewMillis);
  }

  /** A place that could not be read. */
  flaw(offset: number, what: string, need: string, have: string): void {
    if (offset < this.#from) return;
    this.#flaws.push({ kind: "flaw", place: this.#setting.place, offset, what, need, have });
  }

  /** Whether it is time to hand on what was gathered. */
  get isFull(): boolean {
    return this.#places.length >= ROWS_MAX || this.#flaws.length >= ROWS_MAX;
  }

  /** Takes a record that a scan has found to be whole; a flaw where it is nothing that is known here. */
  take(bytes: Uint8Array, scan: Scan, start: number, offset: number): boolean {
    const at = kindOf(scan);
    const kind = KINDS[at];
    const channel = kind === undefined ? null : channelOf(kind, scan, bytes);
    if (kind === undefined || channel === null) {
      this.#ordinal++;
      this.flaw(offset, "record", "a record of Microsoft 365", "another shape");
      return false;
    }
    const id = kind.ids.find((slot) => (scan.starts[slot] ?? -1) >= 0) ?? -1;
    const idStart = id < 0 ? start : (scan.starts[id] ?? start);
    const idEnd = id < 0 ? start : (scan.ends[id] ?? start);
    this.#stamp(bytes, scan, kind);
    const found = { start, end: scan.end, offset, kind: at, columns: null, isCut: false };
    this.add(bytes, { ...found, idStart, idEnd }, channel, contentOf(kind, scan, start));
    return true;
  }

  /** Takes a part of a report, which has the report's time and what it says about itself beside it. */
  takeBeside(
    bytes: Uint8Array,
    scan: Scan,
    start: number,
    offset: number,
    columns: ReadonlyMap<string, string>,
  ): void {
    const at = kindOf(scan);
    const kind = KINDS[at];
    const id = scan.starts[kind?.ids[0] ?? -1] ?? start;
    if (kind?.channel !== "ScubaGear") {
      this.flaw(offset, "record", "a control and its result", "another shape");
      return;
    }
    const idEnd = scan.ends[kind.ids[0] ?? -1] ?? start;
    const place = { start, end: scan.end, idStart: id, idEnd };
    this.add(bytes, { ...place, offset, kind: at, columns, isCut: false }, "ScubaGear", [
      start,
      scan.end,
    ]);
  }

  /** Takes a record whose time is in `stamper.stamp`. What counts as its content: [start, end). */
  add(
    bytes: Uint8Array,
    found: FoundRecord,
    channel: Channel,
    content: readonly [start: number, end: number],
  ): void {
    this.#ordinal++;
    if (this.#isAgain(bytes, found, content) || found.offset < this.#from) return;
    const places = this.#places;
    const row = places.length++;
    places.starts[row] = found.start;
    places.ends[row] = found.end;
    places.idStarts[row] = found.idStart;
    places.idEnds[row] = found.idEnd;
    places.kinds[row] = found.kind;
    places.channels[row] = channel;
    places.ordinals[row] = this.#ordinal;
    places.ticks[row] = this.stamper.stamp.ticks;
    places.digits[row] = this.stamper.stamp.digits;
    places.offsets[row] = found.offset;
    places.columns[row] = found.columns;
    places.cuts[row] = found.isCut ? 1 : 0;
  }

  /** Hands on what was gathered; `raw` are the bytes of the file that the rows' units stand for. */
  *pieces(raw: Uint8Array, form: Form): Generator<Piece> {
    const places = this.#places;
    const { place, host } = this.#setting;
    const shared = { place, host: host ?? "", places, bytes: raw, form };
    for (let first = 0; first < places.length; ) {
      let last = first;
      while (last + 1 < places.length && places.digits[last + 1] === places.digits[first]) last++;
      yield new M365Batch({ ...shared, first, last });
      first = last + 1;
    }
    places.length = 0;
    const flaws = this.#flaws;
    this.#flaws = [];
    yield* flaws;
  }

  #stamp(bytes: Uint8Array, scan: Scan, kind: Kind): void {
    if (kind.shape === "exported" && this.#stampInner(bytes, scan)) return;
    for (const slot of kind.times) {
      const start = scan.starts[slot] ?? -1;
      if (start >= 0 && this.stamper.read(bytes, start, scan.ends[slot] ?? start)) return;
    }
    this.stamper.forget();
  }

  /** The service's own time, which no exporter has turned by its zone. */
  #stampInner(bytes: Uint8Array, scan: Scan): boolean {
    const start = scan.starts[AUDIT_DATA] ?? -1;
    if (start < 0) return false;
    const held = Buffer.from(
      bytes.buffer,
      bytes.byteOffset + start,
      (scan.ends[AUDIT_DATA] ?? start) - start,
    );
    const found = held.indexOf(INNER_TIME);
    if (found < 0) return false;
    const from = start + found + INNER_TIME.length - 1;
    return this.stamper.read(bytes, from, from + INNER_TIME_CHARS + 2);
  }

  /** Whether this record was given before; what is odd about that is told. */
  #isAgain(
    bytes: Uint8Array,
    { idStart, idEnd, offset, kind }: FoundRecord,
    [start, end]: readonly [number, number],
  ): boolean {
    if (idEnd - idStart <= 2) return false;
    switch (this.#known.note(bytes, idStart, idEnd, start, end)) {
      case "new":
        return false;
      case "again":
        this.flaw(
          offset,
          "duplicate",
          "a record once",
          "the same id and content as a record before; left out",
        );
        return true;
      case "changed":
        // An alert is written anew when its state changes; a record of an audit log never is.
        if (KINDS[kind]?.isImmutable === true)
          this.flaw(
            offset,
            "same id",
            "an id once",
            "the id of a record before, with other content; both are kept",
          );
        return false;
      case "full":
        if (!this.#toldFull)
          this.flaw(
            offset,
            "duplicates",
            `at most ${IDS_MAX} ids`,
            "more; from here on no duplicate is left out",
          );
        this.#toldFull = true;
        return false;
    }
  }
}

function channelOf(kind: Kind, { starts, ends }: Scan, bytes: Uint8Array): Channel | null {
  if (kind.channel !== null) return kind.channel;
  const start = starts[CATEGORY] ?? 0;
  const length = Math.min((ends[CATEGORY] ?? start) - start, 64);
  const json = Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString("latin1");
  return channelOfCategory(json);
}

/** What makes two records with one id the same: an export counts its results beside the record. */
function contentOf(
  kind: Kind,
  { starts, ends, end }: Scan,
  start: number,
): readonly [number, number] {
  const inner = kind.shape === "exported" ? (starts[AUDIT_DATA] ?? -1) : -1;
  return inner < 0 ? [start, end] : [inner, ends[AUDIT_DATA] ?? inner];
}
