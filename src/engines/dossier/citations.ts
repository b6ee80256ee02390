/**
 * Which record stands where: numbers (R1, R2 …) in order of time, anchors from the event key, and the places
 * that cite each record. A reference to a record that is not in the dossier is written out, never a dead link.
 */
import { createHash } from "node:crypto";
import { type Day, formatDay } from "../../base/day.ts";
import { byCodeUnits } from "../../base/text.ts";
import type { Dossier } from "../../model/dossier.ts";
import type { Event, EventKey, EventReference } from "../../model/event.ts";
import { LIMITS } from "./limits.ts";
import { html, type SafeHtml } from "./markup.ts";
import { shownPatches } from "./patch-shown.ts";
import { fullName } from "./patch-words.ts";
import { grouped } from "./words.ts";

/** A place of this page that cites records. */
export interface Citation {
  readonly anchor: string;
  readonly label: string;
}

/** A record of the appendix with its number, anchor and citing places. */
export interface NumberedRecord {
  readonly event: Event;
  readonly number: number;
  readonly anchor: string;
  readonly cited: readonly Citation[];
}

export type RecordIndex = ReadonlyMap<EventKey, NumberedRecord>;

/** Numbers the dossier's records; over the limit, those that statements lead to come first. */
export function indexRecords(dossier: Dossier): RecordIndex {
  const cited = new Map<EventKey, Citation[]>();
  for (const [citation, references] of citationsIn(dossier)) {
    for (const { key } of references.slice(0, LIMITS.references)) {
      const places = cited.get(key);
      if (places === undefined) cited.set(key, [citation]);
      else if (places.length < LIMITS.references) places.push(citation);
    }
  }
  const distinct = [...new Map(dossier.records.map((event) => [event.key, event])).values()];
  const rank = new Map([...cited.keys()].map((key, at) => [key, at]));
  const last = rank.size;
  const kept = distinct
    .toSorted((a, b) => (rank.get(a.key) ?? last) - (rank.get(b.key) ?? last))
    .slice(0, LIMITS.records)
    .toSorted(inTime);
  return new Map(
    kept.map((event, at) => [
      event.key,
      { event, number: at + 1, anchor: anchorOf(event.key), cited: cited.get(event.key) ?? [] },
    ]),
  );
}

/** Chips that lead to the records; a few, and how many more there are. */
export function chips(index: RecordIndex, references: readonly EventReference[]): SafeHtml | null {
  const distinct = [...new Map(references.map((one) => [one.key, one])).values()];
  if (distinct.length === 0) return null;
  const shown = distinct.slice(0, LIMITS.references).map((reference) => chip(index, reference));
  const more = distinct.length - shown.length;
  const rest = more === 0 ? null : html`<span class="more">and ${grouped(more)} more</span>`;
  return html`<span class="chips">${shown}${rest}</span>`;
}

function chip(index: RecordIndex, reference: EventReference): SafeHtml {
  const record = index.get(reference.key);
  if (record === undefined) {
    return html`<span class="chip away">${reference.file}, record ${reference.record}, byte ${grouped(reference.offset)}</span>`;
  }
  return html`<a class="chip" href="#${record.anchor}" title="${reference.file}, record ${reference.record}">R${record.number}</a>`;
}

/** 128 bits of the hash of the event key: the same in every dossier that holds the record. */
function anchorOf(key: EventKey): string {
  return `r-${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}

function inTime(a: Event, b: Event): number {
  return a.ticks < b.ticks ? -1 : a.ticks > b.ticks ? 1 : byCodeUnits(a.key, b.key);
}

/** Every place that shows references, under the anchor that its section gives it; weightiest first. */
function* citationsIn(dossier: Dossier): Iterable<[Citation, readonly EventReference[]]> {
  for (const { question, statements } of dossier.answers) {
    for (const [at, statement] of statements.slice(0, LIMITS.statements).entries()) {
      const label = `${QUESTION_NUMBERS[question]}.${at + 1}`;
      yield [{ anchor: statementAnchor(question, at), label }, statement.at];
    }
  }
  yield* citedByUpdates(dossier);
  for (const [at, ladder] of dossier.cause.ladders.entries()) {
    const references = ladder.steps.flatMap((step) => step.at.slice(0, LIMITS.references));
    for (const reference of references) {
      yield [{ anchor: `ladder-${at + 1}`, label: `ladder of ${ladder.host}` }, [reference]];
    }
  }
  yield* citedByIntrusion(dossier);
  for (const [at, entry] of dossier.cause.timeline.slice(0, LIMITS.timeline).entries()) {
    yield [{ anchor: `timeline-${at + 1}`, label: `timeline row ${at + 1}` }, entry.at];
  }
  for (const [at, finding] of dossier.findings.slice(0, LIMITS.findings).entries()) {
    yield [{ anchor: `finding-${at + 1}`, label: `finding ${at + 1}` }, finding.examples];
  }
}

/** Chains, what can have left, what changed since; then the days before the discovery, and canaries. */
function* citedByIntrusion(dossier: Dossier): Iterable<[Citation, readonly EventReference[]]> {
  const { cause, takings, aftermaths, missed, canaries } = dossier;
  for (const [at, { links }] of cause.chains.slice(0, LIMITS.chains).entries())
    for (const link of links.slice(0, LIMITS.links))
      yield [{ anchor: `chain-${at + 1}`, label: `way in ${at + 1}` }, link.at];
  for (const [at, taking] of takings.slice(0, LIMITS.takings).entries())
    yield [{ anchor: `taking-${at + 1}`, label: `what can have left, ${at + 1}` }, taking.at];
  for (const [at, { host, checks }] of aftermaths.slice(0, LIMITS.aftermaths).entries())
    for (const { changes } of checks)
      for (const change of changes.slice(0, LIMITS.changes))
        yield [{ anchor: `aftermath-${at + 1}`, label: `changes since, on ${host}` }, [change.at]];
  for (const { day, signals } of missed?.days.slice(0, LIMITS.missedDays) ?? [])
    for (const signal of signals.slice(0, LIMITS.daySignals))
      yield [{ anchor: dayAnchor(day), label: `visible on ${formatDay(day)}` }, signal.at];
  for (const [at, { seen }] of canaries.slice(0, LIMITS.canaries).entries())
    for (const sight of seen)
      yield [{ anchor: `canary-${at + 1}`, label: `canary ${at + 1}` }, [sight.at]];
}

/** Where a day of the calendar of missed signals stands. */
export function dayAnchor(day: Day): string {
  return `day-${formatDay(day)}`;
}

function* citedByUpdates({ patches }: Dossier): Iterable<[Citation, readonly EventReference[]]> {
  for (const { host, anchor, unfixed } of shownPatches(patches).hosts) {
    for (const { at } of host.remarks) yield [{ anchor, label: `remark on ${host.host}` }, at];
    for (const { item, anchor: row } of unfixed)
      yield [{ anchor: row, label: `${fullName(item)} on ${host.host}` }, item.at];
  }
}

/** The number of each question's section. */
export const QUESTION_NUMBERS = {
  patched: 1,
  answered: 2,
  cause: 3,
  people: 4,
  duties: 5,
} as const;

/** Where a statement stands. */
export function statementAnchor(question: keyof typeof QUESTION_NUMBERS, at: number): string {
  return `statement-${QUESTION_NUMBERS[question]}-${at + 1}`;
}
