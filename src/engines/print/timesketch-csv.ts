/**
 * An event as a record of CSV that Timesketch imports, for those who open timelines in a spreadsheet. Refuses to be run:
 * what a spreadsheet would take for a formula gets a quote before it. Spec: RFC 4180; docs/formats/timesketch.md.
 */
import { inertJson, visible } from "../../base/text.ts";
import type { Event } from "../../model/event.ts";
import { printFields } from "./json.ts";
import { timesketchColumns } from "./timesketch.ts";

/** The first line: the columns are the same for every event, and all fields stand in the last, as JSON. */
export const TIMESKETCH_CSV_HEADER: string =
  "message,datetime,timestamp_desc,source,evidence,file,record,offset,host,channel,event_id,provider,zone_assumed,fields";

/** An event as one record, without the line end. A cell that holds nothing is what the event lacks. */
export function printTimesketchCsv(event: Event): string {
  const { message, datetime, means } = timesketchColumns(event);
  const { place, record, offset, host, channel, eventId, provider, zoneAssumed } = event;
  const cells = [
    message,
    datetime,
    means,
    event.format,
    place.evidence,
    place.file,
    record,
    String(offset),
    host,
    channel,
    eventId < 0 ? "" : String(eventId),
    provider,
    zoneAssumed ?? "",
  ];
  return [...cells.map(visible), inertJson(printFields(event.fields))].map(printCell).join(",");
}

/** What a spreadsheet runs (OWASP, CSV injection); quotes before it too, so that one can be taken off again. */
const FORMULA = /^'*[=+\-@\t\r]/;

function printCell(text: string): string {
  const guarded = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
