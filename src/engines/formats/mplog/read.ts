/**
 * Reads Defender's protection log: one row a line, or a block of lines. A line in no known form is a row with its message
 * alone: nothing is lost. Refuses lines and blocks beyond their limits. Spec: docs/formats/mplog.md.
 */
import { millisFromTicks, parseTime } from "../../../base/time.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { noDay } from "../time/byte-time.ts";
import {
  DAY_ORDER_BYTES,
  type DayReading,
  contradiction,
  dayOrderAssumption,
  readDateText,
} from "../time/day-order.ts";
import type { Reader } from "../format.ts";
import { readByWallClock, wholeRange } from "../text/line-reading.ts";
import { type LineTaker, readRecords, recordRanges } from "../text/text-records.ts";
import type { TextLines } from "../text/text-lines.ts";
import {
  type Fields,
  type RowTime,
  type TextFormat,
  type TextRows,
  noTime,
} from "../text/text-rows.ts";
import type { WallClock } from "../time/wall-clock.ts";
import {
  BLOCK_CHARS_MAX,
  BLOCK_KINDS,
  BLOCK_LINES_MAX,
  type BlockKind,
  blockThatBegins,
  blockTime,
  isLastLine,
  readBlock,
  timeValueAt,
} from "./blocks.ts";
import { blockDays, blockDaysOf, isDatedAlike } from "./days.ts";
import { readMessage } from "./line-forms.ts";
import { blockWallMillis, isBlockTime, readStamp, stampEnd } from "./stamp.ts";

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d) +/;
/** `AV Signature Version: 1.345.456.0`, as Defender writes it when it starts and when signatures change. */
const VERSION = /^([A-Z][A-Za-z ]{0,40} [Vv]ersion) ?: ?([\d.]{3,40})$/;
const BLANK = 32;
/** `*`, `-` and `=`: lines of nothing else separate others. */
const SEPARATORS: readonly number[] = [42, 45, 61];
/** Kind of a row that is one line; blocks follow as BLOCK_KINDS has them. */
const LINE = 0;

const FORMAT: TextFormat = {
  format: "mplog",
  channel: "MPLog",
  fieldsOf(lines, row) {
    const [first = "", ...rest] = lines;
    const kind = BLOCK_KINDS[row - 1];
    return kind === undefined ? lineFields(first.replace(STAMP, "")) : blockFields(kind, rest);
  },
};

/** Reads Defender's MPLog files. About 350 MB/s to events as offsets, 500 of UTF-16. */
export const mplogReader: Reader = {
  read(source, setting, range = wholeRange(source)) {
    const days = blockDays(source, setting);
    return readByWallClock(source, setting, range, (from, part, clock) =>
      readRecords(FORMAT, from, setting, part, (rows) => new MplogTaker(rows, days, clock)),
    );
  },
  ranges: (source, rangeBytes, after) =>
    recordRanges(
      source,
      rangeBytes,
      after !== null && isDatedAlike(source, after.end) ? after : null,
      ({ bytes, from, to }) => stampEnd(bytes, from, to) >= 0,
    ),
  assumptions: assumptionsOf,
  assumptionBytes: DAY_ORDER_BYTES,
};

/** A block whose last line was not seen yet. */
interface OpenBlock {
  readonly place: number;
  readonly kind: BlockKind;
  readonly text: TextLines;
  readonly offset: number;
  readonly number: number;
  /** Whether its first line has a time of its own. */
  readonly isStamped: boolean;
  lines: number;
  chars: number;
  /** How many of its lines say when it was, and the wall clock of the last one; NaN where that is no plain time. */
  times: number;
  wallMillis: number;
}

class MplogTaker implements LineTaker {
  readonly #rows: TextRows;
  readonly #days: DayReading;
  readonly #local: WallClock;
  readonly #zone: string;
  readonly #skew: number;
  readonly #stampDay = noDay();
  readonly #blockDay = noDay();
  readonly #time: RowTime = noTime();
  #block: OpenBlock | null = null;

  /** `local` reads times without a zone. Those with one are believed: Defender writes UTC. */
  constructor(rows: TextRows, days: DayReading, local: WallClock) {
    this.#rows = rows;
    this.#days = days;
    this.#local = local;
    this.#zone = rows.setting.zone ?? "UTC";
    this.#skew = Math.round(rows.setting.skewMillis);
  }

  take(line: TextLines): void {
    const { bytes, from, to } = line;
    const stampTo = stampEnd(bytes, from, to);
    const isStamped = stampTo >= 0;
    if (this.#block !== null && !isStamped && this.#grow(this.#block, line)) return;
    this.end();
    let message = isStamped ? stampTo : from;
    while (isStamped && bytes[message] === BLANK) message++;
    const place = blockThatBegins(bytes, message, to);
    const kind = BLOCK_KINDS[place];
    if (kind === undefined && !isStamped && isSeparator(bytes, from, to)) {
      if (!line.isEnded)
        this.#rows.flaw(line.offset, { what: "line cut short", need: "a line end", have: "none" });
      return;
    }
    this.#rows.keep(line);
    this.#undated();
    if (isStamped) readStamp(bytes, from, stampTo, this.#stampDay, this.#skew, this.#time);
    if (kind === undefined) this.#rows.add(LINE, line.offset, line.number, this.#time);
    else this.#block = openBlock(line, place, kind, isStamped);
  }

  end(): void {
    if (this.#block !== null) this.#close(this.#block, false);
  }

  /** Takes a line into the block; false where it belongs to another record. */
  #grow(block: OpenBlock, line: TextLines): boolean {
    const { bytes, from, to } = line;
    const { kind } = block;
    if (isLastLine(kind, bytes, from, to)) {
      this.#close(block, true);
      return true;
    }
    const isFull = block.lines >= BLOCK_LINES_MAX || block.chars >= BLOCK_CHARS_MAX;
    if (isFull || blockThatBegins(bytes, from, to) >= 0) return false;
    this.#rows.keep(line);
    block.lines++;
    block.chars += to - from;
    const at = timeValueAt(kind, bytes, from, to);
    if (at >= 0) {
      block.times++;
      block.wallMillis = isBlockTime(bytes, at, to)
        ? blockWallMillis(bytes, at, this.#blockDay, this.#days.order)
        : Number.NaN;
    }
    return true;
  }

  #close(block: OpenBlock, isWhole: boolean): void {
    const { place, kind, offset, number, lines } = block;
    this.#block = null;
    // The time of a stamped block was read with its first line, and no other line has one since.
    if (!block.isStamped) this.#readBlockTime(block);
    this.#rows.add(LINE + 1 + place, offset, number, this.#time);
    if (isWhole) return;
    const have = `${lines} lines without it`;
    this.#rows.flaw(offset, { what: "block without its end", need: kind.ends, have });
  }

  #readBlockTime(block: OpenBlock): void {
    const { times, wallMillis, kind } = block;
    this.#undated();
    if (times === 0) return;
    let wall = times === 1 ? wallMillis : Number.NaN;
    if (Number.isNaN(wall)) {
      // Said twice, on a line of its own, or no real day: as the fields have it.
      const text = blockTime(kind, blockFields(kind, this.#rows.kept(block.text).slice(1)));
      if (text === "") return;
      const read = readDateText(text, this.#days.order);
      if (read.kind === "contradicts")
        this.#rows.flaw(block.offset, contradiction(text, this.#days));
      const time = read.kind === "read" ? parseTime(read.iso) : null;
      wall = time === null ? Number.NaN : millisFromTicks(time.ticks);
    }
    this.#time.millis = this.#local(wall);
    this.#time.zoneAssumed = this.#zone;
  }

  #undated(): void {
    this.#time.millis = Number.NaN;
    this.#time.ticks = 0;
    this.#time.digits = 0;
    this.#time.zoneAssumed = null;
  }
}

function openBlock(line: TextLines, place: number, kind: BlockKind, isStamped: boolean): OpenBlock {
  const { offset, number } = line;
  const empty = { lines: 0, chars: 0, times: 0, wallMillis: Number.NaN };
  return { place, kind, text: line, offset, number, isStamped, ...empty };
}

function isSeparator(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!SEPARATORS.includes(bytes[at] ?? 0)) return false;
  return true;
}

/** What a block says whose first line is left out. */
function blockFields(kind: BlockKind, lines: readonly string[]): Fields {
  const fields: Fields = new Map();
  readBlock(kind, lines, fields);
  return fields.set("Message", [kind.begins, ...lines].join("\n"));
}

/** What a line that is no block says. */
function lineFields(message: string): Fields {
  const fields: Fields = new Map();
  const [, name = "", value = ""] = VERSION.exec(message) ?? [];
  if (name === "") readMessage(message, fields);
  else fields.set("EventType", "Version").set(name.replaceAll(" ", ""), value);
  return fields.set("Message", message);
}

function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const { file } = setting.place;
  const days = blockDaysOf(head, setting);
  const others = assumptionsOfSetting({ ...setting, zone: null }, false);
  if (days.example === null) return others;
  const value = setting.zone ?? "UTC";
  const known = setting.zone === null ? "the case file names no zone" : "the case file names it";
  const why = `blocks of lines have the machine's local time; ${known}. Lines with a time of their own are in UTC`;
  const order = dayOrderAssumption(file, days);
  return [{ file, what: "zone", value, why }, ...(order === null ? [] : [order]), ...others];
}
