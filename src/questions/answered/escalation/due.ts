/**
 * Which messages about findings that nobody answered are due: a function of findings, steps, deliveries and a moment, so that a restart
 * repeats nothing. Refuses to write to anybody about what is answered, and to flood: what is due to one recipient is one message.
 */
import { TICKS_PER_SECOND, type Ticks } from "../../../base/time.ts";
import { byCodeUnits } from "../../../base/text.ts";
import { LEVELS, type Level } from "../../../model/detection.ts";
import type { Delivery, EscalationStep, Recipient } from "../../../model/escalation.ts";
import type { StandingFinding } from "../../../model/finding.ts";
import { recipientKey } from "./recipients.ts";

/** A delivery with its place in the journal: the order of acts is proven, their times are what a clock said. */
export interface PlacedDelivery extends Delivery {
  /** Index of the act; what one message was about shares it. */
  readonly entry: number;
}

/** What is known when somebody asks what is due. */
export interface EscalationMatter {
  readonly findings: readonly StandingFinding[];
  readonly steps: readonly EscalationStep[];
  /** In the order of recording. */
  readonly deliveries: readonly PlacedDelivery[];
  /**
   * By finding: the index in the journal of the last answer to it that counted. What was sent before belongs to that answer, and what is open
   * again begins anew.
   */
  readonly answers: ReadonlyMap<string, number>;
}

/** A finding in a message, and the step that calls for it. */
export interface Concern {
  readonly finding: StandingFinding;
  readonly step: number;
}

/** One message that is due; `about` has the gravest first, and a finding twice where two steps call for it. */
export interface DueMessage {
  readonly to: Recipient;
  readonly about: readonly Concern[];
}

/** A recipient that failed is left alone for this long, then twice as long, up to the longest. */
const PAUSE_FIRST = 60n * TICKS_PER_SECOND;
const PAUSE_MAX = 3600n * TICKS_PER_SECOND;
/** What is recorded to happen later than this from now was dated by a clock that has been set back since. */
const CLOCK_TRUSTED = 3600n * TICKS_PER_SECOND;

/** The messages that are due at `now`, one for each recipient, in the order of the steps. */
export function dueMessages(matter: EscalationMatter, now: Ticks): readonly DueMessage[] {
  const { steps } = matter;
  const records = recordsOf(matter);
  const waiting = matter.findings
    .filter(({ state }) => state !== "answered")
    .toSorted((a, b) => weight(b.level) - weight(a.level) || byCodeUnits(a.id, b.id));
  const messages = new Map<string, { readonly to: Recipient; readonly about: Concern[] }>();
  for (const [at, step] of steps.entries()) {
    const concerned = waiting.filter((finding) => hasReached(finding, step, now));
    for (const [key, to] of new Map(step.to.map((to) => [recipientKey(to), to]))) {
      const record = records.get(key);
      if (record !== undefined && isPaused(record, now)) continue;
      for (const finding of concerned) {
        if (!isCalledFor(step, record?.sent.get(placeOf(finding.id, at)), now)) continue;
        const message = messages.get(key) ?? { to, about: [] };
        message.about.push({ finding, step: at });
        messages.set(key, message);
      }
    }
  }
  return [...messages.values()].map(({ to, about }) => ({
    to,
    about: about.sort((a, b) => weight(b.finding.level) - weight(a.finding.level)),
  }));
}

/** What became of messages to one recipient. */
interface DeliveryRecord {
  /** By finding and step: when a message about it was sent last. */
  readonly sent: Map<string, Ticks>;
  /** Messages that failed since the last that was sent. */
  failed: number;
  /** When the last message failed or was sent, and its place in the journal. */
  last: Ticks;
  entry: number;
}

function recordsOf({
  findings,
  deliveries,
  answers,
}: EscalationMatter): ReadonlyMap<string, DeliveryRecord> {
  const reopened = findings.filter(({ state }) => state === "reopened");
  const begins = new Map(reopened.map(({ id }) => [id, answers.get(id) ?? -1]));
  const records = new Map<string, DeliveryRecord>();
  for (const { finding, step, to, at, entry, outcome } of deliveries) {
    const key = recipientKey(to);
    const record = records.get(key) ?? { sent: new Map(), failed: 0, last: at, entry: -1 };
    records.set(key, record);
    if (outcome === "sent") {
      record.failed = 0;
      if (entry > (begins.get(finding) ?? -1)) record.sent.set(placeOf(finding, step), at);
      // One message is about many findings; it fails once.
    } else if (record.entry !== entry) record.failed++;
    record.last = at;
    record.entry = entry;
  }
  return records;
}

function placeOf(finding: string, step: number): string {
  return `${step}/${finding}`;
}

function isPaused({ failed, last }: DeliveryRecord, now: Ticks): boolean {
  if (failed === 0) return false;
  const doubled = PAUSE_FIRST << BigInt(Math.min(failed - 1, 10));
  return !hasPassed(doubled < PAUSE_MAX ? doubled : PAUSE_MAX, last, now);
}

function hasReached({ level, opened }: StandingFinding, step: EscalationStep, now: Ticks): boolean {
  if (opened === null || weight(level) < weight(step.level)) return false;
  return hasPassed(ticksOfHours(step.afterHours), opened, now);
}

function isCalledFor({ everyHours }: EscalationStep, sent: Ticks | undefined, now: Ticks): boolean {
  if (sent === undefined) return true;
  return everyHours !== null && hasPassed(ticksOfHours(everyHours), sent, now);
}

/** Whether so long has passed since then. How long ago it was that a wrong clock dated nobody knows: one message too many is better than none. */
function hasPassed(span: bigint, then: Ticks, now: Ticks): boolean {
  return now >= then + span || now < then - CLOCK_TRUSTED;
}

function ticksOfHours(hours: number): bigint {
  return BigInt(Math.round(hours * 3600)) * TICKS_PER_SECOND;
}

function weight(level: Level): number {
  return LEVELS.indexOf(level);
}
