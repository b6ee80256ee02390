/**
 * Reads the logs of clamd, clamscan and freshclam: one row a line, or a scan's summary. A line in no known form is a row
 * with its message alone. Refuses lines beyond the limit. Spec: docs/formats/clamav.md.
 */
import type { Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Reader } from "../format.ts";
import { readByClock, wholeRange } from "../line-reading.ts";
import type { Clock } from "../moment.ts";
import type { Rows } from "../rows.ts";
import {
  type LineTaker,
  type TextLine,
  headLines,
  lazyRow,
  readRecords,
  recordRanges,
} from "../text-records.ts";
import {
  type Fields,
  SUMMARY_BEGINS,
  lineOf,
  readMessage,
  summaryLineOf,
  summaryTime,
} from "./line.ts";

const SEPARATOR = /^-+$/;
const HEAD_LINES = 2_000;
/** Lines of a summary at most: it has a dozen. */
const SUMMARY_LINES_MAX = 64;

/** Reads ClamAV's logs. */
export const clamavReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readByClock(source, setting, range, (from, part, clock) =>
      readRecords("clamav", from, setting, part, (rows) => new ClamTaker(rows, setting, clock)),
    ),
  ranges: (source, rangeBytes, after) =>
    recordRanges(source, rangeBytes, after, (text) => summaryLineOf(text) === null),
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
  readonly first: TextLine;
  readonly fields: Fields;
  readonly lines: string[];
  sizeBytes: number;
}

class ClamTaker implements LineTaker {
  readonly #rows: Rows;
  readonly #setting: Setting;
  readonly #clock: Clock;
  #summary: Summary | null = null;

  constructor(rows: Rows, setting: Setting, clock: Clock) {
    this.#rows = rows;
    this.#setting = setting;
    this.#clock = clock;
  }

  take(line: TextLine): void {
    const { text } = line;
    const said = summaryLineOf(text);
    if (said !== null && this.#summary !== null && this.#summary.lines.length < SUMMARY_LINES_MAX) {
      this.#summary.fields.set(...said);
      this.#summary.lines.push(text);
      this.#summary.sizeBytes += line.sizeBytes;
      return;
    }
    this.end();
    if (text === SUMMARY_BEGINS) {
      const { sizeBytes } = line;
      this.#summary = { first: line, fields: new Map(), lines: [text], sizeBytes };
    } else if (!SEPARATOR.test(text)) {
      const { time, level, message } = lineOf(text);
      this.#add(line, line.sizeBytes, time, () => {
        const fields: Fields = new Map();
        if (level !== "") fields.set("Level", level);
        if (said === null) readMessage(message, fields);
        else fields.set(...said);
        return fields.set("Message", message);
      });
    } else if (!line.isEnded) {
      this.#rows.flaw(line.offset, { what: "line cut short", need: "a line end", have: "none" });
    }
  }

  end(): void {
    if (this.#summary === null) return;
    const { first, fields, lines, sizeBytes } = this.#summary;
    this.#summary = null;
    fields.set("Message", lines.join("\n"));
    this.#add(first, sizeBytes, summaryTime(fields), () => fields);
  }

  #add(line: TextLine, sizeBytes: number, time: string, read: () => Fields): void {
    const { ticks, digits } = this.#clock(time);
    const row = {
      offset: line.offset,
      record: String(line.number),
      ticks,
      digits,
      zoneAssumed: time === "" ? null : (this.#setting.zone ?? "UTC"),
      host: this.#setting.host ?? "",
      channel: "ClamAV",
      eventId: -1,
      provider: "",
    };
    this.#rows.add(lazyRow(row, read), sizeBytes);
  }
}
