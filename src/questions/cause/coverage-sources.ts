/**
 * The sources of a case while they are counted: one for each (format, host, channel), with bounded memory.
 * What a limit took away is said, and does not depend on the order in which the evidence was read.
 */
import type { Batch } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import { byMark, markOf, type Mark, Spans, type SpansState, wordsOf } from "./coverage-spans.ts";

/** A Windows host has some 400 channels; ten such hosts fit. */
export const SOURCES_MAX = 4096;
/** Spans of all sources together; about 65 MB when all are used. */
export const SPANS_MAX = 262_144;
/** Spans of one source while others leave room: 22 months in which every hour has records. */
const SHARE_MAX = 16_384;

/** One source as data: what a structured clone can carry. */
export interface SourceState {
  readonly host: string;
  readonly format: FormatId;
  readonly channel: string;
  readonly spans: SpansState;
  readonly events: number;
  readonly undated: number;
  readonly undatedAt: Mark | null;
}

/** All sources as data. */
export interface SourcesState {
  readonly sources: readonly SourceState[];
  readonly uncounted: number;
}

/** One source while it is counted. */
export class Source {
  readonly host: string;
  readonly format: FormatId;
  readonly channel: string;
  readonly spans = new Spans();
  events = 0;
  undated = 0;
  /** The undated record that stands first, for a source that has no dated ones. */
  undatedAt: Mark | null = null;

  constructor(host: string, format: FormatId, channel: string) {
    this.host = host;
    this.format = format;
    this.channel = channel;
  }

  /** Counts rows [from, to) of a batch in, all of them this source's; settle() comes when the batch ends. */
  touch(batch: Batch, words: Int32Array, from: number, to: number): void {
    const undated = this.spans.touch(words, from, to);
    this.events += to - from;
    this.undated += undated;
    if (undated === to - from && undated > 0) this.#keepUndated(batch, from);
  }

  /** The count so far, valid until the next change. */
  state(): SourceState {
    const { host, format, channel, events, undated, undatedAt } = this;
    return { host, format, channel, spans: this.spans.state(), events, undated, undatedAt };
  }

  /** Takes over the count of a source that turned out to be the same one. */
  absorb(other: SourceState): void {
    this.spans.absorb(other.spans);
    this.events += other.events;
    this.undated += other.undated;
    this.undatedAt = earlier(this.undatedAt, other.undatedAt);
  }

  #keepUndated(batch: Batch, row: number): void {
    if (this.spans.size === 0) this.undatedAt = earlier(this.undatedAt, markOf(batch, row));
  }
}

/** All sources, sharing one budget of spans. */
export class Sources {
  readonly #all: Source[] = [];
  readonly #byName = new Map<FormatId, Map<string, Map<string, Source>>>();
  /** The most spans that one source may have now; halves when all together want more than the budget. */
  #share = SHARE_MAX;
  /** Spans that are wanted: a widened source wants its whole share. */
  #wanted = 0;
  /** Records of sources beyond SOURCES_MAX. */
  uncounted = 0;

  /**
   * Counts a batch in, and gives each run of rows that share host and channel to `visit`. Both are asked of every
   * row, since a file may mix them.
   */
  add(
    batch: Batch,
    visit: (host: string, channel: string, from: number, to: number) => void,
  ): void {
    const words = wordsOf(batch);
    const touched = new Set<Source>();
    for (let from = 0, to = 0; from < batch.length; from = to) {
      const host = batch.host(from);
      const channel = batch.channel(from);
      to = from + 1;
      while (to < batch.length && batch.host(to) === host && batch.channel(to) === channel) to++;
      visit(host, channel, from, to);
      const source = this.#sourceOf(batch.format, host, channel);
      if (source === null) this.uncounted += to - from;
      else {
        touched.add(source);
        source.touch(batch, words, from, to);
      }
    }
    for (const source of touched) this.#grow(source, () => source.spans.settle(batch));
  }

  /** The counts so far, valid until the next change. */
  state(): SourcesState {
    return { sources: this.#all.map((source) => source.state()), uncounted: this.uncounted };
  }

  /** Takes over what was counted elsewhere. */
  absorb({ sources, uncounted }: SourcesState): void {
    this.uncounted += uncounted;
    for (const state of sources) {
      const source = this.#sourceOf(state.format, state.host, state.channel);
      if (source === null) this.uncounted += state.events;
      else this.#grow(source, () => source.absorb(state));
    }
  }

  values(): Iterable<Source> {
    return this.#all;
  }

  #sourceOf(format: FormatId, host: string, channel: string): Source | null {
    const known = this.#byName.get(format)?.get(host)?.get(channel);
    if (known !== undefined) return known;
    if (this.#all.length >= SOURCES_MAX) return null;
    const made = new Source(host, format, channel);
    const ofFormat = this.#byName.get(format) ?? new Map<string, Map<string, Source>>();
    const ofHost = ofFormat.get(host) ?? new Map<string, Source>();
    this.#byName.set(format, ofFormat.set(host, ofHost.set(channel, made)));
    this.#all.push(made);
    return made;
  }

  /** Lets a source take more in, and keeps all of them within the budget. */
  #grow(source: Source, take: () => void): void {
    const before = this.#wants(source);
    take();
    this.#fit(source);
    this.#wanted += this.#wants(source) - before;
    while (this.#wanted > SPANS_MAX) this.#halve();
  }

  /**
   * What a source wants only grows with what is read, and the share only shrinks: so the widths at the end
   * are the narrowest that fit, in whatever order the evidence came.
   */
  #wants(source: Source): number {
    return source.spans.widened ? this.#share : source.spans.size;
  }

  #fit(source: Source): void {
    while (source.spans.size > this.#share) source.spans.widen();
  }

  #halve(): void {
    this.#share /= 2;
    this.#wanted = 0;
    for (const source of this.#all) {
      this.#fit(source);
      this.#wanted += this.#wants(source);
    }
  }
}

function earlier(a: Mark | null, b: Mark | null): Mark | null {
  if (a === null || b === null) return a ?? b;
  return byMark(a, b) <= 0 ? a : b;
}
