/**
 * How findings stand: what people did, held against what a run found. Refuses to take for an answer what is none: a determination
 * that is unknown, one reason given to many findings at once, an answer that covers less than there is (docs/design/findings.md).
 */
import { TICKS_PER_HOUR, TICKS_PER_SECOND, type Ticks, toTicks } from "../../base/time.ts";
import { count } from "../../engines/wording/index.ts";
import type { FindingAct, FindingAnswer } from "../../model/answer.ts";
import type { Level } from "../../model/detection.ts";
import type { Finding, StandingFinding } from "../../model/finding.ts";

/** What the journal says of findings; `opened`: when a run told of each id first. */
export interface FindingHistory {
  readonly opened: ReadonlyMap<string, Ticks>;
  readonly acts: readonly FindingAct[];
}

/** Nobody did anything yet. */
export const NO_HISTORY: FindingHistory = { opened: new Map(), acts: [] };

/** By level: within how many hours a finding is to be answered. */
export type AnswerHours = Readonly<Record<Level, number>>;

/** One reason given to more findings than this within a minute is a bulk closure. */
const BULK_MAX = 5;
const BULK_SPAN = 60n * TICKS_PER_SECOND;

/** What an answer of a finding must cover. A finding without detections has a mark of its own, which changes when it gets graver. */
export function coveredBy({ id, level, detections }: Finding): readonly string[] {
  return detections.length > 0 ? detections : [`${id}/${level}`];
}

/** The findings as they stand. */
export function standFindings(
  findings: readonly Finding[],
  { opened, acts }: FindingHistory,
  hours: AnswerHours,
): readonly StandingFinding[] {
  const bulk = bulkAnswers(acts);
  const byFinding = Map.groupBy(acts, ({ finding }) => finding);
  const known = { bulk, covers: coverage(acts, bulk), places: placesOf(acts) };
  return findings.map((finding) => {
    const own = byFinding.get(finding.id) ?? [];
    const since = opened.get(finding.id) ?? null;
    const due =
      since === null ? null : toTicks(since + BigInt(hours[finding.level]) * TICKS_PER_HOUR);
    return { ...finding, opened: since, ...stand(finding, own, known, due) };
  });
}

/** Every answer that counts, in the order of recording: neither of an unknown determination, nor given to many at once. */
export function countingAnswers(acts: readonly FindingAct[]): readonly FindingAnswer[] {
  const bulk = bulkAnswers(acts);
  return ownAnswers(acts).filter((answer) => doesCount(answer, bulk));
}

type Stand = Pick<StandingFinding, "state" | "owner" | "due" | "answer" | "stateWhy">;

/** What is known of all acts. */
interface Known {
  readonly bulk: ReadonlySet<FindingAnswer>;
  /** By what is covered: the last answer that counts. */
  readonly covers: ReadonlyMap<string, FindingAnswer>;
  readonly places: Places;
}

/** The place of each act, or of its answer, in the order of recording: that is proven, and times are what a clock said. */
type Places = ReadonlyMap<FindingAct | FindingAnswer, number>;

function placesOf(acts: readonly FindingAct[]): Places {
  return new Map(acts.map((act, at) => [act.kind === "answered" ? act.answer : act, at]));
}

/** Whether something was recorded later than an act; everything is later than none. */
function isLater(
  places: Places,
  each: FindingAct | FindingAnswer,
  than: FindingAct | undefined,
): boolean {
  return than === undefined || (places.get(each) ?? -1) > (places.get(than) ?? -1);
}

function stand(
  finding: Finding,
  acts: readonly FindingAct[],
  { bulk, covers, places }: Known,
  due: Ticks | null,
): Stand {
  const reopened = acts.findLast((act) => act.kind === "reopened");
  const answers = coveredBy(finding).map((mark) => covers.get(mark));
  const counting = answers.filter(
    (answer) => answer !== undefined && isLater(places, answer, reopened),
  );
  const last = latest(
    counting.flatMap((answer) => answer ?? []),
    places,
  );
  const left = answers.length - counting.length;
  if (left === 0 && last !== null)
    return { state: "answered", owner: last.by, due: null, answer: last, stateWhy: "" };
  const owner = ownerOf(acts, reopened, places);
  const before = latest(
    [...answers.flatMap((answer) => answer ?? []), ...ownAnswers(acts)],
    places,
  );
  if (before === null)
    return { state: owner === null ? "open" : "taken", owner, due, answer: null, stateWhy: "" };
  const why =
    reopened?.kind === "reopened" && !isLater(places, before, reopened)
      ? `${reopened.by} opened it again: ${reopened.reason}`
      : whyNot(before, bulk, left, answers.length);
  // An answer that never counted closed nothing, and so nothing is open again.
  const wasAnswered =
    reopened !== undefined ||
    counting.length > 0 ||
    ownAnswers(acts).some((answer) => doesCount(answer, bulk));
  const state = wasAnswered ? "reopened" : owner === null ? "open" : "taken";
  return { state, owner, due, answer: null, stateWhy: why };
}

function whyNot(
  before: FindingAnswer,
  bulk: ReadonlySet<FindingAnswer>,
  left: number,
  total: number,
): string {
  if (bulk.has(before))
    return `${before.by} gave one reason to many findings at once: that answers none of them`;
  if (before.determination === "unknown")
    return `${before.by} could not tell what it is: that is no answer`;
  return left === total
    ? "the answer does not cover what is there now"
    : `${count(left, "detection")} came that no answer covers`;
}

function ownAnswers(acts: readonly FindingAct[]): FindingAnswer[] {
  return acts.flatMap((act) => (act.kind === "answered" ? [act.answer] : []));
}

/** The last one who took it since it was opened again. */
function ownerOf(
  acts: readonly FindingAct[],
  reopened: FindingAct | undefined,
  places: Places,
): string | null {
  const taken = acts.findLast((act) => act.kind === "taken" && isLater(places, act, reopened));
  return taken?.kind === "taken" ? taken.by : null;
}

function doesCount(answer: FindingAnswer, bulk: ReadonlySet<FindingAnswer>): boolean {
  return answer.determination !== "unknown" && !bulk.has(answer);
}

/** By what is covered: the last answer that counts. */
function coverage(
  acts: readonly FindingAct[],
  bulk: ReadonlySet<FindingAnswer>,
): ReadonlyMap<string, FindingAnswer> {
  const covers = new Map<string, FindingAnswer>();
  for (const answer of ownAnswers(acts))
    if (doesCount(answer, bulk)) for (const mark of answer.covers) covers.set(mark, answer);
  return covers;
}

/** Answers that one person gave with the same words to more than a handful of findings within a minute. */
function bulkAnswers(acts: readonly FindingAct[]): ReadonlySet<FindingAnswer> {
  const bulk = new Set<FindingAnswer>();
  const alike = Map.groupBy(
    acts.flatMap((act) => (act.kind === "answered" ? [act] : [])),
    ({ answer }) => JSON.stringify([answer.by, answer.reason.trim().toLowerCase()]),
  );
  for (const group of alike.values()) {
    let from = 0;
    let marked = 0;
    const within = new Map<string, number>();
    for (const [at, { finding, answer }] of group.entries()) {
      within.set(finding, (within.get(finding) ?? 0) + 1);
      for (; from < at && spanOf(answer.at - timeAt(group, from)) > BULK_SPAN; from++)
        drop(within, group[from]?.finding ?? "");
      if (within.size <= BULK_MAX) continue;
      for (marked = Math.max(marked, from); marked <= at; marked++) {
        const each = group[marked];
        if (each !== undefined) bulk.add(each.answer);
      }
    }
  }
  return bulk;
}

type Answered = Extract<FindingAct, { readonly kind: "answered" }>;

function timeAt(group: readonly Answered[], at: number): bigint {
  return group[at]?.answer.at ?? 0n;
}

/** A clock may have been set back between two answers. */
function spanOf(span: bigint): bigint {
  return span < 0n ? -span : span;
}

function drop(counts: Map<string, number>, finding: string): void {
  const left = (counts.get(finding) ?? 0) - 1;
  if (left > 0) counts.set(finding, left);
  else counts.delete(finding);
}

function latest(answers: readonly FindingAnswer[], places: Places): FindingAnswer | null {
  let last: FindingAnswer | null = null;
  let at = -1;
  for (const each of answers) {
    const place = places.get(each) ?? -1;
    if (place < at) continue;
    [last, at] = [each, place];
  }
  return last;
}
