/**
 * The clocks of a case: each duty of each law, held against what people stated, as of one moment.
 * Refuses to choose a convenient start: of several statements the earliest stated time rules, the others
 * stay listed as disputed. Hours are elapsed hours, so a change of the clocks moves no deadline.
 */
import type { Ticks } from "../../base/time.ts";
import type { Clock, ClockState, IncidentEvent } from "../../model/duty.ts";
import type { Law, LawDuty } from "../../model/duty.ts";
import { actsOf, dueAt, type Matter } from "./matter.ts";
import { noticeLines, type KnownFacts } from "./notice.ts";
import { remarksOn } from "./remarks.ts";

/**
 * One clock for each duty of each law, in the order of the laws. An act counts when its stated time is not
 * after `asOf`, whenever it was recorded: a case is often told years later.
 */
export function clocksOf(
  laws: readonly Law[],
  incident: readonly IncidentEvent[],
  asOf: Ticks,
  facts: KnownFacts = {},
): readonly Clock[] {
  return laws.flatMap((law) =>
    law.duties.map((duty) => clockOf({ law, duty, incident, asOf }, facts)),
  );
}

function clockOf(matter: Matter, facts: KnownFacts): Clock {
  const { law, duty, asOf } = matter;
  const starts = actsOf(matter, duty.from);
  const startedBy = starts[0] ?? null;
  const metBy = actsOf(matter, duty.metBy)[0] ?? null;
  const due = startedBy === null ? null : dueAt(duty, startedBy.at);
  const state = stateOf(duty, startedBy, metBy, due, asOf);
  return {
    law: law.id,
    lawName: law.law,
    jurisdiction: law.jurisdiction,
    regulator: law.regulator,
    channel: law.channel,
    zone: law.zone,
    duty: duty.id,
    title: duty.title,
    cite: duty.cite,
    confidence: duty.confidence,
    source: duty.source,
    asOf: duty.asOf,
    standard: duty.standard,
    state,
    startedBy,
    due,
    metBy,
    disputed: starts.filter((act) => act.at !== startedBy?.at),
    remarks: remarksOn(matter, startedBy, metBy, due),
    notice: noticeLines(duty, facts, state === "overdue" || state === "met-late"),
    exception: duty.exception,
    phased: duty.phased,
  };
}

function stateOf(
  duty: LawDuty,
  start: IncidentEvent | null,
  met: IncidentEvent | null,
  due: Ticks | null,
  asOf: Ticks,
): ClockState {
  if (duty.from === null) return "no-limit";
  if (met !== null) return due !== null && met.at > due ? "met-late" : "met";
  if (start === null) return "not-started";
  if (duty.hours === null) return "no-limit";
  return due !== null && asOf > due ? "overdue" : "running";
}
