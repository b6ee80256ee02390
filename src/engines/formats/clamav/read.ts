/**
 * Reads the logs of clamd, clamscan and freshclam: one row a line, or a scan's summary. A line in no known form is a row
 * with its message alone. Refuses lines beyond the limit. Spec: docs/formats/clamav.md.
 */
import { utf8 } from "../../../base/bytes.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { noDay } from "../time/byte-time.ts";
import type { Reader } from "../format.ts";
import { readByWallClock, wholeRange } from "../text/line-reading.ts";
import { headLines } from "../text/text-form.ts";
import { type TextLines, beginsWith, isText } from "../text/text-lines.ts";
import { type LineTaker, readRecords, recordRanges } from "../text/text-records.ts";
import {
  type Fields,
  type RowTime,
  type TextFormat,
  type TextRows,
  noTime,
} from "../text/text-rows.ts";
import type { WallClock } from "../time/wall-clock.ts";
import { SUMMARY_BEGINS, isSummaryLine, lineOf, readMessage, summaryLineOf } from "./line.ts";
import { stampAt, stampWallMillis, summaryTimeAt, summaryWallMillis } from "./stamp.ts";

const HEAD_LINES = 2_000;
/** Lines of a summary at most: it has a dozen. */
const SUMMARY_LINES_MAX = 64;
const BEGINS = utf8(SUMMARY_BEGINS);
const START_DATE = utf8("Start Date: ");
const DASH = 45;
/** Kinds of rows. */
const LINE = 0;
const SUMMARY = 1;

const FORMAT: TextFormat = {
  format: "clamav",
  channel: "ClamAV",
  fieldsOf: (lines, kind) => (kind === SUMMARY ? summaryFields(lines) : lineFields(lines[0] ?? "")),
};

/** Reads ClamAV's logs. About 350 MB/s to events as offsets. */
export const clamavReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readByWallClock(source, setting, range, (from, part, clock) =>
      readRecords(FORMAT, from, setting, part, (rows) => new ClamTaker(rows, clock)),
    ),
  ranges: (source, rangeBytes, after) =>
    recordRanges(source, rangeBytes, after, (line) => !isSummaryLine(line)),
  assumptions: (head, setting) =>
    assumptionsOfSetting(
      setting,
      headLines(head, HEAD_LINES).some(
        (line) => lineOf(line).time !== "" || line === SUMMARY_BEGINS,
      ),
    ),
};

/** A summary that may go on. */
interface Summary {
  readonly offset: number;
  readonly number: number;
  lines: number;
  /** Whether it said when the scan began, and that wall clock; NaN where it is no real time. */
  isDated: boolean;
  wallMillis: number;
}

class ClamTaker implements LineTaker {
  readonly #rows: TextRows;
  readonly #clock: WallClock;
  readonly #zone: string;
  readonly #day = noDay();
  readonly #time: RowTime = noTime();
  #summary: Summary | null = null;

  constructor(rows: TextRows, clock: WallClock) {
    this.#rows = rows;
    this.#clock = clock;
    this.#zone = rows.setting.zone ?? "UTC";
  }

  take(line: TextLines): void {
    const { bytes, from, to, offset, number } = line;
    if (this.#summary !== null && this.#grow(this.#summary, line)) return;
    this.end();
    if (bytes[from] !== DASH) {
      this.#add(line);
    } else if (isText(bytes, from, to, BEGINS)) {
      this.#rows.keep(line);
      this.#summary = { offset, number, lines: 1, isDated: false, wallMillis: Number.NaN };
    } else if (!isSeparator(bytes, from, to)) {
      this.#add(line);
    } else if (!line.isEnded) {
      this.#rows.flaw(offset, { what: "line cut short", need: "a line end", have: "none" });
    }
  }

  end(): void {
    if (this.#summary === null) return;
    const { offset, number, isDated, wallMillis } = this.#summary;
    this.#summary = null;
    this.#date(isDated, wallMillis);
    this.#rows.add(SUMMARY, offset, number, this.#time);
  }

  /** Takes a line into the summary; false where it is none of it. */
  #grow(summary: Summary, line: TextLines): boolean {
    if (summary.lines >= SUMMARY_LINES_MAX || !isSummaryLine(line)) return false;
    const { bytes, from, to } = line;
    if (beginsWith(bytes, from, to, START_DATE)) {
      const at = summaryTimeAt(bytes, from, to, START_DATE);
      summary.isDated = at >= 0;
      summary.wallMillis = at < 0 ? Number.NaN : summaryWallMillis(bytes, at, this.#day);
    }
    this.#rows.keep(line);
    summary.lines++;
    return true;
  }

  #add(line: TextLines): void {
    const { bytes, from, to } = line;
    const at = stampAt(bytes, from, to);
    this.#date(at >= 0, at < 0 ? Number.NaN : stampWallMillis(bytes, at, this.#day));
    this.#rows.keep(line);
    this.#rows.add(LINE, line.offset, line.number, this.#time);
  }

  #date(isStated: boolean, wallMillis: number): void {
    this.#time.millis = this.#clock(wallMillis);
    this.#time.zoneAssumed = isStated ? this.#zone : null;
  }
}

function isSeparator(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== DASH) return false;
  return true;
}

function summaryFields(lines: readonly string[]): Fields {
  const fields: Fields = new Map();
  for (const line of lines) {
    const said = summaryLineOf(line);
    if (said !== null) fields.set(...said);
  }
  return fields.set("Message", lines.join("\n"));
}

function lineFields(text: string): Fields {
  const { level, message } = lineOf(text);
  const said = summaryLineOf(text);
  const fields: Fields = new Map();
  if (level !== "") fields.set("Level", level);
  if (said === null) readMessage(message, fields);
  else fields.set(...said);
  return fields.set("Message", message);
}
