/**
 * Reads plaso timelines as JSON lines: one event a line. Refuses lines beyond the limit and lines that are no event:
 * each is one flaw. Spec: docs/formats/plaso.md.
 */
import { TICKS_PER_MILLISECOND, UNDATED, parseTime } from "../../../base/time.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { decodeText } from "../text/encoding.ts";
import type { Reader } from "../format.ts";
import { type JsonObject, isObject, parseJson } from "../json/json-value.ts";
import { type Line, type ReadRow, readLines, wholeRange } from "../text/line-reading.ts";
import { lineRanges } from "../text/lines.ts";
import type { DecodedRow } from "../rows.ts";
import { isPlaso, readPlasoEvent } from "./event.ts";
import { type Stamp, stampOf } from "./stamp.ts";

/** Reads plaso timelines. */
export const plasoReader: Reader = {
  read: (source, setting, range = wholeRange(source)) =>
    readLines("plaso", source, setting, range, rowReader(setting)),
  ranges: (source, rangeBytes, after) => lineRanges(source, rangeBytes, after),
  assumptions: assumptionsOf,
};

function rowReader(setting: Setting): ReadRow {
  return (text, line, refuse) => {
    const parsed = parseJson(text);
    if (parsed.kind === "not") {
      refuse(parsed);
      return null;
    }
    if (!isObject(parsed.value) || !isPlaso(parsed.value)) {
      refuse({ what: "event", need: "an event container", have: "another shape" });
      return null;
    }
    return plasoRow(parsed.value, line, setting, refuse);
  };
}

/** The row of a plaso event, in a timeline of plaso's own or of Timesketch. */
export function plasoRow(
  value: JsonObject,
  line: Pick<Line, "offset" | "number">,
  setting: Setting,
  refuse: Parameters<ReadRow>[2],
): DecodedRow {
  const { fields, windows, refused, host, channel } = readPlasoEvent(value);
  if (refused !== null) refuse(refused);
  const { ticks, digits, isLocal } = windowsStamp(windows?.time ?? "") ?? stampOf(value);
  const skew = BigInt(Math.round(setting.skewMillis)) * TICKS_PER_MILLISECOND;
  return {
    offset: line.offset,
    record: windows !== null && windows.recordId !== "" ? windows.recordId : String(line.number),
    ticks: ticks === UNDATED ? ticks : ticks - skew,
    digits,
    zoneAssumed: isLocal ? "UTC" : null,
    host: setting.host ?? host,
    channel,
    eventId: windows?.eventId ?? -1,
    provider: windows?.provider ?? "",
    fields,
  };
}

/** A Windows event happened when its own System section says, in 100 ns: as in the log itself. */
function windowsStamp(time: string): Stamp | null {
  const read = parseTime(time);
  return read === null ? null : { ticks: read.ticks, digits: read.digits, isLocal: !read.zoned };
}

function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const { file } = setting.place;
  // The case file's zone cannot undo what plaso did with a wall clock: it is not asked.
  const found = assumptionsOfSetting({ ...setting, zone: null }, false);
  if (!/"is_local_time"\s*:\s*true/.test(decodeText(head))) return found;
  const why =
    "some sources wrote a wall clock; plaso turned it by the time zone that it was told, by default UTC";
  return [{ file, what: "zone", value: "UTC", why }, ...found];
}
