/**
 * What stands beside a clock: doubts, disputes and decisions that a regulator would ask about.
 * Refuses to settle any of them: each remark says who stated what, and leaves the clock as it is.
 */
import { millisFromTicks, readableSpan, readableTime, zoneOffsetMillis } from "../../base/time.ts";
import type { Ticks } from "../../base/time.ts";
import type { IncidentEvent, IncidentEventKind } from "../../model/duty.ts";
import { actsOf, concerns, dueAt, type Matter } from "./matter.ts";

/** The thing that an act states, as a noun. */
export const ACT_WORDS: Readonly<Record<IncidentEventKind, string>> = {
  suspected: "suspicion",
  aware: "awareness",
  notified: "notice",
  "high-risk-decided": "decision on high risk",
  "subjects-told": "telling of the people concerned",
};

/** Every remark on one clock, the weightiest first. */
export function remarksOn(
  matter: Matter,
  start: IncidentEvent | null,
  met: IncidentEvent | null,
  due: Ticks | null,
): readonly string[] {
  if (matter.duty.from === null) return [];
  return [
    suspicion(matter, start),
    restated(matter, start),
    beforeStart(matter, start, met),
    decision(matter, start),
    clockChange(matter, start, due),
    ...yetToCome(matter),
  ].filter((remark) => remark !== null);
}

/** A suspicion stated for a time before awareness: the clock may be argued from there. */
function suspicion(matter: Matter, start: IncidentEvent | null): string | null {
  const { duty, law } = matter;
  const suspected = actsOf(matter, "suspected")[0];
  if (duty.from !== "aware" || suspected === undefined) return null;
  if (start !== null && suspected.at >= start.at) return null;
  const due = dueAt(duty, suspected.at);
  const limit =
    due === null ? "" : `; it would then have fallen due on ${readableTime(due, law.zone)}`;
  const before =
    start === null
      ? "awareness has not been stated"
      : `${readableSpan(start.at - suspected.at)} before awareness`;
  return `Suspected since ${readableTime(suspected.at, law.zone)}, stated by ${suspected.by} (${before}). A regulator may argue that the clock runs from there${limit}.`;
}

/** A start that was first stated otherwise: the change is said, never made in silence. */
function restated(matter: Matter, start: IncidentEvent | null): string | null {
  const { duty, law } = matter;
  const first = actsOf(matter, duty.from).reduce<IncidentEvent | null>(
    (earliest, act) => (earliest === null || act.recordedAt < earliest.recordedAt ? act : earliest),
    null,
  );
  if (start === null || first === null || first.at === start.at) return null;
  return `The start was first stated as ${readableTime(first.at, law.zone)} by ${first.by} (recorded ${readableTime(first.recordedAt)}); ${start.by} later stated an earlier time (recorded ${readableTime(start.recordedAt)}), and the earliest rules.`;
}

/** Met before the stated start: good for the duty, and a doubt about the start. */
function beforeStart(
  matter: Matter,
  start: IncidentEvent | null,
  met: IncidentEvent | null,
): string | null {
  const { duty } = matter;
  if (met === null || duty.from === null) return null;
  const done = `The ${ACT_WORDS[met.kind]} is stated for ${readableTime(met.at, matter.law.zone)}`;
  if (start === null)
    return `${done}, but no ${ACT_WORDS[duty.from]}: whether it was in time cannot be told.`;
  if (met.at >= start.at) return null;
  return `${done}, before the stated ${ACT_WORDS[duty.from]}: a regulator may ask whether that came earlier than stated.`;
}

/** The decision on which a duty hangs; time runs meanwhile. */
function decision(matter: Matter, start: IncidentEvent | null): string | null {
  const { duty, law } = matter;
  if (duty.decidedBy === null) return null;
  const word = ACT_WORDS[duty.decidedBy];
  const decided = actsOf(matter, duty.decidedBy)[0];
  if (decided === undefined)
    return `The ${word} has not been taken; the time since awareness counts meanwhile.`;
  const after =
    start !== null && decided.at > start.at
      ? `, ${readableSpan(decided.at - start.at)} after awareness`
      : "";
  return `The ${word} was taken on ${readableTime(decided.at, law.zone)} by ${decided.by}${after}.`;
}

/** A change of the clocks between start and due time: the wall clock misleads by its offset. */
function clockChange(
  matter: Matter,
  start: IncidentEvent | null,
  due: Ticks | null,
): string | null {
  const { zone } = matter.law;
  if (start === null || due === null) return null;
  const offset = (ticks: Ticks) => zoneOffsetMillis(zone, millisFromTicks(ticks));
  if (offset(start.at) === offset(due)) return null;
  return `The clocks change in ${zone} before the limit: elapsed hours are counted, so the due time is not the start's time of day.`;
}

/** Acts stated for a time after the as-of time: said, not counted. */
function yetToCome(matter: Matter): string[] {
  const { duty, incident, asOf, law } = matter;
  return incident
    .filter((act) => act.kind === duty.from || act.kind === duty.metBy)
    .filter((act) => act.at > asOf && concerns(act, law))
    .map(
      (act) =>
        `Not counted: ${ACT_WORDS[act.kind]} stated by ${act.by} for ${readableTime(act.at, law.zone)}, after the as-of time.`,
    );
}
