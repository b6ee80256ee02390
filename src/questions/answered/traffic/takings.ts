/**
 * What can have left with an intruder: of each of their addresses what the server answered, each request once. Refuses to count mails: bytes
 * and items are bounds. One request stands in up to four logs, so one side is counted and the others only lend what it does not state.
 */
import { byCodeUnits } from "../../../base/text.ts";
import { nameHosts } from "../../../engines/wording/index.ts";
import type { CaseHost } from "../../../model/case-file.ts";
import type { EventReference } from "../../../model/event.ts";
import type { Taking, TakingPart } from "../../../model/taking.ts";
import {
  type ClientCount,
  type PartCount,
  type ServedRequest,
  addClient,
  noClient,
  sum,
  ticksOf,
} from "./counts.ts";
import type { KeysState } from "./lowest-keys.ts";
import { PARTS } from "./parts.ts";
import { SIDES, type Side } from "./row-words.ts";
import { type TrafficState, hostAndSide } from "./traffic-state.ts";

/** An address of somebody who got in, and where: the host by its one name. */
export interface IntruderAddress {
  readonly host: string;
  readonly address: string;
}

/** A taking, and which side of the host its requests and its bytes were counted on. */
export interface SidedTaking {
  readonly taking: Taking;
  readonly requestsFrom: Side;
  /** Null: no side states bytes. `service` means that they were joined by the id of each request. */
  readonly bytesFrom: Side | null;
  /** Sides with requests of this address before the first or after the last that were counted: there may be more of them. */
  readonly beyond: readonly Side[];
}

const REFERENCES_MAX = 6;
const MAILBOXES_MAX = 32;
const EWS = PARTS.indexOf("EWS");
/** A request ends later on one side than on another, by as long as it takes. */
const SAME_MILLIS = 600_000;

/** What the logs of each host say of each intruder's address, the most bytes first. */
export function takingsOf(
  traffic: TrafficState,
  intruders: readonly IntruderAddress[],
  hosts: readonly CaseHost[],
): readonly SidedTaking[] {
  const wanted = new Map(
    intruders.map(({ host, address }) => [keyOf(host, address), { host, address }]),
  );
  const names = [...intruders.map(({ host }) => host), ...hostsOf(traffic)];
  const nameOf = nameHosts(hosts, names);
  const answered = clientsOf(traffic.answered, nameOf);
  const refused = clientsOf(traffic.refused, nameOf);
  const given = givenByRequest(traffic, nameOf);
  return [...wanted.values()]
    .flatMap(({ host, address }) => {
      const key = keyOf(host, address);
      return takingOf(host, address, {
        answered: answered.get(key) ?? new Map(),
        refused: refused.get(key) ?? new Map(),
        given: given.get(key) ?? null,
      });
    })
    .sort((a, b) => byMost(a.taking, b.taking));
}

/** All that is known of one address at one host, by side. */
interface Known {
  readonly answered: ReadonlyMap<string, ClientCount>;
  readonly refused: ReadonlyMap<string, ClientCount>;
  readonly given: Given | null;
}

/** What requests to EWS gave, joined by their ids. */
interface Given {
  requests: number;
  items: number;
  sentBytes: number;
  readonly mailboxes: Set<string>;
}

function takingOf(
  host: string,
  client: string,
  { answered, refused, given }: Known,
): SidedTaking[] {
  const requestsFrom = sideWithMost(
    (side) => (answered.get(side)?.requests ?? 0) + (refused.get(side)?.requests ?? 0),
  );
  if (requestsFrom === null) return [];
  const own = answered.get(requestsFrom) ?? noClient();
  const tried = refused.get(requestsFrom) ?? noClient();
  const stating = sideWithMost((side) => statedIn(answered.get(side) ?? noClient()));
  const bytes = stating === null ? null : (answered.get(stating) ?? null);
  const lent = bytes === null && given !== null && given.sentBytes > 0 ? given : null;
  const parts = PARTS.flatMap((what, at) => partOf(what, at, { own, tried, bytes, given, lent }));
  const stated = bytes === null ? (lent?.requests ?? 0) : statedIn(bytes);
  const sights = [...(bytes ?? own).largest, ...firstsOf(own), ...firstsOf(tried)];
  const [first, last] = [
    Math.min(own.firstMillis, tried.firstMillis),
    Math.max(own.lastMillis, tried.lastMillis),
  ];
  return [
    {
      taking: {
        host,
        client,
        first: ticksOf(first),
        digits: sights.reduce((digits, sight) => Math.max(digits, sight.digits), 0),
        last: ticksOf(last),
        requests: own.requests + tried.requests,
        answered: own.requests,
        sentBytes:
          bytes === null && lent === null ? null : sumOf(parts.map((part) => part.sentBytes)),
        withoutBytes: Math.max(0, own.requests - stated),
        items: parts.every((part) => part.items === null)
          ? null
          : sumOf(parts.map((part) => part.items)),
        parts: parts.sort(
          (a, b) => (b.sentBytes ?? -1) - (a.sentBytes ?? -1) || b.answered - a.answered,
        ),
        mailboxes: mailboxesOf(answered, given),
        at: referencesOf(sights.map(({ at }) => at)),
      },
      requestsFrom,
      bytesFrom: stating ?? (lent === null ? null : "service"),
      beyond: SIDES.filter((side) => {
        const counts = [answered.get(side), refused.get(side)].filter((one) => one !== undefined);
        return counts.some(
          ({ firstMillis, lastMillis }) =>
            firstMillis < first - SAME_MILLIS || lastMillis > last + SAME_MILLIS,
        );
      }),
    },
  ];
}

/** Where logs of a side are missing, another has more of the same requests; of equal ones the first in order. */
function sideWithMost(amountOf: (side: Side) => number): Side | null {
  return SIDES.reduce<Side | null>(
    (most, side) => (amountOf(side) > (most === null ? 0 : amountOf(most)) ? side : most),
    null,
  );
}

function partOf(
  what: string,
  at: number,
  known: {
    readonly own: ClientCount;
    readonly tried: ClientCount;
    readonly bytes: ClientCount | null;
    readonly given: Given | null;
    readonly lent: Given | null;
  },
): TakingPart[] {
  const own = known.own.parts[at] ?? null;
  const tried = known.tried.parts[at] ?? null;
  const bytes = known.bytes?.parts[at] ?? null;
  if (own === null && tried === null && bytes === null) return [];
  const isEws = at === EWS;
  const lent = isEws ? known.lent : null;
  const joined = isEws && known.given !== null ? known.given.items : null;
  return [
    {
      what,
      requests: (own?.requests ?? 0) + (tried?.requests ?? 0),
      answered: own?.requests ?? 0,
      sentBytes: statedOf(bytes) ?? lent?.sentBytes ?? null,
      items: (own?.itemsStated ?? 0) > 0 ? (own?.items ?? 0) : joined,
    },
  ];
}

function statedOf(part: PartCount | null): number | null {
  return part === null || part.stated === 0 ? null : part.sentBytes;
}

function statedIn({ parts }: ClientCount): number {
  return parts.reduce((stated, part) => stated + (part?.stated ?? 0), 0);
}

function firstsOf({ parts }: ClientCount) {
  const firsts = parts.flatMap((part) => part?.first ?? []);
  return firsts.sort((a, b) => a.millis - b.millis || byCodeUnits(a.at.key, b.at.key)).slice(0, 1);
}

function sumOf(numbers: readonly (number | null)[]): number {
  return numbers.reduce<number>((all, number) => sum(all, number ?? 0), 0);
}

function referencesOf(at: readonly EventReference[]): readonly EventReference[] {
  return [...new Map(at.map((reference) => [reference.key, reference])).values()].slice(
    0,
    REFERENCES_MAX,
  );
}

function mailboxesOf(
  answered: ReadonlyMap<string, ClientCount>,
  given: Given | null,
): readonly string[] {
  const named = [...answered.values()].flatMap(({ mailboxes }) => mailboxes);
  const all = new Set([...named, ...(given?.mailboxes ?? [])]);
  return [...all].sort(byCodeUnits).slice(0, MAILBOXES_MAX);
}

/** Counts of each client at each host, by side; hosts that are one are one. */
function clientsOf(
  state: KeysState<ClientCount>,
  nameOf: (host: string) => string,
): ReadonlyMap<string, ReadonlyMap<string, ClientCount>> {
  const clients = new Map<string, Map<string, ClientCount>>();
  for (const [log, own] of state) {
    const { host, side } = hostAndSide(log);
    for (const [client, count] of own) {
      const key = keyOf(nameOf(host), client);
      const sides = clients.get(key) ?? new Map<string, ClientCount>();
      const into = sides.get(side) ?? noClient();
      addClient(into, count);
      clients.set(key, sides.set(side, into));
    }
  }
  return clients;
}

/** What the service says of requests whose client the proxy names. */
function givenByRequest(
  { asked, served }: TrafficState,
  nameOf: (host: string) => string,
): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  const servedByHost = new Map<string, Map<string, ServedRequest>>();
  for (const [host, own] of served) {
    const all = servedByHost.get(nameOf(host)) ?? new Map<string, ServedRequest>();
    for (const [id, request] of own) all.set(id, request);
    servedByHost.set(nameOf(host), all);
  }
  const seen = new Set<string>();
  for (const [host, own] of asked)
    for (const [id, { client }] of own) {
      const request = servedByHost.get(nameOf(host))?.get(id);
      const once = keyOf(nameOf(host), id);
      if (request === undefined || seen.has(once)) continue;
      seen.add(once);
      const key = keyOf(nameOf(host), client);
      const into = given.get(key) ?? { requests: 0, items: 0, sentBytes: 0, mailboxes: new Set() };
      into.requests++;
      into.items = sum(into.items, request.items);
      into.sentBytes = sum(into.sentBytes, request.sentBytes);
      if (request.mailbox !== "") into.mailboxes.add(request.mailbox);
      given.set(key, into);
    }
  return given;
}

function hostsOf({ answered, refused, asked }: TrafficState): string[] {
  const logs = [...answered.keys(), ...refused.keys()].map((log) => hostAndSide(log).host);
  return [...logs, ...asked.keys()];
}

function byMost(a: Taking, b: Taking): number {
  return (
    (b.sentBytes ?? -1) - (a.sentBytes ?? -1) ||
    b.answered - a.answered ||
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(a.client, b.client)
  );
}

function keyOf(host: string, client: string): string {
  return JSON.stringify([host, client]);
}
