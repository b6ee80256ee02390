/**
 * Reads Windows events exported as JSON lines: one object a line, whole windows parsed at once, memory bounded by the
 * window. Refuses lines beyond the limit and lines that are no event: each is one flaw. Spec: docs/formats/windows-json.md.
 */
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import type { Flaw } from "../../../model/flaw.ts";
import { decodeText } from "../encoding.ts";
import type { Reader } from "../format.ts";
import { assumptionsOf } from "./assumptions.ts";
import { WindowsJsonBatch, type Row } from "./batch.ts";
import { readLine } from "./line.ts";
import { type Moment, makeClock } from "./moment.ts";

/** A Windows event is at most 64 KiB of binary XML; as JSON with its message it stays well below this. */
export const LINE_BYTES_MAX = 1_048_576;
const WINDOW_BYTES = 2 * LINE_BYTES_MAX;
const LINE_FEED = 10;

/** Reads Windows events as JSON lines. */
export const windowsJsonReader: Reader = {
  *read(source, setting) {
    yield* new Reading(source, setting).pieces();
  },
  ranges: (source) => [{ start: 0, end: source.byteLength, line: 1, header: "" }],
  assumptions: assumptionsOf,
};

/** One pass over one file. */
class Reading {
  readonly #source: Source;
  readonly #setting: Setting;
  readonly #clock: (time: string) => Moment;
  #rows: Row[] = [];
  #flaws: Flaw[] = [];
  #position = 0;
  #line = 1;

  constructor(source: Source, setting: Setting) {
    this.#source = source;
    this.#setting = setting;
    this.#clock = makeClock(setting);
  }

  *pieces(): Generator<Piece> {
    const size = this.#source.byteLength;
    while (this.#position < size) {
      const end = Math.min(this.#position + WINDOW_BYTES, size);
      const skipFrom = this.#window(this.#source.read(this.#position, end), end === size);
      if (this.#rows.length > 0) yield new WindowsJsonBatch(this.#setting, this.#rows);
      this.#rows = [];
      if (skipFrom !== null) this.#skip(skipFrom);
      yield* this.#flaws;
      this.#flaws = [];
    }
  }

  /** All lines that end in the window; returns where a line starts that is longer than the limit, or null. */
  #window(bytes: Uint8Array, last: boolean): number | null {
    const base = this.#position;
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] === LINE_FEED) {
        at++;
        this.#line++;
        continue;
      }
      const found = bytes.indexOf(LINE_FEED, at);
      const end = found < 0 ? bytes.length : found;
      if (end - at > LINE_BYTES_MAX) {
        this.#position = base + at;
        return base + at;
      }
      if (found < 0 && !last) break;
      this.#row(bytes.subarray(at, end), base + at);
      at = end + 1;
      this.#line++;
    }
    this.#position = base + Math.min(at, bytes.length);
    return null;
  }

  #row(bytes: Uint8Array, offset: number): void {
    const text = decodeText(bytes).trim();
    if (text === "") return;
    const read = readLine(text);
    if (read.kind === "not") {
      this.#flaw(offset, read.what, read.need, read.have);
      return;
    }
    this.#rows.push({
      offset,
      line: this.#line,
      event: read.event,
      moment: this.#clock(read.event.time),
    });
  }

  /** Past the end of a line beyond the limit, window by window. */
  #skip(start: number): void {
    const size = this.#source.byteLength;
    let end = -1;
    for (let from = start; end < 0 && from < size; from += WINDOW_BYTES) {
      const window = this.#source.read(from, Math.min(from + WINDOW_BYTES, size));
      const found = window.indexOf(LINE_FEED);
      if (found >= 0) end = from + found + 1;
    }
    this.#position = end < 0 ? size : end;
    this.#line++;
    const have = `${this.#position - start} bytes`;
    this.#flaw(start, "line longer than the limit", `${LINE_BYTES_MAX} bytes`, have);
  }

  #flaw(offset: number, what: string, need: string, have: string): void {
    this.#flaws.push({ kind: "flaw", place: this.#setting.place, offset, what, need, have });
  }
}
