/**
 * Sightings of builds and updates while they are counted: one entry for each thing in each source of each host, with first, last
 * and the days between. Memory is bounded, and the order of reading decides nothing but what a limit left out, which is said.
 */
import { TICKS_PER_DAY, UNDATED, isPlausible } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { type Batch, referenceOf } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import type { ObservationKind, Sighting } from "../../model/observation.ts";

/** What was seen, and where: what tells one entry from another. */
export interface Seen {
  readonly host: string;
  /** The folder of the file, where the record names no host: what lies together was collected together. Otherwise "". */
  readonly folder: string;
  readonly format: FormatId;
  readonly channel: string;
  readonly kind: ObservationKind;
  readonly product: string;
  /** As written; "" where only an update is named. */
  readonly build: string;
  readonly kb: string;
}

/** One entry as data: what a structured clone can carry. */
export interface SeenState extends Seen {
  readonly first: Sighting;
  readonly last: Sighting;
  readonly days: readonly number[];
  readonly records: number;
}

/** All entries as data. */
export interface SightingsState {
  readonly entries: readonly SeenState[];
  readonly uncounted: number;
}

/** 10,000 hosts with 25 builds and updates each. */
const ENTRIES_MAX = 262_144;
/** What one log of one host may add: whoever can write paths into a log could otherwise take the room of all others. */
const OF_LOG_MAX = 4_096;
/** Eleven years of days; a forged log could name more. */
const DAYS_MAX = 4_096;

/** One entry while it is counted. */
interface Entry {
  readonly seen: Seen;
  first: Sighting;
  last: Sighting;
  readonly days: Set<number>;
  /** Ticks [dayFrom, dayTo) are of a day that is counted already. */
  dayFrom: bigint;
  dayTo: bigint;
  records: number;
}

/** All entries of a collector. */
export class Sightings {
  readonly #entries = new Map<string, Entry>();
  readonly #ofLog = new Map<string, number>();
  /** Records of things beyond the limits. */
  uncounted = 0;

  /**
   * Counts rows [from, to) of a batch, which all say the same. A run costs one look into the table and a look at each time: about
   * 30 M rows/s in long runs.
   */
  see(batch: Batch, from: number, to: number, seen: Seen): void {
    const { earliest, latest } = endsOf(batch.ticks, from, to);
    const key = keyOf(seen);
    const entry = this.#entries.get(key) ?? this.#make(key, seen, sightingOf(batch, earliest));
    if (entry === null) {
      this.uncounted += to - from;
      return;
    }
    entry.records += to - from;
    if (mayStandBefore(batch, earliest, entry.first))
      entry.first = earlier(entry.first, sightingOf(batch, earliest));
    if (mayStandBehind(batch, latest, entry.last))
      entry.last = later(entry.last, sightingOf(batch, latest));
    keepDay(entry, batch.ticks[earliest] ?? UNDATED);
    const end = batch.ticks[latest] ?? UNDATED;
    if (end < entry.dayTo) return;
    for (let row = from; row < to; row++) keepDay(entry, batch.ticks[row] ?? UNDATED);
  }

  /** The counts so far, valid until the next change. */
  state(): SightingsState {
    const entries = [...this.#entries.values()].map(({ seen, first, last, days, records }) => ({
      ...seen,
      first,
      last,
      days: [...days].sort((a, b) => a - b),
      records,
    }));
    return { entries, uncounted: this.uncounted };
  }

  /** Takes over what was counted elsewhere. */
  absorb({ entries, uncounted }: SightingsState): void {
    this.uncounted += uncounted;
    for (const { first, last, days, records, ...seen } of entries) {
      const key = keyOf(seen);
      const entry = this.#entries.get(key) ?? this.#make(key, seen, first);
      if (entry === null) {
        this.uncounted += records;
        continue;
      }
      entry.records += records;
      entry.first = earlier(entry.first, first);
      entry.last = later(entry.last, last);
      for (const day of days) if (entry.days.size < DAYS_MAX) entry.days.add(day);
    }
  }

  /** A new entry without a record yet; null where a limit forbids it. */
  #make(key: string, seen: Seen, sighting: Sighting): Entry | null {
    const log = `${seen.host}\n${seen.format}\n${seen.channel}`;
    const ofLog = this.#ofLog.get(log) ?? 0;
    if (this.#entries.size >= ENTRIES_MAX || ofLog >= OF_LOG_MAX) return null;
    this.#ofLog.set(log, ofLog + 1);
    const entry = {
      seen,
      first: sighting,
      last: sighting,
      days: new Set<number>(),
      dayFrom: 0n,
      dayTo: 0n,
      records: 0,
    };
    this.#entries.set(key, entry);
    return entry;
  }
}

function keyOf({ host, folder, format, channel, kind, product, build, kb }: Seen): string {
  return `${host}\n${folder}\n${format}\n${channel}\n${kind}\n${product}\n${build}\n${kb}`;
}

function keepDay(entry: Entry, ticks: bigint): void {
  if ((ticks >= entry.dayFrom && ticks < entry.dayTo) || !isPlausible(ticks)) return;
  const day = Number(ticks / TICKS_PER_DAY);
  entry.dayFrom = BigInt(day) * TICKS_PER_DAY;
  entry.dayTo = entry.dayFrom + TICKS_PER_DAY;
  if (entry.days.size < DAYS_MAX) entry.days.add(day);
}

function sightingOf(batch: Batch, row: number): Sighting {
  const { digits, zoneAssumed } = batch;
  return { ticks: batch.ticks[row] ?? UNDATED, digits, zoneAssumed, at: referenceOf(batch, row) };
}

/** The rows of the earliest and the latest time; of equal times the first one. Rows without a time only where all are. */
function endsOf(
  ticks: BigInt64Array,
  from: number,
  to: number,
): { readonly earliest: number; readonly latest: number } {
  let earliest = from;
  let latest = from;
  let first = ticks[from] ?? UNDATED;
  let last = first;
  for (let row = from + 1; row < to; row++) {
    const at = ticks[row] ?? UNDATED;
    if (at > last) [latest, last] = [row, at];
    if (at !== UNDATED && (at < first || first === UNDATED)) [earliest, first] = [row, at];
  }
  return { earliest, latest };
}

/** Whether a row may take the place of the first sighting: rows of one file in order mostly cannot. */
function mayStandBefore(batch: Batch, row: number, first: Sighting): boolean {
  const ticks = batch.ticks[row] ?? UNDATED;
  if (ticks === first.ticks) return mayTie(batch, row, first);
  return ticks !== UNDATED && (ticks < first.ticks || first.ticks === UNDATED);
}

function mayStandBehind(batch: Batch, row: number, last: Sighting): boolean {
  const ticks = batch.ticks[row] ?? UNDATED;
  return ticks === last.ticks ? mayTie(batch, row, last) : ticks > last.ticks;
}

/** Of two at the same time the place decides. */
function mayTie(batch: Batch, row: number, { at }: Sighting): boolean {
  return (batch.offsets[row] ?? 0) <= at.offset || batch.place.evidence !== at.evidence;
}

/** A dated sighting comes before one without a time. */
function earlier(a: Sighting, b: Sighting): Sighting {
  if (a.ticks === UNDATED || b.ticks === UNDATED)
    return a.ticks === b.ticks ? byPlace(a, b) : a.ticks === UNDATED ? b : a;
  return a.ticks === b.ticks ? byPlace(a, b) : a.ticks < b.ticks ? a : b;
}

function later(a: Sighting, b: Sighting): Sighting {
  return a.ticks === b.ticks ? byPlace(a, b) : a.ticks > b.ticks ? a : b;
}

/** Of two at the same time the one that stands first in the evidence: the same whatever was read first. */
function byPlace(a: Sighting, b: Sighting): Sighting {
  const order = byCodeUnits(a.at.evidence, b.at.evidence) || a.at.offset - b.at.offset;
  return (order || byCodeUnits(a.at.key, b.at.key)) <= 0 ? a : b;
}
