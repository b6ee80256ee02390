/** A Windows event before it becomes binary XML, and the order of a log: by time, numbered without a break. */
import { DAY, dayOf } from "./calendar.ts";
import type { Chance } from "./chance.ts";

/** Name and value of an EventData element; a null name is an unnamed `Data`. */
export type EventDatum = readonly [name: string | null, value: string];

/** What its log says about one event, but for its number. */
export interface WindowsEvent {
  /** True time in milliseconds since 1970. */
  readonly at: number;
  readonly provider: string;
  readonly guid: string | null;
  readonly eventId: number;
  readonly qualifiers: number | null;
  readonly version: number;
  readonly level: number;
  readonly task: number;
  readonly opcode: number;
  readonly keywords: bigint;
  readonly process: number;
  readonly thread: number;
  /** SID of the Security element. */
  readonly user: string | null;
  readonly data: readonly EventDatum[];
  /** Name and namespace of a UserData element that holds the data instead of EventData. */
  readonly inside: { readonly element: string; readonly namespace: string } | null;
}

/** An event with its number and its time to 100 ns. */
export interface NumberedEvent {
  readonly event: WindowsEvent;
  readonly record: number;
  readonly ticks: bigint;
}

/** What the events of a provider have in common. */
export type EventKind = Omit<WindowsEvent, "at" | "data" | "inside">;

/** The usual values; a provider says what differs. */
export function eventKind(
  provider: string,
  guid: string | null,
  eventId: number,
  differs: Partial<EventKind> = {},
): EventKind {
  return {
    provider,
    guid,
    eventId,
    qualifiers: null,
    version: 0,
    level: 4,
    task: 0,
    opcode: 0,
    keywords: 0x8000000000000000n,
    process: 4,
    thread: 88,
    user: null,
    ...differs,
  };
}

/** One event of a kind. */
export function eventOf(kind: EventKind, at: number, data: readonly EventDatum[]): WindowsEvent {
  return { ...kind, at, data, inside: null };
}

/** Events of each day, sorted, cut to [from, to) and numbered from `firstRecord` on; one day is held at a time. */
export function* numberEvents(
  chance: Chance,
  span: { readonly from: number; readonly to: number; readonly firstRecord: number },
  makeDay: (day: number) => WindowsEvent[],
): Generator<NumberedEvent> {
  let record = span.firstRecord;
  let late: readonly WindowsEvent[] = [];
  for (let day = dayOf(span.from); day * DAY < span.to; day++) {
    // What begins shortly before midnight may end after it.
    const events = [...late, ...makeDay(day)].sort((left, right) => left.at - right.at);
    const nextDay = events.findIndex(({ at }) => at >= (day + 1) * DAY);
    late = nextDay < 0 ? [] : events.splice(nextDay);
    for (const event of events) {
      if (event.at < span.from || event.at >= span.to) continue;
      const ticks = BigInt(Math.floor(event.at)) * 10_000n + BigInt(chance.below(10_000));
      yield { event, record, ticks };
      record++;
    }
  }
}
