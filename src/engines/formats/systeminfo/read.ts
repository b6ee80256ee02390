/**
 * Reads listings of a Windows system and its updates. Refuses to date what the listing does not: a system stands at its last
 * start, an update where its table says so, all else has no time. Spec: docs/formats/systeminfo.md.
 */
import { UNDATED } from "../../../base/time.ts";
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import {
  type DayReading,
  type UsualOrder,
  contradiction,
  dayOrderAssumption,
  decideDayOrder,
  readDateText,
} from "../time/day-order.ts";
import { type Reader, headOf } from "../format.ts";
import { linesOf, readByClock, tooLong, wholeRange } from "../text/line-reading.ts";
import type { Clock } from "../time/moment.ts";
import { Rows } from "../rows.ts";
import {
  type ListingShape,
  type ListingText,
  decodeListing,
  listingShape,
  listingText,
} from "./layout.ts";
import { type ListingLine, type ListingRow, type ListingSink, Systems } from "./system.ts";
import { TitledUpdates, UpdateTable } from "./tables.ts";

/** Reads systeminfo, tables of updates, and lists of titles. */
export const systeminfoReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readByClock(source, setting, range, (from, _, clock) => readListing(from, setting, clock)),
  // Small, and read from its start: what governs a line stands in the first ones.
  *ranges(source, _, after) {
    if (after === null || after.end < source.byteLength) yield wholeRange(source);
  },
  assumptions: assumptionsOf,
};

function* readListing(source: Source, setting: Setting, clock: Clock): Generator<Piece> {
  const head = headOf(source);
  const text = listingText(head);
  const days = dayReading(head, text, setting);
  const rows = new Rows("systeminfo", setting.place);
  const sink = sinkOf(rows, setting, clock, days);
  const taker = takerOf(listingShape(head), sink);
  const start = Math.min(text.startBytes, source.byteLength);
  for (const line of linesOf(source, { ...wholeRange(source), start }, text.unitBytes)) {
    const { bytes, offset, sizeBytes, number } = line;
    if (bytes === null) rows.flaw(offset, tooLong(sizeBytes));
    else {
      const plain = decodeListing(bytes, text).trimEnd();
      const isEnded = sizeBytes > bytes.length;
      if (plain !== "") taker.take({ text: plain, offset, sizeBytes, number, isEnded });
      if (!isEnded)
        rows.flaw(offset, { what: "last line", need: "a line end", have: "the end of the file" });
    }
    if (rows.isFull) yield* rows.pieces();
  }
  taker.end?.();
  yield* rows.pieces();
}

/** What makes rows of lines. */
interface Taker {
  take(line: ListingLine): void;
  end?(): void;
}

function takerOf(shape: ListingShape | null, sink: ListingSink): Taker {
  switch (shape?.kind) {
    case "system":
      return new Systems(shape, sink);
    case "table":
      return new UpdateTable(sink);
    case "titles":
    case undefined:
      return new TitledUpdates(sink);
  }
}

function sinkOf(rows: Rows, setting: Setting, clock: Clock, days: DayReading): ListingSink {
  const flaw: ListingSink["flaw"] = (offset, why) => rows.flaw(offset, why);
  return {
    flaw,
    row(row) {
      const { ticks, digits, zoneAssumed } = stampOf(row, setting, clock, days, flaw);
      rows.add(
        {
          offset: row.offset,
          record: String(row.line),
          ticks,
          digits,
          zoneAssumed,
          host: setting.host ?? row.host,
          channel: row.channel,
          eventId: -1,
          provider: "",
          fields: row.fields,
        },
        row.sizeBytes,
      );
    },
  };
}

function stampOf(
  { date, offset }: ListingRow,
  setting: Setting,
  clock: Clock,
  days: DayReading,
  flaw: ListingSink["flaw"],
): { readonly ticks: bigint; readonly digits: number; readonly zoneAssumed: string | null } {
  const undated = { ticks: UNDATED, digits: 0, zoneAssumed: null };
  if (date === "") return undated;
  const read = readDateText(date, days.order);
  if (read.kind === "contradicts") flaw(offset, contradiction(date, days));
  if (read.kind !== "read") return undated;
  const { ticks, digits, zoned } = clock(read.iso);
  return { ticks, digits, zoneAssumed: zoned ? null : (setting.zone ?? "UTC") };
}

/** Dates of systeminfo: alone at the end of a value, or with a time of day behind a comma. Versions look like dates, too. */
const DATES = /(?:: +|, )(\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(?:,|\s*$)/gm;
/** Dates in a cell of a table. */
const CELLS = /\s(\d{1,2}[./-]\d{1,2}[./-]\d{4})(?=\s)/g;
const DATES_MAX = 4_096;

function dayReading(head: Uint8Array, text: ListingText, setting: Setting): DayReading {
  const plain = decodeListing(head.subarray(text.startBytes), text);
  const isTable = listingShape(head)?.kind === "table";
  const dates: string[] = [];
  for (const [, date = ""] of plain.matchAll(isTable ? CELLS : DATES)) {
    dates.push(date);
    if (dates.length >= DATES_MAX) break;
  }
  return decideDayOrder(dates, usualOrder(plain, isTable), setting);
}

function usualOrder(plain: string, isTable: boolean): UsualOrder {
  if (isTable && /\sServicePackInEffect\s/.test(plain))
    return { order: "month-first", why: "wmic writes InstalledOn month first in any language" };
  return /\d:\d\d:\d\d [AP]M\b/.test(plain)
    ? { order: "month-first", why: "with AM and PM the month usually stands first" }
    : { order: "day-first", why: "with 24 hours the day usually stands first" };
}

function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const { file } = setting.place;
  const text = listingText(head);
  const days = dayReading(head, text, setting);
  const found = assumptionsOfSetting(setting, days.example !== null);
  const order = dayOrderAssumption(file, days);
  if (order !== null) found.push(order);
  if (text.unitBytes === 1 && text.codePage !== "utf-8") {
    const why =
      "the listing is no UTF-8 and states no code page: this one makes the words of its labels, or is the usual one";
    found.push({ file, what: "encoding", value: text.codePage, why });
  }
  return found;
}
