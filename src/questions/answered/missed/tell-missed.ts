/** The calendar of missed signals in sentences for the answer. Refuses any number that the calendar does not hold. */
import { formatDay } from "../../../base/day.ts";
import { count, list, spell } from "../../../engines/wording/index.ts";
import type { Statement } from "../../../model/dossier.ts";
import type { MissedSignals, Signal, SignalDay } from "../../../model/missed-signals.ts";

/** Tools that a sentence names; the rest are counted. */
const TOOLS_NAMED_MAX = 5;
const EXAMPLES_MAX = 5;

/** How many days passed, on how many something was visible, by itself or to somebody who looked, and who answered in time. */
export function tellMissed(missed: MissedSignals | null): readonly Statement[] {
  if (missed === null || missed.days.length === 0) return [];
  const { from, until, discovered, days } = missed;
  const length = until - from + 1;
  const end =
    discovered === null
      ? `${formatDay(until)}, as nobody has recorded a discovery,`
      : `the discovery on ${formatDay(until)}`;
  const before = `On ${days.length} of ${count(length, "day")} from ${formatDay(from)} to ${end}`;
  return [
    {
      text: `${before} something was visible; ${answeredWords(days)}.`,
      basis: "derived",
      at: days.flatMap(firstOf).slice(0, EXAMPLES_MAX),
    },
    ...tellProbes(days),
    ...tellAlarms(days),
  ];
}

/** Days of nothing but probes say less than others: they are counted apart, with the first day that shows more. */
function tellProbes(days: readonly SignalDay[]): readonly Statement[] {
  const graver = days.filter(({ signals }) => signals.some(({ rung }) => rung !== "probed"));
  const probes = days.length - graver.length;
  if (probes === 0) return [];
  const [first] = graver;
  const more =
    first === undefined
      ? "on none of them anything else"
      : `the first day with more is ${formatDay(first.day)}`;
  return [
    {
      text: `On ${count(probes, "of these days", "of these days")} nothing but probes was visible, which any server on the internet receives; ${more}.`,
      basis: "derived",
      at: graver.slice(0, 1).flatMap(firstOf),
    },
  ];
}

/** Who answered before the discovery: on how many days for all that was visible, and for a part of it. */
function answeredWords(days: readonly SignalDay[]): string {
  const some = days.filter(({ signals }) => signals.some(inTime)).length;
  const all = days.filter(({ signals }) => signals.every(inTime)).length;
  const part = some === all ? "" : `, on ${some - all} for a part of it`;
  if (some === 0)
    return days.length === 1 ? "nobody answered in time" : "nobody answered in time on any of them";
  return `on ${all === 0 ? "none" : all} of them somebody answered for all of it in time${part}`;
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
      text: `On ${count(alarming.length, "day")} a tool said it by itself (${loud})${rest}.`,
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
