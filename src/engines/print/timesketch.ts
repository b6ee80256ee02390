/**
 * An event as a line that Timesketch imports: message, datetime, timestamp_desc and flat attributes
 * (timesketch.org, "Create timeline from other sources"). Refuses numbers and dots among the fields:
 * OpenSearch fixes a name's type on first sight and drops every later event that disagrees.
 */
import { inertJson, shorten, visible } from "../../base/text.ts";
import { formatTicks, toTicks } from "../../base/time.ts";
import type { Event, FieldValue } from "../../model/event.ts";
import { printName, printText, printValue } from "./json.ts";

const MESSAGE_CHARS_MAX = 1000;
/** Names that the line itself uses, or that Timesketch keeps for itself. */
const TAKEN = [
  ..."message datetime timestamp timestamp_desc timeline_id label tag".split(" "),
  ..."source evidence file record offset host channel event_id provider zone_assumed".split(" "),
];

/** What Timesketch asks of every event, as texts. */
export interface TimesketchColumns {
  readonly message: string;
  /** ISO 8601 with a numeric zone. */
  readonly datetime: string;
  /** What the time means. */
  readonly means: string;
}

/**
 * The columns of an event. An undated one stands at 1970 with the description "Not a time", as Plaso writes it:
 * Timesketch refuses lines without a time.
 */
export function timesketchColumns(event: Event): TimesketchColumns {
  const time = toTicks(event.ticks);
  const datetime = time === null ? "1970-01-01T00:00:00Z" : formatTicks(time, event.digits);
  return {
    message: messageOf(event),
    datetime: datetime.replace("Z", "+00:00"),
    means: time === null ? "Not a time" : "Event logged",
  };
}

/** An event as one line of JSON for Timesketch, without the line end. */
export function printTimesketch(event: Event): string {
  const { message, datetime, means } = timesketchColumns(event);
  const { place } = event;
  return inertJson(
    `{"message":${printText(message)},"datetime":"${datetime}","timestamp_desc":"${means}"` +
      `,"source":"${event.format}","evidence":"${place.evidence}","file":${printText(place.file)}` +
      `,"record":${printText(event.record)},"offset":${event.offset}` +
      `,"host":${printName(event.host)},"channel":${printName(event.channel)}` +
      `,"event_id":${event.eventId < 0 ? "null" : event.eventId}` +
      `,"provider":${printName(event.provider)}` +
      `,"zone_assumed":${printName(event.zoneAssumed ?? "")}${attributesOf(event)}}`,
  );
}

/** The fields as further attributes; a name that is taken gets `field_` before it. */
function attributesOf(event: Event): string {
  const taken = new Set(TAKEN);
  let attributes = "";
  for (const [name, value] of Object.entries(event.fields)) {
    let free = name.replaceAll(".", "_");
    while (taken.has(free) || free === "" || free.startsWith("_")) free = `field_${free}`;
    taken.add(free);
    attributes += `,${printText(free)}:${printText(textOf(value))}`;
  }
  return attributes;
}

/** What a person reads in the list: where it comes from, then its fields as far as there is room. */
function messageOf(event: Event): string {
  const origin = [event.channel, event.eventId < 0 ? "" : `${event.eventId}`, event.provider];
  let message = origin.filter((part) => part !== "").join(" ") || event.format;
  for (const [name, value] of Object.entries(event.fields)) {
    message += ` ${name}=${textOf(value)}`;
    if (message.length > MESSAGE_CHARS_MAX) break;
  }
  return shorten(visible(shorten(message, MESSAGE_CHARS_MAX)), MESSAGE_CHARS_MAX);
}

function textOf(value: FieldValue): string {
  if (typeof value === "string") return value;
  return value === null ? "" : printValue(value);
}
