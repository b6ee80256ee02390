/**
 * Agents and networks that come for the first time to a way that matters, where firsts are rare. Refuses to judge a log younger than four
 * weeks, and a way to which new ones keep coming: phones and homes change their addresses all the time, and a first is no news there.
 */
import { type Day, formatDay } from "../../../base/day.ts";
import { count, list, nameHosts, spell } from "../../../engines/wording/index.ts";
import type { Finding } from "../../../model/finding.ts";
import { type Sight, dayOf } from "./counts.ts";
import type { VolumeDays } from "./mailbox-volume.ts";
import { PARTS, WAYS } from "./parts.ts";
import { hostAndSide } from "./traffic-state.ts";
import { type Oddity, type TrafficMatter, analyticFinding } from "./traffic-finding.ts";

/** Days on which the log must have spoken before, so that "never before" says something. */
const BASELINE_DAYS_MIN = 28;
/** In the weeks before, new ones came on so many days at the most: beyond that the way is not settled. */
const SETTLED_DAYS = 28;
const NEWCOMER_DAYS_MAX = 2;
const NAMED_MAX = 3;

/** Somebody on one way for the first time. */
interface Newcomer {
  readonly way: string;
  readonly name: string;
  readonly clients: readonly string[];
  readonly first: Sight;
  readonly lastMillis: number;
  readonly requests: number;
}

/** The findings of all hosts; `volumes`: days on which a mailbox of the host gave far more than it does. */
export function firstSeenFindings(matter: TrafficMatter, volumes: VolumeDays): readonly Finding[] {
  const { traffic, hosts } = matter;
  const logs = [...(traffic.logs.get("") ?? [])].map(([log, { days }]) => ({
    log,
    days,
    ...hostAndSide(log),
  }));
  const nameOf = nameHosts(
    hosts,
    logs.map(({ host }) => host),
  );
  // A host that calls itself by two names has one history.
  return [...Map.groupBy(logs, ({ host }) => nameOf(host))].flatMap(([name, own]) => {
    const side = frontSide(own);
    const fronts = own.filter((log) => log.side === side);
    const days = [...new Set(fronts.flatMap((log) => log.days))].sort((a, b) => a - b);
    const judge = (newcomers: readonly Newcomer[]) =>
      [...Map.groupBy(newcomers, ({ way }) => way).values()].flatMap((ofWay) =>
        odditiesOf(joinAlike(ofWay), days).map((newcomer) =>
          oddityOf(newcomer, name, matter, volumes),
        ),
      );
    return [
      ...told("agent", name, judge(fronts.flatMap(({ log }) => agentsOf(matter, log)))),
      ...told("address", name, judge(fronts.flatMap(({ log }) => networksOf(matter, log)))),
    ];
  });
}

function told(kind: "agent" | "address", host: string, oddities: readonly Oddity[]): Finding[] {
  const isAgent = kind === "agent";
  const finding = analyticFinding(
    {
      rule: `analytic/first-seen-${kind}`,
      host,
      title: isAgent
        ? "A client program that was never seen before"
        : "A network that was never seen before",
      level: "low",
      graverLevel: "medium",
      counts: { [isAgent ? "agents" : "networks"]: oddities.length },
      because: `first answered where hardly anybody new comes, after at least ${BASELINE_DAYS_MIN} days of this log`,
    },
    oddities,
  );
  return finding === null ? [] : [finding];
}

/** The side that sees clients as they come: the front end, or the proxy where the front end's log is not here. */
function frontSide(logs: readonly { readonly side: string }[]): string {
  return logs.some(({ side }) => side === "front end") ? "front end" : "proxy";
}

function agentsOf({ traffic, isOwn }: TrafficMatter, log: string): Newcomer[] {
  const agents = [...(traffic.agents.get(log) ?? [])];
  return agents.map(([key, { first, lastMillis, requests, clients }]) => {
    const [way = "", agent = ""] = key.split("\n", 2);
    // Told of outsiders only, but staff's own agents are known from then on.
    const outside = clients.filter((client) => !isOwn(client));
    const name = agent === "" ? "a client that names no program" : spell(agent);
    return { way, name, clients: outside, first, lastMillis, requests };
  });
}

/** By network, because a provider changes addresses within it: 24 bits of IPv4, 48 of IPv6. */
function networksOf({ traffic, isOwn }: TrafficMatter, log: string): Newcomer[] {
  const newcomers: Newcomer[] = [];
  for (const [client, { parts, lastMillis }] of traffic.answered.get(log) ?? [])
    for (const way of WAYS) {
      const part = parts[PARTS.indexOf(way)] ?? null;
      if (part === null || part.first === null || isUndated(part.first) || isOwn(client)) continue;
      const { first, requests } = part;
      newcomers.push({
        way,
        name: networkOf(client),
        clients: [client],
        first,
        lastMillis,
        requests,
      });
    }
  return newcomers;
}

/** Those of one name as one. */
function joinAlike(newcomers: readonly Newcomer[]): readonly Newcomer[] {
  const alike = Map.groupBy(newcomers, ({ name }) => name);
  return [...alike.values()].map((own) => ({
    ...own.reduce((a, b) => (isBefore(b.first, a.first) ? b : a)),
    clients: [...new Set(own.flatMap(({ clients }) => clients))],
    lastMillis: own.reduce((last, { lastMillis }) => Math.max(last, lastMillis), 0),
    requests: own.reduce((sum, { requests }) => sum + requests, 0),
  }));
}

function isUndated({ millis }: Sight): boolean {
  return !Number.isFinite(millis);
}

/** Of two at the same time the place decides. */
function isBefore(a: Sight, b: Sight): boolean {
  return a.millis === b.millis ? a.at.key < b.at.key : a.millis < b.millis;
}

/** `198.51.100.0/24`; what is no address stays as it is. */
export function networkOf(address: string): string {
  const four = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?::\d{1,5})?$/i.exec(address);
  if (four !== null) return `${four[1] ?? ""}.0/24`;
  if (!address.includes(":")) return address;
  const [head = ""] = address.toLowerCase().split("::");
  const groups = head
    .split(":")
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ""));
  return `${groups.join(":")}::/48`;
}

/** A newcomer that is told, with what was known before. */
interface Told extends Newcomer {
  /** Days of the log before, how many were known on this way, and on which day the last of them came; null: none. */
  readonly daysBefore: number;
  readonly knownBefore: number;
  readonly lastNew: number | null;
}

/** Those who came after the baseline, to a way that was settled: one pass in order of time, however many come. */
function odditiesOf(newcomers: readonly Newcomer[], days: readonly number[]): Told[] {
  const inOrder = newcomers.toSorted(
    (a, b) => a.first.millis - b.first.millis || (a.name < b.name ? -1 : 1),
  );
  const told: Told[] = [];
  /** Days on which new ones came before the day that is looked at, and how many came on them. */
  const newDays: number[] = [];
  let [knownBefore, daysBefore, today, onToday] = [0, 0, Number.NEGATIVE_INFINITY, 0];
  for (const newcomer of inOrder) {
    const day = dayOf(newcomer.first.millis);
    if (day !== today) {
      if (onToday > 0) newDays.push(today);
      knownBefore += onToday;
      [today, onToday] = [day, 0];
      while ((days[daysBefore] ?? day) < day) daysBefore++;
    }
    onToday++;
    if (daysBefore < BASELINE_DAYS_MIN || newcomer.clients.length === 0) continue;
    // One day more than are allowed decides it.
    const recent = newDays
      .slice(-NEWCOMER_DAYS_MAX - 1)
      .filter((other) => other >= day - SETTLED_DAYS);
    if (recent.length > NEWCOMER_DAYS_MAX) continue;
    told.push({ ...newcomer, daysBefore, knownBefore, lastNew: newDays.at(-1) ?? null });
  }
  return told;
}

function oddityOf(
  told: Told,
  host: string,
  { intruders }: TrafficMatter,
  volumes: VolumeDays,
): Oddity {
  const { name, way, clients, first, requests, daysBefore, knownBefore, lastNew, lastMillis } =
    told;
  const from = clients.slice(0, NAMED_MAX).map((client) => spell(client));
  const others = clients.length - from.length;
  const by =
    name === from[0] ? "" : `, from ${list(others > 0 ? [...from, count(others, "other")] : from)}`;
  const known =
    lastNew === null
      ? "nobody was known there"
      : `${count(knownBefore, "was", "were")} known there, the last new one since ${formatDay(lastNew as Day)}`;
  const intruder = clients.find((client) =>
    intruders.some((one) => one.host === host && one.address === client),
  );
  const day = dayOf(first.millis);
  const graver =
    intruder === undefined
      ? volumes.has(`${host}\n${day}`)
        ? "on that day a mailbox of this host gave far more than it does"
        : ""
      : `${spell(intruder)} is an intruder's address`;
  return {
    words: `${name} to ${way} on ${formatDay(day as Day)} (${count(requests, "request")}${by}; in ${count(daysBefore, "day")} before ${known})`,
    sights: [first],
    lastMillis,
    graver,
  };
}
