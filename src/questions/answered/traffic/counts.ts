/**
 * What is counted of clients, agents, pages and mailboxes, as plain data, and how two counts become one: in whatever order, the sum is
 * the same. Refuses numbers that no log writes: a size below zero, of no whole number, or beyond what one answer can be, is not stated.
 */
import { byCodeUnits } from "../../../base/text.ts";
import { UNDATED } from "../../../base/time.ts";
import type { EventReference } from "../../../model/event.ts";
import { PARTS } from "./parts.ts";

/** One record with its time; `millis` is infinite where it has none. */
export interface Sight {
  readonly millis: number;
  readonly digits: number;
  readonly at: EventReference;
}

/** One way over which a client asked. */
export interface PartCount {
  requests: number;
  /** Bytes of those that state any; `stated` is how many do. */
  sentBytes: number;
  stated: number;
  items: number;
  itemsStated: number;
  /** The first of them. */
  first: Sight | null;
}

/** An answer with the size that its record states. */
export interface Answer extends Sight {
  readonly sizeBytes: number;
}

/** What one client asked one side of one host for. */
export interface ClientCount {
  requests: number;
  firstMillis: number;
  lastMillis: number;
  /** By the number of the part in PARTS. */
  readonly parts: (PartCount | null)[];
  /** Mailboxes and users that were named, the first by the alphabet. */
  readonly mailboxes: string[];
  readonly largest: Answer[];
}

/** One agent on one way. */
export interface AgentCount {
  requests: number;
  lastMillis: number;
  first: Sight;
  /** Who called themselves so, the first by the alphabet. */
  readonly clients: string[];
}

/** One page that was answered: who asked for it and on which days; null: too many did. */
export interface PageCount {
  clients: Map<string, PageClient> | null;
}

export interface PageClient {
  requests: number;
  /** Days since 1970 with the number of requests on each, and the first of them. */
  readonly days: Map<number, DayCount>;
}

/** What one mailbox gave on one day; of pages, how often one was asked for. */
export interface DayCount {
  requests: number;
  sentBytes: number;
  stated: number;
  items: number;
  itemsStated: number;
  /** The one with the most bytes and items, or the first. */
  largest: Answer;
  /** Who asked, the first by the alphabet. */
  readonly clients: string[];
}

/** What one request gave, by its id. */
export interface ServedRequest {
  items: number;
  sentBytes: number;
  mailbox: string;
}

const MAILBOXES_MAX = 32;
const LARGEST_MAX = 4;
const CLIENTS_NAMED_MAX = 4;
/** Clients of a page beyond which it is everybody's. */
export const PAGE_CLIENTS_MAX = 8;
/** Days that are kept of one mailbox or page: the latest. */
export const DAYS_MAX = 400;
/** A terabyte: no single answer is larger. */
const ANSWER_BYTES_MAX = 2 ** 40;
const MILLIS_PER_DAY = 86_400_000;

/** A size or count as a record states it; -1 where it states none that can be. */
export function statedNumber(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0
    ? value <= ANSWER_BYTES_MAX
      ? value
      : -1
    : -1;
}

/** A sum that stops at the largest whole number: then it is the same in every order. */
export function sum(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}

/** The day of a time. */
export function dayOf(millis: number): number {
  return Math.floor(millis / MILLIS_PER_DAY);
}

/** A time as ticks. */
export function ticksOf(millis: number): bigint {
  return Number.isFinite(millis) ? BigInt(millis) * 10_000n : UNDATED;
}

/** A client of whom nothing was counted. */
export function noClient(): ClientCount {
  return {
    requests: 0,
    firstMillis: Number.POSITIVE_INFINITY,
    lastMillis: Number.NEGATIVE_INFINITY,
    parts: PARTS.map(() => null),
    mailboxes: [],
    largest: [],
  };
}

/** A way over which nothing was asked. */
export function noPart(): PartCount {
  return { requests: 0, sentBytes: 0, stated: 0, items: 0, itemsStated: 0, first: null };
}

/** Counts what was counted elsewhere of the same client in. */
export function addClient(into: ClientCount, more: ClientCount): void {
  into.requests += more.requests;
  into.firstMillis = Math.min(into.firstMillis, more.firstMillis);
  into.lastMillis = Math.max(into.lastMillis, more.lastMillis);
  more.parts.forEach((part, at) => {
    if (part !== null) addPart((into.parts[at] ??= noPart()), part);
  });
  for (const mailbox of more.mailboxes) addName(into.mailboxes, mailbox, MAILBOXES_MAX);
  for (const answer of more.largest) addLargest(into.largest, answer);
}

function addPart(into: PartCount, more: PartCount): void {
  into.requests += more.requests;
  into.stated += more.stated;
  into.itemsStated += more.itemsStated;
  into.sentBytes = sum(into.sentBytes, more.sentBytes);
  into.items = sum(into.items, more.items);
  if (more.first !== null) into.first = earlier(into.first, more.first);
}

/** The same of an agent. */
export function addAgent(into: AgentCount, more: AgentCount): void {
  into.requests += more.requests;
  into.lastMillis = Math.max(into.lastMillis, more.lastMillis);
  into.first = earlier(into.first, more.first);
  for (const client of more.clients) addClientName(into.clients, client);
}

/** The same of a page. */
export function addPage(into: PageCount, more: PageCount): void {
  if (more.clients === null) into.clients = null;
  for (const [client, { requests, days }] of more.clients ?? []) {
    const own = pageClient(into, client);
    if (own === null) return;
    own.requests += requests;
    addDays(own.days, days);
  }
}

/** The count of one client of a page; null where the page is everybody's, or just became so. */
export function pageClient(page: PageCount, client: string): PageClient | null {
  const known = page.clients?.get(client);
  if (known !== undefined || page.clients === null) return known ?? null;
  if (page.clients.size >= PAGE_CLIENTS_MAX) {
    page.clients = null;
    return null;
  }
  const made: PageClient = { requests: 0, days: new Map() };
  page.clients.set(client, made);
  return made;
}

/** The same of the days of a mailbox or page; the latest DAYS_MAX stay. */
export function addDays(into: Map<number, DayCount>, more: ReadonlyMap<number, DayCount>): void {
  for (const [day, count] of more) {
    const own = into.get(day);
    if (own === undefined) into.set(day, { ...count, clients: [...count.clients] });
    else addDay(own, count);
  }
  keepLatest(into);
}

/** The same of one day. */
export function addDay(into: DayCount, more: DayCount): void {
  into.requests += more.requests;
  into.stated += more.stated;
  into.itemsStated += more.itemsStated;
  into.sentBytes = sum(into.sentBytes, more.sentBytes);
  into.items = sum(into.items, more.items);
  into.largest = larger(into.largest, more.largest);
  for (const client of more.clients) addClientName(into.clients, client);
}

/** A day that fell out is older than all that are kept, and stays out. */
export function keepLatest(days: Map<number, unknown>): void {
  if (days.size <= DAYS_MAX) return;
  const inOrder = [...days.keys()].sort((a, b) => b - a);
  for (const day of inOrder.slice(DAYS_MAX)) days.delete(day);
}

/** Logs that repeat a request say it once more, and not more of it. */
export function addServed(into: ServedRequest, more: ServedRequest): void {
  into.items = Math.max(into.items, more.items);
  into.sentBytes = Math.max(into.sentBytes, more.sentBytes);
  if (byCodeUnits(more.mailbox, into.mailbox) < 0) into.mailbox = more.mailbox;
}

/** The earlier of two sights; of two at the same time the place decides. */
export function earlier(a: Sight | null, b: Sight): Sight {
  if (a === null) return b;
  const isFirst = a.millis === b.millis ? a.at.key <= b.at.key : a.millis < b.millis;
  return isFirst ? a : b;
}

function larger(a: Answer, b: Answer): Answer {
  return bySize(a, b) <= 0 ? a : b;
}

function bySize(a: Answer, b: Answer): number {
  return b.sizeBytes - a.sizeBytes || byCodeUnits(a.at.key, b.at.key);
}

/** Keeps the largest few, the largest first. */
export function addLargest(largest: Answer[], answer: Answer): void {
  largest.push(answer);
  largest.sort(bySize);
  if (largest.length > LARGEST_MAX) largest.pop();
}

/** Whether an answer of this size could be among the largest. */
export function isLarge(largest: readonly Answer[], sizeBytes: number): boolean {
  return largest.length < LARGEST_MAX || sizeBytes >= (largest[LARGEST_MAX - 1]?.sizeBytes ?? 0);
}

/** Keeps the first few by the alphabet, each once. */
export function addName(names: string[], name: string, max = MAILBOXES_MAX): void {
  let [from, to] = [0, names.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((names[middle] ?? "") < name) from = middle + 1;
    else to = middle;
  }
  if (from >= max || names[from] === name) return;
  names.splice(from, 0, name);
  if (names.length > max) names.pop();
}

/** One of the few clients that are named. */
export function addClientName(clients: string[], client: string): void {
  addName(clients, client, CLIENTS_NAMED_MAX);
}

/** Counts one request in on its day; `sightOf` makes the reference where one is kept. */
export function countDay(days: Map<number, DayCount>, one: OneRequest, sightOf: () => Sight): void {
  const { sizeBytes, items, client, millis } = one;
  // The bytes say how large it was; where no bytes are stated, the items do.
  const size = sizeBytes >= 0 ? sizeBytes : Math.max(0, items);
  const day = dayOf(millis);
  let own = days.get(day);
  if (own === undefined) {
    own = noDay({ ...sightOf(), sizeBytes: size });
    days.set(day, own);
    keepLatest(days);
  } else if (size >= own.largest.sizeBytes)
    own.largest = larger(own.largest, { ...sightOf(), sizeBytes: size });
  own.requests++;
  if (sizeBytes >= 0) own.stated++;
  if (items >= 0) own.itemsStated++;
  own.sentBytes = sum(own.sentBytes, Math.max(0, sizeBytes));
  own.items = sum(own.items, Math.max(0, items));
  addClientName(own.clients, client);
}

function noDay(largest: Answer): DayCount {
  return { requests: 0, sentBytes: 0, stated: 0, items: 0, itemsStated: 0, largest, clients: [] };
}

/** One answered request that has a time; what it does not state is -1. */
export interface OneRequest {
  readonly sizeBytes: number;
  readonly items: number;
  readonly client: string;
  readonly millis: number;
}
