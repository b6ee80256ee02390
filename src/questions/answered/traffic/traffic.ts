/**
 * Counts requests while evidence is read: who asked which side of which host for what, and how much it gave (docs/design/traffic.md).
 * Refuses to judge: who an intruder is, and what is out of the ordinary, is asked later. Memory is bounded; order decides nothing.
 */
import type { Batch, FieldValue } from "../../../model/event.ts";
import { referenceOf } from "../../../model/event.ts";
import type { FormatId } from "../../../model/evidence.ts";
import {
  type AgentCount,
  type ClientCount,
  type DayCount,
  type PageCount,
  type PartCount,
  type ServedRequest,
  type Sight,
  addClientName,
  addLargest,
  addName,
  addServed,
  countDay,
  dayOf,
  earlier,
  isLarge,
  noClient,
  noPart,
  pageClient,
  statedNumber,
  sum,
} from "./counts.ts";
import { type Keys, unshared } from "./lowest-keys.ts";
import { PARTS, WAYS } from "./parts.ts";
import {
  CLIENT_CHARS_MAX,
  type Path,
  type Values,
  mailboxAt,
  pathAt,
  valuesOf,
} from "./row-values.ts";
import { type RowWords, type Side, wordsOf } from "./row-words.ts";
import {
  type AskedRequest,
  TrafficCounts,
  type TrafficState,
  addAsked,
  logName,
  noDays,
  noPage,
} from "./traffic-state.ts";

/** Gathers counts from batches while they are read; what was gathered can be handed on. */
export interface TrafficCollector {
  /** Counts every row of a batch in: about 1 M rows/s of IIS, decoding included; the batch is not kept. */
  add(batch: Batch): void;
  /** What was counted so far, valid until the next call. */
  state(): TrafficState;
  /** Counts in what another collector has counted: in whatever order, the counts are the same. */
  absorb(state: TrafficState): void;
}

/** A collector that has seen nothing; where clients are too many, those of `first` are kept before others. */
export function createTraffic(first: ReadonlySet<string> = new Set()): TrafficCollector {
  const reader = new TrafficReader(new TrafficCounts(first));
  return {
    add: (batch) => reader.add(batch),
    state: () => reader.counts.state(),
    absorb: (state) => reader.counts.absorb(state),
  };
}

const FORMATS: ReadonlySet<FormatId> = new Set(["iis", "ncsa", "exchange", "m365"]);
/** As isPlausible in base/time.ts has it, in milliseconds. */
const PLAUSIBLE_FROM = Date.UTC(1990, 0, 1);
const PLAUSIBLE_TO = Date.UTC(2100, 0, 1);
/** Later than every time. */
const UNDATED_MILLIS = Number.POSITIVE_INFINITY;
const HIGH_WORD = 2 ** 32;
const TICKS_PER_MILLI = 10_000;
const EWS = PARTS.indexOf("EWS");
const IS_WAY = PARTS.map((part) => WAYS.has(part));

/** The log that a row stands in. */
interface Log {
  readonly host: string;
  readonly side: Side;
  readonly days: Set<number>;
  /** The day that was last put into `days`. */
  day: number;
  readonly answered: Keys<ClientCount>;
  readonly refused: Keys<ClientCount>;
  readonly agents: Keys<AgentCount>;
  readonly pages: Keys<PageCount>;
  readonly mailboxes: Keys<Map<number, DayCount>>;
  readonly asked: Keys<AskedRequest>;
  readonly served: Keys<ServedRequest>;
}

class TrafficReader {
  readonly counts: TrafficCounts;
  readonly #values = new Map<RowWords, Values>();
  #log: Log | null = null;

  constructor(counts: TrafficCounts) {
    this.counts = counts;
  }

  add(batch: Batch): void {
    if (!FORMATS.has(batch.format)) return;
    const halves = new Int32Array(batch.ticks.buffer, batch.ticks.byteOffset, batch.length * 2);
    let channel: string | null = null;
    let words: RowWords | null = null;
    let values: Values | null = null;
    let side: Side = "front end";
    for (let row = 0; row < batch.length; row++) {
      const here = batch.channel(row);
      if (here !== channel) {
        channel = here;
        words = wordsOf(batch.format, here);
        values = words === null ? null : this.#valuesOf(words);
        side = words?.side ?? sideOf(batch, row);
      } else if (here === "" && words?.side === null) side = sideOf(batch, row);
      if (words === null || values === null) continue;
      const client = values.client.of(batch, row);
      // Most rows of a busy server are its own probes.
      if (client === "") continue;
      this.#look(batch, row, words, values, side, client, millisAt(halves, row));
    }
  }

  #valuesOf(words: RowWords): Values {
    const known = this.#values.get(words) ?? valuesOf(words);
    this.#values.set(words, known);
    return known;
  }

  #look(
    batch: Batch,
    row: number,
    words: RowWords,
    values: Values,
    side: Side,
    client: string,
    millis: number,
  ): void {
    if (words.only !== null && batch.field(row, words.only.field) !== words.only.is) return;
    const log = this.#logOf(batch.host(row), side);
    const isAnswered = words.status === "" || isGood(batch.field(row, words.status));
    const path = pathAt(batch, row, words, values);
    const part = path?.part ?? PARTS.indexOf(words.part);
    const { counts } = this;
    if (isAnswered) counts.seen.answered++;
    else counts.seen.refused++;
    const count = (isAnswered ? log.answered : log.refused).of(client, noClient);
    if (count !== null) {
      count.requests++;
      if (millis < count.firstMillis) count.firstMillis = millis;
      if (millis > count.lastMillis && millis !== UNDATED_MILLIS) count.lastMillis = millis;
    }
    const own = count === null ? null : (count.parts[part] ??= noPart());
    if (own !== null) {
      own.requests++;
      if (isEarlier(own.first, millis)) own.first = earlier(own.first, sightOf(batch, row, millis));
    }
    if (isAnswered)
      this.#answered({ batch, row, words, values, millis, log, client, path, part }, count, own);
  }

  #answered(look: Look, count: ClientCount | null, own: PartCount | null): void {
    const { batch, row, words, values, millis, log, part } = look;
    const sizeBytes = words.bytes === "" ? -1 : statedNumber(batch.field(row, words.bytes));
    const items = words.items === "" ? -1 : statedNumber(batch.field(row, words.items));
    const mailbox = mailboxAt(batch, row, values);
    if (own !== null && count !== null) {
      if (sizeBytes >= 0) {
        own.stated++;
        own.sentBytes = sum(own.sentBytes, sizeBytes);
        if (isLarge(count.largest, sizeBytes))
          addLargest(count.largest, { ...sightOf(batch, row, millis), sizeBytes });
      }
      if (items >= 0) {
        own.itemsStated++;
        own.items = sum(own.items, items);
      }
      if (mailbox !== "" && count.mailboxes[0] !== mailbox) addName(count.mailboxes, mailbox);
    }
    const isDated = millis !== UNDATED_MILLIS;
    if (isDated) addToDays(log, dayOf(millis));
    if (isDated && mailbox !== "" && (sizeBytes > 0 || items > 0))
      countVolume(look, mailbox, sizeBytes, items);
    if (part === EWS) this.#join(look, mailbox, sizeBytes, items);
    if (isDated && IS_WAY[part] === true && words.agent !== "" && values.isSent.of(batch, row))
      this.#agent(look);
    if (isDated && look.path?.isPage === true) this.#page(look, look.path.plain);
  }

  #agent({ batch, row, values, millis, log, client, part }: Look): void {
    const { counts } = this;
    counts.seen.agents++;
    const key = values.agent.of(batch, row)[part] ?? "";
    const made = () => ({
      requests: 0,
      lastMillis: millis,
      first: sightOf(batch, row, millis),
      clients: [],
    });
    const agent = log.agents.of(key, made);
    if (agent === null) return;
    agent.requests++;
    addClientName(agent.clients, client);
    if (millis > agent.lastMillis) agent.lastMillis = millis;
    if (isEarlier(agent.first, millis))
      agent.first = earlier(agent.first, sightOf(batch, row, millis));
  }

  #page({ batch, row, millis, log, client }: Look, plain: string): void {
    const page = log.pages.of(plain, noPage);
    const own = page === null || page.clients === null ? null : pageClient(page, client);
    if (own === null) return;
    own.requests++;
    const one = { sizeBytes: -1, items: -1, client, millis };
    countDay(own.days, one, () => sightOf(batch, row, millis));
  }

  /** The proxy knows whose request it was; the service, whose client is the proxy, how much it gave. */
  #join(
    { batch, row, log, client }: Look,
    mailbox: string,
    sizeBytes: number,
    items: number,
  ): void {
    if (log.side !== "service" && log.side !== "proxy") return;
    const raw = batch.field(row, "RequestId");
    if (typeof raw !== "string" || raw === "" || raw.length > CLIENT_CHARS_MAX) return;
    const id = unshared(raw.toLowerCase());
    const { counts } = this;
    if (log.side === "service") {
      counts.seen.served++;
      const one = { items: Math.max(0, items), sentBytes: Math.max(0, sizeBytes), mailbox };
      const served = log.served.of(id, () => one);
      if (served !== null) addServed(served, one);
    } else {
      counts.seen.asked++;
      const one = { client };
      const asked = log.asked.of(id, () => one);
      if (asked !== null) addAsked(asked, one);
    }
  }

  #logOf(host: string, side: Side): Log {
    const last = this.#log;
    if (last !== null && last.host === host && last.side === side) return last;
    const name = logName(unshared(host), side);
    // Of logs beyond the limit the days are counted and not kept.
    const { days } = this.counts.logs.of("", name, noDays) ?? noDays();
    const { counts } = this;
    this.#log = {
      host,
      side,
      days,
      day: -1,
      answered: counts.answered.in(name),
      refused: counts.refused.in(name),
      agents: counts.agents.in(name),
      pages: counts.pages.in(name),
      mailboxes: counts.mailboxes.in(name),
      asked: counts.asked.in(host),
      served: counts.served.in(host),
    };
    return this.#log;
  }
}

/** One answered row. */
interface Look {
  readonly batch: Batch;
  readonly row: number;
  readonly words: RowWords;
  readonly values: Values;
  readonly millis: number;
  readonly log: Log;
  readonly client: string;
  readonly path: Path | null;
  readonly part: number;
}

/** What a mailbox gave on the day of a row. */
function countVolume(
  { batch, row, millis, log, client }: Look,
  mailbox: string,
  sizeBytes: number,
  items: number,
): void {
  const days = log.mailboxes.of(mailbox, () => new Map());
  if (days === null) return;
  countDay(days, { sizeBytes, items, client, millis }, () => sightOf(batch, row, millis));
}

function addToDays(log: Log, day: number): void {
  if (log.day === day) return;
  log.day = day;
  log.days.add(day);
}

function isGood(status: FieldValue | undefined): boolean {
  return typeof status === "number" && status >= 200 && status < 300;
}

function sideOf(batch: Batch, row: number): Side {
  return batch.field(row, "Side") === "back-end" ? "back end" : "front end";
}

function isEarlier(first: Sight | null, millis: number): boolean {
  return first === null || millis <= first.millis;
}

/** Milliseconds since 1970 of a row, cut; infinite where it has no time that can date it. */
function millisAt(halves: Int32Array, row: number): number {
  const high = halves[row * 2 + 1] ?? 0;
  const low = (halves[row * 2] ?? 0) >>> 0;
  const millis = Math.floor((high * HIGH_WORD + low) / TICKS_PER_MILLI);
  return millis >= PLAUSIBLE_FROM && millis < PLAUSIBLE_TO ? millis : UNDATED_MILLIS;
}

function sightOf(batch: Batch, row: number, millis: number): Sight {
  return { millis, digits: Math.min(3, batch.digits), at: referenceOf(batch, row) };
}
