/** Pages of the timeline for the HTTP door: times as text in, printed events out. */
import { Fault } from "../base/fault.ts";
import { parseTime } from "../base/time.ts";
import { printEvent } from "../engines/print/index.ts";
import { openStore } from "../engines/store/index.ts";
import type { EventKey } from "../model/event.ts";
import type { PageStart, Query } from "../model/query.ts";
import { storeFolder } from "./analyse.ts";
import type { Vault } from "./vault/index.ts";

/** Events in the order (time, key), each as `breakwater events` prints it, and where the next page starts. */
export interface EventPage {
  readonly events: readonly unknown[];
  readonly next: string | null;
}

/** What to look for; null parts leave that side open. Times as ISO 8601. */
export interface EventSearch {
  readonly from: string | null;
  readonly to: string | null;
  readonly host: string | null;
  readonly contains: string | null;
  readonly after: string | null;
}

const PAGE_EVENTS = 200;

/** One page of at most PAGE_EVENTS events. Faults: usage for a time or page start that cannot be read. */
export function eventPage(vault: Vault, search: EventSearch): EventPage {
  const parts: Query[] = [];
  if (search.from !== null || search.to !== null) {
    parts.push({ kind: "time", from: timeOf(search.from), to: timeOf(search.to) });
  }
  if (search.host !== null) parts.push({ kind: "is", column: "host", value: search.host });
  if (search.contains !== null) parts.push({ kind: "contains", text: search.contains });
  const store = openStore(storeFolder(vault));
  try {
    const events = store.page({ kind: "and", parts }, startOf(search.after), PAGE_EVENTS);
    const last = events.at(-1);
    const more = last !== undefined && events.length === PAGE_EVENTS;
    return {
      events: events.map((event) => JSON.parse(printEvent(event))),
      next: more ? `${last.ticks}@${last.key}` : null,
    };
  } finally {
    store.close();
  }
}

function timeOf(text: string | null): bigint | null {
  if (text === null) return null;
  const read = parseTime(text);
  if (read !== null) return read.ticks;
  throw new Fault("usage", "that is no time", "write it as 2021-08-13T04:00:00Z");
}

function startOf(text: string | null): PageStart | null {
  if (text === null) return null;
  const match = /^(-?\d{1,19})@(.+)$/.exec(text);
  if (match === null) throw new Fault("usage", "that is no page start", "use the next of a page");
  const [, ticks = "0", key = ""] = match;
  return { ticks: BigInt(ticks), key: eventKeyOf(key) };
}

function eventKeyOf(text: string): EventKey {
  return text as EventKey;
}
