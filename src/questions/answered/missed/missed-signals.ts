/**
 * The calendar of missed signals: from the first sign to the discovery, day by day, what was visible, in which tool, and who answered
 * (docs/design/missed-signals.md). A pure function, whatever the order of its input. Refuses to count a copy of a record twice, and
 * to take for an answer what covers only a part.
 */
import { type Day, dayOfTicks } from "../../../base/day.ts";
import { byCodeUnits } from "../../../base/text.ts";
import type { Ticks } from "../../../base/time.ts";
import type { FindingAnswer } from "../../../model/answer.ts";
import type { SourceCoverage } from "../../../model/coverage.ts";
import { type Detection, type DetectionId, LEVELS } from "../../../model/detection.ts";
import type { IncidentEvent } from "../../../model/duty.ts";
import type { EventReference } from "../../../model/event.ts";
import type { StandingFinding } from "../../../model/finding.ts";
import type { MissedSignals, Signal, SignalDay } from "../../../model/missed-signals.ts";
import { byTime, higherLevel } from "../findings.ts";
import { rungOf, signsAmong } from "./signs.ts";
import { type SeenIn, type Tools, tellTools } from "./tools.ts";

/** What the calendar is made from. */
export interface MissedInput {
  /** Without what canaries left. */
  readonly detections: readonly Detection[];
  readonly findings: readonly StandingFinding[];
  /** Detections that are a stated test's, and whose test it was. */
  readonly tests: ReadonlyMap<DetectionId, string>;
  /** Answers that count, in order of time (countingAnswers). */
  readonly answers: readonly FindingAnswer[];
  readonly incident: readonly IncidentEvent[];
  /** Tells the format of a log by its channel. */
  readonly sources: readonly SourceCoverage[];
  readonly tools: Tools;
  readonly asOf: Ticks;
}

/** Records that one signal leads to; the finding has more. */
const EXAMPLES_MAX = 3;

/** The earliest moment at which somebody suspected or knew, as stated; null where nobody has recorded one until `asOf`. */
export function discoveryOf(incident: readonly IncidentEvent[], asOf: Ticks): Ticks | null {
  return incident
    .filter(({ kind, at }) => (kind === "suspected" || kind === "aware") && at <= asOf)
    .reduce<Ticks | null>((first, { at }) => (first === null || at < first ? at : first), null);
}

/** The calendar; null where nothing is a sign of an intrusion before the discovery. */
export function missedSignals(input: MissedInput): MissedSignals | null {
  const { detections, incident, asOf } = input;
  const discovery = discoveryOf(incident, asOf);
  const end = discovery ?? asOf;
  const unique = new Map(detections.map((detection) => [detection.id, detection]));
  const signs = signsAmong([...unique.values()], input.tests)
    .filter(({ ticks }) => ticks <= end)
    .toSorted(byTime);
  const from = signs[0] === undefined ? null : dayOfTicks(signs[0].ticks);
  const until = dayOfTicks(end);
  if (from === null || until === null) return null;
  const tell = teller(input, end);
  const days = Map.groupBy(signs, ({ ticks }) => dayOfTicks(ticks));
  return {
    from,
    discovered: discovery === null ? null : until,
    until,
    days: [...days].flatMap(([day, own]) => (day === null ? [] : [signalsOf(day, own, tell)])),
  };
}

/** What is known of every sign besides itself. */
interface Teller {
  readonly seenIn: (detection: Detection) => SeenIn;
  readonly findingOf: (detection: Detection) => { readonly id: string; readonly host: string };
  readonly answerTo: (signs: readonly Detection[]) => Signal["answered"];
}

function teller({ findings, answers, sources, tools }: MissedInput, end: Ticks): Teller {
  const seenIn = tellTools(tools, sources);
  const standing = new Map(
    findings.flatMap(({ id, host, detections }) => detections.map((own) => [own, { id, host }])),
  );
  // The first answer that covers a detection says when somebody looked; a later one says it again.
  const covered = new Map<string, FindingAnswer>();
  for (const answer of answers)
    for (const mark of answer.covers) if (!covered.has(mark)) covered.set(mark, answer);
  return {
    seenIn,
    findingOf: ({ id, host }) => standing.get(id) ?? { id: "", host },
    answerTo(signs) {
      let last: FindingAnswer | null = null;
      for (const { id } of signs) {
        const answer = covered.get(id);
        if (answer === undefined) return null;
        if (last === null || answer.at > last.at) last = answer;
      }
      return last === null ? null : { by: last.by, at: last.at, inTime: last.at <= end };
    },
  };
}

function signalsOf(day: Day, signs: readonly Detection[], tell: Teller): SignalDay {
  const kinds = Map.groupBy(signs, (sign) => {
    const { id, host } = tell.findingOf(sign);
    const tool = tell.seenIn(sign).called;
    return `${host.length}:${host}${tool.length}:${tool}${id.length}:${id}${sign.title}`;
  });
  const signals = [...kinds.values()].flatMap((own) => signalOf(own, tell) ?? []);
  return { day, signals: signals.sort(byGravity) };
}

function signalOf(signs: readonly Detection[], tell: Teller): Signal | null {
  const [first] = signs;
  if (first === undefined) return null;
  const { called, alarms } = tell.seenIn(first);
  const { id, host } = tell.findingOf(first);
  return {
    tool: called,
    alarms,
    host,
    what: first.title,
    level: signs.map(({ level }) => level).reduce(higherLevel),
    rung: rungOf(signs),
    count: countOnce(signs),
    finding: id,
    answered: tell.answerTo(signs),
    at: examplesOf(signs),
  };
}

/** The gravest first, then what alarms by itself, then by name. */
function byGravity(a: Signal, b: Signal): number {
  return (
    LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) ||
    Number(b.alarms) - Number(a.alarms) ||
    byCodeUnits(a.tool, b.tool) ||
    byCodeUnits(a.host, b.host) ||
    byCodeUnits(a.what, b.what) ||
    byCodeUnits(a.finding, b.finding)
  );
}

/**
 * How many there are without copies. A record with a name in the whole world counts once; of others, what reads alike in several
 * files is one log exported several times: as many as the file that has the most of them.
 */
function countOnce(signs: readonly Detection[]): number {
  const named = signs.filter(({ recordId }) => recordId !== undefined);
  const records = new Set(named.map(({ rule, recordId }) => `${rule.length}:${rule}${recordId}`));
  const byFile = Map.groupBy(
    signs.filter(({ recordId }) => recordId === undefined),
    ({ at: { key } }) => key.slice(0, key.lastIndexOf("/")),
  );
  return records.size + (byFile.size === 1 ? signs.length - named.length : countAlike(byFile));
}

function countAlike(byFile: ReadonlyMap<string, readonly Detection[]>): number {
  const most = new Map<string, number>();
  for (const own of byFile.values())
    for (const [signature, alike] of Map.groupBy(own, signatureOf))
      most.set(signature, Math.max(most.get(signature) ?? 0, alike.length));
  return [...most.values()].reduce((sum, count) => sum + count, 0);
}

function signatureOf({ rule, ticks, channel, fields }: Detection): string {
  return JSON.stringify([rule, channel, String(ticks), fields]);
}

function examplesOf(signs: readonly Detection[]): readonly EventReference[] {
  const references = new Map<string, EventReference>();
  for (const { at } of signs) {
    if (references.size >= EXAMPLES_MAX) break;
    if (!references.has(at.key)) references.set(at.key, at);
  }
  return [...references.values()];
}
