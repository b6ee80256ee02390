/**
 * What was counted of web and mail traffic, as plain data that another thread or another day can take up. Refuses more keys than its
 * limits (lowest-keys.ts); rows that a limit left out are counted, by what is kept against what was seen.
 */
import { count } from "../../../engines/wording/index.ts";
import {
  type AgentCount,
  type ClientCount,
  type DayCount,
  type PageCount,
  type ServedRequest,
  addAgent,
  addClient,
  addDays,
  addPage,
  addServed,
  noClient,
} from "./counts.ts";
import { type KeysState, LowestKeys } from "./lowest-keys.ts";
import type { Side } from "./row-words.ts";

/** One side of one host: on which days since 1970 it answered anything. */
export interface LogDays {
  readonly days: readonly number[];
}

/** Whose request it was. */
export interface AskedRequest {
  client: string;
}

/** Groups are logs, by logName, or hosts for requests by their ids. */
export interface TrafficState {
  readonly logs: KeysState<LogDays>;
  readonly answered: KeysState<ClientCount>;
  readonly refused: KeysState<ClientCount>;
  /** Keys: way, line feed, agent. */
  readonly agents: KeysState<AgentCount>;
  readonly pages: KeysState<PageCount>;
  readonly mailboxes: KeysState<ReadonlyMap<number, DayCount>>;
  readonly asked: KeysState<AskedRequest>;
  readonly served: KeysState<ServedRequest>;
  /** Rows that were seen, kept or not. */
  readonly seen: Seen;
}

/** How many rows each count has seen. */
export interface Seen {
  readonly answered: number;
  readonly refused: number;
  readonly agents: number;
  readonly asked: number;
  readonly served: number;
}

/** Limits: what a hospital's servers never reach, and what a flood cannot go beyond. */
const CLIENTS_MAX = 65_536;
const AGENTS_MAX = 65_536;
const PAGES_MAX = 16_384;
const MAILBOXES_MAX = 4_096;
const JOINED_MAX = 65_536;
const LOGS_MAX = 256;
const LOG_DAYS_MAX = 4_096;

const SEPARATOR = "\n";

/** The name of a group: a side of a host. */
export function logName(host: string, side: Side): string {
  return `${side}${SEPARATOR}${host}`;
}

/** Host and side of a group's name. */
export function hostAndSide(name: string): { readonly host: string; readonly side: string } {
  const at = name.indexOf(SEPARATOR);
  return { side: name.slice(0, at), host: name.slice(at + 1) };
}

/** The counts themselves. */
export class TrafficCounts {
  readonly logs = new LowestKeys<{ days: Set<number> }>(LOGS_MAX);
  readonly answered: LowestKeys<ClientCount>;
  readonly refused: LowestKeys<ClientCount>;
  readonly agents = new LowestKeys<AgentCount>(AGENTS_MAX);
  readonly pages = new LowestKeys<PageCount>(PAGES_MAX);
  readonly mailboxes = new LowestKeys<Map<number, DayCount>>(MAILBOXES_MAX);
  readonly asked = new LowestKeys<AskedRequest>(JOINED_MAX);
  readonly served = new LowestKeys<ServedRequest>(JOINED_MAX);
  readonly seen = { answered: 0, refused: 0, agents: 0, asked: 0, served: 0 };

  /** Clients `first` are kept before all others. */
  constructor(first: ReadonlySet<string>) {
    this.answered = new LowestKeys(CLIENTS_MAX, (client) => first.has(client));
    this.refused = new LowestKeys(CLIENTS_MAX, (client) => first.has(client));
  }

  state(): TrafficState {
    const logs = [...this.logs.state()].map(([group, own]) => {
      const days = [...own].map(([log, value]) => [log, { days: keptDays(value.days) }] as const);
      return [group, new Map(days)] as const;
    });
    return {
      logs: new Map(logs),
      answered: this.answered.state(),
      refused: this.refused.state(),
      agents: this.agents.state(),
      pages: this.pages.state(),
      mailboxes: this.mailboxes.state(),
      asked: this.asked.state(),
      served: this.served.state(),
      seen: { ...this.seen },
    };
  }

  absorb(state: TrafficState): void {
    const { seen } = this;
    for (const name of ["answered", "refused", "agents", "asked", "served"] as const)
      seen[name] += state.seen[name];
    take(this.logs, state.logs, noDays, (into, { days }) =>
      days.forEach((day) => into.days.add(day)),
    );
    take(this.answered, state.answered, noClient, addClient);
    take(this.refused, state.refused, noClient, addClient);
    take(this.agents, state.agents, noAgent, addAgent);
    take(this.pages, state.pages, noPage, addPage);
    take(this.mailboxes, state.mailboxes, () => new Map<number, DayCount>(), addDays);
    take(this.asked, state.asked, (asked) => ({ ...asked }), addAsked);
    take(this.served, state.served, (served) => ({ ...served }), addServed);
  }
}

/** A log that answered nothing yet. */
export function noDays(): { days: Set<number> } {
  return { days: new Set() };
}

/** A page that nobody asked for yet. */
export function noPage(): PageCount {
  return { clients: new Map() };
}

/** An agent as another count saw it first, with nothing counted yet. */
function noAgent({ first, lastMillis }: AgentCount): AgentCount {
  return { requests: 0, lastMillis, first, clients: [] };
}

/** An id that two clients share belongs to nobody in particular: the first by the alphabet. */
export function addAsked(into: AskedRequest, { client }: AskedRequest): void {
  if (client < into.client) into.client = client;
}

/** What was left out, as sentences; none where nothing was. */
export function trafficLimits({
  answered,
  refused,
  agents,
  asked,
  served,
  seen,
}: TrafficState): readonly string[] {
  const left = seen.answered + seen.refused - requestsOf(answered) - requestsOf(refused);
  const ofAgents = seen.agents - requestsOf(agents);
  const joined = Math.max(seen.asked - sizeOf(asked), seen.served - sizeOf(served));
  const limits: string[] = [];
  if (left > 0)
    limits.push(
      `What ${count(left, "request")} of further clients would add: more than ${count(CLIENTS_MAX, "client")} asked, and those of intruders are kept before others.`,
    );
  if (ofAgents > 0)
    limits.push(
      `Which of ${count(ofAgents, "request")} came from a new agent: there are more agents than can be kept.`,
    );
  if (joined > 0 && (sizeOf(asked) >= JOINED_MAX || sizeOf(served) >= JOINED_MAX))
    limits.push(
      `What some requests to EWS gave: no more than ${count(JOINED_MAX, "request")} can be joined from log to log, so items, and bytes by the log of EWS, are told too low.`,
    );
  return limits;
}

/** Whether clients were left out that should be kept before others, once it is known who they are. */
export function leavesOutClients({ answered, refused, seen }: TrafficState): boolean {
  return seen.answered + seen.refused > requestsOf(answered) + requestsOf(refused);
}

function take<V, S>(
  into: LowestKeys<V>,
  state: KeysState<S>,
  make: (from: S) => V,
  add: (into: V, from: S) => void,
): void {
  for (const [group, own] of state)
    for (const [key, value] of own) {
      const held = into.of(group, key, () => make(value));
      if (held !== null) add(held, value);
    }
}

function keptDays(days: ReadonlySet<number>): number[] {
  return [...days].sort((a, b) => a - b).slice(-LOG_DAYS_MAX);
}

function requestsOf(state: KeysState<{ readonly requests: number }>): number {
  let requests = 0;
  for (const own of state.values()) for (const value of own.values()) requests += value.requests;
  return requests;
}

function sizeOf(state: KeysState<unknown>): number {
  let size = 0;
  for (const own of state.values()) size += own.size;
  return size;
}
