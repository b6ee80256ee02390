/**
 * What logs were seen to carry, counted while they are read: formats, channels, event ids, and the columns that a log
 * declares. It says which rules could have matched at all. Refuses nothing; what is too much to keep counts as everything.
 */
import type { Batch } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";

/** The logs of one format and channel. */
export interface CarriedLog {
  readonly format: FormatId;
  /** Lower case; null: all channels of the format that were too many to keep apart. */
  readonly channel: string | null;
  /** Event ids that came, without -1; null: too many to keep apart. */
  readonly eventIds: readonly number[] | null;
  /** Names of all columns that were declared; null: some of the logs declared none, so any may have come. */
  readonly fields: readonly string[] | null;
}

/** What was seen so far, as a value that can be kept. */
export type CarriedState = readonly CarriedLog[];

/** Counts what batches carry; the counts of several readings become one. */
export interface CarriedCollector {
  add(batch: Batch): void;
  absorb(state: CarriedState): void;
  state(): CarriedState;
}

/** Evidence can name as many channels and ids as it likes. */
const CHANNELS_MAX = 2_000;
const EVENT_IDS_MAX = 2_000;
const FIELDS_MAX = 2_000;

interface Log {
  readonly format: FormatId;
  readonly channel: string | null;
  eventIds: Set<number> | null;
  fields: Set<string> | null;
  /** Number of the batch whose columns were taken note of last. */
  batch: number;
}

/** An empty count. */
export function createCarried(): CarriedCollector {
  return new Carried();
}

class Carried implements CarriedCollector {
  readonly #logs = new Map<string, Log>();
  /** By format and the channel as it is written, so that a row costs no text of its own. */
  readonly #written = new Map<FormatId, Map<string, Log>>();
  #batches = 0;

  /** Rows of one channel and id mostly follow each other: two comparisons a row. */
  add(batch: Batch): void {
    const { declared, format } = batch;
    this.#batches++;
    let log: Log | null = null;
    let channel = "";
    let eventId = -1;
    for (let row = 0; row < batch.length; row++) {
      const name = batch.channel(row);
      if (log === null || name !== channel) {
        channel = name;
        eventId = -1;
        log = this.#ofChannel(format, name);
        if (log.batch !== this.#batches) addFields(log, declared ?? null);
        log.batch = this.#batches;
      }
      const id = batch.eventId(row);
      if (id === eventId) continue;
      eventId = id;
      addEventId(log, id);
    }
  }

  absorb(state: CarriedState): void {
    for (const { format, channel, eventIds, fields } of state) {
      const log = this.#log(format, channel);
      if (eventIds === null) log.eventIds = null;
      for (const id of eventIds ?? []) addEventId(log, id);
      addFields(log, fields);
    }
  }

  state(): CarriedState {
    return [...this.#logs.values()].map(({ format, channel, eventIds, fields }) => ({
      format,
      channel,
      eventIds: eventIds === null ? null : [...eventIds].sort((a, b) => a - b),
      fields: fields === null ? null : [...fields].sort(),
    }));
  }

  #ofChannel(format: FormatId, name: string): Log {
    const logs = this.#written.get(format) ?? new Map<string, Log>();
    this.#written.set(format, logs);
    const known = logs.get(name);
    if (known !== undefined) return known;
    const log = this.#log(format, name.toLowerCase());
    if (logs.size < CHANNELS_MAX) logs.set(name, log);
    return log;
  }

  #log(format: FormatId, channel: string | null): Log {
    const key = channel === null ? format : `${format}\n${channel}`;
    const known = this.#logs.get(key);
    if (known !== undefined) return known;
    if (channel !== null && this.#logs.size >= CHANNELS_MAX) return this.#log(format, null);
    const log: Log = { format, channel, eventIds: new Set(), fields: new Set(), batch: 0 };
    this.#logs.set(key, log);
    return log;
  }
}

function addEventId(log: Log, id: number): void {
  if (id < 0 || log.eventIds === null) return;
  log.eventIds.add(id);
  if (log.eventIds.size > EVENT_IDS_MAX) log.eventIds = null;
}

function addFields(log: Log, fields: readonly string[] | null): void {
  if (fields === null) log.fields = null;
  for (const field of fields ?? []) log.fields?.add(field);
  if ((log.fields?.size ?? 0) > FIELDS_MAX) log.fields = null;
}
