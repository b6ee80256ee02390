/**
 * One JSON object a line, as `breakwater events` and `breakwater detect` print it (docs/formats/event.md).
 * The order of the keys is part of the contract; a key of the contract is always there, null where unknown.
 */
import { inertJson } from "../../base/text.ts";
import type { Detection } from "../../model/detection.ts";
import type { Entity } from "../../model/entity.ts";
import type { Event } from "../../model/event.ts";
import type { Flaw } from "../../model/flaw.ts";
import { printFields, printName, printRecord, printText, printTime, printValue } from "./json.ts";

/** An event as one line of JSON, without the line end; `entities` by their kinds, where there are any. */
export function printEvent(event: Event, entities: readonly Entity[] = []): string {
  const { place } = event;
  const byKind = Map.groupBy(entities, ({ kind }) => kind);
  const lists = [...byKind].map(
    ([kind, list]) => `"${kind}":${printValue(list.map(({ value }) => value))}`,
  );
  const who = lists.length === 0 ? "" : `,"entities":{${lists.join(",")}}`;
  const provider = event.provider === "" ? "" : `,"provider":${printText(event.provider)}`;
  const zone = event.zoneAssumed === null ? "" : `,"zone_assumed":${printText(event.zoneAssumed)}`;
  return inertJson(
    `{"time":${printTime(event.ticks, event.digits)},"source":"${event.format}"` +
      `,"evidence":"${place.evidence}","file":${printText(place.file)}` +
      `,"record":${printRecord(event.record)},"offset":${event.offset}` +
      `,"host":${printName(event.host)},"channel":${printName(event.channel)}` +
      `,"event_id":${event.eventId < 0 ? "null" : event.eventId}${provider}${zone}` +
      `,"fields":${printFields(event.fields)}${who}}`,
  );
}

/** A flaw as one line of JSON, under the single key `flaw`, without the line end. */
export function printFlaw(flaw: Flaw): string {
  const { place } = flaw;
  return inertJson(
    `{"flaw":{"evidence":"${place.evidence}","file":${printText(place.file)}` +
      `,"offset":${flaw.offset},"what":${printText(flaw.what)}` +
      `,"need":${printText(flaw.need)},"have":${printText(flaw.have)}}}`,
  );
}

/** A detection as one line of JSON, without the line end. */
export function printDetection(detection: Detection): string {
  const { at } = detection;
  return inertJson(
    `{"rule":${printText(detection.rule)},"title":${printText(detection.title)}` +
      `,"level":"${detection.level}","time":${printTime(detection.ticks, detection.digits)}` +
      `,"evidence":"${at.evidence}","file":${printText(at.file)}` +
      `,"record":${printRecord(at.record)},"offset":${at.offset}` +
      `,"host":${printName(detection.host)},"fields":${printFields(detection.fields)}` +
      `${printCorrelated(detection)}}`,
  );
}

/** What a correlation has besides: `events_total` only where not all events are listed, `events_more` where there are more than that. */
function printCorrelated({ correlated, digits }: Detection): string {
  if (correlated === undefined) return "";
  const { until, group, events, eventsTotal, isTotalExact } = correlated;
  const listed = events.map(
    ({ evidence, file, record, offset }) =>
      `{"evidence":"${evidence}","file":${printText(file)},"record":${printRecord(record)},"offset":${offset}}`,
  );
  const more = isTotalExact ? "" : `,"events_more":true`;
  const total =
    eventsTotal > events.length || !isTotalExact ? `,"events_total":${eventsTotal}` : "";
  return `,"until":${printTime(until, digits)},"group":${printFields(group)},"events":[${listed.join(",")}]${total}${more}`;
}
