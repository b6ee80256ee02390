/**
 * Coverage of all evidence: which records of which logs are here, from when until when, with which holes.
 * Every "not seen" of every question is said over this. Order of reading decides nothing (docs/design/coverage.md).
 */
import { UNDATED, readableSpan } from "../../base/time.ts";
import { byCodeUnits } from "../../base/text.ts";
import { callSource, count, nameHosts } from "../../engines/wording/index.ts";
import type { CaseHost } from "../../model/case-file.ts";
import type { ClockChange, Coverage, LogCleared, SourceCoverage } from "../../model/coverage.ts";
import type { Batch, EventReference } from "../../model/event.ts";
import { clearedBy, tellsOfClearing, withCleared } from "./coverage-cleared.ts";
import { clockChangedBy } from "./coverage-clock-changes.ts";
import { EXPECTING_HOSTS_MAX, type ExpectedKnowledge, expectedOf } from "./coverage-expected.ts";
import { absentNumbers, fileNumbers, type Numbers, rotationOf } from "./coverage-files.ts";
import { STATE_FORMATS } from "../../model/evidence.ts";
import { judgeRhythm } from "./coverage-rhythm.ts";
import { ExchangeAnswers } from "./coverage-roles.ts";
import { known } from "../../base/assert.ts";
import { Source, SOURCES_MAX, Sources, type SourcesState } from "./coverage-sources.ts";
import { type FileFacts, NO_FILE_FACTS, skewsOf } from "./coverage-skew.ts";
import { referenceTo, type Span } from "./coverage-spans.ts";

/** What a collector has counted, as data: for another thread, or for the next day. */
export interface CoverageState {
  readonly sources: SourcesState;
  readonly answers: ReadonlyMap<string, ReadonlySet<string>>;
  readonly cleared: readonly LogCleared[];
  readonly clearings: number;
  readonly clockChanges: readonly ClockChange[];
  readonly changes: number;
}

/** Counts batches while they are read; finished once, when all are. */
export interface CoverageCollector {
  /** Counts every row of a batch in: 50 M rows/s and more for rows of one log; the batch is not kept. */
  add(batch: Batch): void;
  /** Whether records of sources beyond the limit were left out. */
  readonly overflowed: boolean;
  /** What was counted so far, valid until the next call. */
  state(): CoverageState;
  /** Counts in what another collector has counted: in whatever order, the coverage is the same. */
  absorb(state: CoverageState): void;
  /** The coverage of all that was added. `hosts` are the case file's; `facts` what is known of files beyond their records. */
  finish(expected: ExpectedKnowledge, hosts: readonly CaseHost[], facts?: FileFacts): Coverage;
}

/** Clearings, and changes of clocks, beyond this many are counted: a forged log can hold millions. */
const CLEARINGS_MAX = 1000;

/** A collector that has seen nothing; where sources are too many, those of the hosts `first` go before others. */
export function createCoverage(first: ReadonlySet<string> = new Set()): CoverageCollector {
  const sources = new Sources(first);
  const answers = new ExchangeAnswers();
  const cleared: LogCleared[] = [];
  let clearings = 0;
  const clockChanges: ClockChange[] = [];
  let changes = 0;

  function findTold(batch: Batch, channel: string, from: number, to: number): void {
    for (let row = from; row < to; row++) {
      const clearing = clearedBy(batch, row, channel);
      if (clearing !== null && ++clearings <= CLEARINGS_MAX) cleared.push(clearing);
      const change = clockChangedBy(batch, row, channel);
      if (change !== null && ++changes <= CLEARINGS_MAX) clockChanges.push(change);
    }
  }

  return {
    add(batch) {
      sources.add(batch, (host, channel, from, to) => {
        if (batch.format === "iis") answers.look(batch, host, from, to);
        if (tellsOfClearing(batch, channel)) findTold(batch, channel, from, to);
      });
    },
    get overflowed() {
      return sources.uncounted > 0;
    },
    state: () => ({
      sources: sources.state(),
      answers: answers.state(),
      cleared,
      clearings,
      clockChanges,
      changes,
    }),
    absorb(state) {
      sources.absorb(state.sources);
      answers.absorb(state.answers);
      clearings += state.clearings;
      cleared.push(...state.cleared.slice(0, Math.max(0, CLEARINGS_MAX - cleared.length)));
      changes += state.changes;
      const room = Math.max(0, CLEARINGS_MAX - clockChanges.length);
      clockChanges.push(...state.clockChanges.slice(0, room));
    },
    finish(expected, hosts, facts = NO_FILE_FACTS) {
      const limits = limitsOf(sources, clearings, changes);
      const seen = [...sources.values(), ...cleared, ...clockChanges].map(({ host }) => host);
      const nameOf = nameHosts(hosts, seen);
      const joined = joinByHost(sources, nameOf);
      const named = byTime(cleared, nameOf);
      const numbers = fileNumbers(joined.map(({ samples }) => samples.files.state()));
      const told = tellSources(joined, named, numbers);
      const exchange = new Set(answers.hosts().map(nameOf));
      if (new Set(told.map(({ host }) => host)).size > EXPECTING_HOSTS_MAX)
        limits.push(`Missing evidence is listed for the first ${EXPECTING_HOSTS_MAX} hosts.`);
      limits.push(...joined.filter(({ spans }) => spans.widened).map(widenedWords));
      limits.push(...extractWords(joined, numbers));
      return {
        sources: told,
        cleared: named,
        skews: skewsOf(joined.map(clockedOf), facts),
        clockChanges: byTime(clockChanges, nameOf),
        expected: expectedOf(expected, hosts, told, (host) => exchange.has(host)),
        limits,
      };
    },
  };
}

/** With the hosts' one names, in order of time. */
function byTime<T extends LogCleared | ClockChange>(
  told: readonly T[],
  nameOf: (host: string) => string,
): readonly T[] {
  return told
    .map((item) => ({ ...item, host: nameOf(item.host) }))
    .sort((a, b) => compare(a.ticks, b.ticks) || byCodeUnits(a.at.key, b.at.key));
}

function clockedOf({ host, format, channel, samples }: Source) {
  return { host, format, channel, files: samples.files.state(), joins: samples.joins.state() };
}

/** Sources whose hosts turn out to be one become one; ordered by host, format and channel. */
function joinByHost(sources: Sources, nameOf: (host: string) => string): Source[] {
  const joined = new Map<string, Source>();
  for (const source of sources.values()) {
    const host = nameOf(source.host);
    const key = `${host}\n${source.format}\n${source.channel}`;
    const into = joined.get(key) ?? new Source(host, source.format, source.channel);
    const state = source.state();
    into.absorb(state);
    into.absorbSamples(state);
    joined.set(key, into);
  }
  return [...joined].sort(([a], [b]) => byCodeUnits(a, b)).map(([, source]) => source);
}

function tellSources(
  sources: readonly Source[],
  cleared: readonly LogCleared[],
  numbers: ReadonlyMap<string, Numbers>,
): SourceCoverage[] {
  const spansOf = new Map<Source, readonly Span[]>();
  const told = sources.map((source) => {
    const spans = source.spans.inOrder();
    spansOf.set(source, spans);
    return tell(source, spans, numbers);
  });
  const clearedHosts = new Set(cleared.map(({ host }) => host));
  return told.map((coverage, at) => {
    const source = sources[at];
    if (source === undefined || !clearedHosts.has(coverage.host)) return coverage;
    const own = cleared.filter(
      ({ host, log }) => host === coverage.host && log === coverage.channel,
    );
    if (own.length === 0) return coverage;
    const others = told
      .filter(
        (other) =>
          other.host === coverage.host && other !== coverage && !STATE_FORMATS.has(other.format),
      )
      .sort((a, b) => compare(a.first, b.first));
    const spans = spansOf.get(source) ?? [];
    return withCleared(coverage, own, others, (ticks) => lastBefore(spans, ticks));
  });
}

function tell(
  source: Source,
  spans: readonly Span[],
  numbers: ReadonlyMap<string, Numbers>,
): SourceCoverage {
  const { host, format, channel, events, undated } = source;
  const first = spans[0]?.first ?? source.undatedAt;
  const last = spans.at(-1)?.last ?? source.undatedAt;
  const { longest, gaps } = STATE_FORMATS.has(format)
    ? { longest: null, gaps: [] }
    : judgeRhythm(spans, source.spans.widthTicks);
  return {
    host,
    format,
    channel,
    events,
    undated,
    first: first?.ticks ?? UNDATED,
    last: last?.ticks ?? UNDATED,
    firstAt: referenceTo(known(first, "a source has a record")),
    lastAt: referenceTo(known(last, "a source has a record")),
    rhythm: longest,
    gaps,
    rotation: rotationOf(format, source.samples.files.state(), numbers),
  };
}

/** The last record that is known to stand before a time. */
function lastBefore(
  spans: readonly Span[],
  ticks: bigint,
): { ticks: bigint; at: EventReference } | null {
  const span = spans.findLast(({ first }) => first.ticks < ticks);
  if (span === undefined) return null;
  const mark = span.last.ticks < ticks ? span.last : span.first;
  return { ticks: mark.ticks, at: referenceTo(mark) };
}

function limitsOf(sources: Sources, clearings: number, changes: number): string[] {
  const limits: string[] = [];
  if (sources.uncounted > 0)
    limits.push(
      `Coverage follows ${count(SOURCES_MAX, "log")} at most, those of hosts with detections first; ${count(sources.uncounted, "record")} of further logs are not in it.`,
    );
  if (clearings > CLEARINGS_MAX)
    limits.push(`The first ${CLEARINGS_MAX} of ${count(clearings, "cleared log")} are listed.`);
  if (changes > CLEARINGS_MAX)
    limits.push(`The first ${CLEARINGS_MAX} of ${count(changes, "change")} of clocks are listed.`);
  return limits;
}

/** Extracts that one sentence names; the rest are counted. */
const EXTRACTS_NAMED_MAX = 6;

/** An extract speaks for what was chosen, and not for what was left out: no "not seen" reaches over that. */
function extractWords(sources: readonly Source[], numbers: ReadonlyMap<string, Numbers>): string[] {
  const extracts = sources.flatMap((source) => {
    const absent = absentNumbers(source.samples.files.state(), numbers);
    if (absent === null) return [];
    return [
      `${callSource(source)} (${count(absent.records, "record")} of ${count(absent.numbers, "number")})`,
    ];
  });
  if (extracts.length === 0) return [];
  const more = extracts.length - EXTRACTS_NAMED_MAX;
  const named = extracts.slice(0, EXTRACTS_NAMED_MAX).join("; ");
  return [
    `Extracts, or damaged: numbers between the records of their files are absent, and what had them is not known: ${named}${more > 0 ? `; and ${count(more, "further log")}` : ""}.`,
  ];
}

function widenedWords(source: Source): string {
  const { spans } = source;
  return `The records of ${callSource(source)} are spread so widely that silences shorter than ${readableSpan(spans.widthTicks)} cannot be told.`;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
