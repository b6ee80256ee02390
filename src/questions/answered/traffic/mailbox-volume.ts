/**
 * Mailboxes that gave far more on a day than they do, by their own history. Refuses short histories and small numbers: what an office
 * does in a day is none, whatever its habit was. Middle and spread are robust: what is judged does not move them.
 */
import { type Day, formatDay } from "../../../base/day.ts";
import { count, nameHosts, spell } from "../../../engines/wording/index.ts";
import type { Finding } from "../../../model/finding.ts";
import type { DayCount } from "./counts.ts";
import { sizeWords } from "./taking-words.ts";
import { type Oddity, type TrafficMatter, analyticFinding } from "./traffic-finding.ts";
import { hostAndSide } from "./traffic-state.ts";

/** Days of a mailbox's own that tell what it does. */
const OWN_DAYS_MIN = 20;
/** Microsoft 365 takes a thousand records of access in a day for so much that it stops to log them: the floor for items. */
const ITEMS_MIN = 1_000;
/** A thousand mails of the size that mails have on average with what is attached, about 250 kB. */
const BYTES_MIN = 250_000_000;
/** How many spreads beyond the middle; a normal spread is 1.4826 times the middle deviation, and never under a quarter of the middle. */
const SPREADS = 12;
const NORMAL = 1.4826;
const SPREAD_MIN = 0.25;

/** Days with such a mailbox: host, line feed, day. */
export type VolumeDays = ReadonlySet<string>;

/** What a mailbox gave, in one measure. */
interface Measure {
  readonly name: "items" | "bytes";
  readonly min: number;
  readonly of: (day: DayCount) => number | null;
  readonly words: (amount: number) => string;
}

const MEASURES: readonly Measure[] = [
  {
    name: "items",
    min: ITEMS_MIN,
    of: ({ items, itemsStated }) => (itemsStated > 0 ? items : null),
    words: (amount) => count(amount, "item"),
  },
  {
    name: "bytes",
    min: BYTES_MIN,
    of: ({ sentBytes, stated }) => (stated > 0 ? sentBytes : null),
    words: sizeWords,
  },
];

/** One day of a mailbox that is beyond its habit. */
export interface Excess {
  readonly host: string;
  readonly mailbox: string;
  readonly day: number;
  readonly amount: number;
  readonly measure: "items" | "bytes";
  /** Its other days: how many, and the least, middle and most that it gave on them. */
  readonly others: {
    readonly days: number;
    readonly least: number;
    readonly middle: number;
    readonly most: number;
  };
  readonly count: DayCount;
}

/** All such days, by host, mailbox and day; of the sides and measures in which one shows the first is told. */
export function excessesOf({
  traffic,
  hosts,
}: Pick<TrafficMatter, "traffic" | "hosts">): readonly Excess[] {
  const logs = [...traffic.mailboxes.keys()].map((log) => hostAndSide(log).host);
  const nameOf = nameHosts(hosts, logs);
  const found = new Map<string, Excess>();
  for (const measure of MEASURES)
    for (const [log, mailboxes] of traffic.mailboxes) {
      const host = nameOf(hostAndSide(log).host);
      for (const [mailbox, days] of mailboxes)
        for (const excess of judge(host, mailbox, days, measure)) {
          const key = `${host}\n${mailbox}\n${excess.day}`;
          if (!found.has(key)) found.set(key, excess);
        }
    }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, excess]) => excess);
}

/** The days on which something is beyond habit, for what else may be judged by them. */
export function volumeDays(excesses: readonly Excess[]): VolumeDays {
  return new Set(excesses.map(({ host, day }) => `${host}\n${day}`));
}

/** The findings of all hosts. */
export function volumeFindings(
  matter: TrafficMatter,
  excesses: readonly Excess[],
): readonly Finding[] {
  const takenFrom = mailboxesOfIntruders(matter);
  return [...Map.groupBy(excesses, ({ host }) => host)].flatMap(([host, own]) => {
    const mailboxes = new Set(own.map(({ mailbox }) => mailbox)).size;
    const finding = analyticFinding(
      {
        rule: "analytic/mailbox-volume",
        host,
        title: "A mailbox gave far more than it does",
        level: "low",
        graverLevel: "high",
        counts: { mailboxes, days: own.length },
        because: `more than ${SPREADS} times its own spread above its middle, and at least ${count(ITEMS_MIN, "item")} or ${sizeWords(BYTES_MIN)} in a day`,
      },
      own.map((excess) => oddityOf(excess, takenFrom.get(host) ?? new Set())),
    );
    return finding === null ? [] : [finding];
  });
}

function judge(
  host: string,
  mailbox: string,
  days: ReadonlyMap<number, DayCount>,
  measure: Measure,
): Excess[] {
  const own = [...days]
    .flatMap(([day, count]) => {
      const amount = measure.of(count);
      return amount === null ? [] : [{ day, count, amount }];
    })
    .sort((a, b) => a.day - b.day);
  const most = own.reduce((high, { amount }) => Math.max(high, amount), 0);
  if (most < measure.min || own.length <= OWN_DAYS_MIN) return [];
  const limit = limitOf(
    own.map(({ amount }) => amount),
    measure.min,
  );
  const others = own.filter(({ amount }) => amount <= limit).map(({ amount }) => amount);
  if (others.length < OWN_DAYS_MIN) return [];
  const habit = {
    days: others.length,
    least: Math.min(...others),
    middle: Math.round(middleOf(others)),
    most: Math.max(...others),
  };
  return own
    .filter(({ amount }) => amount > limit)
    .map(({ day, amount, count }) => ({
      host,
      mailbox,
      day,
      amount,
      measure: measure.name,
      others: habit,
      count,
    }));
}

/** What a day must exceed; never under `min` less one, so that `min` itself is enough. */
export function limitOf(amounts: readonly number[], min: number): number {
  const middle = middleOf(amounts);
  const deviation = middleOf(amounts.map((amount) => Math.abs(amount - middle)));
  const spread = Math.max(NORMAL * deviation, SPREAD_MIN * middle);
  return Math.max(min - 1, middle + SPREADS * spread);
}

function middleOf(amounts: readonly number[]): number {
  const inOrder = amounts.toSorted((a, b) => a - b);
  const [low, high] = [inOrder[(inOrder.length - 1) >> 1], inOrder[inOrder.length >> 1]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

function oddityOf(
  { mailbox, day, amount, measure, others, count: own }: Excess,
  taken: ReadonlySet<string>,
): Oddity {
  const words = MEASURES.find(({ name }) => name === measure)?.words ?? String;
  return {
    words: `${spell(mailbox)} gave ${words(amount)} on ${formatDay(day as Day)}; on its ${count(others.days, "other day")} ${words(others.least)} to ${words(others.most)}, the middle one ${words(others.middle)}`,
    sights: [own.largest],
    lastMillis: own.largest.millis,
    graver: taken.has(mailbox) ? "requests of an intruder name this mailbox" : "",
  };
}

/** Mailboxes that the requests of intruders name, by host. */
function mailboxesOfIntruders({
  traffic,
  hosts,
  intruders,
}: TrafficMatter): ReadonlyMap<string, ReadonlySet<string>> {
  const nameOf = nameHosts(
    hosts,
    [...traffic.answered.keys()].map((log) => hostAndSide(log).host),
  );
  const named = new Map<string, Set<string>>();
  for (const [log, clients] of traffic.answered) {
    const host = nameOf(hostAndSide(log).host);
    for (const { address } of intruders.filter((one) => one.host === host))
      for (const mailbox of clients.get(address)?.mailboxes ?? [])
        named.set(host, (named.get(host) ?? new Set()).add(mailbox));
  }
  return named;
}
