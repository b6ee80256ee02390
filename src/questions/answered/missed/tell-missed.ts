/** The calendar of missed signals in sentences for the answer. Refuses any number that the calendar does not hold. */
import { formatDay } from "../../../base/day.ts";
import { count, list, spell } from "../../../engines/wording/index.ts";
import type { Statement } from "../../../model/dossier.ts";
import type { StandingFinding } from "../../../model/finding.ts";
import type { MissedSignals, Signal, SignalDay } from "../../../model/missed-signals.ts";

/** Tools that a sentence names; the rest are counted. */
const TOOLS_NAMED_MAX = 5;
const EXAMPLES_MAX = 5;
const STREAKS_NAMED_MAX = 3;

/** The calendar in words: one sentence for a board, and the same with its records, tools and probes. */
export interface ToldMissed {
  /** "" where nothing but probes was visible, or nothing at all. */
  readonly headline: string;
  readonly statements: readonly Statement[];
}

/** From the first day on which more than probes was visible to the discovery; days of probes alone, which say less, are told last. */
export function tellMissed(
  missed: MissedSignals | null,
  findings: readonly StandingFinding[] = [],
): ToldMissed {
  if (missed === null) return { headline: "", statements: [] };
  const { graver, probes } = partDays(missed);
  const [first] = graver;
  if (first === undefined) return { headline: "", statements: tellProbes(missed, probes, "") };
  const text = `On ${graver.length} of ${count(missed.until - first.day + 1, "day")} from ${formatDay(first.day)} to ${endOf(missed)} more than probes was visible${streakWords(graver, findings)}; ${answeredWords(graver)}.`;
  return {
    headline: text,
    statements: [
      { text, basis: "derived", at: graver.flatMap(firstOf).slice(0, EXAMPLES_MAX) },
      ...tellAlarms(graver),
      ...tellProbes(missed, probes, "further "),
    ],
  };
}

/** Days on which more than probes was visible, and days of probes alone. */
export function partDays({ days }: Pick<MissedSignals, "days">): {
  readonly graver: readonly SignalDay[];
  readonly probes: readonly SignalDay[];
} {
  const isGraver = ({ signals }: SignalDay) => signals.some(({ rung }) => rung !== "probed");
  return {
    graver: days.filter(isGraver),
    probes: days.filter((day) => !isGraver(day)),
  };
}

function endOf({ until, discovered }: MissedSignals): string {
  return discovered === null
    ? `${formatDay(until)}, as nobody has recorded a discovery,`
    : `the discovery on ${formatDay(until)}`;
}

/** On how many of these days which streak was visible: `, on 15 of them the streak of 54 files on MX1`. */
function streakWords(days: readonly SignalDay[], findings: readonly StandingFinding[]): string {
  const streaks = findings.flatMap(({ id, kind, host, counts }) => {
    const own = days.filter(({ signals }) => signals.some(({ finding }) => finding === id)).length;
    if (kind !== "streak" || own === 0) return [];
    const files = counts["files"] ?? 0;
    const what = files === 0 ? "the streak" : `the streak of ${count(files, "file")}`;
    return [
      `on ${own} of them ${what} on ${host === "" ? "a host that nothing names" : spell(host)}`,
    ];
  });
  const told = streaks.slice(0, STREAKS_NAMED_MAX);
  return told.length === 0 ? "" : `, ${list(told)}`;
}

function tellProbes(
  missed: MissedSignals,
  probes: readonly SignalDay[],
  further: string,
): readonly Statement[] {
  const [first] = probes;
  if (first === undefined) return [];
  return [
    {
      text: `On ${probes.length} ${further}${probes.length === 1 ? "day" : "days"} from ${formatDay(first.day)} to ${endOf(missed)} nothing but probes was visible, which any server on the internet receives; ${answeredWords(probes)}.`,
      basis: "derived",
      at: probes.flatMap(firstOf).slice(0, EXAMPLES_MAX),
    },
  ];
}

/** For how many days an answer is recorded that somebody gave before the discovery: for all that was visible, or for a part of it. */
function answeredWords(days: readonly SignalDay[]): string {
  const some = days.filter(({ signals }) => signals.some(inTime)).length;
  const all = days.filter(({ signals }) => signals.every(inTime)).length;
  const part = some - all;
  if (some === 0)
    return `no answer in time is recorded${days.length === 1 ? "" : " for any of them"}`;
  if (all === 0) return `on ${part} of them a part of it was answered in time`;
  return `on ${all} of them all of it was answered in time${part === 0 ? "" : `, on ${part} a part of it`}`;
}

function inTime({ answered }: Signal): boolean {
  return answered?.inTime === true;
}

function tellAlarms(days: readonly SignalDay[]): readonly Statement[] {
  const alarming = days.filter(({ signals }) => signals.some(({ alarms }) => alarms));
  const loud = toolsOf(days, true);
  const quiet = toolsOf(days, false);
  if (alarming.length === 0)
    return [
      {
        text: `No tool said any of it by itself: it was visible only to somebody who looked (${quiet}).`,
        basis: "derived",
        at: [],
      },
    ];
  const others = days.length - alarming.length;
  const rest =
    others === 0
      ? ""
      : `; on the other ${count(others, "day")} it was visible only to somebody who looked (${quiet})`;
  return [
    {
      text: `On ${alarming.length} of these days a tool said it by itself (${loud})${rest}.`,
      basis: "derived",
      at: alarming.flatMap(firstAlarm).slice(0, EXAMPLES_MAX),
    },
  ];
}

function toolsOf(days: readonly SignalDay[], alarms: boolean): string {
  const tools = days.flatMap(({ signals }) =>
    signals.filter((signal) => signal.alarms === alarms).map(({ tool }) => tool),
  );
  const names = [...new Set(tools)];
  const named = names.slice(0, TOOLS_NAMED_MAX).map((name) => spell(name));
  const more = names.length - named.length;
  return list(more === 0 ? named : [...named, count(more, "further log")]);
}

function firstOf({ signals }: SignalDay): Signal["at"] {
  return signals[0]?.at.slice(0, 1) ?? [];
}

function firstAlarm({ signals }: SignalDay): Signal["at"] {
  return signals.find(({ alarms }) => alarms)?.at.slice(0, 1) ?? [];
}
