/**
 * Pages that a few outsiders come back to for weeks, a little each time, and that nobody else asks for: how a hidden page is used.
 * Refuses what one's own people ask for as well, and what many do.
 */
import { type Day, formatDay } from "../../../base/day.ts";
import { count, list, nameHosts, spell } from "../../../engines/wording/index.ts";
import type { Finding } from "../../../model/finding.ts";
import type { PageClient, Sight } from "./counts.ts";
import { networkOf } from "./first-seen.ts";
import { type Oddity, type TrafficMatter, analyticFinding } from "./traffic-finding.ts";
import { hostAndSide } from "./traffic-state.ts";

/** On so many days, from the first to the last of which so many days lie, and never more often in a day. */
const DAYS_MIN = 5;
const SPAN_DAYS_MIN = 21;
const A_DAY_MAX = 60;
/** From so many networks: one hand changes its addresses. */
const NETWORKS_MAX = 4;
const NAMED_MAX = 4;

/** One page with the days on which it was asked for. */
interface Sequence {
  readonly page: string;
  readonly clients: readonly string[];
  readonly days: readonly number[];
  readonly requests: number;
  readonly sights: readonly Sight[];
}

/** The findings of all hosts. */
export function sequenceFindings(matter: TrafficMatter): readonly Finding[] {
  const { traffic, hosts } = matter;
  const nameOf = nameHosts(
    hosts,
    [...traffic.pages.keys()].map((log) => hostAndSide(log).host),
  );
  const byHost = new Map<string, Map<string, Sequence>>();
  for (const [log, pages] of traffic.pages) {
    const { host, side } = hostAndSide(log);
    if (side !== "front end" && side !== "proxy") continue;
    const sequences = byHost.get(nameOf(host)) ?? new Map<string, Sequence>();
    byHost.set(nameOf(host), sequences);
    // Of a page that stands in both logs the front end's is told: its side comes first in order.
    for (const [page, { clients }] of pages) {
      const sequence =
        clients === null || sequences.has(page) ? null : sequenceOf(page, clients, matter);
      if (sequence !== null) sequences.set(page, sequence);
    }
  }
  return [...byHost].flatMap(([host, sequences]) => {
    const finding = analyticFinding(
      {
        rule: "analytic/long-sequence",
        host,
        title: "A page that nobody else asks for, again and again for weeks",
        level: "low",
        graverLevel: "high",
        counts: { pages: sequences.size },
        because: `answered on at least ${DAYS_MIN} days over ${SPAN_DAYS_MIN} or more, at most ${A_DAY_MAX} times a day, to at most ${NETWORKS_MAX} networks and to none of one's own`,
      },
      [...sequences.values()].map((sequence) => oddityOf(sequence, host, matter)),
    );
    return finding === null ? [] : [finding];
  });
}

function sequenceOf(
  page: string,
  clients: ReadonlyMap<string, PageClient>,
  { isOwn }: TrafficMatter,
): Sequence | null {
  const names = [...clients.keys()].sort();
  if (names.some(isOwn) || new Set(names.map(networkOf)).size > NETWORKS_MAX) return null;
  const perDay = new Map<number, number>();
  const sights: Sight[] = [];
  for (const { days } of clients.values())
    for (const [day, { requests, largest }] of days) {
      perDay.set(day, (perDay.get(day) ?? 0) + requests);
      sights.push(largest);
    }
  const days = [...perDay.keys()].sort((a, b) => a - b);
  const span = (days.at(-1) ?? 0) - (days[0] ?? 0) + 1;
  if (days.length < DAYS_MIN || span < SPAN_DAYS_MIN || Math.max(...perDay.values()) > A_DAY_MAX)
    return null;
  sights.sort((a, b) => a.millis - b.millis || (a.at.key < b.at.key ? -1 : 1));
  const requests = [...perDay.values()].reduce((all, own) => all + own, 0);
  return { page, clients: names, days, requests, sights };
}

function oddityOf(
  { page, clients, days, requests, sights }: Sequence,
  host: string,
  { intruders }: TrafficMatter,
): Oddity {
  const named = clients.slice(0, NAMED_MAX).map((client) => spell(client));
  const intruder = clients.find((client) =>
    intruders.some((one) => one.host === host && one.address === client),
  );
  const [first = 0, last = 0] = [days[0], days.at(-1)];
  return {
    words: `${spell(page)} by ${list(clients.length > NAMED_MAX ? [...named, count(clients.length - NAMED_MAX, "other")] : named)}, ${count(requests, "time")} on ${count(days.length, "day")} from ${formatDay(first as Day)} to ${formatDay(last as Day)}`,
    sights,
    lastMillis: sights.at(-1)?.millis ?? 0,
    graver: intruder === undefined ? "" : `${spell(intruder)} is an intruder's address`,
  };
}
