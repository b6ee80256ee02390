/**
 * Reads Windows events exported as JSON lines: one object a line. Refuses lines beyond the limit and lines that are no
 * event: each is one flaw. Spec: docs/formats/windows-json.md.
 */
import type { Setting } from "../../../model/evidence.ts";
import type { Reader } from "../format.ts";
import { type ReadRow, readByClock, readLines, wholeRange } from "../line-reading.ts";
import { lineRanges } from "../lines.ts";
import type { Clock } from "../moment.ts";
import { assumptionsOf } from "./assumptions.ts";
import { readLine } from "./line.ts";

/** Reads Windows events as JSON lines. */
export const windowsJsonReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readByClock(source, setting, range, (from, part, clock) =>
      readLines("windows-json", from, setting, part, rowReader(setting, clock)),
    ),
  ranges: (source, rangeBytes, after) => lineRanges(source, rangeBytes, after),
  assumptions: assumptionsOf,
};

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
