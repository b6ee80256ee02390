/** Pages of the timeline for the HTTP door: times as text in, printed events out. */
import { Fault } from "../base/fault.ts";
import { known } from "../base/assert.ts";
import { TICKS_PER_HOUR, formatTicks, parseTime, toTicks } from "../base/time.ts";
import { eventLine } from "./event-line.ts";
import type { EventKey } from "../model/event.ts";
import type { PageStart, Query } from "../model/query.ts";
import { withStore } from "./event-store.ts";
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

/** How the matching events spread over time and over their sources. */
export interface EventSummary {
  readonly events: number;
  readonly undated: number;
  /** Hours that hold an event, by their beginning. */
  readonly hours: readonly { readonly from: string; readonly events: number }[];
  readonly hosts: readonly { readonly value: string; readonly events: number }[];
  readonly channels: readonly { readonly value: string; readonly events: number }[];
}

const FACET_VALUES = 50;

/** Counts of what a search matches. Faults: as eventPage. */
export async function eventSummary(vault: Vault, search: EventSearch): Promise<EventSummary> {
  const query = queryOf(search);
  return await withStore(vault, async (store) => {
    const { buckets, undated } = await store.density(query, TICKS_PER_HOUR);
    return {
      events: await store.count(query),
      undated,
      hours: buckets.map(({ from, events }) => ({
        from: formatTicks(known(toTicks(from), "an hour of an event is a real time"), 0),
        events,
      })),
      hosts: (await store.facet(query, "host", FACET_VALUES)).values,
      channels: (await store.facet(query, "channel", FACET_VALUES)).values,
    };
  });
}

/** One page of at most PAGE_EVENTS events. Faults: usage for a time or page start that cannot be read. */
export async function eventPage(vault: Vault, search: EventSearch): Promise<EventPage> {
  const query = queryOf(search);
  return await withStore(vault, async (store) => {
    const events = await store.page(query, startOf(search.after), PAGE_EVENTS);
    const last = events.at(-1);
    const more = last !== undefined && events.length === PAGE_EVENTS;
    return {
      events: events.map((event) => JSON.parse(eventLine(event))),
      next: more ? `${last.ticks}@${last.key}` : null,
    };
  });
}

function queryOf({ from, to, host, contains }: EventSearch): Query {
  const parts: Query[] = [];
  if (from !== null || to !== null) {
    parts.push({ kind: "time", from: timeOf(from), to: timeOf(to) });
  }
  if (host !== null) parts.push({ kind: "is", column: "host", value: host });
  if (contains !== null) parts.push({ kind: "contains", text: contains });
  return { kind: "and", parts };
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
