/**
 * The one order of a timeline: by ticks, undated rows after all others, then by key: evidence and member
 * as texts, the offset as a number, so that the lines of one second stand as they stand in their file.
 */
import { eventKey, type EventKey } from "../../model/event.ts";
import type { Place } from "../../model/evidence.ts";

/** A key without its offset: evidence and member. */
export function sourceOf(place: Place): string {
  const key = eventKey(place, 0);
  return key.slice(0, key.lastIndexOf("/"));
}

/** A key taken apart. A text that is no key gives the offset -1, at which no row stands. */
export function splitKey(key: EventKey): { readonly source: string; readonly offset: number } {
  const at = key.lastIndexOf("/");
  const digits = key.slice(at + 1);
  return { source: key.slice(0, at), offset: /^\d{1,16}$/.test(digits) ? Number(digits) : -1 };
}
