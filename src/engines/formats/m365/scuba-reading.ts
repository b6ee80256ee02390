/**
 * Reads the results of ScubaGear (ScubaResults.json): one row a control, with the report's own time and tenant. Refuses the
 * settings that the report was made from (`Raw`): they are no results. Spec: github.com/cisagov/ScubaGear, docs/execution/reports.md.
 */
import { Buffer } from "node:buffer";
import type { Source } from "../../../base/source.ts";
import { utf8 } from "../../../base/bytes.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import { objectOf, parseJson } from "../json/json-value.ts";
import { RecordRows } from "./rows.ts";
import { passBlanks } from "../json/json-pass.ts";
import { type Scan, makeScan, scanObject } from "./scan.ts";
import { decoded } from "../text/wide-text.ts";
import { type Units, type UnitWindow, unitsOf } from "./units.ts";

/** What every report says about itself, near its beginning. */
const TOOL = /"Tool"\s{0,8}:\s{0,8}"ScubaGear"/;
const META = Buffer.from('"MetaData"', "latin1");
const CONTROL = Buffer.from('"Control ID"', "latin1");
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const HEAD_UNITS = 65_536;
/** Units read at a time; a control has some thousand. */
const WINDOW_UNITS = 1_048_576;
/** Blanks before a name that are looked back over. */
const BLANKS_MAX = 256;
/** Of what a report says about itself: what a row needs to be understood alone. */
const BESIDE = [
  "TimestampZulu",
  "TenantId",
  "DisplayName",
  "DomainName",
  "ToolVersion",
  "ReportUUID",
];

/** Whether these are the first units of such a report. */
export function isScuba(units: Uint8Array): boolean {
  const text = Buffer.from(units.buffer, units.byteOffset, units.length).toString("latin1");
  return /^\s*\{/.test(text) && text.includes('"MetaData"') && TOOL.test(text);
}

/** One pass over one report. */
export class ScubaReading {
  /** A report is written at once: one that has grown is another. */
  readonly safeEnd = 0;
  readonly #units: Units;
  readonly #rows: RecordRows;
  readonly #scan: Scan = makeScan();
  #beside: ReadonlyMap<string, string> = new Map();

  /** Gives pieces that begin at byte `from` or behind. */
  constructor(source: Source, setting: Setting, from: number) {
    this.#units = unitsOf(source);
    this.#rows = new RecordRows(setting, from);
  }

  *pieces(): Generator<Piece> {
    const { byteLength, form, offsetOf, window } = this.#units;
    this.#beside = this.#readBeside();
    let last = 0;
    for (let position = 0; position < byteLength; ) {
      const until = Math.min(position + WINDOW_UNITS, byteLength);
      const read = window(position, until);
      const at = yield* this.#window(read, position, until === byteLength);
      yield* this.#rows.pieces(read.raw, form);
      last = lastVisible(read.units) || last;
      position += at;
    }
    if (last !== CLOSE_BRACE)
      this.#rows.flaw(offsetOf(byteLength), "JSON", "a closing brace", "the end of the text");
    yield* this.#rows.pieces(new Uint8Array(0), form);
  }

  /** All controls that end in these units; gives where to go on. */
  *#window(
    { units, raw }: UnitWindow,
    position: number,
    isLast: boolean,
  ): Generator<Piece, number> {
    const buffer = Buffer.from(units.buffer, units.byteOffset, units.length);
    let at = 0;
    for (;;) {
      const name = buffer.indexOf(CONTROL, at);
      if (name < 0) return isLast ? units.length : Math.max(at, units.length - BLANKS_MAX, 1);
      const start = braceBefore(units, name, at);
      if (start < 0) {
        at = name + CONTROL.length;
        continue;
      }
      scanObject(units, start, units.length, this.#scan);
      if (this.#scan.ending === "cut" && !isLast && start > 0) return start;
      const offset = this.#units.offsetOf(position + start);
      if (this.#scan.ending === "whole") {
        this.#rows.takeBeside(units, this.#scan, start, offset, this.#beside);
        at = this.#scan.end;
      } else {
        this.#rows.flaw(offset, "JSON", "one object a control", "no JSON, or one that is cut");
        at = name + CONTROL.length;
      }
      if (this.#rows.isFull) yield* this.#rows.pieces(raw, this.#units.form);
    }
  }

  /** What the report says about itself; nothing where that is damaged. */
  #readBeside(): ReadonlyMap<string, string> {
    const until = Math.min(HEAD_UNITS, this.#units.byteLength);
    const { units, raw } = this.#units.window(0, until);
    const { form } = this.#units;
    const found = Buffer.from(units).indexOf(META);
    const start = units.indexOf(OPEN_BRACE, found < 0 ? until : found);
    if (start < 0) return new Map();
    scanObject(units, start, until, this.#scan);
    if (this.#scan.ending !== "whole") return new Map();
    const bytes = raw.subarray(start * form.unitBytes, this.#scan.end * form.unitBytes);
    const parsed = parseJson(decoded(bytes, form));
    const meta = objectOf(parsed.kind === "value" ? parsed.value : undefined);
    const beside = new Map<string, string>();
    for (const name of BESIDE) {
      const value = meta[name];
      if (typeof value === "string") beside.set(name, value);
    }
    const time = utf8(JSON.stringify(beside.get("TimestampZulu") ?? ""));
    this.#rows.stamper.read(time, 0, time.length);
    return beside;
  }
}

/** The brace that opens the object whose first name is at `name`; -1 where something else stands between. */
function braceBefore(units: Uint8Array, name: number, from: number): number {
  for (let at = name - 1; at >= Math.max(from, name - BLANKS_MAX); at--) {
    if (units[at] === OPEN_BRACE) return at;
    if (passBlanks(units, at, at + 1) === at) return -1;
  }
  return -1;
}

function lastVisible(units: Uint8Array): number {
  for (let at = units.length - 1; at >= 0; at--)
    if (passBlanks(units, at, at + 1) === at) return units[at] ?? 0;
  return 0;
}
