/**
 * Reads the records of a JSON text of any form through windows of bytes: memory is flat however long the text is. Refuses
 * records beyond a limit without ever holding one.
 */
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { RecordRows } from "./rows.ts";
import { type UnitWindow, type Units, unitsOf } from "./units.ts";
import { Walk } from "./walk.ts";

/** A record within this many units is read; an incident with all of its alerts may be large. */
export const RECORD_UNITS_MAX = 4_194_304;
/** Units read at a time, mostly. */
const WINDOW_UNITS = 1_048_576;

/** One pass over one JSON text. */
export class JsonReading {
  /** The byte up to which nothing changes when the text grows: the end of the last whole record before a cut. */
  safeEnd = 0;
  readonly #units: Units;
  readonly #sizeBytes: number;
  readonly #rows: RecordRows;
  readonly #walk = new Walk();
  #position = 0;
  #windowUnits = WINDOW_UNITS;

  /** Gives pieces that begin at byte `from` or behind. */
  constructor(source: Source, setting: Setting, from: number) {
    this.#units = unitsOf(source);
    this.#rows = new RecordRows(setting, from);
    this.#sizeBytes = source.byteLength;
  }

  *pieces(): Generator<Piece> {
    const { byteLength } = this.#units;
    for (let isOver = false; !isOver; ) {
      const until = Math.min(this.#position + this.#windowUnits, byteLength);
      const window = this.#units.window(this.#position, until);
      isOver = yield* this.#window(window, until === byteLength);
    }
    if (this.#units.offsetOf(byteLength) === this.#sizeBytes) return;
    this.#rows.flaw(this.#sizeBytes - 1, "half a character", "two bytes a character", "one");
    yield* this.#rows.pieces(new Uint8Array(0), this.#units.form);
  }

  /** All records that end in the window; true at the end of the text. */
  *#window(window: UnitWindow, isLast: boolean): Generator<Piece, boolean> {
    const { units, raw } = window;
    const { form, offsetOf } = this.#units;
    for (let at = 0; ; ) {
      const found = this.#walk.step(units, at, isLast);
      at = this.#walk.end;
      if (found === "record") this.#record(units);
      else if (found === "damage") this.#damage();
      else {
        yield* this.#rows.pieces(raw, form);
        if (found === "more") this.#goOn(units, at);
        return found === "end";
      }
      if (this.#rows.isFull) yield* this.#rows.pieces(raw, form);
      if (!this.#walk.isCut && found === "record") this.safeEnd = offsetOf(this.#position + at);
    }
  }

  #record(units: Uint8Array): void {
    const { start, scan } = this.#walk;
    const offset = this.#units.offsetOf(this.#position + start);
    if (this.#rows.take(units, scan, start, offset)) this.#walk.anchor(units);
  }

  #damage(): void {
    const { start, have } = this.#walk;
    this.#rows.flaw(
      this.#units.offsetOf(this.#position + start),
      "JSON",
      "records, one after another",
      have,
    );
  }

  /** On with the next window: at what the last one did not end, or with more of it. */
  #goOn(units: Uint8Array, at: number): void {
    this.#position += at;
    if (at > 0) this.#windowUnits = WINDOW_UNITS;
    else if (this.#windowUnits < RECORD_UNITS_MAX) this.#windowUnits = RECORD_UNITS_MAX;
    else {
      this.#walk.giveUp(units, `a record of more than ${RECORD_UNITS_MAX} characters`);
      this.#damage();
      this.#position += this.#walk.end;
      this.#windowUnits = WINDOW_UNITS;
    }
  }
}
