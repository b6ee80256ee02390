/**
 * Reads Defender's protection log: one row a line, or a block of lines. A line in no known form is a row with its message
 * alone: nothing is lost. Refuses lines and blocks beyond their limits. Spec: docs/formats/mplog.md.
 */
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import type { Reader } from "../format.ts";
import { readByClock, wholeRange } from "../line-reading.ts";
import { type Clock, makeClock } from "../moment.ts";
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
  BLOCK_CHARS_MAX,
  BLOCK_LINES_MAX,
  type BlockKind,
  blockThatBegins,
  blockTime,
  isLastLine,
  readBlock,
} from "./blocks.ts";
import type { Fields } from "./fields.ts";
import { readMessage } from "./line-forms.ts";

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:\d\d)) +/;
/** `AV Signature Version: 1.345.456.0`, as Defender writes it when it starts and when signatures change. */
const VERSION = /^([A-Z][A-Za-z ]{0,40} [Vv]ersion) ?: ?([\d.]{3,40})$/;
const SEPARATOR = /^[*=-]+$/;
const HEAD_LINES = 2_000;

/** Reads Defender's MPLog files. */
export const mplogReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readByClock(source, setting, range, (from, part, clock) =>
      readRecords("mplog", from, setting, part, (rows) => new MplogTaker(rows, setting, clock)),
    ),
  ranges: (source, rangeBytes, after) =>
    recordRanges(source, rangeBytes, after, (text) => STAMP.test(text)),
  assumptions: assumptionsOf,
};

/** A block whose last line was not seen yet. */
interface OpenBlock {
  readonly kind: BlockKind;
  readonly first: TextLine;
  /** Time of its first line; "" where it has none of its own. */
  readonly stamp: string;
  readonly lines: string[];
  chars: number;
  sizeBytes: number;
}

class MplogTaker implements LineTaker {
  readonly #rows: Rows;
  readonly #setting: Setting;
  readonly #local: Clock;
  readonly #stated: Clock;
  #block: OpenBlock | null = null;

  /** `local` reads times without a zone. Those with one are believed: Defender writes UTC. */
  constructor(rows: Rows, setting: Setting, local: Clock) {
    this.#rows = rows;
    this.#setting = setting;
    this.#local = local;
    this.#stated = makeClock({ ...setting, zone: null });
  }

  take(line: TextLine): void {
    const [lead = "", stamp = ""] = STAMP.exec(line.text) ?? [];
    const message = line.text.slice(lead.length);
    if (this.#block !== null && stamp === "" && this.#grow(this.#block, line)) return;
    this.end();
    const kind = blockThatBegins(message);
    if (kind !== undefined) {
      const { sizeBytes } = line;
      this.#block = { kind, first: line, stamp, lines: [], chars: 0, sizeBytes };
    } else if (stamp !== "" || !SEPARATOR.test(message)) {
      this.#add(line, line.sizeBytes, stamp, "", () => lineFields(message));
    } else if (!line.isEnded) {
      this.#rows.flaw(line.offset, { what: "line cut short", need: "a line end", have: "none" });
    }
  }

  end(): void {
    if (this.#block !== null) this.#close(this.#block, false);
  }

  /** Takes a line into the block; false where it belongs to another record. */
  #grow(block: OpenBlock, line: TextLine): boolean {
    if (isLastLine(block.kind, line.text)) {
      block.sizeBytes += line.sizeBytes;
      this.#close(block, true);
      return true;
    }
    const isFull = block.lines.length >= BLOCK_LINES_MAX || block.chars >= BLOCK_CHARS_MAX;
    if (isFull || blockThatBegins(line.text) !== undefined) return false;
    block.lines.push(line.text);
    block.chars += line.text.length;
    block.sizeBytes += line.sizeBytes;
    return true;
  }

  #close(block: OpenBlock, isWhole: boolean): void {
    const { kind, first, stamp, lines, sizeBytes } = block;
    this.#block = null;
    const fields: Fields = new Map();
    readBlock(kind, lines, fields);
    fields.set("Message", [kind.begins, ...lines].join("\n"));
    this.#add(first, sizeBytes, stamp, blockTime(kind, fields), () => fields);
    if (isWhole) return;
    const have = `${lines.length} lines without it`;
    this.#rows.flaw(first.offset, { what: "block without its end", need: kind.ends, have });
  }

  #add(line: TextLine, sizeBytes: number, stamp: string, local: string, read: () => Fields): void {
    const moment = stamp === "" ? this.#local(local) : this.#stated(stamp);
    const isLocal = stamp === "" && local !== "";
    const row = {
      offset: line.offset,
      record: String(line.number),
      ticks: moment.ticks,
      digits: moment.digits,
      zoneAssumed: isLocal ? (this.#setting.zone ?? "UTC") : null,
      host: this.#setting.host ?? "",
      channel: "MPLog",
      eventId: -1,
      provider: "",
    };
    this.#rows.add(lazyRow(row, read), sizeBytes);
  }
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
  const hasBlocks = headLines(head, HEAD_LINES).some((line) => blockThatBegins(line) !== undefined);
  const others = assumptionsOfSetting({ ...setting, zone: null }, false);
  if (!hasBlocks) return others;
  const value = setting.zone ?? "UTC";
  const known = setting.zone === null ? "the case file names no zone" : "the case file names it";
  const why = `blocks of lines have the machine's local time, month first; ${known}. Lines with a time of their own are in UTC`;
  return [{ file, what: "zone", value, why }, ...others];
}
