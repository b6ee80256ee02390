/**
 * The sources of a case while they are counted: one for each (format, host, channel), with bounded memory.
 * What a limit took away is said, and does not depend on the order in which the evidence was read.
 */
import type { Batch } from "../../model/event.ts";
import type { FormatId } from "../../model/evidence.ts";
import {
  FILES_MAX,
  FILES_OF_SOURCE_MAX,
  fileKey,
  type FileSpan,
  fileSpanOf,
  joinFiles,
} from "./coverage-files.ts";
import { Sample, SamplePool, type SampleState } from "./coverage-sample.ts";
import { findJoins, JOINS_MAX, JOINS_OF_SOURCE_MAX } from "./coverage-skew.ts";
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
  readonly files: SampleState<FileSpan>;
  /** Ids of requests, and the earliest record of each. */
  readonly joins: SampleState<Mark>;
}

/** All sources as data. */
export interface SourcesState {
  readonly sources: readonly SourceState[];
  readonly uncounted: number;
}

/** The samples of one source. */
interface Samples {
  readonly files: Sample<FileSpan>;
  readonly joins: Sample<Mark>;
}

/** Samples outside any budget, as large as one source may have them. */
function ownSamples(): Samples {
  return {
    files: new Sample(FILES_OF_SOURCE_MAX, joinFiles),
    joins: new Sample(JOINS_OF_SOURCE_MAX, earlierMark),
  };
}

/** One source while it is counted. */
export class Source {
  readonly host: string;
  readonly format: FormatId;
  readonly channel: string;
  readonly spans = new Spans();
  readonly samples: Samples;
  events = 0;
  undated = 0;
  /** The undated record that stands first, for a source that has no dated ones. */
  undatedAt: Mark | null = null;
  /** Rows of the batch being read, from the first of this source to behind the last. */
  #from = Number.POSITIVE_INFINITY;
  #to = 0;
  #rows = 0;

  constructor(host: string, format: FormatId, channel: string, samples = ownSamples()) {
    this.host = host;
    this.format = format;
    this.channel = channel;
    this.samples = samples;
  }

  /** Counts rows [from, to) of a batch in, all of them this source's; settle() comes when the batch ends. */
  touch(batch: Batch, words: Int32Array, from: number, to: number): void {
    const undated = this.spans.touch(words, from, to);
    this.events += to - from;
    this.undated += undated;
    this.#from = Math.min(this.#from, from);
    this.#to = to;
    this.#rows += to - from;
    if (undated === to - from && undated > 0) this.#keepUndated(batch, from);
  }

  /** Keeps what the rows touched since the last call; gives what they add to their file. */
  settle(batch: Batch): FileSpan {
    const rows = [this.#from, this.#to] as const;
    const file = fileSpanOf(batch, rows, this.#rows, this.spans.settle(batch));
    this.#from = Number.POSITIVE_INFINITY;
    this.#rows = 0;
    return file;
  }

  /** The count so far, valid until the next change. */
  state(): SourceState {
    const { host, format, channel, events, undated, undatedAt, spans, samples } = this;
    const [files, joins] = [samples.files.state(), samples.joins.state()];
    return {
      host,
      format,
      channel,
      spans: spans.state(),
      events,
      undated,
      undatedAt,
      files,
      joins,
    };
  }

  /** Takes over the count of a source that turned out to be the same one, but for its samples, which share budgets. */
  absorb(other: SourceState): void {
    this.spans.absorb(other.spans);
    this.events += other.events;
    this.undated += other.undated;
    this.undatedAt = earlier(this.undatedAt, other.undatedAt);
  }

  /** Takes over the samples of such a source. */
  absorbSamples({ files, joins }: SourceState): void {
    this.samples.files.absorb(files);
    this.samples.joins.absorb(joins);
  }

  #keepUndated(batch: Batch, row: number): void {
    if (this.spans.size === 0) this.undatedAt = earlier(this.undatedAt, markOf(batch, row));
  }
}

/** All sources, sharing one budget of spans, one of files and one of request ids. */
export class Sources {
  readonly #all: Source[] = [];
  readonly #first: ReadonlySet<string>;
  readonly #byName = new Map<FormatId, Map<string, Map<string, Source>>>();
  /** The most spans that one source may have now; halves when all together want more than the budget. */
  #share = SHARE_MAX;
  /** Spans that are wanted: a widened source wants its whole share. */
  #wanted = 0;
  readonly #files = new SamplePool(FILES_MAX, FILES_OF_SOURCE_MAX, joinFiles);
  readonly #joins = new SamplePool(JOINS_MAX, JOINS_OF_SOURCE_MAX, earlierMark);
  /** Records of sources beyond SOURCES_MAX. */
  uncounted = 0;

  /** Half of the places are kept for sources of the hosts `first`, where any are named. */
  constructor(first: ReadonlySet<string>) {
    this.#first = first;
  }

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
        this.#join(source, batch, from, to);
      }
    }
    for (const source of touched) this.#settle(source, batch);
  }

  #join(source: Source, batch: Batch, from: number, to: number): void {
    const { joins } = source.samples;
    this.#joins.grow(joins, () =>
      findJoins(batch, from, to, (id, mark) => {
        if (joins.takes(id)) joins.put(id, mark());
      }),
    );
  }

  #settle(source: Source, batch: Batch): void {
    const { files } = source.samples;
    this.#grow(source, () => {
      const file = source.settle(batch);
      this.#files.grow(files, () => files.put(fileKey(file.place), file));
    });
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
      else this.#absorbInto(source, state);
    }
  }

  #absorbInto(source: Source, state: SourceState): void {
    const { files, joins } = source.samples;
    this.#grow(source, () => source.absorb(state));
    this.#files.grow(files, () => files.absorb(state.files));
    this.#joins.grow(joins, () => joins.absorb(state.joins));
  }

  values(): Iterable<Source> {
    return this.#all;
  }

  #sourceOf(format: FormatId, host: string, channel: string): Source | null {
    const known = this.#byName.get(format)?.get(host)?.get(channel);
    if (known !== undefined) return known;
    const kept = this.#first.size > 0 && !this.#first.has(host) ? SOURCES_MAX / 2 : 0;
    if (this.#all.length >= SOURCES_MAX - kept) return null;
    const samples = { files: this.#files.make(), joins: this.#joins.make() };
    const made = new Source(host, format, channel, samples);
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
  return earlierMark(a, b);
}

function earlierMark(a: Mark, b: Mark): Mark {
  return byMark(a, b) <= 0 ? a : b;
}
