/** Whether an event matches a query, exactly as src/model/query.ts says: what SQL leaves in doubt is decided here. */
import { unreachable } from "../../base/assert.ts";
import { UNDATED } from "../../base/time.ts";
import type { Event, FieldValue } from "../../model/event.ts";
import type { Query, QueryColumn } from "../../model/query.ts";
import { foldAscii } from "./fold.ts";

/** Whether the event matches. */
export function matches(query: Query, event: Event): boolean {
  switch (query.kind) {
    case "all":
      return true;
    case "and":
      return query.parts.every((part) => matches(part, event));
    case "or":
      return query.parts.some((part) => matches(part, event));
    case "not":
      return !matches(query.part, event);
    case "time":
      return isWithin(query.from, query.to, event.ticks);
    case "is":
      return foldAscii(valueOf(query.column, event)) === foldAscii(query.value);
    case "contains":
      return holdsText(event, foldAscii(query.text), query.in === "fields");
    default:
      return unreachable(query);
  }
}

/** The value of a column as a query sees it. */
export function valueOf(column: QueryColumn, event: Event): string {
  switch (column) {
    case "host":
    case "channel":
    case "format":
      return event[column];
    case "evidence":
      return event.place.evidence;
    case "eventId":
      return textOfEventId(event.eventId);
    default:
      return unreachable(column);
  }
}

/** An event id as a query sees it; "" where the source has none. */
export function textOfEventId(eventId: number): string {
  return eventId === -1 ? "" : `${eventId}`;
}

function isWithin(from: bigint | null, to: bigint | null, ticks: bigint): boolean {
  return ticks !== UNDATED && (from === null || ticks >= from) && (to === null || ticks < to);
}

function holdsText(event: Event, folded: string, inFields: boolean): boolean {
  const { host, channel, provider, record, format, place } = event;
  const columns = [host, channel, provider, textOfEventId(event.eventId), record, format];
  const texts = [...columns, place.evidence, place.member, place.file];
  return (
    (!inFields && texts.some((text) => foldAscii(text).includes(folded))) ||
    Object.values(event.fields).some((value) => valueHolds(value, folded))
  );
}

/** Whether the text of a value, or of any value in it, holds the folded text. Null has no text. */
function valueHolds(value: FieldValue, folded: string): boolean {
  if (value === null) return false;
  if (typeof value === "object") return value.some((inner) => valueHolds(inner, folded));
  return foldAscii(`${value}`).includes(folded);
}
