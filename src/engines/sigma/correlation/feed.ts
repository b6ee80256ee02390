/**
 * Base detections as correlations read them: columns of time, place and the asked-for values, not objects, so that a million are about a
 * hundred megabytes. Refuses to lose any in silence: what has no time, and what is beyond a limit, is counted with its first record.
 */
import { createHash } from "node:crypto";
import { known } from "../../../base/assert.ts";
import { isPlausible } from "../../../base/time.ts";
import {
  type Batch,
  type EventReference,
  type FieldValue,
  eventKey,
  referenceOf,
} from "../../../model/event.ts";
import type { Place } from "../../../model/evidence.ts";
import { recordIdOf } from "../detection.ts";
import { type FieldReader, fieldReader } from "../fields.ts";
import type { Plan } from "../plan.ts";
import type { Rule } from "../rule.ts";

/** Detections of one rule, and of all rules, that correlations look at. */
export const FED_OF_RULE_MAX = 1_000_000;
export const FED_MAX = 2_000_000;
/** Characters of all values together, each value with what it costs to know it: whoever writes logs chooses them. */
const TEXT_CHARS_MAX = 1 << 26;
const TEXT_COST_CHARS = 8;
/** A longer value stands as its beginning and its hash: it still equals itself alone. */
const VALUE_CHARS_MAX = 256;
const HEAD_CHARS = 200;

/** Why detections of a rule take no part. */
export type LeftOutWhy = "undated" | "beyond";

/** How many detections of a rule take no part, and where the first stands. */
export interface LeftOut {
  readonly rule: string;
  readonly why: LeftOutWhy;
  readonly first: EventReference;
  readonly count: number;
}

/** What a feed holds, as a value that can be kept: one entry a detection, in the order of adding. */
export interface FeedState {
  readonly texts: readonly string[];
  readonly places: readonly Place[];
  readonly length: number;
  readonly ticks: BigInt64Array;
  readonly offsets: Float64Array;
  readonly place: Int32Array;
  /** Number of the rule in the plan's list of fed rules. */
  readonly rule: Int32Array;
  /** Numbers of texts from here on. */
  readonly host: Int32Array;
  readonly channel: Int32Array;
  /** The record's name: a number where it is one, otherwise a text as -1 - its number. */
  readonly record: Float64Array;
  /** The record's name in the whole world; -1 where it has none. */
  readonly recordId: Int32Array;
  readonly digits: Uint8Array;
  /** The values of an entry from `valueAt` on, one for each field that is asked of its rule; -1: none. */
  readonly valueAt: Int32Array;
  readonly values: Int32Array;
  readonly leftOut: readonly LeftOut[];
}

/** Gathers base detections. */
export interface CorrelationFeed {
  /** Takes a match; nothing where no correlation asks for the rule. */
  add(rule: Rule, batch: Batch, row: number): void;
  /** Adds what another feed of the same plan gathered. */
  absorb(state: FeedState): void;
  state(): FeedState;
}

/** An empty feed for the correlations of a plan. */
export function createFeed(plan: Plan): CorrelationFeed {
  return new Feed(plan);
}

/** A rule that correlations read, as one log source is read. */
interface Fed {
  readonly number: number;
  readonly readers: readonly FieldReader[];
}

class Feed implements CorrelationFeed {
  readonly #fed = new Map<Rule, Fed>();
  readonly #ids: readonly string[];
  readonly #numbers = new Map<string, number>();
  readonly #ofRule: number[];
  readonly #columns = new Columns();
  readonly #texts: string[] = [];
  #textChars = 0;
  readonly #placeNumbers = new Map<string, number>();
  readonly #places: Place[] = [];
  #lastPlace: Place | null = null;
  #lastPlaceNumber = 0;
  readonly #leftOut = new Map<
    string,
    { rule: string; why: LeftOutWhy; first: EventReference; count: number }
  >();

  constructor({ bound, correlations }: Plan) {
    this.#ids = [...correlations.fed.keys()];
    this.#ofRule = this.#ids.map(() => 0);
    for (const { rule, target } of bound) {
      const fields = correlations.fed.get(rule.id);
      if (fields === undefined) continue;
      const readers = fields.map((field) => readerOf(target.fields.get(field) ?? [field]));
      this.#fed.set(rule, { number: this.#ids.indexOf(rule.id), readers });
    }
  }

  add(rule: Rule, batch: Batch, row: number): void {
    const fed = this.#fed.get(rule);
    if (fed === undefined) return;
    const ticks = batch.ticks[row] ?? 0n;
    const why = isPlausible(ticks) ? this.#full(fed.number) : "undated";
    if (why !== null) {
      this.#leave(rule.id, why, referenceOf(batch, row), 1);
      return;
    }
    const columns = this.#columns;
    const at = columns.next(fed.readers.length);
    columns.ticks[at] = ticks;
    columns.offsets[at] = batch.offsets[row] ?? 0;
    columns.place[at] = this.#placeNumber(batch.place);
    columns.rule[at] = fed.number;
    columns.host[at] = this.#number(batch.host(row));
    columns.channel[at] = this.#number(batch.channel(row));
    columns.record[at] = this.#record(batch.record(row));
    const recordId = recordIdOf(batch, row);
    columns.recordId[at] = recordId === null ? -1 : this.#number(recordId);
    columns.digits[at] = batch.digits;
    let value = columns.valueAt[at] ?? 0;
    for (const read of fed.readers) columns.values[value++] = this.#value(read(batch, row));
    this.#count(fed.number);
  }

  absorb(state: FeedState): void {
    const texts = state.texts.map((text) => this.#number(text));
    const textOf = (number: number): number => (number < 0 ? -1 : (texts[number] ?? -1));
    const places = state.places.map((place) => this.#placeNumber(place));
    const columns = this.#columns;
    for (let from = 0; from < state.length; from++) {
      const rule = state.rule[from] ?? 0;
      const place = places[state.place[from] ?? 0] ?? 0;
      if (this.#full(rule) !== null) {
        this.#leave(this.#ids[rule] ?? "", "beyond", referenceAt(state, from), 1);
        continue;
      }
      const first = state.valueAt[from] ?? 0;
      const end = from + 1 < state.length ? (state.valueAt[from + 1] ?? 0) : state.values.length;
      const at = columns.next(end - first);
      columns.ticks[at] = state.ticks[from] ?? 0n;
      columns.offsets[at] = state.offsets[from] ?? 0;
      columns.place[at] = place;
      columns.rule[at] = rule;
      columns.host[at] = textOf(state.host[from] ?? -1);
      columns.channel[at] = textOf(state.channel[from] ?? -1);
      const record = state.record[from] ?? 0;
      columns.record[at] = record < 0 ? -1 - textOf(-1 - record) : record;
      columns.recordId[at] = textOf(state.recordId[from] ?? -1);
      columns.digits[at] = state.digits[from] ?? 0;
      const value = columns.valueAt[at] ?? 0;
      for (let next = first; next < end; next++)
        columns.values[value + next - first] = textOf(state.values[next] ?? -1);
      this.#count(rule);
    }
    for (const { rule, why, first, count } of state.leftOut) this.#leave(rule, why, first, count);
  }

  state(): FeedState {
    return {
      texts: this.#texts,
      places: this.#places,
      ...this.#columns.filled(),
      leftOut: [...this.#leftOut.values()],
    };
  }

  #full(rule: number): LeftOutWhy | null {
    const isFull =
      (this.#ofRule[rule] ?? 0) >= FED_OF_RULE_MAX ||
      this.#columns.length >= FED_MAX ||
      this.#textChars >= TEXT_CHARS_MAX;
    return isFull ? "beyond" : null;
  }

  #count(rule: number): void {
    this.#ofRule[rule] = (this.#ofRule[rule] ?? 0) + 1;
  }

  #leave(rule: string, why: LeftOutWhy, first: EventReference, count: number): void {
    const key = `${why} ${rule}`;
    const left = this.#leftOut.get(key);
    if (left === undefined) this.#leftOut.set(key, { rule, why, first, count });
    else left.count += count;
  }

  #number(text: string): number {
    const found = this.#numbers.get(text);
    if (found !== undefined) return found;
    const number = this.#texts.push(text) - 1;
    this.#numbers.set(text, number);
    this.#textChars += text.length + TEXT_COST_CHARS;
    return number;
  }

  #record(record: string): number {
    return /^(?:0|[1-9]\d{0,14})$/.test(record) ? Number(record) : -1 - this.#number(record);
  }

  /** A field that is missing or null has no value. */
  #value(value: FieldValue | undefined): number {
    const text = textOf(value);
    if (text === null) return -1;
    if (text.length <= VALUE_CHARS_MAX) return this.#number(text);
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 32);
    return this.#number(`${text.slice(0, HEAD_CHARS)}… ${hash}`);
  }

  #placeNumber(place: Place): number {
    if (place === this.#lastPlace) return this.#lastPlaceNumber;
    const key = `${place.evidence} ${place.file}\n${place.member}`;
    const number = this.#placeNumbers.get(key) ?? this.#places.push(place) - 1;
    this.#placeNumbers.set(key, number);
    this.#lastPlace = place;
    this.#lastPlaceNumber = number;
    return number;
  }
}

function textOf(value: FieldValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value.trimEnd();
  if (typeof value !== "object") return String(value);
  const items = value.map(textOf).filter((item) => item !== null);
  return items.length === 0 ? null : items.join(", ");
}

/** The first of these fields that is there. The specification's own examples call the host `ComputerName`. */
function readerOf(names: readonly string[]): FieldReader {
  const readers = names.map(fieldReader);
  if (names.includes("ComputerName")) readers.push(fieldReader("Computer"));
  return (batch, row) => {
    for (const read of readers) {
      const value = read(batch, row);
      if (value !== undefined && value !== null) return value;
    }
    return undefined;
  };
}

/** Where an entry stands. */
export function referenceAt(state: FeedState, entry: number): EventReference {
  const place = placeAt(state, entry);
  const offset = state.offsets[entry] ?? 0;
  const record = state.record[entry] ?? 0;
  const name = record < 0 ? (state.texts[-1 - record] ?? "") : String(record);
  return {
    key: eventKey(place, offset),
    evidence: place.evidence,
    file: place.file,
    record: name,
    offset,
  };
}

/** The place of an entry. */
export function placeAt(state: FeedState, entry: number): Place {
  return known(state.places[state.place[entry] ?? 0], "an entry has a place");
}

/** Entries that an empty feed has room for: most tasks have none. */
const FIRST = 64;

/** The columns while they grow: doubled when they are full. */
class Columns {
  length = 0;
  valuesLength = 0;
  ticks = new BigInt64Array(FIRST);
  offsets = new Float64Array(FIRST);
  place = new Int32Array(FIRST);
  rule = new Int32Array(FIRST);
  host = new Int32Array(FIRST);
  channel = new Int32Array(FIRST);
  record = new Float64Array(FIRST);
  recordId = new Int32Array(FIRST);
  digits = new Uint8Array(FIRST);
  valueAt = new Int32Array(FIRST);
  values = new Int32Array(FIRST);

  /** The number of a new entry with so many values. */
  next(values: number): number {
    if (this.length === this.ticks.length) this.#grow(2 * this.length);
    while (this.valuesLength + values > this.values.length) {
      const larger = new Int32Array(2 * this.values.length);
      larger.set(this.values);
      this.values = larger;
    }
    this.valueAt[this.length] = this.valuesLength;
    this.valuesLength += values;
    return this.length++;
  }

  #grow(size: number): void {
    const grown = <T extends { set(array: T): void }>(larger: T, old: T): T => {
      larger.set(old);
      return larger;
    };
    this.ticks = grown(new BigInt64Array(size), this.ticks);
    this.offsets = grown(new Float64Array(size), this.offsets);
    this.place = grown(new Int32Array(size), this.place);
    this.rule = grown(new Int32Array(size), this.rule);
    this.host = grown(new Int32Array(size), this.host);
    this.channel = grown(new Int32Array(size), this.channel);
    this.record = grown(new Float64Array(size), this.record);
    this.recordId = grown(new Int32Array(size), this.recordId);
    this.digits = grown(new Uint8Array(size), this.digits);
    this.valueAt = grown(new Int32Array(size), this.valueAt);
  }

  /** What is filled of each: copies, so that what is kept is no longer than it must be. */
  filled(): Omit<FeedState, "texts" | "places" | "leftOut"> {
    const { length } = this;
    return {
      length,
      ticks: this.ticks.slice(0, length),
      offsets: this.offsets.slice(0, length),
      place: this.place.slice(0, length),
      rule: this.rule.slice(0, length),
      host: this.host.slice(0, length),
      channel: this.channel.slice(0, length),
      record: this.record.slice(0, length),
      recordId: this.recordId.slice(0, length),
      digits: this.digits.slice(0, length),
      valueAt: this.valueAt.slice(0, length),
      values: this.values.slice(0, this.valuesLength),
    };
  }
}
