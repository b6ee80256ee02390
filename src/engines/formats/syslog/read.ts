/**
 * Reads syslog files: one message a line, or messages behind the counts of their octets. A Windows event that an agent
 * sent as JSON becomes that event. Refuses what is no message: each is one flaw. Spec: docs/formats/syslog.md.
 */
import type { Source } from "../../../base/source.ts";
import { formatTicks, parseTime, ticksFromMillis } from "../../../base/time.ts";
import type { Piece } from "../../../model/event.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { assumptionsOfSetting } from "../assumptions.ts";
import { decodeText } from "../text/encoding.ts";
import type { Range, Reader } from "../format.ts";
import { parseJson } from "../json/json-value.ts";
import {
  type Line,
  type ReadRow,
  readByClock,
  readLines,
  wholeRange,
} from "../text/line-reading.ts";
import { lineRanges } from "../text/lines.ts";
import type { Clock, Moment } from "../time/moment.ts";
import { type DecodedRow, Rows } from "../rows.ts";
import { eventOfJson } from "../windows-event/dialect.ts";
import { type Values, type WindowsEvent, add } from "../windows-event/event.ts";
import { framesOf, isCounted } from "./frames.ts";
import { type SyslogMessage, readMessage } from "./message.ts";
import { completionOf, withYear } from "./year.ts";

/** Reads syslog files. */
export const syslogReader: Reader = {
  read: (source, setting, range = wholeRange(source)) => {
    const isCounted = hasCounts(source);
    return readByClock(source, setting, range, (from, part, clock) => {
      const readRow = rowReader(setting, clock);
      return isCounted
        ? readFrames(from, setting, part, readRow)
        : readLines("syslog", from, setting, part, readRow);
    });
  },
  // A counted message may hold line feeds, so only a reading from the start knows where one begins.
  ranges: (source, rangeBytes, after) =>
    hasCounts(source) ? countedRanges(source, after) : lineRanges(source, rangeBytes, after),
  assumptions: assumptionsOf,
};

function hasCounts(source: Source): boolean {
  return isCounted(source.read(0, Math.min(source.byteLength, 64)));
}

/** Of a log that has grown, the rest; a frame that was cut is read again. */
function* countedRanges(source: Source, after: Range | null): Generator<Range> {
  const end = source.byteLength;
  if (after === null) yield wholeRange(source);
  if (after === null || after.end === end) return;
  let { end: start, line } = after;
  for (const { offset, number, isOver } of framesOf(source, after)) {
    start = isOver ? after.end : offset;
    line = isOver ? number + 1 : number;
  }
  yield { start, end, line, header: "" };
}

function* readFrames(
  source: Source,
  setting: Setting,
  range: Range,
  readRow: ReadRow,
): Generator<Piece> {
  const rows = new Rows("syslog", setting.place);
  for (const frame of framesOf(source, range)) {
    const { offset, sizeBytes } = frame;
    if (frame.bytes === null) {
      rows.flaw(offset, frame.why);
    } else {
      const text = decodeText(frame.bytes).trim();
      const row = readRow(text, frame, (why) => rows.flaw(offset, why));
      if (row !== null) rows.add(row, sizeBytes);
    }
    if (rows.isFull) yield* rows.pieces();
  }
  yield* rows.pieces();
}

function rowReader(setting: Setting, clock: Clock): ReadRow {
  const completion = completionOf(setting);
  return (text, line, refuse) => {
    const message = readMessage(text);
    if (message === null) {
      refuse({ what: "message", need: "a priority, or a time and a tag", have: "another text" });
      return null;
    }
    if (!message.isSound) {
      refuse({
        what: "structured data",
        need: 'elements of [id name="value"]',
        have: "another text",
      });
    }
    const { time } = message;
    const stated =
      time === null || typeof time === "string" ? (time ?? "") : withYear(time, completion);
    const windows = windowsIn(message.text);
    // The event's own time is the better one: it is exact, and has its year.
    const own = windows === null || windows.time === "" ? stated : windows.time;
    return rowOf(message, windows, clock(own), line, setting);
  };
}

/** The Windows event that an agent sent as JSON; null where the text holds none. */
function windowsIn(text: string): WindowsEvent | null {
  // rsyslog and others announce JSON by this cookie.
  const json = text.startsWith("@cee:") ? text.slice(5).trimStart() : text;
  if (!json.startsWith("{")) return null;
  const parsed = parseJson(json);
  return parsed.kind === "value" ? eventOfJson(parsed.value) : null;
}

function rowOf(
  message: SyslogMessage,
  windows: WindowsEvent | null,
  moment: Moment,
  line: Pick<Line, "offset" | "number">,
  setting: Setting,
): DecodedRow {
  const computer = windows?.computer ?? "";
  return {
    offset: line.offset,
    record: String(line.number),
    ticks: moment.ticks,
    digits: moment.digits,
    zoneAssumed: moment.zoned ? null : (setting.zone ?? "UTC"),
    host: setting.host ?? (computer === "" ? message.host : computer),
    channel: windows?.channel ?? "",
    eventId: windows?.eventId ?? -1,
    provider: windows?.provider ?? "",
    fields: fieldsOf(message, windows),
  };
}

/** The event's fields, then what the message says of itself; its text where no event was read from it. */
function fieldsOf(message: SyslogMessage, windows: WindowsEvent | null): Values {
  const fields: Values = new Map(windows?.fields ?? []);
  const put = (name: string, value: string | number) =>
    add(fields, fields.has(name) ? `syslog_${name}` : name, value);
  if (message.priority >= 0) {
    put("facility", message.priority >> 3);
    put("severity", message.priority & 7);
  }
  const named = [
    ["hostname", message.host],
    ["app_name", message.appName],
    ["proc_id", message.procId],
    ["msg_id", message.msgId],
  ] as const;
  for (const [name, value] of named) if (value !== "") put(name, value);
  for (const [name, value] of message.structured) put(name, value);
  if (windows === null) put("message", message.text);
  return fields;
}

function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const messages = decodeText(head)
    .split("\n")
    .flatMap((line) => readMessage(line.trim().replace(/^[1-9]\d{0,6} (?=<)/, "")) ?? []);
  const isYearless = messages.some(({ time }) => typeof time === "object" && time?.year === "");
  return [
    ...(isYearless ? [yearAssumption(setting)] : []),
    ...assumptionsOfSetting(
      setting,
      messages.some(({ time }) => isUnzoned(time)),
    ),
  ];
}

function isUnzoned(time: SyslogMessage["time"]): boolean {
  return time !== null && (typeof time === "object" || parseTime(time)?.zoned === false);
}

function yearAssumption(setting: Setting): Assumption {
  const { file } = setting.place;
  const completion = completionOf(setting);
  const ticks = completion === null ? null : ticksFromMillis(completion.millis);
  if (completion === null || ticks === null) {
    const why =
      "its times have no year, and neither the file's name nor its last change tells one: such messages stay undated";
    return { file, what: "year", value: "unknown", why };
  }
  const until = formatTicks(ticks, 0).slice(0, 10);
  const why = `its times have no year: each is taken from the year that ends with ${until}, ${completion.why}`;
  return { file, what: "year", value: `until ${until}`, why };
}
