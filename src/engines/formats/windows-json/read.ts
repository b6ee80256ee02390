/**
 * Reads Windows events exported as JSON lines: one object a line. Refuses lines beyond the limit and lines that are no
 * event: each is one flaw. Spec: docs/formats/windows-json.md.
 */
import type { Source } from "../../../base/source.ts";
import type { Piece } from "../../../model/event.ts";
import type { Setting } from "../../../model/evidence.ts";
import type { Range, Reader } from "../format.ts";
import {
  type ReadRow,
  lineAfter,
  readByClock,
  readLines,
  wholeRange,
} from "../text/line-reading.ts";
import { lineRanges } from "../text/lines.ts";
import type { Clock } from "../time/moment.ts";
import { assumptionsOf } from "./assumptions.ts";
import { LOOK_BACK_BYTES } from "../windows-event/script-blocks.ts";
import { Teller } from "../windows-event/told.ts";
import { readLine } from "./line.ts";

/** Reads Windows events as JSON lines. */
export const windowsJsonReader: Reader = {
  read: readWindowsJson,
  ranges: (source, rangeBytes, after) => lineRanges(source, rangeBytes, after),
  assumptions: assumptionsOf,
};

function* readWindowsJson(
  source: Source,
  setting: Setting,
  range: Range = wholeRange(source),
): Generator<Piece> {
  const teller = new Teller();
  const start = Math.max(0, range.start - LOOK_BACK_BYTES);
  if (range.start > 0) {
    const before = {
      ...range,
      start: start === 0 ? 0 : lineAfter(source, start, range.start),
      end: range.start,
    };
    for (const piece of piecesOf(source, setting, before))
      if (piece.kind === "batch") teller.tell(piece);
  }
  for (const piece of piecesOf(source, setting, range))
    yield piece.kind === "batch" ? teller.tell(piece) : piece;
}

function piecesOf(source: Source, setting: Setting, range: Range): Iterable<Piece> {
  return readByClock(source, setting, range, (from, part, clock) =>
    readLines("windows-json", from, setting, part, rowReader(setting, clock)),
  );
}

/** `record` is the record id of the log that the event came from; the line where the export left it out. */
function rowReader(setting: Setting, clock: Clock): ReadRow {
  return (text, line, refuse) => {
    const read = readLine(text);
    if (read.kind === "not") {
      refuse(read);
      return null;
    }
    const { event } = read;
    const { ticks, digits, zoned } = clock(event.time);
    return {
      offset: line.offset,
      record: event.recordId === "" ? String(line.number) : event.recordId,
      ticks,
      digits,
      zoneAssumed: zoned ? null : (setting.zone ?? "UTC"),
      host: setting.host ?? event.computer,
      channel: event.channel,
      eventId: event.eventId,
      provider: event.provider,
      fields: event.fields,
    };
  };
}
