/** An event as one line of JSON, with who and what it speaks of: the row of `breakwater events` and of `/api/events`. */
import { entitiesOf } from "../engines/entities/index.ts";
import { printEvent } from "../engines/print/index.ts";
import type { Event } from "../model/event.ts";

/** The line, without its line end (docs/formats/event.md). */
export function eventLine(event: Event): string {
  return printEvent(event, entitiesOf(event));
}
