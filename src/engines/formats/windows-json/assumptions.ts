/**
 * What has to be taken for granted to read one export: its zone, its clock, its host. Where the events contradict
 * their own time, that is said here; nothing is corrected in silence.
 */
import { parseTime, TICKS_PER_HOUR } from "../../../base/time.ts";
import type { Assumption, Setting } from "../../../model/evidence.ts";
import { decodeText } from "../text/encoding.ts";
import { readLine } from "./line.ts";
import type { WindowsEvent } from "../windows-event/event.ts";

/** Zones differ by quarter hours; a record is written within minutes of the event, in whatever zone. */
const QUARTER = TICKS_PER_HOUR / 4n;

/** The assumptions behind an export with this head under this setting. */
export function assumptionsOf(head: Uint8Array, setting: Setting): readonly Assumption[] {
  const { file } = setting.place;
  const events = eventsOf(head);
  const found: Assumption[] = [];
  if (setting.zone !== null) {
    const why = "the case file names it; a Z in the file is set aside, a numeric offset is not";
    found.push({ file, what: "zone", value: setting.zone, why });
  } else if (events.some(({ time }) => parseTime(time)?.zoned === false)) {
    const why = "times without a zone are taken as UTC; the case file names none for this file";
    found.push({ file, what: "zone", value: "UTC", why });
  }
  const ahead = setting.zone === null ? hoursAhead(events) : null;
  if (ahead !== null) {
    const why = `the event time is believed, but UtcTime in the same events differs by ${ahead}: the exporter probably wrote local time as UTC; name the zone in the case file to turn it`;
    found.push({ file, what: "zone", value: "UTC", why });
  }
  if (setting.host !== null)
    found.push({ file, what: "host", value: setting.host, why: "the case file names it" });
  if (setting.skewMillis !== 0) {
    const why = "the case file says how far the clock was ahead; it is taken off every time";
    found.push({ file, what: "skew", value: `${setting.skewMillis} ms`, why });
  }
  return found;
}

/** By how much UtcTime is ahead of the event time (`+5:00`), where all events agree on a quarter hour but zero. */
function hoursAhead(events: readonly WindowsEvent[]): string | null {
  const quarters = new Set<bigint>();
  for (const { fields, time } of events) {
    const utc = fields.get("UtcTime");
    const stated = parseTime(time);
    const inner = typeof utc === "string" ? parseTime(utc) : null;
    if (stated === null || inner === null) continue;
    const apart = inner.ticks - stated.ticks;
    quarters.add((apart + (apart < 0n ? -QUARTER : QUARTER) / 2n) / QUARTER);
  }
  const [only] = quarters;
  if (quarters.size !== 1 || only === undefined || only === 0n) return null;
  const minutes = Math.abs(Number(only) * 15);
  return `${only < 0n ? "-" : "+"}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

function eventsOf(head: Uint8Array): readonly WindowsEvent[] {
  return decodeText(head)
    .split("\n")
    .flatMap((line) => {
      const read = readLine(line.trim());
      return read.kind === "event" ? [read.event] : [];
    });
}
